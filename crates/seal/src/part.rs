//! Opens any part of what is sealed, a chunk at a time, without reading or writing anything itself.

use std::ops::Range;

use aead_stream::{DecryptorBE32, NewStream as _, StreamBE32, StreamPrimitive as _};
use chacha20poly1305::aead::{AeadInOut as _, KeyInit as _};

use crate::{CHUNK, Cipher, HEADER, Key, KeyId, Keys, MAGIC, Refused, TAG, TIED, VERSION, tied};

/// Bytes of a chunk that is sealed and not the last.
const SEALED: usize = CHUNK + TAG;

/// The first bytes of something sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header([u8; HEADER]);

impl Header {
    /// Looks at the first bytes; there may be more of them.
    ///
    /// # Errors
    /// When they are not those of something sealed that this program knows.
    pub fn read(bytes: &[u8]) -> Result<Self, Refused> {
        let (magic, rest) = bytes.split_first_chunk::<8>().ok_or(Refused::Broken)?;
        if magic != MAGIC {
            return Err(Refused::NotSealed);
        }
        let version = *rest.first().ok_or(Refused::Broken)?;
        if version != VERSION {
            return Err(Refused::Version(version));
        }
        bytes.first_chunk().copied().map(Self).ok_or(Refused::Broken)
    }

    /// The key it was sealed with, or says so: whether it was is found by opening.
    ///
    /// # Errors
    /// When it holds none.
    pub fn key_id(&self) -> Result<KeyId, Refused> {
        self.bytes(9).map(KeyId)
    }

    /// Opens it for a purpose with whichever key fits.
    ///
    /// # Errors
    /// When none does, or it was changed.
    pub fn open(&self, keys: &Keys, purpose: &str) -> Result<Chunks, Refused> {
        let id = self.key_id()?;
        self.unwrap(keys.find(id).ok_or(Refused::UnknownKey(id))?, purpose)
    }

    pub(crate) fn open_with(&self, key: &Key, purpose: &str) -> Result<Chunks, Refused> {
        let sealed = self.key_id()?;
        if sealed != key.id() {
            return Err(Refused::OtherKey { sealed, given: key.id() });
        }
        self.unwrap(key, purpose)
    }

    fn unwrap(&self, key: &Key, purpose: &str) -> Result<Chunks, Refused> {
        let (wrapping, beginning) = (self.bytes::<24>(17)?, self.bytes::<19>(41)?);
        let mut data_key = self.bytes::<{ HEADER - TIED }>(TIED)?.to_vec();
        Cipher::new(key.reveal().into())
            .decrypt_in_place(&wrapping.into(), &tied(&self.0, purpose), &mut data_key)
            .map_err(|_| Refused::Broken)?;
        let data_key: [u8; 32] = data_key.try_into().map_err(|_| Refused::Broken)?;
        Ok(Chunks(StreamBE32::from_aead(Cipher::new(&data_key.into()), &beginning.into())))
    }

    fn bytes<const N: usize>(&self, from: usize) -> Result<[u8; N], Refused> {
        self.0.get(from..).and_then(<[u8]>::first_chunk).copied().ok_or(Refused::Broken)
    }
}

/// Opens chunks of one stream, in any order.
pub struct Chunks(StreamBE32<Cipher>);

impl std::fmt::Debug for Chunks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chunks").finish_non_exhaustive()
    }
}

impl Chunks {
    /// Opens the chunk of this number. Nothing is left of it when it is refused.
    ///
    /// # Errors
    /// When it is not that chunk of this stream, or not the last one where that is asked for.
    pub fn open(&self, number: u32, last: bool, chunk: &mut Vec<u8>) -> Result<(), Refused> {
        let fits = if last {
            chunk.len() <= SEALED && (chunk.len() > TAG || number == 0)
        } else {
            chunk.len() == SEALED
        };
        let opened = if fits { self.0.decrypt_in_place(number, last, &[], chunk).is_ok() } else { false };
        if !opened {
            chunk.clear();
            return Err(Refused::Broken);
        }
        Ok(())
    }

    pub(crate) fn into_decryptor(self) -> DecryptorBE32<Cipher> {
        DecryptorBE32::from_stream_primitive(self.0)
    }
}

/// Where what is in something sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    sealed: u64,
    content: u64,
    last: u32,
}

