//! Databases to measure on: made once for each size and schema, kept, and copied for every run.

pub(crate) mod postgres;
pub(crate) mod sqlite;
mod tables;
pub(crate) mod world;

use faff_store::Engine;
use sha2::{Digest, Sha256};

pub(crate) use tables::{EXPIRY, HIDDEN, email};
use world::Size;

/// What a seeded database is called: another size, schema or seed is another database.
fn name(engine: Engine, size: Size) -> String {
    /// Raised when the seed is made differently.
    const EDITION: u8 = 2;
    let mut hash = Sha256::new();
    hash.update([EDITION]);
    for migration in faff_app::MIGRATIONS {
        hash.update(if engine == Engine::Sqlite { migration.sqlite } else { migration.postgres });
    }
    let [a, b, c, d, ..] = <[u8; 32]>::from(hash.finalize());
    let digest = u32::from_be_bytes([a, b, c, d]);
    format!("seed_{}_{}_{digest:08x}", size.tasks, size.messages)
}
