//! Files a task.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use faff_store::Tx;
use faff_store::log::Stream;
use faff_types::{Timestamp, UserId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::sql;
use super::task::{NewTask, Priority, Status, Visibility, check_description, check_tags, check_title};
use super::view::{Task, TaskAnswer};
use crate::access::{Caller, Who};
use crate::event::{Event, record_task};
use crate::features::inbox::{self, Kind, Notice};
use crate::features::people::{self, Rendered, UserRef, render};
use crate::http::Problem;
use crate::http::idempotency::Keyed;
use crate::http::text::Check;

/// What the task is about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = CreateTask)]
pub(crate) struct Input {
    /// 1 to 255 characters.
    #[schema(min_length = 1, max_length = 255, example = "Printer on floor 2 is on fire")]
    title: String,
    /// 1 to 10,000 characters of markdown.
    #[schema(min_length = 1, max_length = 10000, example = "Smoke since **nine**. It still prints.")]
    description: String,
    /// `medium` when left out.
    priority: Option<Priority>,
    /// `open` when left out.
    status: Option<Status>,
    /// `team` when left out.
    visibility: Option<Visibility>,
    /// At most 10, each 1 to 32 letters, digits, `-`, `_` or `.`.
    #[schema(max_items = 10, example = json!(["printer"]))]
    tags: Option<Vec<String>>,
    /// An active user.
    #[schema(value_type = Option<i64>)]
    assigned_to_id: Option<UserId>,
}

/// File a task. With an `Idempotency-Key` it is safe to send again.
#[utoipa::path(post, path = "/api/tasks", tag = "tasks", request_body = Input,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again")),
    responses((status = 201, body = TaskAnswer), (status = 422, description = "The key was used for another request")))]
pub(crate) async fn handler(caller: Caller, keyed: Keyed<Input>) -> Result<impl IntoResponse, Problem> {
    let Input { title, description, priority, status, visibility, tags, assigned_to_id } = keyed.input;
    let mut check = Check::default();
    let title = check_title(&mut check, &title);
    let description = check_description(&mut check, &description);
    let tags = check_tags(&mut check, &tags.unwrap_or_default());
    check.done()?;
    let Rendered { html, mentioned } = render(caller.app(), &description).await?;
    let task = NewTask {
        title,
        description,
        description_html: html,
        mentioned,
        priority: priority.unwrap_or(Priority::Medium),
        status: status.unwrap_or(Status::Open),
        visibility: visibility.unwrap_or(Visibility::Team),
        tags,
        assigned_to_id,
    };
    let (who, now) = (caller.who(), caller.now());
    caller
        .write_once(keyed.key, StatusCode::CREATED, async move |tx: &mut Tx<'_>| {
            Ok(TaskAnswer { task: create(tx, &who, &task, now).await? })
        })
        .await
}

/// Files a checked task.
pub async fn create(tx: &mut Tx<'_>, who: &Who, task: &NewTask, now: Timestamp) -> Result<Task, Problem> {
    let assigned_to = match task.assigned_to_id {
        Some(assignee) => Some(check_assignee(tx, assignee).await?),
        None => None,
    };
    let id = sql::insert(tx, task, who.id, now).await?;
    tx.begin_stream(Stream::Task(id));
    let seq = record_task(tx, who.id, now, id, Event::TaskCreated {}).await?;
    let notice = Notice {
        kind: Kind::Mentioned,
        people: &task.mentioned,
        place: (id, seq),
        message: None,
        actor: who.id,
    };
    inbox::notify(tx, notice, now).await?;
    if let Some(assignee) = task.assigned_to_id {
        inbox::notify(tx, Notice { kind: Kind::Assigned, people: &[assignee], ..notice }, now).await?;
    }
    let NewTask {
        title,
        description,
        description_html,
        priority,
        status,
        visibility,
        tags,
        assigned_to_id,
        ..
    } = task.clone();
    Ok(Task {
        id,
        title,
        description,
        description_html,
        priority,
        status,
        visibility,
        tags,
        assigned_to_id,
        created_by_id: who.id,
        assigned_to,
        created_by: who.into(),
        message_count: 0,
        last_message_at: None,
        seq,
        version: 1,
        created_at: now,
        updated_at: now,
        resolved_at: status.is_over().then_some(now),
    })
}

/// Work goes only to who is there to do it.
pub(super) async fn check_assignee(tx: &mut Tx<'_>, id: UserId) -> Result<UserRef, Problem> {
    people::find_active(tx, id).await?.ok_or_else(|| {
        Problem::field("assignedToId", "reference", "assignedToId must be the id of an active user")
    })
}
