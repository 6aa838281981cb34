//! The SQL of lists of tasks.

use faff_store::{Engine, Param, Reader, StoreError, Texts, record};
use faff_types::TaskId;

use crate::access::{MESSAGE_TEXT, OPEN_MESSAGE, OPEN_TASK, Reach, Scope, TASK_TEXT};

/// How much a priority weighs; an index holds it.
pub(super) const RANK: &str =
    "CAST(CASE priority WHEN 'urgent' THEN 3 WHEN 'high' THEN 2 WHEN 'medium' THEN 1 ELSE 0 END AS BIGINT)";

/// Conditions on `task t`, with the values of their placeholders in order.
#[derive(Debug)]
pub(super) struct Filter {
    scope: Scope,
    condition: String,
    params: Vec<Param<'static>>,
    /// Whether the tasks of one tag are wanted, which `task_tag g` lists in order.
    tagged: bool,
    /// Where words are wanted: the placeholder of the text query, and, where they are looked for in what is not private and in
    /// some tickets, that of the list of these.
    text: Option<(usize, Option<usize>)>,
    /// Where the page begins, in a list that is sorted by more than the id: the placeholder of the id, behind that of the key.
    behind: Option<usize>,
}

impl Filter {
    pub(super) fn new(scope: Scope) -> Self {
        Self {
            scope,
            condition: scope.condition(1),
            params: vec![scope.param()],
            tagged: false,
            text: None,
            behind: None,
        }
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

    /// Adds the condition that the text of the task, or of a message in it, holds all the words; once.
    pub(super) async fn and_text(&mut self, reader: &mut Reader<'_>, words: &str) -> Result<(), StoreError> {
        let Some(query) = reader.engine().text_query(words) else {
            // Nothing but punctuation was asked for, and nothing is found.
            self.and_plain("1 = 0");
            return Ok(());
        };
        self.params.push(query.into());
        let query = self.params.len();
        let own = match Reach::of(reader, self.scope).await? {
            Reach::All => None,
            Reach::Open { own } => {
                self.params.push(own);
                Some(self.params.len())
            }
        };
        self.text = Some((query, own));
        Ok(())
    }

    /// What is sorted by: no index is to give that order where the index of words gives the tasks, which PostgreSQL takes for a
    /// hundredth of all, and would look for among all of them.
    fn key(&self, order: Order) -> String {
        if self.text.is_some() { format!("{} + 0", order.key) } else { order.key.to_owned() }
    }

    /// All of it, as the index of words tells it.
    fn whole(&self, engine: Engine) -> String {
        let Some((query, own)) = self.text else { return self.condition.clone() };
        let texts = |open| if own.is_some() { Texts::Open(open) } else { Texts::All };
        let in_task = engine.matches_text("task", "w", query, texts(OPEN_TASK));
        let in_message = engine.matches_text("message", "w", query, texts(OPEN_MESSAGE));
        let own = own.map_or_else(String::new, |own| {
            format!(
                " union select t.id from task t where t.id in {} and {}",
                engine.listed(own),
                holds(engine, query)
            )
        });
        format!(
            "{} and t.id in (select w.id from task w where {in_task} union \
             select w.task_id from message w where {in_message}{own})",
            self.condition
        )
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

    const fn direction(self) -> &'static str {
        if self.descending { "desc" } else { "asc" }
    }

    fn clause(self, filter: &Filter, key: &str) -> String {
        let direction = self.direction();
        if key == "t.id" {
            format!("{} {direction}", filter.id())
        } else {
            format!("{key} {direction}, t.id {direction}")
        }
    }
}

record! {
    /// A task that is in a list: which one, where its log ends, and what it is sorted by.
    #[derive(Debug, Clone, Copy)]
    pub(in super::super) struct Listed {
        pub(in super::super) id: TaskId,
        pub(in super::super) seq: i64,
        pub(in super::super) sort_key: i64,
    }
}

/// A page of a list.
///
/// Where words are wanted, the first tasks of the list are looked through one by one, with what is said in them, and the index of
/// words, which lists all that have them before it knows the first, is asked only where those do not hold enough. What is common
/// is soon found the first way, and what is rare is a short list.
pub(super) async fn list(
    reader: &mut Reader<'_>,
    filter: &Filter,
    order: Order,
    fetch: usize,
    offset: i64,
) -> Result<Vec<Listed>, StoreError> {
    let engine = reader.engine();
    let sql = match filter.text {
        Some((query, _)) if offset == 0 => searched(engine, filter, order, fetch, query),
        _ => {
            let (condition, key) = (&filter.whole(engine), &filter.key(order));
            page(engine, filter, order, &Part { condition, key, first: "", fetch, offset })
        }
    };
    reader.all(&sql, &filter.params).await
}

/// A part of a list.
struct Part<'q> {
    /// What holds for its tasks, beside that they are behind where a page begins.
    condition: &'q str,
    /// What they are sorted by.
    key: &'q str,
    /// What they are joined to.
    first: &'q str,
    fetch: usize,
    offset: i64,
}

