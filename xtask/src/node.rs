//! Node and npm: the web client is built by them, and the one client of our
//! realtime that counts is npm's, so tests drive the real one. Packages are pinned
//! in web/ and tests/node/.

use crate::failure::Failure;
use crate::packages::Packages;
use crate::{process, workspace};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// Where the pins, the packages and the scripts of the tests are.
pub(crate) const TESTS: &str = "tests/node";
/// What the web client's build and the scripts are written for.
const OLDEST: u32 = 20;

/// A Node that is new enough.
pub(crate) struct Node {
    program: PathBuf,
    version: String,
}

impl Node {
    /// Finds Node and npm, or else installs what is missing.
    pub(crate) fn provide() -> Result<Self, Failure> {
        Self::find().map_or_else(Self::install, Ok)
    }

    /// The same with the packages of the tests.
    pub(crate) fn provide_for_tests() -> Result<Self, Failure> {
        let node = Self::provide()?;
        packages(TESTS)?;
        Ok(node)
    }

    /// Looks in PATH, for a Node that is new enough and for npm.
    pub(crate) fn find() -> Option<Self> {
        let node = Self::in_path()?;
        workspace::installed("npm").then_some(node)
    }

    fn in_path() -> Option<Self> {
        let program = workspace::directory_with(&["node"])?.join("node");
        let version = process::output(Command::new(&program).arg("--version")).ok()?.trim().to_owned();
        (major(&version)? >= OLDEST).then_some(Self { program, version })
    }

    /// Installs the system's packages. Only those that are missing: Debian's npm
    /// would replace a Node that came from elsewhere and brought its own.
    pub(crate) fn install() -> Result<Self, Failure> {
        let present = Self::in_path();
        let (what, packages) = match present {
            None => ("Node", Packages { debian: &["nodejs", "npm"], homebrew: &["node"] }),
            Some(_) => ("npm", Packages { debian: &["npm"], homebrew: &["node"] }),
        };
        eprintln!(
            "{what}, which builds the web client and runs tests, is missing or too old: installing it."
        );
        packages.install(by_hand)?;
        Self::find().ok_or_else(by_hand)
    }

    /// The program itself.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    /// As it calls itself: `v20.20.2`.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }
}

/// Installs the packages that a folder pins, unless they are there and what the
/// lockfile says; tells whether it did.
pub(crate) fn packages(pinned: &str) -> Result<bool, Failure> {
    let folder = workspace::root().join(pinned);
    // npm writes this file last: an installation cut short has none.
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    if fresh(installed, modified(&folder.join("package-lock.json"))) {
        return Ok(false);
    }
    eprintln!("The packages that {pinned} pins are not installed: installing them.");
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&folder);
    process::output(&mut npm).map(|_| true).map_err(|failure| {
        failure.told();
        Failure::new(format!(
            "npm's packages could not be installed: make `npm ci --ignore-scripts` in {pinned} work (it needs a \
             package registry), then run this again"
        ))
    })
}

fn by_hand() -> Failure {
    Failure::new(format!("Node could not be installed from here: {}", how_to_get_it()))
}

/// What a person can do about Node.
pub(crate) fn how_to_get_it() -> String {
    format!(
        "that needs Node {OLDEST} or newer and npm. Install them (Debian and Ubuntu: `apt-get install nodejs npm` as \
         root, or https://nodejs.org where that is older; Fedora: `dnf install nodejs npm`; Alpine: `apk add nodejs \
         npm`; macOS: `brew install node`), see that node and npm are in PATH, then run this again"
    )
}

/// Whether what is installed is no older than what is asked for.
fn fresh(installed: Option<SystemTime>, asked: Option<SystemTime>) -> bool {
    installed.is_some_and(|installed| asked.is_none_or(|asked| installed >= asked))
}

fn modified(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).and_then(|file| file.modified()).ok()
}

/// The first number of `v20.20.2`.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_version_is_told_by_its_first_number() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("v8.1.0"), Some(8));
        assert_eq!(major("node"), None);
    }

    #[test]
    fn packages_are_installed_again_when_the_lockfile_is_newer() {
        let then = SystemTime::UNIX_EPOCH;
        let later = then + Duration::from_secs(1);
        assert!(fresh(Some(later), Some(then)) && fresh(Some(then), Some(then)));
        assert!(!fresh(Some(then), Some(later)) && !fresh(None, Some(then)) && !fresh(None, None));
    }
}
