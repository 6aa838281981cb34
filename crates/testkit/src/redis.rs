//! Redis servers: the one that the runner provisioned, and servers of a test's own, which may be mistreated.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::database::{mark, unique_name};

/// More than a busy machine needs to start an empty server.
const PATIENCE: Duration = Duration::from_secs(20);
/// Between two looks at whether it answers.
const POLL: Duration = Duration::from_millis(20);
/// A port can be taken by somebody else between being found free and used.
const ATTEMPTS: usize = 3;

/// A Redis server of a test's own, which keeps nothing and ends with this value. Nodes that share a server and a secret
/// hear each other, and ids of tickets coincide between tests: so a test that starts nodes starts a server.
#[derive(Debug)]
pub struct TestRedis {
    program: String,
    folder: PathBuf,
    port: u16,
    server: Option<Child>,
}

impl TestRedis {
    /// The address of the server that the whole run shares: for what no other test hears.
    pub fn shared() -> String {
        mark("redis");
        provisioned("FAFF_TEST_REDIS")
    }

    /// Starts an empty server on a free port.
    pub async fn start() -> Self {
        mark("redis");
        let program = provisioned("FAFF_TEST_REDIS_SERVER");
        let folder = std::env::temp_dir().join(format!("{}_redis", unique_name()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut redis = Self { program, folder, port: 0, server: None };
        for _ in 0..ATTEMPTS {
            redis.port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
            if redis.serve().await {
                return redis;
            }
        }
        panic!("Redis did not start; its log says:\n{}", redis.log());
    }

    /// What `REDIS_URL` would say.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Kills it; whoever is connected finds the connection broken.
    pub fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            // Fails when it has ended by itself, which is what was wanted.
            let _ = server.kill();
            let _ = server.wait();
        }
    }

    /// Starts it anew, on the same port and with nothing in it.
    pub async fn restart(&mut self) {
        self.kill();
        assert!(self.serve().await, "Redis did not start again; its log says:\n{}", self.log());
    }

    /// Makes it stand still: connections are accepted and nothing is answered.
    pub fn stall(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub fn resume(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let server = self.server.as_ref().expect("Redis runs");
        let sent = Command::new("kill").args([signal, &server.id().to_string()]).status().unwrap();
        assert!(sent.success(), "kill {signal}: {sent}");
    }

    /// Starts the server, and tells whether it runs.
    async fn serve(&mut self) -> bool {
        let log = std::fs::File::create(self.folder.join("log")).unwrap();
        let server = Command::new(&self.program)
            .current_dir(&self.folder)
            .args(["--port", &self.port.to_string(), "--bind", "127.0.0.1"])
            .args(["--save", "", "--appendonly", "no", "--daemonize", "no"])
            .stdin(Stdio::null())
            .stderr(log.try_clone().unwrap())
            .stdout(log)
            .spawn()
            .unwrap_or_else(|error| panic!("{} cannot be started: {error}", self.program));
        let server = self.server.insert(server);
        let up = async {
            while matches!(server.try_wait(), Ok(None)) {
                if answers(self.port, &self.folder).await.is_ok_and(|answers| answers) {
                    return true;
                }
                tokio::time::sleep(POLL).await;
            }
            false
        };
        tokio::time::timeout(PATIENCE, up).await.unwrap_or(false)
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

impl Drop for TestRedis {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn provisioned(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("no Redis to test with: run the tests by `cargo xtask test`, or set {name}")
    })
}

/// Whether the server on a port is the one that works in this folder, and not another that came first.
async fn answers(port: u16, folder: &Path) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    stream.write_all(b"CONFIG GET dir\r\nQUIT\r\n").await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let folder = folder.canonicalize()?;
    Ok(answer.lines().any(|line| Path::new(line) == folder))
}