impl Layout {
    /// Of something sealed that has so many bytes with its header.
    ///
    /// # Errors
    /// When nothing sealed has.
    pub fn of(sealed: u64) -> Result<Self, Refused> {
        let (chunk, tag) = (SEALED as u64, TAG as u64);
        let body = sealed.checked_sub(HEADER as u64).ok_or(Refused::Broken)?;
        let chunks = body.div_ceil(chunk);
        let before = chunks.checked_sub(1).ok_or(Refused::Broken)?;
        let rest = body - before * chunk;
        if rest < tag || (rest == tag && before > 0) {
            return Err(Refused::Broken);
        }
        let last = u32::try_from(before).map_err(|_| Refused::Broken)?;
        Ok(Self { sealed, content: body - chunks * tag, last })
    }

    /// Bytes of the content.
    pub const fn content(&self) -> u64 {
        self.content
    }

    /// The number of the last chunk.
    pub const fn last(&self) -> u32 {
        self.last
    }

    /// Where these chunks are, the last of them included.
    pub fn place(&self, from: u32, to: u32) -> Range<u64> {
        let begins = |chunk: u64| HEADER as u64 + chunk * SEALED as u64;
        begins(from.into())..begins(u64::from(to) + 1).min(self.sealed)
    }

    /// The chunk that has a byte of the content, or the last one.
    pub fn chunk_of(&self, byte: u64) -> u32 {
        u32::try_from(byte / CHUNK as u64).unwrap_or(u32::MAX).min(self.last)
    }
}

/// A part of a content, opened while its sealed bytes come.
#[derive(Debug)]
pub struct Part {
    chunks: Chunks,
    layout: Layout,
    /// The chunk that comes, and the last of this part.
    next: Option<u32>,
    to: u32,
    /// Bytes of the next chunk that are before the part, and bytes that are still to be handed out.
    skip: usize,
    left: u64,
    /// What of the chunk has come.
    chunk: Vec<u8>,
}

impl Part {
    /// Some bytes of a content.
    ///
    /// # Errors
    /// When it has no such bytes: then it is not what it was.
    pub fn new(chunks: Chunks, layout: Layout, content: Range<u64>) -> Result<Self, Refused> {
        let left = content.end.checked_sub(content.start).ok_or(Refused::Broken)?;
        if content.end > layout.content {
            return Err(Refused::Broken);
        }
        let first = layout.chunk_of(content.start);
        let to = layout.chunk_of(content.end.saturating_sub(1)).max(first);
        let skip = content.start - u64::from(first) * CHUNK as u64;
        let skip = usize::try_from(skip).map_err(|_| Refused::Broken)?;
        let chunk = Vec::with_capacity(SEALED);
        Ok(Self { chunks, layout, next: Some(first), to, skip, left, chunk })
    }

    /// The sealed bytes that are to be handed to [`Part::take`], in their order.
    pub fn wanted(&self) -> Range<u64> {
        self.layout.place(self.next.unwrap_or(self.to), self.to)
    }

    /// Whether the last chunk of all is among them. Where it is not, only opening it tells that nothing was cut off.
    pub const fn has_end(&self) -> bool {
        self.to == self.layout.last
    }

    /// Whether all has come.
    pub const fn is_done(&self) -> bool {
        self.next.is_none()
    }

    /// Takes of what has come what it needs, and hands out what it has found genuine by that. `None` asks for more.
    ///
    /// # Errors
    /// When a chunk is not genuine, or more comes than there should be.
    pub fn take(&mut self, come: &mut &[u8]) -> Result<Option<Vec<u8>>, Refused> {
        let number = self.next.ok_or(Refused::Broken)?;
        let place = self.layout.place(number, number);
        let size = usize::try_from(place.end - place.start).map_err(|_| Refused::Broken)?;
        let (taken, rest) = come.split_at(come.len().min(size - self.chunk.len()));
        self.chunk.extend_from_slice(taken);
        *come = rest;
        if self.chunk.len() < size {
            return Ok(None);
        }
        let mut chunk = std::mem::replace(&mut self.chunk, Vec::with_capacity(SEALED));
        self.next = None;
        self.chunks.open(number, number == self.layout.last, &mut chunk)?;
        self.next = (number < self.to).then(|| number + 1);
        chunk.drain(..std::mem::take(&mut self.skip).min(chunk.len()));
        chunk.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
        self.left -= chunk.len() as u64;
        Ok(Some(chunk))
    }
}
