//! The archive: `tar`, written in one way only. The header of an entry follows from its name and size; behind its content are
//! zeros up to the next 512 bytes; behind the last entry are two blocks of zeros, and nothing more.

use std::io::{Read, Write};

use sha2::{Digest as _, Sha256};
use tar::{EntryType, Header};

use super::Fault;

const BLOCK: usize = 512;
/// What is read at once, in bytes.
const PIECE: usize = 64 * 1024;

/// What is known of an entry that has passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) sha256: [u8; 32],
}

/// The header of an entry. Owner and time are left out: they are nobody's concern.
fn header(name: &str, size: u64) -> std::io::Result<Header> {
    let mut header = Header::new_gnu();
    header.set_path(name)?;
    header.set_size(size);
    header.set_mode(0o600);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_entry_type(EntryType::Regular);
    header.set_cksum();
    Ok(header)
}

fn padding(size: u64) -> usize {
    // Below 512, so it fits.
    let over = usize::try_from(size % BLOCK as u64).unwrap_or_default();
    if over == 0 { 0 } else { BLOCK - over }
}

/// Writes an archive.
#[derive(Debug)]
pub(super) struct Writer<W> {
    to: W,
    /// What was written so far.
    pub(super) entries: Vec<Entry>,
}

impl<W: Write> Writer<W> {
    pub(super) const fn new(to: W) -> Self {
        Self { to, entries: Vec::new() }
    }

    /// Adds an entry of exactly this size. `seen` is told what passes.
    pub(super) fn add(
        &mut self,
        name: &str,
        size: u64,
        from: &mut dyn Read,
        mut seen: impl FnMut(usize) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let to_disk = Fault::of("the backup cannot be written");
        let header = header(name, size).map_err(Fault::of(name))?;
        self.to.write_all(header.as_bytes()).map_err(to_disk)?;
        let (mut hash, mut left) = (Sha256::new(), size);
        let mut piece = vec![0; PIECE];
        loop {
            let count = from.read(&mut piece).map_err(Fault::of(name))?;
            let bytes = piece.get(..count).unwrap_or_default();
            if bytes.is_empty() {
                break;
            }
            left = left
                .checked_sub(bytes.len() as u64)
                .ok_or_else(|| Fault::new(format!("{name} is longer than it was said to be")))?;
            hash.update(bytes);
            self.to.write_all(bytes).map_err(Fault::of("the backup cannot be written"))?;
            seen(bytes.len())?;
        }
        if left > 0 {
            return Err(Fault::new(format!("{name} is shorter than it was said to be")));
        }
        let zeros = [0; BLOCK];
        let zeros = zeros.get(..padding(size)).unwrap_or_default();
        self.to.write_all(zeros).map_err(Fault::of("the backup cannot be written"))?;
        self.entries.push(Entry { name: name.to_owned(), size, sha256: hash.finalize().into() });
        Ok(())
    }

    /// Ends the archive, and gives back what it was written to.
    pub(super) fn finish(mut self) -> std::io::Result<W> {
        self.to.write_all(&[0; 2 * BLOCK])?;
        Ok(self.to)
    }
}

/// Reads an archive that [`Writer`] has written, and nothing else.
#[derive(Debug)]
pub(super) struct Reader<R> {
    from: R,
}

impl<R: Read> Reader<R> {
    pub(super) const fn new(from: R) -> Self {
        Self { from }
    }

    /// The next entry's name and size; `None` at the end, which is the end of the file, too. A refusal is the end of a
    /// sentence.
    pub(super) fn next(&mut self) -> Result<Option<(String, u64)>, String> {
        let block = self.block()?;
        if block == [0; BLOCK] {
            if self.block()? != [0; BLOCK] {
                return Err("something stands where it should end".to_owned());
            }
            let mut more = [0];
            return match self.from.read(&mut more) {
                Ok(0) => Ok(None),
                Ok(_) => Err("something follows its end".to_owned()),
                Err(error) => Err(super::reason(&error)),
            };
        }
        let found = Header::from_byte_slice(&block);
        if found.cksum().ok() != checksum(found) {
            return Err("it was changed or cut since it was made".to_owned());
        }
        if found.entry_type() != EntryType::Regular {
            return Err("it holds a link or something else that is no file".to_owned());
        }
        let name = String::from_utf8(found.path_bytes().into_owned()).ok();
        let (name, size) = name
            .zip(found.entry_size().ok())
            .filter(|(name, _)| is_known(name))
            .ok_or_else(|| "it holds an entry of a name that no backup has".to_owned())?;
        let same = header(&name, size).is_ok_and(|expected| expected.as_bytes() == found.as_bytes());
        if !same {
            return Err("it holds an entry that no backup has".to_owned());
        }
        Ok(Some((name, size)))
    }

