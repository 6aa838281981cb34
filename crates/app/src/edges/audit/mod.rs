//! The audit: every change, who made it and when, for administrators. It is the event log itself.

mod list;
mod sql;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::handler))
}
