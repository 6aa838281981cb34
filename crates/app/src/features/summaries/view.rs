//! Summaries as JSON, shared by every door.

use faff_types::{SummaryId, TaskId, Timestamp, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::sql::SummaryRow;
use super::summary::{Entity, Point, Source};
use crate::http::Problem;
use crate::jobs::Progress;

/// A ticket in short.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// The summary.
    #[schema(value_type = i64, example = 1)]
    pub id: SummaryId,
    /// Its task.
    #[schema(value_type = i64, example = 1)]
    pub task_id: TaskId,
    /// The whole in a few sentences, as markdown.
    #[schema(example = "The printer on floor 2 burnt. The fan was replaced; the cover is ordered.")]
    pub content: String,
    /// The same as HTML that is safe to show.
    pub content_html: String,
    /// What it is about, as plain text; empty when a person wrote it, or nothing was said of it.
    pub issue: String,
    /// What was found out, as plain text.
    pub investigation: String,
    /// How it stands and what comes next, as plain text.
    pub next_steps: String,
    /// What matters.
    pub key_points: Vec<Point>,
    /// What is named.
    pub entities: Vec<Entity>,
    /// Who made it.
    pub source: Source,
    /// Which language model, if one did.
    pub model: Option<String>,
    /// What happened in the task up to here went into it.
    pub up_to_seq: i64,
    /// Whether something was said, edited or deleted since, or the title, the description or the status changed.
    pub stale: bool,
    /// Who wrote it, or asked for it.
    #[schema(value_type = Option<i64>)]
    pub created_by_id: Option<UserId>,
    /// When there was one first.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was made last.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

impl TryFrom<SummaryRow> for Summary {
    type Error = Problem;

    fn try_from(row: SummaryRow) -> Result<Self, Problem> {
        Ok(Self {
            id: row.id,
            task_id: row.task_id,
            content: row.content,
            content_html: row.content_html,
            issue: row.issue,
            investigation: row.investigation,
            next_steps: row.next_steps,
            key_points: serde_json::from_str(&row.key_points).map_err(Problem::internal)?,
            entities: serde_json::from_str(&row.entities).map_err(Problem::internal)?,
            source: row.source,
            model: row.model,
            up_to_seq: row.up_to_seq,
            stale: row.stale,
            created_by_id: row.created_by_id,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// A summary that was written.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SummaryAnswer {
    pub(super) summary: Summary,
}

/// What there is of summaries of a task.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SummariesAnswer {
    /// The one that was written or made last; null when there is none.
    summary: Option<Summary>,
    /// The one that was made.
    generated: Option<Summary>,
    /// The last one that a person wrote.
    written: Option<Summary>,
    /// How it stands with the one that is to be made; null when none is.
    job: Option<Progress>,
}

impl SummariesAnswer {
    pub(super) fn new(rows: Vec<SummaryRow>, job: Option<Progress>) -> Result<Self, Problem> {
        let last = rows.iter().max_by_key(|row| row.seq).map(|row| row.id);
        let (mut generated, mut written) = (None, None);
        for row in rows {
            let place = if row.source == Source::Person { &mut written } else { &mut generated };
            *place = Some(Summary::try_from(row)?);
        }
        let summary = [&generated, &written].into_iter().flatten().find(|summary| Some(summary.id) == last);
        Ok(Self { summary: summary.cloned(), generated, written, job })
    }
}
