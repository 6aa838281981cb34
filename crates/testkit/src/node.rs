//! npm's Socket.IO client, the one that counts: `tests/node/drive.mjs` runs it and says how it is told what to do.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};

/// How long anything that should come is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long to listen before it is believed that nothing comes.
const SILENCE: Duration = Duration::from_millis(300);

/// A Node process with as many clients as one likes; it ends with this value.
#[derive(Debug)]
pub struct NodeClients {
    child: Child,
    driver: Arc<Driver>,
}

/// Somebody's client.
#[derive(Debug)]
pub struct NodeClient {
    name: String,
    driver: Arc<Driver>,
    events: mpsc::UnboundedReceiver<(String, Value)>,
    lifecycle: mpsc::UnboundedReceiver<(String, Value)>,
    /// Reports that came before one that was waited for.
    kept: VecDeque<(String, Value)>,
}

#[derive(Debug)]
struct Driver {
    commands: Mutex<(u64, ChildStdin)>,
    waiting: Mutex<HashMap<u64, oneshot::Sender<Value>>>,
    clients: Mutex<HashMap<String, Outlets>>,
}

/// Where what is reported of a client goes to.
#[derive(Debug)]
struct Outlets {
    events: mpsc::UnboundedSender<(String, Value)>,
    lifecycle: mpsc::UnboundedSender<(String, Value)>,
}

impl NodeClients {
    /// Starts Node.
    pub fn start() -> Self {
        let program = std::env::var("FAFF_TEST_NODE").unwrap_or_else(|_| {
            panic!("no Node to test with: run the tests by `cargo xtask test`, or set FAFF_TEST_NODE")
        });
        let mut child = Command::new(&program)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/node/drive.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{program} cannot be started: {error}"));
        let commands = Mutex::new((0, child.stdin.take().unwrap()));
        let driver = Arc::new(Driver { commands, waiting: Mutex::default(), clients: Mutex::default() });
        let (lines, hears) = (BufReader::new(child.stdout.take().unwrap()).lines(), driver.clone());
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                hears.sort(&serde_json::from_str(&line).expect("a line of JSON"));
            }
            // Whoever waits for an answer learns that none comes.
            hears.waiting.lock().unwrap().clear();
        });
        Self { child, driver }
    }

    /// Makes a client. What comes of it is told by [`NodeClient::lifecycle`].
    pub async fn connect(&self, name: &str, url: &str, token: Option<&str>, options: &Value) -> NodeClient {
        let (events_in, events) = mpsc::unbounded_channel();
        let (lifecycle_in, lifecycle) = mpsc::unbounded_channel();
        let outlets = Outlets { events: events_in, lifecycle: lifecycle_in };
        self.driver.clients.lock().unwrap().insert(name.to_owned(), outlets);
        let (name, driver, kept) = (name.to_owned(), self.driver.clone(), VecDeque::new());
        let client = NodeClient { name, driver, events, lifecycle, kept };
        let mut command = json!({"do": "connect", "url": url, "options": options});
        if let Some(token) = token {
            command["token"] = token.into();
        }
        client.order(command).await.expect("a client is made");
        client
    }
}

impl Drop for NodeClients {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Driver {
    /// Gives a command; the answer comes to whoever waits for it.
    fn begin(&self, mut command: Value) -> oneshot::Receiver<Value> {
        let (sender, answer) = oneshot::channel();
        let mut commands = self.commands.lock().unwrap();
        commands.0 += 1;
        command["id"] = commands.0.into();
        self.waiting.lock().unwrap().insert(commands.0, sender);
        commands.1.write_all(format!("{command}\n").as_bytes()).expect("Node runs");
        answer
    }

