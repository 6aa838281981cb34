//! A private PostgreSQL cluster: made from nothing, on a free port of the
//! loopback interface, and gone without a trace when dropped.
//!
//! ```text
//! postgres-test-PID-N/   in cargo's build directory, or in the temporary one
//!   lock                 held by the task for as long as it lives
//!   server/              belongs to whom the server runs as
//!     data/  log  .s.PGSQL.PORT
//! ```
//!
//! What a task leaves behind that is killed outright, the next one removes (sweep.rs).

mod account;
pub(crate) mod binaries;
mod sweep;

use crate::failure::{Doing, Failure};
use crate::private::{self, Directory, Place};
use crate::{process, workspace};
use account::Account;
use binaries::Binaries;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A port can be taken by somebody else between being found free and used.
const ATTEMPTS: usize = 3;
/// What the kernels leave for the path of a Unix socket, the tightest of them.
const SOCKET_PATH_LIMIT: usize = 103;

/// What the cluster promises about a power failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// Nothing: what tests want, since the cluster never outlives them.
    Off,
    /// Nothing either, but replicas can follow it.
    Replicated,
    /// PostgreSQL's defaults: what measurements want.
    Default,
}

/// A running cluster. Dropping it stops the server and removes every file.
pub(crate) struct Cluster {
    home: Home,
    binaries: Binaries,
    port: u16,
}

impl Cluster {
    /// The superuser, who needs no password from this machine.
    pub(crate) const USER: &str = "faff";

    /// A cluster with nothing in it but the database `postgres`.
    pub(crate) fn start(durability: Durability) -> Result<Self, Failure> {
        Self::start_with(durability, None, None)
    }

    /// A cluster that also holds an empty database of this name; in a directory that is kept, with all that was left there.
    pub(crate) fn start_with(
        durability: Durability,
        database: Option<&str>,
        kept: Option<&Path>,
    ) -> Result<Self, Failure> {
        let binaries = Binaries::provide()?;
        sweep::all(&binaries);
        let home = kept.map_or_else(Home::create, Home::keep)?;
        let made = home.directory.path().join("made");
        if made.exists() {
            // A task that was killed outright has left its server running, or only its traces.
            let _ = stop(&binaries, &home.account, home.directory.path(), "immediate");
        } else {
            // From here on a failure removes what is there: `home` goes with it.
            initialise(&binaries, &home)?;
            process::unless_stopped()?;
            if let Some(name) = database {
                create_database(&binaries, &home, name)?;
            }
            std::fs::write(&made, "").doing(|| format!("write {}", made.display()))?;
        }
        let mut attempt = 1;
        loop {
            let port = private::free_port()?;
            write_settings(&home, &settings(&home.server(), port, durability))?;
            match start(&binaries, &home) {
                Ok(()) => return Ok(Self { home, binaries, port }),
                Err(failure) if attempt == ATTEMPTS => return Err(failure),
                Err(_) => attempt += 1,
            }
        }
    }

    /// A replica of it, which must be [`Durability::Replicated`]; it is to be dropped first.
    pub(crate) fn follow(&self) -> Result<Self, Failure> {
        let (binaries, home) = (Binaries::provide()?, Home::create()?);
        let mut copy = home.account.command(&binaries.program("pg_basebackup"), &home.server());
        copy.args([
            "--pgdata=data",
            "--write-recovery-conf",
            "--checkpoint=fast",
            "--no-sync",
            "--host=127.0.0.1",
        ]);
        copy.arg(format!("--port={}", self.port)).arg(format!("--username={}", Self::USER));
        process::output(&mut copy)?;
        let port = private::free_port()?;
        let mut text = settings(&home.server(), port, Durability::Replicated);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "primary_conninfo = 'host=127.0.0.1 port={} user={}'", self.port, Self::USER);
        write_settings(&home, &text)?;
        start(&binaries, &home)?;
        Ok(Self { home, binaries, port })
    }

    /// The connection string of one of its databases.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://{}@127.0.0.1:{}/{database}", Self::USER, self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// A directory that lives as long as the cluster.
    pub(crate) fn directory(&self) -> &Path {
        self.home.directory.path()
    }

    /// PATH with PostgreSQL's own programs in it, should they not be there already.
    pub(crate) fn path(&self) -> OsString {
        let path = workspace::variable("PATH").unwrap_or_default();
        let mut directories: Vec<PathBuf> = std::env::split_paths(&path).collect();
        directories.push(self.binaries.directory().to_path_buf());
        std::env::join_paths(directories).unwrap_or(path)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // `home` is dropped next, and takes the files with it.
        let mode = if self.home.directory.is_kept() { "fast" } else { "immediate" };
        if let Err(failure) = stop(&self.binaries, &self.home.account, self.home.directory.path(), mode) {
            failure.told();
        }
    }
}

/// The directory a cluster lives in, and whose it is.
struct Home {
    directory: Directory,
    account: Account,
}

impl Home {
    /// Prefers cargo's build directory. Root's may be closed to the account that
    /// the server has to run as; the temporary directory is open to all.
    fn create() -> Result<Self, Failure> {
        let account = Account::for_server()?;
        let mut refused = None;
        for place in sweep::places()? {
            let home = Self::create_in(&place, account.clone())?;
            match home.account.probe(&home.server()) {
                Ok(()) => return Ok(home),
                Err(failure) => refused = Some(failure),
            }
        }
        Err(refused.unwrap_or_else(|| Failure::new("there is no directory for a PostgreSQL cluster")))
    }

