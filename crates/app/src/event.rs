//! Everything that can happen, and who may see it. Nothing else names kinds of events.
//!
//! An event holds ids and what people chose from closed sets, never what they wrote: a deleted message is gone,
//! and the log still proves that it was there.

use faff_store::Tx;
use faff_store::log::{NewEvent, Stream};
use faff_types::{AttachmentId, MessageId, SessionId, TaskId, Timestamp, UserId, ViewId};
use serde::{Deserialize, Serialize};

use crate::access::Role;
use crate::http::Problem;

/// Something that happened. In the log, `kind` is its name and the payload holds the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Event {
    /// An account was made.
    UserRegistered {
        /// What it may do.
        role: Role,
    },
    /// An account was changed: role and activity with the values before and after, others by name.
    UserChanged {
        /// What changed.
        changes: Vec<Change>,
    },
    /// A password was changed; every other login of the account ended.
    PasswordChanged {},
    /// Somebody logged in.
    SessionStarted {
        /// The login.
        session_id: SessionId,
    },
    /// A login was ended.
    SessionEnded {
        /// The login.
        session_id: SessionId,
    },
    /// A ticket was filed.
    TaskCreated {},
    /// A ticket was changed.
    TaskChanged {
        /// What changed.
        changes: Vec<Change>,
    },
    /// A ticket was deleted with all that was in it.
    TaskDeleted {},
    /// Somebody was let into a ticket.
    ParticipantAdded {
        /// Who.
        user_id: UserId,
    },
    /// Somebody left a ticket or was taken out of it.
    ParticipantRemoved {
        /// Who.
        user_id: UserId,
    },
    /// A message was posted; the event's `seq` is the message's.
    MessagePosted {
        /// The message.
        message_id: MessageId,
        /// What it answers.
        reply_to_id: Option<MessageId>,
    },
    /// A message was edited by its sender.
    MessageEdited {
        /// The message.
        message_id: MessageId,
    },
    /// A message was deleted.
    MessageDeleted {
        /// The message.
        message_id: MessageId,
    },
    /// A view was saved.
    ViewSaved {
        /// The view.
        view_id: ViewId,
    },
    /// A view was changed.
    ViewChanged {
        /// The view.
        view_id: ViewId,
    },
    /// A view was deleted.
    ViewDeleted {
        /// The view.
        view_id: ViewId,
    },
    /// A file was taken from a message.
    AttachmentRemoved {
        /// The message.
        message_id: MessageId,
        /// The file.
        attachment_id: AttachmentId,
    },
}

/// A changed field. `from` and `to` are told for closed sets and ids, not for what people wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The field's name on the wire.
    pub field: String,
    /// What it held before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What it holds now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

impl Change {
    /// A field that holds what people wrote.
    pub fn text(field: &str) -> Self {
        Self { field: field.to_owned(), from: None, to: None }
    }

    /// A field whose values may be told.
    pub fn value(field: &str, from: impl Into<String>, to: impl Into<String>) -> Self {
        Self { field: field.to_owned(), from: Some(from.into()), to: Some(to.into()) }
    }
}

/// Who may see an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Whoever may see the ticket at the moment of looking.
    Ticket,
    /// Every active user.
    Everyone,
    /// These people, and administrators: of a ticket that is gone, whoever could see it.
    People(Vec<UserId>),
    /// The account's owner, and administrators.
    Account,
}

impl std::fmt::Display for Audience {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ticket => f.write_str("ticket"),
            Self::Everyone => f.write_str("everyone"),
            Self::Account => f.write_str("account"),
            Self::People(people) => {
                f.write_str("people:")?;
                people
                    .iter()
                    .enumerate()
                    .try_for_each(|(n, id)| if n == 0 { write!(f, "{id}") } else { write!(f, ",{id}") })
            }
        }
    }
}

impl Audience {
    /// Reads what [`Audience::fmt`] has written; nobody, for what it has not.
    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "ticket" => Self::Ticket,
            "everyone" => Self::Everyone,
            "account" => Self::Account,
            _ => {
                let people = text.strip_prefix("people:").unwrap_or_default().split(',');
                Self::People(people.filter_map(|id| id.parse().ok().map(UserId::from_db)).collect())
            }
        }
    }
}

