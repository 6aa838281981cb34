//! Kills `faff migrate` with SIGKILL at one moment after the other, and then lets it end: the schema is what it would have
//! been, and the server works on it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::process::Stdio;
use std::time::Duration;

use crate::process::{Sender, Server, command};
use faff_testkit::{Engine, TestDatabase, on_both_engines};

/// Everything that there is, as text, in some order that is always the same.
async fn schema(engine: Engine, database: &TestDatabase) -> Vec<String> {
    match engine {
        Engine::Sqlite => {
            let connection = rusqlite::Connection::open(database.url.trim_start_matches("sqlite:")).unwrap();
            let mut all =
                connection.prepare("select sql from sqlite_master where sql <> '' order by 1").unwrap();
            all.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
        }
        Engine::Postgres => {
            let (client, connection) =
                tokio_postgres::connect(&database.url, tokio_postgres::NoTls).await.unwrap();
            let connection = tokio::spawn(connection);
            let all = "select concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) \
                       from information_schema.columns where table_schema = 'public' \
                       union all select indexdef from pg_indexes where schemaname = 'public' \
                       union all select conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint \
                       where connamespace = 'public'::regnamespace order by 1";
            let rows = client.query(all, &[]).await.unwrap();
            drop(client);
            connection.await.unwrap().unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        }
    }
}

fn migrate(database: &TestDatabase) -> std::process::Command {
    let mut migrate = command(database, None, database.folder());
    migrate.arg("migrate").stdout(Stdio::null()).stderr(Stdio::null());
    migrate
}

on_both_engines! {
    async fn migrations_that_are_killed_are_done_by_the_next_who_tries(engine) {
        let whole = TestDatabase::create(engine, &[]).await;
        assert!(migrate(&whole).status().unwrap().success());
        let whole = schema(engine, &whole).await;
        assert!(whole.len() > 30, "{whole:?}");

        let database = TestDatabase::create(engine, &[]).await;
        let (mut killed, mut steps) = (0, std::collections::BTreeSet::new());
        for patience in (0..).map(|n| Duration::from_millis(4 * n)) {
            let mut child = migrate(&database).spawn().unwrap();
            tokio::time::sleep(patience).await;
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.success(), "after {killed} kills: {status}");
                break;
            }
            child.kill().unwrap();
            child.wait().unwrap();
            killed += 1;
            steps.insert(schema(engine, &database).await.len());
        }
        println!("{killed} kills, {} states of the schema seen between", steps.len());
        assert!(killed > 0, "nothing was killed");
        assert_eq!(schema(engine, &database).await, whole);

        let server = Server::start({
            let mut serve = command(&database, None, database.folder());
            serve.arg("serve");
            serve
        }).await;
        let bo = Sender::register(&server.url).await;
        assert_eq!(bo.say(&server.url, "It is all there.").await, 201);
        let verified = command(&database, None, database.folder()).arg("verify").output().unwrap();
        assert!(verified.status.success(), "{verified:?}");
    }
}