    /// Sorts an answer or a report to where it is waited for.
    fn sort(&self, line: &Value) {
        if let Some(id) = line["id"].as_u64() {
            if let Some(waiting) = self.waiting.lock().unwrap().remove(&id) {
                let _ = waiting.send(line.clone());
            }
            return;
        }
        let clients = self.clients.lock().unwrap();
        let outlets = &clients[line["as"].as_str().expect("a report is of somebody")];
        // Nobody may listen any more.
        let _ = match (line["event"].as_str(), line["lifecycle"].as_str()) {
            (Some(event), _) => {
                let argument = line["args"][0].clone();
                outlets.events.send((event.to_owned(), argument))
            }
            (None, Some(what)) => outlets.lifecycle.send((what.to_owned(), line.clone())),
            (None, None) => panic!("neither an event nor a lifecycle: {line}"),
        };
    }
}

impl NodeClient {
    async fn order(&self, mut command: Value) -> Result<Value, String> {
        command["as"] = self.name.as_str().into();
        let answer = tokio::time::timeout(PATIENCE, self.driver.begin(command)).await;
        let answer = answer.expect("Node answers").expect("Node runs");
        if answer["ok"] == true { Ok(answer) } else { Err(answer["error"].as_str().unwrap().to_owned()) }
    }

    /// Sends an event without waiting for an answer. Bytes are `{"base64": …}`.
    pub async fn emit(&self, event: &str, arguments: &[Value]) {
        self.order(json!({"do": "emit", "event": event, "args": arguments})).await.expect("it is emitted");
    }

    /// Sends an event and returns its answer.
    pub async fn ask(&self, event: &str, argument: &Value) -> Value {
        self.ask_within(5_000, event, argument).await.expect("an answer")
    }

    /// Sends an event and returns its answer.
    ///
    /// # Errors
    /// What the client says when none has come within so many milliseconds.
    pub async fn ask_within(&self, time: u64, event: &str, argument: &Value) -> Result<Value, String> {
        let command = json!({"do": "emit", "event": event, "args": [argument], "ack": true, "timeout": time});
        let answer = self.order(command).await?;
        assert_eq!(answer["ack"].as_array().map(Vec::len), Some(1), "{answer}");
        Ok(answer["ack"][0].clone())
    }

    /// Leaves as a person would; the client does not come back.
    pub async fn leave(&self) {
        self.order(json!({"do": "disconnect"})).await.expect("it leaves");
    }

    /// Cuts the connection; the client comes back by itself.
    pub async fn cut(&self) {
        self.order(json!({"do": "drop"})).await.expect("it is cut");
    }

    /// The next event of this name; others are passed over.
    pub async fn next(&mut self, event: &str) -> Value {
        next(&mut self.events, event, &self.name, &mut VecDeque::new()).await
    }

    /// The next report of this kind: `connect`, `connect_error`, `disconnect`, `upgrade`. Others are kept.
    pub async fn lifecycle(&mut self, what: &str) -> Value {
        match self.kept.iter().position(|(kept, _)| kept == what) {
            Some(at) => self.kept.remove(at).unwrap().1,
            None => next(&mut self.lifecycle, what, &self.name, &mut self.kept).await,
        }
    }

    /// The names of everything that has come, presence aside, once nothing more comes for a moment.
    pub async fn names(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        while let Ok(Some((name, _))) = tokio::time::timeout(SILENCE, self.events.recv()).await {
            names.push(name);
        }
        names.retain(|name| name != "presence");
        names
    }

    /// The kinds of everything that has been reported and not been waited for, without waiting for more.
    pub fn reported(&mut self) -> Vec<String> {
        self.kept.extend(std::iter::from_fn(|| self.lifecycle.try_recv().ok()));
        self.kept.drain(..).map(|(what, _)| what).collect()
    }
}

async fn next(
    from: &mut mpsc::UnboundedReceiver<(String, Value)>,
    wanted: &str,
    who: &str,
    passed: &mut VecDeque<(String, Value)>,
) -> Value {
    let found = async {
        while let Some((name, value)) = from.recv().await {
            if name == wanted {
                return value;
            }
            passed.push_back((name, value));
        }
        panic!("the client of {who} is gone");
    };
    let Ok(value) = tokio::time::timeout(PATIENCE, found).await else {
        panic!("no {wanted} came to {who}, but {passed:?}");
    };
    value
}
