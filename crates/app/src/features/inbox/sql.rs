//! The SQL of the inbox.

use faff_store::{Param, Reader, StoreError, Tx, params, record};
use faff_types::{EntryId, MessageId, TaskId, Timestamp, UserId};

use super::Kind;
use super::notify::Notice;
use crate::access::Scope;

record! {
    /// An entry, with what is shown of its ticket and its message.
    #[derive(Debug)]
    pub(super) struct EntryRow {
        pub(super) id: EntryId,
        pub(super) kind: Kind,
        pub(super) task_id: TaskId,
        pub(super) task_title: String,
        pub(super) task_status: String,
        pub(super) message_id: Option<MessageId>,
        pub(super) content: Option<String>,
        pub(super) seq: i64,
        pub(super) actor_id: UserId,
        pub(super) created_at: Timestamp,
        pub(super) read_at: Option<Timestamp>,
        pub(super) done_at: Option<Timestamp>,
    }
}

const SELECT: &str = "select i.id, i.kind, i.task_id, t.title as task_title, t.status as task_status, i.message_id, \
    substr(m.content, 1, 600) as content, i.seq, i.actor_id, i.created_at, i.read_at, i.done_at \
    from inbox i join task t on t.id = i.task_id left join message m on m.id = i.message_id";

/// Which entries.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) unread: bool,
    pub(super) done: bool,
}

/// Entries of somebody, newest first, behind a place.
pub(super) async fn list(
    reader: &mut Reader<'_>,
    scope: Scope,
    Wanted { unread, done }: Wanted,
    before: EntryId,
    fetch: usize,
) -> Result<Vec<EntryRow>, StoreError> {
    let unread = if unread { " and i.read_at is null" } else { "" };
    let done = if done { "" } else { " and i.done_at is null" };
    let scoped = scope.condition(1);
    let sql = format!(
        "{SELECT} where i.user_id = $1 and i.id < $2{unread}{done} and {scoped} order by i.id desc limit {fetch}"
    );
    reader.all(&sql, &[scope.param(), before.into()]).await
}

/// An entry of somebody, if its ticket exists for them.
pub(super) async fn find(
    reader: &mut Reader<'_>,
    id: EntryId,
    scope: Scope,
) -> Result<Option<EntryRow>, StoreError> {
    let sql = format!("{SELECT} where i.user_id = $1 and i.id = $2 and {}", scope.condition(1));
    reader.optional(&sql, &[scope.param(), id.into()]).await
}

/// How many entries of somebody are neither read nor done; not counted beyond `most`.
pub(super) async fn unread(reader: &mut Reader<'_>, scope: Scope, most: usize) -> Result<i64, StoreError> {
    let sql = format!(
        "select count(*) from (select 1 from inbox i join task t on t.id = i.task_id \
         where i.user_id = $1 and i.read_at is null and i.done_at is null and {} limit {most}) u",
        scope.condition(1)
    );
    reader.one(&sql, &[scope.param()]).await
}

/// Adds an entry for each of these people for whom the ticket exists; returns for whom there is a new one.
pub(super) async fn insert(
    tx: &mut Tx<'_>,
    notice: Notice<'_>,
    now: Timestamp,
) -> Result<Vec<UserId>, StoreError> {
    let Notice { kind, people, place: (task, seq), message, actor } = notice;
    let sql = format!(
        "insert into inbox (user_id, task_id, message_id, seq, kind, actor_id, created_at) \
         select a.id, t.id, cast($3 as bigint), cast($4 as bigint), cast($5 as text), cast($6 as bigint), cast($7 as bigint) \
         from account a cross join task t where t.id = $1 and a.id in {} and a.active and a.id <> $6 and {} \
         on conflict (user_id, task_id, seq) do nothing returning user_id",
        tx.engine().listed(2),
        Scope::OF_ACCOUNT
    );
    let people = faff_store::ids(people.iter().map(|id| id.get()));
    let message = message.map_or(Param::Null, Param::from);
    tx.all(&sql, &[task.into(), people, message, seq.into(), kind.into(), actor.into(), now.into()]).await
}

/// Deletes what was told of a message; returns to whom.
pub(super) async fn delete_of_message(
    tx: &mut Tx<'_>,
    message: MessageId,
) -> Result<Vec<UserId>, StoreError> {
    tx.all("delete from inbox where message_id = $1 returning user_id", &params![message]).await
}

/// Notes what somebody has read of a ticket; returns how much was unread.
pub(super) async fn read_up_to(
    tx: &mut Tx<'_>,
    person: UserId,
    (task, seq): (TaskId, i64),
    now: Timestamp,
) -> Result<u64, StoreError> {
    let sql =
        "update inbox set read_at = $4 where user_id = $1 and task_id = $2 and seq <= $3 and read_at is null";
    tx.execute(sql, &params![person, task, seq, now]).await
}

/// Notes that somebody has read everything up to an entry.
pub(super) async fn read_all(
    tx: &mut Tx<'_>,
    person: UserId,
    up_to: EntryId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let sql = "update inbox set read_at = $3 where user_id = $1 and id <= $2 and read_at is null";
    tx.execute(sql, &params![person, up_to, now]).await
}

/// Writes when an entry was read and done.
pub(super) async fn update(tx: &mut Tx<'_>, entry: &EntryRow) -> Result<(), StoreError> {
    let sql = "update inbox set read_at = $2, done_at = $3 where id = $1";
    let time = |time: Option<Timestamp>| time.map_or(Param::Null, Param::from);
    tx.later(sql, &[entry.id.into(), time(entry.read_at), time(entry.done_at)]).await
}
