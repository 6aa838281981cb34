//! The command line of `deliver`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::faults::Fault;
use super::plant::Plant;
use crate::Outcome;

#[derive(Debug, Args)]
pub(crate) struct DeliverArguments {
    /// What is done to the servers, each in a run of its own on a database of its own, separated by commas
    #[arg(long, value_delimiter = ',', default_value = "none,redis,redis-kill,listen-cut,kill-node")]
    pub(super) fault: Vec<Fault>,
    /// Tickets that the senders write to, separated by commas; each number is a run for each fault
    #[arg(long, value_delimiter = ',', default_values_t = [1, 50])]
    pub(super) tickets: Vec<usize>,
    /// Seconds that the senders write
    #[arg(long, default_value_t = 60)]
    pub(super) seconds: u64,
    /// Requests of all senders in a second; 0 is as many as are answered
    #[arg(long, default_value_t = 200)]
    pub(super) rate: u32,
    /// Servers on the same database
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=8))]
    pub(super) nodes: u16,
    /// What the database is; SQLite is for one server
    #[arg(long, default_value = "postgres")]
    pub(super) engine: Stored,
    /// Gives the servers a Redis where the fault is none of Redis or of notifications
    #[arg(long)]
    pub(super) redis: bool,
    /// Has everybody write to the first server as long as it answers: only then do others depend on being told of it,
    /// since a server that commits something itself looks at the log anyway
    #[arg(long)]
    pub(super) one_sided: bool,
    /// Mistakes that are planted in what the checker has heard, to see that it finds them, separated by commas
    #[arg(long, value_delimiter = ',', default_values = ["emit-twice", "skip-event", "reorder", "lose-ack"])]
    pub(super) plant: Vec<Plant>,
    /// Another number is another course of events
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    /// Keeps the databases and the servers' logs
    #[arg(long)]
    pub(super) keep: bool,
    /// A server that was built already, instead of building one
    #[arg(long)]
    pub(super) server: Option<PathBuf>,
    /// Redis's server program, for faults that need one
    #[arg(long, env = "FAFF_TEST_REDIS_SERVER", default_value = "redis-server", hide_env_values = true)]
    pub(super) redis_server: PathBuf,
    /// Also writes FILE, as Markdown, and FILE with the ending .json
    #[arg(long)]
    pub(super) out: Option<PathBuf>,
    /// Any database of a PostgreSQL cluster, as `cargo xtask postgres` gives it; the runs make their own beside it
    #[arg(long, env = "FAFF_TEST_POSTGRES", hide_env_values = true)]
    cluster: Option<String>,
    #[arg(long, env = "DATABASE_URL", hide = true, hide_env_values = true)]
    database_url: Option<String>,
}

/// What holds the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Stored {
    Sqlite,
    Postgres,
}

impl DeliverArguments {
    /// Refuses what cannot be.
    pub(super) fn check(&self) -> Outcome<()> {
        if self.engine == Stored::Sqlite && self.nodes > 1 {
            return Err("SQLite is for one server: add --nodes 1".into());
        }
        if self.engine == Stored::Sqlite && self.fault.contains(&Fault::ListenCut) {
            return Err("SQLite has no notifications to cut: leave out --fault listen-cut".into());
        }
        if self.tickets.iter().any(|tickets| !(1..=150).contains(tickets)) {
            return Err("--tickets must be from 1 to 150, so that one socket can join them all".into());
        }
        if self.engine == Stored::Postgres { self.cluster().map(drop) } else { Ok(()) }
    }

    /// The address of the cluster.
    pub(super) fn cluster(&self) -> Outcome<&str> {
        let cluster = self.cluster.as_deref().or(self.database_url.as_deref());
        Ok(cluster.ok_or(
            "no PostgreSQL: run by `cargo xtask postgres -- cargo xtask bench deliver`, or set DATABASE_URL",
        )?)
    }

    /// Whether the servers of a run have a Redis.
    pub(super) const fn has_redis(&self, fault: Fault) -> bool {
        match fault {
            Fault::Redis | Fault::RedisKill | Fault::RedisStall => true,
            Fault::ListenCut => false,
            Fault::None | Fault::KillNode | Fault::DrainNode => self.redis,
        }
    }
}
