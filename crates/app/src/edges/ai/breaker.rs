//! Leaves an endpoint alone that fails time after time: so that it can recover, and nobody waits for what is not coming.
//!
//! After [`FAILURES`] in a row nothing is sent for a while. Then one request goes first, and what becomes of it decides
//! for all.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Failures in a row that are enough.
const FAILURES: u32 = 5;

/// Decides whether an endpoint is asked.
#[derive(Debug)]
pub(super) struct Breaker {
    rest: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// In a row.
    failures: u32,
    /// Until when nothing is sent.
    rests_until: Option<Instant>,
    /// One has been let through after the rest, and is not back yet.
    trying: bool,
    last: Sign,
}

/// How an endpoint was when it was last asked. Before the first time, nothing is known against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sign {
    /// How long its last answer took.
    pub latency: Option<Duration>,
    /// What was wrong, if something was.
    pub error: Option<&'static str>,
}

/// The right to send one request. Given up without a verdict, it counts for nothing.
#[derive(Debug)]
pub(super) struct Pass<'a> {
    breaker: &'a Breaker,
    tries: bool,
}

impl Breaker {
    pub(super) fn new(rest: Duration) -> Self {
        Self { rest, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a request may be sent now.
    pub(super) fn pass(&self, now: Instant) -> Option<Pass<'_>> {
        let mut state = self.state();
        let tries = state.rests_until.is_some();
        if state.trying || state.rests_until.is_some_and(|until| now < until) {
            return None;
        }
        state.trying = tries;
        Some(Pass { breaker: self, tries })
    }

    /// How the endpoint was when it was last asked.
    pub(super) fn last(&self) -> Sign {
        self.state().last
    }
}

impl Pass<'_> {
    /// The endpoint works.
    pub(super) fn worked(self, latency: Duration) {
        let mut state = self.breaker.state();
        (state.failures, state.rests_until) = (0, None);
        state.last = Sign { latency: Some(latency), error: None };
    }

    /// The endpoint does not work.
    pub(super) fn failed(self, error: &'static str, now: Instant) {
        let mut state = self.breaker.state();
        state.failures = state.failures.saturating_add(1);
        state.last.error = Some(error);
        if state.failures >= FAILURES {
            state.rests_until = Some(now + self.breaker.rest);
        }
    }

    /// The endpoint is there, but something is to be mended, or waited for, before it helps.
    pub(super) fn complained(self, error: &'static str) {
        let mut state = self.breaker.state();
        (state.failures, state.rests_until) = (0, None);
        state.last.error = Some(error);
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if self.tries {
            self.breaker.state().trying = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: Duration = Duration::from_secs(30);

    fn opened(now: Instant) -> Breaker {
        let breaker = Breaker::new(REST);
        for _ in 0..FAILURES {
            breaker.pass(now).expect("closed").failed("it fails", now);
        }
        breaker
    }

    #[test]
    fn it_opens_after_failures_in_a_row_and_closes_by_one_that_goes_well() {
        let now = Instant::now();
        let breaker = Breaker::new(REST);
        assert_eq!(breaker.last(), Sign::default());
        for _ in 0..FAILURES - 1 {
            breaker.pass(now).unwrap().failed("it fails", now);
        }
        breaker.pass(now).unwrap().worked(REST);
        for _ in 0..FAILURES - 1 {
            breaker.pass(now).unwrap().failed("it fails", now);
        }
        assert!(breaker.pass(now).is_some(), "what went well in between counts");

        let breaker = opened(now);
        assert_eq!(breaker.last().error, Some("it fails"));
        assert!(breaker.pass(now).is_none());
        let later = now + REST;
        let first = breaker.pass(later).expect("one is let through");
        assert!(breaker.pass(later).is_none(), "and only one");
        first.worked(Duration::from_millis(3));
        assert_eq!(breaker.last(), Sign { latency: Some(Duration::from_millis(3)), error: None });
        assert!(breaker.pass(later).is_some() && breaker.pass(later).is_some());
    }

    #[test]
    fn a_trial_that_fails_or_is_given_up_is_not_the_last() {
        let now = Instant::now();
        let breaker = opened(now);
        let later = now + REST;
        breaker.pass(later).unwrap().failed("it fails", later);
        assert!(breaker.pass(later).is_none());
        drop(breaker.pass(later + REST).expect("the next trial"));
        breaker.pass(later + REST).expect("another, since nothing came of it").complained("the key is wrong");
        assert_eq!(breaker.last().error, Some("the key is wrong"));
        assert!(breaker.pass(now).is_some(), "who complains is there");
    }
}
