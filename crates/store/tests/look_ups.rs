//! Look-ups: many at once, which share connections where they can.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use faff_store::migrate::Migration;
use faff_store::{Db, Engine, Reader, StoreError, params};
use faff_testkit::{TestDatabase, on_both_engines};
use tokio::task::JoinSet;

const MIGRATIONS: &[Migration] = faff_store::migrations![1 "0001_log"];

async fn echo(db: &Db, number: i64) -> Result<i64, StoreError> {
    db.look_up(async move |reader: &mut Reader<'_>| {
        let twice: i64 = reader.one("select 2 * cast($1 as bigint)", &params![number]).await?;
        reader.one("select cast($1 as bigint) / 2", &params![twice]).await
    })
    .await
}

async fn fail(db: &Db) -> Result<i64, StoreError> {
    db.look_up(async |reader: &mut Reader<'_>| {
        if reader.engine() == Engine::Postgres {
            return reader.one("select 1::bigint / $1::bigint", &params![0_i64]).await;
        }
        reader.one("select id from consumer where name = 'nobody'", &[]).await
    })
    .await
}

/// Asks many times at once: some ask for what fails, some lose patience.
async fn ask(db: &Db) {
    let mut asking = JoinSet::new();
    for number in 0..300_i64 {
        let db = db.clone();
        asking.spawn(async move {
            match number % 5 {
                1 => assert!(fail(&db).await.is_err()),
                3 => drop(tokio::time::timeout(std::time::Duration::ZERO, echo(&db, number)).await),
                _ => assert_eq!(echo(&db, number).await.unwrap(), number),
            }
        });
    }
    while let Some(asked) = asking.join_next().await {
        asked.unwrap();
    }
}

on_both_engines! {
    async fn look_ups_at_once_know_nothing_of_each_other(engine) {
        let database = TestDatabase::create(engine, MIGRATIONS).await;
        let db = database.open().await;
        ask(&db).await;
        if engine == Engine::Postgres {
            // The server ends every connection but the one that asks it to.
            let ended = db.read(async |reader: &mut Reader<'_>| {
                let sql = "select pg_terminate_backend(pid) from pg_stat_activity \
                           where datname = current_database() and pid <> pg_backend_pid()";
                reader.all::<bool>(sql, &[]).await
            });
            assert!(!ended.await.unwrap().is_empty());
            // Those who learn of it first are told so; then there are new connections.
            for _ in 0..100 {
                match echo(&db, 7).await {
                    Ok(_) => break,
                    Err(error) => assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}"),
                }
                tokio::task::yield_now().await;
            }
            ask(&db).await;
        }
    }
}
