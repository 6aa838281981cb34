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
    pub(super) before: Option<i64>,
}

/// Events before a place, newest first.
pub(super) async fn list(
    reader: &mut Reader<'_>,
    filter: &Filter,
    fetch: usize,
) -> Result<Vec<EventRow>, StoreError> {
    let task = filter.task.map(|id| Stream::Task(id).to_db());
    let user = filter.user.map(|id| Stream::User(id).to_db());
    let (mut condition, mut params) = ("1 = 1".to_owned(), Vec::new());
    let wanted: [(&str, Option<Param<'static>>); 5] = [
        ("e.actor_id =", filter.actor.map(Param::from)),
        ("e.kind =", filter.kind.map(Param::from)),
        ("e.stream =", task.map(Param::from)),
        ("e.stream =", user.map(Param::from)),
        ("e.id <", filter.before.map(Param::from)),
    ];
    for (test, value) in wanted {
        if let Some(value) = value {
            params.push(value);
            condition = format!("{condition} and {test} ${}", params.len());
        }
    }
    let sql = format!(
        "select e.id, e.stream, e.seq, e.kind, e.actor_id, a.name as actor_name, a.email as actor_email, e.at, e.payload \
         from event e left join account a on a.id = e.actor_id where {condition} order by e.id desc limit {fetch}"
    );
    reader.all(&sql, &params).await
}
