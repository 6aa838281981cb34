//! Rate limits: the generic cell rate algorithm (ITU-T I.371, the "virtual scheduling" form) over one number a
//! subject, the theoretical arrival time of the next request.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use faff_types::{Timestamp, UserId};

use super::{Code, Problem};
use crate::{Rate, Settings};

/// Subjects a limiter remembers before it forgets those who have nothing left to wait for.
const REMEMBERED: usize = 100_000;

/// Whom requests are counted for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// An address: the whole of IPv4, the network of 64 bits of IPv6, which one person may own.
    Address(IpAddr),
    /// A user.
    User(UserId),
    /// An account that somebody tries to log in to, by its canonical e-mail address.
    Account(String),
}

impl Subject {
    /// The subject of a client's address.
    pub fn address(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & (u128::MAX << 64)).into()),
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

/// The limits of the application.
#[derive(Debug)]
pub struct Limits {
    /// Requests without a valid login, by address.
    pub anonymous: Limiter,
    /// Requests of a user.
    pub user: Limiter,
    /// Failed logins, by account and by address.
    pub login: Limiter,
    /// Requests of a user that carry files.
    pub upload: Limiter,
}

impl Limits {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            anonymous: Limiter::new(settings.rate_anonymous),
            user: Limiter::new(settings.rate_user),
            login: Limiter::new(settings.rate_login),
            upload: Limiter::new(settings.rate_upload),
        }
    }
}

/// One limit.
#[derive(Debug)]
pub struct Limiter {
    rate: Rate,
    arrivals: Mutex<HashMap<Subject, i64>>,
}

impl Limiter {
    pub(crate) fn new(rate: Rate) -> Self {
        Self { rate, arrivals: Mutex::default() }
    }

    /// Counts a request, or refuses it.
    ///
    /// # Errors
    /// `rate_limited` with the time to wait.
    pub fn count(&self, subject: Subject, now: Timestamp) -> Result<(), Problem> {
        let Some((count, window)) = self.rate.0 else {
            return Ok(());
        };
        // Microseconds, so that a rate above one a millisecond does not round to nothing.
        let window = i64::try_from(window.as_micros()).unwrap_or(i64::MAX);
        let gap = (window / i64::from(count)).max(1);
        let now = now.as_millis().saturating_mul(1000);
        let mut arrivals = self.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
        if arrivals.len() >= REMEMBERED {
            arrivals.retain(|_, arrival| *arrival > now);
        }
        let arrival = arrivals.entry(subject).or_insert(now);
        let next = (*arrival).max(now) + gap;
        let wait = next - now - window;
        if wait > 0 {
            let seconds = u64::try_from(wait).unwrap_or(0).div_ceil(1_000_000).max(1);
            return Err(refuse(count, window / 1_000_000, seconds));
        }
        *arrival = next;
        Ok(())
    }

    /// Takes one counted request back: it turned out to be of the kind that is not counted.
    pub fn forgive(&self, subject: &Subject) {
        let Some((count, window)) = self.rate.0 else {
            return;
        };
        let gap = i64::try_from(window.as_micros()).unwrap_or(i64::MAX) / i64::from(count);
        if let Some(arrival) = self.arrivals.lock().unwrap_or_else(PoisonError::into_inner).get_mut(subject) {
            *arrival -= gap.max(1);
        }
    }
}

fn refuse(count: u32, window: i64, seconds: u64) -> Problem {
    let message = format!("Too many requests; try again in {seconds} s");
    Problem::new(Code::RateLimited, message)
        .with_retry_after(seconds)
        .with_header("ratelimit-limit", count.to_string())
        .with_header("ratelimit-remaining", "0".to_owned())
        .with_header("ratelimit-reset", seconds.to_string())
        .with_header("ratelimit-policy", format!("{count};w={window}"))
}

#[cfg(test)]
mod tests {
    use super::*;
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
    }

    #[test]
    fn one_network_of_ipv6_is_one_subject() {
        let subject = |text: &str| Subject::address(text.parse().unwrap());
        assert_eq!(subject("2001:db8:1:2::3"), subject("2001:db8:1:2:ffff::9"));
        assert_ne!(subject("2001:db8:1:2::3"), subject("2001:db8:1:3::3"));
        assert_eq!(subject("::ffff:192.0.2.1"), subject("192.0.2.1"));
    }
}
