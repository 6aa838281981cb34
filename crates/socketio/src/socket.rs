//! A client in a namespace, to send to.

use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;

use crate::frame::Frame;
use crate::message::{head, packet};
use crate::session::{Reason, Session};

/// A client that was let into a namespace. Cheap to clone; what it is sent after it has gone goes nowhere.
#[derive(Debug, Clone)]
pub struct Socket(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    session: Arc<Session>,
    namespace: Box<str>,
    id: String,
}

impl Socket {
    pub(crate) fn new(session: Arc<Session>, namespace: Box<str>, id: String) -> Self {
        Self(Arc::new(Inner { session, namespace, id }))
    }

    /// Its name, which the client knows, too. No secret.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The namespace.
    pub fn namespace(&self) -> &str {
        &self.0.namespace
    }

    /// Queues a frame of the main namespace, which many may share. `false` when the client is gone, or does not keep up
    /// and is closed for it.
    pub fn send(&self, frame: &Frame) -> bool {
        self.0.session.push([frame.clone()])
    }

    /// Sends an event with one argument to this client alone.
    pub fn emit<T: Serialize + ?Sized>(&self, name: &str, argument: &T) -> bool {
        self.sent(packet('2', &self.0.namespace, None, &(name, argument)))
    }

    /// Answers an event.
    pub fn acknowledge<T: Serialize + ?Sized>(&self, ack: u64, answer: &T) -> bool {
        self.sent(packet('3', &self.0.namespace, Some(ack), &[answer]))
    }

    /// Sends an event, or with a number an answer, whose `body` is a list as JSON with placeholders for `attachments`.
    pub fn send_binary(&self, ack: Option<u64>, body: &str, attachments: Vec<Bytes>) -> bool {
        let kind = match (attachments.is_empty(), ack.is_some()) {
            (true, false) => '2',
            (true, true) => '3',
            (false, false) => '5',
            (false, true) => '6',
        };
        let mut text = head(kind, attachments.len(), &self.0.namespace, ack);
        text.push_str(body);
        let attachments = attachments.into_iter().map(Frame::binary);
        self.0.session.push(std::iter::once(Frame::text(text)).chain(attachments))
    }

    /// Tells the client not to come back by itself, and closes its connection once it has what was sent before.
    pub fn disconnect(&self) {
        self.0.session.push([Frame::text(head('1', 0, &self.0.namespace, None))]);
        self.close();
    }

    /// Closes its connection once it has what was sent before. Clients connect again by themselves.
    pub fn close(&self) {
        self.0.session.close(Reason::Ended);
    }

    /// Why the connection was closed, if it was.
    pub fn closed(&self) -> Option<Reason> {
        self.0.session.over()
    }

    fn sent(&self, frame: Result<Frame, serde_json::Error>) -> bool {
        match frame {
            Ok(frame) => self.0.session.push([frame]),
            Err(error) => {
                tracing::error!(%error, "something cannot be written as JSON");
                false
            }
        }
    }
}
