//! Posts a message over a socket: the same step as a request's.

use faff_store::Tx;
use faff_types::{MessageId, TaskId};
use serde::Deserialize;

use super::live::{Asked, Reply, reply};
use crate::features::files::{AttachmentRef, NewFiles};
use crate::features::messages::{self, NewMessage};
use crate::http::Subject;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Input {
    task_id: TaskId,
    content: Option<String>,
    reply_to_id: Option<MessageId>,
    client_id: Option<String>,
    attachments: Option<Vec<AttachmentRef>>,
}

pub(super) async fn send(asked: Asked<'_>) -> Reply {
    let Input { task_id, content, reply_to_id, client_id, attachments } = asked.argument()?;
    let (app, caller) = (asked.app, &asked.caller);
    app.realtime().limits.messages.count(Subject::User(caller.id), app.now())?;
    let files = NewFiles::staged(app, attachments);
    let message = NewMessage::check(app, content.as_deref(), reply_to_id, client_id, files).await?;
    let (who, now) = (caller.who(), caller.now());
    let posted = caller
        .write(async move |tx: &mut Tx<'_>| messages::post(tx, &who, task_id, &message, now).await)
        .await?;
    reply(&serde_json::json!({"message": posted}))
}
