//! `faff key rotate`.

use std::sync::Arc;

use faff_app::edges::backup::Watch;
use faff_app::edges::rotate::rotate;

use crate::backup::shown;
use crate::failure::{Failure, say};
use crate::settings::Settings;
use crate::{key, open};

/// Seals all files anew that are not sealed with the first key, and says how many there were.
pub(crate) async fn run(settings: Settings) -> Result<(), Failure> {
    let app = open::app_as_it_is(&settings, key::throwaway()?).await?;
    let watch = Arc::new(Watch::default());
    let done = shown(&watch, "sealing", rotate(&app, &watch)).await?;
    for failed in &done.failed {
        say(failed);
    }
    say(&format!(
        "sealed {} files that were not and {} that were with another key; {} were before, {} are missing",
        done.plain, done.other_key, done.before, done.missing
    ));
    match done.failed.len() {
        0 => Ok(()),
        1 => Err(Failure::work("1 file could not be sealed")),
        failed => Err(Failure::work(format!("{failed} files could not be sealed"))),
    }
}
