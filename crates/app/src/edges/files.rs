//! Removes the objects of files that are gone, and looks for what a crash or a message that was never sent has left.

use std::time::Duration;

use crate::App;
use crate::features::files::{self, Unfit};
use crate::http::Problem;

/// How long the objects of what another node has deleted may stay.
const EVERY: Duration = Duration::from_secs(10);
/// How many of these times there is one look for what was left.
const LOOKS: u32 = 60;

/// Starts removing. It ends with the runtime.
pub(crate) fn start(app: &App) {
    let app = app.clone();
    tokio::spawn(async move {
        let mut times = 0_u32;
        loop {
            let woken = tokio::time::timeout(EVERY, app.files().wake.notified()).await.is_ok();
            times = if woken { times } else { times.wrapping_add(1) };
            let looking = !woken && times % LOOKS == 1;
            let removed = if looking { files::sweep(&app).await } else { files::clear(&app).await };
            match removed {
                Ok(0) => {}
                Ok(files) => tracing::debug!(files, "removed"),
                Err(problem) => tracing::warn!(cause = problem.cause(), "files could not be removed"),
            }
        }
    });
}

/// Removes now what has expired. Returns how many objects.
pub async fn sweep(app: &App) -> Result<usize, Problem> {
    files::sweep(app).await
}

/// Whether the store of files can be reached, and lets us in.
///
/// # Errors
/// Says what is wrong, and whether it may pass.
pub async fn check(app: &App) -> Result<(), Unfit> {
    app.files().storage.check().await
}
