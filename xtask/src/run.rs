//! `cargo xtask run`: the server as it is shipped, with its web client where Node
//! can build it, built and started.

use crate::failure::Outcome;
use crate::{process, web, workspace};
use std::ffi::OsString;
use std::process::Command;

/// Builds the release binary and becomes it, so that signals reach the server.
pub(crate) fn execute(arguments: Vec<OsString>) -> Outcome {
    let (demo, arguments) = parse(arguments);
    web::build_if_possible()?;
    process::run(&mut process::cargo(["build", "--release", "--package", "faff", "--bin", "faff"]))?;
    let binary = workspace::target()?.join("release/faff");
    if demo {
        process::run_unexplained(Command::new(&binary).arg("demo"))?;
    }
    Err(process::become_it(Command::new(&binary).args(arguments)))
}

/// Whether the demonstration data is wanted, and what the server is started with.
fn parse(mut arguments: Vec<OsString>) -> (bool, Vec<OsString>) {
    // `run ARGS` and `run -- ARGS` mean the same.
    if arguments.first().is_some_and(|first| first == "--") {
        arguments.remove(0);
    }
    let before = arguments.len();
    arguments.retain(|argument| argument != "--demo");
    let demo = arguments.len() < before;
    if demo && arguments.first().is_none_or(|first| first != "serve") {
        arguments.insert(0, "serve".into());
    }
    (demo, arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> (bool, Vec<OsString>) {
        parse(arguments.iter().map(OsString::from).collect())
    }

    #[test]
    fn arguments_reach_the_server_with_or_without_a_separator() {
        assert_eq!(
            parsed(&["serve", "--port", "1"]),
            (false, vec!["serve".into(), "--port".into(), "1".into()])
        );
        assert_eq!(parsed(&["--", "--help"]), (false, vec!["--help".into()]));
    }

    #[test]
    fn the_demonstration_is_served() {
        assert_eq!(parsed(&["--demo"]), (true, vec!["serve".into()]));
        assert_eq!(parsed(&["--", "serve", "--demo"]), (true, vec!["serve".into()]));
    }
}
