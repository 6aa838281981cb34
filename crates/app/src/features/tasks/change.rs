//! Changes a task's fields.

use faff_store::Tx;
use faff_types::{TaskId, Timestamp, UserId};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::create::check_assignee;
use super::sql;
use super::task::{Priority, Status, Visibility, check_description, check_tags, check_title, split_tags};
use super::view::{Task, TaskAnswer};
use crate::access::rules::Action;
use crate::access::{self, AddressPeople, Caller, Permit, TaskKey, Who, Work};
use crate::event::{Change, Event, record_machine, record_task};
use crate::features::inbox::{self, Kind, Notice};
use crate::features::people::{Refs, Rendered, UserRef, render};
use crate::http::mention::mentioned;
use crate::http::text::Check;
use crate::http::{Code, Json, Path, Problem};

/// What to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = ChangeTask)]
pub(crate) struct Input {
    /// 1 to 255 characters.
    #[schema(min_length = 1, max_length = 255, example = "Printer on floor 2 was on fire")]
    title: Option<String>,
    /// 1 to 10,000 characters of markdown.
    #[schema(min_length = 1, max_length = 10000)]
    description: Option<String>,
    priority: Option<Priority>,
    status: Option<Status>,
    /// For the creator, the assignee and administrators to change.
    visibility: Option<Visibility>,
    /// All the tags from now on.
    tags: Option<Vec<String>>,
    /// An active user, or null for nobody.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i64>)]
    assigned_to_id: Option<Assignee>,
    /// The `version` you have read. When somebody was faster, the answer is 409 and nothing changes.
    version: Option<i64>,
}

/// Who is to work on a task: somebody, or nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Assignee(pub Option<UserId>);

/// A field that is there, whether or not it is null.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A checked change; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct Patch {
    /// The new title.
    pub title: Option<String>,
    /// The new description, and the same rendered.
    pub description: Option<(String, Rendered)>,
    /// The new priority.
    pub priority: Option<Priority>,
    /// The new status.
    pub status: Option<Status>,
    /// The new visibility.
    pub visibility: Option<Visibility>,
    /// The new tags, sorted, each once.
    pub tags: Option<Vec<String>>,
    /// The new assignee, or nobody.
    pub assigned_to_id: Option<Assignee>,
    /// The version that the change was made for.
    pub version: Option<i64>,
}

/// Change a task.
#[utoipa::path(put, path = "/api/tasks/{id}", tag = "tasks", params(("id" = i64, Path, example = 1)), request_body = Input,
    responses((status = 200, body = TaskAnswer), (status = 409, description = "Somebody changed it since you read it")))]
