//! PostgreSQL: a pool of connections, prepared statements, and as few round trips as the work allows.
//!
//! Invariants:
//! - `BEGIN` travels with a transaction's first statement, deferred statements travel with the next one or with
//!   `COMMIT`. Every result is looked at: a `COMMIT` behind a failed statement answers `ROLLBACK` without an error.
//! - A connection whose transaction did not end in order (a panic, a dropped future) is closed, never reused.

mod address;
mod copy;
mod replica;
mod shared;

use std::future::{Future, poll_fn};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use faff_types::{Planted, Point};
use futures_util::future::{join, join_all};
use futures_util::{FutureExt, TryStreamExt, pin_mut};
use tokio::sync::mpsc;
use tokio_postgres::{AsyncMessage, RowStream, Statement};

pub use self::address::{PostgresAddress, Security};
pub(crate) use self::copy::Held;
use self::replica::Replica;
use self::shared::Shared;
use crate::db::{Connections, Counters, Replication};
use crate::reader::{Conn, check_columns};
use crate::{Committed, FromRow, Param, Reader, Row, StoreError, Tx};

/// How long to wait for a free connection, and for a new one.
const ACQUIRE: Duration = Duration::from_secs(30);
/// A connection that was not used for this long is closed.
const IDLE: Duration = Duration::from_secs(10);
/// Statements that run longer, and transactions that idle longer, are ended by the server: an open transaction
/// delays every reader of the log. Requests are short and come together: none is worth processes of its own to share its
/// work with, or machine code.
const SESSION: &str = "-c statement_timeout=30s -c idle_in_transaction_session_timeout=10s -c lock_timeout=10s \
    -c max_parallel_workers_per_gather=0 -c jit=off";
/// Prepared statements that one connection keeps before it starts over.
const STATEMENTS: usize = 512;
/// How long after a connection that listened has broken another is tried.
const LISTEN_AGAIN: Duration = Duration::from_millis(500);

#[derive(Debug)]
pub(crate) struct Postgres {
    pool: Pool,
    /// For connections that are not of the pool.
    address: Box<PostgresAddress>,
    /// The same as it was given, for other programs.
    own: Box<PostgresAddress>,
    shared: Arc<Shared>,
    replica: Option<Arc<Replica>>,
    counters: Arc<Counters>,
}

