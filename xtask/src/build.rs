//! What checks and tests run: programs of this workspace, built for debugging.
//!
//! All of them are built as parts of the whole workspace and with what its tests need, so that each dependency has the same
//! features for all, and is compiled once: with `--package faff` alone, half of them are compiled again.

use crate::failure::{Failure, Outcome};
use crate::{process, workspace};
use std::path::PathBuf;

/// What only tests ask of the dependencies.
const FEATURES: &str = "faff-testkit/app";

/// Builds the server.
pub(crate) fn server() -> Result<PathBuf, Failure> {
    build(&["--bin=faff"])?;
    Ok(workspace::target()?.join("debug/faff"))
}

/// Builds the server that makes mistakes when it is told to. It comes to lie where the other one does.
pub(crate) fn planted_server() -> Result<PathBuf, Failure> {
    build(&["--bin=faff", "--features=faff/planted"])?;
    Ok(workspace::target()?.join("debug/faff"))
}

/// Builds the benchmarks, which the checker is a part of.
pub(crate) fn bench() -> Result<PathBuf, Failure> {
    build(&["--bin=faff-bench"])?;
    Ok(workspace::target()?.join("debug/faff-bench"))
}

/// Builds an example.
pub(crate) fn example(name: &str) -> Result<PathBuf, Failure> {
    build(&[&format!("--example={name}")])?;
    Ok(workspace::target()?.join("debug/examples").join(name))
}

fn build(what: &[&str]) -> Outcome {
    let mut build = process::cargo(["build", "--quiet", "--workspace", "--features", FEATURES]);
    process::run(build.args(what))
}
