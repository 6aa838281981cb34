//! Takes jobs and has them done, some at a time, until it is told to stop.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use faff_store::jobs::{self, Job};
use faff_store::{Reader, Tx};
use futures_util::FutureExt;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing::Instrument;

use super::{ATTEMPTS, Failed, review, summarise};
use crate::access::System;
use crate::features::{reviews, summaries};
use crate::http::{Code, Problem};
use crate::jobs::{Kind, Stage};
use crate::{App, trace};

/// Jobs at a time.
const SLOTS: usize = 4;
/// How long a job that another process asked for, or that is due again, may go unnoticed.
const POLL: Duration = Duration::from_secs(1);
/// How long a job belongs to whoever has claimed it; it is renewed three times as often.
const LEASE: Duration = Duration::from_mins(1);
/// The wait before the second attempt, in milliseconds; it is four times as long before each further one.
const FIRST_WAIT: i64 = 5_000;
/// How long jobs may go on when the worker is to stop.
const GRACE: Duration = Duration::from_secs(5);

/// Starts working. It ends when it is told to, or with the runtime.
pub fn start(app: &App) {
    let app = app.clone();
    app.jobs().workers.send_modify(|workers| *workers += 1);
    tokio::spawn(async move {
        // It must not end by itself, and whoever waits for its end must not wait for ever.
        if AssertUnwindSafe(run(&app)).catch_unwind().await.is_err() {
            tracing::error!("the worker panicked");
        }
        app.jobs().workers.send_modify(|workers| *workers -= 1);
    });
}

/// Lets the jobs under way end, puts back those that do not in time, and waits for that.
pub async fn drain(app: &App) {
    let jobs = app.jobs();
    let mut workers = jobs.workers.subscribe();
    jobs.stage.send_replace(Stage::Stopping);
    if tokio::time::timeout(GRACE, workers.wait_for(|workers| *workers == 0)).await.is_err() {
        jobs.stage.send_replace(Stage::Leaving);
        let _ = tokio::time::timeout(GRACE / 2, workers.wait_for(|workers| *workers == 0)).await;
    }
}

