//! Reading: how far each person has read each ticket, and what they have not.
//!
//! A person has one place in a ticket, the number of the last event that they have seen. It only goes forward, unless they say
//! that something is to be unread again. What is unread is what others have said behind it, since the person's account was
//! made; a ticket that somebody has never opened is unread from its beginning.
//!
//! Events: none. A place moves with every glance of every reader; nothing else depends on it, and nobody may ask who has read
//! what and when. `reading_changed` goes to the person's own sockets, as something that may be lost.
//!
//! Invariants:
//! - Nobody but its person is told of a place, or moves it.
//! - A place lies within the ticket's log, and is told only as long as the ticket exists for the person.

mod list;
mod mark;
mod sql;

use faff_types::{MessageId, TaskId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

/// Unread messages are not counted beyond this.
const COUNTED: usize = 100;

faff_store::record! {
    /// How far you have read a ticket.
    #[derive(Debug, Clone, Serialize, ToSchema)]
    #[serde(rename_all = "camelCase")]
    pub(crate) struct Reading {
        #[schema(value_type = i64, example = 1)]
        pub(crate) task_id: TaskId,
        /// The number of the last event that you have seen; 0 when none.
        #[schema(minimum = 0)]
        pub(crate) read_seq: i64,
        /// Messages of others behind it; 100 stands for more, too.
        #[schema(maximum = 100)]
        pub(crate) unread_count: i64,
        /// The first of them.
        #[schema(value_type = Option<i64>)]
        pub(crate) first_unread_id: Option<MessageId>,
        /// Whether something that you have not read mentions you.
        pub(crate) mentioned: bool,
    }
}

/// How far you have read one ticket.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReadingAnswer {
    pub(crate) reading: Reading,
}

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::handler)).routes(routes!(list::of_task, mark::handler))
}
