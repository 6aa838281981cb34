//! What a transaction tells its caller and other processes, what it waits for, and how it is tried again.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use faff_store::log::{self, Logged, NewEvent, Page, Stream};
use faff_store::migrate::Migration;
use faff_store::{Db, Engine, Reader, StoreError, Texts, Tx, View, params};
use faff_testkit::{TestDatabase, on_both_engines};
use faff_types::{Position, TaskId, Timestamp, UserId};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// The log, and a table whose text is indexed.
const MIGRATIONS: &[Migration] = &[
    LOG[0],
    Migration {
        number: 2,
        name: "note",
        sqlite: "create table note (id integer primary key, content text not null, private boolean); \
                 create view note_words as select id, \
                 content || case when private then ' ' || char(983040) else '' end as words from note; \
                 create virtual table note_text using fts5 (content, content = '', contentless_delete = 1)",
        postgres: "create table note (id bigint primary key, content text not null, private boolean, \
                   text_index tsvector generated always as (to_tsvector('simple', content)) stored)",
    },
];
const LOG: &[Migration] = faff_store::migrations![1 "0001_log"];

const PRINTER: Stream = Stream::Task(TaskId::from_db(1));

fn said(stream: Stream, payload: &str) -> NewEvent {
    let (at, payload) = (Timestamp::from_millis(1_795_000_000_000), payload.to_owned());
    NewEvent { stream, kind: "said", actor: None, at, audience: "everyone".to_owned(), payload }
}

async fn open(engine: Engine) -> (TestDatabase, Db) {
    let database = TestDatabase::create(engine, MIGRATIONS).await;
    let db = database.open().await;
    (database, db)
}