async fn run(app: &App) {
    let mut stage = app.jobs().stage.subscribe();
    let mut working = JoinSet::new();
    loop {
        let stopping = *stage.borrow_and_update() > Stage::Working;
        if stopping && working.is_empty() {
            return;
        }
        if !stopping && working.len() < SLOTS {
            match take(app).await {
                Ok(Some(job)) => {
                    let (app, stage) = (app.clone(), app.jobs().stage.subscribe());
                    working.spawn(async move { see_to(&app, &job, stage).await });
                    continue;
                }
                Ok(None) => {}
                Err(problem) => tracing::warn!(cause = problem.cause(), "no job could be claimed"),
            }
        }
        tokio::select! {
            _ = stage.changed() => {}
            Some(_) = working.join_next() => {}
            () = app.jobs().wake.notified(), if !stopping => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// Does everything that is due now, one after the other, and returns how much that was. For tests, and for who waits.
pub async fn run_due(app: &App) -> Result<usize, Problem> {
    let mut done = 0;
    while let Some(job) = take(app).await? {
        see_to(app, &job, app.jobs().stage.subscribe()).await;
        done += 1;
    }
    Ok(done)
}

async fn take(app: &App) -> Result<Option<Job>, Problem> {
    let (now, lease) = (app.now(), lease(app));
    let system = System::for_reason(app, "a worker looks for work");
    // Mostly there is none, and to look costs less than to write.
    let due = system
        .look_up(async move |reader: &mut Reader<'_>| {
            Ok::<_, Problem>(jobs::is_due(reader, Kind::ALL, now).await?)
        })
        .await?;
    if !due {
        return Ok(None);
    }
    system.write(async move |tx: &mut Tx<'_>| Ok(jobs::claim(tx, Kind::ALL, now, lease).await?)).await
}

fn lease(app: &App) -> faff_types::Timestamp {
    app.now().plus_millis(i64::try_from(LEASE.as_millis()).unwrap_or(i64::MAX))
}

/// Does a job, whatever comes of it.
async fn see_to(app: &App, job: &Job, stage: watch::Receiver<Stage>) {
    let span = trace::job(Kind::parse(&job.kind).map_or("_OTHER", Kind::as_str), job.subject, job.attempt);
    work_on(app, job, stage).instrument(span).await;
}

async fn work_on(app: &App, job: &Job, mut stage: watch::Receiver<Stage>) {
    let done = async {
        if job.attempt > ATTEMPTS {
            let cause = "its workers ended before it did".to_owned();
            return Err(Failed { code: Code::WorkerLost, cause, passes: false });
        }
        let performed = AssertUnwindSafe(perform(app, job)).catch_unwind().await;
        performed.unwrap_or_else(|_| Err(Problem::internal("a job panicked").into()))
    };
    let outcome = tokio::select! {
        done = done => done,
        () = keep(app, job) => return tracing::warn!(kind = job.kind, subject = job.subject, "a job was lost to another"),
        _ = stage.wait_for(|stage| *stage == Stage::Leaving) => {
            let cause = "the worker was told to stop".to_owned();
            Err(Failed { code: Code::WorkerLost, cause, passes: true })
        }
    };
    let Err(failed) = outcome else {
        return tracing::debug!(kind = job.kind, subject = job.subject, "a job is done");
    };
    if let Err(problem) = after_failure(app, job, failed).await {
        // Its lease ends, and it is taken again.
        tracing::error!(
            kind = job.kind,
            subject = job.subject,
            cause = problem.cause(),
            "a job could not be put back"
        );
    }
}

/// Renews the lease of a job as long as it is ours; returns when it is not.
async fn keep(app: &App, job: &Job) {
    let system = System::for_reason(app, "a job is still worked on");
    loop {
        tokio::time::sleep(LEASE / 3).await;
        let (job, lease) = (job.clone(), lease(app));
        match system.write(async move |tx: &mut Tx<'_>| Ok(jobs::renew(tx, &job, lease).await?)).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(problem) => tracing::warn!(cause = problem.cause(), "a lease could not be renewed"),
        }
    }
}

async fn perform(app: &App, job: &Job) -> Result<(), Failed> {
    match Kind::parse(&job.kind) {
        Some(Kind::Summary) => summarise::perform(app, job).await,
        Some(Kind::Review) => review::perform(app, job).await,
        None => Err(Problem::internal(format!("there is no kind of job called {}", job.kind)).into()),
    }
}

async fn after_failure(app: &App, job: &Job, failed: Failed) -> Result<(), Problem> {
    let Failed { code, cause, passes } = failed;
    let (kind, subject, attempt) = (&job.kind, job.subject, job.attempt);
    trace::refused(code.as_str(), true);
    if passes && attempt < ATTEMPTS {
        tracing::warn!(
            kind,
            subject,
            attempt,
            code = code.as_str(),
            cause,
            "a job failed and will be tried again"
        );
        return put_back(app, job, code).await;
    }
    tracing::error!(kind, subject, attempt, code = code.as_str(), cause, "a job was given up");
    match Kind::parse(kind) {
        Some(Kind::Summary) => summaries::give_up(app, job, code.as_str()).await,
        Some(Kind::Review) => reviews::give_up(app, job, code.as_str()).await,
        None => Ok(()),
    }
}

async fn put_back(app: &App, job: &Job, code: Code) -> Result<(), Problem> {
    let wait = if code == Code::WorkerLost { 0 } else { FIRST_WAIT << (2 * (job.attempt - 1)) };
    let (job, due) = (job.clone(), app.now().plus_millis(wait));
    System::for_reason(app, "a job is to be tried again")
        .write(async move |tx: &mut Tx<'_>| {
            tx.lock(job.stream()).await?;
            Ok(jobs::put_back(tx, &job, code.as_str(), due).await?)
        })
        .await
}
