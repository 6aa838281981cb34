//! Seals objects anew, for `faff key rotate`.

use futures_util::TryStreamExt as _;
use sha2::{Digest as _, Sha256};

use super::form::{unread, unreadable};
use super::{State, Storage};
use crate::http::Problem;

/// What came of sealing an object anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewed {
    /// It was stored as it is, and is sealed now.
    Plain,
    /// It was sealed with another key.
    OtherKey,
    /// It was sealed with this key before.
    Before,
    /// There is none.
    Missing,
}

impl Storage {
    /// Seals an object with the first key, unless it is. Nobody else may write or remove it meanwhile; reading it is safe: the
    /// new one takes the place of the old one at once. Tells of the bytes that have passed.
    ///
    /// # Errors
    /// When it cannot be opened or stored, or `passed` ends it. The old one is there, then.
    pub(crate) async fn renew<E: From<Problem>>(
        &self,
        name: &str,
        passed: impl Fn(usize) -> Result<(), E>,
    ) -> Result<Renewed, E> {
        self.remove_draft(name).await?;
        let was = match self.state(name).await? {
            None => return Ok(Renewed::Missing),
            Some(State::Plain) => Renewed::Plain,
            Some(State::Sealed(id)) if self.seals_with() == Some(id) => return Ok(Renewed::Before),
            Some(State::Sealed(_)) => Renewed::OtherKey,
            Some(State::Refused(why)) => return Err(unreadable(name, &why).into()),
        };
        let Some(found) = self.read(name, None).await? else { return Ok(Renewed::Missing) };
        let (mut content, mut hash, mut writer) =
            (found.into_stream(), Sha256::new(), self.write(name).await?);
        loop {
            let next = content.try_next().await.map_err(|error| E::from(unread(name, &error)));
            let pushed = match next {
                Ok(None) => break,
                Ok(Some(piece)) => {
                    hash.update(&piece);
                    match passed(piece.len()) {
                        Ok(()) => writer.push(piece).await.map_err(E::from),
                        Err(stopped) => Err(stopped),
                    }
                }
                Err(error) => Err(error),
            };
            if let Err(error) = pushed {
                writer.abort().await;
                return Err(error);
            }
        }
        writer.finish(&hash.finalize().into()).await?;
        Ok(was)
    }
}
