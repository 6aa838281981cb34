//! The inbox: what somebody is to be told of, because it concerns them and not only the ticket.
//!
//! An entry is made in the transaction of what it tells of, by [`notify`]: somebody is mentioned (in a ticket's description
//! or a message), answered, given a ticket to work on, asked for a review, told a verdict. It is unread until its person says
//! otherwise or has read the ticket that far, and stays in the inbox until it is done.
//!
//! Events: none of its own; the one that an entry tells of is in the ticket's log. What somebody has read or put aside is
//! theirs alone, and nobody asks who did it when. `inbox_changed` goes to the sockets of the one whom it concerns, as something
//! that may be lost.
//!
//! Invariants:
//! - Nobody is told of the same place of a ticket twice, or of what they have done themselves.
//! - An entry is made only for an active account for whom the ticket exists then, and shown only as long as it does.
//! - What a deleted message or ticket told is gone with it.

mod change;
mod list;
mod notify;
mod read_all;
mod sql;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub(crate) use notify::{CHANGED, Notice, notify, read_up_to, withdraw};

faff_store::words! {
    /// Why somebody is told.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, utoipa::ToSchema)]
    #[schema(rename_all = "snake_case")]
    pub enum Kind {
        /// A description or a message names them.
        Mentioned = "mentioned",
        /// Somebody answers a message of theirs.
        Replied = "replied",
        /// They are to work on the ticket.
        Assigned = "assigned",
        /// Somebody asks them for a review.
        ReviewRequested = "review_requested",
        /// A message of theirs was approved or rejected.
        ReviewDecided = "review_decided",
    }
}

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::handler))
        .routes(routes!(read_all::handler))
        .routes(routes!(change::handler))
}
