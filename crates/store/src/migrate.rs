//! Migrations: numbered SQL files, the same numbers and names for both engines, applied in order and once.
//!
//! Several nodes may start at once: one of them applies, the others wait. A file that was applied is never
//! edited; its checksum is kept, and a difference stops the start.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::{Db, Engine, Reader, StoreError, params};

/// One step of the schema.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Its number, from 1, without gaps.
    pub number: i64,
    /// What it brings, as in its file's name.
    pub name: &'static str,
    /// The text for SQLite.
    pub sqlite: &'static str,
    /// The text for PostgreSQL.
    pub postgres: &'static str,
}

/// Declares the migrations of a crate from the files `migrations/{sqlite,postgres}/NNNN_name.sql`.
#[macro_export]
macro_rules! migrations {
    ($($number:literal $name:literal),+ $(,)?) => {
        &[$($crate::migrate::Migration {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../../migrations/postgres/", $name, ".sql")),
        }),+]
    };
}

const CREATE: &str = "create table if not exists migration \
                      (number bigint not null primary key, name text not null, checksum text not null)";
/// The advisory lock that migrating nodes take: a pair, so that it is none of the streams' locks.
const LOCK: &str = "(1717659238, 1)";

/// Brings the schema up to date and returns the names of what was applied now.
///
/// # Errors
/// [`StoreError::Migration`] when an applied file was edited; a database newer than this program is taken as it
/// is, since every migration leaves the program before it working.
pub async fn run(db: &Db, migrations: &[Migration]) -> Result<Vec<&'static str>, StoreError> {
    db.batch(guarded(db.engine(), CREATE)).await?;
    let mut applied_now = Vec::new();
    for migration in migrations {
        // Each is checked and applied under the lock, by whichever node comes first.
        let text = if db.engine() == Engine::Sqlite { migration.sqlite } else { migration.postgres };
        let checksum = checksum(text);
        let number = migration.number;
        if !is_applied(db, number, &checksum).await? {
            let insert = format!(
                "insert into migration (number, name, checksum) values ({number}, '{}', '{checksum}')",
                migration.name
            );
            // The row first: a second node waits at the lock, then fails on it and looks again.
            match db.batch(guarded(db.engine(), &format!("{insert};\n{text}"))).await {
                Ok(()) => applied_now.push(migration.name),
                Err(_) if is_applied(db, number, &checksum).await? => {}
                Err(StoreError::Busy(_)) => {
                    let why =
                        "a migration takes longer than a statement may; `faff migrate` gives it the time";
                    return Err(StoreError::Busy(why));
                }
                Err(error) => return Err(StoreError::Migration(format!("{}: {error}", migration.name))),
            }
        }
    }
    Ok(applied_now)
}

/// The statements behind a lock that lasts as long as their transaction. SQLite's writer holds one already.
fn guarded(engine: Engine, sql: &str) -> String {
    match engine {
        Engine::Sqlite => sql.to_owned(),
        Engine::Postgres => format!("select pg_advisory_xact_lock{LOCK};\n{sql}"),
    }
}

async fn is_applied(db: &Db, number: i64, checksum: &str) -> Result<bool, StoreError> {
    let known: Option<String> = db
        .read(async move |reader: &mut Reader<'_>| {
            reader.optional("select checksum from migration where number = $1", &params![number]).await
        })
        .await?;
    match known {
        None => Ok(false),
        Some(known) if known == checksum => Ok(true),
        Some(_) => Err(StoreError::Migration(format!("file {number:04} differs from what was applied"))),
    }
}

fn checksum(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
