//! Deletes a task with everything in it.

use axum::http::StatusCode;
use faff_store::Tx;
use faff_store::log::Stream;
use faff_types::TaskId;

use super::sql;
use crate::access::{self, Caller, Delete};
use crate::event::{Audience, Event, record};
use crate::http::{Path, Problem};

/// Delete a task with its messages and files. Only for administrators; its log remains.
#[utoipa::path(delete, path = "/api/tasks/{id}", tag = "tasks", params(("id" = i64, Path, example = 9)),
    responses((status = 204, description = "Deleted")))]
pub(crate) async fn handler(caller: Caller, Path(id): Path<TaskId>) -> Result<StatusCode, Problem> {
    let (who, now) = (caller.who(), caller.now());
    caller
        .write(async move |tx: &mut Tx<'_>| {
            let permit = access::task::<Delete>(tx, &who, id).await?;
            // Once the task is gone, nothing else tells who could see it.
            let audience = if permit.visibility == "team" {
                Audience::Everyone
            } else {
                let people = sql::participants(tx, id).await?.into_iter().map(|(id, ..)| id);
                let mut people: Vec<_> =
                    people.chain([permit.created_by_id]).chain(permit.assigned_to_id).collect();
                people.sort_unstable();
                people.dedup();
                Audience::People(people)
            };
            sql::delete(tx, id, now).await?;
            record(tx, Some(who.id), now, Stream::Task(id), audience, &Event::TaskDeleted {}).await?;
            Ok(())
        })
        .await?;
    caller.app().files_removed();
    Ok(StatusCode::NO_CONTENT)
}
