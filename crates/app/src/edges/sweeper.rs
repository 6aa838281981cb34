//! Clears away what has expired: first answers under idempotency keys with what else is done once, and logins long over.

use std::time::Duration;

use faff_store::Tx;

use crate::App;
use crate::access::System;
use crate::features::people;
use crate::http::{Problem, idempotency};

const EVERY: Duration = Duration::from_hours(1);

/// Starts sweeping. It ends with the runtime.
pub(crate) fn start(app: &App) {
    let app = app.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(EVERY).await;
            match sweep(&app).await {
                Ok((answers, logins)) => tracing::info!(answers, logins, "swept"),
                Err(problem) => tracing::warn!(cause = problem.cause(), "nothing was swept"),
            }
        }
    });
}

/// Clears away once. Says how many first answers and how many logins are gone.
///
/// # Errors
/// When the database cannot be reached.
pub async fn sweep(app: &App) -> Result<(u64, u64), Problem> {
    let now = app.now();
    System::for_reason(app, "what has expired is cleared away")
        .write(async move |tx: &mut Tx<'_>| {
            Ok((idempotency::sweep(tx, now).await?, people::sweep_sessions(tx, now).await?))
        })
        .await
}
