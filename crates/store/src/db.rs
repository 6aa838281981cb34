//! The database: opening it, and the two ways in, [`Db::read`] and [`Db::write`].

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;

use crate::dialect::Engine;
use crate::postgres::{Postgres, PostgresAddress};
use crate::sqlite::Sqlite;
use crate::{Committed, Param, Reader, StoreError, Tx};

/// How a transaction that lost against another is tried again: this often, with a pause that doubles.
const ATTEMPTS: u32 = 8;
const FIRST_PAUSE: Duration = Duration::from_millis(2);

/// Which database, and how much of it to use.
#[derive(Debug, Clone)]
pub enum Options {
    /// A SQLite file, created when missing.
    Sqlite {
        /// The file; its folder must exist.
        path: PathBuf,
        /// Threads that read, at least 1.
        readers: usize,
    },
    /// A PostgreSQL server.
    Postgres {
        /// Where it is, and who asks.
        address: Box<PostgresAddress>,
        /// A replica of it, for [`Db::browse`].
        replica: Option<Box<PostgresAddress>>,
        /// Connections at most, to each.
        pool_max: usize,
    },
}

impl Options {
    /// The same, for work that nobody waits for: statements on PostgreSQL may take as long as they do, though locks are not waited
    /// for any longer, since requests queue behind who waits.
    #[must_use]
    pub fn patient(mut self) -> Self {
        if let Self::Postgres { address, .. } = &mut self {
            address.add_options("-c statement_timeout=0 -c idle_in_transaction_session_timeout=0");
        }
        self
    }
}

/// A handle on the database, cheap to clone.
#[derive(Debug, Clone)]
pub struct Db(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    backend: Backend,
    counters: Arc<Counters>,
}

