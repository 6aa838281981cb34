//! The SQL of verification. It reads the tables of every slice, because it holds them against each other.

use faff_store::{Reader, StoreError, params, record};
use faff_types::{Timestamp, UserId};

use crate::features::reviews::Status;
use crate::features::summaries::Source;

record! {
    /// Where a stream ends.
    #[derive(Debug)]
    pub(super) struct HeadRow {
        pub(super) id: i64,
        pub(super) seq: i64,
        pub(super) chain: Vec<u8>,
    }
}

pub(super) async fn heads(
    reader: &mut Reader<'_>,
    after: i64,
    limit: usize,
) -> Result<Vec<HeadRow>, StoreError> {
    let sql = format!("select id, seq, chain from stream where id > $1 order by id limit {limit}");
    reader.all(&sql, &params![after]).await
}

record! {
    /// An event.
    #[derive(Debug)]
    pub(super) struct EventRow {
        pub(super) stream: i64,
        pub(super) seq: i64,
        pub(super) kind: String,
        pub(super) actor_id: Option<UserId>,
        pub(super) at: Timestamp,
        pub(super) audience: String,
        pub(super) payload: String,
        pub(super) chain: Vec<u8>,
    }
}

/// Events behind a place, up to the end of stream `to`, stream by stream.
pub(super) async fn events(
    reader: &mut Reader<'_>,
    (stream, seq): (i64, i64),
    to: i64,
    limit: usize,
) -> Result<Vec<EventRow>, StoreError> {
    let sql = format!(
        "select stream, seq, kind, actor_id, at, audience, payload, chain from event \
         where (stream, seq) > ($1, $2) and stream <= $3 order by stream, seq limit {limit}"
    );
    reader.all(&sql, &params![stream, seq, to]).await
}

record! {
    /// What of an account the log tells, too.
    #[derive(Debug)]
    pub(super) struct AccountRow {
        pub(super) id: i64,
        pub(super) role: String,
        pub(super) active: bool,
    }
}

/// Accounts from one id to below another.
pub(super) async fn accounts(
    reader: &mut Reader<'_>,
    from: i64,
    below: i64,
) -> Result<Vec<AccountRow>, StoreError> {
    let sql = "select id, role, active from account where id >= $1 and id < $2";
    reader.all(sql, &params![from, below]).await
}

record! {
    /// What of a task the log tells, too.
    #[derive(Debug)]
    pub(super) struct TaskRow {
        pub(super) id: i64,
        pub(super) status: String,
        pub(super) priority: String,
        pub(super) visibility: String,
        pub(super) assigned_to_id: Option<i64>,
        pub(super) message_count: i64,
        pub(super) version: i64,
    }
}

pub(super) async fn tasks(reader: &mut Reader<'_>, after: i64, to: i64) -> Result<Vec<TaskRow>, StoreError> {
    let sql = "select id, status, priority, visibility, assigned_to_id, message_count, version \
               from task where id > $1 and id <= $2";
    reader.all(sql, &params![after, to]).await
}

record! {
    /// What of a message the log tells, too.
    #[derive(Debug)]
    pub(super) struct MessageRow {
        pub(super) id: i64,
        pub(super) task_id: i64,
        pub(super) seq: i64,
        pub(super) reply_to_id: Option<i64>,
        pub(super) root_id: Option<i64>,
        pub(super) reply_count: i64,
        pub(super) deleted: bool,
    }
}

/// Messages behind a place, up to the end of task `to`, task by task.
pub(super) async fn messages(
    reader: &mut Reader<'_>,
    (task, seq): (i64, i64),
    to: i64,
    limit: usize,
) -> Result<Vec<MessageRow>, StoreError> {
    let sql = format!(
        "select id, task_id, seq, reply_to_id, root_id, reply_count, deleted_at is not null as deleted from message \
         where (task_id, seq) > ($1, $2) and task_id <= $3 order by task_id, seq limit {limit}"
    );
    reader.all(&sql, &params![task, seq, to]).await
}

