//! A run: the sides in turn, round by round.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use faff_store::Engine;

use crate::arguments::{RunArguments, Side};
use crate::bare::{self, Window};
use crate::load::{self, Load, Spans};
use crate::report::{EngineReport, Report, Round, WorkReport};
use crate::seed;
use crate::server::{self, Program, Server};
use crate::work::Work;
use crate::{Outcome, lock, machine, wal};

/// Before a side is measured for the first time, and each time after that.
const WARM_UP: [Duration; 2] = [Duration::from_secs(2), Duration::from_millis(500)];
/// Answers that the ceiling gives in turn.
const SAMPLES: usize = 256;

/// Measures what was asked for.
pub(crate) fn run(arguments: &RunArguments) -> Outcome<Report> {
    let target = target()?;
    let folder = target.join("bench");
    let _alone = lock::hold(&folder)?;
    let path = match &arguments.server {
        Some(path) => std::fs::canonicalize(path)?,
        None => build(&target)?,
    };
    let load_before = machine::load();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut engines = Vec::new();
    for engine in arguments.engines() {
        let (database, file) = match engine {
            Engine::Sqlite => {
                let seeded = runtime.block_on(seed::sqlite::provide(&folder, arguments.size()))?;
                let file = folder.join("run.sqlite");
                seed::sqlite::copy(&seeded, &file)?;
                (format!("sqlite:{}", file.display()), Some(file))
            }
            Engine::Postgres => {
                (runtime.block_on(seed::postgres::provide(arguments.cluster()?, arguments.size()))?, None)
            }
        };
        let program = Program {
            path: path.clone(),
            arguments: vec!["serve".to_owned()],
            folder: folder.clone(),
            database,
            settings: &[],
        };
        let bench = Bench { arguments, folder: &folder, program, file, runtime: &runtime };
        engines.push(bench.engine(engine)?);
    }
    let flush = machine::flush(&folder)?;
    let RunArguments { connections, rounds, seconds, .. } = arguments;
    Ok(Report {
        machine: machine::description(),
        load_before,
        load_after: machine::load(),
        size: arguments.size(),
        settings: format!(
            "{connections} connections, medians of {rounds} rounds of {seconds} s; the load takes a share of the cores; \
             4 KiB on disk take {flush:.0} us"
        ),
        engines,
    })
}

/// Cargo's target directory, in which this program lies, too.
pub(crate) fn target() -> Outcome<PathBuf> {
    let program = std::env::current_exe()?;
    Ok(program.ancestors().nth(2).ok_or("this program lies in no target directory")?.to_owned())
}

/// Builds the server, so that it is not an old one that is measured.
pub(crate) fn build(target: &Path) -> Outcome<PathBuf> {
    let built = Command::new(env!("CARGO")).args(["build", "--release", "--package", "faff"]).status()?;
    if !built.success() {
        return Err("the server could not be built".into());
    }
    Ok(target.join("release/faff"))
}

struct Bench<'a> {
    arguments: &'a RunArguments,
    folder: &'a Path,
    program: Program,
    /// The database, where it is a file.
    file: Option<PathBuf>,
    runtime: &'a tokio::runtime::Runtime,
}

impl Bench<'_> {
    fn engine(&self, engine: Engine) -> Outcome<EngineReport> {
        let durability = match &self.file {
            Some(file) => bare::sqlite::durability(file)?,
            None => self.runtime.block_on(bare::postgres::durability(&self.program.database))?,
        };
        eprintln!("{}: {durability}", engine.name());
        let idle = if self.arguments.idle { Some(server::idle(&self.program)?) } else { None };
        let mut works = Vec::new();
        if self.arguments.rounds > 0 {
            let server = Server::start(&self.program)?;
            let ceiling = if self.arguments.has(Side::Ceiling) { Some(self.ceiling(&server)?) } else { None };
            for work in self.arguments.works() {
                works.push(self.work(work, &server, ceiling.as_ref())?);
            }
        }
        Ok(EngineReport { name: engine.name(), durability, works, idle })
    }

    /// A server that answers what `server` has answered.
    fn ceiling(&self, server: &Server) -> Outcome<Server> {
        let sample = |work| load::sample(server.address, work, self.arguments.size(), SAMPLES);
        let samples = Work::ALL.into_iter().map(sample).collect::<Outcome<Vec<_>>>()?;
        let path = self.folder.join("samples.json");
        std::fs::write(&path, serde_json::to_vec(&samples)?)?;
        let mut program = self.program.clone();
        let (database, samples) = (program.database.clone(), path.display().to_string());
        program.path = std::env::current_exe()?;
        program.arguments = vec!["serve-ceiling".to_owned(), database, samples];
        Server::start(&program)
    }

    fn work(&self, work: Work, server: &Server, ceiling: Option<&Server>) -> Outcome<WorkReport> {
        let mut report =
            WorkReport { work, server: Vec::new(), ceiling: Vec::new(), bare: Vec::new(), group: None };
        let name = work.name();
        for round in 0..self.arguments.rounds {
            let warm_up = WARM_UP.get(usize::from(round > 0)).copied().unwrap_or_default();
            if self.arguments.has(Side::Server) {
                let measured = self.load(work, server, warm_up)?;
                eprintln!("{name}: server  {}", measured.short());
                report.server.push(measured);
            }
            if let Some(ceiling) = ceiling {
                let measured = self.load(work, ceiling, warm_up)?;
                eprintln!("{name}: ceiling {}", measured.short());
                report.ceiling.push(measured);
            }
            if self.arguments.has(Side::Bare) {
                if let (Work::Post, None, Some(file)) = (work, report.group, &self.file) {
                    report.group = Some(wal::messages_per_commit(server, file, self.settings(warm_up))?);
                }
                let measured = self.bare(work, report.group, warm_up)?;
                eprintln!("{name}: bare    {measured:8.0}/s");
                report.bare.push(measured);
            }
        }
        Ok(report)
    }

    fn settings(&self, warm_up: Duration) -> Load {
        Load {
            connections: self.arguments.connections,
            size: self.arguments.size(),
            spans: Spans { warm_up, measured: Duration::from_secs(self.arguments.seconds) },
        }
    }

    fn load(&self, work: Work, server: &Server, warm_up: Duration) -> Outcome<Round> {
        let (measured, before, after) =
            load::run(server.address, work, self.settings(warm_up), || server.usage())?;
        Ok(Round::new(measured, before, after))
    }

    fn bare(&self, work: Work, group: Option<f64>, warm_up: Duration) -> Outcome<f64> {
        let Load { size, spans, connections } = self.settings(warm_up);
        let window = Window::new(warm_up, spans.measured);
        match &self.file {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a small number above 0"
            )]
            Some(file) => {
                bare::sqlite::run(file, work, size, window, group.unwrap_or(1.0).round().max(1.0) as usize)
            }
            None => self.runtime.block_on(bare::postgres::run(
                &self.program.database,
                work,
                size,
                window,
                connections,
            )),
        }
    }
}
