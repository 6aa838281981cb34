//! Goes through a backup from its beginning to its end.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use faff_seal::{Key, Opener};

use super::archive::{self, ContentFault, DATABASE, Entry, HEAD, MANIFEST};
use super::head::{Counts, Head, LARGEST_HEAD, LARGEST_LINE, check_manifest};
use super::{Fault, PURPOSE, Watch, reason, refused};
use crate::MIGRATIONS;

/// Objects of a backup at most, so that a head that lies cannot fill the memory.
const MOST_FILES: u64 = 100_000_000;
/// Bytes of an object at most, whatever a head says.
const LARGEST_FILE: u64 = 1024 * 1024 * 1024;
const BUFFER: usize = 256 * 1024;

/// A backup that was found whole.
#[derive(Debug)]
pub struct Archive {
    pub(super) path: PathBuf,
    pub(super) key: Option<Key>,
    /// What it says of itself.
    pub head: Head,
    /// What was counted.
    pub counts: Counts,
    /// Its size.
    pub bytes: u64,
    pub(super) entries: Vec<Entry>,
}

/// Checks a backup: that it is whole, and made for this program.
///
/// # Errors
/// Says what is wrong.
pub async fn look(path: &Path, key: Option<&Key>, watch: &Arc<Watch>) -> Result<Archive, Fault> {
    let (path, key, watch) = (path.to_owned(), key.cloned(), watch.clone());
    let looked = tokio::task::spawn_blocking(move || {
        let mut pass = Pass::begin(&path, key.as_ref(), &watch)?;
        while let Some((name, size)) = pass.next()? {
            pass.content(name, size, |_| Ok(()))?;
        }
        let bytes = std::fs::metadata(&path).map_or(0, |found| found.len());
        let Pass { head, counts, entries, .. } = pass;
        let (Some(head), Some(counts)) = (head, counts) else { return Err(refused(&path, CUT)) };
        Ok(Archive { path, key, head, counts, bytes, entries })
    });
    looked.await.map_err(|error| Fault::new(error.to_string()))?
}

const CUT: &str = "it is cut off";

/// A source of bytes of an archive, opened if it is sealed.
fn open(path: &Path, file: File, key: Option<&Key>) -> Result<Box<dyn Read>, Fault> {
    let mut from = BufReader::with_capacity(BUFFER, file);
    let beginning = std::io::BufRead::fill_buf(&mut from).map_err(|error| refused(path, &reason(&error)))?;
    match (faff_seal::is_sealed(beginning), key) {
        (false, None) => Ok(Box::new(from)),
        (true, None) => Err(refused(path, "it is sealed, and no key was given (--key-file or BACKUP_KEY)")),
        // Somebody may have put it in the place of one that was sealed.
        (false, Some(_)) => Err(refused(
            path,
            "it is not sealed, although a key was given; give none if you know where it comes from",
        )),
        (true, Some(key)) => {
            let opener = Opener::begin(from, key, PURPOSE).map_err(|error| refused(path, &reason(&error)))?;
            // Its own reads are of whole chunks.
            Ok(Box::new(opener))
        }
    }
}

/// A way through an archive, on which everything is held against the head and the manifest.
pub(super) struct Pass<'a> {
    path: &'a Path,
    watch: &'a Watch,
    archive: archive::Reader<Box<dyn Read>>,
    head: Option<Head>,
    counts: Option<Counts>,
    /// The head, the database, and the files so far.
    entries: Vec<Entry>,
}

impl<'a> Pass<'a> {
    pub(super) fn begin(path: &'a Path, key: Option<&Key>, watch: &'a Watch) -> Result<Self, Fault> {
        let file = File::open(path)
            .map_err(|error| Fault::new(format!("{} cannot be opened: {error}", path.display())))?;
        let archive = archive::Reader::new(open(path, file, key)?);
        Ok(Self { path, watch, archive, head: None, counts: None, entries: Vec::new() })
    }

