//! `faff-bench`: what the server does, beside what is possible, in one run on one machine.
//!
//! Three sides take turns on the same seeded database: the server under a load of HTTP requests; its own edge under the
//! same load, with answers from memory (`ceiling`); the bare drivers with the same statements (`bare`). Figures of
//! different machines, or of different runs, are not to be compared; ratios within one run are. [`rooms`] does the same
//! for sockets, [`peers`] beside another server of the same wire; [`grow`] compares databases of several sizes, [`nodes`]
//! several servers of one database. [`check`] does
//! not measure, but looks for what goes wrong.

mod arguments;
mod backends;
mod bare;
mod ceiling;
mod check;
mod grow;
mod load;
mod lock;
mod machine;
mod nodes;
mod npm;
mod peers;
mod random;
mod report;
mod rooms;
mod run;
mod seed;
mod server;
mod statements;
mod wal;
mod window;
mod work;

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use arguments::{Arguments, Command, RunArguments};

/// The server's allocator, so that the ceiling has it, too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What signs the tokens of a benchmark.
const SECRET: &str = "not a secret: it signs the tokens of a benchmark";

fn main() -> ExitCode {
    let done = match Arguments::read().command {
        Command::Run(arguments) => measure(&arguments),
        Command::Grow(arguments) => grow::measure(&arguments),
        Command::Nodes(arguments) => nodes::measure(&arguments),
        Command::Rooms(arguments) => rooms::measure(&arguments),
        Command::RoomsClient => rooms::client(),
        Command::RoomsLimit { batching } => serve(rooms::limit(batching)),
        Command::Check(arguments) => serve(check::measure(&arguments)),
        Command::ServeCeiling { database, samples } => serve(ceiling::serve(&database, &samples)),
    };
    done.map_or_else(
        |error| {
            eprintln!("faff-bench: {error}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

fn serve(server: impl Future<Output = Outcome<()>>) -> Outcome<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(server)
}

fn measure(arguments: &RunArguments) -> Outcome<()> {
    if let Some(peer) = arguments.peer {
        return peers::measure(arguments, peer);
    }
    let report = run::run(arguments)?;
    publish(&report.markdown(), &report.json(), arguments.out.as_deref())
}

/// Prints a report and, if that is wanted, writes it to FILE and to FILE with the ending .json.
fn publish(markdown: &str, json: &serde_json::Value, out: Option<&Path>) -> Outcome<()> {
    say(markdown);
    if let Some(path) = out {
        std::fs::write(path, markdown)?;
        std::fs::write(path.with_extension("json"), serde_json::to_vec_pretty(json)?)?;
    }
    Ok(())
}

/// Prints to standard output; a reader who has left is no reason to fail.
fn say(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = writeln!(stdout, "{text}").and_then(|()| stdout.flush());
}
