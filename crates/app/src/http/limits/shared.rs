//! Counters in Redis, as far as it can be reached.
//!
//! Invariants:
//! - A name in Redis tells nothing of whom it is of to who does not know the server's secret, and is gone when there is
//!   nothing left to wait for.
//! - A script touches one key, and all keys of a server are in one slot of a cluster.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use faff_types::Secret;
use hmac::{Hmac, Mac};
use redis::aio::MultiplexedConnection;
use redis::{Cmd, Pipeline};
use sha2::Sha256;
use tokio::sync::Notify;

use super::local::Pace;
use super::{Census, Subject};
use crate::derived;
use crate::redis_server::{RedisServer, fault};

/// How long an answer is waited for. Looking at a password takes longer, and whoever has no login can wait as long.
pub(super) const PATIENCE: Duration = Duration::from_millis(50);
/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(2);
/// How often one node of a cluster may name another.
const MOVES: u32 = 3;
/// How long after a failure another connection is tried.
const AGAIN: Duration = Duration::from_millis(500);
/// What the key is for, so that it is no other's.
const PURPOSE: &[u8] = b"faff: names of limits, 1";
/// The largest integer that a number of Lua holds exactly; in microseconds, the year 2255.
const MOST: i64 = 1 << 53;

/// By the clock of Redis, so that those of the nodes need not agree.
const CLOCK: &str = "local time = redis.call('TIME') local now = time[1] * 1000000 + time[2] ";
/// The algorithm of `local`: adds to the arrival, if that stays within a bound, and returns how far it is ahead of now; beyond
/// the bound it adds nothing, and returns how long to wait as a negative number.
const COUNT: &str = "\
    local bound, most = tonumber(ARGV[2]), tonumber(ARGV[3]) \
    local ahead = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) - now + tonumber(ARGV[1]) \
    if ahead > bound then return bound - ahead end \
    ahead = math.min(ahead, most) \
    if ahead > 0 then \
        redis.call('SET', KEYS[1], string.format('%.0f', now + ahead), 'PX', math.ceil(ahead / 1000)) \
    else \
        redis.call('DEL', KEYS[1]) \
    end \
    return ahead";

/// What the script is to do, in microseconds.
#[derive(Debug, Clone, Copy)]
struct Change {
    add: i64,
    /// Beyond which nothing is added.
    bound: i64,
    /// Beyond which nothing is remembered.
    most: i64,
}

impl Change {
    const fn one(pace: Pace) -> Self {
        Self { add: pace.gap, bound: pace.window, most: pace.window }
    }

    /// What was let through is counted whatever the limit. Without the debt that this makes, nodes that are each at the limit
    /// would stay there, and let through the limit each; with all of it, somebody could wait for as many windows as there are
    /// nodes.
    fn past(pace: Pace, requests: i64) -> Self {
        let add = requests.saturating_mul(pace.gap);
        Self { add, bound: MOST, most: pace.window.saturating_mul(2) }
    }

    const fn back(pace: Pace) -> Self {
        Self { add: -pace.gap, bound: MOST, most: MOST }
    }
}

/// A connection that has answered a trial.
#[derive(Debug, Clone)]
struct Tried {
    connection: MultiplexedConnection,
    /// The script's name there.
    script: Arc<str>,
}

/// Counters in Redis.
#[derive(Debug)]
pub(super) struct Shared {
    server: RedisServer,
    key: Secret<Hmac<Sha256>>,
    /// Before all names; in braces, what a cluster chooses the slot by.
    prefix: String,
    /// With a number of its own, so that whoever was late on the one before does not give it up.
    connection: Mutex<(u64, Option<Tried>)>,
    lost: Notify,
    asked: AtomicU64,
    unanswered: AtomicU64,
}

impl Shared {
    /// Counters of the nodes that share a secret. `None` when the address is none.
    pub(super) fn new(url: &Secret, secret: &Secret<Vec<u8>>) -> Option<Arc<Self>> {
        let key = derived::key(PURPOSE, secret);
        Some(Arc::new(Self {
            server: RedisServer::parse(url.reveal())?,
            prefix: format!("faff:{{{}}}:limit:", digest(key.clone(), "all of them", 8)),
            key: Secret::new(key),
            connection: Mutex::default(),
            lost: Notify::new(),
            asked: AtomicU64::default(),
            unanswered: AtomicU64::default(),
        }))
    }

