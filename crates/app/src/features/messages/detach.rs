//! Takes one file from a message.

use faff_store::Tx;
use faff_types::{AttachmentId, MessageId, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use super::post::written;
use super::sql;
use super::view::{Message, MessageAnswer};
use crate::access::{self, Caller, Remove, Who};
use crate::event::{Event, record_task};
use crate::features::files::{self, Links};
use crate::http::{Json, Path, Problem};

/// Which file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = RemoveAttachment)]
pub(crate) struct Input {
    /// A file of this message.
    #[schema(value_type = String, format = "uuid")]
    attachment_id: AttachmentId,
}

/// Remove one file of a message: of your own, or of any as an administrator.
#[utoipa::path(delete, path = "/api/messages/{id}/attachment", tag = "messages",
    params(("id" = i64, Path, example = 1)), request_body = Input,
    responses((status = 200, body = MessageAnswer), (status = 409, description = "The message was deleted")))]
pub(crate) async fn handler(
    caller: Caller,
    Path(id): Path<MessageId>,
    Json(input): Json<Input>,
) -> Result<Json<MessageAnswer>, Problem> {
    let (who, now, file) = (caller.who(), caller.now(), input.attachment_id);
    let links = caller.app().files().links.clone();
    let data =
        caller.write(async move |tx: &mut Tx<'_>| detach(tx, &who, (id, &file), &links, now).await).await?;
    caller.app().files_removed();
    Ok(Json(MessageAnswer { message: "Attachment removed", data }))
}

async fn detach(
    tx: &mut Tx<'_>,
    who: &Who,
    (id, file): (MessageId, &AttachmentId),
    links: &Links,
    now: Timestamp,
) -> Result<Message, Problem> {
    let permit = access::message::<Remove>(tx, who, id).await?;
    if !files::remove(tx, &permit, file, now).await? {
        return Err(Problem::not_found("Attachment"));
    }
    sql::count_files(tx, id, -1, now).await?;
    let removed = Event::AttachmentRemoved { message_id: id, attachment_id: file.clone() };
    record_task(tx, who.id, now, permit.task_id, removed).await?;
    written(tx, who, id, links).await
}
