//! `cargo xtask ci`: everything that decides whether a change is good.

use crate::failure::Outcome;
use crate::{lint, openapi, test, tidy};
use std::ffi::OsString;
use std::time::Instant;

/// Runs every check. The tests come last, and their summary is the last line of
/// the output.
pub(crate) fn execute() -> Outcome {
    step("lint", lint::execute)?;
    step("tidy", tidy::execute)?;
    step("openapi --check", || openapi::execute(&[OsString::from("--check")]))?;

    let mut summary = None;
    let outcome = step("test", || {
        let run = test::run(&[])?;
        summary = run.summary;
        run.outcome
    });
    test::print_summary(summary);
    outcome
}

/// Announces a step and how long it took.
pub(crate) fn step(name: &str, action: impl FnOnce() -> Outcome) -> Outcome {
    eprintln!("== {name}");
    let start = Instant::now();
    let outcome = action();
    let verdict = if outcome.is_ok() { "ok" } else { "FAILED" };
    eprintln!("== {name}: {verdict} after {:.1} s", start.elapsed().as_secs_f64());
    outcome
}