    /// Keeps a connection from now on.
    pub(super) fn start(self: &Arc<Self>) {
        let shared = self.clone();
        tokio::spawn(async move {
            let mut told = None;
            loop {
                let tried = shared.connect().await;
                let is_there = tried.is_ok();
                // Once for each change.
                if told.replace(is_there) != Some(is_there) {
                    match &tried {
                        Ok(_) => tracing::info!("limits are counted by Redis, for all nodes"),
                        Err(why) => tracing::warn!(why, "each node counts limits for itself"),
                    }
                }
                if let Ok(tried) = tried {
                    {
                        let mut held = shared.held();
                        *held = (held.0 + 1, Some(tried));
                    }
                    shared.lost.notified().await;
                }
                tokio::time::sleep(AGAIN).await;
            }
        });
    }

    pub(super) fn census(&self) -> Census {
        Census {
            shared: self.held().1.is_some(),
            asked: self.asked.load(Ordering::Relaxed),
            unanswered: self.unanswered.load(Ordering::Relaxed),
        }
    }

    /// Counts one: how far ahead that makes the subject, or how long to wait if it is one too many. `None` when Redis does not
    /// say.
    pub(super) async fn count(&self, limit: &str, subject: &Subject, pace: Pace) -> Option<Result<i64, i64>> {
        let said = self.change(limit, subject, pace, Change::one(pace)).await?;
        Some(if said < 0 { Err(-said) } else { Ok(said) })
    }

    /// Takes one back.
    pub(super) async fn forgive(&self, limit: &str, subject: &Subject, pace: Pace) {
        self.change(limit, subject, pace, Change::back(pace)).await;
    }

    /// Counts what was let through: how far ahead that makes each subject. `None` when Redis does not say.
    pub(super) async fn add(&self, limit: &str, all: &[(Subject, i64)], pace: Pace) -> Option<Vec<i64>> {
        self.ask(async |mut tried: Tried| {
            let mut commands = Pipeline::with_capacity(all.len());
            for (subject, requests) in all {
                let key = self.named(limit, subject, pace);
                commands.add_command(command(&tried, &key, Change::past(pace, *requests)));
            }
            commands.query_async(&mut tried.connection).await
        })
        .await
    }

    async fn change(&self, limit: &str, subject: &Subject, pace: Pace, change: Change) -> Option<i64> {
        self.ask(async |mut tried: Tried| {
            let key = self.named(limit, subject, pace);
            command(&tried, &key, change).query_async(&mut tried.connection).await
        })
        .await
    }

    /// Asks, if there is somebody to ask; gives the connection up when there is no answer.
    async fn ask<T>(&self, question: impl AsyncFnOnce(Tried) -> redis::RedisResult<T>) -> Option<T> {
        let (number, tried) = self.held().clone();
        let tried = tried?;
        self.asked.fetch_add(1, Ordering::Relaxed);
        let why = match tokio::time::timeout(PATIENCE, question(tried)).await {
            Ok(Ok(answer)) => return Some(answer),
            Ok(Err(error)) => fault(&error),
            Err(_) => late(),
        };
        self.unanswered.fetch_add(1, Ordering::Relaxed);
        let mut held = self.held();
        if held.0 == number && held.1.take().is_some() {
            tracing::debug!(why, "limits are not counted by Redis for now");
            self.lost.notify_one();
        }
        None
    }

    /// Makes a connection, and counts something by it: what may be connected to need not be allowed to be written to.
    async fn connect(&self) -> Result<Tried, String> {
        let found = tokio::time::timeout(CONNECT, self.server.client()).await.map_err(|_| late())?;
        let mut client = found.map_err(|error| fault(&error))?;
        let mut moves = 0;
        loop {
            let made = tokio::time::timeout(CONNECT, made(&client)).await.map_err(|_| late())?;
            let mut tried = made.map_err(|error| fault(&error))?;
            let change = Change { add: 1, bound: MOST, most: 1_000_000 };
            let trial = command(&tried, &format!("{}trial", self.prefix), change);
            let counted = tokio::time::timeout(PATIENCE, trial.query_async::<i64>(&mut tried.connection));
            match counted.await.map_err(|_| late())? {
                Ok(_) => return Ok(tried),
                Err(error) => match self.server.moved(&error) {
                    Some(Ok(owner)) if moves < MOVES => (client, moves) = (owner, moves + 1),
                    _ => return Err(fault(&error)),
                },
            }
        }
    }

