//! What access depends on, as the database has it.

use faff_store::{Reader, StoreError, params, record};
use faff_types::{MessageId, ReviewId, SessionId, TaskId, Timestamp, UserId, ViewId};

use super::{ReviewKey, Role, Scope, TaskKey, UserKey, ViewKey};

pub(super) async fn task_key(
    reader: &mut Reader<'_>,
    id: TaskId,
    user: UserId,
) -> Result<Option<TaskKey>, StoreError> {
    let sql = "select t.id, t.visibility, t.created_by_id, t.assigned_to_id, \
               exists (select 1 from participant p where p.task_id = t.id and p.user_id = $2) as participates, \
               t.version, s.seq, s.chain \
               from task t join stream s on s.id = t.id where t.id = $1";
    reader.optional(sql, &params![id, user]).await
}

pub(super) async fn user_key(reader: &mut Reader<'_>, id: UserId) -> Result<Option<UserKey>, StoreError> {
    reader.optional("select id, role, active from account where id = $1", &params![id]).await
}

pub(super) async fn view_key(reader: &mut Reader<'_>, id: ViewId) -> Result<Option<ViewKey>, StoreError> {
    reader.optional("select id, owner_id, shared from saved_view where id = $1", &params![id]).await
}

record! {
    #[derive(Debug)]
    pub(super) struct MessageRow {
        pub(super) sender_id: UserId,
        pub(super) reply_to_id: Option<MessageId>,
        pub(super) root_id: Option<MessageId>,
        pub(super) deleted: bool,
    }
}

pub(super) async fn task_of_message(
    reader: &mut Reader<'_>,
    id: MessageId,
) -> Result<Option<TaskId>, StoreError> {
    reader.optional("select task_id from message where id = $1", &params![id]).await
}

pub(super) async fn message_row(
    reader: &mut Reader<'_>,
    id: MessageId,
) -> Result<Option<MessageRow>, StoreError> {
    let sql = "select sender_id, reply_to_id, root_id, deleted_at is not null as deleted from message where id = $1";
    reader.optional(sql, &params![id]).await
}

pub(super) async fn task_of_review(
    reader: &mut Reader<'_>,
    id: ReviewId,
) -> Result<Option<TaskId>, StoreError> {
    reader.optional("select task_id from review where id = $1", &params![id]).await
}

pub(super) async fn review_key(
    reader: &mut Reader<'_>,
    id: ReviewId,
) -> Result<Option<ReviewKey>, StoreError> {
    let sql = "select r.id, r.task_id, r.message_id, m.deleted_at is not null as message_deleted, m.sender_id, r.reviewer_id \
               from review r join message m on m.id = r.message_id where r.id = $1";
    reader.optional(sql, &params![id]).await
}

record! {
    #[derive(Debug)]
    pub(super) struct SessionRow {
        pub(super) user_id: UserId,
        pub(super) name: String,
        pub(super) email: String,
        pub(super) role: Role,
        pub(super) expires_at: Timestamp,
    }
}

/// A login that is still good, with the state of its account.
pub(super) async fn session(
    reader: &mut Reader<'_>,
    id: SessionId,
) -> Result<Option<SessionRow>, StoreError> {
    let sql = "select s.user_id, a.name, a.email, a.role, s.expires_at \
               from session s join account a on a.id = s.user_id \
               where s.id = $1 and s.ended_at is null and a.active";
    reader.optional(sql, &params![id]).await
}

record! {
    #[derive(Debug)]
    pub(super) struct OwnTask {
        pub(super) id: TaskId,
        pub(super) message_count: i64,
    }
}

/// Some of the private tickets of a scope, more than `most` if there are so many; `None` for whom everything exists.
pub(super) async fn own_private(
    reader: &mut Reader<'_>,
    scope: Scope,
    most: usize,
) -> Result<Option<Vec<OwnTask>>, StoreError> {
    let Some(own) = scope.private(1) else { return Ok(None) };
    let sql = format!("select t.id, t.message_count from task t where {own} limit {}", most + 1);
    Ok(Some(reader.all(&sql, &[scope.param()]).await?))
}
