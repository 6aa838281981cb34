//! What all sockets of the client count together.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::latency::Latencies;
use super::packet::{Mark, Packet};
use super::plan::Window;
use crate::Outcome;

/// Errors that are kept; the rest is as good as they are.
const ERRORS: usize = 20;

/// What all sockets of the client count together.
#[derive(Debug)]
pub(super) struct Shared {
    clock: Instant,
    sockets: u64,
    measuring: AtomicBool,
    /// In all.
    sent: AtomicU64,
    came: AtomicU64,
    /// While it is measured.
    acknowledged: AtomicU64,
    deliveries: AtomicU64,
    bytes: AtomicU64,
    others: Mutex<BTreeMap<String, u64>>,
    latencies: Latencies,
    latest: Vec<Latest>,
    errors: Mutex<Vec<String>>,
}

/// The latest message of a sender.
#[derive(Debug, Default)]
pub(super) struct Latest {
    number: AtomicU64,
    /// To how many it came.
    came: AtomicU64,
    everywhere: Notify,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(super) fn new(sockets: usize, senders: usize) -> Self {
        Self {
            clock: Instant::now(),
            sockets: sockets as u64,
            measuring: AtomicBool::new(false),
            sent: AtomicU64::new(0),
            came: AtomicU64::new(0),
            acknowledged: AtomicU64::new(0),
            deliveries: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            others: Mutex::default(),
            latencies: Latencies::new(),
            latest: (0..senders).map(|_| Latest::default()).collect(),
            errors: Mutex::default(),
        }
    }

    fn micros(&self) -> u64 {
        u64::try_from(self.clock.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Counts a text that came; what is left of it is the socket's.
    pub(super) fn hear<'a>(&self, text: &'a str) -> Option<Packet<'a>> {
        let packet = Packet::read(text);
        if let (true, Packet::Message(_)) = (self.measuring.load(Relaxed), &packet) {
            self.bytes.fetch_add(text.len() as u64, Relaxed);
        }
        self.take(&packet).then_some(packet)
    }

    /// Counts a packet, and says whether it is still to be looked at.
    pub(super) fn take(&self, packet: &Packet<'_>) -> bool {
        let measuring = self.measuring.load(Relaxed);
        match packet {
            Packet::Message(message) => {
                let Some(mark) = Mark::read(message) else {
                    self.fail("a message came that is none of ours".to_owned());
                    return false;
                };
                self.came.fetch_add(1, Relaxed);
                if measuring {
                    self.deliveries.fetch_add(1, Relaxed);
                    self.latencies.add(self.micros().saturating_sub(mark.sent));
                }
                if let Some(latest) = self.latest.get(mark.sender)
                    && latest.number.load(Relaxed) == mark.number
                    && latest.came.fetch_add(1, Relaxed) + 1 == self.sockets
                {
                    latest.everywhere.notify_one();
                }
                false
            }
            Packet::Event { name } => {
                if measuring {
                    let mut others = lock(&self.others);
                    match others.get_mut(*name) {
                        Some(count) => *count += 1,
                        None => drop(others.insert((*name).to_owned(), 1)),
                    }
                }
                false
            }
            _ => true,
        }
    }

    /// A message is about to be sent.
    pub(super) fn send(&self, sender: usize, number: u64) -> Mark {
        self.sent.fetch_add(1, Relaxed);
        if let Some(latest) = self.latest.get(sender) {
            latest.number.store(number, Relaxed);
            latest.came.store(0, Relaxed);
        }
        Mark { sender, number, sent: self.micros() }
    }

    /// Waits until the latest message of a sender came to everyone.
    pub(super) async fn everywhere(&self, sender: usize) {
        if let Some(latest) = self.latest.get(sender) {
            while latest.came.load(Relaxed) < self.sockets {
                latest.everywhere.notified().await;
            }
        }
    }

    pub(super) fn acknowledge(&self) {
        if self.measuring.load(Relaxed) {
            self.acknowledged.fetch_add(1, Relaxed);
        }
    }

    pub(super) fn fail(&self, error: String) {
        let mut errors = lock(&self.errors);
        if errors.len() < ERRORS {
            errors.push(error);
        }
    }

    /// Keeps the error that something ended with.
    pub(super) async fn noting(self: Arc<Self>, ends: impl Future<Output = Outcome<()>> + Send) {
        if let Err(error) = ends.await {
            self.fail(error.to_string());
        }
    }

    pub(super) fn begin(&self) {
        for count in [&self.acknowledged, &self.deliveries, &self.bytes] {
            count.store(0, Relaxed);
        }
        lock(&self.others).clear();
        self.latencies.clear();
        self.measuring.store(true, Relaxed);
    }

    /// Adds what was counted since the beginning.
    pub(super) fn end(&self, window: &mut Window) {
        self.measuring.store(false, Relaxed);
        window.acknowledged = self.acknowledged.load(Relaxed);
        window.deliveries = self.deliveries.load(Relaxed);
        window.bytes = self.bytes.load(Relaxed);
        window.others.clone_from(&lock(&self.others));
        window.p50 = self.latencies.quantile(500);
        window.p99 = self.latencies.quantile(990);
    }

    /// Waits until all that was sent came, or until nothing has come for that long.
    pub(super) async fn drained(&self, patience: Duration) {
        let mut last = (self.came.load(Relaxed), Instant::now());
        while self.missing() > 0 && last.1.elapsed() < patience {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let came = self.came.load(Relaxed);
            if came != last.0 {
                last = (came, Instant::now());
            }
        }
    }

    /// Deliveries that have not come.
    pub(super) fn missing(&self) -> i64 {
        let expected = self.sent.load(Relaxed) * self.sockets;
        i64::try_from(expected).unwrap_or(i64::MAX)
            - i64::try_from(self.came.load(Relaxed)).unwrap_or(i64::MAX)
    }

    pub(super) fn errors(&self) -> Vec<String> {
        lock(&self.errors).clone()
    }
}
