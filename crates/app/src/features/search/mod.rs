//! Search: tickets and messages by their words, newest first, with the place where the words are.
//!
//! Every word must occur, in a ticket's title or description, or in one message; beginnings of words suffice.
//!
//! Invariant: a hit is something that exists for whoever asks: both queries carry a `Scope`.

mod find;
mod snippet;
mod sql;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(find::handler))
}
