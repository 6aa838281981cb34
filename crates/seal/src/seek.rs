//! Reads what is sealed from any place.

use std::io::{self, Read, Seek, SeekFrom};

use crate::{CHUNK, Chunks, HEADER, Header, Keys, Layout, Refused};

/// Reads what was sealed, from any place of its content. One chunk is in memory.
#[derive(Debug)]
pub struct Seekable<R> {
    from: R,
    chunks: Chunks,
    layout: Layout,
    place: u64,
    /// The chunk that was opened last, and its number.
    chunk: Vec<u8>,
    number: Option<u32>,
}

impl<R: Read + Seek> Seekable<R> {
    /// Begins to open what was sealed for a purpose. Its end is opened now, so that it is as long as it was.
    ///
    /// # Errors
    /// As reading, and with [`Refused`] inside when it is not what it should be.
    pub fn begin(mut from: R, keys: &Keys, purpose: &str) -> io::Result<Self> {
        let mut header = Vec::with_capacity(HEADER);
        from.seek(SeekFrom::Start(0))?;
        from.by_ref().take(HEADER as u64).read_to_end(&mut header)?;
        let chunks = Header::read(&header)?.open(keys, purpose)?;
        let layout = Layout::of(from.seek(SeekFrom::End(0))?)?;
        let mut opened = Self { from, chunks, layout, place: 0, chunk: Vec::new(), number: None };
        opened.load(layout.last())?;
        Ok(opened)
    }

    fn load(&mut self, number: u32) -> io::Result<()> {
        if self.number == Some(number) {
            return Ok(());
        }
        self.number = None;
        self.chunk.clear();
        let place = self.layout.place(number, number);
        self.from.seek(SeekFrom::Start(place.start))?;
        self.from.by_ref().take(place.end - place.start).read_to_end(&mut self.chunk)?;
        self.chunks.open(number, number == self.layout.last(), &mut self.chunk)?;
        self.number = Some(number);
        Ok(())
    }
}

impl<R: Read + Seek> Read for Seekable<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() || self.place >= self.layout.content() {
            return Ok(0);
        }
        self.load(self.layout.chunk_of(self.place))?;
        let within = usize::try_from(self.place % CHUNK as u64).map_err(|_| Refused::Broken)?;
        let waiting = self.chunk.get(within..).unwrap_or_default();
        let count = waiting.len().min(into.len());
        if let (Some(into), Some(waiting)) = (into.get_mut(..count), waiting.get(..count)) {
            into.copy_from_slice(waiting);
        }
        self.place += count as u64;
        Ok(count)
    }
}

impl<R: Read + Seek> Seek for Seekable<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.layout.content().checked_add_signed(by),
            SeekFrom::Current(by) => self.place.checked_add_signed(by),
        };
        self.place = place.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.place)
    }
}