async fn say(db: &Db, stream: Stream, text: &'static str) -> i64 {
    db.write(async move |tx: &mut Tx<'_>| tx.record(said(stream, text)).await).await.unwrap().value
}

async fn page(db: &Db, position: Position, limit: usize) -> Page {
    db.read(async move |r: &mut Reader<'_>| log::page(r, position, limit).await).await.unwrap()
}

async fn after(db: &Db, position: Position) -> Vec<Logged> {
    let read = db.read(async move |r: &mut Reader<'_>| log::after(r, position, 100).await).await;
    read.unwrap().into_iter().map(|(_, event)| event).collect()
}

async fn behind(db: &Db, position: Position, most: usize) -> i64 {
    db.read(async move |r: &mut Reader<'_>| log::behind(r, position, most).await).await.unwrap()
}

async fn head_of(db: &Db, stream: Stream) -> Option<i64> {
    db.read(async move |r: &mut Reader<'_>| log::head_of(r, stream).await).await.unwrap()
}

/// The notes that hold a word.
async fn found(db: &Db, word: &'static str) -> Vec<i64> {
    found_among(db, word, Texts::All).await
}

async fn found_among(db: &Db, word: &'static str, texts: Texts<'static>) -> Vec<i64> {
    let read = db.read(async move |r: &mut Reader<'_>| {
        let engine = r.engine();
        let matches = engine.matches_text("note", "n", 1, texts);
        let sql = format!("select id from note n where {matches} order by id");
        r.all::<i64>(&sql, &params![engine.text_query(word).unwrap()]).await
    });
    read.await.unwrap()
}

on_both_engines! {
    async fn a_stream_is_one_number_and_back(engine) {
        let (_database, db) = open(engine).await;
        let streams = [(PRINTER, 1), (Stream::User(UserId::from_db(1)), -1), (Stream::Workspace, 0)];
        for (stream, number) in streams {
            assert_eq!((stream.to_db(), Stream::from_db(number)), (number, stream));
            // Each counts for itself.
            assert_eq!(say(&db, stream, "first").await, 1);
        }
        let read = db.read(async |r: &mut Reader<'_>| log::of_stream(r, Stream::User(UserId::from_db(1)), 0, 9).await);
        assert_eq!(read.await.unwrap().len(), 1);
    }

    async fn a_reader_knows_what_lies_behind_it(engine) {
        let (_database, db) = open(engine).await;
        assert_eq!((page(&db, Position::default(), 9).await.end(), head_of(&db, PRINTER).await), (None, None));
        say(&db, PRINTER, "one").await;
        say(&db, PRINTER, "two").await;
        assert_eq!(head_of(&db, PRINTER).await, Some(2));
        let start = Position::default();
        assert_eq!((behind(&db, start, 9).await, behind(&db, start, 1).await), (2, 1));
        let first = page(&db, start, 1).await.end().unwrap();
        assert_eq!(behind(&db, first, 9).await, 1);
        let next = page(&db, first, 9).await;
        let texts: Vec<&str> =
            next.settled.iter().map(|(_, event)| event).chain(&next.ahead).map(|event| event.payload.as_str()).collect();
        assert_eq!(texts, ["two"]);
        let last = next.end().unwrap();
        assert_eq!((behind(&db, last, 9).await, page(&db, last, 9).await.end()), (0, None));
    }

    async fn from_the_head_on_comes_what_is_new(engine) {
        let (_database, db) = open(engine).await;
        say(&db, PRINTER, "old").await;
        // Transactions of other tests in the same cluster keep it from being settled, for as long as they last.
        while after(&db, Position::default()).await.is_empty() {
            tokio::task::yield_now().await;
        }
        let head = db.read(async |r: &mut Reader<'_>| log::head(r).await).await.unwrap();
        say(&db, PRINTER, "new").await;
        let mut events = Vec::new();
        while events.is_empty() {
            events = after(&db, head).await;
        }
        assert_eq!(events.iter().map(|event| event.payload.as_str()).collect::<Vec<_>>(), ["new"]);
    }

    async fn what_is_put_at_hand_comes_back_with_the_commit(engine) {
        let (_database, db) = open(engine).await;
        let shown = |seq| View { stream: PRINTER, seq, json: format!("{{\"n\":{seq}}}") };
        let committed = db.write(async move |tx: &mut Tx<'_>| {
            for text in ["one", "two"] {
                let seq = tx.record(said(PRINTER, text)).await?;
                tx.show(shown(seq));
            }
            tx.tell(UserId::from_db(7));
            let (events, views) = tx.recorded();
            Ok::<_, StoreError>((events.len(), views.len()))
        });
        let committed = committed.await.unwrap();
        assert_eq!(committed.value, (2, 2));
        assert_eq!(committed.views, [shown(1), shown(2)]);
        assert_eq!(committed.told.into_iter().collect::<Vec<_>>(), [UserId::from_db(7)]);
        assert_eq!(committed.events.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 2]);
    }

    async fn who_knows_where_a_stream_ends_is_not_asked_again(engine) {
        let (_database, db) = open(engine).await;
        db.counters().statements();
        let begun = db.write(async |tx: &mut Tx<'_>| {
            tx.begin_stream(PRINTER);
            let expected = tx.next_seq(PRINTER);
            Ok::<_, StoreError>((expected, tx.record(said(PRINTER, "one")).await?, tx.next_seq(PRINTER)))
        });
        let begun = begun.await.unwrap();
        assert_eq!(begun.value, (1, 1, 2));
        let chain = begun.events[0].chain;
        let held = db.write(async move |tx: &mut Tx<'_>| {
            tx.lock(PRINTER).await?;
            tx.hold(PRINTER, 1, &chain)?;
            let expected = tx.next_seq(PRINTER);
            let seq = tx.record(said(PRINTER, "two")).await?;
            // What this has recorded counts, whatever the database says of it.
            tx.hold(PRINTER, 1, &chain)?;
            Ok::<_, StoreError>((expected, seq, tx.next_seq(PRINTER)))
        });
        let held = held.await.unwrap();
        assert_eq!(held.value, (2, 2, 3));
        assert_eq!(held.events[0].chain, held.events[0].link(&chain));
        let sent = db.counters().statements();
        assert!(sent.iter().all(|(sql, _)| !sql.contains("from stream")), "{sent:?}");
        let damaged = db.write(async |tx: &mut Tx<'_>| tx.hold(PRINTER, 2, &[1, 2, 3])).await;
        assert!(matches!(damaged, Err(StoreError::Database(_))), "{damaged:?}");
    }

    async fn who_holds_a_name_is_alone_with_it(engine) {
        let (_database, db) = open(engine).await;
        db.write(async |tx: &mut Tx<'_>| {
            tx.commit_quietly("a test");
            tx.execute("insert into consumer (name, tx, id) values ('count', 0, 0)", &[]).await
        }).await.unwrap();
        let mut writers = JoinSet::new();
        for _ in 0..8 {
            let db = db.clone();
            writers.spawn(async move {
                for _ in 0..25 {
                    let counted = db.write(async |tx: &mut Tx<'_>| {
                        tx.commit_quietly("a test");
                        tx.lock_name("count").await?;
                        let count: i64 = tx.one("select id from consumer where name = 'count'", &[]).await?;
                        tx.execute("update consumer set id = $1 where name = 'count'", &params![count + 1]).await
                    });
                    counted.await.unwrap();
                }
            });
        }
        writers.join_all().await;
        let count = db.read(async |r: &mut Reader<'_>| r.one::<i64>("select id from consumer", &[]).await);
        assert_eq!(count.await.unwrap(), 200);
    }

    async fn a_text_is_found_from_its_commit_until_it_is_taken_out(engine) {
        let (_database, db) = open(engine).await;
        db.write(async |tx: &mut Tx<'_>| {
            tx.commit_quietly("a test");
            for (id, text) in [(1, "toner is empty"), (2, "paper is empty"), (3, "toner again")] {
                tx.later("insert into note (id, content) values ($1, $2)", &params![id, text]).await?;
                tx.index_text("note", id);
            }
            Ok::<_, StoreError>(())
        }).await.unwrap();
        assert_eq!((found(&db, "toner").await, found(&db, "empty").await), (vec![1, 3], vec![1, 2]));
        db.write(async |tx: &mut Tx<'_>| {
            tx.commit_quietly("a test");
            tx.execute("update note set content = 'all is well' where id = 1", &[]).await?;
            tx.index_text("note", 1);
            tx.forget_texts("note", "select id from note where id > $1", &params![2]).await?;
            tx.execute("delete from note where id > 2", &[]).await?;
            // Another note of the same number is not found by what the first one said.
            tx.execute("insert into note (id, content) values (3, 'nothing')", &[]).await
        }).await.unwrap();
        assert_eq!((found(&db, "toner").await, found(&db, "empty").await), (vec![], vec![2]));
        assert_eq!(found(&db, "well").await, [1]);
    }

    async fn private_texts_are_left_out_of_what_is_open(engine) {
        let (_database, db) = open(engine).await;
        db.write(async |tx: &mut Tx<'_>| {
            tx.commit_quietly("a test");
            for (id, private) in [(1, Some(false)), (2, Some(true)), (3, None)] {
                let sql = "insert into note (id, content, private) values ($1, 'toner', $2)";
                tx.later(sql, &params![id, private]).await?;
                tx.index_text("note", id);
            }
            Ok::<_, StoreError>(())
        }).await.unwrap();
        let open = Texts::Open("n.private is not true");
        assert_eq!(found(&db, "toner").await, [1, 2, 3]);
        assert_eq!(found_among(&db, "toner", open).await, [1, 3]);
        // What is private by the end of the commit counts, not when it was said.
        db.write(async |tx: &mut Tx<'_>| {
            tx.commit_quietly("a test");
            for id in [1, 2] {
                tx.index_text("note", id);
            }
            tx.execute("update note set private = id = 1 where id < 3", &[]).await
        }).await.unwrap();
        assert_eq!(found_among(&db, "ton", open).await, [2, 3]);
    }

    async fn what_was_done_is_counted(engine) {
        let (_database, db) = open(engine).await;
        let counted = || (db.counters().commits(), db.counters().groups());
        let (before, queries) = (counted(), db.counters().queries());
        for _ in 0..3 {
            say(&db, PRINTER, "hello").await;
        }
        assert_eq!(counted(), (before.0 + 3, before.1 + 3), "one after the other, each is a commit of its own");
        assert!(db.counters().queries() >= queries + 9, "each reads a head, and writes it and an event");
        assert_eq!(db.counters().retries(), 0);
        match engine {
            Engine::Sqlite => assert!(db.connections().is_none()),
            Engine::Postgres => {
                let pool = db.connections().unwrap();
                assert!(pool.open > 0 && pool.idle <= pool.open && pool.waiting == 0, "{pool:?}");
            }
        }
    }

    async fn other_processes_hear_what_is_said(engine) {
        let (database, db) = open(engine).await;
        let other = database.open().await;
        let (heard, mut hears) = mpsc::channel(100);
        assert_eq!(other.listen("news", heard), engine == Engine::Postgres);
        db.notify("news", "hello").await.unwrap();
        if engine == Engine::Sqlite {
            assert_eq!(hears.recv().await, None, "nobody will ever say anything");
            return;
        }
        // What is said before it listens is not heard.
        let said = tokio::time::timeout(Duration::from_secs(30), async {
            loop {
                db.notify("news", "hello").await.unwrap();
                if let Ok(said) = tokio::time::timeout(Duration::from_millis(20), hears.recv()).await {
                    return said;
                }
            }
        });
        assert_eq!(said.await.unwrap().as_deref(), Some("hello"));
    }
}

