//! `faff verify`.

use faff_app::edges::verify::{Report, verify};

use crate::failure::{Failure, say};
use crate::settings::{Database, Settings};
use crate::{key, open};

/// Looks at everything, and prints what it found wrong.
pub(crate) async fn run(settings: Settings) -> Result<(), Failure> {
    if let Database::Sqlite(path) = &settings.database
        && !path.exists()
    {
        // Opening it would make an empty one, which is in perfect order.
        return Err(Failure::work(format!("there is no database at {}", path.display())));
    }
    let app = open::app(&settings, key::throwaway()?).await?;
    let report = verify(&app).await?;
    tell(&settings, &report).map_err(Failure::work)
}

/// Prints what was looked at and what is wrong with it. Fails with how much that is.
pub(crate) fn tell(settings: &Settings, report: &Report) -> Result<(), String> {
    say(&format!(
        "{}: {} streams with {} events, {} accounts, {} tasks, {} messages, {} files, {} summaries, {} reviews",
        settings.database,
        report.streams,
        report.events,
        report.accounts,
        report.tasks,
        report.messages,
        report.files,
        report.summaries,
        report.reviews
    ));
    if report.sealed_files + report.older_files > 0 {
        say(&format!(
            "files at rest, thumbnails included: {} sealed with the first key, {} with another, {} not sealed",
            report.sealed_files, report.older_files, report.plain_files
        ));
    }
    for job in &report.parked {
        say(job);
    }
    if report.found == 0 {
        say("ok");
        return Ok(());
    }
    for fault in &report.faults {
        say(fault);
    }
    Err(match report.found {
        1 => "1 fault was found".to_owned(),
        found if found > report.faults.len() => format!("{found} faults were found; these were the first"),
        found => format!("{found} faults were found"),
    })
}
