//! Rate limits, which each node counts and nodes that have a Redis count together.
//!
//! Invariants:
//! - What is let through was counted by this process: with Redis, a limit is never more permissive than without.
//! - No request waits for Redis for longer than `shared::PATIENCE`, and none is refused because it is away. After an answer
//!   that is late or missing nobody asks until it has answered a trial: each node counts for itself.
//! - A request of somebody who is logged in does not wait for Redis at all.

mod followed;
mod local;
mod shared;

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use faff_types::{Timestamp, UserId};

use super::Problem;
use crate::{App, Rate, Settings};
pub(crate) use followed::Followed;
pub(crate) use local::Limiter;
use shared::Shared;

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

/// No two are written alike.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => write!(f, "address {address}"),
            Self::User(user) => write!(f, "user {}", user.get()),
            Self::Account(email) => write!(f, "account {email}"),
        }
    }
}

/// The limits of the application.
#[derive(Debug)]
pub struct Limits {
    /// Requests without a valid login, by address.
    pub(crate) anonymous: Limit,
    /// Requests of a user.
    pub(crate) user: Followed,
    /// Failed logins, by account and by address.
    pub(crate) login: Limit,
    /// Requests of a user that carry files.
    pub(crate) upload: Limit,
    shared: Option<Arc<Shared>>,
}

/// How often Redis was asked, for metrics.
#[derive(Debug)]
pub(crate) struct Census {
    /// Whether it counts now.
    pub(crate) shared: bool,
    /// Questions, each of which is one round trip.
    pub(crate) asked: u64,
    /// Those of them whose answer was late, missing or an error.
    pub(crate) unanswered: u64,
}

impl Limits {
    pub(crate) fn new(settings: &Settings) -> Self {
        let Settings { rate_anonymous, rate_user, rate_login, rate_upload, jwt_secret, .. } = settings;
        let any = [rate_anonymous, rate_user, rate_login, rate_upload].iter().any(|rate| rate.0.is_some());
        // An address that is none is told of by the bus.
        let shared = settings.redis_url.as_ref().filter(|_| any).and_then(|url| Shared::new(url, jwt_secret));
        let limit = |name, rate: &Rate| Limit {
            name,
            local: Limiter::new(*rate),
            takes_back: false,
            shared: shared.clone(),
        };
        Self {
            anonymous: limit("anonymous", rate_anonymous),
            user: Followed::new("user", *rate_user, shared.clone()),
            login: Limit { takes_back: true, ..limit("login", rate_login) },
            upload: limit("upload", rate_upload),
            shared,
        }
    }

    /// Begins to count with others, if there is a Redis.
    pub(crate) fn start(app: &App) {
        if let Some(shared) = &app.limits().shared {
            shared.start();
            followed::start(app);
        }
    }

    /// How counting together goes, where that is asked for.
    pub(crate) fn census(&self) -> Option<Census> {
        self.shared.as_ref().map(|shared| shared.census())
    }
}

/// A limit that Redis is asked about with each request.
#[derive(Debug)]
pub(crate) struct Limit {
    name: &'static str,
    local: Limiter,
    /// Whether what was counted may be taken back. What others have counted is then not remembered here: others may take it
    /// back there.
    takes_back: bool,
    shared: Option<Arc<Shared>>,
}

/// A request that was counted.
#[derive(Debug)]
pub(crate) struct Counted {
    subject: Subject,
    by_redis: bool,
}

impl Limit {
    /// Counts a request, or refuses it.
    ///
    /// # Errors
    /// `rate_limited` with the time to wait.
    pub(crate) async fn count(&self, subject: Subject, now: Timestamp) -> Result<Counted, Problem> {
        self.local.count(subject.clone(), now)?;
        let mut counted = Counted { subject, by_redis: false };
        let Some((shared, pace)) = self.shared.as_ref().zip(self.local.pace()) else {
            return Ok(counted);
        };
        let subject = &counted.subject;
        match shared.count(self.name, subject, pace).await {
            None => {}
            Some(Ok(ahead)) => {
                self.learn(subject, now, ahead);
                counted.by_redis = true;
            }
            Some(Err(wait)) => {
                // What is refused is not counted.
                self.local.forgive(subject);
                self.learn(subject, now, pace.window + wait - pace.gap);
                return Err(pace.refusal(wait));
            }
        }
        Ok(counted)
    }

    /// Takes a request back: it turned out to be of the kind that is not counted.
    pub(crate) async fn forgive(&self, counted: Counted) {
        self.local.forgive(&counted.subject);
        if counted.by_redis
            && let Some((shared, pace)) = self.shared.as_ref().zip(self.local.pace())
        {
            shared.forgive(self.name, &counted.subject, pace).await;
        }
    }

    /// Remembers what Redis has said: whoever has used up a limit elsewhere is refused here without a question.
    fn learn(&self, subject: &Subject, now: Timestamp, ahead: i64) {
        if !self.takes_back {
            self.local.raise(subject, now, ahead);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_of_ipv6_is_one_subject() {
        let subject = |text: &str| Subject::address(text.parse().unwrap());
        assert_eq!(subject("2001:db8:1:2::3"), subject("2001:db8:1:2:ffff::9"));
        assert_ne!(subject("2001:db8:1:2::3"), subject("2001:db8:1:3::3"));
        assert_eq!(subject("::ffff:192.0.2.1"), subject("192.0.2.1"));
    }
}
