//! Where a run takes place: a database of its own, the servers on it, and their Redis.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use faff_types::Planted;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Config, Row};

use super::arguments::{CheckArguments, Stored};
use super::faults::Fault;
use super::plan::Plan;
use super::postmaster::Postmaster;
use super::process::{PATIENCE, POLL, Process, addresses};
use super::proxy::{Mode, Proxy};
use crate::seed::postgres::{connect, of_database};
use crate::{Outcome, SECRET};

/// What a server is asked to see whether it is ready.
const READY: &str = "GET /health/ready HTTP/1.1\r\nhost: check\r\n\r\n";

/// Where a run takes place.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) nodes: Vec<Process>,
    pub(super) redis: Option<Process>,
    /// What stands between clients and each server, where something does.
    doors: Vec<Proxy>,
    /// What stands between the last server and PostgreSQL, where something does.
    database_door: Option<Proxy>,
    program: PathBuf,
    folder: PathBuf,
    database: String,
    cluster: Option<Cluster>,
}

/// The cluster that holds the database.
#[derive(Debug)]
struct Cluster {
    config: Config,
    name: String,
    postmaster: Postmaster,
}

impl Cluster {
    async fn query(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Outcome<Vec<Row>> {
        Ok(connect(&self.config).await?.query(sql, params).await?)
    }
}

impl Place {
    /// Makes a database and starts everything on it.
    pub(super) async fn start(arguments: &CheckArguments, plan: Plan, folder: PathBuf) -> Outcome<Self> {
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        let program = if plan.mistake.is_some() || plan.fault == Fault::DieAt {
            arguments.planted_server.as_ref().ok_or("no server in which mistakes can be planted")?
        } else {
            &arguments.server
        };
        let program = std::fs::canonicalize(program)?;
        let (database, cluster) = match plan.engine {
            Stored::Sqlite => (format!("sqlite:{}", folder.join("faff.sqlite").display()), None),
            Stored::Postgres => {
                let cluster = arguments.cluster()?;
                let name = format!("faff_check_{}", std::process::id());
                let config: Config = cluster.parse()?;
                let admin = connect(&config).await?;
                admin.batch_execute(&format!("drop database if exists {name} with (force)")).await?;
                admin.batch_execute(&format!("create database {name}")).await?;
                let postmaster = Postmaster::find(&admin).await?;
                (of_database(cluster, &name)?, Some(Cluster { config, name, postmaster }))
            }
        };
        let count = arguments.servers(plan.engine);
        let mut addresses = addresses(2 * count + 2)?.into_iter();
        let mut place = Self {
            nodes: Vec::new(),
            redis: None,
            doors: Vec::new(),
            database_door: None,
            program,
            folder,
            database,
            cluster,
        };
        let mut address = || addresses.next().ok_or("there are no free ports");
        let mut redis_url = None;
        if arguments.has_redis(plan.fault) {
            let address = address()?;
            let program = arguments.redis_server.as_path();
            let redis = place.redis.insert(redis_server(program, place.folder.join("redis"), address));
            redis.start().await?;
            redis_url = Some(format!("redis://{address}"));
        }
        for number in 0..count {
            let listens = address()?;
            let mut database = place.database.clone();
            if plan.fault == Fault::Partition && number + 1 == count {
                let port =
                    place.cluster.as_ref().and_then(|cluster| cluster.config.get_ports().first().copied());
                let port = port.ok_or("the cluster's address names no port")?;
                let door = Proxy::start(address()?, SocketAddr::from(([127, 0, 0, 1], port))).await?;
                database = database.replace(&format!(":{port}/"), &format!(":{}/", door.address.port()));
                place.database_door = Some(door);
            }
            let before = arguments.server_before.as_ref().filter(|_| plan.fault == Fault::ReplaceNode);
            let before = before.map(std::fs::canonicalize).transpose()?;
            let mut node = Process::new(
                &place.program,
                place.folder.join(format!("node{number}")),
                listens,
                (READY.to_owned(), "HTTP/1.1 200"),
            )
            .with_arguments(["serve".to_owned()])
            .with_settings(settings(&place.folder, &database, listens))
            .with_settings(redis_url.clone().map(|url| ("REDIS_URL".to_owned(), url)))
            .with_settings(
                plan.mistake.map(|mistake| (Planted::VARIABLE.to_owned(), mistake.name().to_owned())),
            )
            .or(before);
            if plan.fault == Fault::SickDisk {
                node = node.with_disk(arguments.fiu.as_ref().ok_or("sick-disk needs libfiu: see --fiu")?);
            }
            if plan.fault == Fault::DieAt {
                node = node.that_dies();
            }
            if plan.fault == Fault::ClockJump {
                let faketime =
                    arguments.faketime.as_ref().ok_or("clock-jump needs libfaketime: see --faketime")?;
                node = node.with_clock(faketime)?;
            }
            if number > 0 {
                // The first has brought the schema up to date.
                node.replace();
            }
            node.start().await?;
            place.nodes.push(node);
            if matches!(plan.fault, Fault::FlakyClients | Fault::CutAnswers) {
                place.doors.push(Proxy::start(address()?, listens).await?);
            }
        }
        Ok(place)
    }

    /// Where clients find each server.
    pub(super) fn addresses(&self, fault: Fault) -> Vec<SocketAddr> {
        if fault == Fault::FlakyClients {
            return self.doors.iter().map(|door| door.address).collect();
        }
        self.nodes.iter().map(|node| node.address).collect()
    }

    /// What stands between clients and the first server.
    pub(super) fn door(&self) -> Option<Proxy> {
        self.doors.first().cloned()
    }

    pub(super) fn between_clients(&self, node: usize, mode: Mode) {
        if let Some(door) = self.doors.get(node) {
            door.set(mode);
        }
    }

    pub(super) fn between_database(&self, mode: Mode) {
        if let Some(door) = &self.database_door {
            door.set(mode);
        }
    }

    /// Ends those of the servers' connections to PostgreSQL for which this holds, and returns how many there were.
    pub(super) async fn cut(&self, which: &str) -> Outcome<usize> {
        let Some(cluster) = &self.cluster else { return Ok(0) };
        let cut = format!(
            "select pg_terminate_backend(pid) from (select pid from pg_stat_activity where datname = $1 and {which}) b"
        );
        Ok(cluster.query(&cut, &[&cluster.name]).await?.len())
    }

    /// PostgreSQL itself.
    pub(super) fn postmaster(&mut self) -> Outcome<&mut Postmaster> {
        Ok(&mut self.cluster.as_mut().ok_or("there is no PostgreSQL")?.postmaster)
    }

    /// Starts PostgreSQL again, and returns the milliseconds until it answers and every server says that it is ready.
    pub(super) async fn restart_postgres(&mut self) -> Outcome<f64> {
        self.postmaster()?.start()?;
        let started = Instant::now();
        let cluster = self.cluster.as_ref().ok_or("there is no PostgreSQL")?;
        while connect(&cluster.config).await.is_err() {
            if started.elapsed() > PATIENCE {
                return Err("PostgreSQL does not answer after its start".into());
            }
            tokio::time::sleep(POLL).await;
        }
        let answers = Instant::now();
        for node in &self.nodes {
            node.becomes_ready().await?;
        }
        Ok(answers.elapsed().as_secs_f64() * 1e3)
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
        if let Some(Cluster { config, name, .. }) = &self.cluster {
            let admin = connect(config).await?;
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
        ("RATE_LIMIT_UPLOAD", "off"),
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
