//! `faff-bench`: what the server does, beside what is possible, in one run on one machine.
//!
//! Three sides take turns on the same seeded database: the server under a load of HTTP requests; its own edge under the
//! same load, with answers from memory (`ceiling`); the bare drivers with the same statements (`bare`). Figures of
//! different machines, or of different runs, are not to be compared; ratios within one run are.

mod arguments;
mod bare;
mod ceiling;
mod edge;
mod load;
mod machine;
mod random;
mod report;
mod run;
mod seed;
mod server;
mod statements;
mod wal;
mod work;

use std::io::Write as _;
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
        Command::ServeCeiling { database, samples } => tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(Into::into)
            .and_then(|runtime| runtime.block_on(ceiling::serve(&database, &samples))),
    };
    done.map_or_else(
        |error| {
            eprintln!("faff-bench: {error}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

fn measure(arguments: &RunArguments) -> Outcome<()> {
    let report = run::run(arguments)?;
    let text = report.markdown();
    say(&text);
    if let Some(path) = &arguments.out {
        std::fs::write(path, text)?;
        std::fs::write(path.with_extension("json"), serde_json::to_vec_pretty(&report.json())?)?;
    }
    Ok(())
}

/// Prints to standard output; a reader who has left is no reason to fail.
fn say(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = writeln!(stdout, "{text}").and_then(|()| stdout.flush());
}