/// The statement of a part of a list.
fn page(engine: Engine, filter: &Filter, order: Order, part: &Part<'_>) -> String {
    let &Part { condition, key, first, fetch, offset } = part;
    let (join, sign, clause) = (filter.join(), order.sign(), order.clause(filter, key));
    let skip = if offset > 0 { format!(" offset {offset}") } else { String::new() };
    // No other columns: the indexes of lists hold these, and those of a scope.
    let page = |place: &str, order: &str| {
        format!(
            "select t.id, coalesce(s.seq, 0) as seq, {key} as sort_key from {first}task t left join stream s on s.id = t.id{join} \
             where {condition}{place} order by {order} limit {fetch}{skip}"
        )
    };
    match (filter.behind, engine) {
        (None, _) => page("", &clause),
        (Some(n), Engine::Postgres) => {
            page(&format!(" and ({key}, t.id) {sign} (${}, ${n})", n - 1), &clause)
        }
        (Some(n), Engine::Sqlite) => {
            // Of a comparison of pairs whose second is the row's own id, its planner uses only the first, and would read what
            // lies before the place among rows of the same key.
            let direction = order.direction();
            let same =
                page(&format!(" and {key} = ${} and t.id {sign} ${n}", n - 1), &format!("t.id {direction}"));
            let others = page(&format!(" and {key} {sign} ${}", n - 1), &clause);
            format!(
                "select * from (select * from ({same}) union all select * from ({others})) \
                 order by sort_key {direction}, id {direction} limit {fetch}"
            )
        }
    }
}

/// The statement of a page of tasks whose words are in placeholder `n`.
fn searched(engine: Engine, filter: &Filter, order: Order, fetch: usize, n: usize) -> String {
    /// Texts that are looked through: as many as take a few milliseconds.
    const NEAR: usize = 4000;
    /// What a task counts beside its messages: its own text, and finding it.
    const TASK: usize = 3;
    let ahead =
        Part { condition: &filter.condition, key: order.key, first: "", fetch: NEAR / TASK + 1, offset: 0 };
    let ahead = page(engine, filter, order, &ahead);
    let holds = holds(engine, n);
    let direction = order.direction();
    let in_order = format!("order by sort_key {direction}, id {direction}");
    // Enough were found, or every task of the list was looked at: as many as `ahead` can hold count more than may be.
    let is_all = format!(
        "((select count(*) from near) = {fetch} or not exists (select 1 from ahead where texts > {NEAR}))"
    );
    // SQLite's index makes its list when it is begun with, so what comes first is whether it is needed.
    let first = format!("(select 1 as one where not {is_all}) f cross join ");
    let far =
        Part { condition: &filter.whole(engine), key: &filter.key(order), first: &first, fetch, offset: 0 };
    let far = page(engine, filter, order, &far);
    format!(
        "with ahead as materialized (select a.id, a.seq, a.sort_key, sum(t.message_count + {TASK}) over \
         (order by a.sort_key {direction}, a.id {direction} rows unbounded preceding) as texts \
         from ({ahead}) a join task t on t.id = a.id), \
         near as materialized (select t.id, t.seq, t.sort_key from ahead t where t.texts <= {NEAR} and {holds} \
         {in_order} limit {fetch}) \
         select id, seq, sort_key from (select * from near where {is_all} union all select * from ({far}) far) found {in_order}"
    )
}

/// The condition that the task `t`, or a message in it, has the words, looked at one by one.
fn holds(engine: Engine, query: usize) -> String {
    let in_task = engine.has_words(TASK_TEXT, "w", query);
    let in_message = engine.has_words(MESSAGE_TEXT, "m", query);
    // Not by `exists`, for which PostgreSQL would list all that have the words.
    format!(
        "((select 1 from task w where w.id = t.id and {in_task}) = 1 \
         or (select 1 from message m where m.task_id = t.id and m.deleted_at is null and {in_message} limit 1) = 1)"
    )
}

/// How many tasks a filter holds.
pub(super) async fn count(reader: &mut Reader<'_>, filter: &Filter) -> Result<i64, StoreError> {
    let condition = filter.whole(reader.engine());
    let sql = format!("select count(*) from task t{} where {condition}", filter.join());
    reader.one(&sql, &filter.params).await
}
