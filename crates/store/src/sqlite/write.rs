//! The thread that writes.
//!
//! Transactions that wait while another commits are committed together. Invariant: one that fails takes nothing with
//! it. Most that fail have changed nothing by then, and leave nothing to undo. When one has, the whole group is rolled
//! back and run again, each in a savepoint of its own: a savepoint copies every page that is changed in it, too dear to
//! be had for nothing.

use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::Receiver;
use faff_types::{Planted, Point};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::wal::Log;
use super::{run_once, step};
use crate::db::Counters;
use crate::reader::Conn;
use crate::text::TextChange;
use crate::{Committed, Reader, StoreError, Tx};

/// Transactions that share one commit, at most.
const GROUP: usize = 128;

/// A transaction that waits to be run.
pub(super) trait WriteJob: Send {
    /// Runs it, maybe for a second time. True when it is to be kept.
    fn run(&mut self, conn: &mut Connection) -> bool;
    /// Whether `total_changes` tells what it has changed.
    fn is_counted(&self) -> bool;
    /// What it wants to be found by its text.
    fn texts(&mut self) -> Vec<TextChange>;
    /// Tells what came of it, and of the commit.
    fn answer(self: Box<Self>, commit: Result<(), StoreError>);
}

type Changed<T> = (Committed<T>, Vec<TextChange>);

/// A caller's transaction.
pub(super) struct Change<F, T, E> {
    closure: F,
    counters: Arc<Counters>,
    outcome: Option<Result<Changed<T>, E>>,
    answer: oneshot::Sender<Result<Committed<T>, E>>,
}

impl<F, T, E> Change<F, T, E> {
    pub(super) const fn new(
        closure: F,
        counters: Arc<Counters>,
        answer: oneshot::Sender<Result<Committed<T>, E>>,
    ) -> Self {
        Self { closure, counters, outcome: None, answer }
    }
}

impl<F, T, E> WriteJob for Change<F, T, E>
where
    F: AsyncFn(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, conn: &mut Connection) -> bool {
        let outcome = run_once(write_once(conn, &self.counters, &self.closure));
        self.outcome.insert(outcome.unwrap_or_else(|error| Err(error.into()))).is_ok()
    }

    fn is_counted(&self) -> bool {
        true
    }

    fn texts(&mut self) -> Vec<TextChange> {
        match &mut self.outcome {
            Some(Ok((_, texts))) => std::mem::take(texts),
            _ => Vec::new(),
        }
    }

    fn answer(self: Box<Self>, commit: Result<(), StoreError>) {
        let answer = match self.outcome {
            Some(Ok((committed, _))) => commit.map(|()| committed).map_err(E::from),
            Some(Err(error)) => Err(error),
            None => Err(commit.err().unwrap_or(StoreError::Panicked).into()),
        };
        let _ = self.answer.send(answer);
    }
}

