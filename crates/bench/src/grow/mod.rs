//! How latencies grow with the database: the same requests, one after the other, to databases of several sizes.

mod arguments;
mod chart;
mod question;
mod report;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use faff_store::Engine;

use crate::load::Connection;
use crate::seed::{self, world::Size};
use crate::server::{Program, Server};
use crate::{Outcome, backends, bare, lock, machine, run};
use question::{Asking, Question};
use report::{Figure, Report, Stage};

pub(crate) use arguments::GrowArguments;

/// Before a kind of request is measured.
const WARM_UP: Duration = Duration::from_millis(500);
/// The least that is asked, however long it takes.
const AT_LEAST: usize = 5;
/// Databases of more tasks are not copied but measured as they are, and hold a few hundred more messages afterwards.
const COPIED: i64 = 200_000;

/// Measures what was asked for, and reports.
pub(crate) fn measure(arguments: &GrowArguments) -> Outcome<()> {
    let target = run::target()?;
    let folder = target.join("bench");
    let _alone = lock::hold(&folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    for (engine, size) in arguments.stages() {
        runtime.block_on(async {
            match engine {
                Engine::Sqlite => seed::sqlite::provide(&folder, size).await.map(drop),
                Engine::Postgres => seed::postgres::seed(arguments.cluster()?, size).await.map(drop),
            }
        })?;
    }
    if arguments.only_seed {
        return Ok(());
    }
    let path = match &arguments.server {
        Some(path) => std::fs::canonicalize(path)?,
        None => run::build(&target)?,
    };
    let (load_before, begun) = (machine::load(), Instant::now());
    let (mut stages, mut left_out, mut durability) = (Vec::new(), Vec::new(), BTreeMap::new());
    for (engine, size) in arguments.stages() {
        if begun.elapsed() > Duration::from_mins(arguments.minutes) {
            left_out.push(format!("{} tasks on {}", size.tasks, engine.name()));
            continue;
        }
        let place = match engine {
            Engine::Sqlite => {
                Place::file(&folder, runtime.block_on(seed::sqlite::provide(&folder, size))?, size)?
            }
            Engine::Postgres => runtime.block_on(Place::database(arguments.cluster()?, size))?,
        };
        let settings = match &place.file {
            Some(file) => bare::sqlite::durability(file)?,
            None => runtime.block_on(bare::postgres::durability(&place.address))?,
        };
        durability.insert(engine.name(), settings);
        stages.push(place.stage(&path, &folder, arguments.seconds, engine, size)?);
    }
    let report = Report {
        machine: machine::description(),
        load_before,
        load_after: machine::load(),
        settings: format!("one connection, {} s of each kind of request", arguments.seconds),
        durability: durability.into_values().collect(),
        stages,
        left_out,
    };
    if let Some(path) = &arguments.out {
        std::fs::write(path.with_extension("svg"), chart::draw(&report.stages))?;
    }
    crate::publish(&report.markdown(), &report.json(), arguments.out.as_deref())
}

/// A database to measure on.
struct Place {
    address: String,
    /// Where it is a file.
    file: Option<PathBuf>,
    /// Its name where it is not.
    name: String,
}

impl Place {
    fn file(folder: &Path, seeded: PathBuf, size: Size) -> Outcome<Self> {
        let mut file = seeded;
        if size.tasks <= COPIED {
            let copy = folder.join("run.sqlite");
            seed::sqlite::copy(&file, &copy)?;
            file = copy;
        }
        Ok(Self { address: format!("sqlite:{}", file.display()), file: Some(file), name: String::new() })
    }

    async fn database(cluster: &str, size: Size) -> Outcome<Self> {
        let name = match size.tasks {
            ..=COPIED => {
                seed::postgres::provide(cluster, size).await.map(|_| seed::postgres::RUN.to_owned())?
            }
            _ => seed::postgres::seed(cluster, size).await?,
        };
        Ok(Self { address: seed::postgres::of_database(cluster, &name)?, file: None, name })
    }

    fn stage(&self, path: &Path, folder: &Path, seconds: u64, engine: Engine, size: Size) -> Outcome<Stage> {
        let server = Server::start(&Program {
            path: path.to_owned(),
            arguments: vec!["serve".to_owned()],
            folder: folder.to_owned(),
            database: self.address.clone(),
            settings: &[],
        })?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut figures = Vec::new();
        for question in Question::ALL {
            let figure = runtime.block_on(async {
                let mut connection = Connection::open(server.address).await?;
                let asking = question.prepare(&mut connection, size).await?;
                self.ask(&server, connection, asking, Duration::from_secs(seconds)).await
            });
            let figure = figure.map_err(|error| format!("{}: {error}", question.name()))?;
            let (name, tasks) = (engine.name(), size.tasks);
            eprintln!("{name}, {tasks} tasks: {:32}{}", question.name(), figure.short());
            figures.push((question, figure));
        }
        Ok(Stage { engine: engine.name(), size, figures })
    }

    /// One request after the other.
    async fn ask(
        &self,
        server: &Server,
        mut connection: Connection,
        mut asking: Asking,
        at_least: Duration,
    ) -> Outcome<Figure> {
        let mut request = Vec::new();
        let mut exchange = async |connection: &mut Connection| {
            let expected = asking.write(&mut request)?;
            let sent = Instant::now();
            let (status, body) = connection.exchange(&request).await?;
            if status != expected {
                return Err(format!("{status}: {}", String::from_utf8_lossy(body)).into());
            }
            Outcome::Ok(sent.elapsed().as_secs_f64() * 1e3)
        };
        let begun = Instant::now();
        while begun.elapsed() < WARM_UP {
            exchange(&mut connection).await?;
        }
        let look = || (server.usage().cpu, backends::seconds(&self.name));
        let ((cpu, database), begun) = (look(), Instant::now());
        let mut millis = Vec::new();
        while begun.elapsed() < at_least || millis.len() < AT_LEAST {
            millis.push(exchange(&mut connection).await?);
        }
        let (cpu_after, database_after) = look();
        let database = if self.file.is_some() { 0.0 } else { backends::used(&database, &database_after) };
        Ok(Figure::new(millis, cpu_after - cpu + database))
    }
}
