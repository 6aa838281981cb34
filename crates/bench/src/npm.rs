//! Peers that Node runs.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;

/// The folder of a peer.
pub(crate) fn peer(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench/peers").join(name)
}

/// What Node calls itself.
pub(crate) fn version(node: &Path) -> String {
    let said = Command::new(node).arg("--version").output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&said).trim().to_owned()
}

/// Which version of a package a peer has.
pub(crate) fn package_version(peer: &Path, name: &str) -> String {
    let manifest =
        std::fs::read(peer.join("node_modules").join(name).join("package.json")).unwrap_or_default();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap_or_default();
    let version = manifest.get("version").and_then(serde_json::Value::as_str);
    version.unwrap_or("of an unknown version").to_owned()
}

/// Where a program lies.
pub(crate) fn find(name: &str) -> Outcome<PathBuf> {
    let found = Command::new("sh").args(["-c", &format!("command -v {name}")]).output()?;
    let path = String::from_utf8(found.stdout)?;
    match path.trim() {
        "" => Err(format!("there is no {name}; what is measured beside it needs it").into()),
        path => Ok(PathBuf::from(path)),
    }
}

/// Installs the packages of the peer, exactly those of its lockfile, unless they are there.
pub(crate) fn install(peer: &Path) -> Outcome<()> {
    if peer.join("node_modules").exists() {
        return Ok(());
    }
    let mut npm = Command::new(find("npm")?);
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(peer);
    if npm.stdout(std::io::stderr()).status()?.success() {
        Ok(())
    } else {
        Err(format!("the packages of {} could not be installed", peer.display()).into())
    }
}
