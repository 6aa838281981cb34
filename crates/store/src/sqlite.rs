//! SQLite: one thread that writes, a few that read, one that moves the write-ahead log into the file.
//!
//! Invariants:
//! - A transaction's answer is sent after the commit that holds it, and the commit is flushed to disk
//!   (`synchronous=FULL`).
//! - Transactions that wait while another commits are committed together: each in a savepoint of its own, so
//!   one that fails takes nothing with it.
//! - A closure runs to its end in one poll. One that waits for anything else is rolled back and told so.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use tokio::sync::oneshot;

use crate::db::Counters;
use crate::reader::Conn;
use crate::text::TextChange;
use crate::{Committed, Reader, StoreError, Tx};

/// Transactions that share one commit, at most.
const GROUP: usize = 128;
/// Jobs that may wait for a thread before further ones are refused as busy.
const QUEUE: usize = 4096;
/// How long a writer waits for another process (a command line beside the server) to finish.
const BUSY: Duration = Duration::from_secs(10);
/// The write-ahead log is moved into the file this often, without holding anybody up …
const CHECKPOINT_EVERY: Duration = Duration::from_millis(500);
/// … and by the writer itself once it has grown beyond this many bytes.
const WAL_BOUND: u64 = 256 << 20;
/// Rounds of the above between looks at the planner's statistics: about an hour.
const OPTIMIZE_EVERY: u32 = 7200;
/// Analyses, in a sample, what has changed much; of all tables, since this connection queries none. Then gives the
/// memory back.
const OPTIMIZE: &str = "pragma optimize = 0x10002; pragma shrink_memory";
/// Prepared statements kept by each connection.
const STATEMENTS: usize = 256;

type ReadJob = Box<dyn FnOnce(&mut Connection) + Send>;
/// Runs inside a savepoint, or hears why there is none; says whether to keep its work, and how to answer once the
/// commit is known.
type WriteJob = Box<dyn FnOnce(Result<&mut Connection, StoreError>) -> Outcome + Send>;
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

enum Outcome {
    Keep(Answer, Vec<TextChange>),
    Undo(Answer),
}

pub(crate) struct Sqlite {
    writes: Sender<WriteJob>,
    reads: Sender<ReadJob>,
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
        let (reads, read_queue) = bounded::<ReadJob>(QUEUE);
        let writer = connect(path)?;
        let (path_of_wal, counts) = (wal_of(path), counters.clone());
        let mut threads = Threads::default();
        threads.spawn("faff-writer", move || {
            write_loop(writer, &write_queue, &path_of_wal, &counts);
        })?;
        for _ in 0..readers.max(1) {
            let mut conn = connect(path)?;
            conn.pragma_update(None, "query_only", true)?;
            let queue = read_queue.clone();
            threads.spawn("faff-reader", move || {
                while let Ok(job) = queue.recv() {
                    job(&mut conn);
                }
            })?;
        }
        let (open, closed) = bounded(0);
        let (checkpointer, counts) = (connect(path)?, counters.clone());
        threads.spawn("faff-checkpoint", move || {
            checkpoint_loop(&checkpointer, &closed, &counts);
        })?;
        Ok(Self {
            writes,
            reads,
            counters: counters.clone(),
            path: path.to_owned(),
            _open: open,
            _threads: threads,
        })
    }

    pub(crate) async fn read<T, E, F>(&self, read: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Reader<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let counters = self.counters.clone();
        let job: ReadJob = Box::new(move |conn| {
            // A reader that gave up has dropped its end; there is nobody to tell.
            let _ = answer.send(read_once(conn, &counters, &read));
        });
        submit(&self.reads, job)?;
        answered.await.map_err(|_| StoreError::Panicked)?
    }

    pub(crate) async fn snapshot<T, E, F>(&self, read: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Reader<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let counters = self.counters.clone();
        let job: ReadJob = Box::new(move |conn| {
            let result = conn.execute_batch("begin").map_err(|e| E::from(e.into()));
            let result = result.and_then(|()| read_once(conn, &counters, &read));
            if let Err(error) = conn.execute_batch("commit") {
                tracing::error!(%error, "a snapshot did not end");
            }
            let _ = answer.send(result);
        });
        submit(&self.reads, job)?;
        answered.await.map_err(|_| StoreError::Panicked)?
    }

    pub(crate) async fn write<T, E, F>(&self, change: F) -> Result<Committed<T>, E>
    where
        F: AsyncFn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let counters = self.counters.clone();
        let job: WriteJob = Box::new(move |conn| {
            let result = conn.and_then(|conn| run_once(write_once(conn, &counters, &change)));
            match result.unwrap_or_else(|error| Err(error.into())) {
                Ok((committed, texts)) => Outcome::Keep(
                    Box::new(move |commit| {
                        let _ = answer.send(commit.map(|()| committed).map_err(E::from));
                    }),
                    texts,
                ),
                Err(error) => Outcome::Undo(Box::new(move |_| {
                    let _ = answer.send(Err(error));
                })),
            }
        });
        submit(&self.writes, job)?;
        answered.await.map_err(|_| StoreError::Panicked)?
    }

    pub(crate) async fn batch(&self, sql: String) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        let job: WriteJob = Box::new(move |conn| match conn.and_then(|conn| Ok(conn.execute_batch(&sql)?)) {
            Ok(()) => Outcome::Keep(
                Box::new(move |commit| {
                    let _ = answer.send(commit);
                }),
                Vec::new(),
            ),
            Err(error) => Outcome::Undo(Box::new(move |_| {
                let _ = answer.send(Err(error));
            })),
        });
        submit(&self.writes, job)?;
        answered.await.map_err(|_| StoreError::Panicked)?
    }
}

