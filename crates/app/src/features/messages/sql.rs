//! The SQL of messages.

use faff_store::{Param, Reader, StoreError, Tx, params, record};
use faff_types::{MessageId, Planted, ReviewId, SummaryId, TaskId, Timestamp, UserId};

use super::message::NewMessage;
use crate::access::{MessageKey, Scope};

record! {
    /// A message, with the beginning of what it answers.
    #[derive(Debug)]
    pub(crate) struct MessageRow {
        pub(super) id: MessageId,
        pub(super) task_id: TaskId,
        pub(super) seq: i64,
        pub(super) sender_id: UserId,
        pub(super) content: String,
        pub(super) content_html: String,
        pub(super) client_id: Option<String>,
        pub(super) reply_to_id: Option<MessageId>,
        pub(super) parent_sender_id: Option<UserId>,
        pub(super) parent_content: Option<String>,
        pub(super) reply_count: i64,
        pub(super) file_count: i64,
        pub(super) created_at: Timestamp,
        pub(super) updated_at: Timestamp,
        pub(super) edited_at: Option<Timestamp>,
        pub(super) deleted_at: Option<Timestamp>,
    }
}

impl MessageRow {
    /// Whom it names.
    pub(super) fn people(&self) -> impl Iterator<Item = UserId> + use<> {
        [Some(self.sender_id), self.parent_sender_id].into_iter().flatten()
    }
}

/// Those of these messages that have files.
pub(super) fn with_files<'r>(rows: impl IntoIterator<Item = &'r MessageRow>) -> Vec<MessageId> {
    rows.into_iter().filter(|row| row.file_count > 0).map(|row| row.id).collect()
}

const COLUMNS: &str = "m.id, m.task_id, m.seq, m.sender_id, m.content, m.content_html, m.client_id, m.reply_to_id, \
    p.sender_id as parent_sender_id, substr(p.content, 1, 280) as parent_content, \
    m.reply_count, m.file_count, m.created_at, m.updated_at, m.edited_at, m.deleted_at";

/// What a message answers.
const PARENT: &str = "left join message p on p.id = m.reply_to_id";

/// A tombstone is there as long as something answers it.
const THERE: &str = "(m.deleted_at is null or m.reply_count > 0)";

fn in_scope(scope: Scope, task: &str, n: usize) -> String {
    format!("exists (select 1 from task t where t.id = {task} and {})", scope.condition(n))
}

/// A message that was just written, for the answer.
pub(super) async fn written(reader: &mut Reader<'_>, id: MessageId) -> Result<MessageRow, StoreError> {
    let sql = format!("select {COLUMNS} from message m {PARENT} where m.id = $1");
    reader.one(&sql, &params![id]).await
}

/// Messages by their ids.
pub(super) async fn by_ids(
    reader: &mut Reader<'_>,
    ids: &[MessageId],
) -> Result<Vec<MessageRow>, StoreError> {
    let listed = reader.engine().listed(1);
    let sql = format!("select {COLUMNS} from message m {PARENT} where m.id in {listed}");
    reader.all(&sql, &[faff_store::ids(ids.iter().map(|id| id.get()))]).await
}

/// Messages that a query finds, ordered by their places; then what belongs to them.
async fn found(
    reader: &mut Reader<'_>,
    page: &str,
    params: &[Param<'_>],
) -> Result<Vec<MessageRow>, StoreError> {
    let sql = format!("select {COLUMNS} from ({page}) m {PARENT}");
    let mut rows: Vec<MessageRow> = reader.all(&sql, params).await?;
    rows.sort_by_key(|row| row.seq);
    Ok(rows)
}

/// Whether a task exists for whoever asks.
pub(super) async fn task_exists(
    reader: &mut Reader<'_>,
    id: TaskId,
    scope: Scope,
) -> Result<bool, StoreError> {
    let sql = format!("select t.id from task t where t.id = $1 and {}", scope.condition(2));
    Ok(reader.optional::<TaskId>(&sql, &[id.into(), scope.param()]).await?.is_some())
}

/// Which way to read from a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// To what was said later.
    Forward,
    /// To what was said earlier.
    Back,
}

