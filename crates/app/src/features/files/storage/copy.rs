//! Copies objects into another store, for `faff move`.

use std::collections::HashSet;

use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};

use super::Storage;
use super::form::unread;
use crate::http::Problem;

/// What came of copying an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// It was copied, read back, and is the same.
    Now,
    /// The same was there.
    Before,
    /// There is nothing to copy.
    Missing,
    /// What was read back is something else.
    Damaged,
}

impl Storage {
    /// The SHA-256 of an object; `None` when it is not there.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn digest(&self, name: &str) -> Result<Option<[u8; 32]>, Problem> {
        let Some(found) = self.read(name, None).await? else { return Ok(None) };
        let (mut chunks, mut hash) = (found.into_stream(), Sha256::new());
        while let Some(chunk) = chunks.try_next().await.map_err(|error| unread(name, &error))? {
            hash.update(&chunk);
        }
        Ok(Some(hash.finalize().into()))
    }

    /// Copies an object into another store under the same name, unless the same is there.
    ///
    /// # Errors
    /// When one of the stores refuses.
    pub async fn copy(&self, name: &str, to: &Self) -> Result<Copied, Problem> {
        let Some(wanted) = self.digest(name).await? else { return Ok(Copied::Missing) };
        if to.digest(name).await? == Some(wanted) {
            return Ok(Copied::Before);
        }
        let Some(found) = self.read(name, None).await? else { return Ok(Copied::Missing) };
        let (mut chunks, mut writer) = (found.into_stream(), to.write(name).await?);
        loop {
            let pushed = match chunks.try_next().await.map_err(|error| unread(name, &error)) {
                Ok(Some(chunk)) => writer.push(chunk).await,
                Ok(None) => break,
                Err(problem) => Err(problem),
            };
            if let Err(problem) = pushed {
                writer.abort().await;
                return Err(problem);
            }
        }
        writer.finish(&wanted).await?;
        let same = to.digest(name).await? == Some(wanted);
        Ok(if same { Copied::Now } else { Copied::Damaged })
    }

    /// Those of these objects that are not there.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn absent(&self, wanted: Vec<String>) -> Result<Vec<String>, Problem> {
        let there: HashSet<String> = self.names().await?.into_iter().collect();
        Ok(wanted.into_iter().filter(|name| !there.contains(name)).collect())
    }
}
