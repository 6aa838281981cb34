//! Health: whether this node works, for people, load balancers and orchestrators.
//!
//! `/health/live` says that the process runs, `/health/ready` that it should get requests, `/health` how each service
//! is. Checks are made at most every [`FRESH`] and take at most [`PATIENCE`], however often they are asked for.

mod show;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use faff_store::Reader;
use tokio::sync::Mutex;
use tokio::time::Instant;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::access::System;
use crate::features::files::Unfit;
use crate::http::Problem;

const FRESH: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(2);

/// What the health endpoints tell.
#[derive(Debug, Default)]
pub struct Health {
    draining: AtomicBool,
    database: Mutex<Option<(Instant, Checked)>>,
    storage: Mutex<Option<(Instant, Checked)>>,
}

/// What a check of a service has found.
#[derive(Debug, Clone)]
struct Checked {
    latency: Duration,
    error: Option<&'static str>,
}

impl Health {
    /// Asks load balancers to send no more requests: the server is about to stop.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }

    fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }

    async fn database(&self, app: &App) -> Checked {
        let mut last = self.database.lock().await;
        if let Some((at, checked)) = last.as_ref()
            && at.elapsed() < FRESH
        {
            return checked.clone();
        }
        let started = Instant::now();
        let system = System::for_reason(app, "a health check");
        let asked = system
            .read(async |reader: &mut Reader<'_>| Ok::<_, Problem>(faff_store::log::head(reader).await?));
        let error = match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok(_)) => None,
            Ok(Err(_)) => Some("the database does not answer"),
            Err(_) => Some("the database does not answer in time"),
        };
        let checked = Checked { latency: started.elapsed(), error };
        *last = Some((Instant::now(), checked.clone()));
        checked
    }

    async fn storage(&self, app: &App) -> Checked {
        let mut last = self.storage.lock().await;
        if let Some((at, checked)) = last.as_ref()
            && at.elapsed() < FRESH
        {
            return checked.clone();
        }
        let started = Instant::now();
        let error = match tokio::time::timeout(PATIENCE, app.files().storage.check()).await {
            Ok(Ok(())) => None,
            Ok(Err(Unfit::Refused(_))) => Some("the store of files does not let us in"),
            Ok(Err(Unfit::Away(_))) | Err(_) => Some("the store of files does not answer"),
        };
        let checked = Checked { latency: started.elapsed(), error };
        *last = Some((Instant::now(), checked.clone()));
        checked
    }
}

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show::health))
        .routes(routes!(show::live))
        .routes(routes!(show::ready))
}
