//! The SQL of summaries.

use std::collections::HashSet;

use faff_store::log::Stream;
use faff_store::{Reader, StoreError, Tx, ids, params, record};
use faff_types::{MessageId, SummaryId, TaskId, Timestamp, UserId};

use super::summary::{Made, Source};

record! {
    /// A summary.
    #[derive(Debug)]
    pub(super) struct SummaryRow {
        pub(super) id: SummaryId,
        pub(super) task_id: TaskId,
        pub(super) source: Source,
        pub(super) model: Option<String>,
        pub(super) content: String,
        pub(super) content_html: String,
        pub(super) issue: String,
        pub(super) investigation: String,
        pub(super) next_steps: String,
        pub(super) key_points: String,
        pub(super) entities: String,
        pub(super) up_to_seq: i64,
        pub(super) seq: i64,
        pub(super) stale: bool,
        pub(super) created_by_id: Option<UserId>,
        pub(super) created_at: Timestamp,
        pub(super) updated_at: Timestamp,
    }
}

/// A summary `s`, and whether the log of its ticket goes on with something that it would have to tell. Changed fields are
/// found by their names, which the payload holds as JSON (`event::Change`).
const SELECT: &str = "select s.id, s.task_id, s.source, s.model, s.content, s.content_html, s.issue, s.investigation, \
    s.next_steps, s.key_points, s.entities, s.up_to_seq, s.seq, exists (select 1 from event e where e.stream = s.task_id \
    and e.seq > s.up_to_seq and (e.kind in ('message_posted', 'message_edited', 'message_deleted') or (e.kind = 'task_changed' \
    and (e.payload like '%\"field\":\"title\"%' or e.payload like '%\"field\":\"description\"%' \
    or e.payload like '%\"field\":\"status\"%')))) as stale, s.created_by_id, s.created_at, s.updated_at from summary s";

/// Of a task the summary that was made, and the last one that a person wrote.
pub(super) async fn of_task(reader: &mut Reader<'_>, task: TaskId) -> Result<Vec<SummaryRow>, StoreError> {
    let sql = format!(
        "{SELECT} where s.task_id = $1 and (s.source <> 'person' or s.id = \
         (select max(p.id) from summary p where p.task_id = $1 and p.source = 'person'))"
    );
    reader.all(&sql, &params![task]).await
}

/// Summaries by their ids.
pub(super) async fn by_ids(
    reader: &mut Reader<'_>,
    wanted: &[SummaryId],
) -> Result<Vec<SummaryRow>, StoreError> {
    let sql = format!("{SELECT} where s.id in {}", reader.engine().listed(1));
    reader.all(&sql, &[ids(wanted.iter().map(|id| id.get()))]).await
}

/// A summary that was just written, for the answer.
pub(super) async fn written(reader: &mut Reader<'_>, id: SummaryId) -> Result<SummaryRow, StoreError> {
    reader.one(&format!("{SELECT} where s.id = $1"), &params![id]).await
}

/// Adds what a person wrote, as the event `seq` of the task.
pub(super) async fn insert(
    tx: &mut Tx<'_>,
    (task, author): (TaskId, UserId),
    (content, html): (&str, &str),
    seq: i64,
    now: Timestamp,
) -> Result<SummaryId, StoreError> {
    let sql = "insert into summary (task_id, source, model, content, content_html, issue, investigation, next_steps, \
               key_points, entities, up_to_seq, seq, created_by_id, created_at, updated_at) \
               values ($1, 'person', null, $2, $3, '', '', '', '[]', '[]', $4, $5, $6, $7, $7) returning id";
    tx.one(sql, &params![task, content, html, seq - 1, seq, author, now]).await
}

/// Keeps what was made, in place of what was made before.
pub(super) async fn put(
    tx: &mut Tx<'_>,
    task: TaskId,
    (made, html): (&Made, &str),
    (source, model, asked_by): (Source, Option<&str>, Option<UserId>),
    (up_to, seq): (i64, i64),
    now: Timestamp,
) -> Result<SummaryId, StoreError> {
    let sql = "insert into summary (task_id, source, model, content, content_html, issue, investigation, next_steps, \
               key_points, entities, up_to_seq, seq, created_by_id, created_at, updated_at) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14) \
               on conflict (task_id) where source <> 'person' do update set source = excluded.source, \
               model = excluded.model, content = excluded.content, content_html = excluded.content_html, \
               issue = excluded.issue, investigation = excluded.investigation, next_steps = excluded.next_steps, \
               key_points = excluded.key_points, entities = excluded.entities, up_to_seq = excluded.up_to_seq, \
               seq = excluded.seq, created_by_id = excluded.created_by_id, updated_at = excluded.updated_at returning id";
    let json = |error: serde_json::Error| StoreError::Database(error.to_string());
    let points = serde_json::to_string(&made.points).map_err(json)?;
    let entities = serde_json::to_string(&made.entities).map_err(json)?;
    tx.one(
        sql,
        &params![
            task,
            source,
            model,
            &made.content,
            html,
            &made.issue,
            &made.investigation,
            &made.next_steps,
            points,
            entities,
            up_to,
            seq,
            asked_by,
            now
        ],
    )
    .await
}

