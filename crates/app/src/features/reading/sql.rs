//! The SQL of reading.

use faff_store::{Reader, StoreError, Tx, params};
use faff_types::{TaskId, UserId};

use super::{COUNTED, Reading};
use crate::access::Scope;

/// How far somebody has read these tickets; those that do not exist for them are left out. One query, which reads at most
/// [`COUNTED`] messages of each.
pub(super) async fn of_tasks(
    reader: &mut Reader<'_>,
    ids: &[TaskId],
    scope: Scope,
) -> Result<Vec<Reading>, StoreError> {
    const UNREAD: &str = "from message m where m.task_id = t.id and m.seq > coalesce(r.seq, 0) and m.deleted_at is null \
        and m.sender_id <> $2 and m.created_at >= (select a.created_at from account a where a.id = $2)";
    let sql = format!(
        "select t.id as task_id, coalesce(r.seq, 0) as read_seq, \
         (select count(*) from (select 1 {UNREAD} limit {COUNTED}) u) as unread_count, \
         (select m.id {UNREAD} order by m.seq limit 1) as first_unread_id, \
         exists (select 1 from inbox i where i.user_id = $2 and i.task_id = t.id and i.read_at is null \
             and i.kind = 'mentioned') as mentioned \
         from task t left join reading r on r.task_id = t.id and r.user_id = $2 \
         where t.id in {} and {}",
        reader.engine().listed(1),
        scope.condition(2)
    );
    let mut rows: Vec<Reading> =
        reader.all(&sql, &[faff_store::ids(ids.iter().map(|id| id.get())), scope.param()]).await?;
    rows.sort_by_key(|row| row.task_id);
    Ok(rows)
}

/// Moves somebody's place in a ticket; back only if that is wanted.
pub(super) async fn mark(
    tx: &mut Tx<'_>,
    user: UserId,
    (task, seq): (TaskId, i64),
    back: bool,
) -> Result<(), StoreError> {
    let only_forward = if back { "" } else { " where reading.seq < excluded.seq" };
    let sql = format!(
        "insert into reading (user_id, task_id, seq) values ($1, $2, $3) \
         on conflict (user_id, task_id) do update set seq = excluded.seq{only_forward}"
    );
    tx.later(&sql, &params![user, task, seq]).await
}