impl Event {
    /// The event's name in the log and on the wire.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::UserRegistered { .. } => "user_registered",
            Self::UserChanged { .. } => "user_changed",
            Self::PasswordChanged {} => "password_changed",
            Self::SessionStarted { .. } => Self::SESSION_STARTED,
            Self::SessionEnded { .. } => "session_ended",
            Self::TaskCreated {} => "task_created",
            Self::TaskChanged { .. } => "task_changed",
            Self::TaskDeleted {} => "task_deleted",
            Self::ParticipantAdded { .. } => "participant_added",
            Self::ParticipantRemoved { .. } => "participant_removed",
            Self::MessagePosted { .. } => Self::MESSAGE_POSTED,
            Self::MessageEdited { .. } => "message_edited",
            Self::MessageDeleted { .. } => "message_deleted",
            Self::AttachmentRemoved { .. } => "attachment_removed",
            Self::ViewSaved { .. } => "view_saved",
            Self::ViewChanged { .. } => "view_changed",
            Self::ViewDeleted { .. } => "view_deleted",
        }
    }

    /// A login that begins, which changes nobody's state.
    pub(crate) const SESSION_STARTED: &'static str = "session_started";
    /// A message, which comes at the rate of talk.
    pub(crate) const MESSAGE_POSTED: &'static str = "message_posted";

    /// Every kind, for filters and documents.
    pub const KINDS: [&'static str; 17] = [
        "user_registered",
        "user_changed",
        "password_changed",
        Self::SESSION_STARTED,
        "session_ended",
        "task_created",
        "task_changed",
        "task_deleted",
        "participant_added",
        "participant_removed",
        Self::MESSAGE_POSTED,
        "message_edited",
        "message_deleted",
        "attachment_removed",
        "view_saved",
        "view_changed",
        "view_deleted",
    ];

    /// Reads an event of the log.
    ///
    /// # Errors
    /// When it was written by a newer program, or damaged.
    pub fn parse(payload: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(payload)
    }
}

impl Event {
    /// The particulars of an event as the log holds them, for a client: all but the kind, which stands beside them.
    pub(crate) fn particulars(payload: &str) -> Result<serde_json::Value, Problem> {
        let mut data: serde_json::Value = serde_json::from_str(payload).map_err(Problem::internal)?;
        if let Some(data) = data.as_object_mut() {
            data.remove("kind");
        }
        Ok(data)
    }
}

/// Records an event of a ticket, visible to whoever may see the ticket. Returns its `seq`.
pub(crate) async fn record_task(
    tx: &mut Tx<'_>,
    actor: UserId,
    now: Timestamp,
    task: TaskId,
    event: Event,
) -> Result<i64, Problem> {
    record(tx, Some(actor), now, Stream::Task(task), Audience::Ticket, &event).await
}

/// Records an event of an account, visible to its owner and administrators.
pub(crate) async fn record_user(
    tx: &mut Tx<'_>,
    actor: Option<UserId>,
    now: Timestamp,
    user: UserId,
    event: Event,
) -> Result<i64, Problem> {
    record(tx, actor, now, Stream::User(user), Audience::Account, &event).await
}

/// Records an event for an audience of its own.
pub(crate) async fn record(
    tx: &mut Tx<'_>,
    actor: Option<UserId>,
    at: Timestamp,
    stream: Stream,
    audience: Audience,
    event: &Event,
) -> Result<i64, Problem> {
    let payload = serde_json::to_string(event).map_err(Problem::internal)?;
    let event = NewEvent { stream, kind: event.kind(), actor, at, audience: audience.to_string(), payload };
    Ok(tx.record(event).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_the_names_that_are_written() {
        let id = 7;
        let all = [
            Event::UserRegistered { role: Role::User },
            Event::UserChanged { changes: vec![Change::value("role", "user", "admin")] },
            Event::PasswordChanged {},
            Event::SessionStarted { session_id: SessionId::from_db(id) },
            Event::SessionEnded { session_id: SessionId::from_db(id) },
            Event::TaskCreated {},
            Event::TaskChanged { changes: vec![Change::text("title")] },
            Event::TaskDeleted {},
            Event::ParticipantAdded { user_id: UserId::from_db(id) },
            Event::ParticipantRemoved { user_id: UserId::from_db(id) },
            Event::MessagePosted { message_id: MessageId::from_db(id), reply_to_id: None },
            Event::MessageEdited { message_id: MessageId::from_db(id) },
            Event::MessageDeleted { message_id: MessageId::from_db(id) },
            Event::AttachmentRemoved {
                message_id: MessageId::from_db(id),
                attachment_id: AttachmentId::random(faff_types::Random).unwrap(),
            },
            Event::ViewSaved { view_id: ViewId::from_db(id) },
            Event::ViewChanged { view_id: ViewId::from_db(id) },
            Event::ViewDeleted { view_id: ViewId::from_db(id) },
        ];
        assert_eq!(all.iter().map(Event::kind).collect::<Vec<_>>(), Event::KINDS);
        for event in all {
            let written = serde_json::to_string(&event).unwrap();
            assert!(written.contains(&format!("\"kind\":\"{}\"", event.kind())), "{written}");
            assert_eq!(Event::parse(&written).unwrap(), event);
        }
    }
}
