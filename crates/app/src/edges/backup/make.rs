//! Makes a backup.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use faff_seal::{Key, Sealer};
use faff_store::Reader;
use faff_types::Timestamp;
use futures_util::{Stream, StreamExt as _};
use tempfile::NamedTempFile;
use tokio::runtime::Handle;

use super::archive::{self, DATABASE, HEAD, MANIFEST};
use super::head::{Counts, Head, manifest};
use super::sql::{self, Survey};
use super::{Fault, PURPOSE, Watch};
use crate::App;
use crate::access::System;
use crate::features::files::LARGEST;

/// How long the next bytes of an object are waited for.
const PATIENCE: Duration = Duration::from_mins(1);
/// What is handed to the disk at once, in bytes.
const BUFFER: usize = 256 * 1024;

/// What is to be made.
#[derive(Debug)]
pub struct Order {
    /// A file; or a folder, in which a file gets a name after the time.
    pub to: PathBuf,
    /// Whether it may take the place of another file.
    pub force: bool,
    /// Seals it.
    pub key: Option<Key>,
    /// Whether it may be made without objects that should be there and are not.
    pub without_missing: bool,
    /// A folder with room for a copy of the database. It waits there in a file without a name, on PostgreSQL; SQLite's waits
    /// beside the database.
    pub spool: PathBuf,
}

/// A backup that was made.
#[derive(Debug)]
pub struct Made {
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// How many objects it has.
    pub files: usize,
    /// Those that should be there and are not.
    pub missing: Vec<String>,
    /// What is in it.
    pub head: Head,
    /// What was counted.
    pub counts: Counts,
}

/// Makes a backup while others work.
///
/// # Errors
/// When somebody else makes one, when the file is there already, when an object is missing, or something cannot be read or
/// written. Nothing is left then.
pub async fn make(app: &App, order: Order, watch: Arc<Watch>) -> Result<Made, Fault> {
    if order.to.as_os_str().as_encoded_bytes().ends_with(b"/") && !order.to.is_dir() {
        return Err(Fault::new(format!("there is no folder {}; make it first", order.to.display())));
    }
    let path = place(&order, app.now());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !order.force && std::fs::symlink_metadata(&path).is_ok() {
        return Err(is_there(&path));
    }
    let draft = tempfile::Builder::new().prefix(".faff-").suffix(".part").tempfile_in(folder);
    let draft = draft.map_err(Fault::of(&format!("no backup can be written to {}", folder.display())))?;
    let system = System::for_reason(app, "whoever holds the database may copy it");
    let hold = system.hold().await?;
    let mut hold = hold.ok_or_else(Fault::busy)?;
    let copied = async {
        let copy = hold.copy(&order.spool, async |reader: &mut Reader<'_>| sql::survey(reader).await);
        copy.await.map_err(Fault::from)
    };
    let (survey, database) = watch.unless_stopped(copied).await?;
    watch.expect(survey.objects.len() as u64);
    let writing = {
        let (app, path, runtime) = (app.clone(), path.clone(), Handle::current());
        move || {
            let mut made = write(&app, &runtime, draft.as_file(), &order, survey, database, &watch)?;
            publish(draft, &path, order.force)?;
            made.path = path;
            Ok(made)
        }
    };
    let made = tokio::task::spawn_blocking(writing).await.map_err(|error| Fault::new(error.to_string()))?;
    // Until here, so that every object was there.
    drop(hold);
    made
}

/// The file that is to be.
fn place(order: &Order, now: Timestamp) -> PathBuf {
    if !order.to.is_dir() {
        return order.to.clone();
    }
    // 2026-11-22T09:30:00.000Z, without what some systems do not have in names.
    let time: String =
        now.to_string().chars().take_while(|c| *c != '.').filter(|c| *c != '-' && *c != ':').collect();
    let kind = if order.key.is_some() { "sealed" } else { "tar" };
    order.to.join(format!("faff-{time}Z.{kind}"))
}

fn is_there(path: &Path) -> Fault {
    Fault::new(format!("{} is there already; say --force to replace it", path.display()))
}

/// Gives the backup its name.
fn publish(draft: NamedTempFile, path: &Path, force: bool) -> Result<(), Fault> {
    draft.as_file().sync_all().map_err(Fault::of("the backup cannot be written"))?;
    let named = if force { draft.persist(path) } else { draft.persist_noclobber(path) };
    named.map_err(|error| {
        if error.error.kind() == std::io::ErrorKind::AlreadyExists {
            is_there(path)
        } else {
            Fault::new(format!("the backup cannot be called {}: {}", path.display(), error.error))
        }
    })?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(Fault::of("the folder of the backup cannot be written"))
}

/// Where an archive goes.
enum Sink<W: Write> {
    Plain(W),
    Sealed(Box<Sealer<W>>),
}

impl<W: Write> Write for Sink<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Plain(to) => to.write(bytes),
            Self::Sealed(to) => to.write(bytes),
        }
    }
    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Plain(to) => to.flush(),
            Self::Sealed(to) => to.flush(),
        }
    }
}

