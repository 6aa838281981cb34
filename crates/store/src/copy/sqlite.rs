//! Copies of a SQLite file: by `VACUUM INTO`, which reads one snapshot while others go on writing, and leaves out what was
//! deleted.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, InterruptHandle};

use crate::sqlite::connect;
use crate::{Db, Options, Reader, StoreError};

/// The file that is locked while the database is copied. It is empty, and stays.
const LOCK: &str = "-backup";
/// The copy, until it has no name; only who has the lock writes it, so what a crash has left of one is in nobody's use.
const COPY: &str = "-copy";
/// What is put back, until it is the database.
const DRAFT: &str = "-restoring";
/// What SQLite keeps beside a file.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    PathBuf::from(name)
}

#[expect(clippy::needless_pass_by_value, reason = "so that it fits `map_err`")]
pub(super) fn of_disk(error: std::io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full(error.to_string()),
        _ => StoreError::Unavailable(error.to_string()),
    }
}

/// A file for its owner only, empty.
fn create(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true).mode(0o600);
    options.open(path).map_err(of_disk)
}

pub(super) fn hold(path: &Path) -> Result<Option<File>, StoreError> {
    let file = create(&beside(path, LOCK))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(of_disk(error)),
    }
}

pub(super) fn is_held(path: &Path) -> Result<bool, StoreError> {
    let file = match File::open(beside(path, LOCK)) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(of_disk(error)),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(of_disk(error)),
    }
}

/// A file under way. Dropped, it is gone, and so is whatever still writes it.
struct Copy {
    path: PathBuf,
    writing: Option<InterruptHandle>,
}

impl Drop for Copy {
    fn drop(&mut self) {
        if let Some(writing) = &self.writing {
            writing.interrupt();
        }
        if let Err(error) = remove(&self.path) {
            tracing::warn!(%error, path = %self.path.display(), "a copy of the database was left behind");
        }
    }
}

/// Removes a database file and what is beside it, if there is one.
fn remove(path: &Path) -> Result<(), StoreError> {
    let all = std::iter::once(path.to_owned()).chain(BESIDE.map(|ending| beside(path, ending)));
    for path in all {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(of_disk(error)),
            _ => {}
        }
    }
    Ok(())
}

pub(super) async fn copy<T, E, F>(path: &Path, read: F) -> Result<(T, File), E>
where
    F: AsyncFn(&mut Reader<'_>) -> Result<T, E> + Send + Sync + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let mut copy = Copy { path: beside(path, COPY), writing: None };
    remove(&copy.path)?;
    // Empty, it is taken as it is: nobody else may read it.
    drop(create(&copy.path)?);
    let conn = connect(path)?;
    // It is thrown away whenever it is not whole.
    conn.pragma_update(None, "synchronous", "off").map_err(StoreError::from)?;
    copy.writing = Some(conn.get_interrupt_handle());
    let into = copy.path.to_str().map(str::to_owned);
    let into =
        into.ok_or_else(|| StoreError::Unavailable("the path of the database is not UTF-8".to_owned()))?;
    let written = tokio::task::spawn_blocking(move || conn.execute("vacuum into ?1", [into]).map(drop)).await;
    written.map_err(|_| StoreError::Panicked)?.map_err(StoreError::from)?;
    let value = {
        let db = Db::open(Options::Sqlite { path: copy.path.clone(), readers: 1 }).await?;
        db.snapshot(read).await?
    };
    gather(&copy.path)?;
    let file = File::open(&copy.path).map_err(of_disk)?;
    Ok((value, file))
}

/// Moves what is still beside a file into it. The last connection to close does that; but of two that close at one moment, each
/// may take the other for the last.
fn gather(path: &Path) -> Result<(), StoreError> {
    let conn = Connection::open(path)?;
    let busy: i64 = conn.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0))?;
    conn.close().map_err(|(_, error)| error)?;
    if busy == 0 && !beside(path, "-wal").exists() {
        return Ok(());
    }
    Err(StoreError::Unavailable(format!("{} is still open", path.display())))
}

pub(super) fn is_empty(path: &Path) -> Result<bool, StoreError> {
    for path in [path.to_owned(), beside(path, "-wal")] {
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_file() && found.len() == 0 => {}
            Ok(_) => return Ok(false),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(of_disk(error)),
        }
    }
    Ok(true)
}

pub(super) fn draft_of(path: &Path) -> PathBuf {
    beside(path, DRAFT)
}

/// Begins what is to become the database.
pub(super) fn draft(path: &Path) -> Result<File, StoreError> {
    let draft = draft_of(path);
    remove(&draft)?;
    create(&draft)
}

/// Makes the draft the database, unless there is one by now.
pub(super) fn accept(path: &Path) -> Result<(), StoreError> {
    let draft = draft_of(path);
    if !is_empty(path)? {
        return Err(StoreError::Unavailable(format!("there is a database at {} by now", path.display())));
    }
    gather(&draft)?;
    remove(path)?;
    fs::rename(&draft, path).map_err(of_disk)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(of_disk)
}

pub(super) fn discard(path: &Path) -> Result<(), StoreError> {
    remove(&draft_of(path))
}
