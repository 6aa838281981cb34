//! Changes a view.

use faff_store::Tx;
use faff_types::ViewId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::{View, ViewAnswer, check_name, check_place, check_query};
use super::{sql, tell};
use crate::access::{self, Caller, Keep};
use crate::event::{Event, record_user};
use crate::features::people::Refs;
use crate::http::text::Check;
use crate::http::{Json, Path, Problem};

/// What to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeView)]
pub(crate) struct Input {
    /// 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// As when it was saved.
    #[schema(max_length = 2000)]
    query: Option<String>,
    /// Whether everybody is to see it.
    shared: Option<bool>,
    /// Where it stands among its owner's.
    #[schema(minimum = 0, maximum = 1_000_000)]
    place: Option<i64>,
}

/// Change your view, or as an administrator one that is shared.
#[utoipa::path(put, path = "/api/views/{id}", tag = "views", params(("id" = i64, Path, example = 1)), request_body = Input,
    responses((status = 200, body = ViewAnswer)))]
pub(crate) async fn handler(
    caller: Caller,
    Path(id): Path<ViewId>,
    Json(input): Json<Input>,
) -> Result<Json<ViewAnswer>, Problem> {
    let mut check = Check::default();
    let name = input.name.map(|name| check_name(&mut check, &name));
    let query = input.query.map(|query| check_query(&mut check, &caller, &query));
    let place = input.place.map(|place| check_place(&mut check, place));
    check.done()?;
    let (who, now, shared) = (caller.who(), caller.now(), input.shared);
    let (view, was_shared) = caller
        .write(async move |tx: &mut Tx<'_>| {
            let permit = access::view::<Keep>(tx, &who, id).await?;
            let mut row = sql::find(tx, permit.id).await?;
            let before = (row.name.clone(), row.query.clone(), row.shared, row.place);
            row.name = name.clone().unwrap_or(row.name);
            row.query = query.clone().unwrap_or(row.query);
            (row.shared, row.place) = (shared.unwrap_or(row.shared), place.unwrap_or(row.place));
            if (&row.name, &row.query, row.shared, row.place) == (&before.0, &before.1, before.2, before.3) {
                tx.commit_quietly("nothing was to be changed");
            } else {
                row.updated_at = now;
                sql::update(tx, &row).await?;
                record_user(tx, Some(who.id), now, row.owner_id, Event::ViewChanged { view_id: id }).await?;
            }
            let people = Refs::read(tx, [(&*who).into()], [row.owner_id]).await?;
            Ok((View::new(row, &people)?, before.2))
        })
        .await?;
    tell(caller.app(), view.owner_id, was_shared || view.shared);
    Ok(Json(ViewAnswer { view }))
}
