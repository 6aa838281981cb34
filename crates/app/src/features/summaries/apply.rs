//! Keeps a summary that was made.

use std::collections::HashSet;

use faff_store::Tx;
use faff_store::jobs::{self, Job};
use faff_store::log::Stream;
use faff_types::TaskId;

use super::gather::Material;
use super::sql;
use super::summary::{Made, Source, tame};
use crate::App;
use crate::access::{self, Summarise, System};
use crate::event::{Event, record_machine};
use crate::http::Problem;
use crate::http::text::render_machine;

/// What became of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Applied {
    /// It is kept, or nobody needs it any more; the job is over.
    Done,
    /// A message that went into it was deleted meanwhile: it must be made anew.
    Again,
}

/// Keeps what was made of the material in place of what was made before, and ends the job, as one.
pub(crate) async fn apply(
    app: &App,
    job: &Job,
    material: &Material,
    told: faff_analysis::Summary,
    (source, model): (Source, Option<String>),
) -> Result<Applied, Problem> {
    let made = Made::check(told);
    let html = render_machine(&made.content).await?;
    let model = model.map(|model| tame(&model, 64));
    let system = System::for_reason(app, "a summary was made");
    let (job, now, up_to, inside) = (job.clone(), app.now(), material.up_to_seq, system.clone());
    system
        .write(async move |tx: &mut Tx<'_>| {
            let task = TaskId::from_db(job.subject);
            let stream = Stream::Task(task);
            let Some(permit) = access::task_for_system::<Summarise>(tx, &inside, task).await? else {
                tx.commit_quietly("the ticket is gone, and its jobs with it");
                return Ok(Applied::Done);
            };
            if sql::was_deleted_since(tx, stream, up_to).await? {
                tx.commit_quietly("it is made anew");
                return Ok(Applied::Again);
            }
            let mut made = made.clone();
            let there: HashSet<_> = sql::there(tx, permit.id, &made.cited()).await?.into_iter().collect();
            made.cite_only(&there);
            if !jobs::finish(tx, &job).await? {
                tx.commit_quietly("another has done it");
                return Ok(Applied::Done);
            }
            let (made, seq) = ((&made, html.as_str()), (up_to, tx.next_seq(stream)));
            let by = (source, model.as_deref(), job.asked_by);
            let id = sql::put(tx, permit.id, made, by, seq, now).await?;
            record_machine(tx, now, task, Event::SummaryGenerated { summary_id: id, source }).await?;
            Ok(Applied::Done)
        })
        .await
}
