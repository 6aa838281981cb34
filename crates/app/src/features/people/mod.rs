//! People: accounts, and the logins that belong to them.
//!
//! An account has one canonical e-mail address, a role and a password that only its bcrypt hash remembers. A login
//! (session) begins at registration or login; it ends at logout, at its time, and for every other login of the
//! account when the password, the role or the activity changes.
//!
//! Events: `user_registered`, `user_invited`, `user_changed`, `password_changed`, `session_started`, `session_ended`.
//!
//! Invariants:
//! - Registration never sets a role, by invitation or not. The first administrator comes from the settings, the command
//!   line, or the one-time set-up link; at least one active administrator remains ever after.
//! - Whether an account exists is not told by login: body, headers and time are the same.

mod account;
mod administer;
mod common_passwords;
mod invite;
mod list;
mod log_in;
mod log_out;
mod names;
mod password;
mod passwords;
mod profile;
mod register;
mod render;
mod set_up;
mod show;
mod sql;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub use account::{NewAccount, canonical_email};
pub use administer::{Found, find_by_email, set_access, set_password};
pub use names::People;
pub(crate) use names::Refs;
pub use passwords::Passwords;
pub use register::{create, prepare};
pub use render::{Rendered, render};
pub use set_up::ensure_administrator;
pub(crate) use set_up::is_administered;
pub(crate) use sql::{find_active, sweep as sweep_sessions};
pub use view::{User, UserRef};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(register::handler))
        .routes(routes!(set_up::handler))
        .routes(routes!(log_in::handler))
        .routes(routes!(log_out::handler))
        .routes(routes!(show::me))
        .routes(routes!(profile::handler))
        .routes(routes!(password::handler))
        .routes(routes!(list::people))
        .routes(routes!(list::accounts))
        .routes(routes!(invite::handler))
        .routes(routes!(show::account, administer::handler))
}
