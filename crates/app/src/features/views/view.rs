//! Views as JSON, and what is taken for one.

use faff_types::{Timestamp, UserId, ViewId};
use serde::Serialize;
use utoipa::ToSchema;

use super::sql::ViewRow;
use crate::access::Who;
use crate::features::people::{Refs, UserRef};
use crate::features::tasks;
use crate::http::Problem;
use crate::http::text::Check;

/// A list of tickets that somebody has saved.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = View)]
pub(crate) struct View {
    #[schema(value_type = i64, example = 1)]
    pub(crate) id: ViewId,
    #[schema(value_type = i64)]
    pub(crate) owner_id: UserId,
    pub(crate) owner: UserRef,
    #[schema(example = "Printers on fire")]
    pub(crate) name: String,
    /// Parameters of `GET /api/tasks`, and `group`.
    #[schema(example = "status=open&tag=printer&sort=-updatedAt&group=priority")]
    pub(crate) query: String,
    /// Whether everybody sees it.
    pub(crate) shared: bool,
    /// Where it stands among its owner's.
    pub(crate) place: i64,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) updated_at: Timestamp,
}

impl View {
    pub(super) fn new(row: ViewRow, people: &Refs) -> Result<Self, Problem> {
        Ok(Self {
            id: row.id,
            owner_id: row.owner_id,
            owner: people.of(row.owner_id)?,
            name: row.name,
            query: row.query,
            shared: row.shared,
            place: row.place,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// One view.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ViewAnswer {
    pub(crate) view: View,
}

pub(super) fn check_name(check: &mut Check, given: &str) -> String {
    check.text("name", "Name", given, 1..=100)
}

/// Checks that the list of tickets takes a query; `group` is for whoever shows it.
pub(super) fn check_query(check: &mut Check, who: &Who, given: &str) -> String {
    let given = given.trim().trim_start_matches('?');
    if given.len() > 2000 {
        check.refuse("query", "length", "query must have at most 2000 characters");
    } else if let Err(problem) =
        tasks::check_query(who, given, &[("group", &["status", "priority", "assignee", "none"])])
    {
        check.refuse("query", "format", format!("query: {}", problem.message()));
    }
    given.to_owned()
}

pub(super) fn check_place(check: &mut Check, given: i64) -> i64 {
    if !(0..=1_000_000).contains(&given) {
        check.refuse("place", "range", "place must be from 0 to 1000000");
    }
    given
}
