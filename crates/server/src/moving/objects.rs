//! The stored files, which are no rows: where they are, what is missing, and copying them.

use faff_app::features::files::{Copied, objects};
use faff_store::{Db, Reader};

use super::refused::Refused;
use crate::failure::{Failure, say};
use crate::open;
use crate::settings::{Settings, Storage};

/// Names of objects that are told, of many.
const TOLD: usize = 5;

/// Where files are, without keys.
fn place(settings: &Settings) -> String {
    match &settings.storage {
        Storage::Folder(folder) => format!("the folder {}", folder.display()),
        Storage::Bucket(bucket) => {
            let at = bucket.endpoint.as_deref().unwrap_or(&bucket.region);
            format!("the bucket s3://{}/{} at {at}", bucket.name, bucket.prefix)
        }
    }
}

/// What whoever exports must know of files.
pub(super) fn advice(settings: &Settings) -> String {
    format!("files are not in it: keep {} for the new server, or copy all that is in it", place(settings))
}

async fn names(db: &Db) -> Result<Vec<String>, Refused> {
    db.read(async |reader: &mut Reader<'_>| Ok(objects(reader).await?)).await
}

/// Copies the files of a database into another store, if it is another, and holds each against its copy.
pub(super) async fn copy(db: &Db, from: &Settings, to: &Settings) -> Result<(), Failure> {
    if place(from) == place(to) {
        return Ok(());
    }
    let (source, target) = (open::storage(from)?, open::storage(to)?);
    let (mut now, mut before, mut missing) = (0_u64, 0_u64, 0_u64);
    for name in names(db).await? {
        match source.copy(&name, &target).await? {
            Copied::Now => now += 1,
            Copied::Before => before += 1,
            Copied::Missing => missing += 1,
            Copied::Damaged => {
                return Err(Failure::work(format!("the copy of {name} in {} is something else", place(to))));
            }
        }
    }
    say(&format!("copied {now} files into {}; {before} were there; each is what it was", place(to)));
    if missing > 0 {
        say(&format!("{missing} files are not in {} and were not copied", place(from)));
    }
    Ok(())
}

/// Says what the new server will miss.
pub(super) async fn check(db: &Db, settings: &Settings) -> Result<(), Failure> {
    let wanted = names(db).await?;
    let all = wanted.len();
    let absent = open::storage(settings)?.absent(wanted).await?;
    let place = place(settings);
    if absent.is_empty() {
        say(&format!("all {all} files and thumbnails are in {place}"));
        return Ok(());
    }
    let some = absent.iter().take(TOLD).cloned().collect::<Vec<_>>().join(", ");
    say(&format!(
        "{} of {all} files and thumbnails are not in {place}: copy them there from where they are, under the same names, or \
         start the server with the STORAGE_URL of the old one ({some}{})",
        absent.len(),
        if absent.len() > TOLD { ", …" } else { "" }
    ));
    Ok(())
}
