//! A database on a PostgreSQL server that a replica follows, with control of how far that is.

use faff_store::migrate::Migration;
use faff_store::{Db, Options, migrate};
use tokio_postgres::Client;

use crate::TestDatabase;
use crate::database::{connected, mark, unique_name};

/// A fresh, migrated database that is replicated; dropped with this value. One at a time of all processes: what is done to the
/// replica concerns all of its databases.
#[derive(Debug)]
pub struct TestReplicated {
    name: String,
    /// Holds the lock that keeps others away.
    turn: Client,
}

impl TestReplicated {
    /// Makes one, and waits until the replica has it.
    pub async fn create(migrations: &[Migration]) -> Self {
        mark("replica");
        let turn = connected(&server("FAFF_TEST_PRIMARY")).await;
        turn.batch_execute("select pg_advisory_lock(4712)").await.unwrap();
        let name = unique_name();
        turn.batch_execute(&format!("create database {name}")).await.unwrap();
        let replicated = Self { name, turn };
        // Whoever was killed may have left it so.
        replicated.reset().await;
        let options = Options::Postgres {
            address: Box::new(replicated.url().parse().unwrap()),
            replica: None,
            pool_max: 2,
        };
        migrate::run(&Db::open(options).await.unwrap(), migrations).await.unwrap();
        replicated.caught_up().await;
        replicated
    }

    /// Waits until the replica has all that is there by now.
    async fn caught_up(&self) {
        let row = self.turn.query_one("select pg_current_wal_flush_lsn()::text", &[]).await.unwrap();
        let (there, replica) = (row.get::<_, String>(0), connected(&server("FAFF_TEST_REPLICA")).await);
        let has_all = "select coalesce(pg_last_wal_replay_lsn() >= $1::text::pg_lsn, false)";
        while !replica.query_one(has_all, &[&there]).await.unwrap().get::<_, bool>(0) {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    /// The address of the database, and of its replica.
    pub fn url(&self) -> String {
        of(&server("FAFF_TEST_PRIMARY"), &self.name)
    }

    /// See [`Self::url`].
    pub fn replica_url(&self) -> String {
        of(&server("FAFF_TEST_REPLICA"), &self.name)
    }

    /// How to open it, with this replica.
    pub fn options(&self, replica: &str) -> Options {
        Options::Postgres {
            address: Box::new(self.url().parse().unwrap()),
            replica: Some(Box::new(replica.parse().unwrap())),
            pool_max: 10,
        }
    }

    /// The same for applications, which have their files beside it.
    pub fn database(&self) -> TestDatabase {
        TestDatabase::of(self.options(&self.replica_url()), self.url(), &self.name)
    }

    /// Keeps the replica where it is, from when this returns.
    pub async fn pause(&self) {
        let replica = connected(&server("FAFF_TEST_REPLICA")).await;
        replica.batch_execute("select pg_wal_replay_pause()").await.unwrap();
        // It is asked for, and comes a moment later.
        let state = "select pg_get_wal_replay_pause_state() = 'paused'";
        while !replica.query_one(state, &[]).await.unwrap().get::<_, bool>(0) {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    /// Lets it go on.
    pub async fn resume(&self) {
        on_replica("select pg_wal_replay_resume()").await;
    }

    /// Keeps the replica so many milliseconds behind.
    pub async fn delay(&self, millis: u32) {
        on_replica(&format!("alter system set recovery_min_apply_delay = {millis}")).await;
        on_replica("select pg_reload_conf()").await;
    }

    /// Ends the connections to the database on the replica, and tells how many there were.
    pub async fn cut(&self) -> usize {
        let replica = connected(&server("FAFF_TEST_REPLICA")).await;
        let cut = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1";
        replica.query(cut, &[&self.name]).await.unwrap().len()
    }

    async fn reset(&self) {
        self.delay(0).await;
        self.resume().await;
    }
}

impl Drop for TestReplicated {
    fn drop(&mut self) {
        let name = self.name.clone();
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                on_replica("select pg_wal_replay_resume()").await;
                on_replica("alter system reset recovery_min_apply_delay").await;
                on_replica("select pg_reload_conf()").await;
                let primary = connected(&server("FAFF_TEST_PRIMARY")).await;
                let drop = format!("drop database if exists {name} with (force)");
                primary.batch_execute(&drop).await.unwrap();
            });
        });
        let _ = dropping.join();
    }
}

async fn on_replica(statement: &str) {
    connected(&server("FAFF_TEST_REPLICA")).await.batch_execute(statement).await.expect(statement);
}

fn server(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("no replicated PostgreSQL to test on: run the tests by `cargo xtask test`, or set {name}")
    })
}

fn of(server: &str, database: &str) -> String {
    let (base, _) = server.rsplit_once('/').expect("the address ends in /DATABASE");
    format!("{base}/{database}")
}
