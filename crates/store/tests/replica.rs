//! A replica serves reads only when that makes no difference to what they find.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use faff_store::migrate::Migration;
use faff_store::{Db, Engine, Reader, StoreError, Tx, params};
use faff_testkit::{TestDatabase, TestReplicated};
use tokio::time::{sleep, timeout};

const MIGRATIONS: &[Migration] = faff_store::migrations![1 "0001_log"];

/// Writes a number in place of the last one.
async fn write(db: &Db, number: i64) {
    let written = db.write(async move |tx: &mut Tx<'_>| {
        tx.commit_quietly("a test");
        let sql = "insert into consumer (name, tx, id) values ('ada', 0, $1) on conflict (name) do update set id = excluded.id";
        tx.execute(sql, &params![number]).await
    });
    written.await.unwrap();
}

/// The number, and whether a replica has told it.
async fn browse(db: &Db) -> (i64, bool) {
    let read = db.browse(async |reader: &mut Reader<'_>| {
        Ok::<_, StoreError>((
            reader.one("select coalesce(max(id), 0) from consumer", &[]).await?,
            reader.one("select pg_is_in_recovery()", &[]).await?,
        ))
    });
    read.await.unwrap()
}

/// Waits until pages are read from the replica, or are not.
async fn until_used(db: &Db, used: bool) {
    let look = async {
        while db.replication().unwrap().used != used {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(20), look).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_misses_what_was_written_although_the_replica_is_always_a_little_behind() {
    let database = TestReplicated::create(MIGRATIONS).await;
    database.delay(4).await;
    let db = Db::open(database.options(&database.replica_url())).await.unwrap();
    // Another node, which knows nothing of what the first one writes.
    let other = Db::open(database.options(&database.replica_url())).await.unwrap();
    until_used(&db, true).await;
    until_used(&other, true).await;
    let mut by_replica = 0;
    for number in 1..=150 {
        write(&db, number).await;
        for node in [&db, &other] {
            let (found, replica) = browse(node).await;
            assert_eq!(found, number);
            by_replica += u32::from(replica);
        }
    }
    assert!(by_replica > 0, "{by_replica} of 300 reads came from the replica");
    let served = db.replication().unwrap().served + other.replication().unwrap().served;
    assert_eq!(served, u64::from(by_replica));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_read_without_asking_how_far_it_is_would_tell_old_numbers() {
    // What the story above could not tell from a replica that is never behind.
    let database = TestReplicated::create(MIGRATIONS).await;
    let [primary, replica] = [database.url(), database.replica_url()]
        .map(|url| async move { tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap() });
    let ((primary, one), (replica, two)) = (primary.await, replica.await);
    tokio::spawn(one);
    tokio::spawn(two);
    let insert = "insert into consumer (name, tx, id) values ('ada', 0, $1) on conflict (name) do update set id = excluded.id";
    let number = "select coalesce(max(id), 0) from consumer";
    primary.execute(insert, &[&1_i64]).await.unwrap();
    let come = async {
        while replica.query_one(number, &[]).await.unwrap().get::<_, i64>(0) != 1 {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(20), come).await.unwrap();
    database.pause().await;
    primary.execute(insert, &[&2_i64]).await.unwrap();
    let [there, here] = [&primary, &replica].map(|server| server.query_one(number, &[]));
    assert_eq!((there.await.unwrap().get::<_, i64>(0), here.await.unwrap().get::<_, i64>(0)), (2, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_that_stands_still_holds_up_one_read_and_comes_back_by_itself() {
    let database = TestReplicated::create(MIGRATIONS).await;
    let db = Db::open(database.options(&database.replica_url())).await.unwrap();
    until_used(&db, true).await;
    assert_eq!(browse(&db).await.0, 0);
    database.pause().await;
    for number in 1..=50 {
        write(&db, number).await;
        assert_eq!(browse(&db).await, (number, false));
    }
    let standing = db.replication().unwrap();
    assert!(!standing.used);
    assert!(standing.missed <= 2, "{} reads waited for it", standing.missed);
    database.resume().await;
    until_used(&db, true).await;
    assert_eq!(browse(&db).await.0, 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_that_goes_away_is_no_error_and_is_used_again() {
    let database = TestReplicated::create(MIGRATIONS).await;
    let db = Db::open(database.options(&database.replica_url())).await.unwrap();
    until_used(&db, true).await;
    for number in 1..=5 {
        write(&db, number).await;
        assert_eq!(browse(&db).await.0, number);
        assert!(database.cut().await > 0);
        // By now it was begun with a connection that is none any more, or there is none.
        assert_eq!(browse(&db).await.0, number);
        until_used(&db, true).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_replica_of_the_database_is_not_used() {
    let database = TestReplicated::create(MIGRATIONS).await;
    // The database itself, another server, and nobody.
    let other = TestDatabase::create(Engine::Postgres, MIGRATIONS).await;
    for url in [database.url(), other.url.clone(), "postgres://faff@127.0.0.1:1/faff".to_owned()] {
        let db = Db::open(database.options(&url)).await.unwrap();
        write(&db, 7).await;
        for _ in 0..20 {
            assert_eq!(browse(&db).await, (7, false));
            sleep(Duration::from_millis(10)).await;
        }
        let seen = db.replication().unwrap();
        assert!(!seen.used && seen.served == 0 && seen.missed == 0, "{seen:?}");
    }
}
