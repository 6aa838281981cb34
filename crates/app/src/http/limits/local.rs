//! What this process counts by itself: the generic cell rate algorithm (ITU-T I.371, the "virtual scheduling" form) over one
//! number a subject, the theoretical arrival time of the next request.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use faff_types::Timestamp;

use super::Subject;
use crate::Rate;
use crate::http::{Code, Problem};

/// Subjects a limiter remembers before it forgets those who have nothing left to wait for.
const REMEMBERED: usize = 100_000;

/// So many within so long, in microseconds: a rate above one a millisecond does not round to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    pub(super) count: u32,
    pub(super) window: i64,
    /// What one request takes of the window.
    pub(super) gap: i64,
}

impl Pace {
    fn of(rate: Rate) -> Option<Self> {
        let (count, window) = rate.0?;
        let window = i64::try_from(window.as_micros()).unwrap_or(i64::MAX);
        Some(Self { count, window, gap: (window / i64::from(count)).max(1) })
    }

    /// The refusal of a request that could be made after so many microseconds.
    pub(super) fn refusal(&self, wait: i64) -> Problem {
        let seconds = u64::try_from(wait).unwrap_or(0).div_ceil(1_000_000).max(1);
        let message = format!("Too many requests; try again in {seconds} s");
        Problem::new(Code::RateLimited, message)
            .with_retry_after(seconds)
            .with_header("ratelimit-limit", self.count.to_string())
            .with_header("ratelimit-remaining", "0".to_owned())
            .with_header("ratelimit-reset", seconds.to_string())
            .with_header("ratelimit-policy", format!("{};w={}", self.count, self.window / 1_000_000))
    }
}

/// One limit, of this process alone.
#[derive(Debug)]
pub(crate) struct Limiter {
    pace: Option<Pace>,
    arrivals: Mutex<HashMap<Subject, i64>>,
}

impl Limiter {
    pub(crate) fn new(rate: Rate) -> Self {
        Self { pace: Pace::of(rate), arrivals: Mutex::default() }
    }

    /// How much is let through; `None` when there is no limit.
    pub(super) const fn pace(&self) -> Option<Pace> {
        self.pace
    }

    /// Counts a request, or refuses it.
    ///
    /// # Errors
    /// `rate_limited` with the time to wait.
    pub(crate) fn count(&self, subject: Subject, now: Timestamp) -> Result<(), Problem> {
        let Some(pace) = self.pace else {
            return Ok(());
        };
        let now = micros(now);
        let mut arrivals = self.arrivals();
        if arrivals.len() >= REMEMBERED {
            arrivals.retain(|_, arrival| *arrival > now);
        }
        let arrival = arrivals.entry(subject).or_insert(now);
        let next = (*arrival).max(now) + pace.gap;
        let wait = next - now - pace.window;
        if wait > 0 {
            return Err(pace.refusal(wait));
        }
        *arrival = next;
        Ok(())
    }

    /// Takes one counted request back: it turned out to be of the kind that is not counted.
    pub(crate) fn forgive(&self, subject: &Subject) {
        let Some(pace) = self.pace else {
            return;
        };
        if let Some(arrival) = self.arrivals().get_mut(subject) {
            *arrival -= pace.gap;
        }
    }

    /// Learns how far ahead of now the next arrival of a subject is at least, in microseconds.
    pub(super) fn raise(&self, subject: &Subject, now: Timestamp, ahead: i64) {
        let least = micros(now).saturating_add(ahead);
        let mut arrivals = self.arrivals();
        match arrivals.get_mut(subject) {
            Some(arrival) => *arrival = (*arrival).max(least),
            None => drop(arrivals.insert(subject.clone(), least)),
        }
    }

    fn arrivals(&self) -> MutexGuard<'_, HashMap<Subject, i64>> {
        self.arrivals.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const fn micros(now: Timestamp) -> i64 {
    now.as_millis().saturating_mul(1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use faff_types::UserId;
    use std::time::Duration;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_795_000_000_000 + seconds * 1000)
    }

    #[test]
    fn a_burst_passes_then_one_each_interval() {
        let limiter = Limiter::new(Rate(Some((10, Duration::from_mins(15)))));
        let bo = || Subject::Account("bo@faff.example".to_owned());
        for n in 0..10 {
            assert!(limiter.count(bo(), at(0)).is_ok(), "request {n}");
        }
        let refused = limiter.count(bo(), at(0)).unwrap_err();
        assert_eq!(refused.code(), Code::RateLimited);
        assert!(limiter.count(Subject::User(UserId::from_db(1)), at(0)).is_ok(), "others are not held up");
        assert!(limiter.count(bo(), at(89)).is_err());
        assert!(limiter.count(bo(), at(90)).is_ok());
        assert!(limiter.count(bo(), at(91)).is_err());
        limiter.forgive(&bo());
        assert!(limiter.count(bo(), at(91)).is_ok());
        // What others have counted holds only up.
        limiter.raise(&bo(), at(91), 0);
        assert!(limiter.count(bo(), at(91)).is_err());
        limiter.raise(&bo(), at(1000), 900_000_000);
        assert!(limiter.count(bo(), at(1000)).is_err());
        assert!(limiter.count(bo(), at(1089)).is_err());
        assert!(limiter.count(bo(), at(1090)).is_ok());
    }
}