    fn held(&self) -> MutexGuard<'_, (u64, Option<Tried>)> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The name in Redis. A limit that is set anew has other ones: what was counted at another pace says nothing.
    fn named(&self, limit: &str, subject: &Subject, Pace { count, window, .. }: Pace) -> String {
        let whole = format!("{limit} {count}/{window} {subject}");
        format!("{}{}", self.prefix, digest(self.key.reveal().clone(), &whole, 16))
    }
}

async fn made(client: &redis::Client) -> redis::RedisResult<Tried> {
    let mut connection = client.get_multiplexed_async_connection().await?;
    let script = format!("{CLOCK}{COUNT}");
    let script: String = redis::cmd("SCRIPT").arg("LOAD").arg(script).query_async(&mut connection).await?;
    Ok(Tried { connection, script: script.into() })
}

fn command(tried: &Tried, key: &str, Change { add, bound, most }: Change) -> Cmd {
    let mut command = redis::cmd("EVALSHA");
    command.arg(&*tried.script).arg(1).arg(key).arg(add).arg(bound).arg(most);
    command
}

fn digest(key: Hmac<Sha256>, text: &str, bytes: usize) -> String {
    let digest = key.chain_update(text).finalize().into_bytes();
    digest.iter().take(bytes).fold(String::new(), |name, byte| format!("{name}{byte:02x}"))
}

