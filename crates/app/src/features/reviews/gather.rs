//! Gathers what a message is to be judged by: its ticket, what administrators ask for, and nothing else.

use faff_analysis::{Conversation, Message};
use faff_store::Reader;
use faff_types::{MessageId, ReviewId};

use super::sql;
use crate::App;
use crate::access::System;
use crate::http::Problem;

/// What was said before and after the message, at most this many each.
const AROUND: usize = 100;

/// What a message is to be judged by.
#[derive(Debug)]
pub(crate) struct Material {
    /// The ticket, with what was said around the message.
    pub(crate) conversation: Conversation,
    /// The message.
    pub(crate) message: Message,
    /// What administrators ask of messages.
    pub(crate) guidance: String,
    /// How often the message had been edited.
    pub(super) edit_count: i64,
}

/// What a review is about, as it is now; `None` when it is gone, or its message.
pub(crate) async fn gather(app: &App, review: ReviewId) -> Result<Option<Material>, Problem> {
    let system = System::for_reason(app, "a message is judged by its own ticket");
    system.snapshot(async move |reader: &mut Reader<'_>| read(reader, review).await).await
}

async fn read(reader: &mut Reader<'_>, review: ReviewId) -> Result<Option<Material>, Problem> {
    let Some(about) = sql::about(reader, review).await? else { return Ok(None) };
    let rows = sql::around(reader, about.task_id, about.seq, AROUND).await?;
    let mut messages: Vec<Message> = rows
        .into_iter()
        .map(|row| Message {
            id: row.id.get(),
            seq: row.seq,
            author: row.author,
            at: row.at.as_millis(),
            reply_to: row.reply_to_id.map(MessageId::get),
            text: row.content,
        })
        .collect();
    messages.sort_unstable_by_key(|message| message.seq);
    let message = messages.iter().find(|message| message.id == about.message_id.get()).cloned();
    let Some(message) = message else { return Ok(None) };
    let conversation = Conversation {
        id: about.task_id.get(),
        title: about.title,
        description: about.description,
        status: about.status,
        messages,
    };
    let guidance = sql::guidance(reader).await?.map(|row| row.content).unwrap_or_default();
    Ok(Some(Material { conversation, message, guidance, edit_count: about.edit_count }))
}
