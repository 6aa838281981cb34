//! The promises of the queue of jobs, on both engines.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use faff_store::jobs::{self, Job, NewJob, Standing, State};
use faff_store::log::{self, NewEvent, Stream};
use faff_store::migrate::Migration;
use faff_store::{Db, Reader, StoreError, Tx};
use faff_testkit::{Dice, TestDatabase, on_both_engines};
use faff_types::{TaskId, Timestamp, UserId};

/// The migrations of other tables are not of this crate; the queue has its own number in the sequence.
const MIGRATIONS: &[Migration] = faff_store::migrations![1 "0001_log", 2 "0007_jobs"];

const KINDS: &[&str] = &["sum", "look"];
const LEASE: i64 = 60_000;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_795_000_000_000 + millis)
}

fn job(kind: &'static str, subject: i64) -> NewJob {
    let stream = Stream::Task(TaskId::from_db(subject));
    NewJob { kind, subject, stream, asked_by: Some(UserId::from_db(7)) }
}

async fn ask(db: &Db, job: NewJob, now: i64) -> bool {
    let asked = db.write(async move |tx: &mut Tx<'_>| {
        tx.lock(job.stream).await?;
        tx.commit_quietly("a test");
        jobs::enqueue(tx, &job, at(now)).await
    });
    asked.await.unwrap().value
}

async fn claim(db: &Db, now: i64) -> Option<Job> {
    let claimed =
        db.write(async move |tx: &mut Tx<'_>| jobs::claim(tx, KINDS, at(now), at(now + LEASE)).await);
    claimed.await.unwrap().value
}

/// Ends a job with an event as its effect, if it is still this claim's.
async fn finish(db: &Db, job: &Job) -> bool {
    let job = job.clone();
    let finished = db.write(async move |tx: &mut Tx<'_>| {
        tx.lock(job.stream()).await?;
        if !jobs::finish(tx, &job).await? {
            tx.commit_quietly("it is another's");
            return Ok::<_, StoreError>(false);
        }
        let payload = format!("{{\"attempt\":{}}}", job.attempt);
        let (stream, audience) = (job.stream(), "everyone".to_owned());
        tx.record(NewEvent { stream, kind: "done", actor: None, at: at(0), audience, payload }).await?;
        Ok(true)
    });
    finished.await.unwrap().value
}

async fn put_back(db: &Db, job: &Job, due: i64) {
    let job = job.clone();
    let put = db.write(async move |tx: &mut Tx<'_>| {
        tx.lock(job.stream()).await?;
        jobs::put_back(tx, &job, "busy", at(due)).await
    });
    put.await.unwrap();
}

async fn park(db: &Db, job: &Job) -> bool {
    let job = job.clone();
    let parked = db.write(async move |tx: &mut Tx<'_>| {
        tx.lock(job.stream()).await?;
        tx.commit_quietly("a test");
        jobs::park(tx, &job, "broken").await
    });
    parked.await.unwrap().value
}

