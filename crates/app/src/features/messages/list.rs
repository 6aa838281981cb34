//! Lists the messages of a task, in both directions from any place.

use faff_store::Reader;
use faff_types::{MessageId, TaskId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::sql::{self, MessageRow, Way, with_files};
use super::view::Message;
use crate::access::{Caller, Scope};
use crate::features::files::Attached;
use crate::features::people::People;
use crate::features::tasks::Counted;
use crate::http::{Cursor, Json, Limit, Path, Problem, Query, no_page};

/// Which messages. Without `cursor`, `before`, `after` or `around`: the first ones.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `nextCursor` or `prevCursor` of another page.
    cursor: Option<String>,
    /// The messages right before this one; `latest` for the end of the conversation.
    before: Option<String>,
    /// The messages right after this one.
    after: Option<i64>,
    /// This message with what was said before and after it.
    around: Option<i64>,
    /// For older clients: the number of a page, from 1, instead of a cursor.
    #[param(minimum = 1, maximum = 10000)]
    page: Option<i64>,
}

/// A page of messages, in the order they were posted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MessagePage {
    messages: Vec<Message>,
    /// What was said after this page; null at the end.
    next_cursor: Option<String>,
    /// What was said before this page; null at the beginning.
    prev_cursor: Option<String>,
    /// Whether there is more in the direction that was asked for.
    has_more: bool,
    #[serde(flatten)]
    counted: Counted,
}

/// The messages of a task.
#[utoipa::path(get, path = "/api/tasks/{id}/messages", tag = "messages", params(("id" = i64, Path, example = 1), Params),
    responses((status = 200, body = MessagePage)))]
pub(crate) async fn in_task(
    caller: Caller,
    Path(task): Path<TaskId>,
    Query(params): Query<Params>,
) -> Result<Json<MessagePage>, Problem> {
    list(&caller, task, params).await
}

/// The messages of a task.
#[utoipa::path(get, path = "/api/messages/task/{taskId}", tag = "messages",
    params(("taskId" = i64, Path, example = 1), Params), responses((status = 200, body = MessagePage)))]
pub(crate) async fn of_task(
    caller: Caller,
    Path(task): Path<TaskId>,
    Query(params): Query<Params>,
) -> Result<Json<MessagePage>, Problem> {
    list(&caller, task, params).await
}

/// Where to read.
#[derive(Debug, Clone, Copy)]
enum Place {
    Seq(Way, i64),
    Message(Way, MessageId),
    Around(MessageId),
}

impl Place {
    fn check(params: &Params, query: &str) -> Result<Self, Problem> {
        no_page(params.page, params.cursor.as_deref())?;
        let given = [
            params.cursor.is_some(),
            params.before.is_some(),
            params.after.is_some(),
            params.around.is_some(),
            params.page.is_some(),
        ];
        if given.into_iter().filter(|given| *given).count() > 1 {
            let message = "Give only one of cursor, before, after, around and page";
            return Err(Problem::field("cursor", "choice", message));
        }
        let message = |field: &str, id: Option<i64>| {
            id.and_then(|id| MessageId::try_from(id).ok()).ok_or_else(|| {
                Problem::field(field, "format", format!("{field} must be the id of a message"))
            })
        };
        if let Some(cursor) = &params.cursor {
            let Cursor { key, id } = Cursor::decode(cursor, query)?;
            let way = if id < 0 { Way::Back } else { Way::Forward };
            return Ok(Self::Seq(way, key));
        }
        match (params.before.as_deref(), params.after, params.around) {
            (Some("latest"), ..) => Ok(Self::Seq(Way::Back, i64::MAX)),
            (Some(id), ..) => Ok(Self::Message(Way::Back, message("before", id.parse().ok())?)),
            (_, Some(id), _) => Ok(Self::Message(Way::Forward, message("after", Some(id))?)),
            (.., Some(id)) => Ok(Self::Around(message("around", Some(id))?)),
            _ => Ok(Self::Seq(Way::Forward, 0)),
        }
    }
}

/// Rows in order, and whether there are more on either side.
struct Found {
    rows: Vec<MessageRow>,
    before: bool,
    after: bool,
    asked: Way,
    /// Where the reading began, for a page with nothing on it.
    from: i64,
    total: Option<i64>,
}

