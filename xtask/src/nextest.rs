//! cargo-nextest, the test runner: installing it, and running it while keeping
//! the line that sums up a run.

use crate::failure::{Doing, Failure, Outcome};
use crate::{process, workspace};
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// What came of a run of tests.
pub(crate) struct Run {
    /// The runner's own summary, if it got that far.
    pub(crate) summary: Option<String>,
    /// Whether all is well.
    pub(crate) outcome: Outcome,
}

/// Installs the runner if it is missing; tells whether it was.
pub(crate) fn provide() -> Result<bool, Failure> {
    if workspace::installed("cargo-nextest") {
        return Ok(false);
    }
    eprintln!(
        "cargo-nextest, which runs the tests, is not installed: installing it takes a few minutes, once."
    );
    process::run(&mut process::cargo(["install", "--locked", "cargo-nextest"]))?;
    Ok(true)
}

/// Runs nextest. Its report goes to standard error as ever, and the summary is
/// picked out of it on the way.
pub(crate) fn run(command: &mut Command) -> Result<Run, Failure> {
    if std::io::stderr().is_terminal() {
        // Behind a pipe it would leave the colours out.
        command.env("CARGO_TERM_COLOR", "always");
    }
    let mut child = process::spawn(command.stderr(Stdio::piped()))?;
    let (sender, summary) = mpsc::channel();
    if let Some(report) = child.stderr.take() {
        thread::Builder::new()
            .spawn(move || sender.send(pass_on(report, std::io::stderr())))
            .doing(|| "start a thread".into())?;
    }
    let status = process::wait(&mut child)?;
    // Not forever: a process that outlives the runner may hold the pipe open.
    let summary = summary.recv_timeout(Duration::from_secs(5)).ok().flatten();
    Ok(Run { summary, outcome: process::check(command, status).map_err(Failure::silent) })
}

/// Copies line by line, and gives the last one that is a summary.
fn pass_on(from: impl Read, mut to: impl Write) -> Option<String> {
    let mut from = BufReader::new(from);
    let mut summary = None;
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
        // With nobody left to read, the tests still run to their end.
        let _ = to.write_all(&line).and_then(|()| to.flush());
        let text = String::from_utf8_lossy(&line);
        if text.contains("Summary") && text.contains("run:") {
            summary = Some(text.trim_end().to_owned());
        }
        line.clear();
    }
    summary
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_is_found_and_everything_passed_on() {
        let report =
            "   Compiling x\n     Summary [   0.1s] 3 tests run: 2 passed, 1 failed\n  FAIL y\nerror\n";
        let mut passed = Vec::new();
        let summary = pass_on(report.as_bytes(), &mut passed);
        assert_eq!(summary.as_deref(), Some("     Summary [   0.1s] 3 tests run: 2 passed, 1 failed"));
        assert_eq!(passed, report.as_bytes());
    }
}
