//! The worker: claims jobs, does them, and sees to those that fail.
//!
//! For each kind of job a file here asks the feature for what it is about, asks an engine of analysis, and hands the result
//! to the feature, which keeps it and ends the job in one transaction.
//!
//! Invariants:
//! - Nothing is asked of an engine within a transaction.
//! - A job is kept as long as it is worked on: its lease is renewed. Whoever loses it stops, and has no effect
//!   (`faff_store::jobs`).
//! - A failure that may pass is tried again, later each time, [`ATTEMPTS`] times. Then, or at once when it will not pass, the
//!   job is given up: the feature records why, and who asks again begins anew. A job that ends its workers is given up, too.

mod review;
mod summarise;
mod work;

pub use work::{drain, run_due, start};

use faff_store::Tx;
use faff_store::jobs::{self, Job};

use super::ai::{self, AiError};
use crate::App;
use crate::access::System;
use crate::features::summaries::Source;
use crate::http::{Code, Problem};

/// How often a job is tried.
const ATTEMPTS: i64 = 5;

/// Why a job could not be done.
#[derive(Debug)]
struct Failed {
    code: Code,
    /// For the log.
    cause: String,
    /// It may pass.
    passes: bool,
}

impl From<Problem> for Failed {
    fn from(problem: Problem) -> Self {
        let cause = problem.cause().unwrap_or(problem.message()).to_owned();
        Self { code: problem.code(), cause, passes: true }
    }
}

impl From<AiError> for Failed {
    fn from(error: AiError) -> Self {
        Self { code: error.code, cause: error.message, passes: error.retry }
    }
}

/// Ends a job about something that is gone.
async fn end(app: &App, job: &Job) -> Result<(), Problem> {
    let job = job.clone();
    System::for_reason(app, "what a job was about is gone")
        .write(async move |tx: &mut Tx<'_>| {
            tx.commit_quietly("what it was about is gone");
            jobs::finish(tx, &job).await?;
            Ok(())
        })
        .await
}

/// Which engine it was, as the features say it.
const fn source(engine: ai::Source) -> Source {
    match engine {
        ai::Source::Ai => Source::Ai,
        ai::Source::BuiltIn => Source::BuiltIn,
    }
}
