//! What is done later, by a worker: which kinds of jobs there are, how one is asked for, and how it stands with it.
//!
//! A feature asks in the transaction of its change and knows nothing of the worker (`edges/jobs`), which calls the feature
//! when the time has come.

use std::collections::HashMap;

use faff_store::jobs::{self, NewJob, Standing, State};
use faff_store::log::Stream;
use faff_store::{Reader, StoreError, Tx};
use faff_types::{TaskId, Timestamp, UserId};
use serde::Serialize;
use tokio::sync::{Notify, watch};
use utoipa::ToSchema;

faff_store::words! {
    /// What is done later.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) enum Kind {
        /// A summary of a ticket, whose id is the subject.
        Summary = "summary",
        /// What a machine thinks of a message; the review is the subject.
        Review = "review",
    }
}

/// What a worker of this process is told, and tells.
#[derive(Debug)]
pub(crate) struct Jobs {
    /// There is something to do.
    pub(crate) wake: Notify,
    pub(crate) stage: watch::Sender<Stage>,
    /// Workers of this process that have not ended.
    pub(crate) workers: watch::Sender<usize>,
}

/// How far a worker is from its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// It works.
    Working,
    /// It takes no more jobs.
    Stopping,
    /// It puts back what it has not done.
    Leaving,
}

impl Default for Jobs {
    fn default() -> Self {
        Self {
            wake: Notify::new(),
            stage: watch::Sender::new(Stage::Working),
            workers: watch::Sender::new(0),
        }
    }
}

/// Asks for a job about something in a ticket whose lock this transaction has. `false` when it was asked for before.
pub(crate) async fn ask(
    tx: &mut Tx<'_>,
    (kind, subject): (Kind, i64),
    task: TaskId,
    asked_by: Option<UserId>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let job = NewJob { kind: kind.as_str(), subject, stream: Stream::Task(task), asked_by };
    jobs::enqueue(tx, &job, now).await
}

/// Takes back what was asked for about something that is gone.
pub(crate) async fn take_back(tx: &mut Tx<'_>, (kind, subject): (Kind, i64)) -> Result<(), StoreError> {
    jobs::cancel_about(tx, kind.as_str(), subject).await
}

/// How it stands with something that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = JobProgress)]
pub struct Progress {
    /// `waiting`, `running`, or `failed`: then nothing more happens until it is asked for again.
    #[schema(example = "waiting")]
    state: &'static str,
    /// Why the last attempt failed; null when none has.
    code: Option<String>,
}

impl From<Standing> for Progress {
    fn from(line: Standing) -> Self {
        let state = match line.state {
            State::Parked => "failed",
            State::Waiting | State::Running => line.state.as_str(),
        };
        Self { state, code: line.reason }
    }
}

/// How it stands with the jobs about several things, by what they are about.
pub(crate) async fn progress_of(
    reader: &mut Reader<'_>,
    kind: Kind,
    subjects: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, Progress>, StoreError> {
    let lines = jobs::standing(reader, kind.as_str(), subjects).await?;
    Ok(lines.into_iter().map(|line| (line.subject, Progress::from(line))).collect())
}

/// How it stands with the jobs about one thing, if there are any.
pub(crate) async fn progress(
    reader: &mut Reader<'_>,
    kind: Kind,
    subject: i64,
) -> Result<Option<Progress>, StoreError> {
    Ok(progress_of(reader, kind, [subject]).await?.remove(&subject))
}
