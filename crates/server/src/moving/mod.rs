//! `faff export`, `faff import` and `faff move`: everything that a database holds, into another one of either engine.
//!
//! Invariants:
//! - An export is one snapshot; nothing in it depends on the engine ([`format`]).
//! - An import is one transaction, and is taken back unless the rows that were written, read again, have the counts and
//!   hashes that the export tells, and the checks of `faff verify` find nothing.
//! - What is carried is all that the schema holds, but for what [`tables`] names with its reason.

mod format;
mod objects;
mod read;
mod refused;
mod tables;
mod write;

use std::fs::OpenOptions;
use std::io::{BufReader, BufWriter, ErrorKind};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use clap::Args;
use faff_app::MIGRATIONS;
use faff_store::{Db, Reader, bulk, migrate};
use tokio::time::Instant;

use self::read::Imported;
use self::refused::Refused;
use self::write::Exported;
use crate::failure::{Failure, say};
use crate::open;
use crate::settings::{Database, Settings};

/// Standard input or output, as the name of a file.
const STANDARD: &str = "-";

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The file to make, readable only by its owner; - is standard output
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The file; - is standard input
    file: PathBuf,
    /// Take it although the checks of `faff verify` find faults in it
    #[arg(long)]
    with_faults: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Move {
    /// The empty database: sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME
    #[arg(long, value_name = "DATABASE_URL")]
    to: String,
    /// Copy the stored files, too: file:///PATH or s3://BUCKET/PREFIX, with the keys of the settings
    #[arg(long, value_name = "STORAGE_URL")]
    to_storage: Option<String>,
    /// Go on although the checks of `faff verify` find faults
    #[arg(long)]
    with_faults: bool,
}

impl Move {
    /// What the target has in place of a setting of the source.
    pub(crate) fn storage(&self) -> Option<(&'static str, String)> {
        self.to_storage.clone().map(|url| ("STORAGE_URL", url))
    }
}

/// `faff export`.
pub(crate) async fn export(settings: Settings, arguments: Export) -> Result<(), Failure> {
    let started = Instant::now();
    let db = existing(&settings).await?;
    let path = arguments.out;
    let (written, place) = if path.as_os_str() == STANDARD {
        let out = Box::new(BufWriter::new(std::io::stdout()));
        (write::write(&db, out).await, "standard output".to_owned())
    } else {
        (to_file(&db, &path).await, path.display().to_string())
    };
    let exported = written?;
    tell(&format!(
        "{} to {place} in {:.1} s",
        exported.sentence("exported"),
        started.elapsed().as_secs_f64()
    ));
    let grown = logged(&db).await? - exported.events;
    if grown > 0 {
        tell(&format!("{grown} more events were logged meanwhile; they are not in it"));
    }
    tell(&objects::advice(&settings));
    Ok(())
}

/// Standard output may be the export.
fn tell(sentence: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr().lock(), "{sentence}");
}

/// Writes a file that is its owner's only, or none.
async fn to_file(db: &Db, path: &Path) -> Result<Exported, Refused> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let file = made.map_err(|error| {
        let why = match error.kind() {
            ErrorKind::AlreadyExists => "it is there already; name another, or remove it".to_owned(),
            _ => error.to_string(),
        };
        Refused::new(format!("{} cannot be made: {why}", path.display()))
    })?;
    let written = async {
        let disk = file.try_clone()?;
        let exported = write::write(db, Box::new(BufWriter::new(file))).await?;
        disk.sync_all()?;
        Ok(exported)
    }
    .await;
    if written.is_err() {
        // Half an export is good for nothing.
        let _ = std::fs::remove_file(path);
    }
    written
}

/// `faff import`.
pub(crate) async fn import(settings: Settings, arguments: Import) -> Result<(), Failure> {
    let started = Instant::now();
    let path = arguments.file;
    let input: Box<dyn std::io::BufRead + Send> = if path.as_os_str() == STANDARD {
        Box::new(BufReader::new(std::io::stdin()))
    } else {
        let file = std::fs::File::open(&path)
            .map_err(|error| Failure::work(format!("{} cannot be read: {error}", path.display())))?;
        Box::new(BufReader::with_capacity(1 << 20, file))
    };
    let db = migrated(&settings).await?;
    let read = read::read(&db, input, arguments.with_faults).await;
    let imported = read.map_err(|refused| nothing_left(&settings, &refused))?;
    report(&settings, &imported, started);
    objects::check(&db, &settings).await
}

