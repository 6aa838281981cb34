//! Shows a task.

use faff_types::TaskId;

use super::sql;
use super::view::{Task, TaskAnswer};
use crate::access::Caller;
use crate::features::people::People;
use crate::http::{Json, Path, Problem};

/// Read a task.
#[utoipa::path(get, path = "/api/tasks/{id}", tag = "tasks", params(("id" = i64, Path, example = 1)),
    responses((status = 200, body = TaskAnswer)))]
pub(crate) async fn handler(caller: Caller, Path(id): Path<TaskId>) -> Result<Json<TaskAnswer>, Problem> {
    let scope = caller.scope();
    let row = caller.look_up(async move |reader| Ok(sql::find(reader, id, scope).await?)).await?;
    let row = row.ok_or_else(|| Problem::not_found("Task"))?;
    let people = People::refs(caller.app(), row.people()).await?;
    Ok(Json(TaskAnswer { task: Task::new(row, &people)? }))
}