async fn write_once<T, E, F>(conn: &mut Connection, counters: &Counters, change: &F) -> Result<Changed<T>, E>
where
    F: AsyncFn(&mut Tx<'_>) -> Result<T, E>,
    E: From<StoreError>,
{
    let mut tx = Tx::new(Reader { conn: Conn::Sqlite(conn), counters });
    let value = change(&mut tx).await?;
    tx.append_events().await?;
    let (events, views) = (std::mem::take(&mut tx.events), std::mem::take(&mut tx.views));
    let told = std::mem::take(&mut tx.told);
    Ok((Committed { value, events, views, told }, std::mem::take(&mut tx.texts)))
}

/// The statements of a migration.
pub(super) struct Batch {
    sql: String,
    outcome: Result<(), StoreError>,
    answer: oneshot::Sender<Result<(), StoreError>>,
}

impl Batch {
    pub(super) const fn new(sql: String, answer: oneshot::Sender<Result<(), StoreError>>) -> Self {
        Self { sql, outcome: Ok(()), answer }
    }
}

impl WriteJob for Batch {
    fn run(&mut self, conn: &mut Connection) -> bool {
        self.outcome = conn.execute_batch(&self.sql).map_err(StoreError::from);
        self.outcome.is_ok()
    }

    fn is_counted(&self) -> bool {
        // Changes of the schema are not.
        false
    }

    fn texts(&mut self) -> Vec<TextChange> {
        Vec::new()
    }

    fn answer(self: Box<Self>, commit: Result<(), StoreError>) {
        let _ = self.answer.send(self.outcome.and(commit));
    }
}

/// Writes until nobody can ask any more.
pub(super) fn run(mut conn: Connection, queue: &Receiver<Box<dyn WriteJob>>, log: &Log, counters: &Counters) {
    while let Ok(first) = queue.recv() {
        if let Err(error) = step(&conn, "begin immediate") {
            tracing::warn!(%error, "the database takes no transaction");
            first.answer(Err(error.into()));
            continue;
        }
        let mut group = Group::default();
        let mut next = Some(first);
        while let Some(job) = next.take() {
            if !group.run(job, &mut conn) {
                group.run_again(&mut conn);
            } else if group.jobs.len() < GROUP {
                next = queue.try_recv().ok();
            }
        }
        let texts = group.texts();
        // A message, that is: what is read back at once would not be there.
        if Planted::AnswerBeforeCommit.is_on() && !texts.is_empty() {
            group.jobs.drain(..).for_each(|job| job.answer(Ok(())));
            // As long as a slow disk may take: what is killed now has lost what it has acknowledged.
            #[expect(clippy::disallowed_methods, reason = "the writer has a thread of its own")]
            std::thread::sleep(Duration::from_millis(100));
        }
        Point::BeforeCommit.pass();
        let committed = commit(&conn, &texts);
        Point::AfterCommit.pass();
        if committed.is_ok() && group.kept > 0 {
            counters.count_commits(group.kept);
        }
        for job in group.jobs {
            let error =
                |(full, text)| if full { StoreError::Full(text) } else { StoreError::Unavailable(text) };
            job.answer(committed.clone().map_err(error));
        }
        log.keep_short(&conn);
    }
}

/// Transactions that one commit will hold.
#[derive(Default)]
struct Group {
    jobs: Vec<Box<dyn WriteJob>>,
    kept: u64,
}

impl Group {
    /// Runs one more. False when it has failed and left something behind.
    fn run(&mut self, mut job: Box<dyn WriteJob>, conn: &mut Connection) -> bool {
        let before = conn.total_changes();
        let kept = job.run(conn);
        // After some failures SQLite rolls the whole transaction back by itself.
        let clean = !conn.is_autocommit() && (kept || (job.is_counted() && conn.total_changes() == before));
        self.kept += u64::from(kept);
        self.jobs.push(job);
        clean
    }

    /// Runs all of them again, each in a savepoint.
    fn run_again(&mut self, conn: &mut Connection) {
        self.kept = 0;
        let begun = if conn.is_autocommit() { Ok(()) } else { step(conn, "rollback") };
        if let Err(error) = begun.and_then(|()| step(conn, "begin immediate")) {
            tracing::error!(%error, "a group of transactions could not be run again");
            // Whatever of the first time is still there is not to be committed.
            roll_back(conn);
            return;
        }
        for job in &mut self.jobs {
            if let Err(error) = self_contained(job.as_mut(), conn, &mut self.kept) {
                tracing::error!(%error, "a savepoint did not begin or end");
                roll_back(conn);
            }
            if conn.is_autocommit() {
                // Nothing may be run outside a transaction; `commit` tells everybody that there is none.
                return;
            }
        }
    }

    fn texts(&mut self) -> Vec<TextChange> {
        self.jobs.iter_mut().flat_map(|job| job.texts()).collect()
    }
}

/// Runs a job in a savepoint of its own.
fn self_contained(job: &mut dyn WriteJob, conn: &mut Connection, kept: &mut u64) -> rusqlite::Result<()> {
    step(conn, "savepoint job")?;
    if job.run(conn) {
        *kept += 1;
    } else {
        step(conn, "rollback to job")?;
    }
    step(conn, "release job")
}

/// Commits the group. An error tells whether the disk was full, and is given to every transaction in it.
fn commit(conn: &Connection, texts: &[TextChange]) -> Result<(), (bool, String)> {
    if conn.is_autocommit() {
        return Err((false, "the database rolled the transaction back".to_owned()));
    }
    let indexed = texts.iter().try_for_each(|change| change.apply(conn));
    indexed.and_then(|()| step(conn, "commit")).map_err(|error| {
        roll_back(conn);
        let full = error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull);
        (full, format!("the commit failed: {error}"))
    })
}

fn roll_back(conn: &Connection) {
    if !conn.is_autocommit()
        && let Err(error) = conn.execute_batch("rollback")
    {
        tracing::error!(%error, "a transaction could not be rolled back");
    }
}