/// Writes the archive. It waits, so it has a thread of its own.
fn write(
    app: &App,
    runtime: &Handle,
    file: &File,
    order: &Order,
    survey: Survey,
    mut database: File,
    watch: &Watch,
) -> Result<Made, Fault> {
    const DISK: &str = "the backup cannot be written";
    let Survey { schema, log, mut counts, objects } = survey;
    let database_bytes = database.metadata().map_err(Fault::of(DATABASE))?.len();
    std::io::Seek::rewind(&mut database).map_err(Fault::of(DATABASE))?;
    let (objects, missing) = found(app, runtime, objects, order, watch)?;
    counts.missing = i64::try_from(missing.len()).unwrap_or(i64::MAX);
    let engine = app.db().engine().name();
    let head = Head::new(engine, schema, app.now(), log, (database_bytes, objects.len() as u64, LARGEST));
    let out = BufWriter::with_capacity(BUFFER, file);
    let sink = match &order.key {
        None => Sink::Plain(out),
        Some(key) => {
            let sealer = Sealer::begin(out, key, PURPOSE, app.random());
            Sink::Sealed(Box::new(sealer.map_err(Fault::of(DISK))?))
        }
    };
    let mut archive = archive::Writer::new(sink);
    let said = serde_json::to_vec(&head).map_err(|error| Fault::new(error.to_string()))?;
    archive.add(HEAD, said.len() as u64, &mut said.as_slice(), |_| Ok(()))?;
    archive.add(DATABASE, database_bytes, &mut database, |bytes| watch.passed(bytes))?;
    for object in &objects {
        let name = archive::entry_of(object);
        let found = runtime.block_on(app.files().storage.read(object, None))?;
        let found = found.ok_or_else(|| gone(object))?;
        let size = found.size;
        let chunks = found.into_stream();
        let mut body = Body { runtime, chunks, chunk: Bytes::new() };
        archive.add(&name, size, &mut body, |bytes| watch.passed(bytes))?;
        watch.file();
    }
    let said = manifest(&counts, &archive.entries).map_err(|error| Fault::new(error.to_string()))?;
    archive.add(MANIFEST, said.len() as u64, &mut said.as_bytes(), |_| Ok(()))?;
    let out = match archive.finish().map_err(Fault::of(DISK))? {
        Sink::Plain(out) => out,
        Sink::Sealed(sealer) => sealer.finish().map_err(Fault::of(DISK))?,
    };
    out.into_inner().map_err(|error| Fault::of(DISK)(error.into_error()))?;
    let bytes = file.metadata().map_err(Fault::of(DISK))?.len();
    Ok(Made { path: PathBuf::new(), bytes, files: objects.len(), missing, head, counts })
}

fn gone(object: &str) -> Fault {
    Fault::new(format!(
        "the object of file {object} is missing (`faff verify` tells of all); --without-missing makes a backup without it"
    ))
}

/// Tells the objects that are there from those that are missing. The first one that is missing ends it, unless it may be so:
/// a wrong setting must not make an empty backup.
fn found(
    app: &App,
    runtime: &Handle,
    objects: Vec<String>,
    order: &Order,
    watch: &Watch,
) -> Result<(Vec<String>, Vec<String>), Fault> {
    if !order.without_missing {
        // Each is met when it is read.
        return Ok((objects, Vec::new()));
    }
    let (mut there, mut missing) = (Vec::with_capacity(objects.len()), Vec::new());
    for object in objects {
        watch.passed(0)?;
        let has = runtime.block_on(app.files().storage.has(&object))?;
        if has { there.push(object) } else { missing.push(object) }
    }
    Ok((there, missing))
}

type Chunks = Pin<Box<dyn Stream<Item = std::io::Result<Bytes>> + Send>>;

/// An object as it comes, for who waits for it.
struct Body<'a> {
    runtime: &'a Handle,
    chunks: Chunks,
    chunk: Bytes,
}

impl Read for Body<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let Self { runtime, chunks, chunk } = self;
        while chunk.is_empty() {
            let next = async { tokio::time::timeout(PATIENCE, chunks.next()).await };
            match runtime.block_on(next)? {
                Some(next) => *chunk = next?,
                None => return Ok(0),
            }
        }
        let count = chunk.len().min(into.len());
        let taken = chunk.split_to(count);
        if let Some(into) = into.get_mut(..count) {
            into.copy_from_slice(&taken);
        }
        Ok(count)
    }
}
