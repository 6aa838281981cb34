//! A seeded SQLite file, written in one transaction.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use faff_store::{Db, Engine, Options, migrate};
use rusqlite::Connection;

use super::tables::TABLES;
use super::world::{self, Size};
use crate::Outcome;

/// The seeded file of this size in `folder`; made when it is missing.
pub(crate) async fn provide(folder: &Path, size: Size) -> Outcome<PathBuf> {
    let file = folder.join(format!("{}.sqlite", super::name(Engine::Sqlite, size)));
    if !file.exists() {
        let draft = file.with_extension("draft");
        remove(&draft)?;
        let started = Instant::now();
        let db = Db::open(Options::Sqlite { path: draft.clone(), readers: 1 }).await?;
        migrate::run(&db, faff_app::MIGRATIONS).await?;
        drop(db);
        fill(&draft, size)?;
        std::fs::rename(&draft, &file)?;
        eprintln!("seeded {} in {:.0} s", file.display(), started.elapsed().as_secs_f64());
    }
    Ok(file)
}

/// A copy to measure on.
pub(crate) fn copy(seeded: &Path, to: &Path) -> Outcome<()> {
    remove(to)?;
    std::fs::copy(seeded, to)?;
    // Written back now, not while somebody measures.
    Ok(std::fs::File::open(to)?.sync_all()?)
}

fn remove(file: &Path) -> Outcome<()> {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let mut name = file.as_os_str().to_owned();
        name.push(suffix);
        match std::fs::remove_file(PathBuf::from(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

fn fill(file: &Path, size: Size) -> Outcome<()> {
    let world = world::build(size);
    let mut conn = Connection::open(file)?;
    // The threads that migrated it close their connections in their own time.
    conn.busy_timeout(Duration::from_secs(10))?;
    for (pragma, value) in [("journal_mode", "delete"), ("synchronous", "off"), ("cache_size", "-1000000")] {
        conn.pragma_update(None, pragma, value)?;
    }
    let filling = conn.transaction()?;
    for table in &TABLES {
        let values: Vec<String> = (1..=table.columns.split(',').count()).map(|n| format!("?{n}")).collect();
        let sql = format!("insert into {} ({}) values ({})", table.name, table.columns, values.join(", "));
        let mut insert = filling.prepare(&sql)?;
        for row in (table.rows)(&world) {
            insert.execute(rusqlite::params_from_iter(row))?;
        }
    }
    for table in ["task", "message"] {
        let sql = format!(
            "insert into {table}_text (rowid, content) select id, words from {table}_words order by id"
        );
        filling.execute(&sql, [])?;
    }
    filling.commit()?;
    // As the server leaves it.
    conn.pragma_update(None, "journal_mode", "wal")?;
    conn.close().map_err(|(_, error)| error.into())
}
