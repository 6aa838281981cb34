//! Keeps what a machine thinks of a message.

use faff_store::Tx;
use faff_store::jobs::{self, Job};
use faff_store::log::Stream;
use faff_types::ReviewId;

use super::analysis::Analysis;
use super::gather::Material;
use super::sql;
use crate::App;
use crate::access::{self, Analyse, System, Work};
use crate::event::{Event, record_machine};
use crate::features::summaries::Source;
use crate::features::tasks;
use crate::http::Problem;

/// What became of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Applied {
    /// It is kept, or nobody needs it any more; the job is over.
    Done,
    /// The message was edited meanwhile: it must be looked at anew.
    Again,
}

/// Keeps what was found of the material, tells what must be looked at soon, and ends the job, as one.
pub(crate) async fn apply(
    app: &App,
    job: &Job,
    material: &Material,
    told: faff_analysis::Review,
    by: (Source, Option<String>),
) -> Result<Applied, Problem> {
    let Stream::Task(task) = job.stream() else {
        return Err(Problem::internal("a review that belongs to no task"));
    };
    let analysis = Analysis::check(told, &material.message.text, by).await?;
    let json = serde_json::to_string(&analysis).map_err(Problem::internal)?;
    let system = System::for_reason(app, "a message was analysed");
    let (job, now, edit_count, inside) = (job.clone(), app.now(), material.edit_count, system.clone());
    let raised = app.settings().escalation_priority;
    system
        .write(async move |tx: &mut Tx<'_>| {
            let id = ReviewId::from_db(job.subject);
            let about = match access::task_for_system::<Analyse>(tx, &inside, task).await? {
                Some(_) => sql::about(tx, id).await?,
                None => None,
            };
            if about.as_ref().is_some_and(|about| about.edit_count != edit_count) {
                tx.commit_quietly("it is looked at anew");
                return Ok(Applied::Again);
            }
            if !jobs::finish(tx, &job).await? {
                tx.commit_quietly("another has done it");
                return Ok(Applied::Done);
            }
            let Some(about) = about else {
                tx.commit_quietly("the review is gone, or its message");
                return Ok(Applied::Done);
            };
            let escalates = analysis.escalate && !about.escalate;
            sql::keep(tx, id, (&json, edit_count, analysis.escalate), now).await?;
            let analysed = Event::ReviewAnalysed { review_id: id, verdict: analysis.verdict };
            record_machine(tx, now, task, analysed).await?;
            if escalates {
                record_machine(tx, now, task, Event::ReviewEscalated { review_id: id }).await?;
                if let Some(priority) = raised
                    && let Some(permit) = access::task_for_system::<Work>(tx, &inside, task).await?
                {
                    tasks::raise(tx, &permit, priority, now).await?;
                }
            }
            Ok(Applied::Done)
        })
        .await
}
