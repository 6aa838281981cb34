//! `cargo xtask e2e`: the web client in a browser, against the real server.

use crate::failure::{Failure, Outcome};
use crate::node::Node;
use crate::{build, chromium, process, web, workspace};
use std::ffi::OsString;
use std::path::PathBuf;

/// Builds the client and the server around it, and runs the tests of web/e2e.
pub(crate) fn execute(arguments: &[OsString]) -> Outcome {
    let node = Node::provide()?;
    let chromium = chromium::provide()?;
    web::build(&node)?;
    let binary = build::server()?;
    let failures = failures()?;
    // Those of an earlier run are not this one's.
    let _ = std::fs::remove_file(&failures);
    let run = |arguments: &[OsString]| {
        let mut tests = web::npm(&["run", "e2e", "--"]);
        tests.args(arguments).env("FAFF_BINARY", &binary);
        tests.env("FAFF_CHROMIUM", &chromium).env("FAFF_FAILURES", &failures);
        process::run_unexplained(&mut tests)
    };
    if !arguments.is_empty() {
        return run(arguments);
    }
    // Browsers on busy machines miss a moment now and then: a whole run gives each two more tries, and names those that
    // needed them.
    let stories = run(&["--retries=2".into(), "--project=stories".into()]);
    let timed = run(&["--retries=2".into(), "--project=timed".into()]);
    stories.and(timed)
}

/// What failed in the last run, with its errors; empty when nothing did.
pub(crate) fn failed() -> String {
    failures().map(|file| std::fs::read_to_string(file).unwrap_or_default()).unwrap_or_default()
}

fn failures() -> Result<PathBuf, Failure> {
    Ok(workspace::target()?.join("browser-failures.txt"))
}
