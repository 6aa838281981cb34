//! Reads reviews for those who are told of them.

use faff_store::Reader;
use faff_types::ReviewId;

use super::list::progress_of;
use super::sql::{self, ReviewRow};
use super::view::Review;
use crate::App;
use crate::access::System;
use crate::features::people::People;
use crate::http::Problem;

/// The reviews with these ids, in no order; those that are gone are left out. Whoever asks sees to who may be shown them.
pub(crate) async fn look_up(app: &App, ids: Vec<ReviewId>) -> Result<Vec<Review>, Problem> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let system = System::for_reason(app, "who may be told is decided where it is told");
    let (rows, mut progress) = system
        .read(async move |reader: &mut Reader<'_>| {
            let rows = sql::by_ids(reader, &ids).await?;
            let progress = progress_of(reader, &rows).await?;
            Ok::<_, Problem>((rows, progress))
        })
        .await?;
    let people = People::refs(app, rows.iter().flat_map(ReviewRow::people)).await?;
    let view = |row: ReviewRow| {
        let job = progress.remove(&row.id.get());
        Review::new(row, &people, job)
    };
    rows.into_iter().map(view).collect()
}