/// Messages of a task on one side of a place, nearest first.
pub(super) async fn page(
    reader: &mut Reader<'_>,
    task: TaskId,
    scope: Scope,
    (way, seq): (Way, i64),
    fetch: usize,
    offset: i64,
) -> Result<Vec<MessageRow>, StoreError> {
    let (sign, order) = if way == Way::Forward { ('>', "asc") } else { ('<', "desc") };
    let skip = if offset > 0 { format!(" offset {offset}") } else { String::new() };
    let scoped = in_scope(scope, "$1", 3);
    let page = format!(
        "select m.* from message m where m.task_id = $1 and m.seq {sign} $2 and {THERE} and {scoped} \
         order by m.seq {order} limit {fetch}{skip}"
    );
    let mut rows = found(reader, &page, &[task.into(), seq.into(), scope.param()]).await?;
    if way == Way::Back {
        rows.reverse();
    }
    Ok(rows)
}

/// How many messages a reader of the task sees.
pub(super) async fn count(reader: &mut Reader<'_>, task: TaskId) -> Result<i64, StoreError> {
    reader
        .one(&format!("select count(*) from message m where m.task_id = $1 and {THERE}"), &params![task])
        .await
}

/// The place of a message in its task, whether or not it is deleted.
pub(super) async fn seq_of(
    reader: &mut Reader<'_>,
    task: TaskId,
    id: MessageId,
) -> Result<Option<i64>, StoreError> {
    reader.optional("select seq from message where id = $1 and task_id = $2", &params![id, task]).await
}

/// The message that began the thread of `id`, if its task exists for whoever asks.
pub(super) async fn root(
    reader: &mut Reader<'_>,
    id: MessageId,
    scope: Scope,
) -> Result<Option<MessageRow>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from message m {PARENT} \
         where m.id = (select coalesce(r.root_id, r.id) from message r where r.id = $1) and {THERE} and {}",
        in_scope(scope, "m.task_id", 2)
    );
    reader.optional(&sql, &[id.into(), scope.param()]).await
}

/// A thread behind a place, in order.
pub(super) async fn replies(
    reader: &mut Reader<'_>,
    root: MessageId,
    after: i64,
    fetch: usize,
) -> Result<Vec<MessageRow>, StoreError> {
    let page = format!(
        "select m.* from message m where m.root_id = $1 and m.seq > $2 and {THERE} order by m.seq limit {fetch}"
    );
    found(reader, &page, &params![root, after]).await
}

record! {
    /// The message that a new one answers.
    #[derive(Debug)]
    pub(super) struct ParentRow {
        pub(super) id: MessageId,
        pub(super) root_id: Option<MessageId>,
        pub(super) sender_id: UserId,
        pub(super) sender_name: String,
        pub(super) sender_email: String,
        pub(super) content: String,
    }
}

/// A message that may be answered: of this task, and not deleted.
pub(super) async fn parent(
    reader: &mut Reader<'_>,
    task: TaskId,
    id: MessageId,
) -> Result<Option<ParentRow>, StoreError> {
    let sql = "select m.id, m.root_id, m.sender_id, s.name as sender_name, s.email as sender_email, \
               substr(m.content, 1, 280) as content from message m join account s on s.id = m.sender_id \
               where m.id = $1 and m.task_id = $2 and m.deleted_at is null";
    reader.optional(sql, &params![id, task]).await
}

/// Adds a message; `None` when its sender has used its client id before.
pub(super) async fn insert(
    tx: &mut Tx<'_>,
    (task, private): (TaskId, bool),
    sender: UserId,
    message: &NewMessage,
    (seq, root, now): (i64, Option<MessageId>, Timestamp),
) -> Result<Option<MessageId>, StoreError> {
    let sql = "insert into message (task_id, seq, sender_id, content, content_html, client_id, fingerprint, reply_to_id, \
               root_id, reply_count, created_at, updated_at, file_count, private) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $10, $11, $12) \
               on conflict (sender_id, client_id) where client_id is not null do nothing returning id";
    let NewMessage { content, content_html, reply_to_id, client_id, files, .. } = message;
    let client_id = client_id.as_ref().filter(|_| !Planted::NoDedup.is_on());
    let print = message.fingerprint(task);
    let print = client_id.as_ref().map(|_| &print[..]);
    tx.optional(
        sql,
        &params![
            task,
            seq,
            sender,
            content,
            content_html,
            client_id,
            print,
            *reply_to_id,
            root,
            now,
            i64::try_from(files.len()).unwrap_or(0),
            private
        ],
    )
    .await
}

