//! The health endpoints.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use faff_types::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::Checked;
use crate::App;
use crate::edges::ai::Sign;
use crate::http::Json;

/// How this node is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HealthAnswer {
    /// `ok`, `degraded` when something is missing that others can do without, `down` when not.
    #[schema(example = "ok")]
    status: &'static str,
    #[schema(value_type = String, format = DateTime)]
    timestamp: Timestamp,
    /// Of this program.
    version: &'static str,
    services: Services,
}

/// What this node relies on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Services {
    database: ServiceHealth,
    redis: ServiceHealth,
    storage: ServiceHealth,
    openai: ServiceHealth,
}

/// How a service is.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceHealth {
    /// Whether it works; false when it is not configured.
    healthy: bool,
    /// Whether this node was told to use it.
    configured: bool,
    /// How long its check took; of `openai`, its last answer.
    latency_ms: Option<f64>,
    /// What is wrong with it.
    error: Option<&'static str>,
}

impl ServiceHealth {
    fn of(checked: &Checked) -> Self {
        Self {
            healthy: checked.error.is_none(),
            configured: true,
            latency_ms: Some((checked.latency.as_secs_f64() * 1e6).round() / 1e3),
            error: checked.error,
        }
    }

    /// Of the language model, as it was when it was last asked for something: a check would cost tokens each time.
    fn of_model(sign: Option<Sign>) -> Self {
        let Some(Sign { latency, error }) = sign else { return Self::default() };
        let latency_ms = latency.map(|latency| (latency.as_secs_f64() * 1e6).round() / 1e3);
        Self { healthy: error.is_none(), configured: true, latency_ms, error }
    }
}

impl Services {
    /// Looks at all of them, or remembers the last look.
    pub(crate) async fn look(app: &App) -> Self {
        Self {
            database: ServiceHealth::of(&app.health().database(app).await),
            redis: app.health().redis(app).await.as_ref().map(ServiceHealth::of).unwrap_or_default(),
            storage: ServiceHealth::of(&app.health().storage(app).await),
            openai: ServiceHealth::of_model(app.ai().sign()),
        }
    }
}

/// A probe's answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Probe {
    /// `ok`, or why not.
    #[schema(example = "ok")]
    status: &'static str,
}

/// How this node and its services are.
#[utoipa::path(get, path = "/health", tag = "health", security(), responses((status = 200, body = HealthAnswer),
    (status = 503, description = "An essential service fails", body = HealthAnswer)))]
pub(crate) async fn health(State(app): State<App>) -> impl IntoResponse {
    let services = Services::look(&app).await;
    let Services { database, redis, storage, openai } = &services;
    // Messages need neither a store of files, nor Redis, nor a language model.
    let all = storage.healthy && [redis, openai].iter().all(|service| service.healthy || !service.configured);
    let (code, status) = match (database.healthy, all) {
        (true, true) => (StatusCode::OK, "ok"),
        (true, false) => (StatusCode::OK, "degraded"),
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "down"),
    };
    (code, Json(HealthAnswer { status, timestamp: app.now(), version: env!("CARGO_PKG_VERSION"), services }))
}

/// Whether the process runs.
#[utoipa::path(get, path = "/health/live", tag = "health", security(), responses((status = 200, body = Probe)))]
pub(crate) async fn live() -> impl IntoResponse {
    Json(Probe { status: "ok" })
}

/// Whether this node should get requests.
#[utoipa::path(get, path = "/health/ready", tag = "health", security(), responses((status = 200, body = Probe),
    (status = 503, description = "Stopping, or without its database", body = Probe)))]
pub(crate) async fn ready(State(app): State<App>) -> impl IntoResponse {
    let status = if app.health().is_draining() {
        "stopping"
    } else {
        app.health().database(&app).await.error.unwrap_or("ok")
    };
    let code = if status == "ok" { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Json(Probe { status }))
}