fn late() -> String {
    "Redis does not answer in time".to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::local::Limiter;
    use super::*;
    use crate::Rate;
    use faff_testkit::TestRedis;
    use faff_types::{Timestamp, UserId};
    use proptest::prelude::*;
    use proptest::test_runner::{Config, TestRunner};

    /// What keys live for is real time, so that all that is left of one must be more than a test takes.
    const MINUTE: i64 = 60_000_000;
    const START: i64 = 1_795_000_000_000;

    /// The script at a time of the test's own.
    struct Frozen {
        redis: TestRedis,
        connection: MultiplexedConnection,
    }

    impl Frozen {
        async fn start() -> Self {
            let redis = TestRedis::start().await;
            let client = redis::Client::open(redis.url()).unwrap();
            Self { connection: client.get_multiplexed_async_connection().await.unwrap(), redis }
        }

        async fn change(&mut self, key: &str, now: Timestamp, Change { add, bound, most }: Change) -> i64 {
            let script = format!("local now = {} {COUNT}", now.as_millis() * 1000);
            let mut command = redis::cmd("EVAL");
            command.arg(script).arg(1).arg(key).arg(add).arg(bound).arg(most);
            command.query_async(&mut self.connection).await.unwrap()
        }
    }

    fn pace(count: u32, window: i64) -> (Limiter, Pace) {
        let rate = Rate(Some((count, Duration::from_micros(window.unsigned_abs()))));
        let limiter = Limiter::new(rate);
        let pace = limiter.pace().unwrap();
        (limiter, pace)
    }

    fn after(minutes: i64) -> Timestamp {
        Timestamp::from_millis(START).plus_millis(minutes * 60_000)
    }

    #[derive(Debug, Clone, Copy)]
    enum Step {
        Count,
        Forgive,
        Wait(i64),
    }

    #[test]
    fn redis_counts_as_this_process_does() {
        let steps = prop_oneof![4 => Just(Step::Count), 1 => Just(Step::Forgive), 2 => (1..40_i64).prop_map(Step::Wait)];
        let stories = (1..12_u32, 1..9_i64, proptest::collection::vec(steps, 1..60));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let frozen = std::cell::RefCell::new(runtime.block_on(Frozen::start()));
        let stories_told = std::cell::Cell::new(0);
        let (refused, counted) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
        let mut runner =
            TestRunner::new(Config { cases: 200, failure_persistence: None, ..Config::default() });
        let held = runner.run(&stories, |(count, minutes, steps)| {
            let (limiter, pace) = pace(count, i64::from(count) * minutes * MINUTE);
            let subject = Subject::User(UserId::from_db(1));
            stories_told.set(stories_told.get() + 1);
            let (key, mut now, mut taken) = (format!("story {}", stories_told.get()), 0, 0);
            for step in steps {
                match step {
                    Step::Wait(minutes) => now += minutes,
                    Step::Count => {
                        let here = limiter.count(subject.clone(), after(now));
                        let mut frozen = frozen.borrow_mut();
                        let there = runtime.block_on(frozen.change(&key, after(now), Change::one(pace)));
                        prop_assert_eq!(here.is_err(), there < 0);
                        match here {
                            Ok(()) => (counted.set(counted.get() + 1), taken += 1).1,
                            Err(problem) => {
                                let told = pace.refusal(-there);
                                prop_assert_eq!(format!("{problem:?}"), format!("{told:?}"));
                                refused.set(refused.get() + 1);
                            }
                        }
                    }
                    // Only what was counted is taken back.
                    Step::Forgive if taken > 0 => {
                        taken -= 1;
                        limiter.forgive(&subject);
                        let mut frozen = frozen.borrow_mut();
                        runtime.block_on(frozen.change(&key, after(now), Change::back(pace)));
                    }
                    Step::Forgive => {}
                }
            }
            Ok(())
        });
        held.unwrap();
        assert!(
            refused.get() > 100 && counted.get() > 100,
            "{} refused, {} counted",
            refused.get(),
            counted.get()
        );
    }

    #[tokio::test]
    async fn nodes_that_send_all_they_can_share_one_limit_in_the_long_run() {
        let mut frozen = Frozen::start().await;
        // 60 an hour, told once a minute.
        let nodes = [pace(60, 60 * MINUTE), pace(60, 60 * MINUTE), pace(60, 60 * MINUTE)];
        let subject = Subject::User(UserId::from_db(1));
        let (mut let_through, hours) = (0, 10);
        for minute in 0..hours * 60 {
            let mut passed = Vec::new();
            for (limiter, _) in &nodes {
                passed
                    .push((0..100).filter(|_| limiter.count(subject.clone(), after(minute)).is_ok()).count());
            }
            for ((limiter, pace), passed) in nodes.iter().zip(passed) {
                let passed = i64::try_from(passed).unwrap();
                let_through += passed;
                if passed > 0 {
                    let ahead = frozen.change("x", after(minute), Change::past(*pace, passed)).await;
                    assert!(ahead <= 2 * pace.window, "nobody waits for more than one window longer");
                    limiter.raise(&subject, after(minute), ahead);
                }
            }
        }
        // Each node lets through its own limit until it is told; of that, one window is owed.
        assert!(let_through <= 60 * hours + 2 * 60 + 3 * 60 / 10, "{let_through} in {hours} hours");
        assert!(let_through >= 60 * hours, "{let_through} in {hours} hours");
        drop(frozen.redis);
    }

    #[test]
    fn names_tell_nobody_apart_but_differ_for_each_subject_limit_and_secret() {
        let url = Secret::new("redis://127.0.0.1:1".to_owned());
        let shared = |secret: &str| Shared::new(&url, &Secret::new(secret.as_bytes().to_vec())).unwrap();
        let (ours, theirs) = (shared("one secret"), shared("another one"));
        let subjects = [
            Subject::address("192.0.2.1".parse().unwrap()),
            Subject::User(UserId::from_db(1)),
            Subject::User(UserId::from_db(2)),
            Subject::Account("bo@faff.example".to_owned()),
        ];
        let paces = [pace(10, MINUTE).1, pace(10, 2 * MINUTE).1, pace(11, MINUTE).1];
        let mut names = std::collections::HashSet::new();
        for shared in [&ours, &theirs] {
            for limit in ["login", "user"] {
                for (subject, pace) in subjects.iter().flat_map(|subject| paces.map(|pace| (subject, pace))) {
                    let name = shared.named(limit, subject, pace);
                    let rest = name.strip_prefix(&shared.prefix).unwrap();
                    assert!(rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
                    assert_eq!(name, shared.named(limit, subject, pace));
                    assert!(names.insert(name));
                }
            }
        }
        assert_eq!(names.len(), 48);
        assert_ne!(ours.prefix, theirs.prefix);
    }
}
