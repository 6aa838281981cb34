//! The SQL of reviews.

use faff_store::{Param, Reader, StoreError, Tx, ids, params, record};
use faff_types::{MessageId, ReviewId, TaskId, Timestamp, UserId};

use super::analysis::Analysis;
use super::view::Status;
use crate::access::Scope;
use crate::http::Problem;

record! {
    /// A review.
    #[derive(Debug)]
    pub(crate) struct ReviewRow {
        pub(super) id: ReviewId,
        pub(super) message_id: MessageId,
        pub(super) task_id: TaskId,
        pub(super) requested_by_id: UserId,
        pub(super) reviewer_id: Option<UserId>,
        pub(super) status: Status,
        pub(super) feedback: Option<String>,
        pub(super) feedback_html: Option<String>,
        pub(super) used_ai: bool,
        pub(super) analysis: Option<String>,
        pub(super) outdated: bool,
        pub(super) created_at: Timestamp,
        pub(super) updated_at: Timestamp,
        pub(super) decided_at: Option<Timestamp>,
    }
}

impl ReviewRow {
    /// Whom it names.
    pub(super) fn people(&self) -> impl Iterator<Item = UserId> + use<> {
        [Some(self.requested_by_id), self.reviewer_id].into_iter().flatten()
    }

    /// What a machine thinks.
    pub(super) fn analysis(&self) -> Result<Option<Analysis>, Problem> {
        self.analysis.as_deref().map(serde_json::from_str).transpose().map_err(Problem::internal)
    }
}

const SELECT: &str = "select r.id, r.message_id, r.task_id, r.requested_by_id, r.reviewer_id, r.status, r.feedback, \
    r.feedback_html, r.used_ai, r.analysis, coalesce(m.edit_count > r.analysed_edit, false) as outdated, r.created_at, \
    r.updated_at, r.decided_at from review r join message m on m.id = r.message_id";

/// A review, whoever asks: a permit, or who is told, decides that.
pub(super) async fn current(reader: &mut Reader<'_>, id: ReviewId) -> Result<Option<ReviewRow>, StoreError> {
    reader.optional(&format!("{SELECT} where r.id = $1"), &params![id]).await
}

/// A review, if its task exists for whoever asks.
pub(super) async fn find(
    reader: &mut Reader<'_>,
    id: ReviewId,
    scope: Scope,
) -> Result<Option<ReviewRow>, StoreError> {
    let sql = format!("{SELECT} join task t on t.id = r.task_id where r.id = $1 and {}", scope.condition(2));
    reader.optional(&sql, &[id.into(), scope.param()]).await
}

/// Reviews by their ids.
pub(super) async fn by_ids(
    reader: &mut Reader<'_>,
    wanted: &[ReviewId],
) -> Result<Vec<ReviewRow>, StoreError> {
    let sql = format!("{SELECT} where r.id in {}", reader.engine().listed(1));
    reader.all(&sql, &[ids(wanted.iter().map(|id| id.get()))]).await
}

/// The open review of a message.
pub(super) async fn open(
    reader: &mut Reader<'_>,
    message: MessageId,
) -> Result<Option<ReviewRow>, StoreError> {
    let sql = format!("{SELECT} where r.message_id = $1 and r.status = 'pending'");
    reader.optional(&sql, &params![message]).await
}

/// Which reviews.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filter {
    pub(super) scope: Scope,
    pub(super) task: Option<TaskId>,
    pub(super) status: Option<Status>,
    pub(super) behind: Option<i64>,
    pub(super) descending: bool,
}