/// `faff move`.
pub(crate) async fn move_to(source: Settings, mut target: Settings, arguments: Move) -> Result<(), Failure> {
    let started = Instant::now();
    target.database =
        Database::parse(&arguments.to).map_err(|why| Failure::Settings(vec![format!("--to: {why}")]))?;
    if source.database.to_string() == target.database.to_string() {
        return Err(Failure::work("--to names the database that everything is in already"));
    }
    let from = existing(&source).await?;
    let db = migrated(&target).await?;
    db.read(async |reader: &mut Reader<'_>| {
        let tables = tables::carried(reader).await?;
        read::demand_empty(reader, &tables).await
    })
    .await?;
    objects::copy(&from, &source, &target).await?;

    let (input, out) = std::io::pipe().map_err(|error| Failure::work(format!("no pipe: {error}")))?;
    let writer = std::thread::spawn({
        let source = source.clone();
        move || {
            // Of its own: what waits for the pipe must not keep the other database's connection from its work.
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
            runtime.block_on(async {
                let from = existing(&source).await?;
                write::write(&from, Box::new(BufWriter::with_capacity(1 << 16, out))).await
            })
        }
    });
    let read =
        read::read(&db, Box::new(BufReader::with_capacity(1 << 16, input)), arguments.with_faults).await;
    let written = writer.join().map_err(|_| Failure::work("the export has panicked"))?;
    // Each ends when the other does; the one that broke first says why.
    let imported = match (read, written) {
        (Ok(imported), _) => imported,
        (Err(_), Err(refused)) if !refused.broken_pipe => return Err(nothing_left(&target, &refused).into()),
        (Err(refused), _) => return Err(nothing_left(&target, &refused).into()),
    };
    report(&target, &imported, started);
    objects::check(&db, &target).await?;
    let grown = logged(&from).await? - imported.exported.events;
    if grown != 0 {
        return Err(Failure::work(format!(
            "{grown} more events were logged in {} meanwhile, and are NOT in {}: stop every server, empty the target, and \
             move again",
            source.database, target.database
        )));
    }
    say(&format!("now start the server with DATABASE_URL naming {}", target.database));
    Ok(())
}

/// What a command that has failed leaves.
fn nothing_left(settings: &Settings, refused: &Refused) -> Refused {
    Refused::new(format!("{}\nnothing was imported: {} is as it was", refused.sentence, settings.database))
}

fn report(settings: &Settings, imported: &Imported, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    say(&format!("{} into {} in {seconds:.1} s", imported.exported.sentence("imported"), settings.database));
    for sum in &imported.exported.sums {
        say(&format!("  {:<16} {:>10}  {}", sum.table, sum.rows, sum.sha256));
    }
    say("read again, every table has the count and the hash that the export tells");
    for fault in &imported.faults {
        say(fault);
    }
    match imported.found {
        0 => say("verified: the log is whole, and the state agrees with it"),
        1 => say("taken although 1 fault was found"),
        found => say(&format!("taken although {found} faults were found")),
    }
}

/// Opens a database that is to be read, as it is.
async fn existing(settings: &Settings) -> Result<Db, Refused> {
    if let Database::Sqlite(path) = &settings.database
        && !path.exists()
    {
        return Err(Refused::new(format!("there is no database at {}", path.display())));
    }
    Ok(open::patient(settings).await?)
}

/// Opens the target, and brings its schema up to date.
async fn migrated(settings: &Settings) -> Result<Db, Refused> {
    let db = open::patient(settings).await?;
    migrate::run(&db, MIGRATIONS).await?;
    Ok(db)
}

/// How many events a database has by now.
async fn logged(db: &Db) -> Result<i64, Refused> {
    db.read(async |reader: &mut Reader<'_>| Ok(bulk::events(reader).await?)).await
}
