//! Where the bytes of files are: objects with random names, in a folder, or in a bucket of a server that speaks S3.
//!
//! Invariants:
//! - An object is there whole or not at all, and on disk before it is called stored: a folder gets it by a rename, a bucket
//!   by one request, whose digest the server checks. So no server is ever left with parts of one.
//! - With a key, what is stored is sealed ([`form`]): nobody else here knows of it, and sizes, ranges and digests are those of
//!   the content.
//! - What of an object is in memory does not depend on how large it is, or how slowly it comes.

mod bucket;
mod copy;
mod form;
mod renew;
mod write;

use std::error::Error as _;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use faff_seal::Keys;
use futures_util::TryStreamExt;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt};

use self::bucket::Server;
pub use self::bucket::{Bucket, Unfit};
pub use self::copy::Copied;
pub(super) use self::form::Local;
use self::form::Shaper;
pub use self::form::State;
pub use self::renew::Renewed;
pub(super) use self::write::Writer;
use crate::http::{Code, Problem};

/// A store of objects. An object is written once, whole, and then only read or removed.
#[derive(Debug, Clone)]
pub struct Storage(Arc<Inner>, Option<Arc<Keys>>);

#[derive(Debug)]
struct Inner {
    store: Arc<dyn ObjectStore>,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(PathBuf),
    Bucket(Box<Server>),
    Memory,
}

impl Storage {
    /// A folder, made if it is missing, for its owner only.
    ///
    /// # Errors
    /// When the folder cannot be made or opened.
    pub fn folder(path: &Path) -> std::io::Result<Self> {
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(path)?;
        let root = path.canonicalize()?;
        let store = LocalFileSystem::new_with_prefix(&root).map_err(std::io::Error::other)?.with_fsync(true);
        Ok(Self(Arc::new(Inner { store: Arc::new(store), place: Place::Folder(root) }), None))
    }

    /// A bucket. What arrives waits in files without a name in the folder `spool` until it is whole.
    ///
    /// # Errors
    /// When the library refuses what was given, or the system trusts no authority of certificates.
    pub fn bucket(bucket: &Bucket, spool: &Path) -> std::io::Result<Self> {
        let server = Server::new(bucket, spool)?;
        Ok(Self(Arc::new(Inner { store: server.store(), place: Place::Bucket(Box::new(server)) }), None))
    }

    /// Memory: for what stores nothing that must last.
    pub fn memory() -> Self {
        Self(Arc::new(Inner { store: Arc::new(InMemory::new()), place: Place::Memory }), None)
    }

    /// The same, with keys: what is written is sealed with the first, and each of them opens.
    #[must_use]
    pub fn sealed_with(self, keys: Option<Keys>) -> Self {
        Self(self.0, keys.map(Arc::new))
    }

    /// The key that seals, if there is one.
    pub(crate) fn seals_with(&self) -> Option<faff_seal::KeyId> {
        self.1.as_ref().map(|keys| keys.first().id())
    }

