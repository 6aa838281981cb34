//! What an application of a test stands on.

use crate::Engine;

/// Where files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// In a folder.
    Folder,
    /// In a bucket of a server that speaks S3.
    Bucket,
}

/// A database and a store of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The database.
    pub engine: Engine,
    /// Where files are.
    pub store: Store,
}

/// Files are in a folder, where a test says nothing of them.
impl From<Engine> for Place {
    fn from(engine: Engine) -> Self {
        Self { engine, store: Store::Folder }
    }
}
