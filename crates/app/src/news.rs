//! What this node has committed, for whoever follows the log on it: the fast way, past the database. What does not fit
//! is found in the log a moment later.

use std::sync::{Mutex, PoisonError};

use faff_store::log::Logged;
use faff_store::{Committed, View};
use tokio::sync::mpsc;

/// Commits that may wait for the follower.
const WAITING: usize = 4096;

/// One commit.
#[derive(Debug)]
pub(crate) struct Fresh {
    pub(crate) events: Vec<Logged>,
    pub(crate) views: Vec<View>,
}

/// The way from the commits to the follower.
#[derive(Debug)]
pub(crate) struct News {
    sender: mpsc::Sender<Fresh>,
    receiver: Mutex<Option<mpsc::Receiver<Fresh>>>,
}

impl Default for News {
    fn default() -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        Self { sender, receiver: Mutex::new(Some(receiver)) }
    }
}

impl News {
    /// Tells of a commit.
    pub(crate) fn tell<T>(&self, committed: Committed<T>) -> T {
        let Committed { value, events, views, .. } = committed;
        if !events.is_empty() {
            // Full, or nobody follows: the log has it.
            let _ = self.sender.try_send(Fresh { events, views });
        }
        value
    }

    /// The other end; only one may have it.
    pub(crate) fn receiver(&self) -> Option<mpsc::Receiver<Fresh>> {
        self.receiver.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
