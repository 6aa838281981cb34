//! bcrypt, away from the threads that serve requests, and never more of it at once than the machine has cores.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use faff_types::Secret;
use tokio::sync::{OnceCell, Semaphore};

use crate::http::{Code, Problem};

/// Hashes that may wait for their turn, for each one being computed.
const WAITING: usize = 32;

/// Computes and compares hashes of passwords.
#[derive(Debug)]
pub struct Passwords {
    cost: u32,
    turns: Arc<Semaphore>,
    cores: usize,
    under_way: AtomicUsize,
    computed: AtomicU64,
    /// A hash of nobody's password, to compare with where there is no account.
    nobody: OnceCell<String>,
}

impl Passwords {
    pub(crate) fn new(cost: u32) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        // One core is left to everybody else.
        let cores = cores.saturating_sub(1).max(1);
        Self {
            cost,
            turns: Arc::new(Semaphore::new(cores)),
            cores,
            under_way: AtomicUsize::new(0),
            computed: AtomicU64::new(0),
            nobody: OnceCell::new(),
        }
    }

    /// The hash of a password.
    pub async fn hash(&self, password: &Secret) -> Result<String, Problem> {
        let (password, cost) = (password.clone(), self.cost);
        self.run(move || bcrypt::hash(password.reveal(), cost)).await?.map_err(Problem::internal)
    }

    /// Whether a password fits a hash. Without a hash the answer is no, after the same time.
    pub async fn fits(&self, password: &Secret, hash: Option<&str>) -> Result<bool, Problem> {
        let against = match hash {
            Some(hash) => hash.to_owned(),
            None => self.nobody().await?.to_owned(),
        };
        let password = password.clone();
        let fits = self
            .run(move || bcrypt::verify(password.reveal(), &against))
            .await?
            .map_err(Problem::internal)?;
        Ok(fits && hash.is_some())
    }

    /// Passwords hashed or compared since the start, each with the same work: for metrics, and for tests that count it.
    pub fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    /// Prepares what the first login would otherwise wait for.
    pub async fn warm_up(&self) {
        if let Err(problem) = self.nobody().await {
            tracing::warn!(cause = problem.cause(), "no hash could be prepared");
        }
    }

    async fn nobody(&self) -> Result<&String, Problem> {
        self.nobody
            .get_or_try_init(|| async { self.hash(&Secret::new("nobody's password".to_owned())).await })
            .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let _counted = Counted::new(&self.under_way);
        if self.under_way.load(Ordering::Relaxed) > self.cores * WAITING {
            let message = "Too many people log in at once; try again shortly";
            return Err(Problem::new(Code::Busy, message).with_retry_after(2));
        }
        let _turn = self.turns.acquire().await.map_err(Problem::internal)?;
        self.computed.fetch_add(1, Ordering::Relaxed);
        tokio::task::spawn_blocking(work).await.map_err(Problem::internal)
    }
}

/// Counts for as long as it lives, also when the client goes away.
struct Counted<'a>(&'a AtomicUsize);

impl<'a> Counted<'a> {
    fn new(counter: &'a AtomicUsize) -> Self {
        counter.fetch_add(1, Ordering::Relaxed);
        Self(counter)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
