//! Metrics for Prometheus and what speaks its language, of this node alone.
//!
//! Invariants:
//! - No label holds what a client chooses, or the id or name of anybody: their number is bounded, and they tell nothing of
//!   who works on what.
//! - Who asks costs one query (the jobs); everything else is counted where it happens.

mod gather;
mod process;
mod show;

pub(crate) use process::Process;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show::handler))
}
