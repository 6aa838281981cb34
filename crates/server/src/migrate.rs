//! `faff migrate`.

use faff_app::MIGRATIONS;
use faff_store::migrate;

use crate::failure::{Failure, say};
use crate::open;
use crate::settings::Settings;

/// Brings the schema up to date and says what that took.
pub(crate) async fn run(settings: Settings) -> Result<(), Failure> {
    let db = open::patient(&settings).await?;
    let applied = migrate::run(&db, MIGRATIONS).await?;
    for name in &applied {
        say(&format!("applied {name}"));
    }
    if applied.is_empty() {
        say("nothing to do: the schema is up to date");
    }
    Ok(())
}
