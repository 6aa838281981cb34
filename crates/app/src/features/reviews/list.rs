//! Lists reviews.

use std::collections::HashMap;

use faff_store::Reader;
use faff_types::TaskId;
use serde::Deserialize;
use utoipa::IntoParams;

use super::sql::{self, Filter, ReviewRow};
use super::view::{Review, ReviewPage, Status};
use crate::access::Caller;
use crate::features::people::People;
use crate::features::tasks;
use crate::http::text::Check;
use crate::http::{Cursor, Json, Limit, Path, Problem, Query};
use crate::jobs::{self, Kind, Progress};

/// Which reviews, in which order.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// `pending`, `approved` or `rejected`.
    status: Option<String>,
    /// Of which task.
    task_id: Option<i64>,
    /// `createdAt`, or `-createdAt` for the newest first, which holds when it is left out.
    #[param(example = "createdAt")]
    sort: Option<String>,
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// Which reviews of a task, in which order.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TaskParams {
    /// `pending`, `approved` or `rejected`.
    status: Option<String>,
    /// `createdAt`, or `-createdAt` for the newest first, which holds when it is left out.
    #[param(example = "createdAt")]
    sort: Option<String>,
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// The reviews of all tasks that exist for you.
#[utoipa::path(get, path = "/api/qa", tag = "reviews", params(Params), responses((status = 200, body = ReviewPage)))]
pub(crate) async fn handler(
    caller: Caller,
    Query(params): Query<Params>,
) -> Result<Json<ReviewPage>, Problem> {
    let task = params.task_id.map(TaskId::try_from).transpose();
    let task = task.map_err(|_| Problem::field("taskId", "format", "taskId must be the id of a task"))?;
    let Params { status, sort, limit, cursor, .. } = params;
    list(&caller, task, TaskParams { status, sort, limit, cursor }, false).await
}

/// The reviews of a task.
#[utoipa::path(get, path = "/api/qa/task/{taskId}", tag = "reviews", params(("taskId" = i64, Path, example = 1), TaskParams),
    responses((status = 200, body = ReviewPage)))]
pub(crate) async fn of_task(
    caller: Caller,
    Path(task): Path<TaskId>,
    Query(params): Query<TaskParams>,
) -> Result<Json<ReviewPage>, Problem> {
    list(&caller, Some(task), params, true).await
}

async fn list(
    caller: &Caller,
    task: Option<TaskId>,
    params: TaskParams,
    must_exist: bool,
) -> Result<Json<ReviewPage>, Problem> {
    let limit = Limit::check(params.limit)?;
    let mut check = Check::default();
    let status = params.status.as_deref();
    let status = status.and_then(|word| check.word("status", word, Status::parse, Status::ALL));
    let descending = match params.sort.as_deref().unwrap_or("-createdAt") {
        "-createdAt" => true,
        "createdAt" => false,
        _ => {
            check.refuse("sort", "choice", "sort must be createdAt or -createdAt");
            true
        }
    };
    check.done()?;
    let query = format!("reviews for {}: {task:?} {status:?} {descending}", caller.id);
    let behind = params.cursor.as_deref().map(|cursor| Cursor::decode(cursor, &query)).transpose()?;
    let filter = Filter { scope: caller.scope(), task, status, behind: behind.map(|at| at.id), descending };
    let (mut rows, mut progress) = caller
        .read(async move |reader: &mut Reader<'_>| {
            let rows = sql::list(reader, &filter, limit.fetch()).await?;
            if let Some(task) = task.filter(|_| must_exist && rows.is_empty()) {
                let head = tasks::head(reader, task, filter.scope).await?;
                head.ok_or_else(|| Problem::not_found("Task"))?;
            }
            let progress = progress_of(reader, &rows).await?;
            Ok((rows, progress))
        })
        .await?;
    let has_more = rows.len() > limit.get();
    rows.truncate(limit.get());
    let last = rows.last().filter(|_| has_more);
    let next_cursor = last.map(|row| Cursor { key: 0, id: row.id.get() }.encode(&query));
    let people = People::refs(caller.app(), rows.iter().flat_map(ReviewRow::people)).await?;
    let view = |row: ReviewRow| {
        let job = progress.remove(&row.id.get());
        Review::new(row, &people, job)
    };
    let reviews = rows.into_iter().map(view).collect::<Result<_, _>>()?;
    Ok(Json(ReviewPage { reviews, next_cursor, has_more }))
}

/// How it stands with the analyses of reviews, with one query, and with none when there are no reviews.
pub(super) async fn progress_of(
    reader: &mut Reader<'_>,
    rows: &[ReviewRow],
) -> Result<HashMap<i64, Progress>, Problem> {
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(jobs::progress_of(reader, Kind::Review, rows.iter().map(|row| row.id.get())).await?)
}
