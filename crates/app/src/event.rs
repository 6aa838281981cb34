//! Everything that can happen, and who may see it. Nothing else names kinds of events.
//!
//! An event holds ids and what people chose from closed sets, never what they wrote: a deleted message is gone,
//! and the log still proves that it was there.

use faff_store::Tx;
use faff_store::log::{NewEvent, Stream};
use faff_types::{
    AttachmentId, MessageId, ReviewId, SessionId, SummaryId, TaskId, Timestamp, UserId, ViewId,
};
use serde::{Deserialize, Serialize};

use crate::access::Role;
use crate::features::{reviews, summaries};
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
    /// Somebody was invited, by whoever's account it is, to make an account.
    UserInvited {},
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
    /// A summary was asked for; it is made later.
    SummaryRequested {},
    /// A person wrote a summary.
    SummaryWritten {
        /// The summary.
        summary_id: SummaryId,
    },
    /// A summary was made, or made anew.
    SummaryGenerated {
        /// The summary.
        summary_id: SummaryId,
        /// What made it.
        source: summaries::Source,
    },
    /// A summary that was asked for could not be made; the one before it stays.
    SummaryFailed {
        /// Why, as a code.
        code: String,
    },
    /// A summary that was made was taken back, because a message that went into it was deleted.
    SummaryWithdrawn {
        /// The summary.
        summary_id: SummaryId,
    },
    /// A review of a message was asked for, or its analysis once more.
    ReviewRequested {
        /// The review.
        review_id: ReviewId,
        /// The message.
        message_id: MessageId,
    },
    /// A machine has said what it thinks of a message.
    ReviewAnalysed {
        /// The review.
        review_id: ReviewId,
        /// What it would decide.
        verdict: reviews::Verdict,
    },
    /// A machine thinks that somebody should look at a message soon.
    ReviewEscalated {
        /// The review.
        review_id: ReviewId,
    },
    /// A message could not be analysed.
    ReviewFailed {
        /// The review.
        review_id: ReviewId,
        /// Why, as a code.
        code: String,
    },
    /// Somebody has decided about a message.
    ReviewDecided {
        /// The review.
        review_id: ReviewId,
        /// What was decided.
        status: reviews::Status,
        /// Whether that is the machine's verdict.
        #[serde(rename = "usedAI")]
        used_ai: bool,
    },
    /// A decision was taken back.
    ReviewReopened {
        /// The review.
        review_id: ReviewId,
    },
    /// An open review ended because its message was deleted.
    ReviewWithdrawn {
        /// The review.
        review_id: ReviewId,
    },
    /// What administrators ask of messages was changed.
    GuidanceChanged {
        /// How often it has been changed.
        version: i64,
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
            Self::UserInvited {} => "user_invited",
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
            Self::SummaryRequested {} => "summary_requested",
            Self::SummaryWritten { .. } => "summary_written",
            Self::SummaryGenerated { .. } => "summary_generated",
            Self::SummaryFailed { .. } => "summary_failed",
            Self::SummaryWithdrawn { .. } => "summary_withdrawn",
            Self::ReviewRequested { .. } => "review_requested",
            Self::ReviewAnalysed { .. } => "review_analysed",
            Self::ReviewEscalated { .. } => "review_escalated",
            Self::ReviewFailed { .. } => "review_failed",
            Self::ReviewDecided { .. } => "review_decided",
            Self::ReviewReopened { .. } => "review_reopened",
            Self::ReviewWithdrawn { .. } => "review_withdrawn",
            Self::GuidanceChanged { .. } => "guidance_changed",
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
    pub const KINDS: [&'static str; 31] = [
        "user_registered",
        "user_invited",
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
        "summary_requested",
        "summary_written",
        "summary_generated",
        "summary_failed",
        "summary_withdrawn",
        "review_requested",
        "review_analysed",
        "review_escalated",
        "review_failed",
        "review_decided",
        "review_reopened",
        "review_withdrawn",
        "guidance_changed",
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

/// Records what the system itself did in a ticket, visible to whoever may see the ticket. Returns its `seq`.
pub(crate) async fn record_machine(
    tx: &mut Tx<'_>,
    now: Timestamp,
    task: TaskId,
    event: Event,
) -> Result<i64, Problem> {
    record(tx, None, now, Stream::Task(task), Audience::Ticket, &event).await
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
            Event::UserInvited {},
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
            Event::SummaryRequested {},
            Event::SummaryWritten { summary_id: SummaryId::from_db(id) },
            Event::SummaryGenerated {
                summary_id: SummaryId::from_db(id),
                source: summaries::Source::BuiltIn,
            },
            Event::SummaryFailed { code: "busy".to_owned() },
            Event::SummaryWithdrawn { summary_id: SummaryId::from_db(id) },
            Event::ReviewRequested { review_id: ReviewId::from_db(id), message_id: MessageId::from_db(id) },
            Event::ReviewAnalysed { review_id: ReviewId::from_db(id), verdict: reviews::Verdict::Reject },
            Event::ReviewEscalated { review_id: ReviewId::from_db(id) },
            Event::ReviewFailed { review_id: ReviewId::from_db(id), code: "busy".to_owned() },
            Event::ReviewDecided {
                review_id: ReviewId::from_db(id),
                status: reviews::Status::Approved,
                used_ai: true,
            },
            Event::ReviewReopened { review_id: ReviewId::from_db(id) },
            Event::ReviewWithdrawn { review_id: ReviewId::from_db(id) },
            Event::GuidanceChanged { version: 2 },
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
