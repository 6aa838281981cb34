//! Servers under load, each a process of its own, and what the kernel knows about them.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::load::Connection;
use crate::{Outcome, SECRET, work};

/// How to start a server.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    pub(crate) arguments: Vec<String>,
    /// Its working directory and data folder.
    pub(crate) folder: PathBuf,
    pub(crate) database: String,
    /// Settings besides, or instead of, those that every server has.
    pub(crate) settings: &'static [(&'static str, &'static str)],
}

/// A running server; told to end, and waited for, when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts it and waits until it says where it listens.
    pub(crate) fn start(program: &Program) -> Outcome<Self> {
        let settings = [
            ("HOST", "127.0.0.1"),
            ("PORT", "0"),
            ("JWT_SECRET", SECRET),
            ("BCRYPT_COST", "10"),
            ("RATE_LIMIT_ANONYMOUS", "off"),
            ("RATE_LIMIT_USER", "off"),
            ("RATE_LIMIT_LOGIN", "off"),
            ("RUST_LOG", "warn"),
            ("DATABASE_URL", &program.database),
        ];
        let mut child = Command::new(&program.path)
            .args(&program.arguments)
            .current_dir(&program.folder)
            .env_clear()
            .envs(BTreeMap::from(settings))
            .envs(program.settings.iter().copied())
            .env("FAFF_DATA_DIR", &program.folder)
            .stdout(Stdio::piped())
            .stdin(Stdio::null())
            .spawn()
            .map_err(|error| format!("{}: {error}", program.path.display()))?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
        let said =
            lines.find_map(|line| line.ok()?.split_once("listening on http://").map(|(_, at)| at.to_owned()));
        let Some(address) = said.and_then(|at| at.trim().parse().ok()) else {
            let _ = child.kill();
            return Err(format!("{} did not start", program.path.display()).into());
        };
        Ok(Self { child, address })
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What the kernel has counted for it.
    pub(crate) fn usage(&self) -> Usage {
        Usage::of(self.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // In good order, so that the next one finds a database that was closed.
        let id = self.child.id().to_string();
        if Command::new("kill").args(["-TERM", &id]).status().is_ok_and(|status| status.success()) {
            let _ = self.child.wait();
        } else {
            let _ = self.child.kill();
        }
    }
}

/// What a process has used.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Usage {
    /// Seconds of all its threads, and those of them in the kernel.
    pub(crate) cpu: f64,
    pub(crate) kernel: f64,
    /// Bytes in memory, and those of them that are no file's.
    pub(crate) resident: u64,
    pub(crate) anonymous: u64,
}

impl Usage {
    pub(crate) fn of(process: u32) -> Self {
        let read =
            |file: &str| std::fs::read_to_string(format!("/proc/{process}/{file}")).unwrap_or_default();
        let stat = read("stat");
        // Behind the name, which may hold spaces; a tick is a hundredth of a second on every Linux.
        let times = stat.rsplit(") ").next().unwrap_or_default().split(' ').skip(11).take(2);
        let mut seconds = times.filter_map(|ticks| Some(ticks.parse::<f64>().ok()? / 100.0));
        let (user, kernel) = (seconds.next().unwrap_or(0.0), seconds.next().unwrap_or(0.0));
        let status = read("status");
        let bytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
        };
        Self {
            cpu: user + kernel,
            kernel,
            resident: bytes("VmRSS:").unwrap_or(0),
            anonymous: bytes("RssAnon:").unwrap_or(0),
        }
    }
}

/// What a server costs that nobody asks anything.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Idle {
    pub(crate) usage: Usage,
    /// Milliseconds from the start to the first answer, and to the first answer from the database; medians.
    pub(crate) first_answer: f64,
    pub(crate) first_task: f64,
    /// Bytes of the program.
    pub(crate) program: u64,
}

/// Starts the server some times to see how soon it answers, then leaves it alone for ten seconds.
pub(crate) fn idle(program: &Program) -> Outcome<Idle> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let token = work::token(2)?;
    let start = || -> Outcome<(Server, f64, f64)> {
        let started = Instant::now();
        let server = Server::start(program)?;
        runtime
            .block_on(async {
                let mut connection = Connection::open(server.address).await?;
                let mut millis = Vec::new();
                for path in ["/health/live", "/api/tasks?limit=1"] {
                    let request = format!(
                        "GET {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\r\n"
                    );
                    let (status, _) = connection.exchange(request.as_bytes()).await?;
                    if status != 200 {
                        return Err(format!("GET {path}: {status}").into());
                    }
                    millis.push(started.elapsed().as_secs_f64() * 1e3);
                }
                let [first_answer, first_task] = millis.try_into().unwrap_or_default();
                Ok((first_answer, first_task))
            })
            .map(|(first_answer, first_task)| (server, first_answer, first_task))
    };
    let mut starts = Vec::new();
    for _ in 0..10 {
        let (_, first_answer, first_task) = start()?;
        starts.push((first_answer, first_task));
    }
    let (server, ..) = start()?;
    runtime.block_on(async { tokio::time::sleep(Duration::from_secs(10)).await });
    Ok(Idle {
        usage: server.usage(),
        first_answer: median(starts.iter().map(|(answer, _)| *answer)),
        first_task: median(starts.iter().map(|(_, task)| *task)),
        program: size(&program.path)?,
    })
}

fn size(path: &Path) -> Outcome<u64> {
    Ok(std::fs::metadata(path)?.len())
}

/// The one in the middle; of an even number, the higher of two.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
