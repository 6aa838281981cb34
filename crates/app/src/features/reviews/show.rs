//! Shows a review.

use faff_store::Reader;
use faff_types::ReviewId;

use super::sql;
use super::view::{Review, ReviewAnswer};
use crate::access::Caller;
use crate::features::people::People;
use crate::http::{Json, Path, Problem};
use crate::jobs::{self, Kind};

/// Read a review.
#[utoipa::path(get, path = "/api/qa/{id}", tag = "reviews", params(("id" = i64, Path, example = 1)),
    responses((status = 200, body = ReviewAnswer)))]
pub(crate) async fn handler(caller: Caller, Path(id): Path<ReviewId>) -> Result<Json<ReviewAnswer>, Problem> {
    let scope = caller.scope();
    let (row, job) = caller
        .look_up(async move |reader: &mut Reader<'_>| {
            let row = sql::find(reader, id, scope).await?.ok_or_else(|| Problem::not_found("Review"))?;
            Ok((row, jobs::progress(reader, Kind::Review, id.get()).await?))
        })
        .await?;
    let people = People::refs(caller.app(), row.people()).await?;
    Ok(Json(ReviewAnswer { review: Review::new(row, &people, job)? }))
}
