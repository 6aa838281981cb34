//! Where things are: the repository, cargo's build directory, the environment.

use crate::failure::{Doing, Failure};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// An environment variable, `None` when unset or empty.
#[expect(
    clippy::disallowed_methods,
    reason = "a task is configured by the environment; the settings file is the server's"
)]
pub(crate) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    // Cargo sets the variable when it runs the task; the path compiled in may
    // be that of another checkout that shares the build directory.
    let manifest =
        variable("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    manifest.parent().map_or_else(|| manifest.clone(), Path::to_path_buf)
}

/// Cargo's build directory, of which `debug/` holds this very program. Asking
/// the program respects every way there is to move that directory.
pub(crate) fn target() -> Result<PathBuf, Failure> {
    let program = std::env::current_exe().doing(|| "find out where this program is".into())?;
    program
        .ancestors()
        .find(|directory| directory.file_name().is_some_and(|name| name == "debug" || name == "release"))
        .and_then(Path::parent)
        .map(Path::to_path_buf)
        .ok_or_else(|| {
            Failure::new("this program is not in cargo's build directory; run it as `cargo xtask`")
        })
}

/// The directory among those in PATH that holds all of these programs.
pub(crate) fn directory_with(programs: &[&str]) -> Option<PathBuf> {
    let path = variable("PATH")?;
    std::env::split_paths(&path).find(|directory| holds(directory, programs))
}

/// Whether the directory holds all of these programs.
pub(crate) fn holds(directory: &Path, programs: &[&str]) -> bool {
    programs.iter().all(|program| directory.join(program).is_file())
}

/// Whether a program is in PATH.
pub(crate) fn installed(program: &str) -> bool {
    directory_with(&[program]).is_some()
}
