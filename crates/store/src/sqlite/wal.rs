//! The write-ahead log: moving it into the file, and beginning it anew.
//!
//! SQLite writes the log from its beginning again once all of it is in the file and no reader looks at it. While
//! somebody writes without a pause, there is always something that a checkpoint beside it has not seen; so the writer
//! does the rest, which is little, in between two commits. The log's file keeps its size: to write over it costs the
//! disk less than to make it longer.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};
use rusqlite::Connection;

use super::BUSY;
use crate::db::Counters;

/// The log is moved into the file this often, without holding anybody up.
const EVERY: Duration = Duration::from_millis(500);
/// Beyond this many pages (16 MiB) it is to begin anew.
const LONG: i64 = 4096;
/// How long the writer waits for readers to be done with the log …
const PATIENCE: Duration = Duration::from_millis(20);
/// … as long as the log's file has no more bytes than this; beyond, as long as it takes.
const LONGEST: u64 = 256 << 20;
/// Rounds between looks at the planner's statistics: about an hour.
const OPTIMIZE_EVERY: u32 = 7200;
/// Analyses, in a sample, what has changed much; of all tables, since this connection queries none. Then gives the
/// memory back.
const OPTIMIZE: &str = "pragma optimize = 0x10002; pragma shrink_memory";

/// The log as the writer sees it.
pub(super) struct Log {
    file: PathBuf,
    long: Arc<AtomicBool>,
}

impl Log {
    pub(super) fn of(database: &Path, long: &Arc<AtomicBool>) -> Self {
        let mut name = database.as_os_str().to_owned();
        name.push("-wal");
        Self { file: PathBuf::from(name), long: long.clone() }
    }

    /// Sees to it, between two commits, that the log does not grow for ever.
    pub(super) fn keep_short(&self, conn: &Connection) {
        if !self.long.swap(false, Ordering::Relaxed) {
            return;
        }
        if let Err(error) = conn.busy_timeout(PATIENCE) {
            tracing::warn!(%error, "no time limit was set");
        }
        checkpoint(conn, "restart");
        if let Err(error) = conn.busy_timeout(BUSY) {
            tracing::warn!(%error, "no time limit was set");
        }
        if std::fs::metadata(&self.file).is_ok_and(|file| file.len() > LONGEST) {
            checkpoint(conn, "truncate");
        }
    }
}

/// Moves the log into the file while readers and the writer go on, and keeps the planner's statistics, until the
/// database is closed.
pub(super) fn run(conn: &Connection, closed: &Receiver<()>, long: &AtomicBool, counters: &Counters) {
    let (mut seen, mut rounds) = (0, 0_u32);
    while closed.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
        let groups = counters.groups();
        if groups != seen {
            let pages = checkpoint(conn, "passive");
            long.store(pages > LONG, Ordering::Relaxed);
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

/// Returns how many pages the log holds.
fn checkpoint(conn: &Connection, mode: &str) -> i64 {
    // The first number says whether another thread or process was at it, or in the way: then it is not the last time.
    conn.query_row(&format!("pragma wal_checkpoint({mode})"), [], |row| row.get(1)).unwrap_or_else(|error| {
        tracing::warn!(%error, mode, "the write-ahead log was not moved into the database");
        0
    })
}
