//! The SQL of search.

use faff_store::{FromRow, Param, Reader, Search, StoreError, Texts, record};
use faff_types::{MessageId, TaskId, Timestamp, UserId};

use crate::access::{MESSAGE_TEXT, OPEN_MESSAGE, OPEN_TASK, Reach, Scope, TASK_TEXT};

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
    (scope, reach): (Scope, &mut Option<Reach>),
    words: &str,
    before: i64,
    fetch: usize,
) -> Result<Vec<TaskHit>, StoreError> {
    let search = Search {
        columns: "t.id, t.title, t.status, t.description, t.created_at",
        table: "task",
        alias: "t",
        join: "",
        words: TASK_TEXT,
        text: 2,
        before: 3,
        condition: &scope.condition(1),
        limit: fetch,
    };
    newest(reader, (scope, reach), &search, ("t.id", OPEN_TASK), [scope.param(), words.into(), before.into()])
        .await
}

/// Messages that match, likewise.
pub(super) async fn messages(
    reader: &mut Reader<'_>,
    (scope, reach): (Scope, &mut Option<Reach>),
    words: &str,
    before: i64,
    fetch: usize,
) -> Result<Vec<MessageHit>, StoreError> {
    let search = Search {
        columns: "m.id, m.task_id, t.title, t.status, m.seq, m.sender_id, m.content, m.created_at",
        table: "message",
        alias: "m",
        join: "join task t on t.id = m.task_id",
        words: MESSAGE_TEXT,
        text: 2,
        before: 3,
        condition: &format!("m.deleted_at is null and {}", scope.condition(1)),
        limit: fetch,
    };
    newest(
        reader,
        (scope, reach),
        &search,
        ("m.task_id", OPEN_MESSAGE),
        [scope.param(), words.into(), before.into()],
    )
    .await
}

/// The newest rows: of the newest of all, or, where those do not hold enough, of where `scope` reaches. `task` is the ticket of a
/// row, `open` what holds of those that are indexed apart.
async fn newest<T: FromRow>(
    reader: &mut Reader<'_>,
    (scope, reach): (Scope, &mut Option<Reach>),
    search: &Search<'_>,
    (task, open): (&str, &str),
    params: [Param<'_>; 3],
) -> Result<Vec<T>, StoreError> {
    let engine = reader.engine();
    let found = reader.all(&engine.newest(search), &params).await?;
    if found.len() == search.limit {
        return Ok(found);
    }
    let reach = match reach {
        Some(reach) => reach,
        None => reach.insert(Reach::of(reader, scope).await?),
    };
    let Reach::Open { own } = reach else {
        return reader.all(&engine.indexed(search, Texts::All), &params).await;
    };
    let [who, words, before] = params;
    let sql = format!(
        "select * from ({}) open union select * from ({}) own order by id desc limit {}",
        engine.indexed(search, Texts::Open(open)),
        engine.among(search, &format!("{task} in {}", engine.listed(4))),
        search.limit
    );
    reader.all(&sql, &[who, words, before, own.clone()]).await
}
