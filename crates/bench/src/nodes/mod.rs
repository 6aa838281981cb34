//! One server, two, and more on one PostgreSQL, with Redis and without: what another server costs, and what it brings. On one
//! machine they share its cores, so it is the CPU of a request that is looked at: what does not grow with the number of
//! servers scales with machines, until the database has no more to give.

mod report;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::load::{self, Spans};
use crate::seed::postgres::provide;
use crate::seed::world::Size;
use crate::server::{Program, Server, median};
use crate::window::{Look, Window};
use crate::work::{Session, Work};
use crate::{Outcome, bare, lock, machine, run};
use report::{Asked, Report, Stage};

/// Before a kind of request is measured.
const WARM_UP: Duration = Duration::from_secs(1);
/// Connections of the load at a fixed rate: enough for whatever has to wait.
const ARRIVING: usize = 128;

#[derive(Debug, Args)]
pub(crate) struct NodesArguments {
    /// Servers, at most
    #[arg(long, default_value_t = 3)]
    most: usize,
    /// Each number of servers also with this Redis: redis://HOST:PORT
    #[arg(long)]
    redis: Option<String>,
    /// Tasks in the database; it has ten times as many messages
    #[arg(long, default_value_t = 100_000)]
    tasks: i64,
    /// Seconds that a round is measured
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// Rounds of everything
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Connections at full load
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// A server that was built already, instead of building one
    #[arg(long)]
    server: Option<PathBuf>,
    /// Also writes FILE, as Markdown, and FILE with the ending .json
    #[arg(long)]
    out: Option<PathBuf>,
    /// Any database of the PostgreSQL cluster to measure on, as `cargo xtask postgres --fsync` gives it
    #[arg(long, env = "FAFF_TEST_POSTGRES", hide_env_values = true)]
    cluster: String,
}

impl NodesArguments {
    const fn size(&self) -> Size {
        Size { tasks: self.tasks, messages: self.tasks * 10 }
    }
}

/// Measures what was asked for, and reports.
pub(crate) fn measure(arguments: &NodesArguments) -> Outcome<()> {
    let target = run::target()?;
    let folder = target.join("bench");
    let _alone = lock::hold(&folder)?;
    let path = match &arguments.server {
        Some(path) => std::fs::canonicalize(path)?,
        None => run::build(&target)?,
    };
    let load_before = machine::load();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let database = runtime.block_on(provide(&arguments.cluster, arguments.size()))?;
    let durability = runtime.block_on(bare::postgres::durability(&database))?;
    let program = Program { path, arguments: vec!["serve".to_owned()], folder, database, settings: &[] };
    let mut bench = Bench { arguments, program, stages: stages(arguments), rates: BTreeMap::new() };
    for round in 0..arguments.rounds {
        bench.round(round)?;
    }
    let NodesArguments { connections, rounds, seconds, .. } = arguments;
    let report = Report {
        machine: machine::description(),
        load_before,
        load_after: machine::load(),
        size: arguments.size(),
        settings: format!(
            "{connections} connections spread over the servers, medians of {rounds} rounds of {seconds} s; load, servers and \
             PostgreSQL share the cores. {durability}"
        ),
        stages: bench.stages,
    };
    crate::publish(&report.markdown(), &report.json(), arguments.out.as_deref())
}

/// Every number of servers, with Redis and without.
fn stages(arguments: &NodesArguments) -> Vec<Stage> {
    let kinds = [Some(false), arguments.redis.is_some().then_some(true)];
    let kinds = kinds.into_iter().flatten();
    let numbers =
        |redis| (1..=arguments.most).map(move |servers| Stage { servers, redis, asked: Vec::new() });
    kinds.flat_map(numbers).collect()
}

struct Bench<'a> {
    arguments: &'a NodesArguments,
    program: Program,
    stages: Vec<Stage>,
    /// Requests a second that come to all stages: half of what the first reaches.
    rates: BTreeMap<usize, f64>,
}

impl Bench<'_> {
    /// All stages, so that what disturbs the machine for a while disturbs each of them a little.
    fn round(&mut self, round: usize) -> Outcome<()> {
        let (arguments, spans) = (self.arguments, self.spans());
        for stage in &mut self.stages {
            let mut program = self.program.clone();
            if let (true, Some(redis)) = (stage.redis, &arguments.redis) {
                program.arguments.push(format!("--redis-url={redis}"));
            }
            let servers: Vec<Server> =
                (0..stage.servers).map(|_| Server::start(&program)).collect::<Outcome<_>>()?;
            let addresses: Vec<_> = servers.iter().map(|server| server.address).collect();
            let look = || Look::at(&servers);
            let people = |work, connections| {
                (0..connections).map(|n| Session::new(work, arguments.size(), n)).collect::<Outcome<Vec<_>>>()
            };
            for work in Work::ALL {
                let full =
                    Window::new(load::closed(&addresses, spans, people(work, arguments.connections)?, look)?);
                let rate = *self.rates.entry(work.index()).or_insert(full.per_second / 2.0);
                let fixed = Window::new(load::open(&addresses, rate, spans, people(work, ARRIVING)?, look)?);
                eprintln!(
                    "round {}, {}, {}: {}; {}",
                    round + 1,
                    stage.name(),
                    work.name(),
                    full.short(),
                    fixed.short()
                );
                stage.add(Asked { work, rate, full, fixed });
            }
        }
        Ok(())
    }

    fn spans(&self) -> Spans {
        Spans { warm_up: WARM_UP, measured: Duration::from_secs(self.arguments.seconds) }
    }
}
