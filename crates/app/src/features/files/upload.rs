//! Stages files, to go with a message that is still being written.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use faff_store::Tx;
use faff_types::{TaskId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::attach::{NewFiles, take_over};
use super::receive::{Form, MessageForm};
use super::view::Attachment;
use super::{settle, sql};
use crate::access::{self, Caller, Post, Who};
use crate::http::Problem;

/// Files to stage.
#[derive(Debug, ToSchema)]
#[schema(as = UploadForm)]
#[expect(dead_code, reason = "it only describes the form")]
pub(crate) struct Input {
    /// The task that the message will be in.
    #[schema(rename = "taskId", example = 1)]
    task_id: i64,
    /// 1 to 5 files of at most 10 MiB.
    #[schema(value_type = Vec<String>, format = Binary, max_items = 5)]
    files: Vec<u8>,
}

/// Files that are staged.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Staged {
    /// Name their ids in a message of the same task within an hour.
    attachments: Vec<Attachment>,
}

/// Send files ahead of a message. Within an hour, a message to the task may name them by their ids; then they are gone.
#[utoipa::path(post, path = "/api/attachments/upload", tag = "files",
    request_body(content = Input, content_type = "multipart/form-data"),
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again")),
    responses((status = 200, body = Staged), (status = 413, description = "Too many files, or one that is too large"),
        (status = 415, description = "Not a form, or a file of a kind that is not taken"),
        (status = 422, description = "The key was used for other files")))]
pub(crate) async fn handler(caller: Caller, form: Form) -> Result<impl IntoResponse, Problem> {
    let MessageForm { task_id, files, key, .. } = form.receive(&caller, None, &["taskId"]).await?;
    let upload = files.upload.clone();
    let staged = async {
        let missing = |field, text: &str| Problem::field(field, "required", text);
        let task = task_id.ok_or_else(|| missing("taskId", "The field \"taskId\" is missing"))?;
        if files.is_empty() {
            return Err(missing("files", "The field \"files\" is missing"));
        }
        let (who, now) = (caller.who(), caller.now());
        caller
            .write_once(key, StatusCode::OK, async move |tx: &mut Tx<'_>| {
                stage(tx, &who, task, &files, now).await
            })
            .await
    };
    let staged = staged.await;
    settle(caller.app(), upload.as_deref()).await;
    staged
}

async fn stage(
    tx: &mut Tx<'_>,
    who: &Who,
    task: TaskId,
    files: &NewFiles,
    now: Timestamp,
) -> Result<Staged, Problem> {
    let permit = access::task::<Post>(tx, who, task).await?;
    tx.commit_quietly("it is told with the message");
    if let Some(upload) = &files.upload {
        take_over(tx, upload).await?;
    }
    for (place, file) in (0..).zip(&files.come) {
        sql::insert(tx, file, (permit.id, who.id, None), (place, now)).await?;
    }
    Ok(Staged { attachments: files.come.iter().map(|file| file.view(&files.links, now)).collect() })
}
