//! Messages: what is said in a task, in order, with threads.
//!
//! A message answers another (`replyToId`) or begins something new. All answers below one beginning are a thread.
//!
//! Events: `message_posted`, `message_edited`, `message_deleted`; `attachment_removed`.
//!
//! Invariants:
//! - A message's `seq` is the number of the event that posted it: messages are ordered by it, and no two share one.
//! - A `clientId` names one message of its sender for ever: sent again, by either door, it answers with that message.
//! - A deleted message keeps nothing of what was said. It stays as a tombstone as long as something answers it.
//! - What is said may be empty only while there are files. `file_count` counts them, so that reading messages without
//!   files asks for none.
//! - `messageCount` of the task and `replyCount` of the answered messages count those that are not deleted.

mod delete;
mod detach;
mod edit;
mod list;
mod look_up;
mod message;
mod post;
mod sql;
mod thread;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub use delete::delete;
pub use edit::edit;
pub(crate) use look_up::look_up;
pub use message::{NewMessage, Revision};
pub use post::post;
pub use view::Message;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::in_task, post::to_task))
        .routes(routes!(list::of_task))
        .routes(routes!(post::handler))
        .routes(routes!(thread::by_root))
        .routes(routes!(thread::of_message))
        .routes(routes!(edit::handler, delete::handler))
        .routes(routes!(detach::handler))
}
