//! A server for Socket.IO 5 over Engine.IO 4: what goes over the wire, who is connected, and nothing of what it is about.
//!
//! The protocols: <https://socket.io/docs/v4/engine-io-protocol/>, <https://socket.io/docs/v4/socket-io-protocol/>.
//!
//! Invariants:
//! - One task drives each session. It handles what the client sends in the order in which it was sent, one thing at a
//!   time, and reads no further meanwhile: order and backpressure come from the same rule.
//! - Work for a client runs in a task of its own, so a client that goes away, or does not read, cancels nothing half-way
//!   and holds up nobody else.
//! - What is sent to a client is queued, in order, within bounds of number and bytes. A client that does not take it in
//!   time is closed. Nothing is dropped in silence from a session that stays open.
//! - A frame is encoded once, however many sessions it goes to.

mod beat;
mod connection;
#[cfg(test)]
mod echo;
mod frame;
#[cfg(test)]
mod fuzz;
mod handshake;
mod message;
mod metered;
mod packet;
mod polling;
mod server;
mod session;
mod socket;
mod transport;
mod websocket;

use std::future::Future;
use std::time::Duration;

use serde_json::value::RawValue;

pub use connection::Connection;
pub use frame::Frame;
pub use message::{Event, Refusal};
pub use server::{Counters, Server};
pub use session::Reason;
pub use socket::Socket;

/// Limits and times.
#[derive(Debug, Clone)]
pub struct Config {
    /// How long after a sign of life a client is asked for the next.
    pub ping_interval: Duration,
    /// How long it may take to answer.
    pub ping_timeout: Duration,
    /// How long a client may stay without joining a namespace.
    pub connect_timeout: Duration,
    /// How long a change from polling to a WebSocket may take.
    pub upgrade_timeout: Duration,
    /// How long a client may leave what is sent to it untaken.
    pub write_timeout: Duration,
    /// The largest message, frame or request body from a client, in bytes.
    pub max_payload: usize,
    /// The same for a client that has joined no namespace yet.
    pub max_payload_before: usize,
    /// Attachments of one binary event from a client.
    pub max_attachments: usize,
    /// Frames that wait for one client.
    pub max_queued: usize,
    /// Their bytes.
    pub max_queued_bytes: usize,
}

impl Default for Config {
    /// The protocol's own times, and limits fit for strangers.
    fn default() -> Self {
        Self {
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(20),
            connect_timeout: Duration::from_secs(10),
            upgrade_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(5),
            max_payload: 128 * 1024,
            max_payload_before: 16 * 1024,
            max_attachments: 0,
            max_queued: 4096,
            max_queued_bytes: 2 * 1024 * 1024,
        }
    }
}

/// What a server does with its clients.
pub trait Handler: Send + Sync + 'static {
    /// What is known of a client before it has said anything: taken from its first request, kept until it is gone.
    type Handshake: Send + Sync + 'static;
    /// What is known of a client that was let into a namespace.
    type Client: Send + Sync + 'static;

    /// A client asks to be let into a namespace. The refusal is sent to it.
    fn connect(
        &self,
        socket: Socket,
        handshake: &Self::Handshake,
        auth: Option<Box<RawValue>>,
    ) -> impl Future<Output = Result<Self::Client, Refusal>> + Send;

    /// A client has been told that it was let in: from now on it may be sent to.
    fn connected(&self, _client: &Self::Client) {}

    /// Whether there is such a namespace.
    fn has_namespace(&self, namespace: &str) -> bool {
        namespace == "/"
    }

    /// Whether this handler speaks Engine.IO alone and sends every message back: what the protocol's own tests ask for.
    const ECHO: bool = false;

    /// A client has sent something. The next is handled once this has ended.
    fn event(&self, client: &Self::Client, event: Event) -> impl Future<Output = ()> + Send;

    /// A client has left, or is gone. Called once for each that was let in; if it panics, that is counted.
    fn disconnect(&self, client: &Self::Client);
}
