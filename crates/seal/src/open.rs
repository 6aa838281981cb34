//! Opens what is sealed.

use std::io::{self, Read};

use aead_stream::DecryptorBE32;

use crate::{CHUNK, Cipher, HEADER, Header, Key, MAGIC, Refused, TAG};

/// Whether something that begins so is sealed.
pub fn is_sealed(beginning: &[u8]) -> bool {
    beginning.starts_with(MAGIC)
}

/// Reads what was sealed. An end without an error says that all of it was genuine, and is there.
pub struct Opener<R> {
    from: R,
    state: State,
    /// A chunk, opened.
    chunk: Vec<u8>,
    /// How much of it was read.
    read: usize,
    /// The first byte of the next chunk, by which it is known that there is one.
    ahead: Option<u8>,
    first: bool,
}

enum State {
    /// There is more.
    Open(Box<DecryptorBE32<Cipher>>),
    /// The last chunk was opened.
    Ended,
    /// Something was wrong. It stays so.
    Broken,
}

impl<R> std::fmt::Debug for Opener<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opener").finish_non_exhaustive()
    }
}

impl<R: Read> Opener<R> {
    /// Begins to open what was sealed for a purpose.
    ///
    /// # Errors
    /// As reading, and with [`Refused`] inside when it is not what it should be.
    pub fn begin(mut from: R, key: &Key, purpose: &str) -> io::Result<Self> {
        let mut header = Vec::with_capacity(HEADER);
        from.by_ref().take(HEADER as u64).read_to_end(&mut header)?;
        let stream = Header::read(&header)?.open_with(key, purpose)?.into_decryptor();
        Ok(Self {
            from,
            state: State::Open(Box::new(stream)),
            chunk: Vec::with_capacity(CHUNK + TAG + 1),
            read: 0,
            ahead: None,
            first: true,
        })
    }

    /// Opens the next chunk.
    fn fill(&mut self) -> io::Result<()> {
        self.chunk.clear();
        self.read = 0;
        let mut stream = match std::mem::replace(&mut self.state, State::Broken) {
            State::Open(stream) => stream,
            State::Ended => {
                self.state = State::Ended;
                return Ok(());
            }
            State::Broken => return Err(Refused::Broken.into()),
        };
        let full = CHUNK + TAG;
        self.chunk.extend(self.ahead.take());
        let wanted = full + 1 - self.chunk.len();
        self.from.by_ref().take(wanted as u64).read_to_end(&mut self.chunk)?;
        if self.chunk.len() > full {
            self.ahead = self.chunk.pop();
            stream.decrypt_next_in_place(&[], &mut self.chunk).map_err(|_| Refused::Broken)?;
            self.state = State::Open(stream);
        } else {
            stream.decrypt_last_in_place(&[], &mut self.chunk).map_err(|_| Refused::Broken)?;
            if self.chunk.is_empty() && !self.first {
                return Err(Refused::Broken.into());
            }
            self.state = State::Ended;
        }
        self.first = false;
        Ok(())
    }
}

impl<R: Read> Read for Opener<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        if self.read >= self.chunk.len() {
            let filled = self.fill();
            if filled.is_err() {
                // Whatever was wrong, nothing of it is handed out, now or later.
                self.state = State::Broken;
                self.chunk.clear();
            }
            filled?;
        }
        let waiting = self.chunk.get(self.read..).unwrap_or_default();
        let count = waiting.len().min(into.len());
        if let (Some(into), Some(waiting)) = (into.get_mut(..count), waiting.get(..count)) {
            into.copy_from_slice(waiting);
        }
        self.read += count;
        Ok(count)
    }
}
