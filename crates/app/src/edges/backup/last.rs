//! How backups stand, for metrics.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use faff_types::Timestamp;

/// What is known of backups that this node makes by itself, or finds made.
#[derive(Debug, Default)]
pub struct Backups {
    /// When the newest was made, in milliseconds; 0 while none is known.
    newest: AtomicI64,
    failures: AtomicU64,
}

impl Backups {
    /// One was made.
    pub fn made(&self, at: Timestamp) {
        self.newest.fetch_max(at.as_millis(), Ordering::Relaxed);
    }

    /// One could not be made.
    pub fn failed(&self) {
        self.failures.fetch_add(1, Ordering::Relaxed);
    }

    /// The age of the newest in seconds, and how many could not be made; `None` where nobody makes any.
    pub(crate) fn seen(&self, now: Timestamp) -> Option<(f64, u64)> {
        let (newest, failures) = (self.newest.load(Ordering::Relaxed), self.failures.load(Ordering::Relaxed));
        if newest == 0 {
            return (failures > 0).then_some((f64::INFINITY, failures));
        }
        let age = u32::try_from((now.as_millis() - newest).max(0) / 1000).unwrap_or(u32::MAX);
        Some((f64::from(age), failures))
    }
}
