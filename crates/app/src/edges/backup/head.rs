//! What a backup says of itself: at its head, and at its end.

use std::fmt::Write as _;

use faff_types::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::archive::Entry;

/// The format that this program writes, and the only one there is.
const FORMAT: u32 = 1;
/// Bytes of a head at most.
pub(super) const LARGEST_HEAD: u64 = 16 * 1024;
/// Bytes that an entry has in the manifest at most, and those of its other lines.
pub(super) const LARGEST_LINE: u64 = 512;

/// The head of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Head {
    format: u32,
    /// The version of the program that made it.
    pub faff: String,
    /// Of what it is: `sqlite` or `postgres`.
    pub engine: String,
    /// The number of the last migration in it.
    pub schema: i64,
    /// When, in ISO 8601.
    pub created_at: String,
    /// Where the log ended.
    pub log: Log,
    /// Bytes of the database.
    pub database_bytes: u64,
    /// How many objects follow.
    pub files: u64,
    /// Bytes of an object at most.
    pub largest_file: u64,
}

/// Where a log ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Log {
    /// How many events it has.
    pub events: i64,
    /// How many streams.
    pub streams: i64,
    /// The highest id of an event.
    pub last_event: i64,
    /// SHA-256 over the ends of all streams in the order of their ids: id, number and digest of the last event. So it holds
    /// every event.
    pub digest: String,
}

/// What was counted in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Counts {
    /// Accounts.
    pub accounts: i64,
    /// Tasks.
    pub tasks: i64,
    /// Messages, deleted ones included.
    pub messages: i64,
    /// Events.
    pub events: i64,
    /// Files.
    pub attachments: i64,
    /// Objects that the database names and that were not there.
    pub missing: i64,
}

impl Head {
    /// The head of a backup that is made now by this program.
    pub(super) fn new(
        engine: &str,
        schema: i64,
        now: Timestamp,
        log: Log,
        (database_bytes, files, largest_file): (u64, u64, u64),
    ) -> Self {
        Self {
            format: FORMAT,
            faff: env!("CARGO_PKG_VERSION").to_owned(),
            engine: engine.to_owned(),
            schema,
            created_at: now.to_string(),
            log,
            database_bytes,
            files,
            largest_file,
        }
    }

    /// Reads a head. A refusal is the end of a sentence.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        /// What every format has.
        #[derive(Deserialize)]
        struct Any {
            format: u32,
        }
        let changed = |_| "it was changed or cut since it was made".to_owned();
        let Any { format } = serde_json::from_slice(bytes).map_err(changed)?;
        if format != FORMAT {
            return Err(format!(
                "it is of format {format}, which this program does not know; use a newer one"
            ));
        }
        serde_json::from_slice(bytes).map_err(changed)
    }
}

/// The manifest of what has passed.
pub(super) fn manifest(counts: &Counts, entries: &[Entry]) -> serde_json::Result<String> {
    #[derive(Serialize)]
    struct Line<'a> {
        name: &'a str,
        size: u64,
        sha256: String,
    }
    #[derive(Serialize)]
    struct Last {
        sha256: String,
    }
    let mut text = serde_json::to_string(counts)?;
    text.push('\n');
    for Entry { name, size, sha256 } in entries {
        text += &serde_json::to_string(&Line { name, size: *size, sha256: hex(sha256) })?;
        text.push('\n');
    }
    let sha256 = hex(&Sha256::digest(text.as_bytes()));
    text += &serde_json::to_string(&Last { sha256 })?;
    text.push('\n');
    Ok(text)
}

/// Holds a manifest against what has passed, and gives what was counted.
pub(super) fn check_manifest(text: &[u8], entries: &[Entry]) -> Result<Counts, String> {
    let changed = || "it was changed or cut since it was made".to_owned();
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let counts = serde_json::from_slice(first).map_err(|_| changed())?;
    // There is one way to write it down.
    let expected = manifest(&counts, entries).map_err(|_| changed())?;
    if expected.as_bytes() == text { Ok(counts) } else { Err(changed()) }
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
