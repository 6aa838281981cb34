//! `cargo xtask lint`: formatting, clippy, and the dependency tree.

use crate::failure::{Failure, Outcome};
use crate::{process, workspace};

/// Runs each linter; any warning fails.
pub(crate) fn execute() -> Outcome {
    process::run(&mut process::cargo(["fmt", "--all", "--check"]))?;
    process::run(&mut process::cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    dependencies(demanded())
}

/// Checks the dependency tree, or says what that takes.
pub(crate) fn deny() -> Outcome {
    dependencies(true)
}

fn demanded() -> bool {
    workspace::variable("CARGO_DENY").is_some_and(|value| value == "require")
}

/// The one step that may be left out: installing its tool takes minutes, and the
/// tree changes rarely. Left out it says so; `CARGO_DENY=require` demands it.
fn dependencies(demanded: bool) -> Outcome {
    if workspace::installed("cargo-deny") {
        return process::run(&mut process::cargo(["deny", "check", "licenses", "bans", "sources"]));
    }
    let how = "cargo-deny is not installed (`cargo install --locked cargo-deny` installs it)";
    if demanded {
        return Err(Failure::new(format!("dependencies cannot be checked: {how}")));
    }
    eprintln!("lint: dependencies NOT checked: {how}");
    Ok(())
}
