//! Has a ticket summarised.

use faff_store::jobs::Job;
use faff_types::TaskId;

use super::{Failed, end, source};
use crate::App;
use crate::features::summaries::{self, Applied};
use crate::http::Code;

/// How often it is begun anew because a message was deleted meanwhile.
const TIMES: usize = 3;

pub(super) async fn perform(app: &App, job: &Job) -> Result<(), Failed> {
    for _ in 0..TIMES {
        let Some(mut material) = summaries::gather(app, TaskId::from_db(job.subject)).await? else {
            return Ok(end(app, job).await?);
        };
        let last = material.last.take();
        let mut analysed = app.ai().summarise(material.conversation.clone(), last).await?;
        while summaries::gather_more(app, &mut material).await? {
            analysed = app.ai().summarise(material.conversation.clone(), Some(analysed.value)).await?;
        }
        let by = (source(analysed.source), analysed.model);
        if summaries::apply(app, job, &material, analysed.value, by).await? == Applied::Done {
            return Ok(());
        }
    }
    Err(Failed { code: Code::Busy, cause: "messages were deleted again and again".to_owned(), passes: true })
}
