//! Lists views.

use faff_types::ViewId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::sql;
use super::view::View;
use crate::access::Caller;
use crate::features::people::People;
use crate::http::{Cursor, Json, Limit, Problem, Query};

/// Which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// A page of views, in the order in which they were made.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ViewPage {
    views: Vec<View>,
    next_cursor: Option<String>,
    has_more: bool,
}

/// Your views, and those that others share.
#[utoipa::path(get, path = "/api/views", tag = "views", params(Params), responses((status = 200, body = ViewPage)))]
pub(crate) async fn handler(caller: Caller, Query(params): Query<Params>) -> Result<Json<ViewPage>, Problem> {
    let limit = Limit::check(params.limit)?;
    let query = format!("views of {}", caller.id);
    let behind = params.cursor.as_deref().map(|cursor| Cursor::decode(cursor, &query)).transpose()?;
    let (user, after) = (caller.id, ViewId::from_db(behind.map_or(0, |cursor| cursor.id)));
    let mut rows =
        caller.read(async move |reader| Ok(sql::list(reader, user, after, limit.fetch()).await?)).await?;
    let has_more = rows.len() > limit.get();
    rows.truncate(limit.get());
    let last = rows.last().filter(|_| has_more);
    let next_cursor = last.map(|row| Cursor { key: 0, id: row.id.get() }.encode(&query));
    let people = People::refs(caller.app(), rows.iter().map(|row| row.owner_id)).await?;
    let views = rows.into_iter().map(|row| View::new(row, &people)).collect::<Result<_, _>>()?;
    Ok(Json(ViewPage { views, next_cursor, has_more }))
}
