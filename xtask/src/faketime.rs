//! libfaketime, which gives a program a clock of its own: finding it, and installing it if need be.

use crate::failure::Failure;
use crate::packages::Packages;
use std::path::PathBuf;

/// The one for programs of several threads.
const LIBRARY: &str = "libfaketimeMT.so.1";
const PACKAGES: Packages = Packages { debian: &["libfaketime"], homebrew: &["libfaketime"] };
/// Where packages put a folder that has it: theirs, or that of one kind of processor.
const PACKAGED: [&str; 3] = ["/usr/lib", "/usr/lib64", "/usr/local/lib"];

/// Finds it, or installs the system's package.
pub(crate) fn provide() -> Result<PathBuf, Failure> {
    if let Some(found) = find() {
        return Ok(found);
    }
    eprintln!("libfaketime is not installed: installing it.");
    PACKAGES.install(by_hand)?;
    find().ok_or_else(by_hand)
}

fn find() -> Option<PathBuf> {
    let kinds = PACKAGED.iter().flat_map(|folder| {
        let below = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        std::iter::once(PathBuf::from(folder)).chain(below)
    });
    kinds.map(|folder| folder.join("faketime").join(LIBRARY)).find(|library| library.is_file())
}

fn by_hand() -> Failure {
    Failure::new(
        "the checker needs libfaketime, to give servers clocks that are wrong, and it could not be installed from here. \
         Install it (Debian and Ubuntu: `apt-get install libfaketime` as root; Fedora: `dnf install libfaketime`), or \
         give its library by --faketime",
    )
}
