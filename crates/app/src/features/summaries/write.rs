//! Writes a summary by hand.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use faff_store::Tx;
use faff_store::log::Stream;
use faff_types::{TaskId, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use super::sql;
use super::view::{Summary, SummaryAnswer};
use crate::access::{self, Caller, Summarise, Who};
use crate::event::{Event, record_task};
use crate::http::Problem;
use crate::http::idempotency::Keyed;
use crate::http::text::{Check, render};

/// What a task comes to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = WriteSummary)]
pub(crate) struct Input {
    /// The task.
    #[schema(value_type = i64, example = 1)]
    task_id: TaskId,
    /// 1 to 20,000 characters of markdown.
    #[schema(min_length = 1, max_length = 20000, example = "The fan is replaced; the **cover** is ordered.")]
    content: String,
}

/// Write a summary of a task. It stands beside the one that is made, and does not change it.
#[utoipa::path(post, path = "/api/summaries", tag = "summaries", request_body = Input,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again")),
    responses((status = 201, body = SummaryAnswer), (status = 422, description = "The key was used for another request")))]
pub(crate) async fn handler(caller: Caller, keyed: Keyed<Input>) -> Result<impl IntoResponse, Problem> {
    let Input { task_id, content } = keyed.input;
    let mut check = Check::default();
    let content = check.text("content", "Content", &content, 1..=20_000);
    check.done()?;
    let html = render(&content).await?;
    let (who, now) = (caller.who(), caller.now());
    caller
        .write_once(keyed.key, StatusCode::CREATED, async move |tx: &mut Tx<'_>| {
            Ok(SummaryAnswer { summary: write(tx, &who, task_id, (&content, &html), now).await? })
        })
        .await
}

async fn write(
    tx: &mut Tx<'_>,
    who: &Who,
    task: TaskId,
    (content, html): (&str, &str),
    now: Timestamp,
) -> Result<Summary, Problem> {
    let permit = access::task::<Summarise>(tx, who, task).await?;
    let seq = tx.next_seq(Stream::Task(task));
    let id = sql::insert(tx, (permit.id, who.id), (content, html), seq, now).await?;
    record_task(tx, who.id, now, task, Event::SummaryWritten { summary_id: id }).await?;
    sql::written(tx, id).await?.try_into()
}
