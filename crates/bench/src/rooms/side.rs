//! Who serves, and how each is started.

use std::path::{Path, PathBuf};

use super::{Running, accounts};
use crate::server::{Program, Server};
use crate::{Outcome, npm, run, work};

/// People who are logged in: the senders, and those who share the other sockets. As many as keep the sockets of each
/// below what one person may have, even while the last round's are still being closed.
pub(super) const PEOPLE: i64 = 60;

/// What Faff is told besides what every server is told.
const FAFF_SETTINGS: &[(&str, &str)] = &[("FAFF_ENV", "test"), ("BCRYPT_COST", "4")];

/// Who serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Side {
    /// The server.
    Faff,
    /// Node's socket.io.
    Socketio,
    /// A server that does nothing but write, each message at once.
    Limit,
    /// The same, which writes at once what waits.
    Batching,
}

impl Side {
    pub(super) const ALL: [Self; 4] = [Self::Faff, Self::Socketio, Self::Limit, Self::Batching];

    /// What it is called in reports.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Faff => "Faff",
            Self::Socketio => "Node",
            Self::Limit => "limit",
            Self::Batching => "batching limit",
        }
    }
}

/// Where everything is.
#[derive(Debug)]
pub(super) struct Place {
    faff: PathBuf,
    node: PathBuf,
    peer: PathBuf,
    /// Of the sides' own data; emptied before use.
    folder: PathBuf,
}

impl Place {
    /// Builds and installs what these sides need.
    pub(super) fn prepare(sides: &[Side], target: &Path, built: Option<&Path>) -> Outcome<Self> {
        let faff = match built {
            Some(path) => std::fs::canonicalize(path)?,
            None if sides.contains(&Side::Faff) => run::build(target)?,
            None => PathBuf::new(),
        };
        let peer = npm::peer("socketio");
        let mut node = PathBuf::new();
        if sides.contains(&Side::Socketio) {
            node = npm::find("node")?;
            npm::install(&peer)?;
        }
        Ok(Self { faff, node, peer, folder: target.join("bench/rooms") })
    }

    /// Starts a side on new data, with so many tasks.
    pub(super) fn start(&self, side: Side, tasks: usize) -> Outcome<Running> {
        let folder = self.folder.join(side.name());
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        let (path, arguments) = match side {
            Side::Faff => (self.faff.clone(), vec!["serve".to_owned()]),
            Side::Socketio => (self.node.clone(), vec![self.peer.join("server.mjs").display().to_string()]),
            Side::Limit => (std::env::current_exe()?, vec!["rooms-limit".to_owned()]),
            Side::Batching => {
                (std::env::current_exe()?, vec!["rooms-limit".to_owned(), "--batching".to_owned()])
            }
        };
        let database = format!("sqlite:{}", folder.join("faff.sqlite").display());
        let server = Server::start(&Program { path, arguments, folder, database, settings: FAFF_SETTINGS })?;
        let (tokens, tasks) = if side == Side::Faff {
            accounts::provide(server.address, tasks)?
        } else {
            let tokens = (1..=PEOPLE).map(work::token).collect::<Outcome<_>>()?;
            (tokens, (1..).take(tasks).collect())
        };
        Ok(Running { side, server, tokens, tasks })
    }

    /// What is measured beside Faff.
    pub(super) fn versions(&self, sides: &[Side]) -> String {
        if !sides.contains(&Side::Socketio) {
            return "without Node".to_owned();
        }
        let (node, version) = (npm::version(&self.node), npm::package_version(&self.peer, "socket.io"));
        format!("Node {node}, socket.io {version}")
    }
}
