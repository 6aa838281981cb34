//! Posts a message over a socket: the same step as a request's.

use faff_store::Tx;
use faff_types::{MessageId, TaskId};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::live::{Asked, Reply, reply};
use crate::features::messages::{self, NewMessage};
use crate::http::{Problem, Subject};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    task_id: TaskId,
    #[serde(default)]
    content: String,
    reply_to_id: Option<MessageId>,
    client_id: Option<String>,
    #[serde(default)]
    attachments: Option<Vec<Box<RawValue>>>,
}

pub(super) async fn send(asked: Asked<'_>) -> Reply {
    let Input { task_id, content, reply_to_id, client_id, attachments } = asked.argument()?;
    let (app, caller) = (asked.app, &asked.caller);
    app.realtime().limits.messages.count(Subject::User(caller.id), app.now())?;
    if attachments.is_some_and(|attachments| !attachments.is_empty()) {
        return Err(Problem::field("attachments", "unknown", "attachments cannot be sent yet"));
    }
    let message = NewMessage::check(&content, reply_to_id, client_id).await?;
    let (who, now) = (caller.who(), caller.now());
    let posted = caller
        .write(async move |tx: &mut Tx<'_>| messages::post(tx, &who, task_id, &message, now).await)
        .await?;
    reply(&serde_json::json!({"message": posted}))
}
