//! Puts a backup into an empty place.

use std::sync::Arc;

use bytes::Bytes;
use faff_store::copy::{Restored, Restoring};
use faff_store::{Engine, Options, Reader};
use tokio::runtime::Handle;

use super::archive::object_of;
use super::check::{Archive, Pass};
use super::{Counts, Fault, Watch, refused, sql};
use crate::access::System;
use crate::features::files::Storage;
use crate::{App, MIGRATIONS};

/// A backup that was unpacked, and is not in use yet.
#[derive(Debug)]
pub struct Unpacked {
    archive: Archive,
    restored: Restored,
    objects: Objects,
}

/// What was put into the store of files.
#[derive(Debug)]
struct Objects {
    storage: Storage,
    names: Vec<String>,
}

impl Objects {
    async fn discard(self) -> Result<(), Fault> {
        for name in &self.names {
            self.storage.remove(name).await?;
        }
        Ok(())
    }
}

impl Archive {
    /// Unpacks into a database and a store of files.
    ///
    /// # Errors
    /// When one of them is not empty, when the database is of another engine, or something cannot be read or written. What
    /// was put there is taken away then.
    pub async fn unpack(
        self,
        options: &Options,
        storage: Storage,
        watch: &Arc<Watch>,
    ) -> Result<Unpacked, Fault> {
        let engine = match options {
            Options::Sqlite { .. } => Engine::Sqlite.name(),
            Options::Postgres { .. } => Engine::Postgres.name(),
        };
        if self.head.engine != engine {
            let why = format!("it is of {}, and the settings name a database of {engine}", self.head.engine);
            return Err(refused(&self.path, &why));
        }
        if !faff_store::copy::is_empty(options).await? {
            return Err(Fault::new("the database is not empty; a backup is restored into an empty one only"));
        }
        if !storage.names().await?.is_empty() {
            return Err(Fault::new(
                "the store of files is not empty; a backup is restored into an empty one only",
            ));
        }
        // Fails before anything was done when a program is missing.
        let restoring = Restoring::begin(options).await?;
        let runtime = Handle::current();
        let unpacking = {
            let (storage, watch) = (storage.clone(), watch.clone());
            tokio::task::spawn_blocking(move || {
                let (names, objects) = self.objects(&storage, &watch, &runtime);
                let mut restoring = restoring;
                let done = objects.and_then(|()| self.database(&mut restoring, &watch, &runtime));
                (self, names, restoring, done)
            })
        };
        let (archive, names, restoring, done) =
            unpacking.await.map_err(|error| Fault::new(error.to_string()))?;
        let objects = Objects { storage, names };
        match done {
            Ok(()) => match restoring.finish().await {
                Ok(restored) => Ok(Unpacked { archive, restored, objects }),
                Err(error) => Err(give_up(error.into(), None, objects).await),
            },
            Err(fault) => {
                let left = restoring.abort().await.err().map(Fault::from);
                Err(give_up(fault, left, objects).await)
            }
        }
    }

    /// What was seen before must be seen again.
    fn same(&self, place: usize, name: &str, sha256: Option<[u8; 32]>) -> Result<(), Fault> {
        let expected = self.entries.get(place).filter(|entry| entry.name == name);
        if expected.is_some_and(|entry| sha256.is_none_or(|sha256| entry.sha256 == sha256)) {
            return Ok(());
        }
        Err(refused(&self.path, "it was changed while it was read"))
    }

    /// Puts the objects into the store; the names of those that were begun.
    fn objects(
        &self,
        storage: &Storage,
        watch: &Watch,
        runtime: &Handle,
    ) -> (Vec<String>, Result<(), Fault>) {
        let mut names = Vec::new();
        let put = (|| -> Result<(), Fault> {
            let mut pass = Pass::begin(&self.path, self.key.as_ref(), watch)?;
            // Behind the head.
            let mut place = 1;
            while let Some((name, size)) = pass.next()? {
                self.same(place, &name, None)?;
                match object_of(&name) {
                    None => {
                        pass.content(name, size, |_| Ok(()))?;
                    }
                    Some(object) => {
                        names.push(object.to_owned());
                        let mut writer = runtime.block_on(storage.write(object))?;
                        let read = pass.content(name.clone(), size, |bytes| {
                            Ok(runtime.block_on(writer.push(Bytes::copy_from_slice(bytes)))?)
                        });
                        let same = read.and_then(|sha256| {
                            self.same(place, &name, Some(sha256))?;
                            Ok(sha256)
                        });
                        match same {
                            Ok(sha256) => drop(runtime.block_on(writer.finish(&sha256))?),
                            Err(fault) => {
                                runtime.block_on(writer.abort());
                                return Err(fault);
                            }
                        }
                    }
                }
                place += 1;
            }
            Ok(())
        })();
        (names, put)
    }

    /// Hands the database on.
    fn database(&self, restoring: &mut Restoring, watch: &Watch, runtime: &Handle) -> Result<(), Fault> {
        let mut pass = Pass::begin(&self.path, self.key.as_ref(), watch)?;
        let (name, size) = pass.next()?.ok_or_else(|| refused(&self.path, "it holds no database"))?;
        let sha256 =
            pass.content(name.clone(), size, |bytes| Ok(runtime.block_on(restoring.push(bytes))?))?;
        self.same(1, &name, Some(sha256))
    }
}

/// Leaves the place as it was. Says so, or what is left.
async fn give_up(fault: Fault, left: Option<Fault>, objects: Objects) -> Fault {
    let left = left.or(objects.discard().await.err());
    match left {
        None => Fault::new(format!("{fault}; nothing was restored")),
        Some(left) => Fault::new(format!(
            "{fault}; nothing was restored, but what was begun could not be taken away ({left}): empty the database and the \
             store of files before you try again"
        )),
    }
}

impl Unpacked {
    /// How to open the database before it is [accepted](Unpacked::accept).
    pub fn options(&self) -> Options {
        self.restored.options()
    }

    /// Whether what is there now is what was copied. For an application on that database.
    ///
    /// # Errors
    /// Says that it is not.
    pub async fn agrees(&self, app: &App) -> Result<(), Fault> {
        let system = System::for_reason(app, "what was restored is held against its backup");
        let found = system.snapshot(async |reader: &mut Reader<'_>| sql::survey(reader).await).await?;
        let Archive { head, counts, path, .. } = &self.archive;
        let known = MIGRATIONS.last().map_or(0, |migration| migration.number);
        // How many objects are missing, the database does not know.
        let counted = Counts { missing: counts.missing, ..found.counts };
        if (&found.log, counted, found.schema) == (&head.log, *counts, known) {
            return Ok(());
        }
        Err(refused(path, "its database is not the one that its head tells of"))
    }

    /// Takes it into use.
    ///
    /// # Errors
    /// When somebody has made a database there meanwhile; what was unpacked is taken away then.
    pub async fn accept(self) -> Result<(), Fault> {
        let Self { restored, objects, .. } = self;
        match restored.accept() {
            Ok(()) => Ok(()),
            Err(error) => Err(give_up(error.into(), None, objects).await),
        }
    }

    /// Takes all of it away again, and says why.
    pub async fn discard(self, why: Fault) -> Fault {
        let left = self.restored.discard().await.err().map(Fault::from);
        give_up(why, left, self.objects).await
    }
}
