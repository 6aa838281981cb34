//! `cargo xtask setup`: installs what the other tasks need.

use crate::cluster::binaries::Binaries;
use crate::failure::Outcome;
use crate::nextest;

/// Installs what is missing, and says for each thing what was done.
pub(crate) fn execute() -> Outcome {
    let verb = if nextest::provide()? { "installed" } else { "already there" };
    println!("cargo-nextest: {verb}");

    let (binaries, verb) = match Binaries::find() {
        Some(binaries) => (binaries, "already there"),
        None => (Binaries::install()?, "installed"),
    };
    println!("PostgreSQL: {verb} ({})", binaries.directory().display());
    Ok(())
}
