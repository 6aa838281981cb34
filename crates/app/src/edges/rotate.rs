//! Seals the files of messages anew, with the first of the keys.
//!
//! While it works it holds the database, as a backup does: so no object is removed, and none that was removed comes back.

use std::collections::BTreeSet;

use faff_store::Reader;

use super::backup::{Fault, Watch};
use crate::App;
use crate::access::System;
use crate::features::files::{Renewed, objects};

/// What came of it.
#[derive(Debug, Default)]
pub struct Rotated {
    /// Objects that were stored as they are, and are sealed now.
    pub plain: u64,
    /// Objects that were sealed with another key.
    pub other_key: u64,
    /// Objects that were sealed with this key before.
    pub before: u64,
    /// Objects that are not there.
    pub missing: u64,
    /// Objects that could not be sealed anew, with the reason.
    pub failed: Vec<String>,
}

/// Seals all objects anew that are not sealed with the first key: files, thumbnails, and what waits for its message.
///
/// # Errors
/// When there is no key, somebody else holds the database, or it is stopped. What was done stays done.
pub async fn rotate(app: &App, watch: &Watch) -> Result<Rotated, Fault> {
    let storage = &app.files().storage;
    if storage.seals_with().is_none() {
        return Err(Fault::new("there is no key to seal files with: give FILES_KEY or FILES_KEY_FILE"));
    }
    let system = System::for_reason(app, "whoever holds the database may seal its files");
    let hold = system.hold().await?.ok_or_else(Fault::busy)?;
    let (mut rotated, mut seen) = (Rotated::default(), BTreeSet::new());
    // What has come meanwhile may have come by a server that seals with another key.
    loop {
        let names =
            system.read(async |reader: &mut Reader<'_>| Ok::<_, Fault>(objects(reader).await?)).await?;
        let names: Vec<String> = names.into_iter().filter(|name| !seen.contains(name)).collect();
        if names.is_empty() {
            drop(hold);
            return Ok(rotated);
        }
        watch.expect(names.len() as u64);
        for name in names {
            watch.go_on()?;
            match storage.renew(&name, |bytes| watch.passed(bytes)).await {
                Ok(Renewed::Plain) => rotated.plain += 1,
                Ok(Renewed::OtherKey) => rotated.other_key += 1,
                Ok(Renewed::Before) => rotated.before += 1,
                Ok(Renewed::Missing) => rotated.missing += 1,
                Err(fault) => {
                    watch.go_on()?;
                    rotated.failed.push(format!("{name}: {fault}"));
                }
            }
            watch.file();
            seen.insert(name);
        }
    }
}
