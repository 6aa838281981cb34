//! Connections that several look-ups use at once.
//!
//! What is asked through one connection is answered in order and travels together: one waking of the server's process, and
//! one of ours, serves several. Invariants:
//! - Nothing goes through here that begins a transaction or changes the session: look-ups know nothing of each other.
//! - A connection whose answers are late is given nothing more to do; who finds none takes one of their own.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use deadpool_postgres::{Object, Pool};
use tokio::time::Instant;

use super::IDLE;
use crate::StoreError;

/// Look-ups that wait for one connection, at most.
const DEEP: usize = 32;
/// A connection that has answered nothing for so long, although somebody waits, is held up by something slow.
const LATE: Duration = Duration::from_millis(20);

/// The shared connections.
#[derive(Debug)]
pub(super) struct Shared {
    lines: Vec<Mutex<Option<Arc<Line>>>>,
    opening: AtomicBool,
    started: Instant,
}

#[derive(Debug)]
struct Line {
    object: Object,
    waiting: AtomicUsize,
    /// Milliseconds from the start until its last answer, or until somebody began to wait for one.
    last: AtomicU64,
}

/// One look-up's use of a shared connection.
#[derive(Debug)]
pub(super) struct Turn<'s> {
    line: Arc<Line>,
    shared: &'s Shared,
}

impl Turn<'_> {
    pub(super) fn object(&self) -> &Object {
        &self.line.object
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.line.waiting.fetch_sub(1, Ordering::Relaxed);
        self.line.last.store(self.shared.now(), Ordering::Relaxed);
    }
}

/// Somebody opens a connection, until they have or give up.
struct Opening<'s>(&'s AtomicBool);

impl Drop for Opening<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Shared {
    /// At most a quarter of `pool_max` connections, and one for each core; the rest is for transactions.
    pub(super) fn new(pool_max: usize) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let lines = (pool_max / 4).min(cores);
        Self {
            lines: (0..lines).map(|_| Mutex::default()).collect(),
            opening: AtomicBool::new(false),
            started: Instant::now(),
        }
    }

    /// A turn at the connection for which the fewest wait; `None` when there is none to be had at once.
    pub(super) async fn turn(&self, pool: &Pool) -> Result<Option<Turn<'_>>, StoreError> {
        let (mut best, mut vacant): (Option<(usize, Arc<Line>)>, _) = (None, None);
        for slot in &self.lines {
            let line = slot.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let Some(line) = line.filter(|line| !line.object.is_closed()) else {
                vacant = Some(slot);
                continue;
            };
            let waiting = line.waiting.load(Ordering::Relaxed);
            let fits = waiting == 0 || (waiting < DEEP && !self.is_late(&line));
            if fits && best.as_ref().is_none_or(|(fewest, _)| waiting < *fewest) {
                best = Some((waiting, line));
            }
        }
        if let Some(slot) = vacant
            && best.as_ref().is_none_or(|(waiting, _)| *waiting > 0)
            && !self.opening.swap(true, Ordering::Acquire)
        {
            let _opening = Opening(&self.opening);
            let object = pool.get().await?;
            let line = Arc::new(Line { object, waiting: AtomicUsize::new(0), last: AtomicU64::new(0) });
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(line.clone());
            best = Some((0, line));
        }
        Ok(best.map(|(_, line)| self.begin(line)))
    }

    fn begin(&self, line: Arc<Line>) -> Turn<'_> {
        if line.waiting.fetch_add(1, Ordering::Relaxed) == 0 {
            line.last.store(self.now(), Ordering::Relaxed);
        }
        Turn { line, shared: self }
    }

    fn is_late(&self, line: &Line) -> bool {
        Duration::from_millis(self.now().saturating_sub(line.last.load(Ordering::Relaxed))) > LATE
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Gives those back to the pool that nobody has used for long.
    pub(super) fn give_back_idle(&self) {
        for slot in &self.lines {
            let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
            let idle = slot.as_ref().is_some_and(|line| {
                let since = self.now().saturating_sub(line.last.load(Ordering::Relaxed));
                line.waiting.load(Ordering::Relaxed) == 0 && Duration::from_millis(since) >= IDLE
            });
            if idle {
                *slot = None;
            }
        }
    }
}
