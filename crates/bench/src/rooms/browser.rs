//! How a browser's socket.io arrives: a session by polling, then the probe over a WebSocket, then the change to it.

use std::net::SocketAddr;

use super::packet::Packet;
use super::socket::Socket;
use crate::Outcome;
use crate::load::Connection;

/// What a browser sends besides what HTTP and WebSocket need; the server may well keep it as long as the socket.
const HEADERS: [(&str, &str); 9] = [
    (
        "User-Agent",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    ),
    ("Accept-Encoding", "gzip, deflate, br, zstd"),
    ("Accept-Language", "en-GB,en;q=0.9,de;q=0.8"),
    ("Cache-Control", "no-cache"),
    ("Pragma", "no-cache"),
    ("Cookie", "theme=dark; sidebar=open; visitor=8f14e45fceea167a5a36dedd4bea2543"),
    ("Sec-Fetch-Dest", "empty"),
    ("Sec-Fetch-Mode", "cors"),
    ("Sec-Fetch-Site", "same-origin"),
];

/// Between packets in one answer or body.
const BETWEEN: char = '\u{1e}';

/// A session that polls.
struct Polling {
    connection: Connection,
    address: SocketAddr,
    query: String,
}

impl Polling {
    fn head(&self, method: &str) -> String {
        let Self { address, query, .. } = self;
        let mut head = format!(
            "{method} /socket.io/?EIO=4&transport=polling{query} HTTP/1.1\r\nHost: {address}\r\n\
             Connection: keep-alive\r\nAccept: */*\r\nOrigin: http://{address}\r\nReferer: http://{address}/\r\n"
        );
        for (name, value) in HEADERS {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head
    }

    async fn exchange(&mut self, request: String) -> Outcome<String> {
        let (status, body) = self.connection.exchange(request.as_bytes()).await?;
        let body = String::from_utf8(body.to_vec())?;
        if status == 200 { Ok(body) } else { Err(format!("polling: {status}: {body}").into()) }
    }

    async fn get(&mut self) -> Outcome<String> {
        let head = self.head("GET");
        self.exchange(head + "\r\n").await
    }

    async fn post(&mut self, packet: &str) -> Outcome<()> {
        let length = packet.len();
        let head = self.head("POST");
        let request = format!(
            "{head}Content-Type: text/plain;charset=UTF-8\r\nContent-Length: {length}\r\n\r\n{packet}"
        );
        self.exchange(request).await.map(drop)
    }
}

/// Logs in by polling and changes to a WebSocket.
pub(super) async fn arrive(address: SocketAddr, token: &str) -> Outcome<Socket> {
    let connection = Connection::open(address).await?;
    let mut polling = Polling { connection, address, query: String::new() };
    let opened = polling.get().await?;
    let sid = opened.split_once("\"sid\":\"").and_then(|(_, rest)| rest.split('"').next());
    polling.query = format!("&sid={}", sid.ok_or_else(|| format!("no session was opened: {opened}"))?);
    polling.post(&format!("40{{\"token\":\"{token}\"}}")).await?;
    let mut answers = polling.get().await?;
    while !answers.split(BETWEEN).any(|packet| Packet::read(packet) == Packet::Connected) {
        if let Some(why) = answers.split(BETWEEN).find(|packet| packet.starts_with("44")) {
            return Err(format!("a login was refused: {why}").into());
        }
        answers = polling.get().await?;
    }
    let origin = format!("http://{address}");
    let headers: Vec<_> = HEADERS.into_iter().chain([("Origin", origin.as_str())]).collect();
    let query = polling.query.clone();
    let upgrade = async {
        let mut socket = Socket::open(address, &query, &headers).await?;
        socket.send("2probe".to_owned()).await?;
        match Packet::read(&socket.receive().await?) {
            Packet::Pong => Outcome::Ok(socket),
            other => Err(format!("the probe was answered with {other:?}").into()),
        }
    };
    // A browser goes on polling while it tries; the server ends that once it was probed.
    let (polled, socket) = futures_util::future::join(polling.get(), upgrade).await;
    polled?;
    let mut socket = socket?;
    socket.send("5".to_owned()).await?;
    Ok(socket)
}
