//! `cargo xtask protocol`: our Engine.IO and Socket.IO, held to their protocols
//! by clients that know nothing of ours (tests/node/protocol/).

use crate::failure::{Doing, Failure, Outcome};
use crate::node::Node;
use crate::{build, process, workspace};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

const SUITES: [&str; 2] = ["engine.io", "socket.io"];
/// To the example: a port of the system's choice.
const ANY_PORT: &str = "0";
/// What the example says first, before its address.
const GREETING: &str = "listening on ";
/// More than a busy machine needs to start it.
const PATIENCE: Duration = Duration::from_secs(30);
/// For what is left in a pipe when the program at its other end has ended.
const DREGS: Duration = Duration::from_secs(5);

/// Builds and starts the example server, and runs every suite against it.
pub(crate) fn execute() -> Outcome {
    let node = Node::provide_for_tests()?;
    let server = Server::start(&build::example("protocol")?)?;
    let mut runs = Vec::new();
    for suite in SUITES {
        runs.push((suite, run(&node, suite, &server.url)?));
        process::unless_stopped()?;
    }
    // All figures together, behind both reports.
    let mut outcome = Ok(());
    for (suite, Run { counts, outcome: ended }) in runs {
        println!("protocol: {suite}: {} passing, {} failing", counts.passing, counts.failing);
        // A suite that was not even read has failed no test.
        let any = if counts.passing + counts.failing == 0 { no_test(suite) } else { Ok(()) };
        outcome = outcome.and(ended).and(any);
    }
    outcome
}

fn no_test(suite: &str) -> Outcome {
    Err(Failure::new(format!("no test of {suite} ran")))
}

/// The example server, as long as this lives.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(program: &Path) -> Result<Self, Failure> {
        let mut process = process::background(Command::new(program).arg(ANY_PORT).stdout(Stdio::piped()))?;
        let lines = process.stdout.take();
        // Made first, so that a failure stops the process.
        let mut server = Self { process, url: String::new() };
        let (sender, url) = mpsc::channel();
        if let Some(lines) = lines {
            thread::Builder::new()
                .spawn(move || {
                    for line in BufReader::new(lines).lines().map_while(Result::ok) {
                        match line.strip_prefix(GREETING) {
                            // Nobody waits for a second one.
                            Some(url) => drop(sender.send(url.trim().to_owned())),
                            None => eprintln!("{line}"),
                        }
                    }
                })
                .doing(|| "start a thread".into())?;
        }
        server.url = url
            .recv_timeout(PATIENCE)
            .map_err(|_| Failure::new(format!("{} did not say `{GREETING}http://…`", program.display())))?;
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        process::stop(&mut self.process);
    }
}

/// What came of a suite.
struct Run {
    counts: Counts,
    outcome: Outcome,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    passing: u32,
    failing: u32,
}

fn run(node: &Node, suite: &str, url: &str) -> Result<Run, Failure> {
    println!("== {suite} at {url}");
    let mut command = Command::new(node.program());
    command
        .arg("--test-reporter=spec")
        .arg(format!("tests/node/protocol/{suite}.mjs"))
        .env("FAFF_PROTOCOL_URL", url)
        .current_dir(workspace::root())
        .stdout(Stdio::piped());
    let mut child = process::spawn(&mut command)?;
    let (sender, counts) = mpsc::channel();
    if let Some(report) = child.stdout.take() {
        thread::Builder::new()
            .spawn(move || sender.send(pass_on(report, std::io::stdout())))
            .doing(|| "start a thread".into())?;
    }
    let status = process::wait(&mut child)?;
    let counts = counts.recv_timeout(DREGS).unwrap_or_default();
    Ok(Run { counts, outcome: process::check(&command, status) })
}

/// Copies a report line by line, and gives the figures at its end.
fn pass_on(from: impl Read, mut to: impl Write) -> Counts {
    let mut counts = Counts::default();
    for line in BufReader::new(from).lines().map_while(Result::ok) {
        // With nobody left to read, the tests still run to their end.
        let _ = writeln!(to, "{line}");
        let figure = |word: &str| line.strip_prefix("ℹ ")?.strip_prefix(word)?.trim().parse::<u32>().ok();
        counts.passing += figure("pass ").unwrap_or(0);
        // A test that waits in vain is cancelled, to Node, and has not failed.
        counts.failing += figure("fail ").or_else(|| figure("cancelled ")).unwrap_or(0);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_a_report_are_found() {
        let report = "✔ pass 3 times (1ms)\n✖ b\nℹ tests 3\nℹ pass 2\nℹ fail 1\nℹ cancelled 2\nℹ duration_ms 62\n\n✖ failing tests:\n";
        let mut passed = Vec::new();
        assert_eq!(pass_on(report.as_bytes(), &mut passed), Counts { passing: 2, failing: 3 });
        assert_eq!(passed, report.as_bytes());
    }

    #[test]
    fn a_program_that_ends_without_an_address_is_a_failure() {
        assert!(Server::start(Path::new("true")).is_err());
    }
}
