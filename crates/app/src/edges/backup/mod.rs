//! Backups: everything in one file, made while others work, and put back into an empty place.
//!
//! A backup is a `tar` archive, sealed ([`faff_seal`]) if there is a key. Its entries, in this order:
//!
//! | Name | What |
//! |---|---|
//! | `head.json` | what made it, of what and when; where the log ended; what is to follow ([`Head`]) |
//! | `database` | a SQLite database, or an archive of `pg_dump` |
//! | `files/NAME` | an object of the store of files, for each that the database names, in the order of names |
//! | `manifest` | lines of JSON: what was counted, then the size and SHA-256 of each entry, then the SHA-256 of these lines |
//!
//! Invariants:
//! - The database, what is counted and the list of files are of one moment. An object that is named then is there until it is
//!   copied, since nothing is removed while the database is held ([`crate::features::files`]).
//! - There is one way to write an archive down ([`archive`]); whatever differs from it is refused, be it padding. So every
//!   byte counts, and nothing that somebody else has added (a link, a path that leads elsewhere) has a meaning here.
//! - All of a backup is checked before anything of it is put anywhere, and again while it is. What is put anywhere before
//!   all is well is taken away again.
//! - Nothing is whole in memory but the list of files.

mod archive;
mod check;
mod head;
mod last;
mod make;
mod sql;
mod unpack;
mod watch;

use std::fmt;
use std::path::Path;

use faff_seal::{Key, Refused};
use faff_store::StoreError;

use crate::http::Problem;

pub use check::{Archive, look};
pub use head::{Counts, Head, Log};
pub use last::Backups;
pub use make::{Made, Order, make};
pub use unpack::Unpacked;
pub use watch::Watch;

/// What a backup is sealed for.
const PURPOSE: &str = "faff backup";

/// Why there is no backup, or why it was not put back: a sentence for whoever asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    sentence: String,
    busy: bool,
}

impl Fault {
    /// A fault in a sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), busy: false }
    }

    /// Somebody else has the database to themselves.
    pub(crate) fn busy() -> Self {
        let sentence = "a backup of this database is being made, or its files are being sealed; try again when that has ended";
        Self { busy: true, ..Self::new(sentence) }
    }

    /// Whether nothing is wrong, but that somebody else was first.
    pub const fn is_busy(&self) -> bool {
        self.busy
    }

    /// The same, and what it is about.
    pub(crate) fn of(what: &str) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self::new(format!("{what}: {error}"))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::new(problem.cause().unwrap_or(problem.message()).to_owned())
    }
}

/// Says which file is refused, and why.
fn refused(path: &Path, why: &(impl fmt::Display + ?Sized)) -> Fault {
    Fault::new(format!("{} cannot be used as a backup: {why}", path.display()))
}

/// Why a read of a backup has failed, in the words of what was refused.
fn reason(error: &std::io::Error) -> String {
    let refused = error.get_ref().and_then(|inner| inner.downcast_ref::<Refused>());
    match refused {
        Some(refused) => refused.to_string(),
        None if error.kind() == std::io::ErrorKind::UnexpectedEof => "it is cut off".to_owned(),
        None => error.to_string(),
    }
}

/// Reads a key from a file.
///
/// # Errors
/// When there is no such file, or it holds something else.
pub fn key_of(path: &Path) -> Result<Key, Fault> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Fault::new(format!("the key file {} cannot be read: {error}", path.display())))?;
    Key::parse(&text).map_err(|why| Fault::new(format!("the key file {}: {why}", path.display())))
}
