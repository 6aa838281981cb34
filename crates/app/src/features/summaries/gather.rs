//! Gathers what a summary is to be made of: this ticket, and nothing else.

use std::collections::HashSet;

use faff_analysis::Conversation;
use faff_store::Reader;
use faff_store::log::Stream;
use faff_types::{MessageId, TaskId};

use super::sql::{self, GeneratedRow};
use super::summary::{Entity, Point};
use crate::App;
use crate::access::System;
use crate::event::Event;
use crate::http::Problem;

/// Messages that are summarised at once; longer conversations are read bit by bit.
const PAGE: usize = 2000;
/// Changes of what was said that are looked through; after more of them, everything is read anew.
const CHANGES: usize = 500;

/// What a summary is to be made of.
#[derive(Debug)]
pub(crate) struct Material {
    /// The ticket, with what was said behind the last summary.
    pub(crate) conversation: Conversation,
    /// The last summary, if it holds still.
    pub(crate) last: Option<faff_analysis::Summary>,
    /// Where the ticket's log ended.
    pub(super) up_to_seq: i64,
    /// The conversation goes on behind this message.
    more: Option<i64>,
}

/// The ticket as it is now; `None` when it is gone.
pub(crate) async fn gather(app: &App, task: TaskId) -> Result<Option<Material>, Problem> {
    let system = System::for_reason(app, "a summary is made of its own ticket");
    system.snapshot(async move |reader: &mut Reader<'_>| read(reader, task).await).await
}

/// Moves on to what was said behind the last page of the same material. `false` when that was the last.
pub(crate) async fn gather_more(app: &App, material: &mut Material) -> Result<bool, Problem> {
    let Some(after) = material.more else { return Ok(false) };
    let (task, up_to) = (TaskId::from_db(material.conversation.id), material.up_to_seq);
    let system = System::for_reason(app, "a summary is made of its own ticket");
    let (messages, more) = system
        .read(async move |reader: &mut Reader<'_>| messages(reader, Stream::Task(task), after, up_to).await)
        .await?;
    (material.conversation.messages, material.more) = (messages, more);
    Ok(true)
}

async fn read(reader: &mut Reader<'_>, task: TaskId) -> Result<Option<Material>, Problem> {
    let stream = Stream::Task(task);
    let Some(ticket) = sql::ticket(reader, task).await? else { return Ok(None) };
    let mut last = sql::generated(reader, task).await?;
    let mut after = last.as_ref().map_or(0, |last| last.up_to_seq);
    let (mut messages_read, mut more) = messages(reader, stream, after, ticket.seq).await?;
    if last.is_some() && has_changed(reader, stream, after, &messages_read).await? {
        (last, after) = (None, 0);
        (messages_read, more) = messages(reader, stream, after, ticket.seq).await?;
    }
    let conversation = Conversation {
        id: task.get(),
        title: ticket.title,
        description: ticket.description,
        status: ticket.status,
        messages: messages_read,
    };
    let last = last.map(told).transpose()?;
    Ok(Some(Material { conversation, last, up_to_seq: ticket.seq, more }))
}

/// A page of what was said, and where the next one begins.
async fn messages(
    reader: &mut Reader<'_>,
    stream: Stream,
    after: i64,
    up_to: i64,
) -> Result<(Vec<faff_analysis::Message>, Option<i64>), Problem> {
    let rows = sql::messages(reader, stream, (after, up_to), PAGE).await?;
    let more = rows.last().filter(|_| rows.len() == PAGE).map(|row| row.seq);
    let messages = rows.into_iter().map(|row| faff_analysis::Message {
        id: row.id.get(),
        seq: row.seq,
        author: row.author,
        at: row.at.as_millis(),
        reply_to: row.reply_to_id.map(MessageId::get),
        text: row.content,
    });
    Ok((messages.collect(), more))
}

/// Whether what went into the last summary has changed since. What was only said since does not count.
async fn has_changed(
    reader: &mut Reader<'_>,
    stream: Stream,
    after: i64,
    new: &[faff_analysis::Message],
) -> Result<bool, Problem> {
    let payloads = sql::changes(reader, stream, after, CHANGES).await?;
    if payloads.len() == CHANGES {
        return Ok(true);
    }
    let new: HashSet<i64> = new.iter().map(|message| message.id).collect();
    for payload in payloads {
        let changed = match Event::parse(&payload).map_err(Problem::internal)? {
            Event::MessageEdited { message_id } | Event::MessageDeleted { message_id } => {
                !new.contains(&message_id.get())
            }
            Event::TaskChanged { changes } => {
                changes.iter().any(|change| ["title", "description"].contains(&change.field.as_str()))
            }
            _ => false,
        };
        if changed {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A summary of ours, in the words of the engines.
fn told(row: GeneratedRow) -> Result<faff_analysis::Summary, Problem> {
    let points: Vec<Point> = serde_json::from_str(&row.key_points).map_err(Problem::internal)?;
    let entities: Vec<Entity> = serde_json::from_str(&row.entities).map_err(Problem::internal)?;
    let point = |Point { text, message_ids }| faff_analysis::Point { text, message_ids };
    let entity = |Entity { kind, text, message_ids }| faff_analysis::Entity { kind, text, message_ids };
    Ok(faff_analysis::Summary {
        content: row.content,
        issue: row.issue,
        investigation: row.investigation,
        next_steps: row.next_steps,
        key_points: points.into_iter().map(point).collect(),
        entities: entities.into_iter().map(entity).collect(),
    })
}
