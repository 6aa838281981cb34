//! Jobs: what is to be done later, whatever happens in between.
//!
//! Invariants:
//! - A job is enqueued in the transaction that wants it: there is either both or neither. Of a kind, at most one waits for
//!   each subject; whoever enqueues holds the lock of its stream.
//! - Who claims a job has it until its lease ends. A worker that was killed lets the lease end, and the job is taken again.
//!   Each claim counts `attempt` up.
//! - An effect is made in the transaction that ends the job ([`finish`]), and only the last claim can end it. So a job is
//!   worked on at least once and has its effect once.
//! - A job that cannot be done is parked with its reason until it is asked for anew. None is skipped in silence.

use faff_types::{Timestamp, UserId};

use crate::log::Stream;
use crate::{Reader, StoreError, Tx, ids, params};

crate::words! {
    /// How far a job has come.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum State {
        /// Nobody does it any more.
        Parked = "parked",
        /// It will be done, maybe again.
        Waiting = "waiting",
        /// A worker is at it.
        Running = "running",
    }
}

/// A job-to-be.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// What is to be done.
    pub kind: &'static str,
    /// About what; with the kind, it is the job's key.
    pub subject: i64,
    /// What it belongs to, and goes with.
    pub stream: Stream,
    /// Who wants it; `None` when the system does.
    pub asked_by: Option<UserId>,
}

crate::record! {
    /// A job that a worker has claimed.
    #[derive(Debug, Clone)]
    pub struct Job {
        /// The job.
        pub id: i64,
        /// What is to be done.
        pub kind: String,
        /// About what.
        pub subject: i64,
        stream: i64,
        /// Who wants it; `None` when the system does.
        pub asked_by: Option<UserId>,
        /// Which claim this is, from 1.
        pub attempt: i64,
    }
}

impl Job {
    /// What it belongs to.
    pub const fn stream(&self) -> Stream {
        Stream::from_db(self.stream)
    }
}

crate::record! {
    /// How it stands with the jobs of a subject.
    #[derive(Debug, Clone)]
    pub struct Standing {
        /// The subject.
        pub subject: i64,
        /// How far its job has come.
        pub state: State,
        /// Why the last attempt failed.
        pub reason: Option<String>,
    }
}

/// Asks for a job. `false` when one like it waits already and is due as soon. One that waited for another attempt is due
/// at once, and begins anew. The stream is locked.
pub async fn enqueue(tx: &mut Tx<'_>, job: &NewJob, now: Timestamp) -> Result<bool, StoreError> {
    let parked = "delete from job where kind = $1 and subject = $2 and state = 'parked'";
    tx.later(parked, &params![job.kind, job.subject]).await?;
    let sql = "insert into job (kind, subject, stream, asked_by, state, due_at, attempt, reason, created_at) \
               values ($1, $2, $3, $4, 'waiting', $5, 0, null, $5) \
               on conflict (kind, subject) where state = 'waiting' \
               do update set due_at = excluded.due_at, attempt = 0, reason = null where job.due_at > excluded.due_at";
    let touched =
        tx.execute(sql, &params![job.kind, job.subject, job.stream.to_db(), job.asked_by, now]).await?;
    Ok(touched == 1)
}

/// Whether there is a job to claim, of one of these kinds.
pub async fn is_due(reader: &mut Reader<'_>, kinds: &[&str], now: Timestamp) -> Result<bool, StoreError> {
    let sql = format!("select j.id from job j where {} limit 1", due(kinds));
    Ok(reader.optional::<i64>(&sql, &params![now]).await?.is_some())
}

crate::record! {
    /// Jobs of a kind that have come equally far.
    #[derive(Debug, Clone)]
    pub struct Census {
        /// What is to be done.
        pub kind: String,
        /// How far they have come.
        pub state: State,
        /// How many they are.
        pub jobs: i64,
        /// When the first of them is due, or its lease ends.
        pub due: Timestamp,
    }
}

/// How many jobs there are, for metrics.
///
/// # Errors
/// When the database cannot be read.
pub async fn census(reader: &mut Reader<'_>) -> Result<Vec<Census>, StoreError> {
    let sql = "select kind, state, count(*) as jobs, min(due_at) as due from job group by kind, state order by kind, state";
    reader.all(sql, &[]).await
}

/// Takes the job of one of these kinds that has been due for longest, until `lease`. What another worker is at is passed
/// over, also when it is only about the same.
pub async fn claim(
    tx: &mut Tx<'_>,
    kinds: &[&str],
    now: Timestamp,
    lease: Timestamp,
) -> Result<Option<Job>, StoreError> {
    tx.commit_quietly("who does a job changes nothing that anybody sees");
    let sql = format!(
        "update job set state = 'running', attempt = attempt + 1, due_at = $2 \
         where id = (select j.id from job j where {} order by j.due_at, j.id limit 1{}) \
         returning id, kind, subject, stream, asked_by, attempt",
        due(kinds),
        tx.engine().skip_locked("j")
    );
    tx.optional(&sql, &params![now, lease]).await
}

