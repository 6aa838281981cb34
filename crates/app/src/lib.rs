//! Faff's application: what it does (`features`), who may do it (`access`), and the doors to the outside
//! (`http`, `edges`).
//!
//! Invariants:
//! - A change is one folder under `features`; every change is an event, recorded in the transaction that makes it.
//! - Handlers hold no database. They get in by a [`access::Caller`], or say why as [`access::System`].
//! - Slices import upward only: people → inbox → tasks → files → messages → reading → summaries → reviews → search
//!   → views. No feature imports an edge.

pub mod access;
mod derived;
pub mod edges;
pub mod event;
pub mod features;
pub mod http;
mod jobs;
mod memory;
mod news;
pub mod outgoing;
mod redis_server;
mod settings;
mod state;
mod trace;

use faff_store::migrate::Migration;

pub use edges::ai::{Endpoint, OpenAi};
pub use redis_server::is_redis_address;
pub use settings::{InEffect, Rate, Registration, Settings, parse_duration};
pub use state::{App, Parts};

/// The steps of the schema, in order.
pub const MIGRATIONS: &[Migration] = faff_store::migrations![
    1 "0001_log",
    2 "0002_people",
    3 "0003_tasks",
    4 "0004_messages",
    5 "0005_idempotency",
    6 "0006_files",
    7 "0007_jobs",
    8 "0008_summaries",
    9 "0009_reviews",
    10 "0010_thumbnails",
    11 "0011_reading",
    12 "0012_inbox",
    13 "0013_views",
    14 "0014_task_lists",
    15 "0015_private_texts",
];

/// The whole application as a router, and its description in OpenAPI.
pub fn build(app: &App) -> (axum::Router, utoipa::openapi::OpenApi) {
    let routes = utoipa_axum::router::OpenApiRouter::new()
        .merge(features::people::routes())
        .merge(features::inbox::routes())
        .merge(features::tasks::routes())
        .merge(features::files::routes())
        .merge(features::messages::routes())
        .merge(features::summaries::routes())
        .merge(features::reviews::routes())
        .merge(features::reading::routes())
        .merge(features::search::routes())
        .merge(features::views::routes())
        .merge(edges::audit::routes())
        .merge(edges::health::routes())
        .merge(edges::meta::routes())
        .merge(edges::metrics::routes())
        .merge(edges::status::routes());
    http::build(app, routes, edges::realtime::router(app))
}

/// Prepares for the end: readiness turns false, jobs under way end or are put back, and sockets are closed bit by bit, so
/// that their clients come back, to another node, spread over a while.
pub async fn drain(app: &App) {
    app.health().drain();
    tokio::join!(edges::realtime::end::end_all(app, DRAIN_SOCKETS), edges::jobs::drain(app));
}

/// Over how long sockets are closed before the end.
const DRAIN_SOCKETS: std::time::Duration = std::time::Duration::from_secs(2);

/// Starts what runs beside the requests: following the log, clearing away what has expired,
/// preparing what the first login would otherwise wait for. Nobody is to be let in before: they would not be told of what was
/// committed while this looks where the log ends.
///
/// # Errors
/// When the database cannot be read.
pub async fn start(app: &App) -> Result<(), http::Problem> {
    edges::follower::start(app).await?;
    http::Limits::start(app);
    edges::realtime::start(app);
    edges::sweeper::start(app);
    edges::files::start(app);
    if let Some(tls) = &app.settings().tls {
        tls.start();
    }
    if app.settings().worker {
        edges::jobs::start(app);
    }
    let app = app.clone();
    tokio::spawn(async move { app.passwords().warm_up().await });
    Ok(())
}
