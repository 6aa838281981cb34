//! What this process remembers of the database, kept current by the event log.
//!
//! Invariants:
//! - An answer from here is never older than [`TRUST`]. What an event has changed is taken out: on this node before the
//!   change is answered, for other nodes' changes by the follower of the log. When the follower has not come through
//!   for longer than that, memory is not asked.
//! - A row that was read before a change is not kept after it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::time::Instant;

/// How long memory is believed without word from the log.
const TRUST: Duration = Duration::from_secs(1);

/// How far back the last word from the log lies.
#[derive(Debug)]
pub(crate) struct LastWord {
    opened: Instant,
    /// Milliseconds from `opened` to it; 0 before the first.
    heard: AtomicU64,
}

impl Default for LastWord {
    fn default() -> Self {
        Self { opened: Instant::now(), heard: AtomicU64::new(0) }
    }
}

impl LastWord {
    /// Notes that everything that was committed until `asked` has been applied.
    pub(crate) fn heard(&self, asked: Instant) {
        let millis = asked.saturating_duration_since(self.opened).as_millis();
        self.heard.fetch_max(u64::try_from(millis).unwrap_or(u64::MAX).max(1), Ordering::SeqCst);
    }

    /// How long ago that was; `None` before the first.
    pub(crate) fn age(&self) -> Option<Duration> {
        let heard = self.heard.load(Ordering::SeqCst);
        (heard > 0).then(|| self.opened.elapsed().saturating_sub(Duration::from_millis(heard)))
    }

    fn is_recent(&self) -> bool {
        self.age().is_some_and(|age| age < TRUST)
    }
}

/// Rows of one kind, by their keys.
#[derive(Debug)]
pub(crate) struct Memory<K, V> {
    last_word: Arc<LastWord>,
    known: RwLock<HashMap<K, V>>,
    /// Counts what was taken out.
    changes: AtomicU64,
    most: usize,
}

/// A moment before a read: what is read after it may be kept, unless something was taken out since.
#[derive(Debug, Clone, Copy)]
#[must_use]
pub(crate) struct Moment(Option<u64>);

impl Moment {
    /// Whether memory was believed.
    pub(crate) const fn is_believed(self) -> bool {
        self.0.is_some()
    }

    /// Whether nothing was taken out between `earlier` and this moment.
    pub(crate) fn continues(self, earlier: Self) -> bool {
        self.is_believed() && self.0 == earlier.0
    }
}

impl<K: Eq + Hash, V> Memory<K, V> {
    /// Remembers `most` rows; beyond, all are forgotten and learnt anew.
    pub(crate) fn new(last_word: Arc<LastWord>, most: usize) -> Self {
        Self { last_word, known: RwLock::default(), changes: AtomicU64::new(0), most }
    }

    /// Looks at what is remembered; `None` when it is not to be believed now.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&HashMap<K, V>) -> T) -> Option<T> {
        let believed = self.last_word.is_recent();
        believed.then(|| look(&self.known.read().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Takes note of the moment, before rows are read that [`Memory::keep`] is to keep.
    pub(crate) fn moment(&self) -> Moment {
        // Before the log has been followed for the first time, nobody would take out what changes meanwhile.
        Moment(self.last_word.is_recent().then(|| self.changes.load(Ordering::SeqCst)))
    }

    /// Keeps rows that were read after `moment`, if nothing was taken out since.
    pub(crate) fn keep(&self, moment: Moment, rows: impl IntoIterator<Item = (K, V)>) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if moment.0 != Some(self.changes.load(Ordering::SeqCst)) {
            return;
        }
        for (key, row) in rows {
            if known.len() >= self.most {
                known.clear();
            }
            known.insert(key, row);
        }
    }

    /// Takes out what an event has changed.
    pub(crate) fn forget(&self, take_out: impl FnOnce(&mut HashMap<K, V>)) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        self.changes.fetch_add(1, Ordering::SeqCst);
        take_out(&mut known);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory() -> Memory<u8, &'static str> {
        let last_word = Arc::new(LastWord::default());
        last_word.heard(Instant::now());
        Memory::new(last_word, 2)
    }

    fn get(memory: &Memory<u8, &'static str>, key: u8) -> Option<&'static str> {
        memory.look(|known| known.get(&key).copied()).flatten()
    }

    #[test]
    fn what_was_read_before_a_change_is_not_kept_after_it() {
        let memory = memory();
        memory.keep(memory.moment(), [(1, "Bo")]);
        assert_eq!(get(&memory, 1), Some("Bo"));
        let before = memory.moment();
        memory.forget(|known| assert_eq!(known.remove(&1), Some("Bo")));
        memory.keep(before, [(1, "Bo"), (2, "Cy")]);
        assert_eq!((get(&memory, 1), get(&memory, 2)), (None, None));
        memory.keep(memory.moment(), [(1, "Bodil")]);
        assert_eq!(get(&memory, 1), Some("Bodil"));
    }

    #[test]
    fn nothing_is_believed_or_kept_without_word_from_the_log() {
        let memory = Memory::new(Arc::new(LastWord::default()), 2);
        memory.keep(memory.moment(), [(1, "Bo")]);
        assert_eq!(get(&memory, 1), None);
        memory.last_word.heard(Instant::now());
        assert_eq!(get(&memory, 1), None);
        memory.keep(memory.moment(), [(1, "Bo")]);
        assert_eq!(get(&memory, 1), Some("Bo"));
    }

    #[test]
    fn word_from_the_log_is_good_for_a_second() {
        let opened = Instant::now().checked_sub(TRUST * 2).unwrap();
        let last_word = Arc::new(LastWord { opened, heard: AtomicU64::new(0) });
        let memory = Memory::new(last_word.clone(), 2);
        last_word.heard(Instant::now());
        memory.keep(memory.moment(), [(1, "Bo")]);
        last_word.heard.store(1, Ordering::SeqCst);
        assert_eq!(get(&memory, 1), None);
        last_word.heard(Instant::now());
        assert_eq!(get(&memory, 1), Some("Bo"), "it is as good as the log, which tells what to take out");
    }

    #[test]
    fn only_so_many_are_remembered() {
        let memory = memory();
        memory.keep(memory.moment(), [(1, "Ada"), (2, "Bo"), (3, "Cy")]);
        assert_eq!((get(&memory, 1), get(&memory, 3)), (None, Some("Cy")));
    }
}
