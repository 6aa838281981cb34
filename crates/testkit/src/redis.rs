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
    /// What it is besides a server that keeps nothing.
    arguments: Vec<String>,
    is_sentinel: bool,
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
        Self::begin(&[], |_, _| false).await
    }

    /// Starts a replica of it.
    pub async fn replica(&self) -> Self {
        Self::begin(&["--replicaof", "127.0.0.1", &self.port.to_string()], |_, _| false).await
    }

    /// Starts a sentinel, which calls it `desk`, and another server so that follows it, soon after it does not answer any more.
    pub async fn sentinel(&self) -> Self {
        let master = self.port;
        Self::begin(&[], |folder, port| {
            let text = format!(
                "port {port}\nbind 127.0.0.1\nsentinel monitor desk 127.0.0.1 {master} 1\n\
                 sentinel down-after-milliseconds desk 500\nsentinel failover-timeout desk 3000\n"
            );
            std::fs::write(folder.join("sentinel.conf"), text).unwrap();
            true
        })
        .await
    }

    /// Starts a cluster of three, each with a third of the slots, and waits until all of them know.
    pub async fn cluster() -> Vec<Self> {
        let options = ["--cluster-enabled", "yes", "--cluster-node-timeout", "1000"];
        let mut nodes = Vec::new();
        for slots in ["0 5460", "5461 10922", "10923 16383"] {
            let node = Self::begin(&options, |_, _| false).await;
            node.command(&format!("CLUSTER ADDSLOTSRANGE {slots}")).await.unwrap();
            if let Some(first) = nodes.first() {
                let first: &Self = first;
                node.command(&format!("CLUSTER MEET 127.0.0.1 {}", first.port)).await.unwrap();
            }
            nodes.push(node);
        }
        let agreed = async {
            for node in &nodes {
                while !node.command("CLUSTER INFO").await.is_ok_and(|info| info.contains("cluster_state:ok"))
                {
                    tokio::time::sleep(POLL).await;
                }
            }
        };
        tokio::time::timeout(PATIENCE, agreed).await.expect("three nodes agree");
        nodes
    }

    async fn begin(arguments: &[&str], prepare: impl Fn(&Path, u16) -> bool) -> Self {
        mark("redis");
        let program = provisioned("FAFF_TEST_REDIS_SERVER");
        let folder = std::env::temp_dir().join(format!("{}_redis", unique_name()));
        std::fs::create_dir_all(&folder).unwrap();
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let mut redis = Self { program, folder, port: 0, arguments, is_sentinel: false, server: None };
        for _ in 0..ATTEMPTS {
            redis.port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
            redis.is_sentinel = prepare(&redis.folder, redis.port);
            if redis.serve().await {
                return redis;
            }
            redis.kill();
        }
        panic!("Redis did not start; its log says:\n{}", redis.log());
    }

    /// Where it listens.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Says something, and returns all that is answered.
    pub async fn command(&self, command: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await?;
        stream.write_all(format!("{command}\r\n").as_bytes()).await?;
        stream.shutdown().await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer)
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
        let mut command = Command::new(&self.program);
        if self.is_sentinel {
            command.args(["sentinel.conf", "--sentinel"]);
        } else {
            command
                .args(["--port", &self.port.to_string(), "--bind", "127.0.0.1"])
                .args(["--save", "", "--appendonly", "no", "--daemonize", "no"])
                .args(&self.arguments);
        }
        let server = command
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stderr(log.try_clone().unwrap())
            .stdout(log)
            .spawn()
            .unwrap_or_else(|error| panic!("{} cannot be started: {error}", self.program));
        self.server = Some(server);
        let up = async {
            while self.server.as_mut().is_some_and(|server| matches!(server.try_wait(), Ok(None))) {
                // A sentinel does not say where it works.
                let answer = if self.is_sentinel {
                    self.command("PING").await.map(|answer| answer.starts_with("+PONG"))
                } else {
                    self.works_here().await
                };
                if answer.is_ok_and(|answers| answers) {
                    return true;
                }
                tokio::time::sleep(POLL).await;
            }
            false
        };
        tokio::time::timeout(PATIENCE, up).await.unwrap_or(false)
    }

    /// Whether the server on this port is the one that works in this folder, and not another that came first.
    async fn works_here(&self) -> std::io::Result<bool> {
        let answer = self.command("CONFIG GET dir").await?;
        let folder = self.folder.canonicalize()?;
        Ok(answer.lines().any(|line| Path::new(line) == folder))
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
