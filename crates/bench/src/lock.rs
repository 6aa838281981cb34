//! One run at a time: two would take the cores, and the files, from each other.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::Outcome;

/// Waits until no other run is going on in this folder. The lock is held as long as the file is.
pub(crate) fn hold(folder: &Path) -> Outcome<File> {
    std::fs::create_dir_all(folder)?;
    let file = File::options().create(true).truncate(false).write(true).open(folder.join("lock"))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            eprintln!("another run is going on; waiting for its end");
            file.lock()?;
        }
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_finds_the_folder_taken() {
        let folder = std::env::temp_dir().join(format!("faff-bench-lock-{}", std::process::id()));
        let held = hold(&folder).unwrap();
        let other = File::open(folder.join("lock")).unwrap();
        assert!(matches!(other.try_lock(), Err(TryLockError::WouldBlock)));
        drop(held);
        assert!(other.try_lock().is_ok());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
