//! Edits one's own message.

use faff_store::Tx;
use faff_types::{MessageId, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use super::message::check_content;
use super::post::written;
use super::sql;
use super::view::{Message, MessageAnswer};
use crate::access::{self, Caller, Edit, Who};
use crate::event::{Event, record_task};
use crate::http::text::{Check, render};
use crate::http::{Json, Path, Problem};

/// What to say instead.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EditMessage)]
pub(crate) struct Input {
    /// 1 to 20,000 characters of markdown.
    #[schema(min_length = 1, max_length = 20000, example = "It is **out** now.")]
    content: String,
}

/// Edit your message.
#[utoipa::path(put, path = "/api/messages/{id}", tag = "messages", params(("id" = i64, Path, example = 1)),
    request_body = Input,
    responses((status = 200, body = MessageAnswer), (status = 409, description = "It was deleted")))]
pub(crate) async fn handler(
    caller: Caller,
    Path(id): Path<MessageId>,
    Json(input): Json<Input>,
) -> Result<Json<MessageAnswer>, Problem> {
    let mut check = Check::default();
    let content = check_content(&mut check, &input.content);
    check.done()?;
    let html = render(&content).await?;
    let (who, now) = (caller.who(), caller.now());
    let data =
        caller.write(async move |tx: &mut Tx<'_>| edit(tx, &who, id, &content, &html, now).await).await?;
    Ok(Json(MessageAnswer { message: "Message updated", data }))
}

/// Edits a message: `content` is checked, `html` is the same rendered.
pub async fn edit(
    tx: &mut Tx<'_>,
    who: &Who,
    id: MessageId,
    content: &str,
    html: &str,
    now: Timestamp,
) -> Result<Message, Problem> {
    let permit = access::message::<Edit>(tx, who, id).await?;
    if sql::content(tx, id).await? == content {
        tx.commit_quietly("it says so already");
    } else {
        sql::update(tx, permit.id, content, html, now).await?;
        record_task(tx, who.id, now, permit.task_id, Event::MessageEdited { message_id: id }).await?;
    }
    written(tx, who, id).await
}
