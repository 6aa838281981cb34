//! Reads summaries for those who are told of them.

use faff_store::Reader;
use faff_types::SummaryId;

use super::sql;
use super::view::Summary;
use crate::App;
use crate::access::System;
use crate::http::Problem;

/// The summaries with these ids, in no order; those that are gone are left out. Whoever asks sees to who may be shown them.
pub(crate) async fn look_up(app: &App, ids: Vec<SummaryId>) -> Result<Vec<Summary>, Problem> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let system = System::for_reason(app, "who may be told is decided where it is told");
    let rows = system
        .read(async move |reader: &mut Reader<'_>| Ok::<_, Problem>(sql::by_ids(reader, &ids).await?))
        .await?;
    rows.into_iter().map(Summary::try_from).collect()
}
