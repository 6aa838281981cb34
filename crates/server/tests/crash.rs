//! Kills the server with SIGKILL while many write, again and again, and then asks for every acknowledged message.
//!
//! Three rounds an engine in every run; `CRASH_ROUNDS=20` for the long form.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use faff_testkit::{TestDatabase, on_both_engines};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::sync::Mutex;

const WRITERS: usize = 16;
const TASKS: usize = 4;

/// The real binary at work.
struct Server {
    child: Child,
    url: String,
    ready_after: Duration,
}

impl Server {
    async fn start(database: &TestDatabase) -> Self {
        let started = Instant::now();
        let mut child =
            command(database).arg("serve").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url =
            line.trim().strip_prefix("listening on ").unwrap_or_else(|| panic!("started with {line:?}"));
        let url = url.to_owned();
        while reqwest::get(format!("{url}/health/ready")).await.is_ok_and(|answer| answer.status() != 200) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Self { child, url, ready_after: started.elapsed() }
    }

    /// SIGKILL: nothing is flushed, nobody is told.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(database: &TestDatabase) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_faff"));
    command
        .current_dir(database.folder())
        .env("PORT", "0")
        .env("FAFF_DATA_DIR", database.folder())
        .env("DATABASE_URL", &database.url)
        .env("BCRYPT_COST", "4")
        .env("RATE_LIMIT_ANONYMOUS", "off")
        .env("RATE_LIMIT_USER", "off")
        .env("JWT_SECRET", "a secret of at least 32 bytes for tests");
    command
}

async fn post(http: &Client, url: &str, token: &str, body: &Value) -> Option<Value> {
    let answer = http.post(url).bearer_auth(token).json(body).send().await.ok()?;
    let status = answer.status();
    assert!(status != 500, "{url} answered {status}");
    let body = answer.json().await.ok()?;
    status.is_success().then_some(body)
}

/// Every message of a task, page by page.
async fn read_all(http: &Client, url: &str, token: &str, task: i64) -> Vec<Value> {
    let (mut messages, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = format!("{url}/api/tasks/{task}/messages?limit=100{cursor}");
        let page: Value = http.get(page).bearer_auth(token).send().await.unwrap().json().await.unwrap();
        messages.extend(page["messages"].as_array().unwrap().iter().cloned());
        let Some(next) = page["nextCursor"].as_str() else {
            return messages;
        };
        cursor = format!("&cursor={next}");
    }
}

fn rounds() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "how long a test runs is told by environment")]
    let rounds = std::env::var("CRASH_ROUNDS");
    rounds.ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(3)
}

on_both_engines! {
    async fn nothing_acknowledged_is_lost_and_nothing_is_doubled(engine) {
        let database = TestDatabase::create(engine, faff_app::MIGRATIONS).await;
        let http = Client::new();
        let mut server = Server::start(&database).await;
        let account = json!({"name": "Bo", "email": "bo@faff.example", "password": faff_testkit::PASSWORD});
        let login = post(&http, &format!("{}/api/auth/register", server.url), "", &account).await.unwrap();
        let token: Arc<str> = login["token"].as_str().unwrap().into();
        let mut tasks = Vec::new();
        for n in 0..TASKS {
            let task = json!({"title": format!("Task {n}"), "description": "Much is said here."});
            let task = post(&http, &format!("{}/api/tasks", server.url), &token, &task).await.unwrap();
            tasks.push(task["task"]["id"].as_i64().unwrap());
        }

        let acknowledged: Arc<Mutex<HashMap<String, i64>>> = Arc::default();
        let sent = Arc::new(AtomicU64::new(0));
        let mut slowest = Duration::ZERO;
        for round in 0..rounds() {
            let stop = Arc::new(AtomicBool::new(false));
            let mut writers = tokio::task::JoinSet::new();
            for writer in 0..WRITERS {
                let (http, token, url) = (http.clone(), token.clone(), server.url.clone());
                let (acknowledged, sent, stop) = (acknowledged.clone(), sent.clone(), stop.clone());
                let task = tasks[writer % TASKS];
                writers.spawn(async move {
                    while !stop.load(Ordering::Relaxed) {
                        let name = format!("m{}", sent.fetch_add(1, Ordering::Relaxed));
                        let body = json!({"taskId": task, "content": format!("This is {name}."), "clientId": name});
                        let answer = post(&http, &format!("{url}/api/messages"), &token, &body).await;
                        let Some(answer) = answer else { continue };
                        acknowledged.lock().await.insert(name, answer["data"]["seq"].as_i64().unwrap());
                    }
                });
            }
            // Not the same moment in every round.
            tokio::time::sleep(Duration::from_millis(400 + round * 37 % 300)).await;
            server.kill();
            stop.store(true, Ordering::Relaxed);
            while let Some(writer) = writers.join_next().await {
                writer.unwrap();
            }
            server = Server::start(&database).await;
            slowest = slowest.max(server.ready_after);
        }

        let acknowledged = acknowledged.lock().await;
        let mut stored: HashMap<String, i64> = HashMap::new();
        for task in &tasks {
            let mut last = 1;
            for message in read_all(&http, &server.url, &token, *task).await {
                let seq = message["seq"].as_i64().unwrap();
                assert_eq!(seq, last + 1, "task {task} has a gap");
                last = seq;
                let name = message["clientId"].as_str().unwrap().to_owned();
                assert_eq!(message["content"], format!("This is {name}."));
                assert_eq!(stored.insert(name, seq), None, "{message} is there twice");
            }
        }
        for (name, seq) in acknowledged.iter() {
            assert_eq!(stored.get(name), Some(seq), "{name} was acknowledged");
        }
        assert!(acknowledged.len() > 20, "only {} were acknowledged", acknowledged.len());
        assert!(stored.len() as u64 <= sent.load(Ordering::Relaxed));
        server.kill();
        let verified = command(&database).arg("verify").output().unwrap();
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
        println!(
            "{}: {} kills, {} sent, {} acknowledged, {} stored, slowest start to ready {slowest:?}",
            engine.name(), rounds(), sent.load(Ordering::Relaxed), acknowledged.len(), stored.len(),
        );
    }
}
