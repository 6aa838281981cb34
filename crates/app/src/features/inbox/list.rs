//! Lists what somebody is to be told of.

use faff_store::Reader;
use faff_types::{EntryId, MAX_ID};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::sql::{self, Wanted};
use super::view::Entry;
use crate::access::Caller;
use crate::features::people::People;
use crate::http::{Cursor, Json, Limit, Problem, Query};

/// Unread entries are not counted beyond this.
pub(super) const COUNTED: usize = 100;

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// `true` for those that are unread.
    unread: Option<bool>,
    /// `true` for those that are done, too.
    done: Option<bool>,
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// A page of your inbox, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InboxPage {
    entries: Vec<Entry>,
    next_cursor: Option<String>,
    has_more: bool,
    /// Entries that are neither read nor done; 100 stands for more, too.
    #[schema(maximum = 100)]
    unread_count: i64,
}

/// What you are to be told of: mentions, answers, tickets to work on, reviews.
#[utoipa::path(get, path = "/api/inbox", tag = "inbox", params(Params), responses((status = 200, body = InboxPage)))]
pub(crate) async fn handler(
    caller: Caller,
    Query(params): Query<Params>,
) -> Result<Json<InboxPage>, Problem> {
    let limit = Limit::check(params.limit)?;
    let wanted = Wanted { unread: params.unread == Some(true), done: params.done == Some(true) };
    let query = format!("inbox of {}: {wanted:?}", caller.id);
    let behind = params.cursor.as_deref().map(|cursor| Cursor::decode(cursor, &query)).transpose()?;
    let before = EntryId::from_db(behind.map_or(MAX_ID, |cursor| cursor.id));
    let scope = caller.scope();
    let (mut rows, unread_count) = caller
        .read(async move |reader: &mut Reader<'_>| {
            let rows = sql::list(reader, scope, wanted, before, limit.fetch()).await?;
            Ok((rows, sql::unread(reader, scope, COUNTED).await?))
        })
        .await?;
    let has_more = rows.len() > limit.get();
    rows.truncate(limit.get());
    let last = rows.last().filter(|_| has_more);
    let next_cursor = last.map(|row| Cursor { key: 0, id: row.id.get() }.encode(&query));
    let people = People::refs(caller.app(), rows.iter().map(|row| row.actor_id)).await?;
    let entries = rows.into_iter().map(|row| Entry::new(row, &people)).collect::<Result<_, _>>()?;
    Ok(Json(InboxPage { entries, next_cursor, has_more, unread_count }))
}