async fn write_once<T, E, F>(
    conn: &mut Connection,
    counters: &Counters,
    change: &F,
) -> Result<(Committed<T>, Vec<TextChange>), E>
where
    F: AsyncFn(&mut Tx<'_>) -> Result<T, E>,
    E: From<StoreError>,
{
    let mut tx = Tx::new(Reader { conn: Conn::Sqlite(conn), counters });
    let value = change(&mut tx).await?;
    tx.append_events().await?;
    let (events, views) = (std::mem::take(&mut tx.events), std::mem::take(&mut tx.views));
    Ok((Committed { value, events, views }, std::mem::take(&mut tx.texts)))
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
fn connect(path: &Path) -> Result<Connection, StoreError> {
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
    conn.pragma_update(None, "journal_mode", "wal")?;
    conn.pragma_update(None, "synchronous", "full")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    conn.pragma_update(None, "temp_store", "memory")?;
    conn.pragma_update(None, "cache_size", -16_384)?;
    Ok(conn)
}

fn wal_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

fn write_loop(mut conn: Connection, queue: &Receiver<WriteJob>, wal: &Path, counters: &Counters) {
    while let Ok(first) = queue.recv() {
        if let Err(error) = conn.execute_batch("begin immediate") {
            refuse(first, error.into());
            continue;
        }
        let mut group = Group::default();
        group.run(first, &mut conn);
        while group.answers.len() < GROUP
            && !conn.is_autocommit()
            && let Ok(job) = queue.try_recv()
        {
            group.run(job, &mut conn);
        }
        let committed = commit(&conn, &group.texts);
        if committed.is_ok() && group.kept > 0 {
            counters.count_commits(group.kept);
        }
        for answer in group.answers {
            let error =
                |(full, text)| if full { StoreError::Full(text) } else { StoreError::Unavailable(text) };
            answer(committed.clone().map_err(error));
        }
        if std::fs::metadata(wal).is_ok_and(|file| file.len() > WAL_BOUND) {
            checkpoint(&conn, "truncate");
        }
    }
}

/// Transactions that one commit will hold.
#[derive(Default)]
struct Group {
    answers: Vec<Answer>,
    texts: Vec<TextChange>,
    kept: u64,
}

impl Group {
    fn run(&mut self, job: WriteJob, conn: &mut Connection) {
        if let Err(error) = step(conn, "savepoint job") {
            refuse(job, error);
            return;
        }
        let (answer, ended) = match job(Ok(conn)) {
            Outcome::Keep(answer, texts) => {
                self.kept += 1;
                self.texts.extend(texts);
                (answer, step(conn, "release job"))
            }
            Outcome::Undo(answer) => {
                (answer, step(conn, "rollback to job").and_then(|()| step(conn, "release job")))
            }
        };
        if let Err(error) = ended {
            // After some failures SQLite rolls the whole transaction back by itself; `commit` then says so.
            tracing::error!(%error, "a savepoint did not end");
        }
        self.answers.push(answer);
    }
}

fn step(conn: &Connection, sql: &str) -> Result<(), StoreError> {
    conn.prepare_cached(sql)?.execute([])?;
    Ok(())
}

/// Commits the group. An error tells whether the disk was full, and is given to every transaction in it.
fn commit(conn: &Connection, texts: &[TextChange]) -> Result<(), (bool, String)> {
    if conn.is_autocommit() {
        return Err((false, "the database rolled the transaction back".to_owned()));
    }
    let indexed = texts.iter().try_for_each(|change| change.apply(conn));
    indexed.and_then(|()| conn.execute_batch("commit")).map_err(|error| {
        if !conn.is_autocommit()
            && let Err(error) = conn.execute_batch("rollback")
        {
            tracing::error!(%error, "a failed commit could not be rolled back");
        }
        let full = error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull);
        (full, format!("the commit failed: {error}"))
    })
}

/// Answers a job that cannot be run.
fn refuse(job: WriteJob, error: StoreError) {
    tracing::warn!(%error, "the database takes no transaction");
    let (Outcome::Keep(answer, _) | Outcome::Undo(answer)) = job(Err(error));
    answer(Ok(()));
}

/// Moves the write-ahead log into the file while readers and the writer go on, and keeps the planner's statistics,
/// until the database is closed.
fn checkpoint_loop(conn: &Connection, closed: &Receiver<()>, counters: &Counters) {
    let (mut seen, mut rounds) = (0, 0_u32);
    while closed.recv_timeout(CHECKPOINT_EVERY) == Err(RecvTimeoutError::Timeout) {
        let groups = counters.groups();
        if groups != seen {
            checkpoint(conn, "passive");
            seen = groups;
        }
        if rounds.is_multiple_of(OPTIMIZE_EVERY)
            && let Err(error) = conn.execute_batch(OPTIMIZE)
        {
            tracing::warn!(%error, "the planner's statistics were not renewed");
        }
        rounds = rounds.wrapping_add(1);
    }
}

fn checkpoint(conn: &Connection, mode: &str) {
    let done = conn.query_row(&format!("pragma wal_checkpoint({mode})"), [], |_| Ok(()));
    if let Err(error) = done {
        tracing::warn!(%error, mode, "the write-ahead log was not moved into the database");
    }
}
