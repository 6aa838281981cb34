//! The real binary at work, as people who send files to it see it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]
#![expect(clippy::disallowed_methods, reason = "the environment says how long tests run")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use faff_testkit::{Place, Store, TestBucket, TestDatabase};
use reqwest::Client;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

/// A server process.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) url: String,
}

impl Server {
    /// Starts one and waits until it is ready.
    pub(crate) async fn start(command: Command) -> Self {
        let server = Self::begin(command);
        let url = &server.url;
        while reqwest::get(format!("{url}/health/ready")).await.is_ok_and(|answer| answer.status() != 200) {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        server
    }

    /// Starts one and waits until it listens.
    pub(crate) fn begin(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ");
        let url = url.unwrap_or_else(|| panic!("started with {line:?}")).to_owned();
        Self { child, url }
    }

    /// SIGKILL: nothing is flushed, nobody is told.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// A path as the process sees it.
    pub(crate) fn sees(&self, path: &Path) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.child.id()));
        root.join(path.strip_prefix("/").unwrap())
    }

    /// Its memory now and at most, in KiB.
    pub(crate) fn memory(&self) -> (u64, u64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.trim().trim_end_matches(" kB").parse().unwrap()
        };
        (of("VmRSS:"), of("VmHWM:"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The bucket of a place, if it has one.
pub(crate) async fn bucket(place: Place, database: &TestDatabase) -> Option<TestBucket> {
    match place.store {
        Store::Folder => None,
        Store::Bucket => Some(TestBucket::start(database.folder()).await),
    }
}

/// The program with settings for tests, in a folder.
pub(crate) fn command(database: &TestDatabase, bucket: Option<&TestBucket>, folder: &Path) -> Command {
    set(Command::new(env!("CARGO_BIN_EXE_faff")), database, bucket, folder)
}

/// Tells a command the settings for tests.
pub(crate) fn set(
    mut command: Command,
    database: &TestDatabase,
    bucket: Option<&TestBucket>,
    folder: &Path,
) -> Command {
    command
        .current_dir(folder)
        .env("PORT", "0")
        .env("FAFF_DATA_DIR", folder)
        .env("DATABASE_URL", &database.url)
        .env("BCRYPT_COST", "4")
        .env("JWT_SECRET", "a secret of at least 32 bytes for tests");
    for limit in ["ANONYMOUS", "USER", "LOGIN", "UPLOAD"] {
        command.env(format!("RATE_LIMIT_{limit}"), "off");
    }
    command.envs(bucket.map(TestBucket::environment).into_iter().flatten());
    command
}

/// Somebody who sends files.
#[derive(Debug, Clone)]
pub(crate) struct Sender {
    http: Client,
    token: String,
    /// The task they go to.
    pub(crate) task: i64,
}

impl Sender {
    /// Registers somebody, who files a task.
    pub(crate) async fn register(url: &str) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        // A server that is busy with what has come reads no more meanwhile; how long is not this client's to judge.
        let http = Client::builder().tcp_user_timeout(None).build().unwrap();
        let email = format!("bo{n}@faff.example");
        let account = json!({"name": "Bo", "email": email, "password": faff_testkit::PASSWORD});
        let login = http.post(format!("{url}/api/auth/register")).json(&account).send().await.unwrap();
        let login: Value = login.json().await.unwrap();
        let token = login["token"].as_str().unwrap().to_owned();
        let task = json!({"title": "Files", "description": "Many of them."});
        let task = http.post(format!("{url}/api/tasks")).bearer_auth(&token).json(&task).send();
        let task: Value = task.await.unwrap().json().await.unwrap();
        Self { http, token, task: task["task"]["id"].as_i64().unwrap() }
    }

    /// Sends files to a path: the status and the answer, if there is one.
    pub(crate) async fn send(&self, url: &str, path: &str, files: Vec<Vec<u8>>) -> Option<(u16, Value)> {
        let form = Form::new().text("taskId", self.task.to_string());
        let form = files.into_iter().enumerate().fold(form, |form, (n, bytes)| {
            form.part("files", Part::bytes(bytes).file_name(format!("{n}.png")))
        });
        let request = self.http.post(format!("{url}{path}")).bearer_auth(&self.token).multipart(form);
        let answer = request.send().await.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.json().await.ok()?))
    }

    /// Sends one content as so many files: the status.
    pub(crate) async fn send_shared(&self, url: &str, content: &bytes::Bytes, files: u64) -> u16 {
        let form = (0..files).fold(Form::new().text("taskId", self.task.to_string()), |form, n| {
            let length = content.len() as u64;
            form.part(
                "files",
                Part::stream_with_length(content.clone(), length).file_name(format!("{n}.png")),
            )
        });
        let request = self.http.post(format!("{url}/api/messages")).bearer_auth(&self.token).multipart(form);
        request.send().await.unwrap().status().as_u16()
    }

    /// Says something: the status.
    pub(crate) async fn say(&self, url: &str, content: &str) -> u16 {
        let body = json!({"taskId": self.task, "content": content});
        let request = self.http.post(format!("{url}/api/messages")).bearer_auth(&self.token).json(&body);
        request.send().await.unwrap().status().as_u16()
    }

    /// Deletes: the status.
    pub(crate) async fn delete(&self, url: &str, path: &str) -> u16 {
        let request = self.http.delete(format!("{url}{path}")).bearer_auth(&self.token);
        request.send().await.unwrap().status().as_u16()
    }

    /// Reads: the status and the bytes.
    pub(crate) async fn get(&self, url: &str, path: &str) -> (u16, Vec<u8>) {
        let answer = self.http.get(format!("{url}{path}")).bearer_auth(&self.token).send().await.unwrap();
        (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
    }
}

/// Bytes that begin like a picture and go on by a rule, so that what was stored can be told from anything else.
pub(crate) fn bytes(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend(state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// How many rounds a test has.
pub(crate) fn rounds(usual: u64) -> u64 {
    let rounds = std::env::var("CRASH_ROUNDS");
    rounds.ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(usual)
}
