//! `cargo xtask bench`: the load generator, optimised.

use crate::failure::Outcome;
use crate::process;
use std::ffi::OsString;

/// Becomes the benchmark program.
pub(crate) fn execute(arguments: Vec<OsString>) -> Outcome {
    let mut command = process::cargo(["run", "--release", "--package", "faff-bench", "--"]);
    let separator = usize::from(arguments.first().is_some_and(|first| first == "--"));
    command.args(arguments.into_iter().skip(separator));
    Err(process::become_it(&mut command))
}
