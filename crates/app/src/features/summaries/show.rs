//! Shows the summaries of a task.

use faff_store::Reader;
use faff_types::TaskId;

use super::sql;
use super::view::SummariesAnswer;
use crate::access::Caller;
use crate::features::tasks;
use crate::http::{Json, Path, Problem};
use crate::jobs::{self, Kind};

/// What there is of summaries of a task: the one that was made, the last one that a person wrote, and how it stands with the
/// one that is to be made.
#[utoipa::path(get, path = "/api/summaries/task/{taskId}", tag = "summaries",
    params(("taskId" = i64, Path, example = 1)), responses((status = 200, body = SummariesAnswer)))]
pub(crate) async fn handler(
    caller: Caller,
    Path(task): Path<TaskId>,
) -> Result<Json<SummariesAnswer>, Problem> {
    let scope = caller.scope();
    let (rows, job) = caller
        .read(async move |reader: &mut Reader<'_>| {
            tasks::head(reader, task, scope).await?.ok_or_else(|| Problem::not_found("Task"))?;
            let rows = sql::of_task(reader, task).await?;
            Ok((rows, jobs::progress(reader, Kind::Summary, task.get()).await?))
        })
        .await?;
    Ok(Json(SummariesAnswer::new(rows, job)?))
}