/// A statement that fails as one does that lost against another transaction.
const LOST: &str = "do $$ begin raise exception 'lost' using errcode = 'serialization_failure'; end $$";

/// Runs a transaction that loses this often, and returns what came of it, with how often it was begun.
async fn lose(db: &Db, times: u32) -> (Result<i64, StoreError>, u32) {
    let begun = Arc::new(AtomicU32::new(0));
    let count = begun.clone();
    let written = db.write(async move |tx: &mut Tx<'_>| {
        let attempt = count.fetch_add(1, Ordering::SeqCst) + 1;
        assert!(attempt < 20, "it is given up some time");
        if attempt <= times {
            tx.execute(LOST, &[]).await?;
        }
        tx.record(said(PRINTER, "won")).await
    });
    (written.await.map(|committed| committed.value), begun.load(Ordering::SeqCst))
}

/// SQLite has one writer, which loses against nobody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statements_on_postgres_end_after_half_a_minute_unless_nobody_waits_for_them() {
    let database = TestDatabase::create(Engine::Postgres, MIGRATIONS).await;
    for (options, expected) in
        [(database.options(), ("30s", "10s")), (database.options().patient(), ("0", "10s"))]
    {
        let db = Db::open(options).await.unwrap();
        let read = db.read(async |r: &mut Reader<'_>| {
            let sql = "select current_setting('statement_timeout'), current_setting('lock_timeout')";
            r.one::<(String, String)>(sql, &[]).await
        });
        let (statement, lock) = read.await.unwrap();
        assert_eq!((statement.as_str(), lock.as_str()), expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_loses_is_tried_eight_times() {
    let (_database, db) = open(Engine::Postgres).await;
    let (won, begun) = lose(&db, 7).await;
    assert_eq!((won.unwrap(), begun, db.counters().retries()), (1, 8, 7));
    let (lost, begun) = lose(&db, 8).await;
    assert!(matches!(lost, Err(StoreError::Conflict(_))), "{lost:?}");
    assert_eq!((begun, db.counters().retries(), head_of(&db, PRINTER).await), (8, 14, Some(1)));
}
