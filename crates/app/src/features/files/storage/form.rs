//! How the content of an object is stored: as it is, or sealed with a key ([`faff_seal`]) for the name that it has.
//!
//! What begins like something sealed, is. A content that begins so by itself, and is stored without a key, gets
//! [`AS_IS`] before it.

use std::io::{self, Read, Seek, Write as _};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::{Buf as _, Bytes, BytesMut};
use faff_seal::{Chunks, HEADER, Header, KeyId, Keys, Layout, Part, Refused, Sealer, Seekable, is_sealed};
use faff_types::Random;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use object_store::{GetOptions, GetRange, GetResult, ObjectStoreExt as _};
use sha2::{Digest, Sha256};

use super::{Storage, refused, refused_by};
use crate::http::{Code, Problem};

/// Version 0 of what is sealed: the content follows as it is.
const AS_IS: &[u8; 9] = b"faffseal\0";
/// Versions of what is sealed are below this byte, which may be in a text.
const TAB: u8 = 9;
/// How often an object is begun to be read that is replaced meanwhile.
const ATTEMPTS: usize = 5;

/// What an object is sealed for: so none can take the place of another.
fn purpose(name: &str) -> String {
    format!("faff file {name}")
}

fn looks_sealed(beginning: &[u8]) -> bool {
    is_sealed(beginning) && beginning.get(AS_IS.len() - 1).is_some_and(|version| *version < TAB)
}

/// An object that is being read.
pub(crate) struct Found {
    /// Bytes of its content, all of it.
    pub(crate) size: u64,
    content: BoxStream<'static, io::Result<Bytes>>,
}

impl std::fmt::Debug for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Found").field("size", &self.size).finish_non_exhaustive()
    }
}

impl Found {
    /// What was asked for of its content.
    pub(crate) fn into_stream(self) -> BoxStream<'static, io::Result<Bytes>> {
        self.content
    }
}

/// How an object is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// As it is.
    Plain,
    /// Sealed, with this of the keys that were given.
    Sealed(KeyId),
    /// Sealed, and it cannot be opened.
    Refused(Refused),
}

/// What came of beginning to read.
enum Begun {
    Found(Found),
    Missing,
    /// It was replaced meanwhile.
    Changed,
}

/// Why an object cannot be read, as a client is told it.
pub(super) fn unread(name: &str, error: &io::Error) -> Problem {
    let cause = error.get_ref();
    if let Some(refused) = cause.and_then(|cause| cause.downcast_ref::<Refused>()) {
        return unreadable(name, refused);
    }
    if let Some(error) = cause.and_then(|cause| cause.downcast_ref::<object_store::Error>()) {
        return refused_by(error);
    }
    tracing::error!(stored = name, %error, "an object could not be read");
    super::away()
}

pub(super) fn unreadable(name: &str, why: &Refused) -> Problem {
    tracing::error!(stored = name, %why, "the object of a file cannot be opened");
    Problem::new(
        Code::FileUnreadable,
        format!("The file cannot be opened: the server was not given its key, or it is damaged ({name})"),
    )
}

impl Storage {
    /// An object, or a part of it; `None` when it is not there. What of it is refused before its first bytes is refused
    /// here; what is found later ends the stream.
    pub(crate) async fn read(&self, name: &str, range: Option<Range<u64>>) -> Result<Option<Found>, Problem> {
        for _ in 0..ATTEMPTS {
            let begun = match range.clone() {
                None => self.begin_all(name).await?,
                Some(range) => self.begin_part(name, range).await?,
            };
            match begun {
                Begun::Found(found) => return Ok(Some(found)),
                Begun::Missing => return Ok(None),
                Begun::Changed => {}
            }
        }
        Err(super::away())
    }

