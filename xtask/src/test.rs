//! `cargo xtask test`: every test, on both engines, with Redis, npm's client and a
//! browser, with nothing set up by hand.

use crate::ci::step;
use crate::failure::{Failure, Outcome};
use crate::nextest::{self, Run};
use crate::servers::Servers;
use crate::{check, e2e, process, web};
use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::process::Command;

/// What tests have to have run on, and the file in which they say so. The server of buckets is in their own process.
const ENGINES: [(&str, &str); 5] = [
    ("SQLite", "sqlite"),
    ("PostgreSQL", "postgres"),
    ("a replica of PostgreSQL", "replica"),
    ("Redis", "redis"),
    ("a server that speaks S3", "s3"),
];

/// Provisions, runs the tests, and ends with the runner's summary.
pub(crate) fn execute(arguments: &[OsString]) -> Outcome {
    let run = run(arguments)?;
    print_summary(run.summary);
    run.outcome
}

/// The same without the last line, for those who have something to add before.
pub(crate) fn run(arguments: &[OsString]) -> Result<Run, Failure> {
    let servers = Servers::start()?;
    if !arguments.is_empty() {
        // They choose tests, or change how those run: then it is the caller's
        // business what is left out.
        return nextest::run(&mut servers.given(chosen(arguments)));
    }
    // First, so that the runner's summary is the end of the output.
    let client = step("test: client", web::execute);
    let browser = step("test: browser", || e2e::execute(&[]));
    let check =
        step("test: check", || check::run(&["--short".into()], &servers.cluster, servers.redis.program()));
    // A race in one test of hundreds must not hide what the others say. What passes only the second time is named.
    let mut run = nextest::run(servers.given(chosen(arguments)).args(["--retries", "1"]))?;
    // Whoever sees only the end of all this is to see what failed.
    let earlier = [
        ("client", client, String::new()),
        ("browser", browser, e2e::failed()),
        ("check", check, String::new()),
    ];
    for (name, outcome, what) in earlier {
        if outcome.is_err() {
            println!("failed before these: {name}\n{what}");
        }
        run.outcome = run.outcome.and(outcome.map_err(Failure::told));
    }
    run.outcome = run.outcome.and(engines_ran(servers.engines()));
    Ok(run)
}

fn chosen(arguments: &[OsString]) -> Command {
    let mut command = process::cargo(["nextest", "run"]);
    if !chooses_packages(arguments) {
        command.arg("--workspace");
    }
    command.args(arguments);
    command
}

/// Whether only some packages are to be built, which `--workspace` would overrule.
fn chooses_packages(arguments: &[OsString]) -> bool {
    arguments.iter().any(|argument| {
        let argument = argument.to_string_lossy();
        argument.starts_with("-p") || argument == "--package" || argument.starts_with("--package=")
    })
}

/// Prints the runner's summary, which is then the last line of standard output
/// and of both streams together.
pub(crate) fn print_summary(summary: Option<String>) {
    if let Some(summary) = summary {
        // The verdict is the exit code; a reader who has left changes nothing.
        let _ = writeln!(std::io::stdout(), "{summary}");
    }
}

/// Every test that works on an engine, with Redis or on a bucket, adds a byte to a file named
/// like it: a suite that silently leaves one out is found out here.
fn engines_ran(directory: &Path) -> Outcome {
    let count = |engine: &str| std::fs::metadata(directory.join(engine)).map_or(0, |file| file.len());
    let counts = ENGINES.map(|(engine, file)| (engine, file, count(file)));
    let listed = counts.map(|(_, file, tests)| format!("{file} {tests} tests")).join(", ");
    println!("engines: {listed}");
    match counts.iter().find(|(_, _, tests)| *tests == 0) {
        Some((engine, ..)) => Err(Failure::new(format!("no test ran on {engine}")).told()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_of_packages_is_respected() {
        let chooses =
            |arguments: &[&str]| chooses_packages(&arguments.iter().map(OsString::from).collect::<Vec<_>>());
        assert!(chooses(&["-p", "faff-store"]) && chooses(&["--package=faff-store"]));
        assert!(!chooses(&[]) && !chooses(&["-E", "test(search)"]) && !chooses(&["--profile", "ci"]));
    }

    #[test]
    fn an_engine_left_out_is_a_failure() {
        let directory = std::env::temp_dir().join(format!("faff-engines-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        for (_, file) in ENGINES {
            assert!(engines_ran(&directory).is_err());
            std::fs::write(directory.join(file), ".").unwrap();
        }
        assert!(engines_ran(&directory).is_ok());
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
