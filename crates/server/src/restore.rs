//! `faff restore`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use faff_app::MIGRATIONS;
use faff_app::edges::backup::{self, Archive, Fault, Unpacked, Watch};
use faff_app::edges::verify::{Report, verify};
use faff_app::features::files::Storage;
use faff_store::{Db, copy, migrate};
use faff_types::Secret;

use crate::backup::{key_for, shown};
use crate::failure::{Failure, say};
use crate::settings::Settings;
use crate::verify::tell;
use crate::{key, open};

/// What can be said of restoring.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The backup
    file: PathBuf,
    /// Only check that it is whole and could be restored; nothing is written
    #[arg(long)]
    check: bool,
    /// Open it with the key in this file, instead of BACKUP_KEY
    #[arg(long)]
    key_file: Option<PathBuf>,
}

/// Checks a backup, puts it into an empty place, and checks that, too.
pub(crate) async fn run(settings: Settings, arguments: Arguments) -> Result<(), Failure> {
    let Arguments { file, check, key_file } = arguments;
    let key = key_for(&settings, key_file.as_deref())?;
    let watch = Arc::new(Watch::default());
    if check {
        let archive = shown(&watch, "checking", backup::look(&file, key.as_ref(), &watch)).await?;
        say(&format!("{}: {}", file.display(), describe(&archive)));
        say("ok");
        return Ok(());
    }
    let options = open::options(&settings)?;
    if !copy::is_empty(&options).await? {
        // Said at once, not after all was checked.
        return Err(Failure::work(format!(
            "{} is not empty; a backup is restored into an empty database only",
            settings.database
        )));
    }
    let archive = shown(&watch, "checking", backup::look(&file, key.as_ref(), &watch)).await?;
    let (described, missing) = (describe(&archive), archive.counts.missing);
    let (storage, secret) = (open::storage(&settings)?, key::throwaway()?);
    let unpacked = shown(&watch, "restoring", archive.unpack(&options, storage.clone(), &watch)).await?;
    let settling = settle(&settings, &unpacked, storage, secret, &watch);
    let report = match shown(&watch, "checking", settling).await {
        Ok(report) => report,
        Err(fault) => return Err(unpacked.discard(fault).await.into()),
    };
    unpacked.accept().await?;
    say(&format!("restored from {}: {described}", file.display()));
    tell(&settings, &report).map_err(|found| {
        let known = if missing > 0 { format!(", which lacks {missing} objects") } else { String::new() };
        Failure::work(format!(
            "all of the backup is restored{known}; {found} in it, as they were when it was made"
        ))
    })
}

/// Brings what was unpacked up to date, and looks at everything, before anybody uses it.
async fn settle(
    settings: &Settings,
    unpacked: &Unpacked,
    storage: Storage,
    secret: Secret<Vec<u8>>,
    watch: &Watch,
) -> Result<Report, Fault> {
    let db = Db::open(unpacked.options().patient()).await?;
    for name in migrate::run(&db, MIGRATIONS).await? {
        say(&format!("applied {name}"));
    }
    let app = open::on(db, storage, settings, (secret, None));
    unpacked.agrees(&app).await?;
    let report = verify(&app).await?;
    watch.go_on()?;
    Ok(report)
}

fn describe(archive: &Archive) -> String {
    let Archive { head, counts, bytes, .. } = archive;
    format!(
        "made at {} by faff {} of {}, schema {}: {} accounts, {} tasks, {} messages, {} events, {} attachments, \
         {} files, {bytes} bytes",
        head.created_at,
        head.faff,
        head.engine,
        head.schema,
        counts.accounts,
        counts.tasks,
        counts.messages,
        counts.events,
        counts.attachments,
        head.files
    )
}
