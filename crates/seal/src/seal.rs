//! Seals what is written to it.

use std::io::{self, Write};

use aead_stream::EncryptorBE32;
use chacha20poly1305::aead::{AeadInOut as _, KeyInit as _};
use faff_types::Random;

use crate::{CHUNK, Cipher, HEADER, Key, MAGIC, TAG, VERSION, tied};

/// Seals what is written to it. What is sealed is whole only after [`Sealer::finish`].
pub struct Sealer<W> {
    to: W,
    /// Absent after a failure.
    stream: Option<EncryptorBE32<Cipher>>,
    /// It may be the last one, so it is kept until more comes.
    chunk: Vec<u8>,
}

impl<W> std::fmt::Debug for Sealer<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealer").finish_non_exhaustive()
    }
}

impl<W: Write> Sealer<W> {
    /// Begins a stream for a purpose, which whoever opens it must name, too.
    ///
    /// # Errors
    /// When the header cannot be written, or there is no randomness.
    pub fn begin(mut to: W, key: &Key, purpose: &str, random: Random) -> io::Result<Self> {
        let data_key = random.bytes::<32>()?;
        let (wrapping, beginning) = (random.bytes::<24>()?, random.bytes::<19>()?);
        let mut header = Vec::with_capacity(HEADER);
        header.extend(MAGIC);
        header.push(VERSION);
        header.extend(key.id().0);
        header.extend(wrapping);
        header.extend(beginning);
        let mut wrapped = data_key.to_vec();
        Cipher::new(key.reveal().into())
            .encrypt_in_place(&wrapping.into(), &tied(&header, purpose), &mut wrapped)
            .map_err(|_| io::Error::other("the key could not be wrapped"))?;
        header.extend(wrapped);
        to.write_all(&header)?;
        let stream = EncryptorBE32::from_aead(Cipher::new(&data_key.into()), &beginning.into());
        Ok(Self { to, stream: Some(stream), chunk: Vec::with_capacity(CHUNK + TAG) })
    }

    /// What all is written to.
    pub const fn get_mut(&mut self) -> &mut W {
        &mut self.to
    }

    /// Seals the last chunk, and gives back what all was written to.
    ///
    /// # Errors
    /// When it cannot be written, or something before could not.
    pub fn finish(mut self) -> io::Result<W> {
        let stream = self.stream.take().ok_or_else(failed)?;
        stream.encrypt_last_in_place(&[], &mut self.chunk).map_err(|_| failed())?;
        self.to.write_all(&self.chunk)?;
        Ok(self.to)
    }

    /// Seals a full chunk that is not the last.
    fn send(&mut self) -> io::Result<()> {
        let mut stream = self.stream.take().ok_or_else(failed)?;
        stream.encrypt_next_in_place(&[], &mut self.chunk).map_err(|_| failed())?;
        self.to.write_all(&self.chunk)?;
        self.chunk.clear();
        self.stream = Some(stream);
        Ok(())
    }
}

fn failed() -> io::Error {
    io::Error::other("sealing has failed before, or the stream is too long")
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.chunk.len() >= CHUNK && !bytes.is_empty() {
            self.send()?;
        }
        let fits = bytes.get(..bytes.len().min(CHUNK - self.chunk.len())).unwrap_or_default();
        self.chunk.extend(fits);
        Ok(fits.len())
    }

    /// Hands on what is sealed. A chunk that is not full stays: it may be the last one.
    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
