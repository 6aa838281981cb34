//! A database of its own for every test, thrown away afterwards.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use faff_store::migrate::Migration;
use faff_store::{Db, Engine, Options, migrate};
use tokio_postgres::NoTls;

/// A fresh, migrated database; dropped with this value.
#[derive(Debug)]
pub struct TestDatabase {
    options: Options,
    /// What `DATABASE_URL` would say.
    pub url: String,
    folder: PathBuf,
    database: Option<String>,
}

impl TestDatabase {
    /// Makes one. PostgreSQL copies a template that the first test of a run migrates.
    pub async fn create(engine: Engine, migrations: &[Migration]) -> Self {
        mark_run(engine);
        match engine {
            Engine::Sqlite => {
                let database = Self::nothing(engine).await;
                migrate::run(&database.open().await, migrations).await.unwrap();
                database
            }
            Engine::Postgres => Self::copy_of(&template(migrations).await).await,
        }
    }

    /// Makes room for one: an empty database, or on SQLite no file at all.
    pub async fn nothing(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => {
                let folder = make_folder(&unique_name());
                let path = folder.join("faff.sqlite");
                let url = format!("sqlite:{}", path.display());
                Self { options: Options::Sqlite { path, readers: 2 }, url, folder, database: None }
            }
            Engine::Postgres => Self::copy_of("template0").await,
        }
    }

    /// A database of a PostgreSQL template.
    async fn copy_of(template: &str) -> Self {
        let name = unique_name();
        admin(&[&format!("create database {name} template {template}")]).await;
        let url = url_of(&name);
        Self { options: postgres(&url), url, folder: make_folder(&name), database: Some(name) }
    }

    /// One that is not dropped with this value, by how it is opened.
    pub(crate) fn of(options: Options, url: String, name: &str) -> Self {
        Self { options, url, folder: make_folder(name), database: None }
    }

    /// How to open it, again and by several at once.
    pub fn options(&self) -> Options {
        self.options.clone()
    }

    /// The same database for a second node; it is dropped with the first.
    #[cfg(feature = "app")]
    pub(crate) fn borrowed(&self) -> Self {
        Self { options: self.options.clone(), url: self.url.clone(), folder: PathBuf::new(), database: None }
    }

    /// Opens it.
    pub async fn open(&self) -> Db {
        Db::open(self.options()).await.unwrap()
    }

    /// Ends the connections on which nodes listen for notifications, and returns how many there were. PostgreSQL only.
    pub async fn cut_listeners(&self) -> u64 {
        let (client, connection) =
            tokio_postgres::connect(&self.url, NoTls).await.expect("PostgreSQL answers");
        let driver = tokio::spawn(connection);
        let cut = "select pg_terminate_backend(pid) from pg_stat_activity \
                   where datname = current_database() and pid <> pg_backend_pid() and query ilike 'listen%'";
        let cut = client.query(cut, &[]).await.unwrap().len();
        drop(client);
        let _ = driver.await;
        cut as u64
    }

    /// A folder that lives as long as the database.
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if !self.folder.as_os_str().is_empty() {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
        if let Some(name) = self.database.take() {
            let dropping = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(admin(&[&format!("drop database if exists {name} with (force)")]));
            });
            let _ = dropping.join();
        }
    }
}

fn postgres(url: &str) -> Options {
    Options::Postgres { address: Box::new(url.parse().unwrap()), replica: None, pool_max: 10 }
}

fn server_url() -> String {
    std::env::var("FAFF_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!("no PostgreSQL to test on: run the tests by `cargo xtask test`, or set FAFF_TEST_POSTGRES")
    })
}

fn url_of(database: &str) -> String {
    let server = server_url();
    let (base, _) = server.rsplit_once('/').expect("FAFF_TEST_POSTGRES ends in /DATABASE");
    format!("{base}/{database}")
}

/// A connection to a server, by whoever polls it.
pub(crate) async fn connected(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("PostgreSQL answers");
    tokio::spawn(connection);
    client
}

async fn admin(statements: &[&str]) {
    let (client, connection) =
        tokio_postgres::connect(&server_url(), NoTls).await.expect("PostgreSQL answers");
    let driver = tokio::spawn(connection);
    for statement in statements {
        client.batch_execute(statement).await.expect(statement);
    }
    drop(client);
    let _ = driver.await;
}

/// The name of a migrated database to copy, made by whichever test comes first.
async fn template(migrations: &[Migration]) -> String {
    let text: String = migrations.iter().map(|m| m.postgres).collect();
    let name = format!("template_{:016x}", fingerprint(&text));
    let (client, connection) =
        tokio_postgres::connect(&server_url(), NoTls).await.expect("PostgreSQL answers");
    let driver = tokio::spawn(connection);
    client.batch_execute("select pg_advisory_lock(4711)").await.unwrap();
    let ready = client.query_opt("select 1 from pg_database where datname = $1", &[&name]).await.unwrap();
    if ready.is_none() {
        let draft = unique_name();
        client.batch_execute(&format!("create database {draft}")).await.unwrap();
        let db = Db::open(postgres(&url_of(&draft))).await.unwrap();
        migrate::run(&db, migrations).await.unwrap();
        drop(db);
        // The pool closes its connections in its own time; a database in use cannot be renamed.
        let kick =
            format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{draft}'");
        client.batch_execute(&kick).await.unwrap();
        while client.batch_execute(&format!("alter database {draft} rename to {name}")).await.is_err() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
    client.batch_execute("select pg_advisory_unlock(4711)").await.unwrap();
    drop(client);
    let _ = driver.await;
    name
}

fn make_folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

pub(crate) fn unique_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let started = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos();
    format!(
        "faff_{}_{}_{}",
        std::process::id(),
        started % 1_000_000_000,
        NEXT.fetch_add(1, Ordering::Relaxed)
    )
}

/// FNV-1a, enough to tell sets of migrations apart.
fn fingerprint(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Tells the runner that a test really ran on this engine.
fn mark_run(engine: Engine) {
    mark(engine.name());
}

/// Tells the runner that a test really used what it provisioned under this name.
pub(crate) fn mark(name: &str) {
    if let Ok(folder) = std::env::var("FAFF_TEST_ENGINES") {
        let file = PathBuf::from(folder).join(name);
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file).unwrap();
        file.write_all(b".").unwrap();
    }
}