async fn list(caller: &Caller, task: TaskId, params: Params) -> Result<Json<MessagePage>, Problem> {
    let limit = Limit::check(params.limit)?;
    let query = format!("messages of {task}");
    let place = Place::check(&params, &query)?;
    let (scope, page, links) = (caller.scope(), params.page, caller.app().files().links.clone());
    let (found, files) = caller
        .read(async move |reader: &mut Reader<'_>| {
            let found = match page {
                Some(page) => numbered(reader, task, scope, limit, page).await?,
                None => read(reader, task, scope, place, limit).await?,
            };
            // Nothing said, or nothing there for this caller?
            if found.rows.is_empty() && !sql::task_exists(reader, task, scope).await? {
                return Err(Problem::not_found("Task"));
            }
            let files = Attached::read(reader, &links, with_files(&found.rows)).await?;
            Ok((found, files))
        })
        .await?;
    let cursor = |row: Option<&MessageRow>, way: i64| {
        let key = row.map_or(found.from.saturating_sub(way), |row| row.seq);
        Cursor { key, id: way }.encode(&query)
    };
    let next_cursor = found.after.then(|| cursor(found.rows.last(), 1));
    let prev_cursor = found.before.then(|| cursor(found.rows.first(), -1));
    let has_more = if found.asked == Way::Forward { found.after } else { found.before };
    let counted = Counted::new(found.total, limit, page);
    let people = People::refs(caller.app(), found.rows.iter().flat_map(MessageRow::people)).await?;
    let messages = found.rows.into_iter().map(|row| Message::new(row, &people, &files));
    let messages = messages.collect::<Result<_, _>>()?;
    Ok(Json(MessagePage { messages, next_cursor, prev_cursor, has_more, counted }))
}

async fn read(
    reader: &mut Reader<'_>,
    task: TaskId,
    scope: Scope,
    place: Place,
    limit: Limit,
) -> Result<Found, Problem> {
    let (way, seq) = match place {
        Place::Seq(way, seq) => (way, seq),
        Place::Message(way, id) => (way, place_of(reader, task, scope, id).await?),
        Place::Around(id) => {
            let seq = place_of(reader, task, scope, id).await?;
            let half = limit.get() / 2;
            let mut rows = sql::page(reader, task, scope, (Way::Back, seq), limit.fetch(), 0).await?;
            let before = rows.len() > half;
            rows.truncate(half);
            rows.reverse();
            let mut later = sql::page(reader, task, scope, (Way::Forward, seq - 1), limit.fetch(), 0).await?;
            let after = later.len() > limit.get() - half;
            later.truncate(limit.get() - half);
            rows.extend(later);
            return Ok(Found { rows, before, after, asked: Way::Forward, from: seq, total: None });
        }
    };
    let mut rows = sql::page(reader, task, scope, (way, seq), limit.fetch(), 0).await?;
    let more = rows.len() > limit.get();
    rows.truncate(limit.get());
    if way == Way::Back {
        rows.reverse();
        return Ok(Found { rows, before: more, after: seq < i64::MAX, asked: way, from: seq, total: None });
    }
    Ok(Found { rows, before: seq > 0, after: more, asked: way, from: seq, total: None })
}

/// A page by its number, for older clients.
async fn numbered(
    reader: &mut Reader<'_>,
    task: TaskId,
    scope: Scope,
    limit: Limit,
    page: i64,
) -> Result<Found, Problem> {
    let offset = (page - 1) * i64::try_from(limit.get()).unwrap_or(0);
    let mut rows = sql::page(reader, task, scope, (Way::Forward, 0), limit.fetch(), offset).await?;
    let after = rows.len() > limit.get();
    rows.truncate(limit.get());
    let total = Some(sql::count(reader, task).await?);
    Ok(Found {
        rows,
        before: page > 1,
        after,
        asked: Way::Forward,
        // Of a page behind the end, the last messages are what was before.
        from: i64::MAX - 1,
        total,
    })
}

async fn place_of(
    reader: &mut Reader<'_>,
    task: TaskId,
    scope: Scope,
    id: MessageId,
) -> Result<i64, Problem> {
    if !sql::task_exists(reader, task, scope).await? {
        return Err(Problem::not_found("Task"));
    }
    sql::seq_of(reader, task, id).await?.ok_or_else(|| Problem::not_found("Message"))
}
