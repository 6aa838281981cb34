//! Clears away what has expired: first answers under idempotency keys, and logins long over.

use std::time::Duration;

use faff_store::Tx;

use crate::App;
use crate::access::System;
use crate::features::people;
use crate::http::idempotency;

const EVERY: Duration = Duration::from_hours(1);

/// Starts sweeping. It ends with the runtime.
pub(crate) fn start(app: &App) {
    let app = app.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(EVERY).await;
            let now = app.now();
            let swept = System::for_reason(&app, "what has expired is cleared away")
                .write(async move |tx: &mut Tx<'_>| {
                    Ok((idempotency::sweep(tx, now).await?, people::sweep_sessions(tx, now).await?))
                })
                .await;
            match swept {
                Ok((answers, logins)) => tracing::info!(answers, logins, "swept"),
                Err(problem) => tracing::warn!(cause = problem.cause(), "nothing was swept"),
            }
        }
    });
}
