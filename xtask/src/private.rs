//! What a private server needs: a directory that nobody else uses, gone when the
//! task ends, and a port.
//!
//! A task that is killed outright cannot clean up. The next one does: whatever
//! directory's lock is free has lost its owner.

use crate::failure::{Doing, Failure};
use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// How many this task has made.
static CLAIMED: AtomicU32 = AtomicU32::new(0);

/// The file in it that the task keeps locked. A lock says what a process id
/// cannot: ids are used again, and mean nothing outside of a container.
const LOCK: &str = "lock";

/// Somewhere that private directories of one kind may be made.
pub(crate) struct Place {
    pub(crate) parent: PathBuf,
    /// What such a directory is called, before the task's process id and a number.
    pub(crate) prefix: &'static str,
}

/// A directory of this task's, removed when dropped unless it is to be kept.
pub(crate) struct Directory {
    path: PathBuf,
    kept: bool,
    /// Locked until closed: the sign that this directory is in use.
    _lock: File,
}

impl Place {
    /// Makes a directory there for this task.
    pub(crate) fn claim(&self) -> Result<Directory, Failure> {
        let Self { parent, prefix } = self;
        let name = format!("{}-{}", std::process::id(), CLAIMED.fetch_add(1, Ordering::Relaxed));
        let path = parent.join(format!("{prefix}{name}"));
        // Made under another name: it must not be found before it is locked.
        let unnamed = parent.join(format!("{prefix}new-{name}"));
        let doing = || format!("create {}", path.display());
        std::fs::create_dir_all(parent).doing(doing)?;
        std::fs::create_dir(&unnamed).doing(doing)?;
        let lock = File::create(unnamed.join(LOCK)).doing(doing)?;
        lock.lock().doing(doing)?;
        std::fs::rename(&unnamed, &path).doing(doing)?;
        Ok(Directory { path, kept: false, _lock: lock })
    }

    /// The directories there that have lost their task. Other users' are theirs
    /// to clean up.
    pub(crate) fn abandoned(&self, me: u32) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(&self.parent).into_iter().flatten().flatten();
        entries
            .filter(|entry| self.is_claimed(&entry.file_name().to_string_lossy()))
            .filter(|entry| entry.metadata().is_ok_and(|metadata| metadata.is_dir() && metadata.uid() == me))
            .map(|entry| entry.path())
            .filter(|path| is_abandoned(path))
            .collect()
    }

    /// Removes every directory there that has lost its task, after stopping the
    /// server in it. Never a reason to fail: what cannot be removed is in
    /// nobody's way.
    pub(crate) fn sweep(&self, me: u32, stop: impl Fn(&Path) -> Result<(), Failure>) {
        for directory in self.abandoned(me) {
            eprintln!("removing {}, left behind by a task that was killed", directory.display());
            if let Err(failure) = stop(&directory) {
                failure.told();
            }
            if let Err(error) = std::fs::remove_dir_all(&directory) {
                eprintln!("could not remove {}: {error}", directory.display());
            }
        }
    }

    fn is_claimed(&self, name: &str) -> bool {
        name.strip_prefix(self.prefix)
            .is_some_and(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'))
    }
}

impl Directory {
    /// One that outlives the task, made when it is missing.
    pub(crate) fn keep(path: &Path) -> Result<Self, Failure> {
        let doing = || format!("use {}", path.display());
        std::fs::create_dir_all(path).doing(doing)?;
        let path = path.canonicalize().doing(doing)?;
        let lock = File::create(path.join(LOCK)).doing(doing)?;
        if lock.try_lock().is_err() {
            return Err(Failure::new(format!("another task uses {}", path.display())));
        }
        Ok(Self { path, kept: true, _lock: lock })
    }

    pub(crate) const fn is_kept(&self) -> bool {
        self.kept
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        if let Err(error) = std::fs::remove_dir_all(&self.path) {
            eprintln!("could not remove {}: {error}", self.path.display());
        }
    }
}

fn is_abandoned(directory: &Path) -> bool {
    match File::open(directory.join(LOCK)) {
        Ok(file) => file.try_lock().is_ok(),
        // Half removed: the lock is there from the first moment on.
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

/// A port of the loopback interface that was free a moment ago.
pub(crate) fn free_port() -> Result<u16, Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).doing(|| "find a free port".into())?;
    Ok(listener.local_addr().doing(|| "find a free port".into())?.port())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::user;

    fn place(name: &str) -> Place {
        let parent = std::env::temp_dir().join(format!("faff-{name}-{}", std::process::id()));
        Place { parent, prefix: "server-test-" }
    }

    #[test]
    fn only_a_directory_whose_lock_is_free_is_abandoned() {
        let place = place("sweep");
        for name in ["server-test-1-0", "server-test-2-0", "server-test-x", "debug"] {
            std::fs::create_dir_all(place.parent.join(name)).unwrap();
        }
        let held = File::create(place.parent.join("server-test-1-0/lock")).unwrap();
        held.lock().unwrap();
        drop(File::create(place.parent.join("server-test-2-0/lock")).unwrap());

        let me = user::me().unwrap();
        assert_eq!(place.abandoned(me), [place.parent.join("server-test-2-0")]);
        assert!(place.abandoned(me + 1).is_empty());
        drop(held);
        place.sweep(me, |_| Ok(()));
        let left = std::fs::read_dir(&place.parent).unwrap().count();
        assert_eq!(left, 2, "what is no private directory stays");
        std::fs::remove_dir_all(&place.parent).unwrap();
    }

    #[test]
    fn a_directory_is_gone_when_dropped() {
        let place = place("claim");
        let directory = place.claim().unwrap();
        let another = place.claim().unwrap();
        assert!(another.path() != directory.path());
        let path = directory.path().to_owned();
        assert!(path.is_dir() && place.abandoned(user::me().unwrap()).is_empty());
        drop(directory);
        assert!(!path.exists());

        let kept = Directory::keep(&path).unwrap();
        assert!(Directory::keep(&path).is_err(), "it is in use");
        drop(kept);
        assert!(path.is_dir() && Directory::keep(&path).is_ok());
        std::fs::remove_dir_all(&place.parent).unwrap();
    }
}
