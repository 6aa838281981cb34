//! Entries as JSON.

use faff_types::{EntryId, MessageId, TaskId, Timestamp, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::Kind;
use super::sql::EntryRow;
use crate::features::people::{Refs, UserRef};
use crate::http::Problem;
use crate::http::mention::excerpt;

/// Characters of a message that are shown.
const SHOWN: usize = 280;

/// Something that you are told of.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = InboxEntry)]
pub(crate) struct Entry {
    #[schema(value_type = i64, example = 1)]
    pub(crate) id: EntryId,
    /// Why.
    pub(crate) kind: Kind,
    #[schema(value_type = i64, example = 1)]
    pub(crate) task_id: TaskId,
    /// The ticket it is about.
    pub(crate) task: TaskRef,
    /// The message it is about; null where it is about the ticket itself.
    #[schema(value_type = Option<i64>)]
    pub(crate) message_id: Option<MessageId>,
    /// The beginning of that message, on one line, without markdown's mentions.
    pub(crate) excerpt: Option<String>,
    /// The place in the ticket.
    pub(crate) seq: i64,
    #[schema(value_type = i64)]
    pub(crate) actor_id: UserId,
    /// Who did it.
    pub(crate) actor: UserRef,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
    /// When you read it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) read_at: Option<Timestamp>,
    /// When you put it aside.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) done_at: Option<Timestamp>,
}

/// A ticket as part of something else.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TaskRef {
    #[schema(value_type = i64, example = 1)]
    pub(crate) id: TaskId,
    #[schema(example = "Printer on floor 2 is on fire")]
    pub(crate) title: String,
    #[schema(example = "open")]
    pub(crate) status: String,
}

impl Entry {
    pub(super) fn new(row: EntryRow, people: &Refs) -> Result<Self, Problem> {
        Ok(Self {
            id: row.id,
            kind: row.kind,
            task_id: row.task_id,
            task: TaskRef { id: row.task_id, title: row.task_title, status: row.task_status },
            message_id: row.message_id,
            excerpt: row.content.map(|content| excerpt(&content, SHOWN)),
            seq: row.seq,
            actor_id: row.actor_id,
            actor: people.of(row.actor_id)?,
            created_at: row.created_at,
            read_at: row.read_at,
            done_at: row.done_at,
        })
    }
}