impl Postgres {
    pub(crate) async fn open(
        address: PostgresAddress,
        replica: Option<PostgresAddress>,
        pool_max: usize,
        counters: Arc<Counters>,
    ) -> Result<Self, StoreError> {
        let own = Box::new(address.clone());
        let address = address.changed(session);
        let manager = Manager::from_config(
            address.config().clone(),
            address.tls(),
            ManagerConfig { recycling_method: RecyclingMethod::Fast },
        );
        let pool = Pool::builder(manager)
            .max_size(pool_max)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(ACQUIRE))
            .create_timeout(Some(ACQUIRE))
            .build()
            .map_err(|e| StoreError::Unavailable(e.to_string()))?;
        // Fail here, with the server's own words, rather than at the first request.
        drop(pool.get().await?);
        let shared = Arc::new(Shared::new(pool_max));
        close_idle(&pool, &shared);
        let replica =
            replica.map(|replica| Replica::open(&address, replica.changed(session), pool_max)).transpose()?;
        Ok(Self { pool, address: Box::new(address), own, shared, replica, counters })
    }

    pub(crate) fn connections(&self) -> Connections {
        let status = self.pool.status();
        Connections { open: status.size, idle: status.available, waiting: status.waiting }
    }

    pub(crate) async fn read<T, E, F>(&self, read: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Reader<'_>) -> Result<T, E>,
        E: From<StoreError>,
    {
        let object = self.get().await?;
        let mut reader =
            Reader { conn: Conn::Postgres(PgConn::new(&object, None)), counters: &self.counters };
        read(&mut reader).await
    }

    /// Reads from the replica, if there is one that makes no difference; what fails there for its own reasons is read again.
    pub(crate) async fn browse<T, E, F>(&self, read: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Reader<'_>) -> Result<T, E>,
        E: From<StoreError>,
    {
        let Some(replica) = &self.replica else { return self.read(read).await };
        let Some(object) = replica.turn().await else { return self.read(read).await };
        let mut reader =
            Reader { conn: Conn::Postgres(PgConn::new(&object, None)), counters: &self.counters };
        let done = read(&mut reader).await;
        let Conn::Postgres(conn) = &reader.conn else { return done };
        if done.is_err() && (conn.conflict || conn.lost) {
            replica.miss();
            drop(reader);
            drop(object);
            return self.read(read).await;
        }
        replica.serve();
        done
    }

    pub(crate) fn replication(&self) -> Option<Replication> {
        self.replica.as_ref().map(|replica| replica.replication())
    }

    pub(crate) async fn look_up<T, E, F>(&self, read: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Reader<'_>) -> Result<T, E>,
        E: From<StoreError>,
    {
        let Some(turn) = self.shared.turn(&self.pool).await? else {
            return self.read(read).await;
        };
        let conn = PgConn::new(turn.object(), None);
        read(&mut Reader { conn: Conn::Postgres(conn), counters: &self.counters }).await
    }

    pub(crate) async fn snapshot<T, E, F>(&self, read: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Reader<'_>) -> Result<T, E>,
        E: From<StoreError>,
    {
        let guard = Guard(Some(self.get().await?));
        let object = guard.object()?;
        let conn = PgConn::new(object, Some("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
        let mut reader = Reader { conn: Conn::Postgres(conn), counters: &self.counters };
        let value = read(&mut reader).await?;
        object.batch_execute("COMMIT").await.map_err(StoreError::from)?;
        guard.done();
        Ok(value)
    }

    /// Hands on what is said on a channel, from now until `heard` is closed. What is said while the server cannot be
    /// reached is not heard.
    pub(crate) fn listen(&self, channel: &'static str, heard: mpsc::Sender<String>) {
        let address = self.address.clone();
        tokio::spawn(async move {
            while !heard.is_closed() {
                if let Err(error) = listen_once(&address, channel, &heard).await {
                    tracing::debug!(%error, channel, "not listening");
                }
                tokio::time::sleep(LISTEN_AGAIN).await;
            }
        });
    }

    /// Says something on a channel. A transaction of its own: PostgreSQL commits those that notify one after the other.
    pub(crate) async fn notify(&self, channel: &'static str, said: &str) -> Result<(), StoreError> {
        let object = self.get().await?;
        let statement = object.prepare_cached("select pg_notify($1, $2)").await?;
        object.execute(&statement, &[&channel, &said]).await?;
        Ok(())
    }

    /// One attempt. The error says whether another attempt may succeed.
    pub(crate) async fn write<T, E, F>(&self, change: &F) -> Result<Committed<T>, (E, bool)>
    where
        F: AsyncFn(&mut Tx<'_>) -> Result<T, E>,
        E: From<StoreError>,
    {
        let final_error = |error: StoreError| (E::from(error), false);
        let guard = Guard(Some(self.get().await.map_err(final_error)?));
        let object = guard.object().map_err(final_error)?;
        let conn = PgConn::new(object, Some("BEGIN"));
        let mut tx = Tx::new(Reader { conn: Conn::Postgres(conn), counters: &self.counters });

        let worked = AssertUnwindSafe(async {
            let value = change(&mut tx).await?;
            tx.append_events().await?;
            Ok::<T, E>(value)
        });
        let value = worked.catch_unwind().await.unwrap_or_else(|_| Err(StoreError::Panicked.into()));
        let (events, views) = (std::mem::take(&mut tx.events), std::mem::take(&mut tx.views));
        let told = std::mem::take(&mut tx.told);
        let Conn::Postgres(conn) = &mut tx.conn else {
            return Err(final_error(StoreError::Panicked));
        };
        let value = match value {
            Ok(value) => value,
            Err(error) => {
                let retry = conn.conflict;
                if conn.end("ROLLBACK").await.is_ok() {
                    drop(tx);
                    guard.done();
                }
                return Err((error, retry));
            }
        };
        if Planted::LogByPosition.is_due(10) || Planted::EmitBeforeCommit.is_due(2) {
            // Some commits are slower than others.
            let _ = Box::pin(conn.query::<String>("select cast(pg_sleep(0.05) as text)", &[])).await;
        }
        Point::BeforeCommit.pass();
        match conn.end("COMMIT").await {
            Ok(()) => {
                Point::AfterCommit.pass();
                drop(tx);
                guard.done();
                self.counters.count_commits(1);
                Ok(Committed { value, events, views, told })
            }
            // The server has rolled back, or the connection is gone: dropping the guard closes it either way.
            Err(error) => {
                let retry = error.retries();
                Err((error.into(), retry))
            }
        }
    }

    pub(crate) async fn batch(&self, sql: &str) -> Result<(), StoreError> {
        let mut object = self.get().await?;
        let transaction = object.transaction().await?;
        transaction.batch_execute(sql).await?;
        Ok(transaction.commit().await?)
    }

    async fn get(&self) -> Result<Object, StoreError> {
        let object = self.pool.get().await?;
        if object.statement_cache.size() > STATEMENTS {
            object.statement_cache.clear();
        }
        Ok(object)
    }
}

/// What every connection says of itself.
fn session(config: &mut tokio_postgres::Config) {
    let options = config.get_options().map_or_else(|| SESSION.to_owned(), |own| format!("{SESSION} {own}"));
    let options = if Planted::AnswerBeforeCommit.is_on() {
        format!("{options} -c synchronous_commit=off")
    } else {
        options
    };
    config.options(options).application_name("faff");
    config.connect_timeout(ACQUIRE).keepalives_idle(Duration::from_secs(30));
}

/// Listens until the connection breaks or nobody hears any more.
async fn listen_once(
    address: &PostgresAddress,
    channel: &'static str,
    heard: &mpsc::Sender<String>,
) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = address.connect().await?;
    let statement = format!("listen {channel}");
    // The connection does its work only while it is polled.
    let listening = client.batch_execute(&statement);
    pin_mut!(listening);
    let mut asked = false;
    loop {
        tokio::select! {
            answer = &mut listening, if !asked => {
                answer?;
                asked = true;
            }
            message = poll_fn(|context| connection.poll_message(context)) => match message {
                Some(Ok(AsyncMessage::Notification(said))) => {
                    // Full: whoever hears is behind, and will look by itself.
                    let _ = heard.try_send(said.payload().to_owned());
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error),
                None => return Ok(()),
            },
            () = heard.closed() => return Ok(()),
        }
    }
}

/// Closes connections that were idle for long, until the pool is gone.
fn close_idle(pool: &Pool, shared: &Arc<Shared>) {
    let (pool, shared) = (pool.weak(), Arc::downgrade(shared));
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(IDLE / 2).await;
            let Some((pool, shared)) = pool.upgrade().zip(shared.upgrade()) else { return };
            shared.give_back_idle();
            pool.retain(|_, metrics| metrics.last_used() < IDLE);
        }
    });
}

/// Keeps a connection with an open transaction from going back to the pool.
struct Guard(Option<Object>);

impl Guard {
    fn object(&self) -> Result<&Object, StoreError> {
        self.0.as_ref().ok_or_else(|| StoreError::Unavailable("no connection".to_owned()))
    }
    fn done(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(object) = self.0.take() {
            drop(Object::take(object));
        }
    }
}

/// A connection in use, with what waits to be sent along with the next statement.
pub(crate) struct PgConn<'r> {
    object: &'r Object,
    begin: Option<&'static str>,
    waiting: Vec<(Statement, Vec<Param<'static>>)>,
    /// A statement lost against another transaction; or, on a replica, against what it had to replay.
    conflict: bool,
    /// The server went away.
    lost: bool,
}

impl std::fmt::Debug for PgConn<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PgConn").field("waiting", &self.waiting.len()).finish_non_exhaustive()
    }
}

