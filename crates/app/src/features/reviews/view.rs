//! Reviews as JSON, shared by every door.

use faff_types::{MessageId, ReviewId, TaskId, Timestamp, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::analysis::Analysis;
use super::sql::ReviewRow;
use crate::features::people::{Refs, UserRef};
use crate::http::Problem;
use crate::jobs::Progress;

faff_store::words! {
    /// What people have decided.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
    #[schema(as = ReviewStatus, rename_all = "snake_case")]
    pub enum Status {
        /// Nothing yet.
        Pending = "pending",
        /// It is good as it is.
        Approved = "approved",
        /// Something is wrong with it.
        Rejected = "rejected",
    }
}

faff_store::words! {
    /// What a machine would decide.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
    #[schema(as = ReviewVerdict, rename_all = "snake_case")]
    pub enum Verdict {
        /// Good as it is.
        Approve = "approve",
        /// Something is wrong with it.
        Reject = "reject",
    }
}

/// A review of a message.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = QAReview)]
pub struct Review {
    /// The review.
    #[schema(value_type = i64, example = 1)]
    pub id: ReviewId,
    /// The message.
    #[schema(value_type = i64, example = 1)]
    pub message_id: MessageId,
    /// Its task.
    #[schema(value_type = i64, example = 1)]
    pub task_id: TaskId,
    /// Who asked for it.
    #[schema(value_type = i64)]
    pub requested_by_id: UserId,
    /// Who asked for it.
    pub requested_by: UserRef,
    /// Who decided.
    #[schema(value_type = Option<i64>)]
    pub reviewer_id: Option<UserId>,
    /// Who decided.
    pub reviewer: Option<UserRef>,
    /// What was decided.
    pub status: Status,
    /// What is said to whoever wrote the message, as markdown.
    #[schema(example = "Thank them for waiting first.")]
    pub feedback: Option<String>,
    /// The same as HTML that is safe to show.
    pub feedback_html: Option<String>,
    /// Whether the decision is the machine's verdict.
    #[serde(rename = "usedAI")]
    pub used_ai: bool,
    /// What a machine thinks; null before it does, and after the message was deleted.
    pub analysis: Option<Analysis>,
    /// Whether the message was edited since it was analysed.
    pub outdated: bool,
    /// How it stands with the analysis; null when none is to be made.
    pub job: Option<Progress>,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was analysed or decided last.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// When it was decided.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Timestamp>,
}

impl Review {
    /// A review as it is told, with the people that its row names.
    pub(super) fn new(row: ReviewRow, people: &Refs, job: Option<Progress>) -> Result<Self, Problem> {
        Ok(Self {
            id: row.id,
            message_id: row.message_id,
            task_id: row.task_id,
            requested_by_id: row.requested_by_id,
            requested_by: people.of(row.requested_by_id)?,
            reviewer_id: row.reviewer_id,
            reviewer: row.reviewer_id.map(|id| people.of(id)).transpose()?,
            status: row.status,
            analysis: row.analysis()?,
            feedback: row.feedback,
            feedback_html: row.feedback_html,
            used_ai: row.used_ai,
            outdated: row.outdated,
            job,
            created_at: row.created_at,
            updated_at: row.updated_at,
            decided_at: row.decided_at,
        })
    }
}

/// One review.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReviewAnswer {
    pub(super) review: Review,
}

/// A page of reviews.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReviewPage {
    pub(super) reviews: Vec<Review>,
    /// Where the next page begins; null at the end.
    pub(super) next_cursor: Option<String>,
    pub(super) has_more: bool,
}
