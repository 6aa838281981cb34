//! Shows a thread: the message that began it, and the answers.

use faff_types::MessageId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::sql::{self, with_files};
use super::view::Message;
use crate::access::Caller;
use crate::features::files::Attached;
use crate::features::people::People;
use crate::http::{Cursor, Json, Limit, Path, Problem, Query};

/// Which answers.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// A page of a thread.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ThreadAnswer {
    /// What began the thread.
    parent_message: Message,
    /// The answers, in order.
    replies: Vec<Message>,
    next_cursor: Option<String>,
    has_more: bool,
}

/// The thread that a message belongs to.
#[utoipa::path(get, path = "/api/messages/thread/{id}", tag = "messages", params(("id" = i64, Path, example = 1), Params),
    responses((status = 200, body = ThreadAnswer)))]
pub(crate) async fn by_root(
    caller: Caller,
    Path(id): Path<MessageId>,
    Query(params): Query<Params>,
) -> Result<Json<ThreadAnswer>, Problem> {
    show(&caller, id, &params).await
}

/// The thread that a message belongs to.
#[utoipa::path(get, path = "/api/messages/{id}/thread", tag = "messages", params(("id" = i64, Path, example = 1), Params),
    responses((status = 200, body = ThreadAnswer)))]
pub(crate) async fn of_message(
    caller: Caller,
    Path(id): Path<MessageId>,
    Query(params): Query<Params>,
) -> Result<Json<ThreadAnswer>, Problem> {
    show(&caller, id, &params).await
}

async fn show(caller: &Caller, id: MessageId, params: &Params) -> Result<Json<ThreadAnswer>, Problem> {
    let limit = Limit::check(params.limit)?;
    let query = format!("thread {id}");
    let after = params.cursor.as_deref().map(|cursor| Cursor::decode(cursor, &query)).transpose()?;
    let after = after.map_or(0, |cursor| cursor.key);
    let scope = caller.scope();
    let links = caller.app().files().links.clone();
    let (root, mut rows, files) = caller
        .read(async move |reader| {
            let root = sql::root(reader, id, scope).await?.ok_or_else(|| Problem::not_found("Message"))?;
            let rows = sql::replies(reader, root.id, after, limit.fetch()).await?;
            let shown = [&root].into_iter().chain(&rows);
            let files = Attached::read(reader, &links, with_files(shown)).await?;
            Ok((root, rows, files))
        })
        .await?;
    let has_more = rows.len() > limit.get();
    rows.truncate(limit.get());
    let last = rows.last().filter(|_| has_more);
    let next_cursor = last.map(|row| Cursor { key: row.seq, id: row.id.get() }.encode(&query));
    let named = [&root].into_iter().chain(&rows).flat_map(sql::MessageRow::people);
    let people = People::refs(caller.app(), named).await?;
    let replies = rows.into_iter().map(|row| Message::new(row, &people, &files)).collect::<Result<_, _>>()?;
    let parent_message = Message::new(root, &people, &files)?;
    Ok(Json(ThreadAnswer { parent_message, replies, next_cursor, has_more }))
}
