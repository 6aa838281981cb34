//! Copies of a whole database: taken while others write, and put into an empty place.
//!
//! Invariants:
//! - A copy is of one moment, and what is read with it ([`Hold::copy`]) is of the same.
//! - Of a database one copy is made at a time; whoever makes it holds it, and everybody can see that ([`Db::is_held`]). The hold
//!   begins before that moment. It is a lock of the system (SQLite) or of the server (PostgreSQL), not a note that somebody
//!   would have to take back: it ends with the process that has it, whatever becomes of that.
//! - Something is put back into an empty place only. On SQLite it is there at once, by a rename; on PostgreSQL it is one
//!   transaction of `pg_restore`. Until it is [accepted](Restored::accept), [`Restored::discard`] leaves the place empty again.
//! - No password is on a command line: the programs of PostgreSQL find it in their environment.

pub(crate) mod postgres;
mod sqlite;

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use crate::db::Backend;
use crate::{Db, Options, Reader, StoreError};

/// How often a hold is asked for. Whoever looks whether it is held has it for a moment.
const ATTEMPTS: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

/// The right to copy a database. It ends when this is dropped.
#[derive(Debug)]
pub struct Hold {
    db: Db,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Sqlite(#[expect(dead_code, reason = "it is locked as long as it is open")] File),
    Postgres(Box<crate::postgres::Held>),
}

impl Db {
    /// Takes the right to copy the database; `None` when somebody has it.
    pub async fn hold(&self) -> Result<Option<Hold>, StoreError> {
        for attempt in 1..=ATTEMPTS {
            let kind = match self.backend() {
                Backend::Sqlite(sqlite) => sqlite::hold(sqlite.path())?.map(Kind::Sqlite),
                Backend::Postgres(postgres) => {
                    postgres.hold().await?.map(|held| Kind::Postgres(Box::new(held)))
                }
            };
            if let Some(kind) = kind {
                return Ok(Some(Hold { db: self.clone(), kind }));
            }
            if attempt < ATTEMPTS {
                tokio::time::sleep(PAUSE).await;
            }
        }
        Ok(None)
    }

    /// Whether somebody copies the database now. What was deleted before this was asked is in no copy that begins later.
    pub async fn is_held(&self) -> Result<bool, StoreError> {
        match self.backend() {
            Backend::Sqlite(sqlite) => sqlite::is_held(sqlite.path()),
            Backend::Postgres(postgres) => postgres.is_held().await,
        }
    }
}

impl Hold {
    /// Copies the database as it is now into a file that has no name, in a folder with room for it, and reads more of the
    /// same moment. On SQLite the copy is a database without free pages; on PostgreSQL an archive of `pg_dump`.
    ///
    /// # Errors
    /// [`StoreError::Program`] when `pg_dump` is missing, older than the server, or fails.
    pub async fn copy<T, E, F>(&mut self, folder: &Path, read: F) -> Result<(T, File), E>
    where
        F: AsyncFn(&mut Reader<'_>) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match (&self.kind, self.db.backend()) {
            (Kind::Postgres(held), Backend::Postgres(_)) => held.copy(folder, self.db.counters(), read).await,
            (_, Backend::Sqlite(sqlite)) => sqlite::copy(sqlite.path(), read).await,
            (Kind::Sqlite(_), Backend::Postgres(_)) => {
                Err(StoreError::Unavailable("the hold is of another database".to_owned()).into())
            }
        }
    }
}

/// Whether nothing at all is in a place for a database.
pub async fn is_empty(options: &Options) -> Result<bool, StoreError> {
    match options {
        Options::Sqlite { path, .. } => sqlite::is_empty(path),
        Options::Postgres { address, .. } => postgres::is_empty(address).await,
    }
}

/// A copy that is being put back.
#[derive(Debug)]
pub struct Restoring {
    options: Options,
    way: Way,
}

#[derive(Debug)]
enum Way {
    Sqlite(tokio::fs::File),
    Postgres(postgres::Restore),
}

impl Restoring {
    /// Begins to put a copy into an empty place.
    ///
    /// # Errors
    /// [`StoreError::Program`] when `pg_restore` is missing or older than the server.
    pub async fn begin(options: &Options) -> Result<Self, StoreError> {
        let (options, way) = match options {
            Options::Sqlite { path, readers } => {
                let options = Options::Sqlite { path: path.clone(), readers: *readers };
                (options, Way::Sqlite(tokio::fs::File::from_std(sqlite::draft(path)?)))
            }
            Options::Postgres { address, .. } => {
                (options.clone(), Way::Postgres(postgres::Restore::begin(address).await?))
            }
        };
        Ok(Self { options, way })
    }

    /// The next bytes of the copy.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        use tokio::io::AsyncWriteExt as _;
        match &mut self.way {
            Way::Sqlite(file) => file.write_all(bytes).await.map_err(sqlite::of_disk),
            Way::Postgres(restore) => restore.push(bytes).await,
        }
    }

    /// That was all. What fails here has left nothing; a [`Restoring`] that is dropped before has left nothing either, but
    /// for a draft beside a SQLite file.
    pub async fn finish(self) -> Result<Restored, StoreError> {
        use tokio::io::AsyncWriteExt as _;
        let restored = Restored { options: self.options };
        let done = match self.way {
            Way::Sqlite(mut file) => {
                async {
                    file.flush().await.map_err(sqlite::of_disk)?;
                    file.sync_all().await.map_err(sqlite::of_disk)
                }
                .await
            }
            Way::Postgres(restore) => restore.finish(restored.options()).await,
        };
        if let Err(error) = done {
            restored.discard().await?;
            return Err(error);
        }
        Ok(restored)
    }

    /// Gives up.
    pub async fn abort(self) -> Result<(), StoreError> {
        match self.way {
            Way::Sqlite(file) => drop(file),
            Way::Postgres(restore) => restore.abort().await,
        }
        Restored { options: self.options }.discard().await
    }
}

/// A copy that was put back, and is not in use yet.
#[derive(Debug)]
pub struct Restored {
    options: Options,
}

impl Restored {
    /// How to open it, before it is accepted. Whoever opened it must have closed it by then.
    pub fn options(&self) -> Options {
        match &self.options {
            Options::Sqlite { path, readers } => {
                Options::Sqlite { path: sqlite::draft_of(path), readers: *readers }
            }
            options @ Options::Postgres { .. } => options.clone(),
        }
    }

    /// Makes it the database. What fails here has left nothing.
    pub fn accept(self) -> Result<(), StoreError> {
        match &self.options {
            Options::Sqlite { path, .. } => sqlite::accept(path).or_else(|error| {
                sqlite::discard(path)?;
                Err(error)
            }),
            Options::Postgres { .. } => Ok(()),
        }
    }

    /// Takes it away again.
    pub async fn discard(self) -> Result<(), StoreError> {
        match &self.options {
            Options::Sqlite { path, .. } => sqlite::discard(path),
            Options::Postgres { address, .. } => postgres::clear(address).await,
        }
    }
}
