//! Who may do what, in types.
//!
//! Invariants:
//! - Handlers have no database. A [`Caller`] (from a request, and from a socket's handshake) or a [`System`] with a
//!   reason opens a read or a write; there is no other way in.
//! - A function that changes a row demands a [`Permit`] for the action on that row. Only this module makes one, inside
//!   the transaction it is for; the compiler refuses it in any other.
//! - A list demands a [`Scope`], which is a condition on its rows.
//! - What a caller may not see answers like what does not exist. The policy itself is in [`rules`], on one page.

mod caller;
mod permit;
mod reach;
pub mod rules;
mod scope;
mod sessions;
mod set_up;
mod sql;
mod token;

pub use caller::{CSRF_HEADER, Caller, SESSION_COOKIE, System, Who};
pub(crate) use caller::{credentials, session_cookie};
pub(crate) use permit::task_for_system;
pub use permit::{
    MessageKey, Permit, ReviewKey, TaskKey, UserKey, ViewKey, beside, message, review, task, user, view,
};
pub(crate) use reach::{MESSAGE_TEXT, OPEN_MESSAGE, OPEN_TASK, Reach, TASK_TEXT};
pub use rules::{
    AddressPeople, Administer, Analyse, ChangeOwn, Decide, Delete, Edit, Keep, Post, ReadOn, Remove,
    RequestReview, Summarise, TakeBack, Work,
};
pub use scope::Scope;
pub use sessions::Sessions;
pub use set_up::SetUp;
pub(crate) use set_up::same;
pub use token::{Claims, Tokens};

faff_store::words! {
    /// What an account may do in the whole workspace.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, utoipa::ToSchema)]
    #[schema(rename_all = "snake_case")]
    pub enum Role {
        /// Sees everything, and changes people.
        Admin = "admin",
        /// Works on the tickets that are for the team or for them.
        User = "user",
    }
}