    /// The content of the entry of this size, piece by piece; its SHA-256.
    pub(super) fn content(
        &mut self,
        size: u64,
        mut take: impl FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<[u8; 32], ContentFault> {
        let (mut hash, mut left) = (Sha256::new(), size);
        let mut piece = vec![0; PIECE];
        while left > 0 {
            let most = usize::try_from(left).map_or(PIECE, |left| left.min(PIECE));
            let wanted = piece.get_mut(..most).unwrap_or_default();
            let count =
                self.from.read(wanted).map_err(|error| ContentFault::Refused(super::reason(&error)))?;
            if count == 0 {
                return Err(ContentFault::Refused("it is cut off".to_owned()));
            }
            let bytes = piece.get(..count).unwrap_or_default();
            hash.update(bytes);
            take(bytes).map_err(ContentFault::Other)?;
            left = left.saturating_sub(count as u64);
        }
        let mut zeros = [0; BLOCK];
        let zeros = zeros.get_mut(..padding(size)).unwrap_or_default();
        self.from.read_exact(zeros).map_err(|error| ContentFault::Refused(super::reason(&error)))?;
        if zeros.iter().any(|byte| *byte != 0) {
            return Err(ContentFault::Refused("it was changed or cut since it was made".to_owned()));
        }
        Ok(hash.finalize().into())
    }

    fn block(&mut self) -> Result<[u8; BLOCK], String> {
        let mut block = [0; BLOCK];
        self.from.read_exact(&mut block).map_err(|error| super::reason(&error))?;
        Ok(block)
    }
}

/// Why the content of an entry was not taken.
#[derive(Debug)]
pub(super) enum ContentFault {
    /// It is not what it should be: the end of a sentence.
    Refused(String),
    /// Whoever took it has failed.
    Other(Fault),
}

fn checksum(header: &Header) -> Option<u32> {
    let mut counted = header.clone();
    counted.set_cksum();
    counted.cksum().ok()
}

pub(super) const HEAD: &str = "head.json";
pub(super) const DATABASE: &str = "database";
pub(super) const MANIFEST: &str = "manifest";
const FILES: &str = "files/";

/// The entry of an object.
pub(super) fn entry_of(object: &str) -> String {
    format!("{FILES}{object}")
}

/// The object of an entry, if it is of one.
pub(super) fn object_of(entry: &str) -> Option<&str> {
    entry.strip_prefix(FILES)
}

/// Whether an entry may have this name. What objects are called is hexadecimal digits, and a letter behind them for thumbnails.
fn is_known(name: &str) -> bool {
    let Some(object) = object_of(name) else { return [HEAD, DATABASE, MANIFEST].contains(&name) };
    let file = crate::features::files::file_of(object);
    (1..=64).contains(&file.len()) && file.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(writer: &mut Writer<Vec<u8>>, name: &str, content: &[u8]) {
        writer.add(name, content.len() as u64, &mut &*content, |_| Ok(())).unwrap();
    }

    fn read(archive: &[u8]) -> Result<Vec<Entry>, String> {
        let mut reader = Reader::new(archive);
        let mut entries = Vec::new();
        while let Some((name, size)) = reader.next()? {
            let sha256 = reader.content(size, |_| Ok(())).map_err(|fault| format!("{fault:?}"))?;
            entries.push(Entry { name, size, sha256 });
        }
        Ok(entries)
    }

    fn archive() -> (Vec<u8>, Vec<Entry>) {
        let mut writer = Writer::new(Vec::new());
        add(&mut writer, HEAD, b"{}");
        add(&mut writer, DATABASE, &[7; 512]);
        add(&mut writer, "files/0af1", &[]);
        add(&mut writer, "files/0af1t", &vec![9; 70_000]);
        let entries = writer.entries.clone();
        (writer.finish().unwrap(), entries)
    }

    #[test]
    fn what_was_written_is_read() {
        let (archive, entries) = archive();
        assert_eq!(read(&archive), Ok(entries));
    }

    #[test]
    fn other_programs_read_it() {
        let (bytes, entries) = archive();
        let mut archive = tar::Archive::new(&*bytes);
        let names: Vec<String> = archive
            .entries()
            .unwrap()
            .map(|entry| entry.unwrap().path().unwrap().display().to_string())
            .collect();
        assert_eq!(names, entries.iter().map(|entry| entry.name.clone()).collect::<Vec<_>>());
    }

    #[test]
    fn every_byte_outside_of_contents_counts_and_so_does_every_length() {
        let (archive, entries) = archive();
        // The second entry fills its block, the last one ends with the archive's end behind it.
        let contents = [512..514, 1536..2048, 3072..73_072];
        for at in (0..archive.len()).filter(|at| !contents.iter().any(|content| content.contains(at))) {
            let mut changed = archive.clone();
            changed[at] ^= 1;
            assert!(read(&changed).is_err(), "byte {at}");
        }
        for cut in (0..archive.len()).step_by(64) {
            assert!(read(&archive[..cut]).is_err(), "cut at {cut}");
        }
        assert!(read(&[&archive[..], &[0]].concat()).is_err());
        let mut other = archive;
        other[1600] ^= 1;
        assert_ne!(read(&other), Ok(entries), "the digest differs");
    }

    #[test]
    fn what_no_backup_holds_is_refused() {
        let hostile = |change: &dyn Fn(&mut Header)| {
            let mut header = header("files/0af1", 0).unwrap();
            change(&mut header);
            header.set_cksum();
            read(&[&header.as_bytes()[..], &[0; 2 * BLOCK]].concat()).unwrap_err()
        };
        let named = |name: &'static str| {
            hostile(&move |header: &mut Header| {
                let field = &mut header.as_gnu_mut().unwrap().name;
                field.fill(0);
                field[..name.len()].copy_from_slice(name.as_bytes());
            })
        };
        for name in [
            "../../etc/passwd",
            "/etc/passwd",
            "files/../head.json",
            "files/",
            "files/0AF1",
            "files/0af1/..",
            "x",
            "files/t",
        ] {
            assert_eq!(named(name), "it holds an entry of a name that no backup has", "{name}");
        }
        for kind in [
            EntryType::Symlink,
            EntryType::Link,
            EntryType::Directory,
            EntryType::GNULongName,
            EntryType::XHeader,
            EntryType::Char,
        ] {
            let refused = hostile(&|header| header.set_entry_type(kind));
            assert_eq!(refused, "it holds a link or something else that is no file", "{kind:?}");
        }
        assert_eq!(hostile(&|header| header.set_mode(0o4755)), "it holds an entry that no backup has");
        assert!(hostile(&|header| header.set_size(1 << 40)).contains("it is cut off"));
    }
}
