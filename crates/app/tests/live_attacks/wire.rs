//! A client of WebSockets and HTTP that may say anything, byte for byte.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long anything that should come is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Text, and the beginning of text that goes on in another frame.
pub(crate) const TEXT: u8 = 0x81;
pub(crate) const BEGUN: u8 = 0x01;
pub(crate) const GOING_ON: u8 = 0x00;
pub(crate) const BINARY: u8 = 0x82;

/// A frame that announces so many bytes. The mask is zero, so the payload is legible.
pub(crate) fn frame(first: u8, announced: usize, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first, 0x80 | 127];
    frame.extend_from_slice(&(announced as u64).to_be_bytes());
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(payload);
    frame
}

async fn within<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, what).await.expect("it comes, or the end")
}

/// A request over a connection of its own; the status and everything behind it.
pub(crate) async fn http(url: &str, head: &str, body: &[u8]) -> (u16, String) {
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head =
        format!("{head}\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await.unwrap();
    // An answer may come before all was sent.
    let _ = stream.write_all(body).await;
    let mut answer = Vec::new();
    let _ = within(stream.read_to_end(&mut answer)).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.unwrap_or_else(|| panic!("not an answer: {answer}")), answer)
}

/// The client's end of a WebSocket.
pub(crate) struct Wire {
    stream: TcpStream,
    heard: Vec<u8>,
}

impl Wire {
    /// Asks for a WebSocket, with more in the query and the headers.
    ///
    /// # Errors
    /// The status and text of the refusal.
    pub(crate) async fn knock(url: &str, query: &str, headers: &str) -> Result<Self, (u16, String)> {
        let address = url.strip_prefix("http://").unwrap();
        let stream = TcpStream::connect(address).await.unwrap();
        let mut wire = Self { stream, heard: Vec::new() };
        let head = format!(
            "GET /socket.io/?EIO=4&transport=websocket{query} HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade\r\n\
             upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
        );
        wire.stream.write_all(head.as_bytes()).await.unwrap();
        let end = loop {
            if let Some(end) = wire.heard.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            assert!(wire.hear().await, "closed without an answer");
        };
        let head = String::from_utf8(wire.heard.drain(..end).collect()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        if status == 101 { Ok(wire) } else { Err((status, head)) }
    }

    /// A WebSocket that has been told its session.
    pub(crate) async fn open(url: &str) -> Self {
        let mut wire = Self::knock(url, "", "").await.unwrap();
        assert!(wire.text().await.unwrap().starts_with("0{"));
        wire
    }

    /// Somebody who is let in.
    pub(crate) async fn connect(url: &str, token: &str) -> Self {
        let mut wire = Self::open(url).await;
        wire.send(&format!(r#"40{{"token":"{token}"}}"#)).await;
        let answer = wire.text().await.unwrap();
        assert!(answer.starts_with("40{"), "{answer}");
        wire
    }

    /// Sends text; whether that went.
    pub(crate) async fn send(&mut self, text: &str) -> bool {
        self.raw(&frame(TEXT, text.len(), text.as_bytes())).await
    }

    pub(crate) async fn raw(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).await.is_ok()
    }

    pub(crate) const fn tcp(&self) -> &TcpStream {
        &self.stream
    }

    async fn hear(&mut self) -> bool {
        let mut more = [0; 4096];
        let count = within(self.stream.read(&mut more)).await.unwrap_or(0);
        self.heard.extend_from_slice(&more[..count]);
        count > 0
    }

    /// The next text; `None` at the end.
    pub(crate) async fn text(&mut self) -> Option<String> {
        loop {
            while let Some((first, payload, end)) = self.whole() {
                let payload = String::from_utf8_lossy(&self.heard[payload..end]).into_owned();
                self.heard.drain(..end);
                match first {
                    TEXT => return Some(payload),
                    0x88 => return None,
                    _ => {}
                }
            }
            if !self.hear().await {
                return None;
            }
        }
    }

    /// Whether a whole frame is there: its first byte, and where its payload begins and ends.
    fn whole(&self) -> Option<(u8, usize, usize)> {
        let (first, short) = (*self.heard.first()?, *self.heard.get(1)?);
        let number = |bytes: &[u8]| bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte));
        let (length, payload) = match short {
            126 => (number(self.heard.get(2..4)?), 4),
            127 => (number(self.heard.get(2..10)?), 10),
            short => (usize::from(short), 2),
        };
        (self.heard.len() >= payload + length).then_some((first, payload, payload + length))
    }

    /// Everything up to the end.
    pub(crate) async fn rest(&mut self) -> Vec<String> {
        let mut rest = Vec::new();
        while let Some(text) = self.text().await {
            rest.push(text);
        }
        rest
    }
}
