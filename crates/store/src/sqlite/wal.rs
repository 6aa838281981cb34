//! The write-ahead log: moving it into the file, and beginning it anew.
//!
//! SQLite writes the log from its beginning again once all of it is in the file and no reader looks at it. While
//! somebody writes without a pause, there is always something that a checkpoint beside it has not seen; so it is repeated
//! until that is little, and the writer does the rest in between two commits. The log's file keeps its size: to write over
//! it costs the disk less than to make it longer.

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
/// What the writer does itself is at most about so many pages (1 MiB) …
const LITTLE: i64 = 256;
/// … unless the log has so many (64 MiB) although it was gone through so often.
const TOO_LONG: i64 = 4 * LONG;
const PASSES: u32 = 6;
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
            seen = groups;
            long.store(shorten(conn), Ordering::Relaxed);
        }
        if rounds.is_multiple_of(OPTIMIZE_EVERY)
            && let Err(error) = conn.execute_batch(OPTIMIZE)
        {
            tracing::warn!(%error, "the planner's statistics were not renewed");
        }
        rounds = rounds.wrapping_add(1);
    }
}

/// Moves the log into the file; true when the writer is to do the rest, so that the log begins anew.
fn shorten(conn: &Connection) -> bool {
    let (mut pages, mut moved) = checkpoint(conn, "passive");
    for _ in 1..PASSES {
        if pages <= LONG {
            return false;
        }
        let before = moved;
        (pages, moved) = checkpoint(conn, "passive");
        if moved - before <= LITTLE {
            return true;
        }
    }
    pages > TOO_LONG
}

/// Returns how many pages the log holds, and how many of them are in the file.
fn checkpoint(conn: &Connection, mode: &str) -> (i64, i64) {
    // The first number says whether another thread or process was at it, or in the way: then it is not the last time.
    let done =
        conn.query_row(&format!("pragma wal_checkpoint({mode})"), [], |row| Ok((row.get(1)?, row.get(2)?)));
    done.unwrap_or_else(|error| {
        tracing::warn!(%error, mode, "the write-ahead log was not moved into the database");
        (0, 0)
    })
}
