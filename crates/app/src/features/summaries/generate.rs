//! Has a summary made.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use faff_store::Tx;
use faff_types::{TaskId, Timestamp};

use super::sql;
use super::summary::Source;
use super::view::SummariesAnswer;
use crate::access::{self, Caller, Summarise, Who};
use crate::event::{Event, record_task};
use crate::http::idempotency::{Answer, Unbodied};
use crate::http::{Path, Problem};
use crate::jobs::{self, Kind};

/// Have a summary of a task made. When the one there is says everything, that is the answer; otherwise it is made soon, and
/// the room is told by `summary_updated`, or `summary_failed`.
#[utoipa::path(post, path = "/api/summaries/generate/{taskId}", tag = "summaries",
    params(("taskId" = i64, Path, example = 1),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again")),
    responses((status = 200, description = "It is there", body = SummariesAnswer),
        (status = 202, description = "It will be made", body = SummariesAnswer),
        (status = 422, description = "The key was used for another request")))]
pub(crate) async fn handler(
    caller: Caller,
    Path(task): Path<TaskId>,
    Unbodied(key): Unbodied,
) -> Result<impl IntoResponse, Problem> {
    let (who, now) = (caller.who(), caller.now());
    let answer = caller.answer_once(key, async move |tx: &mut Tx<'_>| generate(tx, &who, task, now).await);
    let answer = answer.await?;
    caller.app().jobs().wake.notify_one();
    Ok(answer)
}

async fn generate(tx: &mut Tx<'_>, who: &Who, task: TaskId, now: Timestamp) -> Result<Answer, Problem> {
    let permit = access::task::<Summarise>(tx, who, task).await?;
    let rows = sql::of_task(tx, permit.id).await?;
    if rows.iter().any(|row| row.source != Source::Person && !row.stale) {
        tx.commit_quietly("the summary that there is says everything");
        return Answer::new(StatusCode::OK, &SummariesAnswer::new(rows, None)?);
    }
    if jobs::ask(tx, (Kind::Summary, task.get()), task, Some(who.id), now).await? {
        record_task(tx, who.id, now, task, Event::SummaryRequested {}).await?;
    } else {
        tx.commit_quietly("it was asked for already");
    }
    let job = jobs::progress(tx, Kind::Summary, task.get()).await?;
    Answer::new(StatusCode::ACCEPTED, &SummariesAnswer::new(rows, job)?)
}
