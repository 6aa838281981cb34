//! A replica that pages are read from, as long as that makes no difference to what is found.
//!
//! Invariants:
//! - A read begins there only when the replica has replayed all that the primary had made durable when the read was asked for
//!   (the "read index" of Raft: Ongaro, 2014, section 6.4). So nobody misses what they wrote, or what anybody has told them of,
//!   whichever node wrote it.
//! - One question to the primary serves all reads that were asked for before it was sent.
//! - A replica that is away, behind, or a replica no more costs a read [`PATIENCE`], and from then on nobody waits for it until
//!   it keeps up again. The primary serves meanwhile.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::{Client, Statement};

use super::PostgresAddress;
use crate::StoreError;
use crate::db::Replication;

/// How long a read waits for the replica to have what it needs, and for one of its connections.
const PATIENCE: Duration = Duration::from_millis(25);
/// How soon a replica that lacks something is looked at again; and one that is not used for now.
const LOOK_AGAIN: Duration = Duration::from_millis(1);
const LOOK_LATER: Duration = Duration::from_millis(50);
/// How often it is looked at while nobody asks.
const IDLE: Duration = Duration::from_secs(1);
/// How long a connection may take to come about, and any answer of [`Pair`].
const ANSWER: Duration = Duration::from_secs(2);
/// How long after a failure another attempt is made.
const AGAIN: Duration = Duration::from_millis(500);

#[derive(Debug)]
pub(super) struct Replica {
    pool: Pool,
    /// Reads that were asked for.
    asked: AtomicU64,
    wake: Arc<Notify>,
    /// For how many of them, from the first on, it has all that they need; `None` while it is not used.
    ready: watch::Sender<Option<u64>>,
    served: AtomicU64,
    missed: AtomicU64,
}

impl Replica {
    /// Opens it as soon as it can be reached.
    pub(super) fn open(
        primary: &PostgresAddress,
        address: PostgresAddress,
        pool_max: usize,
    ) -> Result<Arc<Self>, StoreError> {
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(address.config().clone(), address.tls(), recycling);
        let pool = Pool::builder(manager)
            .max_size(pool_max)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(PATIENCE))
            .create_timeout(Some(ANSWER))
            .build()
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let replica = Arc::new(Self {
            pool,
            asked: AtomicU64::default(),
            wake: Arc::default(),
            ready: watch::Sender::new(None),
            served: AtomicU64::default(),
            missed: AtomicU64::default(),
        });
        follow(&replica, primary.clone(), address);
        Ok(replica)
    }

    /// A connection to it, when it has all that is durable by now. `None`: it is the primary's turn.
    pub(super) async fn turn(&self) -> Option<Object> {
        let mut ready = self.ready.subscribe();
        if ready.borrow().is_none() {
            return None;
        }
        let number = self.asked.fetch_add(1, Ordering::AcqRel) + 1;
        self.wake.notify_one();
        let ready = timeout(PATIENCE, ready.wait_for(|ready| ready.is_none_or(|ready| ready >= number)));
        let is_ready = match ready.await {
            Ok(Ok(ready)) => ready.is_some(),
            Ok(Err(_)) => false,
            Err(_) => {
                self.ready.send_replace(None);
                false
            }
        };
        if !is_ready {
            self.miss();
            return None;
        }
        match self.pool.get().await {
            Ok(object) => Some(object),
            Err(error) => {
                tracing::debug!(%error, "no connection to the replica");
                self.miss();
                None
            }
        }
    }

    /// A read was served by it.
    pub(super) fn serve(&self) {
        self.served.fetch_add(1, Ordering::Relaxed);
    }

    /// A read went to the primary that was asked for here.
    pub(super) fn miss(&self) {
        self.missed.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn replication(&self) -> Replication {
        Replication {
            used: self.ready.borrow().is_some(),
            served: self.served.load(Ordering::Relaxed),
            missed: self.missed.load(Ordering::Relaxed),
        }
    }
}

