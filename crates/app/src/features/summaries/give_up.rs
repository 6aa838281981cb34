//! Says that a summary could not be made.

use faff_store::Tx;
use faff_store::jobs::{self, Job};
use faff_types::TaskId;

use crate::App;
use crate::access::{self, Summarise, System};
use crate::event::{Event, record_machine};
use crate::http::Problem;

/// Gives up making a summary; the one there was stays.
pub(crate) async fn give_up(app: &App, job: &Job, code: &str) -> Result<(), Problem> {
    let system = System::for_reason(app, "a summary that was asked for could not be made");
    let (job, code, now, inside) = (job.clone(), code.to_owned(), app.now(), system.clone());
    system
        .write(async move |tx: &mut Tx<'_>| {
            let task = TaskId::from_db(job.subject);
            let there = access::task_for_system::<Summarise>(tx, &inside, task).await?;
            if there.is_some() && jobs::park(tx, &job, &code).await? {
                record_machine(tx, now, task, Event::SummaryFailed { code: code.clone() }).await?;
            } else {
                tx.commit_quietly("it is another's by now, or nobody's");
            }
            Ok(())
        })
        .await
}
