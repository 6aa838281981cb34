//! `cargo xtask e2e`: the web client in a browser, against the real server.

use crate::failure::Outcome;
use crate::node::Node;
use crate::{chromium, process, web, workspace};
use std::ffi::OsString;

/// Builds the client and the server around it, and runs the tests of web/e2e.
pub(crate) fn execute(arguments: &[OsString]) -> Outcome {
    let node = Node::provide()?;
    let chromium = chromium::provide()?;
    web::build(&node)?;
    process::run(&mut process::cargo(["build", "--quiet", "--package", "faff", "--bin", "faff"]))?;
    let mut tests = web::npm(&["run", "e2e", "--"]);
    if arguments.is_empty() {
        // As with the tests in Rust: a whole run gives each a second try, and names those that needed it.
        tests.arg("--retries=1");
    }
    tests.args(arguments);
    tests.env("FAFF_BINARY", workspace::target()?.join("debug/faff")).env("FAFF_CHROMIUM", chromium);
    process::run_unexplained(&mut tests)
}