/// Takes a message away without a trace: a mistake on purpose ([`Planted::EventWithoutRow`]).
pub(super) async fn lose(tx: &mut Tx<'_>, id: MessageId) -> Result<(), StoreError> {
    tx.forget_texts("message", "select id from message where id = $1", &params![id]).await?;
    tx.later("delete from message where id = $1", &params![id]).await
}

/// What counts and finds a message that was added.
pub(super) async fn count_in(
    tx: &mut Tx<'_>,
    task: TaskId,
    id: MessageId,
    message: &NewMessage,
    (root, now): (Option<MessageId>, Timestamp),
) -> Result<(), StoreError> {
    tx.index_text("message", id.get());
    let sql = "update task set message_count = message_count + 1, last_message_at = $2 where id = $1";
    tx.later(sql, &params![task, now]).await?;
    count_replies(tx, message.reply_to_id, root, 1).await
}

/// Counts an answer at the message it answers, and at the one that began the thread.
async fn count_replies(
    tx: &mut Tx<'_>,
    parent: Option<MessageId>,
    root: Option<MessageId>,
    change: i64,
) -> Result<(), StoreError> {
    let Some(parent) = parent else { return Ok(()) };
    let root = root.unwrap_or(parent);
    let sql = "update message set reply_count = reply_count + $3 where id = $1 or id = $2";
    tx.later(sql, &params![parent, root, change]).await
}

/// The message that a sender has named so, with the digest of what was sent.
pub(super) async fn named(
    reader: &mut Reader<'_>,
    sender: UserId,
    client_id: &str,
) -> Result<Option<(MessageId, Option<Vec<u8>>)>, StoreError> {
    let sql = "select id, fingerprint from message where sender_id = $1 and client_id = $2";
    reader.optional(sql, &params![sender, client_id]).await
}

/// What a message says, and how many files it has.
pub(super) async fn content(reader: &mut Reader<'_>, id: MessageId) -> Result<(String, i64), StoreError> {
    reader.one("select content, file_count from message where id = $1", &params![id]).await
}

/// Counts a change in the files of a message.
pub(super) async fn count_files(
    tx: &mut Tx<'_>,
    id: MessageId,
    change: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "update message set file_count = file_count + $2, updated_at = $3 where id = $1";
    tx.later(sql, &params![id, change, now]).await
}

pub(super) async fn update(
    tx: &mut Tx<'_>,
    id: MessageId,
    content: &str,
    html: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "update message set content = $2, content_html = $3, edited_at = $4, updated_at = $4, edit_count = edit_count + 1 where id = $1";
    tx.later(sql, &params![id, content, html, now]).await?;
    tx.index_text("message", id.get());
    Ok(())
}

/// Takes back what was said, and what was counted.
pub(super) async fn bury(tx: &mut Tx<'_>, message: &MessageKey, now: Timestamp) -> Result<(), StoreError> {
    let sql = "update message set content = '', content_html = '', file_count = 0, deleted_at = $2, updated_at = $2 where id = $1";
    tx.later(sql, &params![message.id, now]).await?;
    tx.index_text("message", message.id.get());
    let sql = "update task set message_count = message_count - 1, last_message_at = (select m.created_at from message m \
               where m.task_id = task.id and m.deleted_at is null order by m.seq desc limit 1) where id = $1";
    tx.later(sql, &[Param::from(message.task_id)]).await?;
    count_replies(tx, message.reply_to_id, message.root_id, -1).await
}

/// Takes back the summary that was made of a task, if this message went into it.
pub(super) async fn withdraw_summary(
    tx: &mut Tx<'_>,
    task: TaskId,
    message: MessageId,
) -> Result<Option<SummaryId>, StoreError> {
    let sql = "delete from summary where task_id = $1 and source <> 'person' \
               and up_to_seq >= (select m.seq from message m where m.id = $2) returning id";
    tx.optional(sql, &params![task, message]).await
}

/// Ends the open reviews of a message, and takes from the others what machines have said of it. Returns those that ended.
pub(super) async fn withdraw_reviews(
    tx: &mut Tx<'_>,
    message: MessageId,
    now: Timestamp,
) -> Result<Vec<ReviewId>, StoreError> {
    let sql = "delete from review where message_id = $1 and status = 'pending' returning id";
    let ended = tx.all(sql, &params![message]).await?;
    let sql = "update review set analysis = null, analysed_edit = null, feedback = case when used_ai then null else feedback end, \
               feedback_html = case when used_ai then null else feedback_html end, updated_at = $2 where message_id = $1";
    tx.later(sql, &params![message, now]).await?;
    Ok(ended)
}
