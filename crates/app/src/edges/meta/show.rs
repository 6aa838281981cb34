//! Shows it.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::access::Caller;
use crate::features::files::{LARGEST, MOST_FILES};
use crate::features::people;
use crate::http::{Json, Problem};

/// This server, for a page that is about to show how to log in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MetaAnswer {
    #[schema(example = "Faff")]
    name: &'static str,
    /// Of this program.
    version: &'static str,
    /// Of the web client that it serves; null without one. A page that was loaded from another is to be loaded again.
    #[schema(example = "0123456789abcdef")]
    client_version: Option<String>,
    /// Who may make an account: `open` for anyone, `invite`, `closed`.
    #[schema(example = "open")]
    registration: &'static str,
    /// Whether there is an administrator; if not, whoever holds the link that the server printed at its start becomes one.
    has_administrator: bool,
    uploads: Uploads,
}

/// What files may be.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Uploads {
    /// Files of a message, at most.
    #[schema(example = 5)]
    max_files: usize,
    /// Bytes of a file, at most.
    #[schema(example = 10_485_760)]
    max_bytes: u64,
}

/// What a page must know before anybody is logged in.
#[utoipa::path(get, path = "/api/meta", tag = "meta", security(), responses((status = 200, body = MetaAnswer)))]
pub(crate) async fn handler(
    // Whoever is logged in is counted as such, and others by address.
    _: Option<Caller>,
    State(app): State<App>,
) -> Result<Json<MetaAnswer>, Problem> {
    Ok(Json(MetaAnswer {
        name: "Faff",
        version: env!("CARGO_PKG_VERSION"),
        client_version: app.pages().version().map(ToOwned::to_owned),
        registration: app.settings().registration.as_str(),
        has_administrator: people::is_administered(&app).await?,
        uploads: Uploads { max_files: MOST_FILES, max_bytes: LARGEST },
    }))
}
