//! The one-time way to the first administrator.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{OnceLock, PoisonError, RwLock};

use faff_types::{Random, Secret};

use crate::http::Problem;

/// Holds the set-up token of this process. It is in memory only: a restart makes a new one, and it is good only as
/// long as there is no administrator, which the database decides.
#[derive(Debug, Default)]
pub struct SetUp {
    token: OnceLock<Secret>,
    /// Used, so no longer good here, whatever the database says.
    used: RwLock<bool>,
    /// There is an administrator, and so there will be for ever after.
    administered: AtomicBool,
}

impl SetUp {
    /// The token, made at the first call. Show it only to whoever starts the server.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub fn issue(&self, random: Random) -> Result<&Secret, Problem> {
        let token = random.hex::<16>().map_err(Problem::internal)?;
        Ok(self.token.get_or_init(|| Secret::new(token)))
    }

    pub(crate) fn is(&self, given: &str) -> bool {
        let used = *self.used.read().unwrap_or_else(PoisonError::into_inner);
        !used && self.token.get().is_some_and(|token| same(token.reveal(), given))
    }

    /// Whether there is known to be an administrator.
    pub(crate) fn is_administered(&self) -> bool {
        self.administered.load(Ordering::Relaxed)
    }

    pub(crate) fn note_administrator(&self) {
        self.administered.store(true, Ordering::Relaxed);
    }

    pub(crate) fn use_up(&self) {
        *self.used.write().unwrap_or_else(PoisonError::into_inner) = true;
    }
}

/// Compares without telling by time where the difference is.
pub(crate) fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}