    /// The next entry of the database or of a file, whose content must be read then; `None` at the end, when all that has
    /// passed was found to be all, and genuine.
    pub(super) fn next(&mut self) -> Result<Option<(String, u64)>, Fault> {
        while let Some((name, size)) = self.archive.next().map_err(|why| refused(self.path, &why))? {
            check_order(&name, size, self.head.as_ref(), &self.entries, self.counts.is_some())
                .map_err(|why| refused(self.path, &why))?;
            if name != HEAD && name != MANIFEST {
                return Ok(Some((name, size)));
            }
            // How large these may be was checked.
            let mut text = Vec::new();
            let sha256 = self.read(size, |bytes| {
                text.extend(bytes);
                Ok(())
            })?;
            if name == MANIFEST {
                let counts = check_manifest(&text, &self.entries);
                self.counts = Some(counts.map_err(|why| refused(self.path, &why))?);
            } else {
                let head = Head::parse(&text).and_then(|head| check_head(&head).map(|()| head));
                let head = head.map_err(|why| refused(self.path, &why))?;
                self.watch.expect(head.files);
                self.head = Some(head);
                self.entries.push(Entry { name, size, sha256 });
            }
        }
        if self.counts.is_none() { Err(refused(self.path, CUT)) } else { Ok(None) }
    }

    /// The content of an entry, piece by piece; its SHA-256.
    pub(super) fn content(
        &mut self,
        name: String,
        size: u64,
        take: impl FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<[u8; 32], Fault> {
        let sha256 = self.read(size, take)?;
        if name != DATABASE {
            self.watch.file();
        }
        self.entries.push(Entry { name, size, sha256 });
        Ok(sha256)
    }

    fn read(
        &mut self,
        size: u64,
        mut take: impl FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<[u8; 32], Fault> {
        let watch = self.watch;
        let read = self.archive.content(size, |bytes| {
            take(bytes)?;
            watch.passed(bytes.len())
        });
        read.map_err(|fault| match fault {
            ContentFault::Refused(why) => refused(self.path, &why),
            ContentFault::Other(fault) => fault,
        })
    }
}

/// What a head says must be possible, and for this program.
fn check_head(head: &Head) -> Result<(), String> {
    // They are shown to people, on terminals.
    let plain = |text: &String| text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_graphic());
    let words = [&head.faff, &head.engine, &head.created_at, &head.log.digest];
    if head.files > MOST_FILES || head.largest_file > LARGEST_FILE || !words.into_iter().all(plain) {
        return Err("its head says what cannot be".to_owned());
    }
    let known = MIGRATIONS.last().map_or(0, |migration| migration.number);
    if head.schema > known {
        return Err(format!(
            "its database is of schema {}, and this program ({}) knows {known} of them; use the version that made it ({}) \
             or a newer one",
            head.schema,
            env!("CARGO_PKG_VERSION"),
            head.faff
        ));
    }
    Ok(())
}

/// Whether an entry may come now, and may be this large.
fn check_order(
    name: &str,
    size: u64,
    head: Option<&Head>,
    entries: &[Entry],
    ended: bool,
) -> Result<(), String> {
    let place = entries.len() as u64;
    let wrong = || "its entries are not those of a backup, or not in their order".to_owned();
    if ended {
        return Err(wrong());
    }
    let Some(head) = head else {
        return match name {
            HEAD if size > LARGEST_HEAD => Err("its head is too large".to_owned()),
            HEAD => Ok(()),
            _ => Err(wrong()),
        };
    };
    match name {
        DATABASE if place == 1 && size == head.database_bytes => Ok(()),
        MANIFEST if place == head.files + 2 => {
            if size > (place + 2) * LARGEST_LINE {
                return Err("its manifest is too large".to_owned());
            }
            Ok(())
        }
        HEAD | DATABASE | MANIFEST => Err(wrong()),
        _ if place < 2 || place >= head.files + 2 => Err(wrong()),
        // Each comes once, since each comes behind the one before.
        _ if place > 2 && entries.last().is_none_or(|last| last.name.as_str() >= name) => Err(wrong()),
        _ if size > head.largest_file => Err("it holds a file that is larger than it says".to_owned()),
        _ => Ok(()),
    }
}
