//! A private Redis: on a free port of the loopback interface, keeping nothing,
//! and gone without a trace when dropped. Whatever Redis the system runs itself
//! is left alone.
//!
//! ```text
//! redis-test-PID-N/   in cargo's build directory
//!   lock  log  port
//! ```

use crate::failure::{Doing, Failure};
use crate::packages::Packages;
use crate::private::{self, Directory, Place};
use crate::{process, user, workspace};
use std::fs::File;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

const PROGRAM: &str = "redis-server";
const PACKAGES: Packages = Packages { debian: &["redis-server"], homebrew: &["redis"] };
/// Where packages put it when that is not in PATH.
const PACKAGED: [&str; 3] = ["/usr/bin", "/opt/homebrew/opt/redis/bin", "/usr/local/opt/redis/bin"];

/// A port can be taken by somebody else between being found free and used.
const ATTEMPTS: usize = 3;
/// More than a busy machine needs to start an empty server.
const PATIENCE: Duration = Duration::from_secs(20);
/// For one question to a server, which may be another program on its port.
const ANSWER: Duration = Duration::from_secs(2);

/// A running server. Dropping it stops it and removes every file.
pub(crate) struct Redis {
    program: PathBuf,
    server: Child,
    port: u16,
    /// Dropped after the server is stopped.
    _directory: Directory,
}

impl Redis {
    /// Starts an empty server, installing its program if need be.
    pub(crate) fn start() -> Result<Self, Failure> {
        let program = provide()?;
        let place = Place { parent: workspace::target()?, prefix: "redis-test-" };
        place.sweep(user::me()?, shut_down);
        let directory = place.claim()?;
        let mut attempt = 1;
        loop {
            let port = private::free_port()?;
            match serve(&program, directory.path(), port) {
                Ok(server) => return Ok(Self { program, server, port, _directory: directory }),
                Err(failure) if attempt == ATTEMPTS => return Err(failure),
                Err(_) => attempt += 1,
            }
        }
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// The server's program, for those who want servers of their own.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        end(&mut self.server);
    }
}

/// Finds the server's program.
pub(crate) fn find() -> Option<PathBuf> {
    let packaged =
        PACKAGED.iter().map(PathBuf::from).find(|directory| workspace::holds(directory, &[PROGRAM]));
    workspace::directory_with(&[PROGRAM]).or(packaged).map(|directory| directory.join(PROGRAM))
}

/// Installs the system's package.
pub(crate) fn install() -> Result<PathBuf, Failure> {
    eprintln!("Redis's server program ({PROGRAM}) is not installed: installing it.");
    PACKAGES.install(by_hand)?;
    find().ok_or_else(by_hand)
}

/// Finds the server's program, or installs it.
pub(crate) fn provide() -> Result<PathBuf, Failure> {
    find().map_or_else(install, Ok)
}

fn by_hand() -> Failure {
    Failure::new(
        "the tests need Redis's server program, and it could not be installed from here. Install it (Debian \
         and Ubuntu: `apt-get install redis-server` as root; Fedora: `dnf install redis`; Alpine: `apk add \
         redis`; macOS: `brew install redis`), or put the directory that holds redis-server into PATH, then \
         run this again; no server needs to be running",
    )
}

/// Starts a server, and waits until it answers from its directory.
fn serve(program: &Path, directory: &Path, port: u16) -> Result<Child, Failure> {
    let note = directory.join("port");
    std::fs::write(&note, port.to_string()).doing(|| format!("write {}", note.display()))?;
    let log = directory.join("log");
    let file = File::create(&log).doing(|| format!("create {}", log.display()))?;
    let errors = file.try_clone().doing(|| format!("open {} again", log.display()))?;
    let mut command = Command::new(program);
    command
        // Its directory is where it is started: as an argument, older versions
        // would split a path at blanks.
        .current_dir(directory)
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
        .args(["--save", "", "--appendonly", "no", "--daemonize", "no"])
        .stdout(file)
        .stderr(errors);
    let mut server = process::background(&mut command)?;
    let deadline = Instant::now() + PATIENCE;
    while !answers_from(port, directory) {
        let ended = !matches!(server.try_wait(), Ok(None));
        if ended || Instant::now() > deadline {
            end(&mut server);
            let log = std::fs::read_to_string(&log).unwrap_or_default();
            return Err(Failure::new(format!("Redis did not start; its log says:\n{log}")));
        }
        process::pause(process::POLL);
    }
    Ok(server)
}

/// Nobody needs its data any more.
fn end(server: &mut Child) {
    // Fails when it has ended by itself, which is what was wanted.
    let _ = server.kill();
    let _ = server.wait();
}

/// Stops the server of a directory whose task is gone, if it still runs.
fn shut_down(directory: &Path) -> Result<(), Failure> {
    let note = std::fs::read_to_string(directory.join("port")).unwrap_or_default();
    let Ok(port) = note.trim().parse() else { return Ok(()) };
    // The port may be another server's by now.
    if answers_from(port, directory) {
        say(port, "SHUTDOWN NOSAVE\r\n").doing(|| format!("stop the Redis on port {port}"))?;
    }
    Ok(())
}

/// Whether the server on a port is Redis, and at work in this directory.
fn answers_from(port: u16, directory: &Path) -> bool {
    let Ok(directory) = directory.canonicalize() else { return false };
    say(port, "CONFIG GET dir\r\nQUIT\r\n").is_ok_and(|answer| is_at(&answer, &directory))
}

/// Whether an answer to `CONFIG GET dir` names this directory.
fn is_at(answer: &str, directory: &Path) -> bool {
    answer.lines().skip_while(|line| *line != "dir").nth(2).is_some_and(|line| Path::new(line) == directory)
}

/// Says something to the server on a port, and gives all it answers until it
/// closes the connection.
fn say(port: u16, commands: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), ANSWER)?;
    stream.set_read_timeout(Some(ANSWER))?;
    stream.set_write_timeout(Some(ANSWER))?;
    stream.write_all(commands.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_known_by_its_directory() {
        let answer = "*2\r\n$3\r\ndir\r\n$16\r\n/x/redis-test-12\r\n+OK\r\n";
        assert!(is_at(answer, Path::new("/x/redis-test-12")));
        assert!(!is_at(answer, Path::new("/x/redis-test-1")));
        assert!(!is_at("-NOAUTH Authentication required.\r\n", Path::new("/x")) && !is_at("", Path::new("")));
    }

    #[test]
    fn a_directory_whose_server_never_started_has_none_to_stop() {
        assert!(shut_down(Path::new("/nowhere/redis-test-1")).is_ok());
    }
}
