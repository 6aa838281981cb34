//! `cargo xtask setup`: installs what the other tasks need.

use crate::cluster::binaries::Binaries;
use crate::failure::Outcome;
use crate::node::{self, Node};
use crate::{nextest, redis};

/// Installs what is missing, and says for each thing what was done.
pub(crate) fn execute() -> Outcome {
    let verb = if nextest::provide()? { "installed" } else { "already there" };
    println!("cargo-nextest: {verb}");

    let (binaries, verb) = match Binaries::find() {
        Some(binaries) => (binaries, "already there"),
        None => (Binaries::install()?, "installed"),
    };
    println!("PostgreSQL: {verb} ({})", binaries.directory().display());

    let (program, verb) = match redis::find() {
        Some(program) => (program, "already there"),
        None => (redis::install()?, "installed"),
    };
    println!("Redis: {verb} ({})", program.display());

    let (node, verb) = match Node::find() {
        Some(node) => (node, "already there"),
        None => (Node::install()?, "installed"),
    };
    println!("Node: {verb} ({}, {})", node.program().display(), node.version());

    let verb = if node::packages()? { "installed" } else { "already there" };
    println!("npm's packages for the tests: {verb}");
    Ok(())
}
