//! Tells what happened in a task, from a position on.

use faff_types::{TaskId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::sql;
use crate::access::Caller;
use crate::event::Event;
use crate::features::people::{People, Refs, UserRef};
use crate::http::{Json, Limit, Path, Problem, Query};

/// From where on.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// The `seq` of the last event you have; 0 for all.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// Something that happened in a task.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TaskEvent {
    /// 1, 2, 3 … without gaps, in the order of commits.
    seq: i64,
    #[schema(value_type = i64)]
    task_id: TaskId,
    /// What happened.
    #[schema(example = "message_posted")]
    kind: String,
    /// Who did it.
    #[schema(value_type = Option<i64>)]
    actor_id: Option<UserId>,
    actor: Option<UserRef>,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The particulars: ids, and the changes of fields that hold a closed set of values.
    #[schema(value_type = Object)]
    data: Value,
}

/// A page of a task's log.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventsAnswer {
    events: Vec<TaskEvent>,
    /// Where the log ends now.
    seq: i64,
    /// Whether more events follow this page; ask again after the last one's `seq`.
    has_more: bool,
}

/// What happened in a task, from a position on: exactly what a client that remembers the last `seq` has missed.
#[utoipa::path(get, path = "/api/tasks/{id}/events", tag = "tasks", params(("id" = i64, Path, example = 1), Params),
    responses((status = 200, body = EventsAnswer)))]
pub(crate) async fn handler(
    caller: Caller,
    Path(id): Path<TaskId>,
    Query(params): Query<Params>,
) -> Result<Json<EventsAnswer>, Problem> {
    let limit = Limit::check(params.limit)?;
    let after = params.after.unwrap_or(0);
    if after < 0 {
        return Err(Problem::field("after", "range", "after must be 0 or the seq of an event"));
    }
    let scope = caller.scope();
    let (seq, mut rows) = caller
        .read(async move |reader| {
            let seq = sql::seq(reader, id, scope).await?.ok_or_else(|| Problem::not_found("Task"))?;
            Ok((seq, sql::events(reader, id, after, limit.fetch()).await?))
        })
        .await?;
    let has_more = rows.len() > limit.get();
    rows.truncate(limit.get());
    let people = People::refs(caller.app(), rows.iter().filter_map(|row| row.actor_id)).await?;
    let events = rows.into_iter().map(|row| view(id, row, &people)).collect::<Result<Vec<_>, _>>()?;
    // Something may have been committed between the two queries.
    let seq = events.last().map_or(seq, |last| last.seq.max(seq));
    Ok(Json(EventsAnswer { events, seq, has_more }))
}

fn view(task_id: TaskId, row: sql::EventRow, people: &Refs) -> Result<TaskEvent, Problem> {
    Ok(TaskEvent {
        seq: row.seq,
        task_id,
        kind: row.kind,
        actor_id: row.actor_id,
        actor: row.actor_id.and_then(|id| people.get(id)),
        at: row.at,
        data: Event::particulars(&row.payload)?,
    })
}
