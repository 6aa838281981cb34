//! Tasks as JSON, shared by every door.

use faff_types::{TaskId, Timestamp, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::sql::TaskRow;
use super::task::{Priority, Status, Visibility, split_tags};
use crate::features::people::{Refs, UserRef};
use crate::http::Problem;

/// A ticket.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    /// The ticket.
    #[schema(value_type = i64, example = 1)]
    pub id: TaskId,
    /// What it is called.
    #[schema(example = "Printer on floor 2 is on fire")]
    pub title: String,
    /// What it is about, as markdown.
    pub description: String,
    /// The same as HTML that is safe to show.
    pub description_html: String,
    /// How much it matters.
    pub priority: Priority,
    /// How far it has come.
    pub status: Status,
    /// Whom it exists for.
    pub visibility: Visibility,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Who works on it.
    #[schema(value_type = Option<i64>)]
    pub assigned_to_id: Option<UserId>,
    /// Who filed it.
    #[schema(value_type = i64)]
    pub created_by_id: UserId,
    /// Who works on it.
    pub assigned_to: Option<UserRef>,
    /// Who filed it.
    pub created_by: UserRef,
    /// Messages in it that are not deleted.
    pub message_count: i64,
    /// When the last of them was posted.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_message_at: Option<Timestamp>,
    /// The number of its last event.
    pub seq: i64,
    /// Counts the changes of its fields; send it with a change to be refused if somebody was faster.
    pub version: i64,
    /// When it was filed.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When its fields were changed last.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Since when it is resolved or closed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub resolved_at: Option<Timestamp>,
}

impl Task {
    /// A task as it is told, with the people that its row names.
    pub(super) fn new(row: TaskRow, people: &Refs) -> Result<Self, Problem> {
        Ok(Self {
            id: row.id,
            title: row.title,
            description: row.description,
            description_html: row.description_html,
            priority: row.priority,
            status: row.status,
            visibility: row.visibility,
            tags: split_tags(row.tags.as_deref()),
            assigned_to_id: row.assigned_to_id,
            created_by_id: row.created_by_id,
            assigned_to: row.assigned_to_id.map(|id| people.of(id)).transpose()?,
            created_by: people.of(row.created_by_id)?,
            message_count: row.message_count,
            last_message_at: row.last_message_at,
            seq: row.seq,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            resolved_at: row.resolved_at,
        })
    }
}

/// One task.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TaskAnswer {
    pub(crate) task: Task,
}
