//! Tasks: tickets, what they are about, who works on them and who may see them.
//!
//! A task is `open`, `in_progress`, `resolved` or `closed`, in any order; `resolvedAt` is set as long as it is one of
//! the last two. A `team` task is for every active user, a `private` one for its creator, its assignee, its
//! participants and administrators.
//!
//! Events: `task_created`, `task_changed`, `task_deleted`, `participant_added`, `participant_removed`.
//!
//! Invariants:
//! - Every change of a field raises `version` by one and is one event; a change that names an old `version` is refused.
//! - `seq` is the number of the last event of the task: of its fields, its people and its messages.
//! - A private task appears nowhere for whom it does not exist: each query here carries a `Scope`.

mod change;
mod create;
mod delete;
mod events;
mod list;
mod look_up;
mod participants;
mod render;
mod show;
mod sql;
mod task;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub(crate) use change::raise;
pub use change::{Assignee, Patch, change};
pub use create::create;
pub(crate) use list::{Counted, check_query};
pub(crate) use look_up::{Told, head, look_up, visible};
pub use participants::add as add_participant;
pub(crate) use render::Tasks;
pub use task::{NewTask, Priority, Status, Visibility};
pub use view::Task;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::handler, create::handler))
        .routes(routes!(show::handler, change::handler, delete::handler))
        .routes(routes!(events::handler))
        .routes(routes!(participants::list))
        .routes(routes!(participants::put, participants::delete))
}
