//! What the client is to do, and what came of it: both go between the processes as JSON.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

/// What the client is to do.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) address: SocketAddr,
    /// The process whose CPU time and memory are looked at.
    pub(crate) server: u32,
    /// Another one for every plan, so that no message is taken for one of another run.
    pub(crate) run: u64,
    /// Those of the senders first, then those of the readers, who share the remaining sockets in turn.
    pub(crate) tokens: Vec<String>,
    pub(crate) work: Work,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Work {
    /// Talk in one room.
    Talk { task: i64, sockets: usize, warm_up: f64, seconds: f64 },
    /// Sit in rooms and be silent.
    Sit { tasks: Vec<i64>, sockets: usize, room: usize, arrival: Arrival, settle: f64 },
}

/// How a socket arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Arrival {
    /// As a WebSocket at once.
    WebSocket,
    /// As a browser does: by polling, with a browser's headers, and then as a WebSocket.
    Browser,
}

/// What came of talking.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Talk {
    /// As many sends as are answered.
    pub(crate) full: Window,
    /// Half of that.
    pub(crate) half: Window,
    /// Messages that somebody was not sent, or more than once, in all; below zero if more came than were sent.
    pub(crate) missing: i64,
    pub(crate) errors: Vec<String>,
}

/// What happened while it was measured.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Window {
    pub(crate) seconds: f64,
    /// Messages that were sent and acknowledged.
    pub(crate) acknowledged: u64,
    /// Messages that came, summed over all sockets.
    pub(crate) deliveries: u64,
    /// Their bytes, without the frame's head.
    pub(crate) bytes: u64,
    /// Other events that came, by name.
    pub(crate) others: BTreeMap<String, u64>,
    /// CPU seconds: the server's, those of them in the kernel, and the client's.
    pub(crate) server: f64,
    pub(crate) kernel: f64,
    pub(crate) client: f64,
    /// The server's, in bytes, at the end.
    pub(crate) resident: u64,
    /// From sent to delivered, in milliseconds.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

impl Window {
    #[expect(clippy::cast_precision_loss, reason = "there are no 2^52 deliveries")]
    pub(crate) fn deliveries(&self) -> f64 {
        self.deliveries as f64
    }

    pub(crate) fn per_second(&self) -> f64 {
        self.deliveries() / self.seconds
    }

    /// Microseconds of the server's CPU time for a delivery.
    pub(crate) fn micros(&self) -> f64 {
        self.server * 1e6 / self.deliveries()
    }

    /// Those of them in the kernel.
    pub(crate) fn kernel_micros(&self) -> f64 {
        self.kernel * 1e6 / self.deliveries()
    }

    /// How many cores the client kept busy: towards 1, it is what limits.
    pub(crate) fn client_cores(&self) -> f64 {
        self.client / self.seconds
    }

    #[expect(clippy::cast_precision_loss, reason = "there are no 2^52 events")]
    pub(crate) fn others_each(&self) -> f64 {
        self.others.values().sum::<u64>() as f64 / self.deliveries()
    }

    #[expect(clippy::cast_precision_loss, reason = "there are no 2^52 bytes")]
    pub(crate) fn bytes_each(&self) -> f64 {
        self.bytes as f64 / self.deliveries()
    }
}

/// The server's memory before there were sockets, and with them.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Sit {
    pub(crate) sockets: usize,
    pub(crate) before: u64,
    pub(crate) with: u64,
}

impl Sit {
    /// KiB for a socket.
    #[expect(clippy::cast_precision_loss, reason = "there are no 2^52 bytes")]
    pub(crate) fn each(self) -> f64 {
        (self.with as f64 - self.before as f64) / 1024.0 / self.sockets as f64
    }
}
