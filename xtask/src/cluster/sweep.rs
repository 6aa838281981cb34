//! Removing what tasks left behind that were killed before they could clean up.

use super::account::{self, Account};
use super::binaries::Binaries;
use crate::failure::Failure;
use crate::workspace;
use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The file in it that the task keeps locked. A lock says what a process id
/// cannot: ids are used again, and mean nothing outside of a container.
pub(super) const LOCK: &str = "lock";

/// Somewhere that clusters may live.
pub(super) struct Place {
    pub(super) parent: PathBuf,
    /// What a cluster's directory is called, before the task's process id.
    pub(super) prefix: &'static str,
}

/// Where clusters may live, the preferred place first.
pub(super) fn places() -> Result<[Place; 2], Failure> {
    Ok([
        Place { parent: workspace::target()?, prefix: "postgres-test-" },
        Place { parent: std::env::temp_dir(), prefix: "faff-postgres-test-" },
    ])
}

/// Stops and removes every cluster that has lost its task. Never a reason to
/// fail: what cannot be removed is in nobody's way.
pub(super) fn all(binaries: &Binaries) {
    let (Ok(places), Ok(account), Ok(me)) = (places(), Account::for_server(), account::me()) else {
        return;
    };
    for directory in places.iter().flat_map(|place| place.abandoned(me)) {
        eprintln!("postgres: removing {}, left behind by a task that was killed", directory.display());
        if let Err(failure) = super::stop(binaries, &account, &directory) {
            failure.told();
        }
        if let Err(error) = std::fs::remove_dir_all(&directory) {
            eprintln!("postgres: could not remove {}: {error}", directory.display());
        }
    }
}

impl Place {
    /// Other users' directories are theirs to clean up.
    fn abandoned(&self, me: u32) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(&self.parent).into_iter().flatten().flatten();
        entries
            .filter(|entry| self.is_cluster(&entry.file_name().to_string_lossy()))
            .filter(|entry| entry.metadata().is_ok_and(|metadata| metadata.is_dir() && metadata.uid() == me))
            .map(|entry| entry.path())
            .filter(|path| is_abandoned(path))
            .collect()
    }

    fn is_cluster(&self, name: &str) -> bool {
        name.strip_prefix(self.prefix)
            .is_some_and(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

fn is_abandoned(directory: &Path) -> bool {
    match File::open(directory.join(LOCK)) {
        Ok(file) => file.try_lock().is_ok(),
        // Half removed: the lock is there from the first moment on.
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_cluster_whose_lock_is_free_is_abandoned() {
        let parent = std::env::temp_dir().join(format!("faff-sweep-{}", std::process::id()));
        for name in ["postgres-test-1", "postgres-test-2", "postgres-test-x", "debug"] {
            std::fs::create_dir_all(parent.join(name)).unwrap();
        }
        let held = File::create(parent.join("postgres-test-1/lock")).unwrap();
        held.lock().unwrap();
        drop(File::create(parent.join("postgres-test-2/lock")).unwrap());

        let place = Place { parent: parent.clone(), prefix: "postgres-test-" };
        let me = account::me().unwrap();
        assert_eq!(place.abandoned(me), [parent.join("postgres-test-2")]);
        assert!(place.abandoned(me + 1).is_empty());
        drop(held);
        assert_eq!(place.abandoned(me).len(), 2);
        std::fs::remove_dir_all(&parent).unwrap();
    }
}