impl<'r> PgConn<'r> {
    const fn new(object: &'r Object, begin: Option<&'static str>) -> Self {
        Self { object, begin, waiting: Vec::new(), conflict: false, lost: false }
    }

    pub(crate) async fn query<T: FromRow>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<Vec<T>, StoreError> {
        let statement = self.prepare(sql).await?;
        if cfg!(debug_assertions) {
            check_columns::<T>(statement.columns().iter().map(tokio_postgres::Column::name))?;
        }
        let object = self.object;
        self.send(async { collect(object.query_raw(&statement, params).await?).await }).await
    }

    pub(crate) async fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        let statement = self.prepare(sql).await?;
        let object = self.object;
        self.send(async { Ok(object.execute_raw(&statement, params).await?) }).await
    }

    /// The rows of a query without parameters, as the server sends them: no faster than they are taken.
    pub(crate) async fn stream(&mut self, sql: &str) -> Result<RowStream, StoreError> {
        let statement = self.prepare(sql).await?;
        let object = self.object;
        let none: [Param<'_>; 0] = [];
        self.send(async { Ok(object.query_raw(&statement, none).await?) }).await
    }

    pub(crate) async fn later(&mut self, sql: &str, params: &[Param<'_>]) -> Result<(), StoreError> {
        let statement = self.prepare(sql).await?;
        self.waiting.push((statement, params.iter().cloned().map(Param::into_owned).collect()));
        Ok(())
    }

    /// Fails when this transaction has written already.
    pub(crate) async fn check_unwritten(&mut self) -> Result<(), StoreError> {
        let written: Vec<bool> =
            self.query("select pg_current_xact_id_if_assigned() is not null", &[]).await?;
        if written.contains(&true) {
            return Err(StoreError::Database("a stream was locked after the first write".to_owned()));
        }
        Ok(())
    }

    /// Ends the transaction; on `COMMIT`, after what still waits.
    async fn end(&mut self, end: &str) -> Result<(), StoreError> {
        if end == "ROLLBACK" {
            self.waiting.clear();
        }
        if self.begin.is_some() && self.waiting.is_empty() {
            return Ok(());
        }
        let object = self.object;
        self.send(async { Ok(object.batch_execute(end).await?) }).await
    }

    async fn prepare(&mut self, sql: &str) -> Result<Statement, StoreError> {
        let prepared = self.object.prepare_cached(sql).await.map_err(StoreError::from);
        self.note(prepared)
    }

    /// Sends what waits and then `last`, all at once, and looks at every answer in order.
    async fn send<T>(&mut self, last: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        let (object, begin, waiting) = (self.object, self.begin.take(), std::mem::take(&mut self.waiting));
        if begin.is_none() && waiting.is_empty() {
            let result = last.await;
            return self.note(result);
        }
        // The driver writes a request when its future is first polled, and `join` polls from left to right.
        let begun = async {
            match begin {
                Some(begin) => object.batch_execute(begin).await,
                None => Ok(()),
            }
        };
        let waited =
            join_all(waiting.iter().map(|(statement, params)| object.execute_raw(statement, params)));
        let (begun, (waited, result)) = join(begun, join(waited, last)).await;
        let earlier = begun.and_then(|()| waited.into_iter().try_for_each(|each| each.map(drop)));
        let result = earlier.map_err(StoreError::from).and(result);
        self.note(result)
    }

    fn note<T>(&mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error) = &result {
            self.conflict |= error.retries();
            self.lost |= matches!(error, StoreError::Unavailable(_));
        }
        result
    }
}

async fn collect<T: FromRow>(rows: RowStream) -> Result<Vec<T>, StoreError> {
    let mut found = Vec::new();
    pin_mut!(rows);
    while let Some(row) = rows.try_next().await? {
        found.push(T::from_row(&Row::Postgres(&row))?);
    }
    Ok(found)
}
