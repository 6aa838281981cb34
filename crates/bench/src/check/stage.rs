//! What all who take part in a run know.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use super::history::Clock;

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// Senders write, readers come and go.
    Work,
    /// Senders end what they began, readers stay.
    Quiet,
    /// Everyone leaves.
    Over,
}

/// What all who take part in a run know.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) clock: Clock,
    pub(super) addresses: Vec<SocketAddr>,
    /// Ids of the tickets that everyone may see.
    pub(super) tickets: Vec<i64>,
    /// The id of one that no reader may see.
    pub(super) secret: i64,
    /// The id of one that files are sent to, and that nobody is in.
    pub(super) drop: i64,
    pub(super) phase: watch::Sender<Phase>,
    /// How often all readers were cut off at once.
    pub(super) storm: watch::Sender<u64>,
    /// Characters that are added to each message.
    pub(super) padding: usize,
    /// Requests that were acknowledged.
    pub(super) acknowledged: AtomicU64,
    /// Up to where each reader has everything of each ticket.
    reached: Vec<Vec<AtomicI64>>,
    /// What went wrong on the way and was tried again, by what it was.
    troubles: Mutex<BTreeMap<String, u64>>,
}

impl Stage {
    pub(super) fn new(
        clock: Clock,
        addresses: Vec<SocketAddr>,
        (tickets, secret, drop): (Vec<i64>, i64, i64),
        readers: usize,
        padding: usize,
    ) -> Self {
        let reached = (0..readers).map(|_| tickets.iter().map(|_| AtomicI64::new(0)).collect()).collect();
        let (phase, troubles) = (watch::Sender::new(Phase::Work), Mutex::default());
        let storm = watch::Sender::new(0);
        Self {
            clock,
            addresses,
            tickets,
            secret,
            drop,
            phase,
            storm,
            padding,
            acknowledged: AtomicU64::new(0),
            reached,
            troubles,
        }
    }

    /// Where a server listens.
    pub(super) fn address(&self, node: usize) -> SocketAddr {
        self.addresses.get(node).copied().unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 1)))
    }

    /// The id of a ticket.
    pub(super) fn ticket(&self, place: usize) -> i64 {
        self.tickets.get(place).copied().unwrap_or(0)
    }

    pub(super) fn phase(&self) -> Phase {
        *self.phase.borrow()
    }

    /// Notes that a reader has everything of a ticket up to there.
    pub(super) fn reach(&self, reader: usize, ticket: usize, seq: i64) {
        if let Some(reached) = self.reached.get(reader).and_then(|tickets| tickets.get(ticket)) {
            reached.store(seq, Ordering::Relaxed);
        }
    }

    /// Whether the first readers, so many, have everything up to these ends.
    pub(super) fn all_reached(&self, readers: usize, ends: &[i64]) -> bool {
        self.reached.iter().take(readers).all(|tickets| {
            tickets.iter().zip(ends).all(|(reached, end)| reached.load(Ordering::Relaxed) >= *end)
        })
    }

    /// Counts something that went wrong and will be tried again.
    pub(super) fn trouble(&self, what: impl Into<String>) {
        *self.troubles.lock().unwrap_or_else(PoisonError::into_inner).entry(what.into()).or_insert(0) += 1;
    }

    /// What went wrong on the way, and how often.
    pub(super) fn troubles(&self) -> BTreeMap<String, u64> {
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Waits until a run is as far as that.
pub(super) async fn until(phases: &mut watch::Receiver<Phase>, phase: Phase) {
    // It fails when the run is no more, which is as far as it can be.
    let _ = phases.wait_for(|now| *now >= phase).await;
}
