//! Writes an object while its bytes come.

use std::io::SeekFrom;
use std::path::Path;

use bytes::Bytes;
use object_store::{MultipartUpload, PutPayload};
use tokio::fs::File;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

use super::form::{At, Local, Shaper};
use super::{Place, Storage, of_disk, refused};
use crate::http::Problem;

/// What is handed to a folder at once, in bytes, and so what a file under way holds in memory.
const PIECE: usize = 256 * 1024;

/// An object that is being written.
#[derive(Debug)]
pub(crate) struct Writer {
    storage: Storage,
    name: String,
    shaper: Shaper,
    way: Way,
}

#[derive(Debug)]
enum Way {
    /// On into a folder, piece by piece.
    Pass {
        upload: Box<dyn MultipartUpload>,
        waiting: Vec<Bytes>,
        bytes: usize,
        /// How many pieces were handed over.
        pieces: usize,
    },
    /// Into a file without a name until it is whole: then it goes to the bucket as fast as that takes it, not as slowly as
    /// it came.
    Spool { file: File, size: u64 },
}

impl Writer {
    pub(super) fn pass(
        storage: Storage,
        name: &str,
        shaper: Shaper,
        upload: Box<dyn MultipartUpload>,
    ) -> Self {
        let way = Way::Pass { upload, waiting: Vec::new(), bytes: 0, pieces: 0 };
        Self { storage, name: name.to_owned(), shaper, way }
    }

    pub(super) async fn spool(
        storage: Storage,
        name: &str,
        shaper: Shaper,
        folder: &Path,
    ) -> Result<Self, Problem> {
        let folder = folder.to_owned();
        let file = tokio::task::spawn_blocking(move || tempfile::tempfile_in(folder)).await;
        let file = file.map_err(Problem::internal)?.map_err(of_disk)?;
        let way = Way::Spool { file: File::from_std(file), size: 0 };
        Ok(Self { storage, name: name.to_owned(), shaper, way })
    }

    /// Adds what has arrived.
    pub(crate) async fn push(&mut self, chunk: Bytes) -> Result<(), Problem> {
        match self.shaper.push(chunk).map_err(Problem::internal)? {
            Some(stored) => self.way.push(stored).await,
            None => Ok(()),
        }
    }

    /// Makes the object of what was written, whose SHA-256 is this.
    pub(crate) async fn finish(self, digest: &[u8; 32]) -> Result<Local, Problem> {
        let Self { storage, name, shaper, mut way } = self;
        let (end, of_stored) = shaper.finish().map_err(Problem::internal)?;
        if !end.is_empty() {
            way.push(end).await?;
        }
        let digest = of_stored.as_ref().unwrap_or(digest);
        let at = match way {
            Way::Pass { mut upload, mut waiting, bytes, pieces } => {
                if bytes > 0 || pieces == 0 {
                    hand_over(&mut upload, &mut waiting).await?;
                }
                upload.complete().await.map_err(refused)?;
                match &storage.0.place {
                    Place::Folder(root) => At::Path(root.join(&name)),
                    Place::Bucket(_) | Place::Memory => At::None,
                }
            }
            Way::Spool { mut file, size } => {
                file.flush().await.map_err(of_disk)?;
                file.seek(SeekFrom::Start(0)).await.map_err(of_disk)?;
                match &storage.0.place {
                    Place::Bucket(server) => {
                        let file = file.into_std().await;
                        server.send(&name, &file, size, digest).await?;
                        At::File(file)
                    }
                    Place::Folder(_) | Place::Memory => At::None,
                }
            }
        };
        Ok(Local::new(&storage, &name, at))
    }

    /// Throws away what was written.
    pub(crate) async fn abort(self) {
        if let Way::Pass { mut upload, .. } = self.way {
            // What remains is found by its reservation.
            let _ = upload.abort().await;
        }
    }
}

impl Way {
    async fn push(&mut self, chunk: Bytes) -> Result<(), Problem> {
        match self {
            Way::Pass { upload, waiting, bytes, pieces } => {
                *bytes += chunk.len();
                waiting.push(chunk);
                if *bytes >= PIECE {
                    hand_over(upload, waiting).await?;
                    (*bytes, *pieces) = (0, *pieces + 1);
                }
            }
            Way::Spool { file, size } => {
                file.write_all(&chunk).await.map_err(of_disk)?;
                *size += chunk.len() as u64;
            }
        }
        Ok(())
    }
}

async fn hand_over(upload: &mut Box<dyn MultipartUpload>, waiting: &mut Vec<Bytes>) -> Result<(), Problem> {
    let piece = PutPayload::from_iter(std::mem::take(waiting));
    upload.put_part(piece).await.map_err(refused)
}
