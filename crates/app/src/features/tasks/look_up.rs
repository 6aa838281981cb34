//! Reads tasks for those who are told of them, and who they are.

use faff_store::{Reader, StoreError};
use faff_types::{TaskId, UserId};

use super::sql::{self, TaskRow};
use super::task::Visibility;
use super::view::Task;
use crate::App;
use crate::access::rules::is_among;
use crate::access::{Scope, System, Who};
use crate::features::people::People;
use crate::http::Problem;

/// A task, and who may be told of it.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) task: Task,
    participants: Vec<UserId>,
}

impl Told {
    /// Whether the task exists for this person.
    pub(crate) fn is_for(&self, who: &Who) -> bool {
        let people = [Some(self.task.created_by_id), self.task.assigned_to_id];
        let people = people.into_iter().flatten().chain(self.participants.iter().copied());
        is_among(who, self.task.visibility == Visibility::Team, people)
    }
}

/// The tasks with these ids, in no order; those that are gone are left out.
pub(crate) async fn look_up(app: &App, ids: Vec<TaskId>) -> Result<Vec<Told>, Problem> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let system = System::for_reason(app, "who may be told is decided where it is told");
    let (rows, participants) = system
        .read(async move |reader: &mut Reader<'_>| {
            let rows = sql::by_ids(reader, &ids).await?;
            let private = rows.iter().filter(|row| row.visibility == Visibility::Private);
            let private: Vec<TaskId> = private.map(|row| row.id).collect();
            let participants =
                if private.is_empty() { Vec::new() } else { sql::participants_of(reader, &private).await? };
            Ok::<_, Problem>((rows, participants))
        })
        .await?;
    let people = People::refs(app, rows.iter().flat_map(TaskRow::people)).await?;
    let told = |row: TaskRow| {
        let participants = participants.iter().filter(|(task, _)| *task == row.id).map(|(_, user)| *user);
        let participants = participants.collect();
        Ok(Told { task: Task::new(row, &people)?, participants })
    };
    rows.into_iter().map(told).collect()
}

/// Those of these tasks that exist for whoever asks.
pub(crate) async fn visible(
    reader: &mut Reader<'_>,
    ids: &[TaskId],
    scope: Scope,
) -> Result<Vec<TaskId>, StoreError> {
    if ids.is_empty() { Ok(Vec::new()) } else { sql::visible(reader, ids, scope).await }
}

/// Where a task's log ends, if the task exists for whoever asks.
pub(crate) async fn head(
    reader: &mut Reader<'_>,
    id: TaskId,
    scope: Scope,
) -> Result<Option<i64>, StoreError> {
    sql::seq(reader, id, scope).await
}
