//! Shows them.

use axum::extract::{FromRequestParts, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::IntoResponse;

use super::gather::gather;
use crate::App;
use crate::access::{self, Caller};
use crate::http::Problem;

/// The text format, <https://prometheus.io/docs/specs/om/open_metrics_spec/>.
const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Whoever may read metrics: who knows the token of the settings, or an administrator.
#[derive(Debug)]
pub(crate) struct Scraper;

impl FromRequestParts<App> for Scraper {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if let Some(token) = &app.settings().metrics_token
            && let Some((given, false)) = access::credentials(&parts.headers, access::session_cookie(app))
            && access::same(token.reveal(), given)
        {
            return Ok(Self);
        }
        let caller = <Caller as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        if caller.is_admin() {
            Ok(Self)
        } else {
            Err(Problem::forbidden("Metrics are for administrators, and for whoever knows METRICS_TOKEN"))
        }
    }
}

/// What this node has done and how it stands, for Prometheus. For administrators, and by `METRICS_TOKEN` for a scraper.
#[utoipa::path(get, path = "/metrics", tag = "health", responses(
    (status = 200, description = "OpenMetrics text", body = String, content_type = "application/openmetrics-text"),
    (status = 403, description = "Neither an administrator nor the token of the settings")))]
pub(crate) async fn handler(_: Scraper, State(app): State<App>) -> Result<impl IntoResponse, Problem> {
    Ok(([(header::CONTENT_TYPE, TEXT)], gather(&app).await?))
}
