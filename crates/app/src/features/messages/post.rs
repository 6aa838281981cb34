//! Posts a message. REST, sockets and the machine come through [`post`].

use axum::http::StatusCode;
use axum::response::IntoResponse;
use faff_store::log::Stream;
use faff_store::{StoreError, Tx, View};
use faff_types::{MessageId, Planted, TaskId, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use super::message::NewMessage;
use super::sql::{self, with_files};
use super::view::{Message, MessageAnswer, Parent};
use crate::access::{self, Caller, Post, Who};
use crate::event::{Event, record_task};
use crate::features::files::{self, Attached, AttachmentRef, Links, MessageForm, NewFiles, Sent};
use crate::features::inbox::{self, Kind, Notice};
use crate::features::people::{Refs, UserRef};
use crate::http::idempotency::{Answer, Key};
use crate::http::{Code, Path, Problem};

/// What to say, and where.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = PostMessage)]
pub(crate) struct Input {
    /// The task.
    #[schema(value_type = i64, example = 1)]
    task_id: TaskId,
    /// 1 to 20,000 characters of markdown; with files, it may be left out.
    #[schema(max_length = 20000, example = "Is it **still** on fire?")]
    content: Option<String>,
    /// A message of the same task.
    #[schema(value_type = Option<i64>)]
    reply_to_id: Option<MessageId>,
    /// Your own name for it, 1 to 64 visible ASCII characters: sent again, it answers with the first message.
    #[schema(pattern = "^[!-~]{1,64}$")]
    client_id: Option<String>,
    /// Up to 5 files that you have staged for this task.
    #[schema(max_items = 5)]
    attachments: Option<Vec<AttachmentRef>>,
}

/// What to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = PostToTask)]
pub(crate) struct TaskInput {
    /// 1 to 20,000 characters of markdown; with files, it may be left out.
    #[schema(max_length = 20000, example = "Is it **still** on fire?")]
    content: Option<String>,
    /// A message of the same task.
    #[schema(value_type = Option<i64>)]
    reply_to_id: Option<MessageId>,
    /// Your own name for it, 1 to 64 visible ASCII characters: sent again, it answers with the first message.
    #[schema(pattern = "^[!-~]{1,64}$")]
    client_id: Option<String>,
    /// Up to 5 files that you have staged for this task.
    #[schema(max_items = 5)]
    attachments: Option<Vec<AttachmentRef>>,
}

/// What to say, as a form with files.
#[derive(Debug, ToSchema)]
#[schema(as = MessageForm, rename_all = "camelCase")]
#[expect(dead_code, reason = "it only describes the form")]
pub(crate) struct FormInput {
    /// The task, unless the path names it.
    task_id: Option<i64>,
    /// 1 to 20,000 characters of markdown; with files, it may be left out.
    content: Option<String>,
    /// A message of the same task.
    reply_to_id: Option<i64>,
    /// Your own name for it.
    client_id: Option<String>,
    /// Up to 5 files of at most 10 MiB.
    #[schema(value_type = Vec<String>, format = Binary, max_items = 5)]
    files: Vec<u8>,
}

/// Post a message. With a `clientId` or an `Idempotency-Key` it is safe to send again.
#[utoipa::path(post, path = "/api/messages", tag = "messages",
    request_body(content((Input = "application/json"), (FormInput = "multipart/form-data"))),
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again")),
    responses((status = 201, body = MessageAnswer), (status = 422, description = "The key was used for another message")))]
pub(crate) async fn handler(caller: Caller, sent: Sent<Input>) -> Result<impl IntoResponse, Problem> {
    match sent {
        Sent::Json(keyed) => {
            let Input { task_id, content, reply_to_id, client_id, attachments } = keyed.input;
            let files = NewFiles::staged(caller.app(), attachments);
            let message =
                NewMessage::check(caller.app(), content.as_deref(), reply_to_id, client_id, files).await?;
            answer(&caller, keyed.key, task_id, message).await
        }
        Sent::Form(form) => {
            let texts = &["taskId", "content", "replyToId", "clientId"];
            answer_form(&caller, form.receive(&caller, None, texts).await?).await
        }
    }
}

/// Post a message to this task.
#[utoipa::path(post, path = "/api/tasks/{id}/messages", tag = "messages",
    request_body(content((TaskInput = "application/json"), (FormInput = "multipart/form-data"))),
    params(("id" = i64, Path, example = 1),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again")),
    responses((status = 201, body = MessageAnswer), (status = 422, description = "The key was used for another message")))]
pub(crate) async fn to_task(
    caller: Caller,
    Path(task): Path<TaskId>,
    sent: Sent<TaskInput>,
) -> Result<impl IntoResponse, Problem> {
    match sent {
        Sent::Json(keyed) => {
            let TaskInput { content, reply_to_id, client_id, attachments } = keyed.input;
            let files = NewFiles::staged(caller.app(), attachments);
            let message =
                NewMessage::check(caller.app(), content.as_deref(), reply_to_id, client_id, files).await?;
            answer(&caller, keyed.key, task, message).await
        }
        Sent::Form(form) => {
            let texts = &["content", "replyToId", "clientId"];
            answer_form(&caller, form.receive(&caller, Some(task), texts).await?).await
        }
    }
}

