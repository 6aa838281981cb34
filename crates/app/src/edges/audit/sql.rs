//! The SQL of the audit.

use faff_store::log::Stream;
use faff_store::{Param, Reader, StoreError, record};
use faff_types::{TaskId, Timestamp, UserId};

record! {
    /// An event with the name of whoever did it.
    #[derive(Debug)]
    pub(super) struct EventRow {
        pub(super) id: i64,
        pub(super) stream: i64,
        pub(super) seq: i64,
        pub(super) kind: String,
        pub(super) actor_id: Option<UserId>,
        pub(super) actor_name: Option<String>,
        pub(super) actor_email: Option<String>,
        pub(super) at: Timestamp,
        pub(super) payload: String,
    }
}

/// Which events.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub(super) actor: Option<UserId>,
    pub(super) kind: Option<&'static str>,
    pub(super) task: Option<TaskId>,
    pub(super) user: Option<UserId>,
    /// A place: an id, or within a task or an account, a `seq`.
    pub(super) before: Option<i64>,
}

impl Filter {
    /// What tells the place of an event, and has an index with what is filtered by.
    pub(super) const fn place(&self) -> Place {
        if self.task.is_some() || self.user.is_some() { Place::Seq } else { Place::Id }
    }
}

/// How the places of events are told. Within a stream both tell the same order.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// In the whole log.
    Id,
    /// In one stream.
    Seq,
}

/// Events before a place, newest first.
pub(super) async fn list(
    reader: &mut Reader<'_>,
    filter: &Filter,
    fetch: usize,
) -> Result<Vec<EventRow>, StoreError> {
    let task = filter.task.map(|id| Stream::Task(id).to_db());
    let user = filter.user.map(|id| Stream::User(id).to_db());
    let (before, order) = match filter.place() {
        Place::Id => ("e.id <", "e.id"),
        Place::Seq => ("e.seq <", "e.seq"),
    };
    let (mut condition, mut params) = ("1 = 1".to_owned(), Vec::new());
    let wanted: [(&str, Option<Param<'static>>); 5] = [
        ("e.actor_id =", filter.actor.map(Param::from)),
        ("e.kind =", filter.kind.map(Param::from)),
        ("e.stream =", task.map(Param::from)),
        ("e.stream =", user.map(Param::from)),
        (before, filter.before.map(Param::from)),
    ];
    for (test, value) in wanted {
        if let Some(value) = value {
            params.push(value);
            condition = format!("{condition} and {test} ${}", params.len());
        }
    }
    let page = format!("select e.* from event e where {condition} order by {order} desc limit {fetch}");
    let sql = format!(
        "select e.id, e.stream, e.seq, e.kind, e.actor_id, a.name as actor_name, a.email as actor_email, e.at, e.payload \
         from ({page}) e left join account a on a.id = e.actor_id"
    );
    let mut rows: Vec<EventRow> = reader.all(&sql, &params).await?;
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    Ok(rows)
}
