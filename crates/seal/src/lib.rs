//! Sealing: a stream of bytes that only who has the key can read, and in which every change is noticed. It knows nothing of
//! what is sealed; backups use it, and the files of messages where they are kept.
//!
//! A stream has a key of its own, which is fresh and is wrapped by the master key. So a master key may be used for any
//! number of streams, and can be replaced by wrapping 32 bytes anew. The stream is cut into chunks, each sealed by
//! XChaCha20-Poly1305 after the STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár, 2015): the nonce of a chunk
//! holds its number and whether it is the last one.
//!
//! Invariants:
//! - Nothing is handed out of a chunk that has not been found genuine.
//! - A byte that was changed, a chunk that was moved, doubled or left out, and a stream that was cut or made longer are all
//!   found, the last two when the end is read: what was read before may be used only once [`Opener`] has come to its end.
//! - Any part of a stream can be opened alone ([`Part`], [`Seekable`]); that the stream is as long as it was is found then by
//!   opening its last chunk, too.
//! - A stream that was sealed for one purpose cannot be opened for another.
//! - There is one way to seal a content, given key and nonces: what is opened has no bytes that mean nothing.
//!
//! # The format, version 1
//!
//! | Bytes | What |
//! |---|---|
//! | 0 to 7 | `faffseal` |
//! | 8 | the version, 1 |
//! | 9 to 16 | the id of the master key: the first 8 bytes of SHA-256 over `faff key id` and the key |
//! | 17 to 40 | the nonce of the wrapping, random |
//! | 41 to 59 | what nonces of chunks begin with, random |
//! | 60 to 107 | the stream's key, 32 bytes and a tag of 16: XChaCha20-Poly1305 by the master key and the nonce of the wrapping, with bytes 0 to 59 and then the purpose as associated data |
//! | 108 on | chunks |
//!
//! Every chunk but the last holds 65,536 bytes, and a tag of 16 behind them; the last one holds 1 to 65,536, or none where
//! nothing at all was sealed. Its nonce: the 19 bytes above, the number of the chunk from 0 as 4 bytes in big-endian order,
//! and a byte that is 1 for the last chunk and 0 for any other. No associated data: what could be associated is tied to
//! the key. A stream has at most 2^32 - 1 chunks, which is 256 TiB.

mod key;
mod open;
mod part;
mod seal;
mod seek;

pub use key::{Key, KeyId, Keys, Malformed};
pub use open::{Opener, is_sealed};
pub use part::{Chunks, Header, Layout, Part};
pub use seal::Sealer;
pub use seek::Seekable;

use chacha20poly1305::XChaCha20Poly1305;

/// Bytes of a chunk before it is sealed.
pub const CHUNK: usize = 64 * 1024;
/// Bytes that each chunk has more afterwards.
pub const TAG: usize = 16;
/// Bytes before the first chunk.
pub const HEADER: usize = 108;

const MAGIC: &[u8; 8] = b"faffseal";
const VERSION: u8 = 1;
/// Bytes of the header that the wrapped key is tied to.
const TIED: usize = 60;

type Cipher = XChaCha20Poly1305;

/// Why something cannot be opened. Each is a sentence's end, for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It does not begin like something sealed.
    #[error("it is not sealed")]
    NotSealed,
    /// It is of a version that this program does not know.
    #[error("it is sealed in version {0}, which this program does not know")]
    Version(u8),
    /// It was sealed with another key.
    #[error("it is sealed with the key {sealed}, and the one given is {given}")]
    OtherKey {
        /// The key it was sealed with.
        sealed: KeyId,
        /// The key that was given.
        given: KeyId,
    },
    /// It was sealed with a key that is none of those given.
    #[error("it is sealed with the key {0}, which was not given")]
    UnknownKey(KeyId),
    /// Something of it was changed, moved, left out or added; or it was sealed for something else.
    #[error("it was changed or cut since it was sealed")]
    Broken,
}

impl From<Refused> for std::io::Error {
    fn from(refused: Refused) -> Self {
        Self::new(std::io::ErrorKind::InvalidData, refused)
    }
}

/// What the wrapped key is tied to.
fn tied(header: &[u8], purpose: &str) -> Vec<u8> {
    let mut tied = header.get(..TIED).unwrap_or_default().to_vec();
    tied.extend(purpose.as_bytes());
    tied
}
