//! A limit that costs no request a round trip: about once a second Redis is told what was let through, and tells how far ahead
//! that makes each subject, all nodes counted.
//!
//! Until then a node lets through what it would without Redis. What was too much is not lost: it is owed, and lets the limit
//! hold on all nodes until it is made up for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use faff_types::Timestamp;

use super::local::Limiter;
use super::shared::Shared;
use super::{Problem, Subject};
use crate::{App, Rate};

/// How often Redis is told.
const TOLD_EVERY: Duration = Duration::from_secs(1);
/// Subjects of one round trip: it holds up others who ask by the same connection.
const AT_ONCE: usize = 500;

/// One such limit.
#[derive(Debug)]
pub(crate) struct Followed {
    name: &'static str,
    local: Limiter,
    shared: Option<Arc<Shared>>,
    /// Requests that were let through, and of which Redis has not been told.
    untold: Mutex<HashMap<Subject, i64>>,
}

impl Followed {
    pub(super) fn new(name: &'static str, rate: Rate, shared: Option<Arc<Shared>>) -> Self {
        Self { name, local: Limiter::new(rate), shared, untold: Mutex::default() }
    }

    /// Counts a request, or refuses it.
    ///
    /// # Errors
    /// `rate_limited` with the time to wait.
    pub(crate) fn count(&self, subject: Subject, now: Timestamp) -> Result<(), Problem> {
        if self.shared.is_none() || self.local.pace().is_none() {
            return self.local.count(subject, now);
        }
        self.local.count(subject.clone(), now)?;
        *self.untold().entry(subject).or_default() += 1;
        Ok(())
    }

    /// Tells Redis of those who were let through since the last time, and learns what others have let through. What it does
    /// not answer to is told no more: it may have counted it.
    async fn tell(&self, now: Timestamp) {
        let Some((shared, pace)) = self.shared.as_ref().zip(self.local.pace()) else { return };
        let untold: Vec<(Subject, i64)> = std::mem::take(&mut *self.untold()).into_iter().collect();
        for some in untold.chunks(AT_ONCE) {
            let Some(said) = shared.add(self.name, some, pace).await else { return };
            let since = self.untold();
            for ((subject, _), ahead) in some.iter().zip(said) {
                let more = since.get(subject).copied().unwrap_or(0).saturating_mul(pace.gap);
                self.local.raise(subject, now, ahead.saturating_add(more));
            }
        }
    }

    fn untold(&self) -> MutexGuard<'_, HashMap<Subject, i64>> {
        self.untold.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Begins to tell.
pub(super) fn start(app: &App) {
    let app = app.clone();
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(TOLD_EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            app.limits().user.tell(app.now()).await;
        }
    });
}
