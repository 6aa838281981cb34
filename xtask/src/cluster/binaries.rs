//! PostgreSQL's server programs: finding them, and installing them if need be.

use crate::failure::Failure;
use crate::packages::Packages;
use crate::workspace;
use std::path::{Path, PathBuf};

const PROGRAMS: [&str; 4] = ["initdb", "postgres", "pg_ctl", "pg_basebackup"];
const PACKAGES: Packages = Packages { debian: &["postgresql"], homebrew: &["postgresql@16"] };

/// Where packages put one directory a version: the part before the version, and
/// the part after.
const VERSIONED: [(&str, &str, &str); 5] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/usr/libexec", "postgresql", ""),
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
];

/// A directory with the server programs of one version.
pub(crate) struct Binaries {
    directory: PathBuf,
}

impl Binaries {
    /// Finds them, or else installs them.
    pub(crate) fn provide() -> Result<Self, Failure> {
        Self::find().map_or_else(Self::install, Ok)
    }

    /// Looks in PATH, then where packages put them, the newest version first.
    pub(crate) fn find() -> Option<Self> {
        let packaged = VERSIONED
            .iter()
            .flat_map(|(parent, prefix, suffix)| newest_first(Path::new(parent), prefix, suffix));
        workspace::directory_with(&PROGRAMS)
            .or_else(|| packaged.into_iter().find(|directory| workspace::holds(directory, &PROGRAMS)))
            .map(|directory| Self { directory })
    }

    /// Installs the system's package.
    pub(crate) fn install() -> Result<Self, Failure> {
        eprintln!(
            "PostgreSQL's server programs ({}) are not installed: installing them.",
            PROGRAMS.join(", ")
        );
        PACKAGES.install(by_hand)?;
        Self::find().ok_or_else(by_hand)
    }

    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

fn by_hand() -> Failure {
    Failure::new(
        "the tests need PostgreSQL's server programs, and they could not be installed from here. \
         Install them (Debian and Ubuntu: `apt-get install postgresql` as root; Fedora: `dnf install \
         postgresql-server`; Alpine: `apk add postgresql postgresql-client`; macOS: `brew install postgresql@16`), or put the \
         directory that holds initdb, postgres, pg_ctl and pg_basebackup into PATH, then run this again; no server needs \
         to be running",
    )
}

/// The directories `parent/prefix<version>/suffix` that there are.
fn newest_first(parent: &Path, prefix: &str, suffix: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let version = entry.file_name().to_string_lossy().strip_prefix(prefix)?.parse().ok()?;
            Some((version, entry.path().join(suffix)))
        })
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, directory)| directory).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_numbers_and_the_newest_comes_first() {
        let parent = std::env::temp_dir().join(format!("faff-versions-{}", std::process::id()));
        for name in ["postgresql@9", "postgresql@16", "postgresql@15", "postgresql", "openssl@3"] {
            std::fs::create_dir_all(parent.join(name)).unwrap();
        }
        let found = newest_first(&parent, "postgresql@", "bin");
        let expected =
            ["postgresql@16/bin", "postgresql@15/bin", "postgresql@9/bin"].map(|path| parent.join(path));
        assert_eq!(found, expected);
        std::fs::remove_dir_all(&parent).unwrap();
    }
}
