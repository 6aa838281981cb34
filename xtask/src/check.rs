//! `cargo xtask check`: whether what was acknowledged is kept and comes to everyone, while servers and what they stand on
//! fail; and whether the checker would notice.

use crate::cluster::{Cluster, Durability};
use crate::failure::{Doing, Outcome};
use crate::{process, redis, workspace};
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

/// Provides what the checker needs, and runs it.
pub(crate) fn execute(arguments: &[OsString]) -> Outcome {
    let redis = redis::provide()?;
    let cluster = Cluster::start(Durability::Off)?;
    run(arguments, &cluster, &redis)
}

/// The same on a cluster that nobody else uses meanwhile: the checker stops it and starts it again.
pub(crate) fn run(arguments: &[OsString], cluster: &Cluster, redis: &Path) -> Outcome {
    let target = workspace::target()?;
    let folder = target.join("check");
    std::fs::create_dir_all(&folder).doing(|| format!("create {}", folder.display()))?;
    let (server, planted) = (target.join("debug/faff"), folder.join("faff-planted"));
    let build = ["build", "--quiet", "--package", "faff", "--bin", "faff"];
    // Both come to lie in the same place; the ordinary one comes last, so that it stays there.
    process::run(process::cargo(build).args(["--features", "planted"]))?;
    std::fs::copy(&server, &planted).doing(|| format!("copy {}", server.display()))?;
    // Together with the server, the checker needs nothing that is built for it alone.
    process::run(process::cargo(build).args(["--package", "faff-bench", "--bin", "faff-bench"]))?;
    let mut checker = Command::new(target.join("debug/faff-bench"));
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
