//! Lists what happened, newest first.

use faff_store::log::Stream;
use faff_types::{TaskId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::sql::{self, EventRow, Filter, Place};
use crate::access::Caller;
use crate::event::Event;
use crate::features::people::UserRef;
use crate::http::text::Check;
use crate::http::{Cursor, Json, Limit, Problem, Query};

/// Which events.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// Who did it.
    actor: Option<i64>,
    /// What happened.
    #[param(example = "task_created")]
    kind: Option<String>,
    /// In which task.
    task_id: Option<i64>,
    /// To whose account.
    user_id: Option<i64>,
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditEvent {
    /// Its place in the whole log.
    id: i64,
    /// The task it happened in.
    #[schema(value_type = Option<i64>)]
    task_id: Option<TaskId>,
    /// The account it happened to.
    #[schema(value_type = Option<i64>)]
    user_id: Option<UserId>,
    /// Its number in that task or account.
    seq: i64,
    /// What happened.
    #[schema(example = "task_created")]
    kind: String,
    /// Who did it; null when it was the command line.
    #[schema(value_type = Option<i64>)]
    actor_id: Option<UserId>,
    actor: Option<UserRef>,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The particulars.
    #[schema(value_type = Object)]
    data: Value,
}

/// A page of the audit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditPage {
    events: Vec<AuditEvent>,
    next_cursor: Option<String>,
    has_more: bool,
}

/// Every change, who made it and when, newest first. Only for administrators.
#[utoipa::path(get, path = "/api/audit", tag = "audit", params(Params),
    responses((status = 200, body = AuditPage), (status = 403, description = "Only for administrators")))]
pub(crate) async fn handler(
    caller: Caller,
    Query(params): Query<Params>,
) -> Result<Json<AuditPage>, Problem> {
    if !caller.is_admin() {
        return Err(Problem::forbidden("Only an administrator may read the audit"));
    }
    let limit = Limit::check(params.limit)?;
    let query = format!("audit {:?}", Params { limit: None, cursor: None, ..params.clone() });
    let mut filter = check(&params)?;
    filter.before = params
        .cursor
        .as_deref()
        .map(|cursor| Cursor::decode(cursor, &query))
        .transpose()?
        .map(|cursor| cursor.id);
    let place = filter.place();
    let mut rows =
        caller.read(async move |reader| Ok(sql::list(reader, &filter, limit.fetch()).await?)).await?;
    let has_more = rows.len() > limit.get();
    rows.truncate(limit.get());
    let next_cursor = rows.last().filter(|_| has_more).map(|row| {
        let id = match place {
            Place::Id => row.id,
            Place::Seq => row.seq,
        };
        Cursor { key: 0, id }.encode(&query)
    });
    let events = rows.into_iter().map(view).collect::<Result<_, _>>()?;
    Ok(Json(AuditPage { events, next_cursor, has_more }))
}

fn check(params: &Params) -> Result<Filter, Problem> {
    let mut check = Check::default();
    let mut id = |field: &str, given: Option<i64>| {
        given.filter(|id| {
            let fits = UserId::try_from(*id).is_ok();
            if !fits {
                check.refuse(field, "format", format!("{field} must be an id"));
            }
            fits
        })
    };
    let actor = id("actor", params.actor).map(UserId::from_db);
    let task = id("taskId", params.task_id).map(TaskId::from_db);
    let user = id("userId", params.user_id).map(UserId::from_db);
    let kind = params.kind.as_deref().and_then(|given| {
        let known = Event::KINDS.into_iter().find(|kind| *kind == given);
        if known.is_none() {
            check.refuse("kind", "choice", format!("kind must be one of {}", Event::KINDS.join(", ")));
        }
        known
    });
    check.done()?;
    Ok(Filter { actor, kind, task, user, before: None })
}

fn view(row: EventRow) -> Result<AuditEvent, Problem> {
    let (task_id, user_id) = match Stream::from_db(row.stream) {
        Stream::Task(id) => (Some(id), None),
        Stream::User(id) => (None, Some(id)),
        Stream::Workspace => (None, None),
    };
    Ok(AuditEvent {
        id: row.id,
        task_id,
        user_id,
        seq: row.seq,
        data: Event::particulars(&row.payload)?,
        kind: row.kind,
        actor_id: row.actor_id,
        actor: UserRef::of(row.actor_id, row.actor_name, row.actor_email),
        at: row.at,
    })
}
