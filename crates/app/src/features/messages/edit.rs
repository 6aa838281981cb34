//! Edits one's own message, and adds files to it.

use faff_store::Tx;
use faff_types::{MessageId, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use super::message::Revision;
use super::post::written;
use super::sql;
use super::view::{Message, MessageAnswer};
use crate::access::{self, Caller, Edit, Who};
use crate::event::{Event, record_task};
use crate::features::files::{self, AttachmentRef, MOST_FILES, NewFiles, Sent};
use crate::features::inbox::{self, Kind, Notice};
use crate::http::{Json, Path, Problem};

/// What to say instead, and files to add; at least one of them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EditMessage)]
pub(crate) struct Input {
    /// 1 to 20,000 characters of markdown; empty only while there are files.
    #[schema(max_length = 20000, example = "It is **out** now.")]
    content: Option<String>,
    /// Files that you have staged for this task; a message has at most 5.
    #[schema(max_items = 5)]
    attachments: Option<Vec<AttachmentRef>>,
}

/// The same, as a form with files.
#[derive(Debug, ToSchema)]
#[schema(as = EditForm)]
#[expect(dead_code, reason = "it only describes the form")]
pub(crate) struct FormInput {
    /// 1 to 20,000 characters of markdown; empty only while there are files.
    content: Option<String>,
    /// Files of at most 10 MiB; a message has at most 5.
    #[schema(value_type = Vec<String>, format = Binary, max_items = 5)]
    files: Vec<u8>,
}

/// Edit your message, or add files to it.
#[utoipa::path(put, path = "/api/messages/{id}", tag = "messages", params(("id" = i64, Path, example = 1)),
    request_body(content((Input = "application/json"), (FormInput = "multipart/form-data"))),
    responses((status = 200, body = MessageAnswer), (status = 409, description = "It was deleted")))]
pub(crate) async fn handler(
    caller: Caller,
    Path(id): Path<MessageId>,
    sent: Sent<Input>,
) -> Result<Json<MessageAnswer>, Problem> {
    let (content, new) = match sent {
        Sent::Json(keyed) => (keyed.input.content, NewFiles::staged(caller.app(), keyed.input.attachments)),
        Sent::Form(form) => {
            let form = form.receive(&caller, None, &["content"]).await?;
            (form.content, form.files)
        }
    };
    let upload = new.upload().map(str::to_owned);
    let edited = async {
        let revision = Revision::check(caller.app(), content.as_deref(), new).await?;
        let (who, now) = (caller.who(), caller.now());
        caller.write(async move |tx: &mut Tx<'_>| edit(tx, &who, id, &revision, now).await).await
    };
    let edited = edited.await;
    files::settle(caller.app(), upload.as_deref()).await;
    Ok(Json(MessageAnswer { message: "Message updated", data: edited? }))
}

/// Edits a message.
pub async fn edit(
    tx: &mut Tx<'_>,
    who: &Who,
    id: MessageId,
    revision: &Revision,
    now: Timestamp,
) -> Result<Message, Problem> {
    let permit = access::message::<Edit>(tx, who, id).await?;
    let (before, has) = sql::content(tx, id).await?;
    let has = usize::try_from(has).unwrap_or(0);
    let new = &revision.files;
    if has + new.len() > MOST_FILES {
        let text = format!("A message has at most {MOST_FILES} files; this one has {has}");
        return Err(Problem::field("attachments", "length", text));
    }
    let content = revision.content.as_ref().filter(|(content, _)| *content != before);
    if content.is_some_and(|(content, _)| content.is_empty()) && has + new.len() == 0 {
        return Err(Problem::field("content", "length", "Content must have 1 to 20000 characters"));
    }
    if content.is_none() && new.is_empty() {
        tx.commit_quietly("it says so already");
        return written(tx, who, id, new.links()).await;
    }
    if let Some((content, rendered)) = content {
        sql::update(tx, permit.id, content, &rendered.html, now).await?;
    }
    if !new.is_empty() {
        files::attach(tx, &permit, (id, who.id, has > 0), new, now).await?;
        sql::count_files(tx, id, i64::try_from(new.len()).unwrap_or(0), now).await?;
    }
    record_task(tx, who.id, now, permit.task_id, Event::MessageEdited { message_id: id }).await?;
    let message = written(tx, who, id, new.links()).await?;
    if let Some((_, rendered)) = content {
        let place = (permit.task_id, message.seq);
        let people = &rendered.mentioned;
        let notice = Notice { kind: Kind::Mentioned, people, place, message: Some(id), actor: who.id };
        inbox::notify(tx, notice, now).await?;
    }
    Ok(message)
}
