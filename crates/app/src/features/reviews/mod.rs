//! Reviews: whether a message is fit to stand, as a machine sees it and as a person decides.
//!
//! Whoever sees a message may ask for a review of it. A machine then says what it thinks, with quotes; a person decides, with
//! or without it. The two are kept apart. A decision that takes the machine's verdict says so.
//!
//! Events: `review_requested`, `review_analysed`, `review_escalated`, `review_failed`, `review_decided`, `review_reopened`,
//! `review_withdrawn`; `guidance_changed`.
//!
//! Invariants:
//! - Of a message, one review is open: who asks again is answered with it, and has it analysed again if it was about an
//!   older text or could not be analysed.
//! - A review is decided once; who decides the same moment is refused. Who has decided may take it back.
//! - Nobody but an administrator decides about their own message. Who rejects says why.
//! - A quote stands in the message, at the place that is told: counted in bytes within this program, and in UTF-16 code units
//!   on the wire, as JavaScript counts ([`place`]).
//! - An analysis tells whether the message was edited since. Such a one decides nothing.
//! - With a deleted message goes what machines said of it, and its open review; what people decided stays.

mod analysis;
mod apply;
mod decide;
mod gather;
mod give_up;
mod guidance;
mod list;
mod look_up;
mod place;
mod request;
mod show;
mod sql;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub(crate) use apply::{Applied, apply};
pub(crate) use gather::gather;
pub(crate) use give_up::give_up;
pub(crate) use look_up::look_up;
pub use view::{Review, Status, Verdict};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::handler, request::handler))
        .routes(routes!(list::of_task))
        .routes(routes!(guidance::show, guidance::change))
        .routes(routes!(show::handler, decide::handler))
}
