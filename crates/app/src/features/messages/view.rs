//! Messages as JSON, shared by every door.

use faff_types::{MessageId, TaskId, Timestamp, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::sql::MessageRow;
use crate::features::files::{Attached, Attachment};
use crate::features::people::{Refs, UserRef};
use crate::http::Problem;

/// Something that was said in a task.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// The message.
    #[schema(value_type = i64, example = 1)]
    pub id: MessageId,
    /// Its task.
    #[schema(value_type = i64, example = 1)]
    pub task_id: TaskId,
    /// Who said it.
    #[schema(value_type = i64)]
    pub sender_id: UserId,
    /// Who said it.
    pub sender: UserRef,
    /// What was said, as markdown; empty once deleted.
    #[schema(example = "Is it **still** on fire?")]
    pub content: String,
    /// The same as HTML that is safe to show.
    pub content_html: String,
    /// The sender's own name for it.
    pub client_id: Option<String>,
    /// What it answers.
    #[schema(value_type = Option<i64>)]
    pub reply_to_id: Option<MessageId>,
    /// What it answers, in short.
    pub reply_to: Option<Parent>,
    /// Answers to it that are not deleted.
    pub reply_count: i64,
    /// Its files.
    pub attachments: Vec<Attachment>,
    /// Its place in the task.
    pub seq: i64,
    /// When it was posted.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was posted, edited or deleted.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// When it was edited last.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub edited_at: Option<Timestamp>,
    /// When it was deleted.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub deleted_at: Option<Timestamp>,
}

/// The message that another one answers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Parent {
    /// The message.
    #[schema(value_type = i64)]
    pub id: MessageId,
    /// Who said it.
    pub sender: UserRef,
    /// Its first 280 characters.
    pub content: String,
}

impl Message {
    /// A message as it is told, with the people that its row names and the files it has.
    pub(super) fn new(row: MessageRow, people: &Refs, files: &Attached) -> Result<Self, Problem> {
        let parent = row.parent_sender_id.map(|id| people.of(id)).transpose()?;
        let reply_to = row.reply_to_id.zip(parent).map(|(id, sender)| Parent {
            id,
            sender,
            content: row.parent_content.unwrap_or_default(),
        });
        Ok(Self {
            id: row.id,
            task_id: row.task_id,
            sender_id: row.sender_id,
            sender: people.of(row.sender_id)?,
            content: row.content,
            content_html: row.content_html,
            client_id: row.client_id,
            reply_to_id: row.reply_to_id,
            reply_to,
            reply_count: row.reply_count,
            attachments: files.of(row.id),
            seq: row.seq,
            created_at: row.created_at,
            updated_at: row.updated_at,
            edited_at: row.edited_at,
            deleted_at: row.deleted_at,
        })
    }
}

/// A message that was written.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MessageAnswer {
    /// What was done, for people.
    #[schema(example = "Message sent")]
    pub(crate) message: &'static str,
    pub(crate) data: Message,
}

/// What was done, for people.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Done {
    #[schema(example = "Message deleted")]
    pub(crate) message: &'static str,
}
