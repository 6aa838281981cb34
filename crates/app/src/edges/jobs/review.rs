//! Has a message looked at.

use faff_store::jobs::Job;
use faff_types::ReviewId;

use super::{Failed, end, source};
use crate::App;
use crate::features::reviews::{self, Applied};
use crate::http::Code;

/// How often it is begun anew because the message was edited meanwhile.
const TIMES: usize = 3;

pub(super) async fn perform(app: &App, job: &Job) -> Result<(), Failed> {
    for _ in 0..TIMES {
        let Some(material) = reviews::gather(app, ReviewId::from_db(job.subject)).await? else {
            return Ok(end(app, job).await?);
        };
        let (conversation, message) = (material.conversation.clone(), material.message.clone());
        let analysed = app.ai().review(conversation, message, &material.guidance).await?;
        let by = (source(analysed.source), analysed.model);
        if reviews::apply(app, job, &material, analysed.value, by).await? == Applied::Done {
            return Ok(());
        }
    }
    Err(Failed { code: Code::Busy, cause: "the message was edited again and again".to_owned(), passes: true })
}
