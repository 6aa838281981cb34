//! Engine.IO packets, as clients send them, and as they travel in the bodies of polling.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::frame::{Frame, Kind};

/// Separates the packets of a body: the record separator of ASCII.
const SEPARATOR: char = '\u{1e}';

/// What a client may send in an established session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Packet {
    /// It leaves.
    Close,
    /// It is alive.
    Pong,
    /// A Socket.IO packet, behind the type.
    Message(Utf8Bytes),
    /// An attachment.
    Binary(Bytes),
}

impl Packet {
    /// Reads a packet that came as text; `None` when a client may not send it.
    pub(crate) fn parse(text: Utf8Bytes) -> Option<Self> {
        match text.as_bytes().first()? {
            b'1' if text.len() == 1 => Some(Self::Close),
            b'3' => Some(Self::Pong),
            b'4' => Some(Self::Message(text)),
            _ => None,
        }
    }

    /// What follows the type of a message.
    pub(crate) fn body(text: &Utf8Bytes) -> &str {
        text.get(1..).unwrap_or_default()
    }

    /// Reads the packets of a body, each when it is asked for; `None` for what is not one.
    pub(crate) fn parse_all(body: &str) -> impl Iterator<Item = Option<Self>> {
        body.split(SEPARATOR).map(|part| match part.strip_prefix('b') {
            Some(coded) => STANDARD.decode(coded).ok().map(|bytes| Self::Binary(bytes.into())),
            None => Self::parse(part.into()),
        })
    }
}

/// The bytes that a frame takes in a body, with the separator.
pub(crate) fn size_in_body(frame: &Frame) -> usize {
    match &frame.0 {
        Kind::Text(text) => text.len() + 1,
        Kind::Binary(bytes) => bytes.len().div_ceil(3) * 4 + 2,
    }
}

/// Writes a body of packets.
pub(crate) fn write_all(frames: &[Frame]) -> String {
    let mut body = String::with_capacity(frames.iter().map(size_in_body).sum());
    for (n, frame) in frames.iter().enumerate() {
        if n > 0 {
            body.push(SEPARATOR);
        }
        match &frame.0 {
            Kind::Text(text) => body.push_str(text),
            Kind::Binary(bytes) => {
                body.push('b');
                STANDARD.encode_string(bytes, &mut body);
            }
        }
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_packet_by_packet() {
        let message = |text: &'static str| Packet::Message(Utf8Bytes::from_static(text));
        assert_eq!(
            Packet::parse_all("4hello\u{1e}bAQIDBA==\u{1e}3\u{1e}1").collect::<Option<Vec<_>>>(),
            Some(vec![
                message("4hello"),
                Packet::Binary(Bytes::from_static(&[1, 2, 3, 4])),
                Packet::Pong,
                Packet::Close
            ])
        );
        assert_eq!(Packet::body(&Utf8Bytes::from_static("42[\"é\"]")), "2[\"é\"]");
    }

    #[test]
    fn what_a_client_may_not_send_is_refused() {
        for body in ["", "abc", "0", "2", "2probe", "5", "6", "4a\u{1e}", "bAQ=D", "b!", "é", "1x"] {
            assert!(Packet::parse_all(body).any(|packet| packet.is_none()), "{body:?}");
        }
    }

    #[test]
    fn what_is_written_is_what_is_counted() {
        let frames =
            [Frame::text("4é".to_owned()), Frame::binary(Bytes::from_static(&[1, 2, 3, 4])), Frame::PING];
        let body = write_all(&frames);
        assert_eq!(body, "4é\u{1e}bAQIDBA==\u{1e}2");
        assert_eq!(body.len() + 1, frames.iter().map(size_in_body).sum::<usize>());
    }
}
