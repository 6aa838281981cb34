//! Processes that a run starts and mistreats: servers and Redis.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use faff_types::Point;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Outcome;
use crate::server::Usage;

/// Between two looks at whether it has started or ended.
pub(super) const POLL: Duration = Duration::from_millis(5);
/// More than a busy machine needs to start or to end one.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);

/// The file that says by how much a clock is off, what the pipe to libfiu is called, and the file that says where to die.
const CLOCK: &str = "clock";
const DISK: &str = "disk";
const DEATH: &str = "death";

/// How the disk is that a process writes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Disk {
    Well,
    Sick,
}

/// Something that listens on a port of its own, and on the same one after a restart.
#[derive(Debug)]
pub(super) struct Process {
    program: PathBuf,
    /// What is started in its place.
    other: Option<PathBuf>,
    arguments: Vec<String>,
    /// Its whole environment; with none, it has ours.
    settings: Vec<(String, String)>,
    folder: PathBuf,
    pub(super) address: SocketAddr,
    /// What is asked to see whether it is ready, and how the answer begins.
    probe: (String, &'static str),
    child: Option<Child>,
}

impl Process {
    /// How to start it; `start` does.
    pub(super) fn new(
        program: &Path,
        folder: PathBuf,
        address: SocketAddr,
        probe: (String, &'static str),
    ) -> Self {
        let (arguments, settings) = (Vec::new(), Vec::new());
        let program = program.to_owned();
        Self { program, other: None, arguments, settings, folder, address, probe, child: None }
    }

    /// With a program that [`Self::replace`] starts in its place.
    pub(super) fn or(mut self, other: Option<PathBuf>) -> Self {
        self.other = other;
        self
    }

    /// From the next start on it is the other program.
    pub(super) fn replace(&mut self) {
        if let Some(other) = &mut self.other {
            std::mem::swap(&mut self.program, other);
        }
    }

    /// Goes by a clock of its own, which this library gives it.
    pub(super) fn with_clock(self, faketime: &Path) -> Outcome<Self> {
        std::fs::create_dir_all(&self.folder)?;
        self.set_clock(0)?;
        let (library, file) = (faketime.display().to_string(), self.folder.join(CLOCK).display().to_string());
        Ok(self.with_settings(
            [
                ("LD_PRELOAD", library.as_str()),
                ("FAKETIME_TIMESTAMP_FILE", &file),
                ("FAKETIME_CACHE_DURATION", "1"),
                // How long something takes is asked of another clock, which no administrator can set.
                ("DONT_FAKE_MONOTONIC", "1"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        ))
    }

    /// Its clock is off by so many seconds, within a second.
    pub(super) fn set_clock(&self, shift: i64) -> Outcome<()> {
        // At once: it must not find half of it.
        let (draft, file) = (self.folder.join("clock.new"), self.folder.join(CLOCK));
        std::fs::write(&draft, format!("{shift:+}\n"))?;
        Ok(std::fs::rename(draft, file)?)
    }

    /// Writes to a disk that [`Self::set_disk`] makes sick, through libfiu's two libraries, which lie side by side.
    pub(super) fn with_disk(self, fiu: &Path) -> Self {
        let libraries = format!("{} {}", fiu.with_file_name("fiu_run_preload.so").display(), fiu.display());
        let pipe = self.folder.join(DISK).display().to_string();
        self.with_settings(
            [("LD_PRELOAD", libraries), ("FIU_CTRL_FIFO", pipe)]
                .map(|(name, value)| (name.to_owned(), value)),
        )
    }

    /// From now on each write to a file and each flush fails (`EIO`), or none any more. Reads go on, and so does what is sent to
    /// sockets: that is other calls of the system.
    pub(super) fn set_disk(&self, disk: Disk) -> Outcome<()> {
        const CALLS: [&str; 3] = ["posix/io/rw/pwrite", "posix/io/sync/fdatasync", "posix/io/sync/fsync"];
        let Some(child) = &self.child else { return Ok(()) };
        let mut control = Command::new("fiu-ctrl");
        control.arg("-f").arg(self.folder.join(DISK));
        for call in CALLS {
            control.arg("-c").arg(match disk {
                Disk::Sick => format!("enable name={call},failinfo=5"),
                Disk::Well => format!("disable name={call}"),
            });
        }
        let told =
            control.arg(child.id().to_string()).status().map_err(|error| format!("fiu-ctrl: {error}"))?;
        if told.success() { Ok(()) } else { Err(format!("fiu-ctrl: {told}").into()) }
    }

    /// Dies where [`Self::die_at`] says: it has to be a build that can.
    pub(super) fn that_dies(self) -> Self {
        let file = self.folder.join(DEATH).display().to_string();
        self.with_settings([(Point::VARIABLE.to_owned(), file)])
    }

    /// From now on it dies when it comes to that point so many times; or nowhere any more.
    pub(super) fn die_at(&self, order: Option<(Point, u32)>) -> Outcome<()> {
        let (draft, file) = (self.folder.join("death.new"), self.folder.join(DEATH));
        let Some((point, times)) = order else { return Ok(std::fs::remove_file(file)?) };
        std::fs::write(&draft, format!("{} {times}\n", point.name()))?;
        Ok(std::fs::rename(draft, file)?)
    }

    /// Waits so long until it has ended by itself, and tells whether it has.
    pub(super) async fn ends_itself(&mut self, time: Duration) -> Outcome<bool> {
        let asked = Instant::now();
        let Some(child) = &mut self.child else { return Ok(false) };
        while child.try_wait()?.is_none() {
            if asked.elapsed() > time {
                return Ok(false);
            }
            tokio::time::sleep(POLL).await;
        }
        self.child = None;
        Ok(true)
    }

    pub(super) fn with_arguments(mut self, arguments: impl IntoIterator<Item = String>) -> Self {
        self.arguments.extend(arguments);
        self
    }

    pub(super) fn with_settings(mut self, settings: impl IntoIterator<Item = (String, String)>) -> Self {
        self.settings.extend(settings);
        self
    }

    /// Starts it, and returns how many milliseconds it took to be ready. Its words are added to `log` in its folder.
    pub(super) async fn start(&mut self) -> Outcome<f64> {
        std::fs::create_dir_all(&self.folder)?;
        let log = File::options().create(true).append(true).open(self.log())?;
        let started = Instant::now();
        let mut command = Command::new(&self.program);
        if !self.settings.is_empty() {
            command.env_clear();
        }
        let child = command
            .args(&self.arguments)
            .current_dir(&self.folder)
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|error| format!("{}: {error}", self.program.display()))?;
        let child = self.child.insert(child);
        while !is_ready(self.address, &self.probe).await {
            if let Some(status) = child.try_wait()? {
                let log = self.folder.join("log");
                return Err(
                    format!("{} ended: {status}; see {}", self.program.display(), log.display()).into()
                );
            }
            if started.elapsed() > PATIENCE {
                return Err(format!("{} is not ready", self.program.display()).into());
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(started.elapsed().as_secs_f64() * 1e3)
    }

    /// Waits until it says that it is ready.
    pub(super) async fn becomes_ready(&self) -> Outcome<()> {
        let asked = Instant::now();
        while !is_ready(self.address, &self.probe).await {
            if asked.elapsed() > PATIENCE {
                return Err(format!("{} does not become ready again", self.program.display()).into());
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }

    /// Waits so long until it no longer says that it is ready, and tells whether that came.
    pub(super) async fn becomes_unready(&self, time: Duration) -> bool {
        let asked = Instant::now();
        while is_ready(self.address, &self.probe).await {
            if asked.elapsed() > time {
                return false;
            }
            tokio::time::sleep(POLL).await;
        }
        true
    }

    /// Where its words go.
    pub(super) fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// Ends it in the middle of whatever it does.
    pub(super) fn kill(&mut self) -> Outcome<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Asks it to end and waits until it has, in milliseconds.
    pub(super) async fn terminate(&mut self) -> Outcome<f64> {
        let started = Instant::now();
        self.signal("-TERM")?;
        if let Some(mut child) = self.child.take() {
            while child.try_wait()?.is_none() {
                if started.elapsed() > PATIENCE {
                    child.kill()?;
                    return Err(format!("{} did not end when it was told to", self.program.display()).into());
                }
                tokio::time::sleep(POLL).await;
            }
        }
        Ok(started.elapsed().as_secs_f64() * 1e3)
    }

    /// Sends it a signal.
    pub(super) fn signal(&self, signal: &str) -> Outcome<()> {
        let Some(child) = &self.child else { return Ok(()) };
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status()?;
        if sent.success() { Ok(()) } else { Err(format!("kill {signal}: {sent}").into()) }
    }

    /// What the kernel has counted for it, and how many files it has open.
    pub(super) fn usage(&self) -> (Usage, usize) {
        let Some(child) = &self.child else { return (Usage::default(), 0) };
        let files = std::fs::read_dir(format!("/proc/{}/fd", child.id())).map_or(0, Iterator::count);
        (Usage::of(child.id()), files)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that stands still would not hear anything else.
        let _ = self.kill();
    }
}

async fn is_ready(address: SocketAddr, (question, answer): &(String, &'static str)) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(question.as_bytes()).await?;
        let mut said = vec![0; answer.len()];
        stream.read_exact(&mut said).await?;
        std::io::Result::Ok(said == answer.as_bytes())
    };
    tokio::time::timeout(Duration::from_secs(2), ask).await.is_ok_and(|answered| answered.unwrap_or(false))
}

/// Free addresses, below the ports that the system gives to connections: whoever connects to one of these while nobody
/// listens there would otherwise now and then be connected to itself.
pub(super) fn addresses(count: usize) -> Outcome<Vec<SocketAddr>> {
    let first = 20_000 + u16::try_from(std::process::id() % 10_000)?;
    let found: Vec<SocketAddr> = (first..32_000)
        .map(|port| SocketAddr::from(([127, 0, 0, 1], port)))
        .filter(|address| TcpListener::bind(address).is_ok())
        .take(count)
        .collect();
    if found.len() == count { Ok(found) } else { Err("there are no free ports".into()) }
}
