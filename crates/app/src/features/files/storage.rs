//! Where the bytes of files are: objects with random names, in a folder.

use std::error::Error as _;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as Key;
use object_store::{
    GetOptions, GetRange, GetResult, MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload,
};

use crate::http::{Code, Problem};

/// What is handed to the store at once, in bytes, and so what a file under way holds in memory.
const PIECE: usize = 256 * 1024;

/// A store of objects. An object is written once, whole, and then only read or removed.
#[derive(Debug, Clone)]
pub struct Storage(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Box<dyn ObjectStore>,
    root: Option<PathBuf>,
}

impl Storage {
    /// A folder, made if it is missing, for its owner only. What is stored is on disk before it is called stored.
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
        Ok(Self(Arc::new(Inner { store: Box::new(store), root: Some(root) })))
    }

    /// Memory: for what stores nothing that must last.
    pub fn memory() -> Self {
        Self(Arc::new(Inner { store: Box::new(InMemory::new()), root: None }))
    }

    /// Begins an object. It is there once [`Writer::finish`] has returned, and not before.
    pub(super) async fn write(&self, name: &str) -> Result<Writer, Problem> {
        let upload = self.0.store.put_multipart(&Key::from(name)).await.map_err(refused)?;
        Ok(Writer { upload, waiting: Vec::new(), bytes: 0, pieces: 0 })
    }

    /// An object, or a part of it; `None` when it is not there.
    pub(super) async fn read(
        &self,
        name: &str,
        range: Option<Range<u64>>,
    ) -> Result<Option<GetResult>, Problem> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        match self.0.store.get_opts(&Key::from(name), options).await {
            Ok(found) => Ok(Some(found)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(refused(error)),
        }
    }

    /// Whether an object is there.
    pub(crate) async fn has(&self, name: &str) -> Result<bool, Problem> {
        match self.0.store.head(&Key::from(name)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(refused(error)),
        }
    }

    /// Removes an object, or what a crash has left of one; it may be gone already.
    pub(super) async fn remove(&self, name: &str) -> Result<(), Problem> {
        match self.0.store.delete(&Key::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(refused(error)),
        }
        if let Some(root) = &self.0.root {
            // The name that the store gives a file until it is whole.
            match tokio::fs::remove_file(root.join(format!("{name}#1"))).await {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(Problem::internal(error)),
                _ => {}
            }
        }
        Ok(())
    }

    /// The names of all objects, and of what a crash has left of some.
    pub(crate) async fn names(&self) -> Result<Vec<String>, Problem> {
        let Some(root) = &self.0.root else {
            return Ok(Vec::new());
        };
        let mut names = Vec::new();
        let mut entries = tokio::fs::read_dir(root).await.map_err(Problem::internal)?;
        while let Some(entry) = entries.next_entry().await.map_err(Problem::internal)? {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
        Ok(names)
    }

    /// Whether something of exactly this name is there, whole or not.
    pub(crate) async fn is_there(&self, name: &str) -> bool {
        match &self.0.root {
            Some(root) => tokio::fs::symlink_metadata(root.join(name)).await.is_ok(),
            None => false,
        }
    }

    /// Whether it can be reached.
    pub(crate) async fn works(&self) -> bool {
        match &self.0.root {
            Some(root) => tokio::fs::metadata(root).await.is_ok_and(|found| found.is_dir()),
            None => true,
        }
    }
}

/// An object that is being written.
#[derive(Debug)]
pub(super) struct Writer {
    upload: Box<dyn MultipartUpload>,
    waiting: Vec<Bytes>,
    bytes: usize,
    /// How many pieces were handed to the store.
    pieces: usize,
}

impl Writer {
    /// Adds what has arrived.
    pub(super) async fn push(&mut self, chunk: Bytes) -> Result<(), Problem> {
        self.bytes += chunk.len();
        self.waiting.push(chunk);
        if self.bytes >= PIECE { self.flush().await } else { Ok(()) }
    }

    async fn flush(&mut self) -> Result<(), Problem> {
        let piece = PutPayload::from_iter(std::mem::take(&mut self.waiting));
        (self.bytes, self.pieces) = (0, self.pieces + 1);
        self.upload.put_part(piece).await.map_err(refused)
    }

    /// Makes the object of what was written.
    pub(super) async fn finish(mut self) -> Result<(), Problem> {
        if self.bytes > 0 || self.pieces == 0 {
            self.flush().await?;
        }
        self.upload.complete().await.map_err(refused)?;
        Ok(())
    }

    /// Throws away what was written.
    pub(super) async fn abort(mut self) {
        // What remains is found by its reservation.
        let _ = self.upload.abort().await;
    }
}

/// A fault of the store, as a client is told it.
#[expect(clippy::needless_pass_by_value, reason = "so that it fits `map_err`")]
fn refused(error: object_store::Error) -> Problem {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = error.source();
    while let Some(error) = cause {
        let kind = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        if matches!(kind, Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded)) {
            return Problem::new(Code::StorageFull, "The server's disk is full; nothing was stored")
                .with_retry_after(60);
        }
        cause = error.source();
    }
    tracing::error!(%error, "the store of files refused");
    Problem::new(Code::StorageUnavailable, "Files cannot be reached now; try again shortly")
        .with_retry_after(5)
}
