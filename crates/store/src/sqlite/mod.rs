//! SQLite: one thread that writes, a few that read, one that moves the write-ahead log into the file.
//!
//! Invariants:
//! - A transaction's answer is sent after the commit that holds it, and the commit is flushed to disk
//!   (`synchronous=FULL`).
//! - Transactions that wait while another commits are committed together; one that fails takes nothing with it
//!   ([`write`]).
//! - A read sees everything that was committed before it was asked for ([`read`]).
//! - A closure runs to its end in one poll. One that waits for anything else is rolled back and told so.

mod read;
mod wal;
mod write;

use std::future::Future;
use std::os::unix::fs::OpenOptionsExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::task::{Context, Poll, Waker};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{Sender, TrySendError, bounded};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::FromSqlError;
use tokio::sync::oneshot;

use self::read::Reads;
use self::write::{Batch, Change, WriteJob};
use crate::db::Counters;
use crate::reader::Conn;
use crate::text::Words;
use crate::{Committed, Reader, StoreError, Tx};

/// Jobs that may wait for a thread before further ones are refused as busy.
const QUEUE: usize = 4096;
/// How long a writer waits for another process (a command line beside the server) to finish.
const BUSY: Duration = Duration::from_secs(10);
/// Prepared statements kept by each connection.
const STATEMENTS: usize = 256;

pub(crate) struct Sqlite {
    writes: Sender<Box<dyn WriteJob>>,
    reads: Reads,
    counters: Arc<Counters>,
    path: PathBuf,
    /// Ends the checkpoint thread when dropped.
    _open: Sender<()>,
    /// Behind the channels, whose ends tell the threads to end.
    _threads: Threads,
}

/// Waits, when dropped, until the threads have ended and their connections are closed: the last one to close moves
/// the write-ahead log into the file.
#[derive(Default)]
struct Threads(Vec<JoinHandle<()>>);

impl Threads {
    fn spawn(&mut self, name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), StoreError> {
        let spawned = thread::Builder::new().name(name.to_owned()).spawn(run);
        self.0.push(spawned.map_err(|e| StoreError::Unavailable(format!("no thread {name}: {e}")))?);
        Ok(())
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        for thread in self.0.drain(..) {
            // One of them may be dropping the last handle; it cannot wait for itself.
            if thread.thread().id() != thread::current().id() && thread.join().is_err() {
                tracing::error!("a database thread has panicked");
            }
        }
    }
}

impl std::fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sqlite").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Sqlite {
    pub(crate) fn open(path: &Path, readers: usize, counters: &Arc<Counters>) -> Result<Self, StoreError> {
        let (writes, write_queue) = bounded(QUEUE);
        let (reads, read_queue) = Reads::new();
        let long_log = Arc::new(AtomicBool::new(false));
        let mut threads = Threads::default();
        let conn = connect(path)?;
        if conn.is_readonly(rusqlite::MAIN_DB)? {
            let why =
                "this account may not write to it; give it to the account that the server runs as (chown)";
            return Err(StoreError::Unavailable(why.to_owned()));
        }
        let (writer, log, counts) = (conn, wal::Log::of(path, &long_log), counters.clone());
        threads.spawn("faff-writer", move || write::run(writer, &write_queue, &log, &counts))?;
        for _ in 0..readers.max(1) {
            let (conn, queue) = (connect(path)?, read_queue.clone());
            conn.pragma_update(None, "query_only", true)?;
            threads.spawn("faff-reader", move || queue.run(conn))?;
        }
        let (open, closed) = bounded(0);
        let (checkpointer, counts) = (connect(path)?, counters.clone());
        threads.spawn("faff-checkpoint", move || wal::run(&checkpointer, &closed, &long_log, &counts))?;
        Ok(Self {
            writes,
            reads,
            counters: counters.clone(),
            path: path.to_owned(),
            _open: open,
            _threads: threads,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) async fn read<T, E, F>(&self, read: F, snapshot: bool) -> Result<T, E>
    where
        F: AsyncFn(&mut Reader<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let counters = self.counters.clone();
        self.reads.submit(snapshot, move |conn| {
            // A reader that gave up has dropped its end; there is nobody to tell.
            let _ = answer.send(read_once(conn, &counters, &read));
        })?;
        answered.await.map_err(|_| StoreError::Panicked)?
    }

    pub(crate) async fn write<T, E, F>(&self, change: F) -> Result<Committed<T>, E>
    where
        F: AsyncFn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        submit(&self.writes, Box::new(Change::new(change, self.counters.clone(), answer)))?;
        answered.await.map_err(|_| StoreError::Panicked)?
    }

    pub(crate) async fn batch(&self, sql: String) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        submit(&self.writes, Box::new(Batch::new(sql, answer)))?;
        answered.await.map_err(|_| StoreError::Panicked)?
    }
}

fn read_once<T, E, F>(conn: &mut Connection, counters: &Counters, read: &F) -> Result<T, E>
where
    F: AsyncFn(&mut Reader<'_>) -> Result<T, E>,
    E: From<StoreError>,
{
    let mut reader = Reader { conn: Conn::Sqlite(conn), counters };
    run_once(read(&mut reader)).unwrap_or_else(|error| Err(error.into()))
}

/// Polls a future that must be ready at once.
fn run_once<O>(future: impl Future<Output = O>) -> Result<O, StoreError> {
    catch_unwind(AssertUnwindSafe(|| {
        let mut future = pin!(future);
        match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(output) => Ok(output),
            Poll::Pending => Err(StoreError::ForeignAwait),
        }
    }))
    .unwrap_or(Err(StoreError::Panicked))
}

fn submit<J>(queue: &Sender<J>, job: J) -> Result<(), StoreError> {
    queue.try_send(job).map_err(|error| match error {
        TrySendError::Full(_) => StoreError::Busy("too many wait for the database"),
        TrySendError::Disconnected(_) => StoreError::Unavailable("the database thread has ended".to_owned()),
    })
}

/// Opens a connection with the settings that this module's promises rest on.
pub(crate) fn connect(path: &Path) -> Result<Connection, StoreError> {
    own(path);
    let conn = Connection::open(path)?;
    conn.busy_timeout(BUSY)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    // Without it, statements with parameters are planned anew whenever a parameter changes.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // Malformed schemas and double-quoted strings are refused.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    // SQLite's own folds only ASCII; PostgreSQL's folds all letters.
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    conn.create_scalar_function("lower", 1, flags, |call| {
        Ok(call.get_raw(0).as_str_or_null()?.map(str::to_lowercase))
    })?;
    conn.create_scalar_function("has_words", 2, flags, |call| {
        let words = call.get_or_create_aux(1, |query| Ok::<_, FromSqlError>(Words::of(query.as_str()?)))?;
        Ok(words.are_in(call.get_raw(0).as_str()?))
    })?;
    conn.pragma_update(None, "journal_mode", "wal")?;
    conn.pragma_update(None, "synchronous", "full")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    conn.pragma_update(None, "temp_store", "memory")?;
    conn.pragma_update(None, "cache_size", -16_384)?;
    Ok(conn)
}

/// Makes the file, if it is missing, for its owner only: passwords' hashes are in it. SQLite makes those beside it alike.
fn own(path: &Path) {
    if path == Path::new(":memory:") {
        return;
    }
    // Whatever is wrong, SQLite says of the same path.
    let _ = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
}

/// Runs a statement that is nobody's: one that begins or ends something.
fn step(conn: &Connection, sql: &str) -> rusqlite::Result<()> {
    conn.prepare_cached(sql)?.execute([]).map(drop)
}
