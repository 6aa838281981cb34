//! What is sent to clients, encoded.

use bytes::Bytes;
use serde::Serialize;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

/// An Engine.IO packet ready for any client; cloning it shares its bytes.
#[derive(Debug, Clone)]
pub struct Frame(pub(crate) Kind);

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// A packet with its type in front.
    Text(Utf8Bytes),
    /// The attachment of the packet before it.
    Binary(Bytes),
}

impl Frame {
    pub(crate) const PING: Self = Self(Kind::Text(Utf8Bytes::from_static("2")));
    pub(crate) const PROBED: Self = Self(Kind::Text(Utf8Bytes::from_static("3probe")));

    pub(crate) fn text(text: String) -> Self {
        Self(Kind::Text(text.into()))
    }

    pub(crate) const fn binary(bytes: Bytes) -> Self {
        Self(Kind::Binary(bytes))
    }

    /// An event of the main namespace with one argument.
    ///
    /// # Errors
    /// When the argument cannot be written as JSON.
    pub fn event<T: Serialize + ?Sized>(name: &str, argument: &T) -> Result<Self, serde_json::Error> {
        let mut text = Vec::with_capacity(512);
        text.extend_from_slice(b"42[");
        serde_json::to_writer(&mut text, name)?;
        text.push(b',');
        serde_json::to_writer(&mut text, argument)?;
        text.push(b']');
        let text = Utf8Bytes::try_from(Bytes::from(text)).map_err(serde::ser::Error::custom)?;
        Ok(Self(Kind::Text(text)))
    }

    /// Its bytes.
    pub fn size(&self) -> usize {
        match &self.0 {
            Kind::Text(text) => text.len(),
            Kind::Binary(bytes) => bytes.len(),
        }
    }

    pub(crate) fn into_message(self) -> Message {
        match self.0 {
            Kind::Text(text) => Message::Text(text),
            Kind::Binary(bytes) => Message::Binary(bytes),
        }
    }
}
