//! The SQL of tasks.

use faff_store::jobs;
use faff_store::log::Stream;
use faff_store::{Engine, Param, Reader, StoreError, Tx, params, record};
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

/// How much a priority weighs; an index holds it.
pub(super) const RANK: &str =
    "CAST(CASE priority WHEN 'urgent' THEN 3 WHEN 'high' THEN 2 WHEN 'medium' THEN 1 ELSE 0 END AS BIGINT)";

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

/// Conditions on `task t`, with the values of their placeholders in order.
#[derive(Debug)]
pub(super) struct Filter {
    condition: String,
    params: Vec<Param<'static>>,
    /// Whether the tasks of one tag are wanted, which `task_tag g` lists in order.
    tagged: bool,
    /// Where the page begins, in a list that is sorted by more than the id: the placeholder of the id, behind that of the key.
    behind: Option<usize>,
}

impl Filter {
    pub(super) fn new(scope: Scope) -> Self {
        Self { condition: scope.condition(1), params: vec![scope.param()], tagged: false, behind: None }
    }

    /// What the tasks are joined with.
    const fn join(&self) -> &'static str {
        if self.tagged { " join task_tag g on g.task_id = t.id" } else { "" }
    }

    /// The id of a task, from where an index has it in order.
    const fn id(&self) -> &'static str {
        if self.tagged { "g.task_id" } else { "t.id" }
    }

    /// Adds the condition that a task has a tag; once.
    pub(super) fn and_tag(&mut self, tag: &str) {
        self.tagged = true;
        self.and("g.tag = {}", tag.to_owned());
    }

    /// Adds a condition; `{}` in it stands for the placeholder of `value`.
    pub(super) fn and(&mut self, condition: &str, value: impl Into<Param<'static>>) {
        self.params.push(value.into());
        let placeholder = format!("${}", self.params.len());
        self.condition.push_str(" and ");
        self.condition.push_str(&condition.replace("{}", &placeholder));
    }

    /// Adds a condition without a value.
    pub(super) fn and_plain(&mut self, condition: &str) {
        self.condition.push_str(" and ");
        self.condition.push_str(condition);
    }

    /// Adds a condition that one of several values holds.
    pub(super) fn and_any(&mut self, column: &str, values: &[&'static str]) {
        let first = self.params.len() + 1;
        let placeholders: Vec<String> = (first..first + values.len()).map(|n| format!("${n}")).collect();
        self.params.extend(values.iter().map(|value| Param::from(*value)));
        self.and_plain(&format!("{column} in ({})", placeholders.join(", ")));
    }

    /// Adds the condition that the text of the task, or of a message in it, holds all the words.
    pub(super) fn and_text(&mut self, engine: faff_store::Engine, words: &str) {
        let Some(query) = engine.text_query(words) else {
            // Nothing but punctuation was asked for, and nothing is found.
            return self.and_plain("1 = 0");
        };
        self.params.push(query.into());
        let n = self.params.len();
        let in_task = engine.matches_text("task", "w", n);
        let in_message = engine.matches_text("message", "m", n);
        self.and_plain(&format!(
            "t.id in (select w.id from task w where {in_task} union select m.task_id from message m where {in_message})"
        ));
    }
}

/// How a list is sorted: by a key, and by id where keys are the same.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order {
    pub(super) key: &'static str,
    pub(super) descending: bool,
}

impl Order {
    /// The condition that a row comes behind a place in the list.
    pub(super) fn behind(self, filter: &mut Filter, key: i64, id: i64) {
        if self.key == "t.id" {
            filter.and(&format!("{} {} {{}}", filter.id(), self.sign()), id);
        } else {
            filter.params.extend([Param::from(key), Param::from(id)]);
            filter.behind = Some(filter.params.len());
        }
    }

    const fn sign(self) -> char {
        if self.descending { '<' } else { '>' }
    }

    fn clause(self, filter: &Filter) -> String {
        let direction = if self.descending { "desc" } else { "asc" };
        if self.key == "t.id" {
            format!("{} {direction}", filter.id())
        } else {
            format!("{} {direction}, t.id {direction}", self.key)
        }
    }
}

record! {
    /// A task that is in a list: which one, where its log ends, and what it is sorted by.
    #[derive(Debug, Clone, Copy)]
    pub(super) struct Listed {
        pub(super) id: TaskId,
        pub(super) seq: i64,
        pub(super) sort_key: i64,
    }
}

/// A page of a list.
pub(super) async fn list(
    reader: &mut Reader<'_>,
    filter: &Filter,
    order: Order,
    fetch: usize,
    offset: i64,
) -> Result<Vec<Listed>, StoreError> {
    let (join, key, sign, clause) = (filter.join(), order.key, order.sign(), order.clause(filter));
    let skip = if offset > 0 { format!(" offset {offset}") } else { String::new() };
    // No other columns: the indexes of lists hold these, and those of a scope.
    let page = |place: &str, order: &str| {
        let condition = format!("{}{place}", filter.condition);
        format!(
            "select t.id, coalesce(s.seq, 0) as seq, {key} as sort_key from task t left join stream s on s.id = t.id{join} \
             where {condition} order by {order} limit {fetch}{skip}"
        )
    };
    let sql = match (filter.behind, reader.engine()) {
        (None, _) => page("", &clause),
        (Some(n), Engine::Postgres) => {
            page(&format!(" and ({key}, t.id) {sign} (${}, ${n})", n - 1), &clause)
        }
        (Some(n), Engine::Sqlite) => {
            // Of a comparison of pairs whose second is the row's own id, its planner uses only the first, and would read what
            // lies before the place among rows of the same key.
            let direction = if order.descending { "desc" } else { "asc" };
            let same =
                page(&format!(" and {key} = ${} and t.id {sign} ${n}", n - 1), &format!("t.id {direction}"));
            let others = page(&format!(" and {key} {sign} ${}", n - 1), &clause);
            format!(
                "select * from (select * from ({same}) union all select * from ({others})) \
                 order by sort_key {direction}, id {direction} limit {fetch}"
            )
        }
    };
    reader.all(&sql, &filter.params).await
}

/// How many tasks a filter holds.
pub(super) async fn count(reader: &mut Reader<'_>, filter: &Filter) -> Result<i64, StoreError> {
    reader
        .one(
            &format!("select count(*) from task t{} where {}", filter.join(), filter.condition),
            &filter.params,
        )
        .await
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
    index(tx, id, &task.title, &task.description);
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

pub(super) fn index(tx: &mut Tx<'_>, id: TaskId, title: &str, description: &str) {
    tx.index_text("task", id.get(), Some(&format!("{title} {description}")));
}

/// Deletes a task with everything in it. Its log stays.
pub(super) async fn delete(tx: &mut Tx<'_>, id: TaskId, now: Timestamp) -> Result<(), StoreError> {
    let sql = "insert into file_removal (stored, since) select stored, cast($2 as bigint) from attachment \
               where task_id = $1 on conflict (stored) do nothing";
    tx.later(sql, &params![id, now]).await?;
    tx.forget_texts("message", "select id from message where task_id = $1", &params![id]).await?;
    tx.index_text("task", id.get(), None);
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