    fn create_in(place: &Place, account: Account) -> Result<Self, Failure> {
        Self { directory: place.claim()?, account }.admitted()
    }

    fn keep(path: &Path) -> Result<Self, Failure> {
        let home = Self { directory: Directory::keep(path)?, account: Account::for_server()? }.admitted()?;
        home.account.probe(&home.server())?;
        Ok(home)
    }

    fn admitted(self) -> Result<Self, Failure> {
        let home = self;
        std::fs::create_dir_all(home.server()).doing(|| format!("create {}", home.server().display()))?;
        home.account.admit(home.directory.path(), &home.server())?;
        Ok(home)
    }

    fn server(&self) -> PathBuf {
        self.directory.path().join("server")
    }
}

fn initialise(binaries: &Binaries, home: &Home) -> Result<(), Failure> {
    let attempt = |locale: &str| {
        let mut initdb = home.account.command(&binaries.program("initdb"), &home.server());
        initdb
            .args(["--auth=trust", "--no-sync", "--encoding=UTF8"])
            .arg(format!("--username={}", Cluster::USER))
            .arg(format!("--locale={locale}"))
            .args(["-D", "data"]);
        process::output(&mut initdb)
    };
    // Not every system has the better one.
    attempt("C.UTF-8").or_else(|_| attempt("C")).map(drop)
}

/// By the single-user server: unlike `createdb` it is always there.
fn create_database(binaries: &Binaries, home: &Home, name: &str) -> Result<(), Failure> {
    let mut shell = home.account.command(Path::new("sh"), &home.server());
    shell
        .args(["-c", r#"echo "create database $1" | "$0" --single -D data postgres"#])
        .arg(binaries.program("postgres"))
        .arg(name);
    process::output(&mut shell).map(drop)
}

fn write_settings(home: &Home, text: &str) -> Result<(), Failure> {
    let path = home.server().join("data/postgresql.auto.conf");
    std::fs::write(&path, text).doing(|| format!("write {}", path.display()))
}

fn settings(sockets: &Path, port: u16, durability: Durability) -> String {
    let longest = sockets.join(".s.PGSQL.65535");
    // Too long a path is fatal to the server; tests connect by TCP anyway.
    let sockets = if longest.as_os_str().len() <= SOCKET_PATH_LIMIT { sockets } else { Path::new("") };
    let mut text = format!(
        "listen_addresses = '127.0.0.1'\n\
         port = {port}\n\
         unix_socket_directories = '{}'\n\
         max_connections = 400\n\
         timezone = 'UTC'\n\
         log_timezone = 'UTC'\n",
        sockets.display().to_string().replace('\'', "''"),
    );
    let quick = [("fsync", "off"), ("full_page_writes", "off"), ("checkpoint_timeout", "30min")];
    let alone = [("wal_level", "minimal"), ("max_wal_senders", "0")];
    let given = match durability {
        Durability::Off => [quick.as_slice(), &alone].concat(),
        Durability::Replicated => quick.to_vec(),
        Durability::Default => Vec::new(),
    };
    for (name, value) in given {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name} = {value}");
    }
    text
}

fn start(binaries: &Binaries, home: &Home) -> Result<(), Failure> {
    // pg_ctl waits until the server answers, and detaches it from this process
    // group: ctrl-c is for the tests, which still need a server to end well.
    let mut pg_ctl = home.account.command(&binaries.program("pg_ctl"), &home.server());
    pg_ctl.args(["start", "--wait", "--silent", "-D", "data", "-l", "log"]);
    process::output(&mut pg_ctl).map(drop).map_err(|_| {
        let log = std::fs::read_to_string(home.server().join("log")).unwrap_or_default();
        Failure::new(format!("PostgreSQL did not start; its log says:\n{log}"))
    })
}

/// Stops the server in a cluster's directory, if one runs there. Immediately where
/// nobody needs its files any more.
fn stop(binaries: &Binaries, account: &Account, directory: &Path, mode: &str) -> Result<(), Failure> {
    let server = directory.join("server");
    if !server.join("data/postmaster.pid").exists() {
        return Ok(());
    }
    let mut pg_ctl = account.command(&binaries.program("pg_ctl"), &server);
    pg_ctl.args(["stop", "--wait", "--silent", "-D", "data"]).arg(format!("--mode={mode}"));
    process::output(&mut pg_ctl).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_path_beyond_the_limit_is_left_out() {
        let short = settings(Path::new("/tmp/it's here"), 5000, Durability::Off);
        assert!(short.contains("unix_socket_directories = '/tmp/it''s here'\n"), "{short}");
        let long = PathBuf::from("/").join("x".repeat(SOCKET_PATH_LIMIT));
        assert!(settings(&long, 5000, Durability::Off).contains("unix_socket_directories = ''\n"));
    }

    #[test]
    fn measurements_get_the_default_durability() {
        assert!(settings(Path::new("/x"), 5000, Durability::Off).contains("fsync = off\n"));
        assert!(!settings(Path::new("/x"), 5000, Durability::Default).contains("fsync"));
    }
}