    /// How an object is stored; `None` when it is not there.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn state(&self, name: &str) -> Result<Option<State>, Problem> {
        let Some((beginning, size)) = self.beginning(name).await? else { return Ok(None) };
        if !looks_sealed(&beginning) || beginning.starts_with(AS_IS) {
            return Ok(Some(State::Plain));
        }
        let opened = self.open(name, &beginning, size).and_then(|_| Header::read(&beginning)?.key_id());
        Ok(Some(opened.map_or_else(State::Refused, State::Sealed)))
    }

    fn open(&self, name: &str, beginning: &[u8], size: u64) -> Result<(Chunks, Layout), Refused> {
        let header = Header::read(beginning)?;
        let chunks = match &self.1 {
            Some(keys) => header.open(keys, &purpose(name))?,
            None => return Err(Refused::UnknownKey(header.key_id()?)),
        };
        Ok((chunks, Layout::of(size)?))
    }

    /// Of an object that is there, or a part of it.
    async fn get(&self, name: &str, range: Option<Range<u64>>) -> object_store::Result<Option<GetResult>> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        match self.0.store.get_opts(&self.key(name), options).await {
            Ok(found) => Ok(Some(found)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What an object begins with, as it is stored, and how many bytes that has.
    async fn beginning(&self, name: &str) -> Result<Option<(Bytes, u64)>, Problem> {
        match self.get(name, Some(0..HEADER as u64)).await {
            Ok(None) => Ok(None),
            Ok(Some(found)) => {
                let size = found.meta.size;
                Ok(Some((found.bytes().await.map_err(refused)?, size)))
            }
            Err(error) => match self.0.store.head(&self.key(name)).await {
                // Nothing has no part that could be asked for.
                Ok(found) if found.size == 0 => Ok(Some((Bytes::new(), 0))),
                Ok(_) => Err(refused(error)),
                Err(object_store::Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(refused(error)),
            },
        }
    }

    async fn begin_all(&self, name: &str) -> Result<Begun, Problem> {
        let Some(found) = self.get(name, None).await.map_err(refused)? else { return Ok(Begun::Missing) };
        let size = found.meta.size;
        let mut come = found.into_stream().map_err(io::Error::other).boxed();
        let mut beginning = BytesMut::new();
        while beginning.len() < HEADER {
            match come.try_next().await.map_err(|error| unread(name, &error))? {
                Some(piece) => beginning.extend_from_slice(&piece),
                None => break,
            }
        }
        let mut beginning = beginning.freeze();
        if !looks_sealed(&beginning) {
            let content = stream::iter([Ok(beginning)]).chain(come).boxed();
            return Ok(Begun::Found(Found { size, content }));
        }
        if beginning.starts_with(AS_IS) {
            beginning.advance(AS_IS.len());
            let content = stream::iter([Ok(beginning)]).chain(come).boxed();
            return Ok(Begun::Found(Found { size: size.saturating_sub(AS_IS.len() as u64), content }));
        }
        let part = self.open(name, &beginning, size).and_then(|(chunks, layout)| {
            let size = layout.content();
            Ok((Part::new(chunks, layout, 0..size)?, size))
        });
        let (part, size) = part.map_err(|why| unreadable(name, &why))?;
        beginning.advance(HEADER);
        let opening = Opening { name: name.to_owned(), part, come, piece: beginning };
        let content = opening.begin().await.map_err(|error| unread(name, &error))?;
        Ok(Begun::Found(Found { size, content }))
    }

    async fn begin_part(&self, name: &str, range: Range<u64>) -> Result<Begun, Problem> {
        let Some((beginning, size)) = self.beginning(name).await? else { return Ok(Begun::Missing) };
        if !looks_sealed(&beginning) || beginning.starts_with(AS_IS) {
            let shift = if looks_sealed(&beginning) { AS_IS.len() as u64 } else { 0 };
            let stored = range.start + shift..range.end + shift;
            let Some(found) = self.get(name, Some(stored)).await.map_err(refused)? else {
                return Ok(Begun::Missing);
            };
            if found.meta.size != size {
                return Ok(Begun::Changed);
            }
            let content = found.into_stream().map_err(io::Error::other).boxed();
            return Ok(Begun::Found(Found { size: size.saturating_sub(shift), content }));
        }
        let opened = self.open(name, &beginning, size);
        let (chunks, layout) = opened.map_err(|why| unreadable(name, &why))?;
        match self.part(name, chunks, layout, range).await {
            Ok(Some(content)) => Ok(Begun::Found(Found { size: layout.content(), content })),
            Ok(None) => Ok(Begun::Missing),
            Err(error) => match self.beginning(name).await? {
                None => Ok(Begun::Missing),
                Some((now, _)) if now != beginning => Ok(Begun::Changed),
                Some(_) => Err(unread(name, &error)),
            },
        }
    }

    /// A part of what is sealed. Its first chunk and the last of all are opened now.
    async fn part(
        &self,
        name: &str,
        chunks: Chunks,
        layout: Layout,
        range: Range<u64>,
    ) -> io::Result<Option<BoxStream<'static, io::Result<Bytes>>>> {
        let last = layout.last();
        if layout.chunk_of(range.end.saturating_sub(1)) != last {
            let place = layout.place(last, last);
            let end = self.get(name, Some(place)).await.map_err(io::Error::other)?;
            let Some(end) = end else { return Ok(None) };
            let mut end = end.bytes().await.map_err(io::Error::other)?.to_vec();
            chunks.open(last, true, &mut end)?;
        }
        let part = Part::new(chunks, layout, range)?;
        let found = self.get(name, Some(part.wanted())).await.map_err(io::Error::other)?;
        let Some(found) = found else { return Ok(None) };
        let come = found.into_stream().map_err(io::Error::other).boxed();
        let opening = Opening { name: name.to_owned(), part, come, piece: Bytes::new() };
        opening.begin().await.map(Some)
    }

    /// Makes of a small content what is to be stored.
    pub(super) fn form(&self, name: &str, content: Vec<u8>) -> io::Result<Vec<u8>> {
        let mut shaper = Shaper::begin(self, name)?;
        let mut stored = shaper.push(content.into())?.unwrap_or_default().to_vec();
        let (end, _) = shaper.finish()?;
        stored.extend_from_slice(&end);
        Ok(stored)
    }
}

/// Opens what comes.
struct Opening {
    name: String,
    part: Part,
    come: BoxStream<'static, io::Result<Bytes>>,
    /// What has come and was not taken.
    piece: Bytes,
}

impl Opening {
    /// Opens the first chunk, so that what cannot be opened at all is told before anything is answered.
    async fn begin(mut self) -> io::Result<BoxStream<'static, io::Result<Bytes>>> {
        let first = self.next().await?;
        let rest = stream::try_unfold(self, async |mut opening: Self| {
            let next = opening.next().await.inspect_err(|error| {
                tracing::error!(stored = opening.name, %error, "the object of a file broke off while it was read");
            })?;
            Ok(next.map(|chunk| (chunk, opening)))
        });
        Ok(stream::iter(first.map(Ok)).chain(rest).boxed())
    }

    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        while !self.part.is_done() {
            if self.piece.is_empty() {
                self.piece = self.come.try_next().await?.ok_or(Refused::Broken)?;
            }
            let mut rest = self.piece.as_ref();
            let opened = self.part.take(&mut rest)?;
            let taken = self.piece.len() - rest.len();
            self.piece.advance(taken);
            if let Some(opened) = opened.filter(|opened| !opened.is_empty()) {
                return Ok(Some(opened.into()));
            }
        }
        Ok(None)
    }
}

