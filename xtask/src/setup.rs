//! `cargo xtask setup`: installs what the other tasks need.

use crate::cluster::binaries::Binaries;
use crate::failure::Outcome;
use crate::node::{self, Node};
use crate::{chromium, nextest, redis, web};

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

    for folder in [node::TESTS, web::FOLDER] {
        let verb = if node::packages(folder)? { "installed" } else { "already there" };
        println!("npm's packages of {folder}: {verb}");
    }

    let (program, verb) = match chromium::find() {
        Some(program) => (program, "already there"),
        None => (chromium::install()?, "installed"),
    };
    println!("Chromium: {verb} ({})", program.display());
    Ok(())
}