#[derive(Debug)]
pub(crate) enum Backend {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// Connections to a database server.
#[derive(Debug, Clone, Copy)]
pub struct Connections {
    /// Those that are open.
    pub open: usize,
    /// Those that nobody uses.
    pub idle: usize,
    /// Callers that wait for one.
    pub waiting: usize,
}

/// How a replica is used.
#[derive(Debug, Clone, Copy)]
pub struct Replication {
    /// Whether reads go there now.
    pub used: bool,
    /// Reads that were served by it.
    pub served: u64,
    /// Reads that it was asked for, and the primary had to serve.
    pub missed: u64,
}

/// What the store has done since it was opened, for metrics and for tests that count.
#[derive(Debug, Default)]
pub struct Counters {
    queries: AtomicU64,
    commits: AtomicU64,
    groups: AtomicU64,
    retries: AtomicU64,
    /// What is sent, once somebody has asked for it.
    statements: OnceLock<Mutex<Vec<Sent>>>,
}

/// A statement that was sent, with its parameters.
pub type Sent = (String, Vec<Param<'static>>);

impl Counters {
    pub(crate) fn count_query(&self, sql: &str, params: &[Param<'_>]) {
        self.queries.fetch_add(1, Ordering::Relaxed);
        if let Some(statements) = self.statements.get() {
            let params = params.iter().cloned().map(Param::into_owned).collect();
            let mut statements = statements.lock().unwrap_or_else(PoisonError::into_inner);
            statements.push((sql.to_owned(), params));
        }
    }
    pub(crate) fn count_commits(&self, transactions: u64) {
        self.commits.fetch_add(transactions, Ordering::Relaxed);
        self.groups.fetch_add(1, Ordering::Relaxed);
    }
    fn count_retry(&self) {
        self.retries.fetch_add(1, Ordering::Relaxed);
    }
    /// Statements sent for callers, not counting those that begin and end transactions.
    pub fn queries(&self) -> u64 {
        self.queries.load(Ordering::Relaxed)
    }
    /// Takes the statements that were sent since the last call; the first call begins to keep them. For tests of
    /// what a request asks the database, and of plans.
    pub fn statements(&self) -> Vec<Sent> {
        let statements = self.statements.get_or_init(Mutex::default);
        std::mem::take(&mut *statements.lock().unwrap_or_else(PoisonError::into_inner))
    }
    /// Transactions committed.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }
    /// Commits made; below [`Counters::commits`] where several transactions shared one.
    pub fn groups(&self) -> u64 {
        self.groups.load(Ordering::Relaxed)
    }
    /// Transactions tried again because they lost against another.
    pub fn retries(&self) -> u64 {
        self.retries.load(Ordering::Relaxed)
    }
}

impl Db {
    /// Opens the database. Run [`crate::migrate::run`] before anything else.
    pub async fn open(options: Options) -> Result<Self, StoreError> {
        let counters = Arc::new(Counters::default());
        let backend = match options {
            Options::Sqlite { path, readers } => Backend::Sqlite(Sqlite::open(&path, readers, &counters)?),
            Options::Postgres { address, replica, pool_max } => {
                let replica = replica.map(|replica| *replica);
                Backend::Postgres(Postgres::open(*address, replica, pool_max, counters.clone()).await?)
            }
        };
        Ok(Self(Arc::new(Inner { backend, counters })))
    }

    pub(crate) fn backend(&self) -> &Backend {
        &self.0.backend
    }

    /// The engine behind this handle.
    pub fn engine(&self) -> Engine {
        match self.0.backend {
            Backend::Sqlite(_) => Engine::Sqlite,
            Backend::Postgres(_) => Engine::Postgres,
        }
    }

    /// What the store has done so far.
    pub fn counters(&self) -> &Counters {
        &self.0.counters
    }

    /// The connections to the server; `None` when the database is embedded.
    pub fn connections(&self) -> Option<Connections> {
        match &self.0.backend {
            Backend::Sqlite(_) => None,
            Backend::Postgres(postgres) => Some(postgres.connections()),
        }
    }

    /// How its replica is used, if it was given one.
    pub fn replication(&self) -> Option<Replication> {
        match &self.0.backend {
            Backend::Sqlite(_) => None,
            Backend::Postgres(postgres) => postgres.replication(),
        }
    }

    /// Hands on what other processes on the same database say on a channel, as far as it is heard: a hint, never the
    /// truth. `false` when the engine has no such thing.
    pub fn listen(&self, channel: &'static str, heard: mpsc::Sender<String>) -> bool {
        match &self.0.backend {
            Backend::Sqlite(_) => false,
            Backend::Postgres(postgres) => {
                postgres.listen(channel, heard);
                true
            }
        }
    }

    /// Says something on a channel, at most 7,999 bytes (PostgreSQL's limit), to every process that listens, this one
    /// included.
    pub async fn notify(&self, channel: &'static str, said: &str) -> Result<(), StoreError> {
        match &self.0.backend {
            Backend::Sqlite(_) => Ok(()),
            Backend::Postgres(postgres) => postgres.notify(channel, said).await,
        }
    }

    /// Reads. The closure is called once; on SQLite it runs on a reader's thread and may wait for nothing but
    /// the store.
    pub async fn read<T, E, F>(&self, read: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Reader<'_>) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.0.backend {
            Backend::Sqlite(sqlite) => sqlite.read(read, false).await,
            Backend::Postgres(postgres) => postgres.read(read).await,
        }
    }

    /// Reads what may come from a replica, and finds what [`Db::read`] would find. The closure may be called again, when the
    /// replica went away meanwhile.
    pub async fn browse<T, E, F>(&self, read: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Reader<'_>) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.0.backend {
            Backend::Sqlite(sqlite) => sqlite.read(read, false).await,
            Backend::Postgres(postgres) => postgres.browse(read).await,
        }
    }

    /// Reads what is found by its key: a row or a few, at once. On PostgreSQL several look-ups share a connection, so a slow
    /// one would hold up others; what searches, or reads a page, is for [`Db::read`].
    pub async fn look_up<T, E, F>(&self, read: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Reader<'_>) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.0.backend {
            Backend::Sqlite(sqlite) => sqlite.read(read, false).await,
            Backend::Postgres(postgres) => postgres.look_up(read).await,
        }
    }

    /// Reads several things as they were at one moment.
    pub async fn snapshot<T, E, F>(&self, read: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Reader<'_>) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.0.backend {
            Backend::Sqlite(sqlite) => sqlite.read(read, true).await,
            Backend::Postgres(postgres) => postgres.snapshot(read).await,
        }
    }

    /// Changes something, in one transaction. The closure may be called again when the transaction lost against
    /// another, so it must not have effects outside the store. An error it returns rolls everything back. When
    /// this returns `Ok`, the change is durable.
    pub async fn write<T, E, F>(&self, change: F) -> Result<Committed<T>, E>
    where
        F: AsyncFn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let committed = match &self.0.backend {
            Backend::Sqlite(sqlite) => sqlite.write(change).await?,
            Backend::Postgres(postgres) => {
                let mut attempt = 1;
                loop {
                    match postgres.write(&change).await {
                        Ok(committed) => break committed,
                        Err((_, true)) if attempt < ATTEMPTS => {
                            self.0.counters.count_retry();
                            tokio::time::sleep(FIRST_PAUSE * 2_u32.pow(attempt)).await;
                            attempt += 1;
                        }
                        Err((error, _)) => return Err(error),
                    }
                }
            }
        };
        Ok(committed)
    }

    /// Runs statements of a migration: several, separated by semicolons, all or none of them.
    pub(crate) async fn batch(&self, sql: String) -> Result<(), StoreError> {
        match &self.0.backend {
            Backend::Sqlite(sqlite) => sqlite.batch(sql).await,
            Backend::Postgres(postgres) => postgres.batch(&sql).await,
        }
    }
}