async fn effects(db: &Db, subject: i64) -> usize {
    let stream = Stream::Task(TaskId::from_db(subject));
    let read = db.read(async move |reader: &mut Reader<'_>| log::of_stream(reader, stream, 0, 100).await);
    read.await.unwrap().len()
}

async fn standing(db: &Db, subject: i64) -> Option<(State, Option<String>)> {
    let read = db.read(async move |reader: &mut Reader<'_>| jobs::standing(reader, "sum", [subject]).await);
    let lines: Vec<Standing> = read.await.unwrap();
    assert!(lines.len() <= 1, "{lines:?}");
    lines.into_iter().next().map(|line| (line.state, line.reason))
}

on_both_engines! {
    async fn one_waits_and_one_runs_and_none_is_done_twice(engine) {
        let database = TestDatabase::create(engine, MIGRATIONS).await;
        let db = database.open().await;
        assert_eq!(claim(&db, 0).await.map(|job| job.id), None);
        assert!(ask(&db, job("sum", 1), 0).await);
        assert!(!ask(&db, job("sum", 1), 5).await, "one that waits is enough");
        assert!(ask(&db, job("look", 1), 1).await, "another kind is another job");
        let first = claim(&db, 5).await.unwrap();
        assert_eq!((first.kind.as_str(), first.subject, first.attempt), ("sum", 1, 1));
        assert_eq!(first.asked_by, Some(UserId::from_db(7)));
        assert!(ask(&db, job("sum", 1), 6).await, "what has begun does not see what came later");
        assert_eq!(standing(&db, 1).await, Some((State::Running, None)));
        let other = claim(&db, 10).await.unwrap();
        assert_eq!(other.kind, "look");
        assert!(claim(&db, 10).await.is_none(), "nobody works on the same at the same time");
        assert!(finish(&db, &first).await);
        assert!(!finish(&db, &first).await, "what is over cannot end again");
        let second = claim(&db, 11).await.unwrap();
        assert_eq!((second.kind.as_str(), second.attempt), ("sum", 1));
        assert!(finish(&db, &second).await && finish(&db, &other).await);
        assert_eq!((effects(&db, 1).await, standing(&db, 1).await), (3, None));
    }

    async fn who_loses_the_lease_loses_the_job(engine) {
        let database = TestDatabase::create(engine, MIGRATIONS).await;
        let db = database.open().await;
        ask(&db, job("sum", 1), 0).await;
        let killed = claim(&db, 0).await.unwrap();
        assert!(claim(&db, LEASE - 1).await.is_none());
        let renewed = killed.clone();
        let renew = db.write(async move |tx: &mut Tx<'_>| jobs::renew(tx, &renewed, at(2 * LEASE)).await);
        assert!(renew.await.unwrap().value);
        assert!(claim(&db, LEASE).await.is_none(), "it was kept for longer");
        let heir = claim(&db, 2 * LEASE).await.unwrap();
        assert_eq!((heir.id, heir.attempt), (killed.id, 2));
        assert!(!finish(&db, &killed).await, "whoever comes back from the dead has no effect");
        put_back(&db, &killed, 0).await;
        assert!(!park(&db, &killed).await);
        assert!(finish(&db, &heir).await);
        assert_eq!(effects(&db, 1).await, 1);
    }

    async fn what_fails_waits_its_turn_and_what_is_given_up_says_why(engine) {
        let database = TestDatabase::create(engine, MIGRATIONS).await;
        let db = database.open().await;
        ask(&db, job("sum", 1), 0).await;
        let first = claim(&db, 0).await.unwrap();
        put_back(&db, &first, 5_000).await;
        assert_eq!(standing(&db, 1).await, Some((State::Waiting, Some("busy".to_owned()))));
        assert!(claim(&db, 4_999).await.is_none());
        let second = claim(&db, 5_000).await.unwrap();
        assert_eq!((second.id, second.attempt), (first.id, 2));
        assert!(park(&db, &second).await);
        assert_eq!(standing(&db, 1).await, Some((State::Parked, Some("broken".to_owned()))));
        assert!(claim(&db, 999_999).await.is_none(), "nobody takes what was given up");
        let parked = db.read(async |reader: &mut Reader<'_>| jobs::parked(reader).await).await.unwrap();
        assert_eq!(parked, [("sum".to_owned(), 1, Some("broken".to_owned()))]);

        assert!(ask(&db, job("sum", 1), 6_000).await, "asked anew, it begins anew");
        let third = claim(&db, 6_000).await.unwrap();
        assert_eq!(third.attempt, 1);
        put_back(&db, &third, 60_000).await;
        assert!(ask(&db, job("sum", 1), 7_000).await, "who asks does not wait for the next attempt");
        let fourth = claim(&db, 7_000).await.unwrap();
        assert_eq!((fourth.id, fourth.attempt), (third.id, 1));
        // A newer one waits: it is the next attempt, whatever becomes of this one.
        ask(&db, job("sum", 1), 8_000).await;
        assert!(!park(&db, &fourth).await);
        assert_eq!(standing(&db, 1).await, Some((State::Waiting, None)));
        let fifth = claim(&db, 8_000).await.unwrap();
        ask(&db, job("sum", 1), 9_000).await;
        put_back(&db, &fifth, 99_000).await;
        assert!(claim(&db, 9_000).await.is_some());
        assert!(claim(&db, 999_999_999).await.is_some_and(|job| job.attempt == 2));
        let cancelled = db.write(async move |tx: &mut Tx<'_>| {
            tx.commit_quietly("a test");
            jobs::cancel(tx, Stream::Task(TaskId::from_db(1))).await
        });
        cancelled.await.unwrap();
        assert_eq!(standing(&db, 1).await, None);
    }

    async fn what_a_transaction_asks_for_is_asked_for_only_if_it_commits(engine) {
        let database = TestDatabase::create(engine, MIGRATIONS).await;
        let db = database.open().await;
        let failed = db.write(async |tx: &mut Tx<'_>| {
            jobs::enqueue(tx, &job("sum", 1), at(0)).await?;
            Err::<(), _>(StoreError::NoRow)
        });
        assert!(failed.await.is_err());
        assert!(claim(&db, 1).await.is_none());
        let due = db.read(async |reader: &mut Reader<'_>| jobs::is_due(reader, KINDS, at(9)).await);
        assert!(!due.await.unwrap());
        ask(&db, job("sum", 1), 0).await;
        let due = |kinds: &'static [&'static str]| {
            let db = db.clone();
            async move { db.read(async move |reader: &mut Reader<'_>| jobs::is_due(reader, kinds, at(9)).await).await.unwrap() }
        };
        assert!(due(KINDS).await);
        assert!(!due(&["look"]).await, "a worker takes only what it knows");
    }

    async fn workers_that_race_and_die_do_everything_exactly_once(engine) {
        const JOBS: i64 = 60;
        let database = TestDatabase::create(engine, MIGRATIONS).await;
        let db = database.open().await;
        for subject in 1..=JOBS {
            ask(&db, job("sum", subject), 0).await;
        }
        let clock = Arc::new(AtomicI64::new(0));
        let mut workers = tokio::task::JoinSet::new();
        for worker in 0..6 {
            let (db, clock) = (db.clone(), clock.clone());
            workers.spawn(async move {
                let mut dice = Dice::new(worker);
                let (mut done, mut idle, mut slow) = (0, 0, None);
                while idle < 20 {
                    let Some(job) = claim(&db, clock.load(Ordering::SeqCst)).await else {
                        // Leases of the dead end.
                        clock.fetch_add(LEASE / 2, Ordering::SeqCst);
                        idle += 1;
                        continue;
                    };
                    idle = 0;
                    match dice.below(4) {
                        0 => {}
                        1 => slow = Some(job),
                        _ => done += usize::from(finish(&db, &job).await),
                    }
                    // One that was thought dead comes back with its result.
                    if let Some(job) = slow.take_if(|_| dice.below(2) == 0) {
                        done += usize::from(finish(&db, &job).await);
                    }
                }
                done
            });
        }
        let mut done = 0;
        while let Some(worker) = workers.join_next().await {
            done += worker.unwrap();
        }
        for subject in 1..=JOBS {
            assert_eq!(effects(&db, subject).await, 1, "of job {subject}");
        }
        assert_eq!(done, usize::try_from(JOBS).unwrap());
        assert!(claim(&db, i64::MAX / 2 - 1_795_000_000_000 - LEASE).await.is_none());
    }
}
