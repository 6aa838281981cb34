//! Where a run takes place: a database of its own, the servers on it, and their Redis.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use tokio_postgres::Client;

use super::arguments::{DeliverArguments, Stored};
use super::faults::Fault;
use super::process::{Process, addresses};
use crate::seed::postgres::{connect, of_database};
use crate::{Outcome, SECRET};

/// Where a run takes place.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) nodes: Vec<Process>,
    pub(super) redis: Option<Process>,
    program: PathBuf,
    folder: PathBuf,
    database: String,
    cluster: Option<Cluster>,
}

/// The cluster that holds the database.
#[derive(Debug)]
struct Cluster {
    admin: Client,
    name: String,
}

impl Place {
    /// Makes a database and starts everything on it.
    pub(super) async fn start(
        arguments: &DeliverArguments,
        fault: Fault,
        program: &Path,
        folder: PathBuf,
    ) -> Outcome<Self> {
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        let (database, cluster) = match arguments.engine {
            Stored::Sqlite => (format!("sqlite:{}", folder.join("faff.sqlite").display()), None),
            Stored::Postgres => {
                let cluster = arguments.cluster()?;
                let name = format!("faff_deliver_{}", std::process::id());
                let admin = connect(&cluster.parse()?).await?;
                admin.batch_execute(&format!("drop database if exists {name} with (force)")).await?;
                admin.batch_execute(&format!("create database {name}")).await?;
                (of_database(cluster, &name)?, Some(Cluster { admin, name }))
            }
        };
        let mut addresses = addresses(usize::from(arguments.nodes) + 1)?.into_iter();
        let mut redis = None;
        let mut redis_url = None;
        if let Some(address) = addresses.next().filter(|_| arguments.has_redis(fault)) {
            let mut process = redis_server(arguments.redis_server.as_path(), folder.join("redis"), address);
            process.start().await?;
            redis = Some(process);
            redis_url = Some(format!("redis://{address}"));
        }
        let mut nodes = Vec::new();
        for (number, address) in addresses.enumerate() {
            let mut node = Process::new(
                program,
                folder.join(format!("node{number}")),
                address,
                ("GET /health/ready HTTP/1.1\r\nhost: deliver\r\n\r\n".to_owned(), "HTTP/1.1 200"),
            )
            .with_arguments(["serve".to_owned()])
            .with_settings(settings(&folder, &database, address))
            .with_settings(redis_url.clone().map(|url| ("REDIS_URL".to_owned(), url)));
            node.start().await?;
            nodes.push(node);
        }
        Ok(Self { nodes, redis, program: program.to_owned(), folder, database, cluster })
    }

    /// Ends the connections by which servers hear each other through the database, and returns how many there were.
    pub(super) async fn cut_listeners(&self) -> Outcome<usize> {
        let Some(Cluster { admin, name }) = &self.cluster else { return Ok(0) };
        let cut = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and query ilike 'listen%'";
        Ok(admin.query(cut, &[name]).await?.len())
    }

    /// What `faff verify` says, and whether it found nothing wrong.
    pub(super) fn verify(&self) -> Outcome<Result<String, String>> {
        let output = Command::new(&self.program)
            .arg("verify")
            .current_dir(&self.folder)
            .env_clear()
            .env("DATABASE_URL", &self.database)
            .env("FAFF_DATA_DIR", &self.folder)
            .output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        if output.status.success() {
            return Ok(Ok(said.lines().next().unwrap_or_default().to_owned()));
        }
        let why = String::from_utf8_lossy(&output.stderr);
        Ok(Err(format!("{}{}", said.trim_end(), why.trim_end())))
    }

    /// Lines of the servers' logs that tell of a panic, and how many there are at all.
    pub(super) fn logs(&self) -> (Vec<String>, usize) {
        let texts = self.nodes.iter().map(|node| std::fs::read_to_string(node.log()).unwrap_or_default());
        let text = texts.collect::<Vec<_>>().join("\n");
        let panics = text.lines().filter(|line| line.contains("panicked at")).map(str::to_owned).collect();
        (panics, text.lines().filter(|line| !line.is_empty()).count())
    }

    /// Ends everything, in good order, and removes the database unless it is to be kept. Returns the milliseconds that
    /// the servers took to end.
    pub(super) async fn end(mut self, keep: bool) -> Outcome<Vec<f64>> {
        let mut times = Vec::new();
        for node in &mut self.nodes {
            times.push(node.terminate().await?);
        }
        if keep {
            eprintln!("kept: {} and {}", self.database, self.folder.display());
            return Ok(times);
        }
        if let Some(Cluster { admin, name }) = &self.cluster {
            admin.batch_execute(&format!("drop database if exists {name} with (force)")).await?;
        }
        std::fs::remove_dir_all(&self.folder)?;
        Ok(times)
    }
}

fn settings(folder: &Path, database: &str, address: SocketAddr) -> impl Iterator<Item = (String, String)> {
    let (host, port) = (address.ip().to_string(), address.port().to_string());
    let folder = folder.display().to_string();
    [
        ("FAFF_ENV", "test"),
        ("HOST", &host),
        ("PORT", &port),
        ("JWT_SECRET", SECRET),
        ("BCRYPT_COST", "4"),
        ("RATE_LIMIT_ANONYMOUS", "off"),
        ("RATE_LIMIT_USER", "off"),
        ("RATE_LIMIT_LOGIN", "off"),
        ("RUST_LOG", "warn"),
        ("LOG_FORMAT", "text"),
        ("DATABASE_URL", database),
        ("FAFF_DATA_DIR", &folder),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into_iter()
}

/// A Redis that keeps nothing.
fn redis_server(program: &Path, folder: PathBuf, address: SocketAddr) -> Process {
    let port = address.port().to_string();
    let options =
        ["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"];
    Process::new(program, folder, address, ("PING\r\n".to_owned(), "+PONG"))
        .with_arguments(options.map(str::to_owned))
}