record! {
    /// What of a summary the log tells, too.
    #[derive(Debug)]
    pub(super) struct SummaryRow {
        pub(super) id: i64,
        pub(super) task_id: i64,
        pub(super) source: Source,
        pub(super) up_to_seq: i64,
        pub(super) seq: i64,
    }
}

pub(super) async fn summaries(
    reader: &mut Reader<'_>,
    after: i64,
    to: i64,
) -> Result<Vec<SummaryRow>, StoreError> {
    let sql = "select id, task_id, source, up_to_seq, seq from summary where task_id > $1 and task_id <= $2";
    reader.all(sql, &params![after, to]).await
}

record! {
    /// What of a review the log tells, too.
    #[derive(Debug)]
    pub(super) struct ReviewRow {
        pub(super) id: i64,
        pub(super) task_id: i64,
        pub(super) status: Status,
        pub(super) elsewhere: bool,
    }
}

pub(super) async fn reviews(
    reader: &mut Reader<'_>,
    after: i64,
    to: i64,
) -> Result<Vec<ReviewRow>, StoreError> {
    let sql = "select r.id, r.task_id, r.status, m.task_id <> r.task_id as elsewhere from review r \
               join message m on m.id = r.message_id where r.task_id > $1 and r.task_id <= $2";
    reader.all(sql, &params![after, to]).await
}

/// What SQLite itself finds wrong with its file, and rows that the text index lacks or should lack. PostgreSQL
/// enforces references always, and its text index is a column of the row.
pub(super) async fn damage(reader: &mut Reader<'_>) -> Result<Vec<String>, StoreError> {
    let mut faults: Vec<String> = reader.all("pragma integrity_check", &[]).await?;
    faults.retain(|line| line != "ok");
    let lost: Vec<(String, Option<i64>, String, i64)> = reader.all("pragma foreign_key_check", &[]).await?;
    for (table, row, parent, _) in lost {
        let row = row.map_or_else(|| "a row".to_owned(), |row| format!("row {row}"));
        faults.push(format!("{row} of {table} refers to a row of {parent} that does not exist"));
    }
    for (table, there) in [("task", "true"), ("message", "deleted_at is null")] {
        let rows = format!("select id from {table} where {there}");
        let texts = format!("select rowid from {table}_text");
        let missing = format!("{rows} and id not in ({texts})");
        for id in reader.all::<i64>(&missing, &[]).await? {
            faults.push(format!("{table} {id} cannot be found by its text"));
        }
        for id in reader.all::<i64>(&format!("{texts} where rowid not in ({rows})"), &[]).await? {
            faults.push(format!("{table} {id} is gone, but its text can be found"));
        }
    }
    Ok(faults)
}

/// Messages that say they have another number of files than they have: the message, what it says, and how many there are.
pub(super) async fn miscounted_files(reader: &mut Reader<'_>) -> Result<Vec<(i64, i64, i64)>, StoreError> {
    let sql = "select m.id, m.file_count, count(a.id) from message m left join attachment a on a.message_id = m.id \
               group by m.id, m.file_count having m.file_count <> count(a.id)";
    reader.all(sql, &[]).await
}

/// The objects of files, behind a name, and whether each has a thumbnail.
pub(super) async fn stored(
    reader: &mut Reader<'_>,
    after: &str,
    limit: usize,
) -> Result<Vec<(String, bool)>, StoreError> {
    let sql = format!(
        "select stored, thumbnail is not null from attachment where stored > $1 order by stored limit {limit}"
    );
    reader.all(&sql, &params![after]).await
}

/// Whether an object is of a file.
pub(super) async fn is_stored(reader: &mut Reader<'_>, stored: &str) -> Result<bool, StoreError> {
    let found: Option<String> =
        reader.optional("select stored from attachment where stored = $1", &params![stored]).await?;
    Ok(found.is_some())
}

/// Objects that are to be removed, and uploads under way.
pub(super) async fn passing_objects(reader: &mut Reader<'_>) -> Result<Vec<String>, StoreError> {
    reader.all("select stored from file_removal union all select id from upload", &[]).await
}
