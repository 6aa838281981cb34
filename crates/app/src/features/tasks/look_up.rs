//! Reads tasks for those who are told of them, and who they are.

use faff_store::{Reader, StoreError};
use faff_types::{TaskId, UserId};

use super::sql;
use super::task::Visibility;
use super::view::Task;
use crate::access::rules::is_among;
use crate::access::{Scope, Who};

/// A task, and who may be told of it.
#[derive(Debug, Clone)]
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
pub(crate) async fn look_up(reader: &mut Reader<'_>, ids: &[TaskId]) -> Result<Vec<Told>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let tasks = sql::by_ids(reader, ids).await?.into_iter().map(Task::from);
    let mut told: Vec<Told> = tasks.map(|task| Told { task, participants: Vec::new() }).collect();
    let private = told.iter().filter(|told| told.task.visibility == Visibility::Private);
    let private: Vec<TaskId> = private.map(|told| told.task.id).collect();
    if !private.is_empty() {
        for (task, user) in sql::participants_of(reader, &private).await? {
            if let Some(told) = told.iter_mut().find(|told| told.task.id == task) {
                told.participants.push(user);
            }
        }
    }
    Ok(told)
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
