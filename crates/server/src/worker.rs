//! `faff worker`: works on jobs in a process of its own, beside servers that need not.

use faff_app::edges::jobs;

use crate::failure::{Failure, say};
use crate::serve::Signals;
use crate::settings::Settings;
use crate::{key, open};

/// Works until SIGTERM or SIGINT, and then until the jobs under way have ended or are put back. A second signal does not wait
/// for them; their leases end.
pub(crate) async fn run(settings: Settings) -> Result<(), Failure> {
    let mut signals = Signals::listen()?;
    // Nobody logs in here.
    let app = open::app(&settings, key::throwaway()?).await?;
    jobs::start(&app);
    say("working");
    tracing::info!(version = env!("CARGO_PKG_VERSION"), database = %settings.database, "started to work");
    signals.next().await;
    tracing::info!("stopping: jobs under way may end");
    tokio::select! {
        () = jobs::drain(&app) => {
            tracing::info!("stopped");
            Ok(())
        }
        () = signals.next() => Err(Failure::work("stopped at once, by a second signal")),
    }
}