/// A page of a list.
pub(super) async fn list(
    reader: &mut Reader<'_>,
    filter: &Filter,
    fetch: usize,
) -> Result<Vec<ReviewRow>, StoreError> {
    let (sign, order) = if filter.descending { ("<", "desc") } else { (">", "asc") };
    let (mut condition, mut params) = (filter.scope.condition(1), vec![filter.scope.param()]);
    let behind = format!("r.id {sign}");
    let wanted: [(&str, Option<Param<'static>>); 3] = [
        ("r.task_id =", filter.task.map(Param::from)),
        ("r.status =", filter.status.map(Param::from)),
        (&behind, filter.behind.map(Param::from)),
    ];
    for (test, value) in wanted {
        if let Some(value) = value {
            params.push(value);
            condition = format!("{condition} and {test} ${}", params.len());
        }
    }
    let sql = format!(
        "{SELECT} join task t on t.id = r.task_id where {condition} order by r.id {order} limit {fetch}"
    );
    reader.all(&sql, &params).await
}

/// Opens a review.
pub(super) async fn insert(
    tx: &mut Tx<'_>,
    (message, task): (MessageId, TaskId),
    by: UserId,
    now: Timestamp,
) -> Result<ReviewId, StoreError> {
    let sql = "insert into review (message_id, task_id, requested_by_id, status, used_ai, escalate, created_at, updated_at) \
               values ($1, $2, $3, 'pending', false, false, $4, $4) returning id";
    tx.one(sql, &params![message, task, by, now]).await
}

pub(super) async fn decide(
    tx: &mut Tx<'_>,
    id: ReviewId,
    (status, feedback, used_ai): (Status, Option<&(String, String)>, bool),
    by: UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "update review set status = $2, feedback = $3, feedback_html = $4, used_ai = $5, reviewer_id = $6, \
               decided_at = $7, updated_at = $7 where id = $1";
    let (text, html) = (feedback.map(|says| &says.0), feedback.map(|says| &says.1));
    tx.later(sql, &params![id, status, text, html, used_ai, by, now]).await
}

/// Takes a decision back.
pub(super) async fn reopen(tx: &mut Tx<'_>, id: ReviewId, now: Timestamp) -> Result<(), StoreError> {
    let sql = "update review set status = 'pending', feedback = null, feedback_html = null, used_ai = false, \
               reviewer_id = null, decided_at = null, updated_at = $2 where id = $1";
    tx.later(sql, &params![id, now]).await
}

/// Keeps what a machine thinks.
pub(super) async fn keep(
    tx: &mut Tx<'_>,
    id: ReviewId,
    (analysis, edit_count, escalate): (&str, i64, bool),
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql =
        "update review set analysis = $2, analysed_edit = $3, escalate = $4, updated_at = $5 where id = $1";
    tx.later(sql, &params![id, analysis, edit_count, escalate, now]).await
}

record! {
    /// What a review is about.
    #[derive(Debug)]
    pub(super) struct AboutRow {
        pub(super) task_id: TaskId,
        pub(super) title: String,
        pub(super) description: String,
        pub(super) status: String,
        pub(super) message_id: MessageId,
        pub(super) seq: i64,
        pub(super) edit_count: i64,
        pub(super) escalate: bool,
    }
}

/// What a review is about, unless its message was deleted.
pub(super) async fn about(reader: &mut Reader<'_>, id: ReviewId) -> Result<Option<AboutRow>, StoreError> {
    let sql = "select t.id as task_id, t.title, t.description, t.status, m.id as message_id, m.seq, m.edit_count, r.escalate \
               from review r join message m on m.id = r.message_id join task t on t.id = r.task_id \
               where r.id = $1 and m.deleted_at is null";
    reader.optional(sql, &params![id]).await
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

/// What was said at a place, and before and after it.
pub(super) async fn around(
    reader: &mut Reader<'_>,
    task: TaskId,
    seq: i64,
    each: usize,
) -> Result<Vec<SaidRow>, StoreError> {
    let mut rows = Vec::new();
    for (sign, order) in [("<=", "desc"), (">", "asc")] {
        let sql = format!(
            "select m.id, m.seq, a.name as author, m.created_at as at, m.reply_to_id, m.content from message m \
             join account a on a.id = m.sender_id where m.task_id = $1 and m.seq {sign} $2 and m.deleted_at is null \
             order by m.seq {order} limit {each}"
        );
        rows.extend(reader.all::<SaidRow>(&sql, &params![task, seq]).await?);
    }
    Ok(rows)
}

record! {
    /// What is asked of messages.
    #[derive(Debug)]
    pub(super) struct GuidanceRow {
        pub(super) content: String,
        pub(super) version: i64,
        pub(super) updated_by_id: UserId,
        pub(super) updated_at: Timestamp,
    }
}

pub(super) async fn guidance(reader: &mut Reader<'_>) -> Result<Option<GuidanceRow>, StoreError> {
    reader
        .optional("select content, version, updated_by_id, updated_at from review_guidance where id = 1", &[])
        .await
}

pub(super) async fn set_guidance(
    tx: &mut Tx<'_>,
    content: &str,
    version: i64,
    by: UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "insert into review_guidance (id, content, version, updated_by_id, updated_at) values (1, $1, $2, $3, $4) \
               on conflict (id) do update set content = excluded.content, version = excluded.version, \
               updated_by_id = excluded.updated_by_id, updated_at = excluded.updated_at";
    tx.later(sql, &params![content, version, by, now]).await
}
