//! The whole policy, on one page.
//!
//! Seeing comes first: a ticket of the team is for every active user; a private one only for its creator, its
//! assignee, its participants and administrators ([`sees`], and [`super::Scope`] as a condition in SQL). Whoever sees a
//! ticket may work on it and post to it. Beyond that, each action says here whom it is for.

use faff_types::UserId;

use super::{MessageKey, ReviewKey, Role, TaskKey, UserKey, ViewKey, Who};

/// Something that can be done to a row of kind `Row`.
pub trait Action<Row> {
    /// What a caller is told who sees the row but may not do this.
    const REFUSAL: &'static str;
    /// Whether `who`, who sees the row, may do this to it.
    fn allows(who: &Who, row: &Row) -> bool;
}

/// Whether a ticket exists for this person.
pub fn sees(who: &Who, task: &TaskKey) -> bool {
    let people = [Some(task.created_by_id), task.assigned_to_id, task.participates.then_some(who.id)];
    is_among(who, task.visibility == "team", people.into_iter().flatten())
}

/// Whether this person is among those for whom something exists: the whole team, or these people; and administrators.
pub fn is_among(who: &Who, team: bool, mut people: impl Iterator<Item = UserId>) -> bool {
    team || who.role == Role::Admin || people.any(|person| person == who.id)
}

macro_rules! actions {
    ($($(#[$meta:meta])* $action:ident on $row:ident, else $refusal:literal: |$who:ident, $of:ident| $allows:expr;)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy)]
        pub enum $action {}
        impl Action<$row> for $action {
            const REFUSAL: &'static str = $refusal;
            fn allows($who: &Who, $of: &$row) -> bool { $allows }
        }
    )+};
}

actions! {
    /// Change a ticket's fields.
    Work on TaskKey, else "You may not change this task": |_who, _task| true;
    /// Say something in a ticket.
    Post on TaskKey, else "You may not post to this task": |_who, _task| true;
    /// Note how far one has read a ticket.
    ReadOn on TaskKey, else "You may not read this task": |_who, _task| true;
    /// Let people into a ticket, and take them out.
    AddressPeople on TaskKey, else "Only the task's creator, its assignee or an administrator may change who takes part":
        |who, task| who.role == Role::Admin || task.created_by_id == who.id || task.assigned_to_id == Some(who.id);
    /// Write a summary of a ticket, or have one made.
    Summarise on TaskKey, else "You may not summarise this task": |_who, _task| true;
    /// Say what a machine thinks of a message of a ticket.
    Analyse on TaskKey, else "You may not analyse messages of this task": |_who, _task| true;
    /// Delete a ticket with everything in it.
    Delete on TaskKey, else "Only an administrator may delete a task": |who, _task| who.role == Role::Admin;
    /// Change what one has said.
    Edit on MessageKey, else "You may edit only your own messages": |who, message| message.sender_id == who.id;
    /// Take back what was said.
    Remove on MessageKey, else "You may delete only your own messages":
        |who, message| message.sender_id == who.id || who.role == Role::Admin;
    /// Ask for a review of a message.
    RequestReview on MessageKey, else "You may not ask for a review of this message": |_who, _message| true;
    /// Decide about a message. Four eyes see more than two.
    Decide on ReviewKey, else "Your own messages are for others to review":
        |who, review| review.sender_id != who.id || who.role == Role::Admin;
    /// Take a decision back.
    TakeBack on ReviewKey, else "Only whoever has decided, or an administrator, may take a decision back":
        |who, review| review.reviewer_id.is_none_or(|reviewer| reviewer == who.id) || who.role == Role::Admin;
    /// Change or delete a saved view.
    Keep on ViewKey, else "Only its owner or an administrator may change a shared view":
        |who, view| view.owner_id == who.id || (view.shared && who.role == Role::Admin);
    /// Change one's own name, e-mail address or password, or end one's login.
    ChangeOwn on UserKey, else "This is not your account": |who, user| user.id == who.id;
    /// Change another's role, or whether they are active.
    Administer on UserKey, else "Only an administrator may do this": |who, _user| who.role == Role::Admin;
}
