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

pub(crate) use show::Services;

const FRESH: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(2);

/// What the health endpoints tell.
#[derive(Debug, Default)]
pub struct Health {
    draining: AtomicBool,
    database: Check,
    redis: Check,
    storage: Check,
}

/// A service, as it was when it was last looked at.
#[derive(Debug, Default)]
struct Check(Mutex<Option<(Instant, Checked)>>);

impl Check {
    /// What the last look has found, or another one finds; `late` when it finds nothing in time.
    async fn fresh(
        &self,
        late: &'static str,
        look: impl Future<Output = Result<(), &'static str>>,
    ) -> Checked {
        let mut last = self.0.lock().await;
        if let Some((at, checked)) = last.as_ref()
            && at.elapsed() < FRESH
        {
            return checked.clone();
        }
        let started = Instant::now();
        let error = tokio::time::timeout(PATIENCE, look).await.unwrap_or(Err(late)).err();
        let checked = Checked { latency: started.elapsed(), error };
        *last = Some((Instant::now(), checked.clone()));
        checked
    }
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
        let system = System::for_reason(app, "a health check");
        let asked = system
            .read(async |reader: &mut Reader<'_>| Ok::<_, Problem>(faff_store::log::head(reader).await?));
        let look = async { asked.await.map(drop).map_err(|_| "the database does not answer") };
        self.database.fresh("the database does not answer in time", look).await
    }

    /// Redis, if there is to be one.
    async fn redis(&self, app: &App) -> Option<Checked> {
        let redis = app.realtime().bus.redis()?;
        let late = "Redis does not answer";
        Some(self.redis.fresh(late, async { redis.ping().await.map_err(|_| late) }).await)
    }

    async fn storage(&self, app: &App) -> Checked {
        let late = "the store of files does not answer";
        let look = async {
            app.files().storage.check().await.map_err(|unfit| match unfit {
                Unfit::Refused(_) => "the store of files does not let us in",
                Unfit::Away(_) => late,
            })
        };
        self.storage.fresh(late, look).await
    }
}

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show::health))
        .routes(routes!(show::live))
        .routes(routes!(show::ready))
}