/// Looks after it until it is dropped.
fn follow(replica: &Arc<Replica>, primary: PostgresAddress, address: PostgresAddress) {
    let (wake, replica) = (replica.wake.clone(), Arc::downgrade(replica));
    tokio::spawn(async move {
        // Why it is not used, or nothing when it is.
        let mut told: Option<String> = None;
        loop {
            let why = match Pair::connect(&primary, &address).await {
                Ok(pair) => pair.keep_up(&replica, &wake, &mut told).await,
                Err(why) => why,
            };
            let Some(replica) = replica.upgrade() else { return };
            replica.ready.send_replace(None);
            if told.as_ref() != Some(&why) {
                tracing::warn!(why, "the replica is not used");
                told = Some(why);
            }
            drop(replica);
            sleep(AGAIN).await;
        }
    });
}

/// A connection to each of the two, for nothing but how far they are.
struct Pair {
    primary: Client,
    replica: Client,
    durable: Statement,
    replayed: Statement,
}

impl Pair {
    async fn connect(primary: &PostgresAddress, replica: &PostgresAddress) -> Result<Self, String> {
        let (primary, replica) = (connected(primary).await?, connected(replica).await?);
        let identity = "select system_identifier::text from pg_control_system()";
        let mut servers = Vec::with_capacity(2);
        for server in [&primary, &replica] {
            let row = answer(server.query_one(identity, &[])).await?;
            servers.push(row.try_get::<_, String>(0).map_err(|error| error.to_string())?);
        }
        if servers.first() != servers.last() {
            return Err("it is of another server than the database".to_owned());
        }
        let durable = answer(primary.prepare("select pg_current_wal_flush_lsn()::text")).await?;
        let replayed = "select pg_is_in_recovery(), pg_last_wal_replay_lsn() >= $1::text::pg_lsn";
        let replayed = answer(replica.prepare(replayed)).await?;
        Ok(Self { primary, replica, durable, replayed })
    }

    /// Says again and again for how many reads the replica is ready, until something is wrong.
    async fn keep_up(&self, replica: &Weak<Replica>, wake: &Notify, told: &mut Option<String>) -> String {
        loop {
            let Some(replica) = replica.upgrade() else { return String::new() };
            let began = Instant::now();
            // Those who ask later are not served by what is found out now.
            let asked = replica.asked.load(Ordering::Acquire);
            if let Err(why) = self.caught_up(&replica, began).await {
                return why;
            }
            if began.elapsed() <= PATIENCE {
                replica.ready.send_replace(Some(asked));
                if told.as_deref() != Some("") {
                    tracing::info!("pages are read from the replica");
                    *told = Some(String::new());
                }
            }
            let is_done = replica.asked.load(Ordering::Acquire) == asked;
            drop(replica);
            if is_done {
                // Or nobody has asked, and one looks whether all is well.
                let _ = timeout(IDLE, wake.notified()).await;
            }
        }
    }

    /// Waits until the replica has replayed all that is durable now.
    async fn caught_up(&self, replica: &Arc<Replica>, began: Instant) -> Result<(), String> {
        let row = answer(self.primary.query_one(&self.durable, &[])).await?;
        let durable: String = row.try_get(0).map_err(|error| error.to_string())?;
        loop {
            let row = answer(self.replica.query_one(&self.replayed, &[&durable])).await?;
            let is_replica: bool = row.try_get(0).map_err(|error| error.to_string())?;
            if !is_replica {
                return Err("it is no replica".to_owned());
            }
            // Nothing, before it has replayed anything.
            let has_all: Option<bool> = row.try_get(1).map_err(|error| error.to_string())?;
            if has_all == Some(true) {
                return Ok(());
            }
            if began.elapsed() <= PATIENCE {
                sleep(LOOK_AGAIN).await;
            } else if Arc::strong_count(replica) > 1 {
                replica.ready.send_replace(None);
                sleep(LOOK_LATER).await;
            } else {
                return Err("nobody reads any more".to_owned());
            }
        }
    }
}

async fn connected(address: &PostgresAddress) -> Result<Client, String> {
    let (client, connection) = answer(address.connect()).await?;
    tokio::spawn(connection);
    Ok(client)
}

async fn answer<T>(question: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Result<T, String> {
    match timeout(ANSWER, question).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(StoreError::from(error).to_string()),
        Err(_) => Err("no answer in time".to_owned()),
    }
}