/// Makes of a content what is stored.
#[derive(Debug)]
pub(super) struct Shaper {
    shape: Shape,
    /// Of what is stored, where that is not the content.
    hash: Option<Sha256>,
}

#[derive(Debug)]
enum Shape {
    /// Too little has come to tell whether it looks sealed.
    Begun(BytesMut),
    Plain,
    Sealed(Box<Sealer<Vec<u8>>>),
}

impl Shaper {
    pub(super) fn begin(storage: &Storage, name: &str) -> io::Result<Self> {
        let Some(keys) = &storage.1 else {
            return Ok(Self { shape: Shape::Begun(BytesMut::new()), hash: None });
        };
        let sealer = Sealer::begin(Vec::new(), keys.first(), &purpose(name), Random)?;
        Ok(Self { shape: Shape::Sealed(Box::new(sealer)), hash: Some(Sha256::new()) })
    }

    /// Takes some of the content; what of it is to be stored now.
    pub(super) fn push(&mut self, piece: Bytes) -> io::Result<Option<Bytes>> {
        let stored = match &mut self.shape {
            Shape::Plain => piece,
            Shape::Begun(beginning) => {
                beginning.extend_from_slice(&piece);
                if beginning.len() < AS_IS.len() {
                    return Ok(None);
                }
                self.settle()
            }
            Shape::Sealed(sealer) => {
                sealer.write_all(&piece)?;
                std::mem::take(sealer.get_mut()).into()
            }
        };
        if let Some(hash) = &mut self.hash {
            hash.update(&stored);
        }
        Ok(Some(stored).filter(|stored| !stored.is_empty()))
    }

    /// What is left to be stored, and the SHA-256 of all that is, where it is not the content's.
    pub(super) fn finish(mut self) -> io::Result<(Bytes, Option<[u8; 32]>)> {
        let end = match self.shape {
            Shape::Begun(beginning) => beginning.freeze(),
            Shape::Plain => Bytes::new(),
            Shape::Sealed(sealer) => sealer.finish()?.into(),
        };
        if let Some(hash) = &mut self.hash {
            hash.update(&end);
        }
        Ok((end, self.hash.map(|hash| hash.finalize().into())))
    }

    fn settle(&mut self) -> Bytes {
        let Shape::Begun(beginning) = std::mem::replace(&mut self.shape, Shape::Plain) else {
            return Bytes::new();
        };
        if !looks_sealed(&beginning) {
            return beginning.freeze();
        }
        self.hash = Some(Sha256::new());
        [AS_IS.as_slice(), &beginning].concat().into()
    }
}

/// The content of an object that was just written, near at hand.
#[derive(Debug)]
pub(crate) struct Local {
    at: At,
    sealed: Option<(Arc<Keys>, String)>,
}

#[derive(Debug)]
pub(super) enum At {
    /// In a file.
    Path(PathBuf),
    /// In a file without a name.
    File(std::fs::File),
    /// Nowhere.
    None,
}

/// What can be read from any place.
pub(crate) trait Anywhere: Read + Seek {}

impl<T: Read + Seek> Anywhere for T {}

impl Local {
    pub(super) fn new(storage: &Storage, name: &str, at: At) -> Self {
        Self { at, sealed: storage.1.clone().map(|keys| (keys, purpose(name))) }
    }

    /// Opens it; `None` when it is nowhere.
    pub(crate) fn open(self) -> io::Result<Option<Box<dyn Anywhere>>> {
        let mut file = match self.at {
            At::Path(path) => std::fs::File::open(path)?,
            At::File(file) => file,
            At::None => return Ok(None),
        };
        file.rewind()?;
        Ok(Some(match self.sealed {
            Some((keys, purpose)) => Box::new(Seekable::begin(file, &keys, &purpose)?),
            None => Box::new(file),
        }))
    }
}
