//! Faff beside another server of the same wire, in turn, on the same PostgreSQL: at full load, and at one rate for both.

mod login;
mod report;

use std::path::Path;
use std::time::Duration;

use tokio_postgres::Client;

use crate::arguments::{Peer, RunArguments};
use crate::load::{self, Source, Spans};
use crate::seed::postgres::{connect, provide};
use crate::server::{self, Program, Server};
use crate::window::{Look, Window};
use crate::work::{Session, Work};
use crate::{Outcome, bare, lock, machine, npm, run};
use login::Login;
use report::{Asked, Report};

/// Before a side is measured for the first time, and each time after that.
const WARM_UP: [Duration; 2] = [Duration::from_secs(2), Duration::from_millis(500)];
/// Connections of the load at a fixed rate: enough for whatever has to wait.
const ARRIVING: usize = 128;
/// Connections that log in at the same time: more than that, and people are told to come again.
const LOGGING_IN: usize = 8;

/// A kind of request.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Login,
    Work(Work),
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Login => "log in",
            Self::Work(work) => work.name(),
        }
    }
}

/// Somebody who asks.
enum Somebody {
    Outside(Login),
    Inside(Session),
}

impl Source for Somebody {
    fn next(&mut self, request: &mut Vec<u8>) -> Outcome<u16> {
        match self {
            Self::Outside(login) => login.next(request),
            Self::Inside(session) => session.next(request),
        }
    }
}

/// Measures what was asked for, and reports.
pub(crate) fn measure(arguments: &RunArguments, peer: Peer) -> Outcome<()> {
    let target = run::target()?;
    let folder = target.join("bench");
    let _alone = lock::hold(&folder)?;
    let path = match &arguments.server {
        Some(path) => std::fs::canonicalize(path)?,
        None => run::build(&target)?,
    };
    let place = npm::peer("node");
    let node = npm::find("node")?;
    npm::install(&place)?;
    let load_before = machine::load();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let database = runtime.block_on(provide(arguments.cluster()?, arguments.size()))?;
    let durability = runtime.block_on(bare::postgres::durability(&database))?;
    runtime.block_on(async { fill(&connect(&database.parse()?).await?, &place, peer).await })?;
    let faff = Program {
        path,
        arguments: vec!["serve".to_owned()],
        folder: folder.clone(),
        database: database.clone(),
        settings: &[],
    };
    let other = Program {
        path: node.clone(),
        arguments: vec![place.join("server.mjs").display().to_string()],
        folder,
        database,
        settings: &[("NODE_ENV", "production")],
    };
    let idle = if arguments.idle { Some([server::idle(&faff)?, server::idle(&other)?]) } else { None };
    let bench = Bench { arguments, servers: [Server::start(&faff)?, Server::start(&other)?] };
    let mut asked = Vec::new();
    for kind in bench.kinds() {
        asked.push(bench.measure(kind)?);
    }
    let package = |name| format!("{name} {}", npm::package_version(&place, name));
    let RunArguments { connections, rounds, seconds, .. } = arguments;
    let report = Report {
        machine: machine::description(),
        load_before,
        load_after: machine::load(),
        size: arguments.size(),
        peer: format!(
            "Node {} ({}), {}",
            npm::version(&node),
            ["express", "sequelize", "pg", "bcrypt"].map(package).join(", "),
            peer.described()
        ),
        durability,
        settings: format!(
            "{connections} connections ({LOGGING_IN} log in), medians of {rounds} rounds of {seconds} s, the sides in turn; \
             the load takes a share of the cores"
        ),
        asked,
        idle,
    };
    crate::publish(&report.markdown(), &report.json(), arguments.out.as_deref())
}

/// Gives everybody a password, and the peer its tables.
async fn fill(client: &Client, place: &Path, peer: Peer) -> Outcome<()> {
    let read = |name| std::fs::read_to_string(place.join(name));
    client.execute("update account set password_hash = $1", &[&login::HASH]).await?;
    client.batch_execute(&read("schema.sql")?).await?;
    if peer == Peer::Node {
        client.batch_execute(&read("indexes.sql")?).await?;
    }
    for table in ["account", "peer.users", "peer.tasks", "peer.messages", "peer.attachments"] {
        client.batch_execute(&format!("vacuum analyze {table}")).await?;
    }
    Ok(client.batch_execute("checkpoint").await?)
}

struct Bench<'a> {
    arguments: &'a RunArguments,
    /// Faff and the peer.
    servers: [Server; 2],
}

impl Bench<'_> {
    fn kinds(&self) -> impl Iterator<Item = Kind> {
        let login = self.arguments.is_everything().then_some(Kind::Login);
        self.arguments.works().map(Kind::Work).chain(login)
    }

    fn people(&self, kind: Kind, connections: usize) -> Outcome<Vec<Somebody>> {
        let somebody = |n| {
            Ok(match kind {
                Kind::Login => Somebody::Outside(Login::new(n)),
                Kind::Work(work) => Somebody::Inside(Session::new(work, self.arguments.size(), n)?),
            })
        };
        (0..connections).map(somebody).collect()
    }

    fn measure(&self, kind: Kind) -> Outcome<Asked> {
        let mut asked =
            Asked { name: kind.name(), closed: [vec![], vec![]], rate: 0.0, open: [vec![], vec![]] };
        let most = if matches!(kind, Kind::Login) { LOGGING_IN } else { usize::MAX };
        let measured = Duration::from_secs(self.arguments.seconds);
        for round in 0..self.arguments.rounds {
            let warm_up = WARM_UP.get(usize::from(round > 0)).copied().unwrap_or_default();
            for (server, rounds) in self.servers.iter().zip(&mut asked.closed) {
                let people = self.people(kind, self.arguments.connections.min(most))?;
                let look = || Look::at(std::slice::from_ref(server));
                let spans = Spans { warm_up, measured };
                let window = Window::new(load::closed(&[server.address], spans, people, look)?);
                eprintln!("{}: full load: {}", kind.name(), window.short());
                rounds.push(window);
            }
        }
        // Half of what the slower side can do.
        asked.rate = (asked.slower() / 2.0).max(1.0);
        for _ in 0..self.arguments.rounds {
            for (server, rounds) in self.servers.iter().zip(&mut asked.open) {
                let people = self.people(kind, ARRIVING.min(most))?;
                let look = || Look::at(std::slice::from_ref(server));
                let spans = Spans { warm_up: WARM_UP.last().copied().unwrap_or_default(), measured };
                let window = Window::new(load::open(&[server.address], asked.rate, spans, people, look)?);
                eprintln!("{}: fixed rate: {}", kind.name(), window.short());
                rounds.push(window);
            }
        }
        Ok(asked)
    }
}
