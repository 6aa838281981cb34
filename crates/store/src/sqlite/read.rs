//! The threads that read.
//!
//! Reads that wait share a snapshot, since beginning and ending one costs a fair part of a short read. Invariant: a
//! snapshot serves only what was asked for before it began, so that a read sees everything that was committed, and
//! answered, before it was asked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};
use rusqlite::Connection;

use super::{QUEUE, step, submit};
use crate::StoreError;

/// Reads that share a snapshot, at most: as long as it is held, the write-ahead log behind it cannot begin anew.
const SHARED: usize = 128;

/// The end of the queue at which reads are asked for.
pub(super) struct Reads {
    queue: Sender<Job>,
    asked: Arc<AtomicU64>,
}

/// The end at which they are done.
#[derive(Clone)]
pub(super) struct ReadQueue {
    queue: Receiver<Job>,
    asked: Arc<AtomicU64>,
}

struct Job {
    /// How many were asked for before.
    number: u64,
    /// Whether its statements must see one moment.
    snapshot: bool,
    run: Box<dyn FnOnce(&mut Connection) + Send>,
}

impl Reads {
    pub(super) fn new() -> (Self, ReadQueue) {
        let (sender, receiver) = bounded(QUEUE);
        let asked = Arc::new(AtomicU64::new(0));
        (Self { queue: sender, asked: asked.clone() }, ReadQueue { queue: receiver, asked })
    }

    pub(super) fn submit(
        &self,
        snapshot: bool,
        run: impl FnOnce(&mut Connection) + Send + 'static,
    ) -> Result<(), StoreError> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst);
        submit(&self.queue, Job { number, snapshot, run: Box::new(run) })
    }
}

impl ReadQueue {
    /// Reads until nobody can ask any more.
    pub(super) fn run(&self, mut conn: Connection) {
        let mut next = None;
        while let Some(job) = next.take().or_else(|| self.queue.recv().ok()) {
            next = self.run_from(job, &mut conn);
        }
    }

    /// Does a job, and those that wait with it; returns one that was asked for too late to share its snapshot.
    fn run_from(&self, first: Job, conn: &mut Connection) -> Option<Job> {
        if !first.snapshot && self.queue.is_empty() {
            (first.run)(conn);
            return None;
        }
        // The snapshot begins with the first statement, which comes later.
        let asked = self.asked.load(Ordering::SeqCst);
        if let Err(error) = step(conn, "begin") {
            tracing::error!(%error, "a snapshot did not begin");
        }
        (first.run)(conn);
        let mut late = None;
        for _ in 1..SHARED {
            match self.queue.try_recv() {
                Ok(job) if job.number < asked => (job.run)(conn),
                other => {
                    late = other.ok();
                    break;
                }
            }
        }
        if !conn.is_autocommit()
            && let Err(error) = step(conn, "commit")
        {
            tracing::error!(%error, "a snapshot did not end");
        }
        late
    }
}
