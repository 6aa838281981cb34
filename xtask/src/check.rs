//! `cargo xtask check`: whether what was acknowledged is kept and comes to everyone, while servers and what they stand on
//! fail; and whether the checker would notice.

use crate::cluster::{Cluster, Durability};
use crate::failure::{Doing, Failure, Outcome};
use crate::preload::{FAKETIME, FIU};
use crate::{build, process, redis, workspace};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is to be told of the version before: a revision of the repository.
const BEFORE: &str = "--before";

/// Provides what the checker needs, and runs it.
pub(crate) fn execute(arguments: &[OsString]) -> Outcome {
    let mut arguments = arguments.to_vec();
    if let Some(at) = arguments.iter().position(|argument| argument == BEFORE) {
        let revision = arguments.get(at + 1).ok_or_else(|| {
            Failure::usage(format!(
                "{BEFORE} wants a revision of the repository, such as the last version's tag"
            ))
        })?;
        let server = before(revision)?;
        arguments.splice(at..=at + 1, ["--server-before".into(), server.into()]);
    }
    if !arguments.iter().any(|argument| argument == "--short") {
        for library in [FAKETIME, FIU] {
            arguments.extend([library.option.into(), library.provide()?.into()]);
        }
    }
    let redis = redis::provide()?;
    let cluster = Cluster::start(Durability::Off)?;
    run(&arguments, &cluster, &redis)
}

/// Builds the server of another revision, in a checkout and a build directory of its own, which are kept.
fn before(revision: &OsStr) -> Result<PathBuf, Failure> {
    let folder = workspace::target()?.join("before");
    let source = folder.join("source");
    let git = || {
        let mut git = Command::new("git");
        git.current_dir(workspace::root());
        git
    };
    if !source.join("Cargo.toml").is_file() {
        process::run(git().args(["worktree", "prune"]))?;
        process::run(git().args(["worktree", "add", "--detach"]).arg(&source).arg(revision))?;
    }
    process::run(git().arg("-C").arg(&source).args(["checkout", "--detach"]).arg(revision))?;
    let build = ["build", "--quiet", "--locked", "--package", "faff", "--bin", "faff"];
    process::run(process::cargo(build).current_dir(&source).env("CARGO_TARGET_DIR", folder.join("build")))?;
    Ok(folder.join("build/debug/faff"))
}

/// The same on a cluster that nobody else uses meanwhile: the checker stops it and starts it again.
pub(crate) fn run(arguments: &[OsString], cluster: &Cluster, redis: &Path) -> Outcome {
    let folder = workspace::target()?.join("check");
    std::fs::create_dir_all(&folder).doing(|| format!("create {}", folder.display()))?;
    let planted = folder.join("faff-planted");
    // Both come to lie in the same place; the ordinary one comes last, so that it stays there.
    let server = build::planted_server()?;
    std::fs::copy(&server, &planted).doing(|| format!("copy {}", server.display()))?;
    let server = build::server()?;
    let mut checker = Command::new(build::bench()?);
    checker
        .arg("check")
        .args(arguments)
        .arg("--server")
        .arg(&server)
        .arg("--planted-server")
        .arg(&planted)
        .env("FAFF_TEST_POSTGRES", cluster.url("postgres"))
        .env("FAFF_TEST_REDIS_SERVER", redis);
    process::run_unexplained(&mut checker)
}
