//! A Socket.IO client over a WebSocket, for tests in Rust: small, strict, and fast enough for volume.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// How long anything that should come is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long to listen before it is believed that nothing comes.
const SILENCE: Duration = Duration::from_millis(300);

type Stream = WebSocketStream<TcpStream>;
/// Events that concern only whoever is connected.
const OWN: [&str; 3] = ["inbox_changed", "reading_changed", "views_changed"];

type Events = mpsc::UnboundedSender<(String, Value)>;
type Acks = Arc<Mutex<HashMap<u64, oneshot::Sender<Value>>>>;

/// Somebody's connection.
#[derive(Debug)]
pub struct Live {
    out: mpsc::UnboundedSender<Message>,
    events: mpsc::UnboundedReceiver<(String, Value)>,
    /// What concerns only whoever is connected: it may come at any time between the others.
    own: mpsc::UnboundedReceiver<(String, Value)>,
    acks: Acks,
    asked: u64,
    task: JoinHandle<()>,
}

/// A bare WebSocket to the server's Engine.IO, past its opening.
///
/// # Errors
/// What the server says instead, or why there is no connection.
pub async fn open(url: &str, headers: &[(&'static str, &str)]) -> Result<Stream, String> {
    let address = url.strip_prefix("http://").expect("an address of a test");
    let stream = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
    let mut request =
        format!("ws://{address}/socket.io/?EIO=4&transport=websocket").into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    let (mut stream, _) =
        tokio_tungstenite::client_async(request, stream).await.map_err(|error| error.to_string())?;
    let opening = text(&mut stream).await.ok_or("closed before it was open")?;
    assert!(opening.starts_with('0'), "{opening}");
    Ok(stream)
}

/// The next text of a WebSocket; `None` when it is closed.
pub async fn text(stream: &mut Stream) -> Option<String> {
    loop {
        let next = tokio::time::timeout(PATIENCE, stream.next()).await.expect("something comes, or the end");
        match next?.ok()? {
            Message::Text(text) => return Some(text.as_str().to_owned()),
            Message::Close(_) => return None,
            _ => {}
        }
    }
}

impl Live {
    /// Connects with a token.
    ///
    /// # Errors
    /// The payload of `connect_error`.
    pub async fn connect(url: &str, token: &str) -> Result<Self, Value> {
        let mut stream = open(url, &[]).await.map_err(Value::from)?;
        let hello = format!("40{}", json!({"token": token}));
        stream.send(Message::Text(hello.into())).await.map_err(|error| Value::from(error.to_string()))?;
        // What comes before it is told that it is connected waits, as in other clients.
        let mut early = Vec::new();
        loop {
            let text = text(&mut stream).await.ok_or("closed instead of an answer")?;
            if text == "2" {
                let _ = stream.send(Message::Text("3".into())).await;
            } else if text.starts_with("42") {
                early.push(text);
            } else if let Some(refusal) = text.strip_prefix("44") {
                return Err(serde_json::from_str(refusal).unwrap());
            } else {
                assert!(text.starts_with("40{"), "{text}");
                return Ok(Self::run(stream, &early));
            }
        }
    }

    fn run(mut stream: Stream, early: &[String]) -> Self {
        let (out, mut to_send) = mpsc::unbounded_channel();
        let (events_in, events) = mpsc::unbounded_channel();
        let (own_in, own) = mpsc::unbounded_channel();
        let events_in = (events_in, own_in);
        let acks = Acks::default();
        for text in early {
            sort(text, &events_in, &acks);
        }
        let waiting = acks.clone();
        let task = tokio::spawn(async move {
            loop {
                tokio::select! {
                    message = to_send.recv() => match message {
                        Some(message) => if stream.send(message).await.is_err() { return },
                        None => return,
                    },
                    message = stream.next() => match message {
                        Some(Ok(Message::Text(text))) if text == "2" => {
                            if stream.send(Message::Text("3".into())).await.is_err() { return }
                        }
                        Some(Ok(Message::Text(text))) => {
                            if !sort(&text, &events_in, &waiting) { return }
                        }
                        Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                        Some(Ok(_)) => {}
                    },
                }
            }
        });
        Self { out, events, own, acks, asked: 0, task }
    }

    /// Sends an event without waiting for an answer.
    pub fn emit(&self, event: &str, argument: &Value) {
        let _ = self.out.send(Message::Text(format!("42{}", json!([event, argument])).into()));
    }

    /// Sends an event and returns its answer.
    pub async fn ask(&mut self, event: &str, argument: &Value) -> Value {
        self.begin(event, argument).await.expect("an answer")
    }

    /// Sends an event; the answer comes to whoever waits for it, unless the connection ends before.
    pub fn begin(&mut self, event: &str, argument: &Value) -> impl Future<Output = Option<Value>> + use<> {
        self.asked += 1;
        let (sender, answer) = oneshot::channel();
        self.acks.lock().unwrap().insert(self.asked, sender);
        let text = format!("42{}{}", self.asked, json!([event, argument]));
        let _ = self.out.send(Message::Text(text.into()));
        let out = self.out.clone();
        async move {
            tokio::select! {
                biased;
                answer = tokio::time::timeout(PATIENCE, answer) => answer.ok()?.ok(),
                () = out.closed() => None,
            }
        }
    }

    /// Sends text as it is.
    pub fn raw(&self, text: &str) {
        let _ = self.out.send(Message::Text(text.into()));
    }

    /// The next event, with its argument; `None` when the connection has ended.
    pub async fn event(&mut self) -> Option<(String, Value)> {
        tokio::time::timeout(PATIENCE, self.events.recv()).await.expect("an event, or the end")
    }

    /// The next event of this name; others are passed over.
    pub async fn next(&mut self, event: &str) -> Value {
        loop {
            let (name, argument) = self.event().await.unwrap_or_else(|| panic!("it ended before {event}"));
            if name == event {
                return argument;
            }
        }
    }

    /// The next event of this name that concerns only whoever is connected.
    pub async fn next_own(&mut self, event: &str) -> Value {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.own.recv()).await.expect("an event, or the end");
            let (name, argument) = next.unwrap_or_else(|| panic!("it ended before {event}"));
            if name == event {
                return argument;
            }
        }
    }

    /// The names of what has come that concerns only whoever is connected, once nothing more comes for a moment.
    pub async fn own_names(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        while let Ok(Some((name, _))) = tokio::time::timeout(SILENCE, self.own.recv()).await {
            names.push(name);
        }
        names
    }

    /// Everything that has come, once nothing more comes for a moment.
    pub async fn rest(&mut self) -> Vec<(String, Value)> {
        let mut rest = Vec::new();
        while let Ok(Some(event)) = tokio::time::timeout(SILENCE, self.events.recv()).await {
            rest.push(event);
        }
        rest
    }

    /// The names of everything that has come, presence aside, once nothing more comes for a moment.
    pub async fn names(&mut self) -> Vec<String> {
        let rest = self.rest().await;
        rest.into_iter().map(|(name, _)| name).filter(|name| name != "presence").collect()
    }

    /// The names of everything that has come of rooms, presence aside, once nothing more comes for a moment. What is told
    /// to lists may still be on its way to whoever has just connected.
    pub async fn of_rooms(&mut self) -> Vec<String> {
        self.names().await.into_iter().filter(|name| !name.starts_with("task_")).collect()
    }

    /// Waits for the end of the connection, and returns what came before it.
    pub async fn ended(&mut self) -> Vec<(String, Value)> {
        let mut before = Vec::new();
        while let Some(event) = self.event().await {
            before.push(event);
        }
        before
    }

    /// Cuts the connection, without a word.
    pub fn drop_connection(&self) {
        self.task.abort();
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Sorts an event or an answer to where it is waited for; `false` when the server has ended the connection.
fn sort(text: &str, (events, own): &(Events, Events), acks: &Acks) -> bool {
    if let Some(event) = text.strip_prefix("42") {
        let (name, argument): (String, Value) =
            serde_json::from_str(event).expect("an event with an argument");
        let to = if OWN.contains(&name.as_str()) { own } else { events };
        let _ = to.send((name, argument));
    } else if let Some(ack) = text.strip_prefix("43") {
        let digits = ack.find('[').expect("an answer");
        let [answer]: [Value; 1] = serde_json::from_str(&ack[digits..]).expect("an answer");
        if let Some(waiting) = acks.lock().unwrap().remove(&ack[..digits].parse().unwrap()) {
            let _ = waiting.send(answer);
        }
    } else {
        return text != "41" && text != "1";
    }
    true
}
