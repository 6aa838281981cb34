//! The status of the server, for administrators: what `/health`, `/metrics` and `faff config check` tell, on one page.
//!
//! Invariants:
//! - Each fact is asked where it is kept; nothing is counted here.
//! - It is told of this node alone, but for what is in the database, which all nodes share. Nodes do not know of each other.
//! - No secret is told, and nothing of what people wrote.

mod show;
mod sql;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show::handler))
}
