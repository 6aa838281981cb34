//! Libraries that stand between a program and the system, for the checker: finding them, and installing them if need be.

use crate::failure::Failure;
use crate::packages::Packages;
use std::path::PathBuf;

/// A library that is loaded before a program's own.
pub(crate) struct Preload {
    name: &'static str,
    /// What the checker wants it for.
    purpose: &'static str,
    /// The checker's option for it.
    pub(crate) option: &'static str,
    /// The folder that its package makes for it, and the file in there.
    file: &'static str,
    packages: Packages,
}

/// Gives a program a clock of its own; this is the one for programs of several threads.
pub(crate) const FAKETIME: Preload = Preload {
    name: "libfaketime",
    purpose: "to give servers clocks that are wrong",
    option: "--faketime",
    file: "faketime/libfaketimeMT.so.1",
    packages: Packages { debian: &["libfaketime"], homebrew: &["libfaketime"] },
};

/// Makes calls of the system fail; its package has the program that says which, too.
pub(crate) const FIU: Preload = Preload {
    name: "libfiu",
    purpose: "to give servers disks that fail",
    option: "--fiu",
    file: "fiu/fiu_posix_preload.so",
    packages: Packages { debian: &["fiu-utils"], homebrew: &["libfiu"] },
};

/// Where packages put a folder that has it: theirs, or that of one kind of processor.
const PACKAGED: [&str; 3] = ["/usr/lib", "/usr/lib64", "/usr/local/lib"];

impl Preload {
    /// Finds it, or installs the system's package.
    pub(crate) fn provide(&self) -> Result<PathBuf, Failure> {
        if let Some(found) = self.find() {
            return Ok(found);
        }
        eprintln!("{} is not installed: installing it.", self.name);
        self.packages.install(|| self.by_hand())?;
        self.find().ok_or_else(|| self.by_hand())
    }

    fn find(&self) -> Option<PathBuf> {
        let kinds = PACKAGED.iter().flat_map(|folder| {
            let below = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
            std::iter::once(PathBuf::from(folder)).chain(below)
        });
        kinds.map(|folder| folder.join(self.file)).find(|library| library.is_file())
    }

    fn by_hand(&self) -> Failure {
        let Self { name, purpose, option, .. } = self;
        let package = self.packages.debian.join(" ");
        Failure::new(format!(
            "the checker needs {name}, {purpose}, and it could not be installed from here. Install it (Debian and Ubuntu: \
             `apt-get install {package}` as root), or give its library by {option}"
        ))
    }
}