pub(crate) async fn handler(
    caller: Caller,
    Path(id): Path<TaskId>,
    Json(input): Json<Input>,
) -> Result<Json<TaskAnswer>, Problem> {
    let mut check = Check::default();
    let title = input.title.map(|title| check_title(&mut check, &title));
    let description = input.description.map(|text| check_description(&mut check, &text));
    let tags = input.tags.map(|tags| check_tags(&mut check, &tags));
    check.done()?;
    let description = match description {
        Some(text) => Some((text.clone(), render(caller.app(), &text).await?)),
        None => None,
    };
    let Input { priority, status, visibility, assigned_to_id, version, .. } = input;
    let patch = Patch { title, description, priority, status, visibility, tags, assigned_to_id, version };
    let (who, now) = (caller.who(), caller.now());
    let task = caller.write(async move |tx: &mut Tx<'_>| change(tx, &who, id, &patch, now).await).await?;
    Ok(Json(TaskAnswer { task }))
}

/// Applies a checked change.
pub async fn change(
    tx: &mut Tx<'_>,
    who: &Who,
    id: TaskId,
    patch: &Patch,
    now: Timestamp,
) -> Result<Task, Problem> {
    let permit = access::task::<Work>(tx, who, id).await?;
    if patch.version.is_some_and(|version| version != permit.version) {
        let message = "Somebody changed this task since you read it; read it again and repeat your change";
        return Err(Problem::new(Code::VersionConflict, message));
    }
    let mut task = sql::current(tx, id).await?;
    // Whom the description has named before, it does not name anew.
    let mut named = patch.description.as_ref().map_or_else(Vec::new, |(_, new)| new.mentioned.clone());
    if !named.is_empty() {
        let before = mentioned(&task.description);
        named.retain(|person| !before.contains(person));
    }
    let mut known = vec![UserRef::from(who)];
    let changes = apply(&mut task, patch, now);
    if changes.is_empty() {
        tx.commit_quietly("nothing was to be changed");
        let people = Refs::read(tx, known, task.people()).await?;
        return Task::new(task, &people);
    }
    let touches = |field: &str| changes.iter().any(|change| change.field == field);
    // On a private task, to assign is to let in.
    if touches("visibility") || (touches("assignedToId") && permit.visibility == "private") {
        check_people(who, &permit)?;
    }
    if touches("assignedToId")
        && let Some(assignee) = task.assigned_to_id
    {
        known.push(check_assignee(tx, assignee).await?);
    }
    sql::update(tx, &task).await?;
    if let Some(tags) = patch.tags.as_ref().filter(|_| touches("tags")) {
        sql::replace_tags(tx, id, tags).await?;
    }
    if touches("title") || touches("description") {
        tx.index_text("task", id.get());
    }
    let assigned = touches("assignedToId");
    task.seq = record_task(tx, who.id, now, id, Event::TaskChanged { changes }).await?;
    let notice =
        Notice { kind: Kind::Mentioned, people: &named, place: (id, task.seq), message: None, actor: who.id };
    inbox::notify(tx, notice, now).await?;
    if let Some(assignee) = task.assigned_to_id.filter(|_| assigned) {
        inbox::notify(tx, Notice { kind: Kind::Assigned, people: &[assignee], ..notice }, now).await?;
    }
    let people = Refs::read(tx, known, task.people()).await?;
    Task::new(task, &people)
}

/// Raises the priority of a task for the system, unless it is as high already.
pub(crate) async fn raise(
    tx: &mut Tx<'_>,
    permit: &Permit<'_, Work, TaskKey>,
    priority: Priority,
    now: Timestamp,
) -> Result<(), Problem> {
    let mut task = sql::current(tx, permit.id).await?;
    if task.priority.rank() >= priority.rank() {
        return Ok(());
    }
    let changes = apply(&mut task, &Patch { priority: Some(priority), ..Patch::default() }, now);
    sql::update(tx, &task).await?;
    record_machine(tx, now, permit.id, Event::TaskChanged { changes }).await?;
    Ok(())
}

/// Whom a task exists for is not for everyone who works on it to say.
fn check_people(who: &Who, task: &TaskKey) -> Result<(), Problem> {
    if AddressPeople::allows(who, task) {
        return Ok(());
    }
    Err(Problem::forbidden(
        "Only the task's creator, its assignee or an administrator may change whom it exists for",
    ))
}

/// Puts the new values into a task, and says what that changes.
fn apply(task: &mut sql::TaskRow, patch: &Patch, now: Timestamp) -> Vec<Change> {
    let mut changes = Vec::new();
    if let Some(title) = patch.title.as_ref().filter(|title| **title != task.title) {
        changes.push(Change::text("title"));
        task.title.clone_from(title);
    }
    if let Some((text, rendered)) = patch.description.as_ref().filter(|(text, _)| *text != task.description) {
        changes.push(Change::text("description"));
        task.description.clone_from(text);
        task.description_html.clone_from(&rendered.html);
    }
    if let Some(priority) = patch.priority.filter(|priority| *priority != task.priority) {
        changes.push(Change::value("priority", task.priority.as_str(), priority.as_str()));
        task.priority = priority;
    }
    if let Some(status) = patch.status.filter(|status| *status != task.status) {
        changes.push(Change::value("status", task.status.as_str(), status.as_str()));
        task.status = status;
        task.resolved_at = status.is_over().then(|| task.resolved_at.unwrap_or(now));
    }
    if let Some(visibility) = patch.visibility.filter(|visibility| *visibility != task.visibility) {
        changes.push(Change::value("visibility", task.visibility.as_str(), visibility.as_str()));
        task.visibility = visibility;
    }
    if let Some(Assignee(assignee)) =
        patch.assigned_to_id.filter(|assignee| assignee.0 != task.assigned_to_id)
    {
        let name = |id: Option<UserId>| id.map_or_else(|| "nobody".to_owned(), |id| id.to_string());
        changes.push(Change::value("assignedToId", name(task.assigned_to_id), name(assignee)));
        task.assigned_to_id = assignee;
    }
    if let Some(tags) = patch.tags.as_ref().filter(|tags| **tags != split_tags(task.tags.as_deref())) {
        changes.push(Change::text("tags"));
        task.tags = Some(tags.join(","));
    }
    if !changes.is_empty() {
        task.version += 1;
        task.updated_at = now;
    }
    changes
}
