//! The promises of the store and of the event log, on both engines.
#![expect(clippy::unwrap_used, clippy::cast_possible_wrap, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::time::Duration;

use faff_store::log::{self, Chain, Logged, NewEvent, Stream};
use faff_store::migrate::Migration;
use faff_store::{Db, Engine, Reader, StoreError, Tx, cursor, params};
use faff_testkit::{TestDatabase, on_both_engines};
use faff_types::{Position, TaskId, Timestamp};

const MIGRATIONS: &[Migration] = faff_store::migrations![1 "0001_log"];

fn printer() -> Stream {
    Stream::Task(TaskId::from_db(1))
}

fn said(stream: Stream, payload: String) -> NewEvent {
    let at = Timestamp::from_millis(1_795_000_000_000);
    NewEvent { stream, kind: "said", actor: None, at, audience: "everyone".to_owned(), payload }
}

async fn say(db: &Db, stream: Stream, text: &str) -> Result<i64, StoreError> {
    let text = text.to_owned();
    let committed =
        db.write(async move |tx: &mut Tx<'_>| tx.record(said(stream, text.clone())).await).await?;
    Ok(committed.value)
}

async fn events_of(db: &Db, stream: Stream) -> Vec<Logged> {
    db.read(async move |r: &mut Reader<'_>| log::of_stream(r, stream, 0, 100_000).await).await.unwrap()
}

async fn read_after(db: &Db, position: Position, limit: usize) -> Vec<(Position, Logged)> {
    db.read(async move |r: &mut Reader<'_>| log::after(r, position, limit).await).await.unwrap()
}

/// Reads until no more come.
async fn read_all(db: &Db) -> Vec<Logged> {
    let (mut position, mut seen) = (Position::default(), Vec::new());
    loop {
        let page = read_after(db, position, 1000).await;
        let Some((last, _)) = page.last() else { return seen };
        position = *last;
        seen.extend(page.into_iter().map(|(_, event)| event));
    }
}

on_both_engines! {
    async fn eight_writers_and_a_tailing_reader_lose_nothing_and_double_nothing(engine) {
        const WRITERS: usize = 8;
        const EACH: usize = 800;
        let database = TestDatabase::create(engine, MIGRATIONS).await;
        let db = database.open().await;

        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..WRITERS {
            let db = db.clone();
            writers.spawn(async move {
                for n in 0..EACH {
                    // Some streams are shared by all writers, some belong to one.
                    let id = if n % 3 == 0 { 1 } else { 2 + writer as i64 };
                    say(&db, Stream::Task(TaskId::from_db(id)), &format!("{writer}:{n}")).await.unwrap();
                }
            });
        }
        let reader = tokio::spawn({
            let db = db.clone();
            async move {
                let (mut position, mut seen) = (Position::default(), Vec::new());
                let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
                while seen.len() < WRITERS * EACH && tokio::time::Instant::now() < deadline {
                    let page = read_after(&db, position, 100).await;
                    if let Some((last, _)) = page.last() {
                        position = *last;
                    }
                    seen.extend(page.into_iter().map(|(_, event)| event));
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                // Whatever would come twice must come now.
                seen.extend(read_after(&db, position, 100).await.into_iter().map(|(_, event)| event));
                seen
            }
        });
        while let Some(writer) = writers.join_next().await {
            writer.unwrap();
        }
        let seen = reader.await.unwrap();

        let mut texts: Vec<&str> = seen.iter().map(|event| event.payload.as_str()).collect();
        assert_eq!(texts.len(), WRITERS * EACH, "events read");
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), WRITERS * EACH, "different events read");

        let mut heads: BTreeMap<Stream, (i64, Chain)> = BTreeMap::new();
        for event in &seen {
            let (seq, chain) = heads.entry(event.stream).or_default();
            assert_eq!(event.seq, *seq + 1, "the order and the numbers of {:?}", event.stream);
            assert_eq!(event.chain, event.link(chain), "the chain of {:?}", event.stream);
            (*seq, *chain) = (event.seq, event.chain);
        }
        assert_eq!(heads.len(), 1 + WRITERS);
    }

    async fn a_reader_waits_for_a_transaction_that_is_still_open(engine) {
        let database = TestDatabase::create(engine, MIGRATIONS).await;
        let db = database.open().await;
        if engine == Engine::Sqlite {
            // One writer: nothing can be open beside a commit. What is left to show is the order.
            say(&db, printer(), "first").await.unwrap();
            assert_eq!(read_all(&db).await.len(), 1);
            return;
        }
        let (begun, has_begun) = tokio::sync::oneshot::channel::<()>();
        let (go_on, may_go_on) = tokio::sync::oneshot::channel::<()>();
        let (begun, may_go_on) = (std::sync::Mutex::new(Some(begun)), tokio::sync::Mutex::new(Some(may_go_on)));
        let slow = tokio::spawn({
            let db = db.clone();
            async move {
                db.write(async move |tx: &mut Tx<'_>| {
                    // Takes its transaction id and its place in the log, and then dawdles.
                    tx.execute("insert into stream (id, seq, chain) values (99, 0, $1)", &params![&[0_u8; 32][..]]).await?;
                    if let Some(begun) = begun.lock().unwrap().take() { begun.send(()).unwrap(); }
                    if let Some(go) = may_go_on.lock().await.take() { go.await.unwrap(); }
                    tx.begin_stream(Stream::Task(TaskId::from_db(99)));
                    tx.record(said(Stream::Task(TaskId::from_db(99)), "slow".to_owned())).await
                }).await
            }
        });
        has_begun.await.unwrap();
        say(&db, printer(), "quick").await.unwrap();
        assert_eq!(read_all(&db).await.len(), 0, "an event that could be overtaken is not shown");
        go_on.send(()).unwrap();
        slow.await.unwrap().unwrap();
        // Transactions of other tests in the same cluster hold the reader up too, for as long as they last.
        let mut texts: Vec<String> = Vec::new();
        while texts.len() < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
            texts = read_all(&db).await.into_iter().map(|event| event.payload).collect();
        }
        assert_eq!(texts, ["slow", "quick"]);
    }

    async fn a_write_that_records_nothing_does_not_commit(engine) {
        let database = TestDatabase::create(engine, MIGRATIONS).await;
        let db = database.open().await;
        let silent = "insert into consumer (name, tx, id) values ('silent', 0, 0)";
        let refused = db.write(async move |tx: &mut Tx<'_>| tx.execute(silent, &[]).await).await;
        assert!(matches!(refused, Err(StoreError::Unrecorded)), "{refused:?}");
        let count = "select count(*) from consumer";
        let kept: i64 = db.read(async move |r: &mut Reader<'_>| r.one(count, &[]).await).await.unwrap();
        assert_eq!(kept, 0);
        let quiet = db.write(async move |tx: &mut Tx<'_>| {
            tx.commit_quietly("a test says so");
            tx.execute(silent, &[]).await
        });
        quiet.await.unwrap();
        let kept: i64 = db.read(async move |r: &mut Reader<'_>| r.one(count, &[]).await).await.unwrap();
        assert_eq!(kept, 1);
    }

    async fn an_error_and_a_panic_roll_everything_back(engine) {
        let database = TestDatabase::create(engine, MIGRATIONS).await;
        let db = database.open().await;
        say(&db, printer(), "kept").await.unwrap();
        let failed = db.write(async |tx: &mut Tx<'_>| {
            tx.record(said(printer(), "lost".to_owned())).await?;
            tx.later("update stream set seq = seq + 100", &[]).await?;
            Err::<(), _>(StoreError::NoRow)
        }).await;
        assert!(matches!(failed, Err(StoreError::NoRow)), "{failed:?}");
        let panicked = db.write(async |tx: &mut Tx<'_>| {
            tx.execute("update stream set seq = seq + 100", &[]).await?;
            tx.commit_quietly("never reached");
            assert_eq!(tx.engine().name(), "neither", "a planted panic");
            Ok::<(), StoreError>(())
        }).await;
        assert!(matches!(panicked, Err(StoreError::Panicked)), "{panicked:?}");
        assert_eq!(say(&db, printer(), "kept too").await.unwrap(), 2, "the stream goes on without a gap");
        assert_eq!(events_of(&db, printer()).await.len(), 2);
    }

    async fn a_deferred_statement_that_fails_fails_the_commit(engine) {
        let database = TestDatabase::create(engine, MIGRATIONS).await;
        let db = database.open().await;
        let failed = db.write(async |tx: &mut Tx<'_>| {
            tx.record(said(printer(), "lost".to_owned())).await?;
            for _ in 0..2 {
                tx.later("insert into consumer (name, tx, id) values ('twice', 0, 0)", &[]).await?;
            }
            Ok::<(), StoreError>(())
        }).await;
        assert!(matches!(failed, Err(StoreError::NotUnique(_))), "{failed:?}");
        assert_eq!(events_of(&db, printer()).await, []);
    }

    async fn waiting_for_something_else_inside_a_transaction_is_refused_or_harmless(engine) {
        let database = TestDatabase::create(engine, MIGRATIONS).await;
        let db = database.open().await;
        let waited = db.write(async |tx: &mut Tx<'_>| {
            tokio::task::yield_now().await;
            tx.record(said(printer(), "late".to_owned())).await
        }).await;
        match engine {
            Engine::Sqlite => assert!(matches!(waited, Err(StoreError::ForeignAwait)), "{waited:?}"),
            Engine::Postgres => assert_eq!(waited.unwrap().value, 1),
        }
        assert!(say(&db, printer(), "after").await.is_ok(), "the writer goes on");
    }

    async fn a_consumer_moves_its_cursor_once(engine) {
        let database = TestDatabase::create(engine, MIGRATIONS).await;
        let db = database.open().await;
        let start = db.read(async |r: &mut Reader<'_>| cursor::load(r, "search").await).await.unwrap();
        assert_eq!(start, Position::default());
        let to = Position { tx: 7, id: 9 };
        let step = |from: Position| {
            let db = db.clone();
            async move {
                db.write(async move |tx: &mut Tx<'_>| {
                    tx.commit_quietly("a cursor is no change that anybody asks about");
                    cursor::advance(tx, "search", from, to).await
                }).await
            }
        };
        step(start).await.unwrap();
        let again = step(start).await;
        assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
        let now = db.read(async |r: &mut Reader<'_>| cursor::load(r, "search").await).await.unwrap();
        assert_eq!(now, to);
    }

    async fn an_altered_event_breaks_its_chain(engine) {
        let database = TestDatabase::create(engine, MIGRATIONS).await;
        let db = database.open().await;
        for text in ["one", "two", "three"] {
            say(&db, printer(), text).await.unwrap();
        }
        db.write(async |tx: &mut Tx<'_>| {
            tx.commit_quietly("a forger at work");
            tx.execute("update event set payload = 'forged' where seq = 2", &[]).await
        }).await.unwrap();
        let events = events_of(&db, printer()).await;
        let mut before = Chain::default();
        let broken: Vec<i64> = events.iter().filter_map(|event| {
            let intact = event.chain == event.link(&before);
            before = event.chain;
            (!intact).then_some(event.seq)
        }).collect();
        assert_eq!(broken, [2]);
    }

    async fn two_nodes_that_start_at_once_migrate_once(engine) {
        let database = TestDatabase::create(engine, &[]).await;
        let (a, b) = (database.open().await, database.open().await);
        let (a, b) = tokio::join!(
            faff_store::migrate::run(&a, MIGRATIONS),
            faff_store::migrate::run(&b, MIGRATIONS),
        );
        assert_eq!(a.unwrap().len() + b.unwrap().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_commits_waiting_transactions_together() {
    let database = TestDatabase::create(Engine::Sqlite, MIGRATIONS).await;
    let db = database.open().await;
    let before = (db.counters().commits(), db.counters().groups());
    let mut writers = tokio::task::JoinSet::new();
    for n in 0..200 {
        let db = db.clone();
        writers
            .spawn(async move { say(&db, Stream::Task(TaskId::from_db(n % 5 + 1)), "hello").await.unwrap() });
    }
    while writers.join_next().await.is_some() {}
    let (commits, groups) = (db.counters().commits() - before.0, db.counters().groups() - before.1);
    assert_eq!(commits, 200);
    assert!(groups < 150, "{groups} commits for 200 transactions");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_finds_a_readers_place_without_reading_the_log() {
    let database = TestDatabase::create(Engine::Sqlite, MIGRATIONS).await;
    let db = database.open().await;
    db.counters().statements();
    read_after(&db, Position { tx: 0, id: 7 }, 100).await;
    let (sql, params) = db.counters().statements().remove(0);
    let plan: Vec<String> = db
        .read(async move |r: &mut Reader<'_>| {
            let explain = r.engine().explain(&sql);
            let rows: Vec<(i64, i64, i64, String)> = r.all(&explain, &params).await?;
            Ok::<_, StoreError>(rows.into_iter().map(|row| row.3).collect())
        })
        .await
        .unwrap();
    assert_eq!(plan, ["SEARCH e USING INDEX event_position (tx=? AND id>?)"]);
}
