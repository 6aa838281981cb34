//! Summaries: a ticket in short, as a person has written it, and as a machine has made it of what was said.
//!
//! The two are kept apart: of a ticket there are any number that people wrote, of which the last one counts, and one that
//! was made. That one is made by a job, of what was said since the last time where nothing before has changed, and of
//! everything otherwise.
//!
//! Events: `summary_written`; `summary_requested`, `summary_generated`, `summary_failed`, `summary_withdrawn`.
//!
//! Invariants:
//! - A summary tells how far in the ticket's log it goes (`upToSeq`). Whether it is stale is not stored: it is, when the
//!   log goes on with something that was said, edited, deleted, or changed in title, description or status.
//! - What a made summary cites are messages of its ticket that are there. Its texts are plain, but for `content`.
//! - Words of a deleted message are in no made summary: the deletion takes it back and has it made anew, and one that was
//!   being made of the deleted words is not kept.
//! - A failure keeps what there was, and says why.

mod apply;
mod gather;
mod generate;
mod give_up;
mod look_up;
mod show;
mod sql;
mod summary;
mod view;
mod write;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub(crate) use apply::{Applied, apply};
pub(crate) use gather::{gather, gather_more};
pub(crate) use give_up::give_up;
pub(crate) use look_up::look_up;
pub use summary::Source;
pub(crate) use summary::tame;
pub use view::Summary;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(write::handler))
        .routes(routes!(show::handler))
        .routes(routes!(generate::handler))
}
