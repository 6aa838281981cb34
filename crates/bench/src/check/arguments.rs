//! The command line of `check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::faults::Fault;
use super::plan::{self, Plan};
use super::plant::Plant;
use crate::Outcome;

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct CheckArguments {
    /// The short form: a little of everything, on both engines, and every mistake that can be planted in a server
    #[arg(long, conflicts_with_all = ["fault", "tickets", "seconds", "rate", "rounds", "readers", "mistakes"])]
    pub(super) short: bool,
    /// What is done to the servers, each in a run of its own on a database of its own, separated by commas; without it,
    /// everything that there is for the engine
    #[arg(long, value_delimiter = ',')]
    pub(super) fault: Vec<Fault>,
    /// What the database is, separated by commas; several servers share a PostgreSQL, SQLite is for one
    #[arg(long, value_delimiter = ',', default_values = ["sqlite", "postgres"])]
    pub(super) engine: Vec<Stored>,
    /// Servers on one PostgreSQL
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=8))]
    pub(super) servers: u8,
    /// Tickets that the senders write to, separated by commas; each number is a run for each fault
    #[arg(long, value_delimiter = ',', default_values_t = [1, 50])]
    pub(super) tickets: Vec<usize>,
    /// Seconds that the senders write
    #[arg(long, default_value_t = 60)]
    pub(super) seconds: u64,
    /// Requests of all senders in a second; 0 is as many as are answered
    #[arg(long, default_value_t = 200)]
    pub(super) rate: u32,
    /// People who read
    #[arg(long, default_value_t = plan::READERS)]
    pub(super) readers: usize,
    /// Each run again, so many times, each time with the next seed
    #[arg(long, default_value_t = 1)]
    pub(super) rounds: u64,
    /// Only the mistakes that can be planted in a server, each in the runs that should find it
    #[arg(long)]
    pub(super) mistakes: bool,
    /// Gives the servers a Redis where the fault is none of Redis or of notifications
    #[arg(long)]
    pub(super) redis: bool,
    /// Has everybody write to the first server as long as it answers: only then do others depend on being told of it,
    /// since a server that commits something itself looks at the log anyway
    #[arg(long)]
    pub(super) one_sided: bool,
    /// Mistakes that are planted in what the checker has heard, to see that it finds them, separated by commas
    #[arg(long, value_delimiter = ',', default_values = ["emit-twice", "skip-event", "reorder", "lose-ack", "change-file"])]
    pub(super) plant: Vec<Plant>,
    /// Another number is another course of events
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    /// Keeps the databases and the servers' logs, not only of runs in which something is broken
    #[arg(long)]
    pub(super) keep: bool,
    /// The server
    #[arg(long)]
    pub(super) server: PathBuf,
    /// The server of the version before, for `replace-node`
    #[arg(long)]
    pub(super) server_before: Option<PathBuf>,
    /// libfaketime's library, for `clock-jump`
    #[arg(long, env = "FAFF_TEST_FAKETIME", hide_env_values = true)]
    pub(super) faketime: Option<PathBuf>,
    /// libfiu's library that fails calls of the system, `fiu_posix_preload.so`, for `sick-disk`
    #[arg(long, env = "FAFF_TEST_FIU", hide_env_values = true)]
    pub(super) fiu: Option<PathBuf>,
    /// A server in which mistakes can be planted
    #[arg(long)]
    pub(super) planted_server: Option<PathBuf>,
    /// Redis's server program, for faults that need one
    #[arg(long, env = "FAFF_TEST_REDIS_SERVER", default_value = "redis-server", hide_env_values = true)]
    pub(super) redis_server: PathBuf,
    /// Also writes FILE, as Markdown, and FILE with the ending .json
    #[arg(long)]
    pub(super) out: Option<PathBuf>,
    /// Any database of a PostgreSQL cluster that is nobody else's: it may be stopped; runs make their own databases
    #[arg(long, env = "FAFF_TEST_POSTGRES", hide_env_values = true)]
    cluster: Option<String>,
}

/// What holds the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Stored {
    Sqlite,
    Postgres,
}

impl Stored {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

impl CheckArguments {
    /// What is to be done, in order.
    pub(super) fn plans(&self) -> Outcome<Vec<Plan>> {
        if self.tickets.iter().any(|tickets| !(1..=150).contains(tickets)) {
            return Err("--tickets must be from 1 to 150, so that one socket can join them all".into());
        }
        if let Some(fault) =
            self.fault.iter().find(|fault| !self.engine.iter().any(|engine| fault.fits(*engine)))
        {
            return Err(format!("{} is not for this engine", fault.name()).into());
        }
        if self.fault.contains(&Fault::ReplaceNode) && self.server_before.is_none() {
            return Err(
                "replace-node needs the version before: run by `cargo xtask check --before REVISION`".into(),
            );
        }
        if self.short {
            return Ok(plan::short(self.seed));
        }
        if self.mistakes {
            return Ok(plan::mistakes(self.seed));
        }
        let mut plans = Vec::new();
        for round in 0..self.rounds {
            for &engine in &self.engine {
                let faults = if self.fault.is_empty() { Fault::value_variants() } else { &self.fault };
                let can = |fault: &&Fault| fault.fits(engine) && self.can(**fault);
                for &fault in faults.iter().filter(can) {
                    plans.extend(self.tickets.iter().map(|&tickets| Plan {
                        engine,
                        fault,
                        tickets,
                        seconds: self.seconds,
                        least: 0,
                        rate: self.rate,
                        readers: self.readers,
                        seed: self.seed + round,
                        mistake: None,
                        short: false,
                    }));
                }
            }
        }
        Ok(plans)
    }

    /// Whether there is what it takes.
    const fn can(&self, fault: Fault) -> bool {
        !matches!(fault, Fault::ReplaceNode) || self.server_before.is_some()
    }

    /// Servers on one database.
    pub(super) fn servers(&self, engine: Stored) -> usize {
        match engine {
            Stored::Sqlite => 1,
            Stored::Postgres => self.servers.into(),
        }
    }

    /// The address of the cluster.
    pub(super) fn cluster(&self) -> Outcome<&str> {
        Ok(self.cluster.as_deref().ok_or("no PostgreSQL: run by `cargo xtask check`")?)
    }

    /// Whether the servers of a run have a Redis.
    pub(super) const fn has_redis(&self, fault: Fault) -> bool {
        match fault {
            Fault::Redis | Fault::RedisKill | Fault::RedisStall => true,
            Fault::ListenCut => false,
            _ => self.redis,
        }
    }
}
