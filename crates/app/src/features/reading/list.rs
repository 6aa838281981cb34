//! Shows how far somebody has read.

use faff_types::TaskId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Reading, ReadingAnswer, sql};
use crate::access::Caller;
use crate::http::{Json, Path, Problem, Query};

/// Tickets that may be asked for at once.
const MOST: usize = 100;

/// Of which tickets.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// The ids of 1 to 100 tickets, separated by commas.
    #[param(example = "1,2,3")]
    task_ids: String,
}

/// How far you have read several tickets.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReadingList {
    /// By their ids; those that do not exist for you are left out.
    reading: Vec<Reading>,
}

/// How far you have read these tickets: for whoever shows a page of them.
#[utoipa::path(get, path = "/api/reading", tag = "reading", params(Params), responses((status = 200, body = ReadingList)))]
pub(crate) async fn handler(
    caller: Caller,
    Query(params): Query<Params>,
) -> Result<Json<ReadingList>, Problem> {
    let ids: Option<Vec<TaskId>> =
        params.task_ids.split(',').map(|id| TaskId::try_from(id.trim().parse::<i64>().ok()?).ok()).collect();
    let ids = ids.filter(|ids| (1..=MOST).contains(&ids.len())).ok_or_else(|| {
        let message = format!("taskIds must be the ids of 1 to {MOST} tasks, separated by commas");
        Problem::field("taskIds", "format", message)
    })?;
    let scope = caller.scope();
    let reading = caller.read(async move |reader| Ok(sql::of_tasks(reader, &ids, scope).await?)).await?;
    Ok(Json(ReadingList { reading }))
}

/// How far you have read this ticket.
#[utoipa::path(get, path = "/api/tasks/{id}/read", tag = "reading", params(("id" = i64, Path, example = 1)),
    responses((status = 200, body = ReadingAnswer)))]
pub(crate) async fn of_task(caller: Caller, Path(id): Path<TaskId>) -> Result<Json<ReadingAnswer>, Problem> {
    let scope = caller.scope();
    let found = caller.look_up(async move |reader| Ok(sql::of_tasks(reader, &[id], scope).await?)).await?;
    let reading = found.into_iter().next().ok_or_else(|| Problem::not_found("Task"))?;
    Ok(Json(ReadingAnswer { reading }))
}
