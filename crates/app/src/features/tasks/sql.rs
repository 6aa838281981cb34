//! The SQL of tasks.

use faff_store::jobs;
use faff_store::log::Stream;
use faff_store::{Param, Reader, StoreError, Tx, params, record};
use faff_types::{TaskId, Timestamp, UserId};

use super::task::{NewTask, Priority, Status, Visibility};
use crate::access::Scope;

record! {
    /// A task.
    #[derive(Debug)]
    pub(crate) struct TaskRow {
        pub(super) id: TaskId,
        pub(super) title: String,
        pub(super) description: String,
        pub(super) description_html: String,
        pub(super) priority: Priority,
        pub(super) status: Status,
        pub(super) visibility: Visibility,
        pub(super) tags: Option<String>,
        pub(super) assigned_to_id: Option<UserId>,
        pub(super) created_by_id: UserId,
        pub(super) message_count: i64,
        pub(super) last_message_at: Option<Timestamp>,
        pub(super) seq: i64,
        pub(super) version: i64,
        pub(super) created_at: Timestamp,
        pub(super) updated_at: Timestamp,
        pub(super) resolved_at: Option<Timestamp>,
    }
}

impl TaskRow {
    /// Whom it names.
    pub(super) fn people(&self) -> impl Iterator<Item = UserId> + use<> {
        [Some(self.created_by_id), self.assigned_to_id].into_iter().flatten()
    }
}

const SELECT: &str = "select t.id, t.title, t.description, t.description_html, t.priority, t.status, t.visibility, \
    (select string_agg(g.tag, ',') from task_tag g where g.task_id = t.id) as tags, t.assigned_to_id, t.created_by_id, \
    t.message_count, t.last_message_at, coalesce(s.seq, 0) as seq, t.version, t.created_at, t.updated_at, t.resolved_at \
    from task t left join stream s on s.id = t.id";

/// A task, if it exists for whoever asks.
pub(super) async fn find(
    reader: &mut Reader<'_>,
    id: TaskId,
    scope: Scope,
) -> Result<Option<TaskRow>, StoreError> {
    let sql = format!("{SELECT} where t.id = $1 and {}", scope.condition(2));
    reader.optional(&sql, &[id.into(), scope.param()]).await
}

/// A task that is about to be changed.
pub(super) async fn current(tx: &mut Tx<'_>, id: TaskId) -> Result<TaskRow, StoreError> {
    tx.one(&format!("{SELECT} where t.id = $1"), &params![id]).await
}

/// Tasks by their ids, whoever may see them.
pub(super) async fn by_ids(reader: &mut Reader<'_>, ids: &[TaskId]) -> Result<Vec<TaskRow>, StoreError> {
    let sql = format!("{SELECT} where t.id in {}", reader.engine().listed(1));
    reader.all(&sql, &[ids_of(ids)]).await
}

/// Those of these tasks that exist for whoever asks.
pub(super) async fn by_ids_for(
    reader: &mut Reader<'_>,
    ids: &[TaskId],
    scope: Scope,
) -> Result<Vec<TaskRow>, StoreError> {
    let sql = format!("{SELECT} where t.id in {} and {}", reader.engine().listed(1), scope.condition(2));
    reader.all(&sql, &[ids_of(ids), scope.param()]).await
}

/// The ids of those of these tasks that exist for whoever asks.
pub(super) async fn visible(
    reader: &mut Reader<'_>,
    ids: &[TaskId],
    scope: Scope,
) -> Result<Vec<TaskId>, StoreError> {
    let listed = reader.engine().listed(1);
    let sql = format!("select t.id from task t where t.id in {listed} and {}", scope.condition(2));
    reader.all(&sql, &[ids_of(ids), scope.param()]).await
}

/// Who was let into which of these tasks.
pub(super) async fn participants_of(
    reader: &mut Reader<'_>,
    ids: &[TaskId],
) -> Result<Vec<(TaskId, UserId)>, StoreError> {
    let listed = reader.engine().listed(1);
    let sql = format!("select p.task_id, p.user_id from participant p where p.task_id in {listed}");
    reader.all(&sql, &[ids_of(ids)]).await
}

fn ids_of(ids: &[TaskId]) -> Param<'static> {
    faff_store::ids(ids.iter().map(|id| id.get()))
}

pub(super) async fn insert(
    tx: &mut Tx<'_>,
    task: &NewTask,
    creator: UserId,
    now: Timestamp,
) -> Result<TaskId, StoreError> {
    let sql = "insert into task (title, description, description_html, priority, status, visibility, assigned_to_id, \
               created_by_id, message_count, last_message_at, version, created_at, updated_at, resolved_at) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, 0, null, 1, $9, $9, $10) returning id";
    let resolved = task.status.is_over().then_some(now);
    let id: TaskId = tx
        .one(
            sql,
            &params![
                &task.title,
                &task.description,
                &task.description_html,
                task.priority,
                task.status,
                task.visibility,
                task.assigned_to_id,
                creator,
                now,
                resolved,
            ],
        )
        .await?;
    put_tags(tx, id, &task.tags).await?;
    tx.index_text("task", id.get());
    Ok(id)
}

