//! Who was let into a task.

use axum::http::StatusCode;
use faff_store::Tx;
use faff_types::{TaskId, Timestamp, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::sql;
use crate::access::rules::Action;
use crate::access::{self, AddressPeople, Caller, Who, Work};
use crate::event::{Event, record_task};
use crate::features::people::{self, UserRef};
use crate::http::{Json, Path, Problem};

/// The people who were let into a task.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ParticipantsAnswer {
    participants: Vec<UserRef>,
}

/// Who was let into a task, besides its creator and its assignee.
#[utoipa::path(get, path = "/api/tasks/{id}/participants", tag = "tasks", params(("id" = i64, Path, example = 1)),
    responses((status = 200, body = ParticipantsAnswer)))]
pub(crate) async fn list(
    caller: Caller,
    Path(id): Path<TaskId>,
) -> Result<Json<ParticipantsAnswer>, Problem> {
    let scope = caller.scope();
    let rows = caller
        .read(async move |reader| {
            sql::seq(reader, id, scope).await?.ok_or_else(|| Problem::not_found("Task"))?;
            Ok(sql::participants(reader, id).await?)
        })
        .await?;
    Ok(Json(ParticipantsAnswer { participants: rows.into_iter().map(UserRef::from).collect() }))
}

/// Let somebody into a task.
#[utoipa::path(put, path = "/api/tasks/{id}/participants/{userId}", tag = "tasks",
    params(("id" = i64, Path, example = 1), ("userId" = i64, Path, example = 2)),
    responses((status = 204, description = "They take part")))]
pub(crate) async fn put(
    caller: Caller,
    Path((id, user)): Path<(TaskId, UserId)>,
) -> Result<StatusCode, Problem> {
    let (who, now) = (caller.who(), caller.now());
    caller.write(async move |tx: &mut Tx<'_>| add(tx, &who, id, user, now).await).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets somebody into a task.
pub async fn add(
    tx: &mut Tx<'_>,
    who: &Who,
    id: TaskId,
    user: UserId,
    now: Timestamp,
) -> Result<(), Problem> {
    let permit = access::task::<AddressPeople>(tx, who, id).await?;
    if people::find_active(tx, user).await?.is_none() {
        return Err(Problem::field("userId", "reference", "userId must be the id of an active user"));
    }
    if sql::add_participant(tx, permit.id, user).await? {
        record_task(tx, who.id, now, id, Event::ParticipantAdded { user_id: user }).await?;
    } else {
        tx.commit_quietly("they take part already");
    }
    Ok(())
}

/// Take somebody out of a task. Everyone may take themselves out.
#[utoipa::path(delete, path = "/api/tasks/{id}/participants/{userId}", tag = "tasks",
    params(("id" = i64, Path, example = 1), ("userId" = i64, Path, example = 2)),
    responses((status = 204, description = "They take no part")))]
pub(crate) async fn delete(
    caller: Caller,
    Path((id, user)): Path<(TaskId, UserId)>,
) -> Result<StatusCode, Problem> {
    let (who, now) = (caller.who(), caller.now());
    caller
        .write(async move |tx: &mut Tx<'_>| {
            let permit = access::task::<Work>(tx, &who, id).await?;
            if user != who.id && !AddressPeople::allows(&who, &permit) {
                return Err(Problem::forbidden(AddressPeople::REFUSAL));
            }
            if sql::remove_participant(tx, permit.id, user).await? {
                record_task(tx, who.id, now, id, Event::ParticipantRemoved { user_id: user }).await?;
            } else {
                tx.commit_quietly("they took no part");
            }
            Ok(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
