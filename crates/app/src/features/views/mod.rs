//! Saved views: lists of tickets that somebody wants to see again, as the parameters of the list.
//!
//! A view is its owner's. Shared, everybody sees it; its owner and administrators change it. What `me` means in it, and which
//! tickets it holds, depends on who looks.
//!
//! Events: `view_saved`, `view_changed`, `view_deleted`, in the log of the owner's account. `views_changed` goes to the sockets
//! of whoever may see the view, as something that may be lost.
//!
//! Invariant: a view is a query that the list of tickets took when it was saved.

mod change;
mod delete;
mod list;
mod save;
mod sql;
mod view;

use faff_types::UserId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

/// Views of one person, at most.
const MOST: i64 = 100;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::handler, save::handler))
        .routes(routes!(change::handler, delete::handler))
}

/// Tells those who may see a view that it has changed.
fn tell(app: &App, owner: UserId, shared: bool) {
    const CHANGED: &str = "views_changed";
    if shared {
        app.tell_everybody(CHANGED, serde_json::json!({}));
    } else {
        app.tell_person(owner, CHANGED, serde_json::json!({}));
    }
}