record! {
    /// What a ticket is about, and where its log ends.
    #[derive(Debug)]
    pub(super) struct TicketRow {
        pub(super) title: String,
        pub(super) description: String,
        pub(super) status: String,
        pub(super) seq: i64,
    }
}

pub(super) async fn ticket(reader: &mut Reader<'_>, task: TaskId) -> Result<Option<TicketRow>, StoreError> {
    let sql = "select t.title, t.description, t.status, s.seq from task t join stream s on s.id = t.id where t.id = $1";
    reader.optional(sql, &params![task]).await
}

record! {
    /// The summary that was made, as what the next one begins with.
    #[derive(Debug)]
    pub(super) struct GeneratedRow {
        pub(super) content: String,
        pub(super) issue: String,
        pub(super) investigation: String,
        pub(super) next_steps: String,
        pub(super) key_points: String,
        pub(super) entities: String,
        pub(super) up_to_seq: i64,
    }
}

pub(super) async fn generated(
    reader: &mut Reader<'_>,
    task: TaskId,
) -> Result<Option<GeneratedRow>, StoreError> {
    let sql = "select content, issue, investigation, next_steps, key_points, entities, up_to_seq from summary \
               where task_id = $1 and source <> 'person'";
    reader.optional(sql, &params![task]).await
}

/// What may have changed something that was said before: the payloads of the events.
pub(super) async fn changes(
    reader: &mut Reader<'_>,
    stream: Stream,
    after: i64,
    limit: usize,
) -> Result<Vec<String>, StoreError> {
    let sql = format!(
        "select e.payload from event e where e.stream = $1 and e.seq > $2 \
         and e.kind in ('message_edited', 'message_deleted', 'task_changed') order by e.seq limit {limit}"
    );
    reader.all(&sql, &params![stream.to_db(), after]).await
}

record! {
    /// Something that was said.
    #[derive(Debug)]
    pub(super) struct SaidRow {
        pub(super) id: MessageId,
        pub(super) seq: i64,
        pub(super) author: String,
        pub(super) at: Timestamp,
        pub(super) reply_to_id: Option<MessageId>,
        pub(super) content: String,
    }
}

/// What was said in a ticket behind one place and up to another, in order.
pub(super) async fn messages(
    reader: &mut Reader<'_>,
    stream: Stream,
    (after, up_to): (i64, i64),
    limit: usize,
) -> Result<Vec<SaidRow>, StoreError> {
    let sql = format!(
        "select m.id, m.seq, a.name as author, m.created_at as at, m.reply_to_id, m.content from message m \
         join account a on a.id = m.sender_id where m.task_id = $1 and m.seq > $2 and m.seq <= $3 \
         and m.deleted_at is null order by m.seq limit {limit}"
    );
    reader.all(&sql, &params![stream.to_db(), after, up_to]).await
}

/// Whether a message was deleted behind a place in the log.
pub(super) async fn was_deleted_since(
    reader: &mut Reader<'_>,
    stream: Stream,
    after: i64,
) -> Result<bool, StoreError> {
    let sql = "select e.seq from event e where e.stream = $1 and e.seq > $2 and e.kind = 'message_deleted' \
               order by e.seq limit 1";
    Ok(reader.optional::<i64>(sql, &params![stream.to_db(), after]).await?.is_some())
}

/// Those of these messages that are in the task, and not deleted.
pub(super) async fn there(
    reader: &mut Reader<'_>,
    task: TaskId,
    cited: &HashSet<i64>,
) -> Result<Vec<MessageId>, StoreError> {
    let listed = reader.engine().listed(2);
    let sql = format!(
        "select m.id from message m where m.task_id = $1 and m.deleted_at is null and m.id in {listed}"
    );
    reader.all(&sql, &[task.into(), ids(cited.iter().copied())]).await
}
