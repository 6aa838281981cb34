//! A server of its own for each test, a handler that does what its clients tell it, and clients that may misbehave.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use faff_socketio::{Config, Connection, Event, Handler, Reason, Refusal, Server, Socket};
use futures_util::{SinkExt, StreamExt};
use hyper_util::rt::TokioIo;
use serde_json::value::RawValue;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// How long anything that should come is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Does what its clients say, and keeps account of it.
pub(crate) struct Script {
    /// Everybody who was let in, by the name that they gave.
    pub(crate) sockets: Mutex<HashMap<String, Socket>>,
    /// What happened, in order: `name in`, `name says x`, `name out`.
    pub(crate) log: Mutex<Vec<String>>,
    /// Whoever says `wait`, or asks to be let in slowly, waits for a permit.
    pub(crate) gate: Semaphore,
    /// How many wait there.
    pub(crate) waiting: AtomicUsize,
}

impl Script {
    fn note(&self, line: String) {
        self.log.lock().unwrap().push(line);
    }

    async fn pass_gate(&self) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        self.gate.acquire().await.unwrap().forget();
        self.waiting.fetch_sub(1, Ordering::SeqCst);
    }

    /// How often this was noted.
    pub(crate) fn count(&self, line: &str) -> usize {
        self.log.lock().unwrap().iter().filter(|noted| *noted == line).count()
    }

    /// Why somebody's session ended.
    pub(crate) fn reason(&self, name: &str) -> Option<Reason> {
        self.sockets.lock().unwrap().get(name).unwrap().closed()
    }
}

impl Handler for Script {
    type Handshake = ();
    type Client = (String, Socket);

    async fn connect(
        &self,
        socket: Socket,
        (): &(),
        auth: Option<Box<RawValue>>,
    ) -> Result<Self::Client, Refusal> {
        let auth: serde_json::Value =
            auth.map_or(serde_json::Value::Null, |auth| serde_json::from_str(auth.get()).unwrap());
        let name = auth["name"].as_str().unwrap_or("nobody").to_owned();
        match auth["how"].as_str() {
            Some("refused") => {
                return Err(Refusal { message: "not you".to_owned(), data: serde_json::Value::Null });
            }
            Some("panic") => panic!("as {name} has asked for"),
            Some("slowly") => self.pass_gate().await,
            _ => {}
        }
        self.note(format!("{name} in"));
        self.sockets.lock().unwrap().insert(name.clone(), socket.clone());
        Ok((name, socket))
    }

    fn has_namespace(&self, namespace: &str) -> bool {
        matches!(namespace, "/" | "/custom")
    }

    async fn event(&self, (name, socket): &Self::Client, event: Event) {
        let argument = event.arguments.first().map_or("null", |argument| argument.get());
        match event.name.as_str() {
            "panic" => panic!("as {name} has asked for"),
            "wait" => self.pass_gate().await,
            "leave" => socket.disconnect(),
            // So many events, each of so many bytes.
            "burst" => {
                let (count, size): (usize, usize) = serde_json::from_str(argument).unwrap();
                for n in 0..count {
                    socket.emit("filler", &(n, "x".repeat(size)));
                }
            }
            "say" => {
                self.note(format!("{name} begins {argument}"));
                tokio::task::yield_now().await;
                self.note(format!("{name} says {argument}"));
            }
            _ => {}
        }
        if let Some(ack) = event.ack {
            socket.acknowledge(ack, &event.attachments.len());
        }
    }

    fn connected(&self, (name, _): &Self::Client) {
        assert!(name != "panic once in", "as {name} has asked for");
    }

    fn disconnect(&self, (name, _): &Self::Client) {
        self.note(format!("{name} out"));
        assert!(!name.starts_with("panic"), "as {name} has asked for");
    }
}

/// A running server.
pub(crate) struct Test {
    pub(crate) server: Arc<Server<Script>>,
    pub(crate) address: SocketAddr,
}

/// Limits that end a test soon, and times that a busy machine does not exceed by chance.
pub(crate) fn config() -> Config {
    Config { max_payload: 10_000, max_payload_before: 1000, ..Config::default() }
}

