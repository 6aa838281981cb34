//! What the embedded database promises beyond what both engines do: shared commits, shared snapshots, a log that is
//! written over.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use faff_store::log::{NewEvent, Stream};
use faff_store::migrate::Migration;
use faff_store::{Db, Engine, Reader, StoreError, Tx, params};
use faff_testkit::TestDatabase;
use faff_types::{TaskId, Timestamp};
use tokio::task::JoinSet;

const MIGRATIONS: &[Migration] = faff_store::migrations![1 "0001_log"];

async fn open() -> (TestDatabase, Db) {
    let database = TestDatabase::create(Engine::Sqlite, MIGRATIONS).await;
    let db = database.open().await;
    (database, db)
}

/// What a transaction does after it has recorded its event.
#[derive(Debug, Clone, Copy)]
enum End {
    Well,
    /// Fails before it has changed anything.
    Refused,
    /// Fails after it has changed something.
    Failed,
    /// Fails in a statement, after it has changed something.
    Broken,
    Panicked,
}

async fn step(tx: &mut Tx<'_>, id: i64, end: End) -> Result<i64, StoreError> {
    let refused = || Err(StoreError::Busy("as the test wants it"));
    if matches!(end, End::Refused) {
        return refused();
    }
    let name = format!("consumer {id}");
    tx.execute("insert into consumer (name, tx, id) values ($1, 0, $2)", &params![&name, id]).await?;
    let event = NewEvent {
        stream: Stream::Task(TaskId::from_db(id)),
        kind: "said",
        actor: None,
        at: Timestamp::from_millis(1_795_000_000_000),
        audience: "everyone".to_owned(),
        payload: "{}".to_owned(),
    };
    let seq = tx.record(event).await?;
    match end {
        End::Failed => refused(),
        End::Broken => tx
            .execute("insert into consumer (name, tx, id) values ($1, 0, 0)", &params![&name])
            .await
            .map(|_| seq),
        #[expect(clippy::panic, reason = "that is what is tested")]
        End::Panicked => panic!("as the test wants it"),
        _ => Ok(seq),
    }
}

async fn count(db: &Db, table: &str) -> i64 {
    let sql = format!("select count(*) from {table}");
    db.read(async move |reader: &mut Reader<'_>| reader.one(&sql, &[]).await).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_transaction_that_fails_takes_no_other_of_its_group_with_it() {
    let (_database, db) = open().await;
    let before = (db.counters().commits(), db.counters().groups());
    let mut writers = JoinSet::new();
    for id in 1..=600 {
        let db = db.clone();
        let end = match id % 10 {
            1 => End::Refused,
            3 => End::Failed,
            5 => End::Broken,
            7 if id % 100 == 7 => End::Panicked,
            _ => End::Well,
        };
        writers.spawn(async move {
            let done = db.write(async move |tx: &mut Tx<'_>| step(tx, id, end).await).await;
            (end, done.map(|committed| (committed.value, committed.events.len())))
        });
    }
    let mut well = 0;
    while let Some(ended) = writers.join_next().await {
        let (end, done) = ended.unwrap();
        let as_wanted = matches!(
            (end, &done),
            (End::Well, Ok((1, 1)))
                | (End::Refused | End::Failed, Err(StoreError::Busy(_)))
                | (End::Broken, Err(StoreError::NotUnique(_)))
                | (End::Panicked, Err(StoreError::Panicked))
        );
        assert!(as_wanted, "{end:?}: {done:?}");
        well += i64::from(done.is_ok());
    }
    assert_eq!(
        (count(&db, "consumer").await, count(&db, "event").await, count(&db, "stream").await),
        (well, well, well)
    );
    let (commits, groups) = (db.counters().commits() - before.0, db.counters().groups() - before.1);
    assert_eq!(commits, u64::try_from(well).unwrap());
    assert!(groups < commits, "{groups} commits for {commits} transactions");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_read_sees_what_was_committed_before_it_was_asked_for() {
    let (_database, db) = open().await;
    let mut readers = JoinSet::new();
    // So many that reads wait, and share snapshots.
    for _ in 0..64 {
        let db = db.clone();
        readers.spawn(async move {
            for _ in 0..100 {
                count(&db, "event").await;
            }
        });
    }
    let mut writers = JoinSet::new();
    for writer in 0..4 {
        let db = db.clone();
        writers.spawn(async move {
            for n in 0..50 {
                let id = 1 + writer * 50 + n;
                db.write(async move |tx: &mut Tx<'_>| step(tx, id, End::Well).await).await.unwrap();
                let found = db.read(async move |reader: &mut Reader<'_>| {
                    reader.optional::<i64>("select id from consumer where id = $1", &params![id]).await
                });
                assert_eq!(found.await.unwrap(), Some(id));
            }
        });
    }
    while let Some(ended) = writers.join_next().await {
        ended.unwrap();
    }
    readers.join_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_snapshot_sees_one_moment_while_others_write() {
    let (_database, db) = open().await;
    let writer = tokio::spawn({
        let db = db.clone();
        async move {
            for id in 1..=200 {
                db.write(async move |tx: &mut Tx<'_>| step(tx, id, End::Well).await).await.unwrap();
            }
        }
    });
    while !writer.is_finished() {
        let counts = db.snapshot(async |reader: &mut Reader<'_>| {
            let mut counts = Vec::new();
            for _ in 0..50 {
                for table in ["event", "stream"] {
                    counts.push(reader.one::<i64>(&format!("select count(*) from {table}"), &[]).await?);
                }
            }
            Ok::<_, StoreError>(counts)
        });
        let counts = counts.await.unwrap();
        assert!(counts.iter().all(|count| Some(count) == counts.first()), "{counts:?}");
    }
    writer.await.unwrap();
}
