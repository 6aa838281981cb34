//! Renders the tasks of a list as JSON, and remembers it.
//!
//! Invariants:
//! - Memory says nothing about who may see a task, or how far it has come. A statement says which tasks exist for whoever
//!   asks and where each one's log ends, every time; memory only has the words for a task at exactly that place of its log.
//! - What is told of a task follows from its row, its tags and the names in it. A change of the first two is an event of the
//!   task and moves the end of its log, in the same transaction; a changed name ends the [`Moment`].
//! - What is not remembered is read under the caller's scope, too: it may have changed since it was listed.

use std::sync::Arc;

use faff_store::Reader;
use faff_types::TaskId;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use super::list::Listed;
use super::sql::{self, TaskRow};
use super::view::Task;
use crate::App;
use crate::access::{Caller, Scope};
use crate::features::people::People;
use crate::http::Problem;
use crate::memory::Moment;

/// Remembered at most, in bytes.
const REMEMBERED: u64 = 32 * 1024 * 1024;
/// What a task takes, about, and what it takes beside its JSON.
const USUAL: u64 = 1024;
const BESIDE: u64 = 128;

/// The tasks that this process has the JSON of.
#[derive(Debug)]
pub(crate) struct Tasks(Cache<TaskId, Rendered, Bytes>);

impl Default for Tasks {
    fn default() -> Self {
        let items = usize::try_from(REMEMBERED / USUAL).unwrap_or(usize::MAX);
        Self(Cache::with_weighter(items, REMEMBERED, Bytes))
    }
}

#[derive(Debug, Clone)]
struct Bytes;

impl Weighter<TaskId, Rendered> for Bytes {
    fn weight(&self, _: &TaskId, task: &Rendered) -> u64 {
        BESIDE + task.0.json.get().len() as u64
    }
}

/// The JSON of a [`Task`].
#[derive(Debug, Clone)]
pub(crate) struct Rendered(Arc<Kept>);

#[derive(Debug)]
struct Kept {
    /// Where the task's log ended.
    seq: i64,
    /// When the names were taken.
    names: Moment,
    json: Box<RawValue>,
}

impl Serialize for Rendered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.json.serialize(serializer)
    }
}

/// Renders tasks for a caller, in a read that is asked for after this was made.
#[derive(Debug)]
pub(super) struct Renderer {
    app: App,
    scope: Scope,
    names: Moment,
}

impl Renderer {
    pub(super) fn new(caller: &Caller) -> Self {
        let app = caller.app().clone();
        Self { names: People::moment(&app), scope: caller.scope(), app }
    }

    /// These tasks in their order, without those that have gone meanwhile: from memory, and with one query, or two where
    /// names are missing, those that are not in it.
    pub(super) async fn render(
        &self,
        reader: &mut Reader<'_>,
        listed: &[Listed],
    ) -> Result<Vec<Rendered>, Problem> {
        let mut tasks: Vec<Option<Rendered>> = listed.iter().map(|task| self.remembered(task)).collect();
        let listed_with = listed.iter().zip(&tasks);
        let missing: Vec<TaskId> =
            listed_with.filter(|(_, task)| task.is_none()).map(|(l, _)| l.id).collect();
        if missing.is_empty() {
            return Ok(tasks.into_iter().flatten().collect());
        }
        let rows = sql::by_ids_for(reader, &missing, self.scope).await?;
        let named = rows.iter().flat_map(TaskRow::people);
        let people = People::refs_by(&self.app, reader, self.names, named).await?;
        for row in rows {
            let (id, seq) = (row.id, row.seq);
            let json = to_raw_value(&Task::new(row, &people)?).map_err(Problem::internal)?;
            let rendered = Rendered(Arc::new(Kept { seq, names: self.names, json }));
            if self.names.is_believed() {
                self.app.tasks().0.insert(id, rendered.clone());
            }
            let place = listed.iter().zip(&mut tasks).find(|(listed, _)| listed.id == id);
            if let Some((_, place)) = place {
                *place = Some(rendered);
            }
        }
        Ok(tasks.into_iter().flatten().collect())
    }

    fn remembered(&self, listed: &Listed) -> Option<Rendered> {
        let found = self.app.tasks().0.get(&listed.id)?;
        (found.0.seq == listed.seq && self.names.continues(found.0.names)).then_some(found)
    }
}