/// Posts what came as a form; what is not taken of it is not kept.
async fn answer_form(caller: &Caller, form: MessageForm) -> Result<Answer, Problem> {
    let MessageForm { task_id, content, reply_to_id, client_id, files, key } = form;
    let upload = files.upload().map(str::to_owned);
    let answered = async {
        let task =
            task_id.ok_or_else(|| Problem::field("taskId", "required", "The field \"taskId\" is missing"))?;
        let message =
            NewMessage::check(caller.app(), content.as_deref(), reply_to_id, client_id, files).await?;
        answer(caller, key, task, message).await
    };
    let answered = answered.await;
    files::settle(caller.app(), upload.as_deref()).await;
    answered
}

async fn answer(
    caller: &Caller,
    key: Option<Key>,
    task: TaskId,
    message: NewMessage,
) -> Result<Answer, Problem> {
    let (who, now) = (caller.who(), caller.now());
    caller
        .write_once(key, StatusCode::CREATED, async move |tx: &mut Tx<'_>| {
            Ok(MessageAnswer { message: "Message sent", data: post(tx, &who, task, &message, now).await? })
        })
        .await
}

/// Posts a checked message, or finds the one that its sender has named so before.
pub async fn post(
    tx: &mut Tx<'_>,
    who: &Who,
    task: TaskId,
    message: &NewMessage,
    now: Timestamp,
) -> Result<Message, Problem> {
    let permit = access::task::<Post>(tx, who, task).await?;
    let parent = match message.reply_to_id {
        None => None,
        Some(id) => {
            let parent = sql::parent(tx, permit.id, id).await?;
            if parent.is_none() {
                // What it answers may have been deleted since it was sent for the first time.
                return first(tx, who, task, message).await?.ok_or_else(|| {
                    let text = "replyToId must be the id of a message of this task";
                    Problem::field("replyToId", "reference", text)
                });
            }
            parent
        }
    };
    let root = parent.as_ref().map(|parent| parent.root_id.unwrap_or(parent.id));
    let seq = tx.next_seq(Stream::Task(task));
    let place = (task, permit.visibility == "private");
    let Some(id) = sql::insert(tx, place, who.id, message, (seq, root, now)).await? else {
        return first(tx, who, task, message).await?.ok_or_else(|| StoreError::NoRow.into());
    };
    let attachments = if message.files.is_empty() {
        Vec::new()
    } else {
        files::attach(tx, &permit, (id, who.id, false), &message.files, now).await?
    };
    sql::count_in(tx, task, id, message, (root, now)).await?;
    let posted = Event::MessagePosted { message_id: id, reply_to_id: message.reply_to_id };
    let seq = record_task(tx, who.id, now, task, posted).await?;
    let notice = Notice {
        kind: Kind::Mentioned,
        people: &message.mentioned,
        place: (task, seq),
        message: Some(id),
        actor: who.id,
    };
    if Planted::EventWithoutRow.is_due(20) {
        Box::pin(sql::lose(tx, id)).await?;
    }
    inbox::notify(tx, notice, now).await?;
    if let Some(parent) = &parent {
        inbox::notify(tx, Notice { kind: Kind::Replied, people: &[parent.sender_id], ..notice }, now).await?;
    }
    let message = Message {
        id,
        task_id: task,
        sender_id: who.id,
        sender: who.into(),
        content: message.content.clone(),
        content_html: message.content_html.clone(),
        client_id: message.client_id.clone(),
        reply_to_id: message.reply_to_id,
        reply_to: parent.map(|parent| Parent {
            id: parent.id,
            sender: UserRef { id: parent.sender_id, name: parent.sender_name, email: parent.sender_email },
            content: parent.content,
        }),
        reply_count: 0,
        attachments,
        seq,
        created_at: now,
        updated_at: now,
        edited_at: None,
        deleted_at: None,
    };
    let json = serde_json::to_string(&message).map_err(Problem::internal)?;
    tx.show(View { stream: Stream::Task(task), seq, json });
    Ok(message)
}

/// The message that was sent under this client id before, if there is one.
async fn first(
    tx: &mut Tx<'_>,
    who: &Who,
    task: TaskId,
    message: &NewMessage,
) -> Result<Option<Message>, Problem> {
    let Some(client_id) = message.client_id.as_deref() else {
        return Ok(None);
    };
    let Some((id, fingerprint)) = sql::named(tx, who.id, client_id).await? else {
        return Ok(None);
    };
    if fingerprint.as_deref() != Some(&message.fingerprint(task)[..]) {
        let text = "You have used this clientId for another message; take a new one for each message";
        return Err(Problem::new(Code::IdempotencyKeyReused, text));
    }
    tx.commit_quietly("the message was posted before");
    written(tx, who, id, message.files.links()).await.map(Some)
}

/// A message of `who`, as this transaction leaves it.
pub(super) async fn written(
    tx: &mut Tx<'_>,
    who: &Who,
    id: MessageId,
    links: &Links,
) -> Result<Message, Problem> {
    let row = sql::written(tx, id).await?;
    let people = Refs::read(tx, [who.into()], row.people()).await?;
    let attached = Attached::read(tx, links, with_files([&row])).await?;
    Message::new(row, &people, &attached)
}
