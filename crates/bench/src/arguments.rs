//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use faff_store::Engine;

use crate::Outcome;
use crate::check::CheckArguments;
use crate::grow::GrowArguments;
use crate::nodes::NodesArguments;
use crate::rooms::RoomsArguments;
use crate::seed::world::Size;
use crate::work::Work;

/// Measures Faff beside its limits: the bare drivers, and its own HTTP edge without a database.
#[derive(Debug, Parser)]
#[command(name = "faff-bench")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Arguments {
    /// Reads them; `run` when there are none.
    pub(crate) fn read() -> Self {
        if std::env::args_os().len() > 1 { Self::parse() } else { Self::parse_from(["faff-bench", "run"]) }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Seed what is missing, measure, and report
    Run(RunArguments),
    /// Measure how latencies grow with the database, and draw it
    Grow(GrowArguments),
    /// Measure one server, two, and more on one database, with Redis and without
    Nodes(NodesArguments),
    /// Measure rooms of sockets, beside Node's socket.io and the least that a server can do
    Rooms(RoomsArguments),
    /// The client of `rooms`, which starts it; its plan comes on standard input
    #[command(hide = true)]
    RoomsClient,
    /// A server that does nothing but write; `rooms` starts it
    #[command(hide = true)]
    RoomsLimit {
        /// Write at once what waits for the same room
        #[arg(long)]
        batching: bool,
    },
    /// Look for what is lost, doubled or out of order while servers, Redis and notifications fail
    Check(CheckArguments),
    /// The HTTP edge without a database; `run` starts it
    #[command(hide = true)]
    ServeCeiling { database: String, samples: PathBuf },
}

#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// On which engine
    #[arg(long, default_value = "sqlite")]
    engine: Engines,
    /// Tasks in the database
    #[arg(long, default_value_t = 100_000)]
    tasks: i64,
    /// Messages in the database
    #[arg(long, default_value_t = 1_000_000)]
    messages: i64,
    /// Seconds that a round is measured
    #[arg(long, default_value_t = 5)]
    pub(crate) seconds: u64,
    /// Rounds of every side; 0 leaves the load out
    #[arg(long, default_value_t = 3)]
    pub(crate) rounds: usize,
    /// Connections of the load
    #[arg(long, default_value_t = 32)]
    pub(crate) connections: usize,
    /// Beside another server of the same wire, on PostgreSQL, instead of beside the limits
    #[arg(long)]
    pub(crate) peer: Option<Peer>,
    /// Only these kinds of requests, separated by commas
    #[arg(long, value_delimiter = ',')]
    work: Vec<Work>,
    /// Only these sides, separated by commas
    #[arg(long, value_delimiter = ',')]
    side: Vec<Side>,
    /// Whether to look at start, idle memory and size, too
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    pub(crate) idle: bool,
    /// A server that was built already, instead of building one
    #[arg(long)]
    pub(crate) server: Option<PathBuf>,
    /// Also writes FILE, as Markdown, and FILE with the ending .json
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
    /// Any database of the PostgreSQL cluster to measure on, as `cargo xtask postgres --fsync` gives it
    #[arg(long, env = "FAFF_TEST_POSTGRES", hide_env_values = true)]
    cluster: Option<String>,
    #[arg(long, env = "DATABASE_URL", hide = true, hide_env_values = true)]
    database_url: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engines {
    Sqlite,
    Postgres,
    Both,
}

impl Engines {
    /// Those that are meant.
    pub(crate) fn each(self) -> impl Iterator<Item = Engine> + use<> {
        let sqlite = (self != Self::Postgres).then_some(Engine::Sqlite);
        let postgres = (self != Self::Sqlite).then_some(Engine::Postgres);
        sqlite.into_iter().chain(postgres)
    }
}

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Side {
    /// The server.
    Server,
    /// Its HTTP edge without a database.
    Ceiling,
    /// The database's driver without a server.
    Bare,
}

/// Who else answers; see bench/peers/README.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Peer {
    /// The usual Node.js stack, with an index for whatever is asked.
    Node,
    /// The same with no indexes but those that Sequelize makes by itself.
    NodeWithoutIndexes,
}

impl Peer {
    /// For the report.
    pub(crate) const fn described(self) -> &'static str {
        match self {
            Self::Node => "with an index for every reference, filter and order",
            Self::NodeWithoutIndexes => "with no indexes but those that Sequelize makes by itself",
        }
    }
}

impl RunArguments {
    pub(crate) const fn size(&self) -> Size {
        Size { tasks: self.tasks, messages: self.messages }
    }

    pub(crate) fn engines(&self) -> impl Iterator<Item = Engine> + use<> {
        self.engine.each()
    }

    /// Whether every kind of request is wanted.
    pub(crate) const fn is_everything(&self) -> bool {
        self.work.is_empty()
    }

    pub(crate) fn works(&self) -> impl Iterator<Item = Work> {
        Work::ALL.into_iter().filter(|work| self.work.is_empty() || self.work.contains(work))
    }

    pub(crate) fn has(&self, side: Side) -> bool {
        self.side.is_empty() || self.side.contains(&side)
    }

    pub(crate) fn cluster(&self) -> Outcome<&str> {
        let cluster = self.cluster.as_deref().or(self.database_url.as_deref());
        Ok(cluster.ok_or(
            "no PostgreSQL: run by `cargo xtask postgres --fsync -- cargo xtask bench`, or set DATABASE_URL",
        )?)
    }
}
