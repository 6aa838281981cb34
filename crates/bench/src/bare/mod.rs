//! The bare drivers: the statements of a request, with the same parameters, and no application around them.

pub(crate) mod postgres;
pub(crate) mod sqlite;

use std::hash::Hasher;
use std::time::{Duration, Instant};

use faff_app::event::{Audience, Event};
use faff_store::log::{Chain, Logged, Stream};
use faff_types::{MessageId, TaskId, Timestamp, UserId};
use sha2::{Digest, Sha256};

use crate::random;
use crate::work::Ask;

/// A value out of a row, owned, as the application takes it.
#[derive(Debug)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Bool(bool),
    Text(String),
    Bytes(Vec<u8>),
}

/// A request under way, from its statements' side.
pub(crate) struct Posting {
    pub(crate) html: String,
    pub(crate) fingerprint: [u8; 32],
    pub(crate) now: i64,
}

impl Posting {
    pub(crate) fn new(ask: &Ask) -> Self {
        let mut hash = Sha256::new();
        hash.update(ask.task.to_be_bytes());
        hash.update(0_i64.to_be_bytes());
        hash.update(ask.content.as_bytes());
        let now = faff_types::Clock::system().now().as_millis();
        Self { html: random::html(&ask.content), fingerprint: hash.finalize().into(), now }
    }

    /// The event behind the end of its stream.
    pub(crate) fn event(&self, ask: &Ask, message: i64, (seq, chain): (i64, &[u8])) -> Logged {
        let event = Event::MessagePosted { message_id: MessageId::from_db(message), reply_to_id: None };
        let mut logged = Logged {
            stream: Stream::Task(TaskId::from_db(ask.task)),
            seq: seq + 1,
            kind: event.kind().to_owned(),
            actor: Some(UserId::from_db(ask.user)),
            at: Timestamp::from_millis(self.now),
            audience: Audience::Ticket.to_string(),
            payload: serde_json::to_string(&event).unwrap_or_default(),
            chain: Chain::default(),
        };
        logged.chain = logged.link(&Chain::try_from(chain).unwrap_or_default());
        logged
    }
}

/// When to warm up, to measure and to stop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    begin: Instant,
    end: Instant,
}

impl Window {
    pub(crate) fn new(warm_up: Duration, measured: Duration) -> Self {
        let begin = Instant::now() + warm_up;
        Self { begin, end: begin + measured }
    }

    /// Whether it is over; otherwise, whether what ends now counts.
    pub(crate) fn look(self) -> Option<bool> {
        let now = Instant::now();
        (now < self.end).then_some(now >= self.begin)
    }

    #[expect(clippy::cast_precision_loss, reason = "there are no 2^52 requests")]
    pub(crate) fn per_second(self, counted: u64) -> f64 {
        counted as f64 / (self.end - self.begin).as_secs_f64()
    }
}

/// Reads every value, so that no driver gets away with leaving one unread.
pub(crate) fn weigh(rows: &[Vec<Value>]) -> u64 {
    let mut weight = std::hash::DefaultHasher::new();
    weight.write_usize(rows.len());
    for value in rows.iter().flatten() {
        match value {
            Value::Null => {}
            Value::Int(number) => weight.write_i64(*number),
            Value::Bool(yes) => weight.write_u8(u8::from(*yes)),
            Value::Text(text) => weight.write_usize(text.len()),
            Value::Bytes(bytes) => weight.write_usize(bytes.len()),
        }
    }
    weight.finish()
}