/// Writes the fields of a task.
pub(super) async fn update(tx: &mut Tx<'_>, task: &TaskRow) -> Result<(), StoreError> {
    let sql = "update task set title = $2, description = $3, description_html = $4, priority = $5, status = $6, \
               visibility = $7, assigned_to_id = $8, resolved_at = $9, version = $10, updated_at = $11 where id = $1";
    tx.execute(
        sql,
        &params![
            task.id,
            &task.title,
            &task.description,
            &task.description_html,
            task.priority,
            task.status,
            task.visibility,
            task.assigned_to_id,
            task.resolved_at,
            task.version,
            task.updated_at,
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn replace_tags(tx: &mut Tx<'_>, id: TaskId, tags: &[String]) -> Result<(), StoreError> {
    tx.later("delete from task_tag where task_id = $1", &params![id]).await?;
    put_tags(tx, id, tags).await
}

async fn put_tags(tx: &mut Tx<'_>, id: TaskId, tags: &[String]) -> Result<(), StoreError> {
    for tag in tags {
        tx.later("insert into task_tag (task_id, tag) values ($1, $2)", &params![id, tag]).await?;
    }
    Ok(())
}

/// Deletes a task with everything in it. Its log stays.
pub(super) async fn delete(tx: &mut Tx<'_>, id: TaskId, now: Timestamp) -> Result<(), StoreError> {
    let sql = "insert into file_removal (stored, since) select stored, cast($2 as bigint) from attachment \
               where task_id = $1 on conflict (stored) do nothing";
    tx.later(sql, &params![id, now]).await?;
    tx.forget_texts("message", "select id from message where task_id = $1", &params![id]).await?;
    tx.index_text("task", id.get());
    jobs::cancel(tx, Stream::Task(id)).await?;
    for sql in [
        "delete from review where task_id = $1",
        "delete from summary where task_id = $1",
        "delete from attachment where task_id = $1",
        "delete from message where task_id = $1",
        "delete from participant where task_id = $1",
        "delete from task_tag where task_id = $1",
        "delete from task where id = $1",
    ] {
        tx.later(sql, &params![id]).await?;
    }
    Ok(())
}

pub(super) async fn add_participant(tx: &mut Tx<'_>, id: TaskId, user: UserId) -> Result<bool, StoreError> {
    let sql = "insert into participant (task_id, user_id) values ($1, $2) on conflict (task_id, user_id) do nothing";
    Ok(tx.execute(sql, &params![id, user]).await? == 1)
}

pub(super) async fn remove_participant(
    tx: &mut Tx<'_>,
    id: TaskId,
    user: UserId,
) -> Result<bool, StoreError> {
    Ok(tx.execute("delete from participant where task_id = $1 and user_id = $2", &params![id, user]).await?
        == 1)
}

pub(super) async fn participants(
    reader: &mut Reader<'_>,
    id: TaskId,
) -> Result<Vec<(UserId, String, String)>, StoreError> {
    let sql = "select a.id, a.name, a.email from participant p join account a on a.id = p.user_id \
               where p.task_id = $1 order by a.id";
    reader.all(sql, &params![id]).await
}

/// Where a task's log ends, if the task exists for whoever asks.
pub(super) async fn seq(
    reader: &mut Reader<'_>,
    id: TaskId,
    scope: Scope,
) -> Result<Option<i64>, StoreError> {
    let sql = format!(
        "select coalesce(s.seq, 0) from task t left join stream s on s.id = t.id where t.id = $1 and {}",
        scope.condition(2)
    );
    reader.optional(&sql, &[id.into(), scope.param()]).await
}

record! {
    /// An event.
    #[derive(Debug)]
    pub(super) struct EventRow {
        pub(super) seq: i64,
        pub(super) kind: String,
        pub(super) actor_id: Option<UserId>,
        pub(super) at: Timestamp,
        pub(super) payload: String,
    }
}

/// The events of a task behind a place, in order.
pub(super) async fn events(
    reader: &mut Reader<'_>,
    id: TaskId,
    after: i64,
    fetch: usize,
) -> Result<Vec<EventRow>, StoreError> {
    let sql = format!(
        "select e.seq, e.kind, e.actor_id, e.at, e.payload from event e \
         where e.stream = $1 and e.seq > $2 order by e.seq limit {fetch}"
    );
    reader.all(&sql, &params![Stream::Task(id).to_db(), after]).await
}
