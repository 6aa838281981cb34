//! Says that a message could not be analysed.

use faff_store::Tx;
use faff_store::jobs::{self, Job};
use faff_store::log::Stream;
use faff_types::ReviewId;

use crate::App;
use crate::access::{self, Analyse, System};
use crate::event::{Event, record_machine};
use crate::http::Problem;

/// Gives up analysing a message; whoever reviews it decides without, or asks again.
pub(crate) async fn give_up(app: &App, job: &Job, code: &str) -> Result<(), Problem> {
    let Stream::Task(task) = job.stream() else { return Ok(()) };
    let system = System::for_reason(app, "an analysis that was asked for could not be made");
    let (job, code, now, inside) = (job.clone(), code.to_owned(), app.now(), system.clone());
    system
        .write(async move |tx: &mut Tx<'_>| {
            let there = access::task_for_system::<Analyse>(tx, &inside, task).await?;
            if there.is_some() && jobs::park(tx, &job, &code).await? {
                let review_id = ReviewId::from_db(job.subject);
                record_machine(tx, now, task, Event::ReviewFailed { review_id, code: code.clone() }).await?;
            } else {
                tx.commit_quietly("it is another's by now, or nobody's");
            }
            Ok(())
        })
        .await
}