impl Test {
    pub(crate) async fn start(config: Config) -> Self {
        let handler = Script {
            sockets: Mutex::default(),
            log: Mutex::default(),
            gate: Semaphore::new(0),
            waiting: AtomicUsize::new(0),
        };
        let server = Server::new(handler, config);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let answering = server.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let server = answering.clone();
                let service = hyper::service::service_fn(
                    move |request: hyper::Request<hyper::body::Incoming>| {
                        let server = server.clone();
                        let request = request.map(axum::body::Body::new);
                        async move { Ok::<_, std::convert::Infallible>(server.answer(request, |_| Ok(())).await) }
                    },
                );
                let http = hyper::server::conn::http1::Builder::new();
                let connection =
                    http.serve_connection(TokioIo::new(Connection::Plain(stream)), service).with_upgrades();
                tokio::spawn(async move { drop(connection.await) });
            }
        });
        Self { server, address }
    }

    pub(crate) fn script(&self) -> &Script {
        self.server.handler()
    }

    /// A WebSocket that has been told its session.
    pub(crate) async fn open(&self) -> Wire {
        let mut wire = self.websocket("").await;
        let opening = wire.text().await.unwrap();
        assert!(opening.starts_with("0{"), "{opening}");
        wire
    }

    /// A WebSocket; `query` may name a session.
    pub(crate) async fn websocket(&self, query: &str) -> Wire {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let address = format!("ws://{}/?EIO=4&transport=websocket{query}", self.address);
        let small = WebSocketConfig::default().read_buffer_size(1024);
        let request = address.into_client_request().unwrap();
        let (stream, _) =
            tokio_tungstenite::client_async_with_config(request, stream, Some(small)).await.unwrap();
        Wire(stream)
    }

    /// Somebody who was let in under this name.
    pub(crate) async fn connect(&self, name: &str) -> Wire {
        let mut wire = self.open().await;
        wire.send(&format!(r#"40{{"name":"{name}"}}"#)).await;
        let answer = wire.text().await.unwrap();
        assert!(answer.starts_with("40{"), "{answer}");
        wire
    }

    /// A request of polling: its status and body.
    pub(crate) async fn poll(&self, method: &str, query: &str, body: &str) -> (u16, String) {
        let mut stream = self.request(method, query, body.len(), body).await;
        let mut answer = String::new();
        within(stream.read_to_string(&mut answer)).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// A request of polling that announces so many bytes, as far as it goes.
    pub(crate) async fn request(&self, method: &str, query: &str, length: usize, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let head = format!(
            "{method} /?EIO=4&transport=polling{query} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body.as_bytes()).await.unwrap();
        stream
    }

    /// Begins a session by polling; what names it in a query.
    pub(crate) async fn begin_polling(&self) -> String {
        let (status, opening) = self.poll("GET", "", "").await;
        assert_eq!(status, 200, "{opening}");
        let opening: serde_json::Value = serde_json::from_str(opening.strip_prefix('0').unwrap()).unwrap();
        format!("&sid={}", opening["sid"].as_str().unwrap())
    }

    /// The same for somebody who was let in.
    pub(crate) async fn connect_polling(&self, name: &str) -> String {
        let sid = self.begin_polling().await;
        assert_eq!(self.poll("POST", &sid, &format!(r#"40{{"name":"{name}"}}"#)).await.0, 200);
        let (_, answer) = self.poll("GET", &sid, "").await;
        assert!(answer.starts_with("40{"), "{answer}");
        sid
    }

    /// Waits until something is so.
    pub(crate) async fn until(&self, what: &str, so: impl Fn(&Self) -> bool) {
        for _ in 0..1000 {
            if so(self) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("in vain: {what}; {:?}", self.script().log.lock().unwrap());
    }
}

pub(crate) async fn within<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, what).await.expect("it comes in time")
}

/// A frame of a client that announces so many bytes; the mask is zero.
pub(crate) fn frame(first: u8, announced: u64, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first, 0x80 | 127];
    frame.extend_from_slice(&announced.to_be_bytes());
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(payload);
    frame
}

/// The client's end of a WebSocket.
pub(crate) struct Wire(WebSocketStream<TcpStream>);

impl Wire {
    pub(crate) async fn send(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    pub(crate) async fn send_binary(&mut self, bytes: &[u8]) {
        self.0.send(Message::binary(bytes.to_vec())).await.unwrap();
    }

    /// Sends bytes as they are; whether the server takes them.
    pub(crate) async fn raw(&mut self, bytes: &[u8]) -> bool {
        self.0.get_mut().write_all(bytes).await.is_ok()
    }

    /// Ends the WebSocket in good order.
    pub(crate) async fn close(&mut self) {
        self.0.send(Message::Close(None)).await.unwrap();
    }

    /// The connection itself.
    pub(crate) fn tcp(&self) -> &TcpStream {
        self.0.get_ref()
    }

    /// The next text; pings of the server are answered. `None` at the end.
    pub(crate) async fn text(&mut self) -> Option<String> {
        loop {
            match within(self.0.next()).await?.ok()? {
                Message::Text(text) if text.as_str() == "2" => self.send("3").await,
                Message::Text(text) => return Some(text.as_str().to_owned()),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }

    /// Everything up to the end, nothing answered.
    pub(crate) async fn rest(&mut self) -> Vec<String> {
        let mut rest = Vec::new();
        while let Some(Ok(message)) = within(self.0.next()).await {
            match message {
                Message::Text(text) => rest.push(text.as_str().to_owned()),
                Message::Close(_) => break,
                _ => {}
            }
        }
        rest
    }

    /// Sends an event that is answered, and waits until it is; what came before the answer.
    pub(crate) async fn ask(&mut self, event: &str) -> Vec<String> {
        self.send(&format!("4277{event}")).await;
        let mut before = Vec::new();
        loop {
            let text = self.text().await.expect("an answer");
            if text.starts_with("4377[") {
                return before;
            }
            before.push(text);
        }
    }
}