    /// What it is, in a word.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.0.place {
            Place::Folder(_) => "folder",
            Place::Bucket(_) => "bucket",
            Place::Memory => "memory",
        }
    }

    fn key(&self, name: &str) -> Key {
        match &self.0.place {
            Place::Bucket(server) => server.key(name),
            Place::Folder(_) | Place::Memory => Key::from(name),
        }
    }

    /// Begins an object. It is there once [`Writer::finish`] has returned, and not before.
    pub(crate) async fn write(&self, name: &str) -> Result<Writer, Problem> {
        let shaper = Shaper::begin(self, name).map_err(Problem::internal)?;
        match &self.0.place {
            Place::Bucket(server) => Writer::spool(self.clone(), name, shaper, server.spool()).await,
            Place::Folder(_) | Place::Memory => {
                let upload = self.0.store.put_multipart(&self.key(name)).await.map_err(refused)?;
                Ok(Writer::pass(self.clone(), name, shaper, upload))
            }
        }
    }

    /// Writes a small object.
    pub(super) async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), Problem> {
        let stored = self.form(name, bytes).map_err(Problem::internal)?;
        self.0.store.put(&self.key(name), stored.into()).await.map_err(refused)?;
        Ok(())
    }

    /// Whether an object is there.
    pub(crate) async fn has(&self, name: &str) -> Result<bool, Problem> {
        match self.0.store.head(&self.key(name)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(refused(error)),
        }
    }

    /// Removes an object, or what a crash has left of one; it may be gone already.
    pub(crate) async fn remove(&self, name: &str) -> Result<(), Problem> {
        match self.0.store.delete(&self.key(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(refused(error)),
        }
        self.remove_draft(name).await
    }

    /// Removes what a crash has left of an object.
    pub(super) async fn remove_draft(&self, name: &str) -> Result<(), Problem> {
        let Place::Folder(root) = &self.0.place else { return Ok(()) };
        // The name that the store gives a file until it is whole.
        match tokio::fs::remove_file(root.join(format!("{name}#1"))).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(Problem::internal(error)),
            _ => Ok(()),
        }
    }

    /// The names of all objects, and of what a crash has left of some.
    pub(crate) async fn names(&self) -> Result<Vec<String>, Problem> {
        let mut names = Vec::new();
        match &self.0.place {
            Place::Folder(root) => {
                let mut entries = tokio::fs::read_dir(root).await.map_err(Problem::internal)?;
                while let Some(entry) = entries.next_entry().await.map_err(Problem::internal)? {
                    names.push(entry.file_name().to_string_lossy().into_owned());
                }
            }
            Place::Bucket(server) => {
                // The library asks for page after page.
                let mut objects = self.0.store.list(server.prefix());
                while let Some(object) = objects.try_next().await.map_err(refused)? {
                    names.push(server.name(&object.location));
                }
            }
            Place::Memory => {}
        }
        Ok(names)
    }

    /// Whether something of exactly this name is there, whole or not.
    pub(crate) async fn is_there(&self, name: &str) -> Result<bool, Problem> {
        match &self.0.place {
            Place::Folder(root) => Ok(tokio::fs::symlink_metadata(root.join(name)).await.is_ok()),
            Place::Bucket(_) | Place::Memory => self.has(name).await,
        }
    }

    /// Whether it can be reached, and lets us in.
    ///
    /// # Errors
    /// Says what is wrong, and whether it may pass.
    pub async fn check(&self) -> Result<(), Unfit> {
        match &self.0.place {
            Place::Folder(root) => match tokio::fs::metadata(root).await {
                Ok(found) if found.is_dir() => Ok(()),
                Ok(_) => Err(Unfit::Away("the folder of files is no folder any more".to_owned())),
                Err(error) => Err(Unfit::Away(format!("the folder of files cannot be opened: {error}"))),
            },
            Place::Bucket(server) => server.check().await,
            Place::Memory => Ok(()),
        }
    }
}

/// Whether a fault is for want of room.
fn is_full(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

fn full() -> Problem {
    Problem::new(Code::StorageFull, "The server's disk is full; nothing was stored").with_retry_after(60)
}

fn away() -> Problem {
    Problem::new(Code::StorageUnavailable, "Files cannot be reached now; try again shortly")
        .with_retry_after(5)
}

/// A fault of the disk, as a client is told it.
#[expect(clippy::needless_pass_by_value, reason = "so that it fits `map_err`")]
fn of_disk(error: std::io::Error) -> Problem {
    if is_full(&error) {
        return full();
    }
    tracing::error!(%error, "a file that arrives could not be kept");
    away()
}

/// A fault of the store, as a client is told it.
#[expect(clippy::needless_pass_by_value, reason = "so that it fits `map_err`")]
fn refused(error: object_store::Error) -> Problem {
    refused_by(&error)
}

fn refused_by(error: &object_store::Error) -> Problem {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = error.source();
    while let Some(error) = cause {
        if error.downcast_ref::<std::io::Error>().is_some_and(is_full) {
            return full();
        }
        cause = error.source();
    }
    tracing::error!(%error, "the store of files refused");
    away()
}