/// The condition that `job j` can be claimed at `$1`: also one whose worker has lost its lease, and before that one's fate
/// is known, none that is only about the same.
fn due(kinds: &[&str]) -> String {
    let kinds: Vec<String> = kinds.iter().map(|kind| format!("'{kind}'")).collect();
    format!(
        "j.state <> 'parked' and j.due_at <= $1 and j.kind in ({}) and not exists (select 1 from job r \
         where r.kind = j.kind and r.subject = j.subject and r.state = 'running' and r.id <> j.id)",
        kinds.join(", ")
    )
}

/// Keeps a job for longer; `false` when it is another's by now.
pub async fn renew(tx: &mut Tx<'_>, job: &Job, lease: Timestamp) -> Result<bool, StoreError> {
    tx.commit_quietly("who does a job changes nothing that anybody sees");
    let sql = "update job set due_at = $3 where id = $1 and attempt = $2 and state = 'running'";
    Ok(tx.execute(sql, &params![job.id, job.attempt, lease]).await? == 1)
}

/// Ends a job that is done, in the transaction of its effect. `false` when it is another's by now, or gone: then this
/// transaction must have no effect.
pub async fn finish(tx: &mut Tx<'_>, job: &Job) -> Result<bool, StoreError> {
    let sql = "delete from job where id = $1 and attempt = $2 and state = 'running'";
    Ok(tx.execute(sql, &params![job.id, job.attempt]).await? == 1)
}

/// Puts a job back, to be tried again at `due`. Where another like it waits, that one is the next attempt. The stream is
/// locked.
pub async fn put_back(tx: &mut Tx<'_>, job: &Job, reason: &str, due: Timestamp) -> Result<(), StoreError> {
    tx.commit_quietly("an attempt that is repeated changes nothing that anybody sees");
    if !give_way(tx, job).await? {
        let sql = "update job set state = 'waiting', due_at = $3, reason = $4 \
                   where id = $1 and attempt = $2 and state = 'running'";
        tx.later(sql, &params![job.id, job.attempt, due, reason]).await?;
    }
    Ok(())
}

/// Gives a job up, with the reason. `false` when it is another's by now, or when another like it waits, which then is the
/// next attempt. The stream is locked.
pub async fn park(tx: &mut Tx<'_>, job: &Job, reason: &str) -> Result<bool, StoreError> {
    if give_way(tx, job).await? {
        return Ok(false);
    }
    let sql =
        "update job set state = 'parked', reason = $3 where id = $1 and attempt = $2 and state = 'running'";
    Ok(tx.execute(sql, &params![job.id, job.attempt, reason]).await? == 1)
}

/// Ends a job for another like it that waits, if there is one.
async fn give_way(tx: &mut Tx<'_>, job: &Job) -> Result<bool, StoreError> {
    let sql = "delete from job where id = $1 and attempt = $2 and state = 'running' and exists \
               (select 1 from job w where w.kind = $3 and w.subject = $4 and w.state = 'waiting')";
    Ok(tx.execute(sql, &params![job.id, job.attempt, &job.kind, job.subject]).await? == 1)
}

/// Takes back all jobs of a stream that ends. Who is at one of them cannot finish it any more.
pub async fn cancel(tx: &mut Tx<'_>, stream: Stream) -> Result<(), StoreError> {
    tx.later("delete from job where stream = $1", &params![stream.to_db()]).await
}

/// Takes back the jobs about one subject.
pub async fn cancel_about(tx: &mut Tx<'_>, kind: &str, subject: i64) -> Result<(), StoreError> {
    tx.later("delete from job where kind = $1 and subject = $2", &params![kind, subject]).await
}

/// How it stands with the jobs of these subjects: one line for each that has any, of the one that has come furthest.
pub async fn standing(
    reader: &mut Reader<'_>,
    kind: &str,
    subjects: impl IntoIterator<Item = i64>,
) -> Result<Vec<Standing>, StoreError> {
    let listed = reader.engine().listed(2);
    let sql = format!("select subject, state, reason from job where kind = $1 and subject in {listed}");
    let mut found: Vec<Standing> = reader.all(&sql, &[kind.into(), ids(subjects)]).await?;
    found.sort_by_key(|line| (line.subject, std::cmp::Reverse(line.state)));
    found.dedup_by_key(|line| line.subject);
    Ok(found)
}

/// The jobs that were given up: their kinds and subjects, and why.
pub async fn parked(reader: &mut Reader<'_>) -> Result<Vec<(String, i64, Option<String>)>, StoreError> {
    reader
        .all("select kind, subject, reason from job where state = 'parked' order by id limit 100", &[])
        .await
}
