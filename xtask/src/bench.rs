//! `cargo xtask bench`: the load generator, optimised; and `cargo xtask bench words`, what the built-in analysis finds and
//! how long it takes.

use crate::failure::Outcome;
use crate::process;
use std::ffi::OsString;

/// Becomes the benchmark program.
pub(crate) fn execute(arguments: Vec<OsString>) -> Outcome {
    if let Some((_, rest)) = arguments.split_first().filter(|(first, _)| *first == "words") {
        let mut command =
            process::cargo(["run", "--release", "--package", "faff-analysis", "--example", "words", "--"]);
        return Err(process::become_it(command.args(rest)));
    }
    let mut command = process::cargo(["run", "--release", "--package", "faff-bench", "--"]);
    let separator = usize::from(arguments.first().is_some_and(|first| first == "--"));
    command.args(arguments.into_iter().skip(separator));
    Err(process::become_it(&mut command))
}
