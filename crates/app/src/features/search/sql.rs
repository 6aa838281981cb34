//! The SQL of search.

use faff_store::{Reader, Search, StoreError, record};
use faff_types::{MessageId, TaskId, Timestamp, UserId};

use crate::access::Scope;

record! {
    /// A ticket that was found.
    #[derive(Debug)]
    pub(super) struct TaskHit {
        pub(super) id: TaskId,
        pub(super) title: String,
        pub(super) status: String,
        pub(super) description: String,
        pub(super) created_at: Timestamp,
    }
}

record! {
    /// A message that was found.
    #[derive(Debug)]
    pub(super) struct MessageHit {
        pub(super) id: MessageId,
        pub(super) task_id: TaskId,
        pub(super) title: String,
        pub(super) status: String,
        pub(super) seq: i64,
        pub(super) sender_id: UserId,
        pub(super) content: String,
        pub(super) created_at: Timestamp,
    }
}

/// Tickets that match a query of the text index, newest first, before a place.
pub(super) async fn tasks(
    reader: &mut Reader<'_>,
    scope: Scope,
    words: &str,
    before: i64,
    fetch: usize,
) -> Result<Vec<TaskHit>, StoreError> {
    let sql = reader.engine().newest(&Search {
        columns: "t.id, t.title, t.status, t.description, t.created_at",
        table: "task",
        alias: "t",
        join: "",
        words: "t.title || ' ' || t.description",
        text: 2,
        before: 3,
        condition: &scope.condition(1),
        limit: fetch,
    });
    reader.all(&sql, &[scope.param(), words.into(), before.into()]).await
}

/// Messages that match, likewise.
pub(super) async fn messages(
    reader: &mut Reader<'_>,
    scope: Scope,
    words: &str,
    before: i64,
    fetch: usize,
) -> Result<Vec<MessageHit>, StoreError> {
    let sql = reader.engine().newest(&Search {
        columns: "m.id, m.task_id, t.title, t.status, m.seq, m.sender_id, m.content, m.created_at",
        table: "message",
        alias: "m",
        join: "join task t on t.id = m.task_id",
        words: "m.content",
        text: 2,
        before: 3,
        condition: &format!("m.deleted_at is null and {}", scope.condition(1)),
        limit: fetch,
    });
    reader.all(&sql, &[scope.param(), words.into(), before.into()]).await
}
