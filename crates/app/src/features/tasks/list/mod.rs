//! Lists tasks.

mod sql;

use faff_store::{Reader, StoreError};
use faff_types::UserId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(super) use self::sql::Listed;
use self::sql::{Filter, Order, RANK};
use super::change::Assignee;
use super::render::{Rendered, Renderer};
use super::task::{Priority, Status, Visibility, canonical_tag};
use super::view::Task;
use crate::access::{Caller, Who};
use crate::http::text::Check;
use crate::http::{Cursor, Json, Limit, Problem, Query, no_page};

/// Which tasks, in which order.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// One or several of `open`, `in_progress`, `resolved`, `closed`, separated by commas.
    #[param(example = "open,in_progress")]
    status: Option<String>,
    /// One or several of `low`, `medium`, `high`, `urgent`, separated by commas.
    priority: Option<String>,
    /// A user's id, `me` or `none`.
    #[serde(alias = "assignedToId")]
    assignee_id: Option<String>,
    /// A user's id or `me`.
    created_by_id: Option<String>,
    /// A tag.
    tag: Option<String>,
    /// `team` or `private`.
    visibility: Option<String>,
    /// Words that must occur in the title, the description or a message; beginnings of words suffice.
    search: Option<String>,
    /// `createdAt`, `updatedAt` or `priority`; with `-` in front, from the highest down. `-createdAt` when left out.
    #[param(example = "-updatedAt")]
    sort: Option<String>,
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
    /// For older clients: the number of a page, from 1, instead of a cursor.
    #[param(minimum = 1, maximum = 10000)]
    page: Option<i64>,
}

/// A page of tasks.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TaskPage {
    #[schema(value_type = Vec<Task>)]
    tasks: Vec<Rendered>,
    /// Where the next page begins; null at the end.
    next_cursor: Option<String>,
    has_more: bool,
    #[serde(flatten)]
    counted: Counted,
}

/// What is told in addition when `page` was asked for.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Counted {
    #[serde(skip_serializing_if = "Option::is_none")]
    total_count: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_pages: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_page: Option<i64>,
}

impl Counted {
    /// The counts for a page; nothing where no page was asked for.
    pub(crate) fn new(total: Option<i64>, limit: Limit, page: Option<i64>) -> Self {
        let Some(total) = total else { return Self::default() };
        let limit = i64::try_from(limit.get()).unwrap_or(1);
        Self { total_count: Some(total), total_pages: Some((total + limit - 1) / limit), current_page: page }
    }
}

/// List tasks, newest first.
#[utoipa::path(get, path = "/api/tasks", tag = "tasks", params(Params), responses((status = 200, body = TaskPage)))]
pub(crate) async fn handler(caller: Caller, Query(params): Query<Params>) -> Result<Json<TaskPage>, Problem> {
    no_page(params.page, params.cursor.as_deref())?;
    let limit = Limit::check(params.limit)?;
    let asked = Asked::check(&caller, &params)?;
    let behind = params.cursor.as_deref().map(|cursor| Cursor::decode(cursor, &asked.query)).transpose()?;
    let (scope, page, order) = (caller.scope(), params.page, asked.order);
    let offset = page.map_or(0, |page| (page - 1) * i64::try_from(limit.get()).unwrap_or(0));
    let (query, renderer) = (asked.query.clone(), Renderer::new(&caller));
    let (tasks, last, total) = caller
        .read(async move |reader: &mut Reader<'_>| {
            let mut filter = Filter::new(scope);
            asked.apply(&mut filter, reader).await?;
            let total = match page {
                Some(_) => Some(sql::count(reader, &filter).await?),
                None => None,
            };
            if let Some(behind) = behind {
                order.behind(&mut filter, behind.key, behind.id);
            }
            let mut listed = sql::list(reader, &filter, order, limit.fetch(), offset).await?;
            let more = listed.len() > limit.get();
            listed.truncate(limit.get());
            let last = listed.last().copied().filter(|_| more);
            Ok((renderer.render(reader, &listed).await?, last, total))
        })
        .await?;
    let next_cursor = last.map(|Listed { id, sort_key, .. }| {
        let key = if order.key == "t.id" { 0 } else { sort_key };
        Cursor { key, id: id.get() }.encode(&query)
    });
    let counted = Counted::new(total, limit, page);
    Ok(Json(TaskPage { tasks, has_more: next_cursor.is_some(), next_cursor, counted }))
}

/// The parameters of a list that say which tasks, in which order.
const NAMES: [&str; 9] = [
    "status",
    "priority",
    "assigneeId",
    "assignedToId",
    "createdById",
    "tag",
    "visibility",
    "search",
    "sort",
];

/// Checks a query that is to be asked later, as it stands in an address. Beside the parameters of a list it may hold `others`
/// with one of their words; unknown ones are refused, since a list would leave them alone.
///
/// # Errors
/// Says what is wrong with the first parameter that is.
pub(crate) fn check_query(who: &Who, query: &str, others: &[(&str, &[&str])]) -> Result<(), Problem> {
    let wrong = |name: &str, message: String| Err(Problem::field(name, "format", message));
    let address = format!("/?{query}").parse::<axum::http::Uri>().ok();
    // An address would leave out what is behind a `#`.
    let Some(address) = address.filter(|_| !query.contains('#')) else {
        return wrong("query", "it is not the query of an address".to_owned());
    };
    let Query(given) = Query::<Vec<(String, String)>>(Query::read(&address)?);
    for (name, value) in &given {
        let words = others.iter().find(|(other, _)| other == name).map(|(_, words)| *words);
        match words {
            Some(words) if !words.contains(&value.as_str()) => {
                return wrong(name, format!("{name} must be one of {}", words.join(", ")));
            }
            None if !NAMES.contains(&name.as_str()) => {
                let name: String = name.chars().take(32).collect();
                return wrong(&name, format!("the list of tasks has no parameter {name:?} to save"));
            }
            _ => {}
        }
    }
    let params = Query::<Params>::read(&address)?;
    Asked::check(who, &params).map(|_| ())
}

/// A checked question.
struct Asked {
    status: Vec<&'static str>,
    priority: Vec<&'static str>,
    assignee: Option<Assignee>,
    creator: Option<UserId>,
    tag: Option<String>,
    visibility: Option<Visibility>,
    search: Option<String>,
    order: Order,
    /// What a cursor is bound to.
    query: String,
}

impl Asked {
    fn check(who: &Who, params: &Params) -> Result<Self, Problem> {
        let mut check = Check::default();
        let status = words(
            &mut check,
            "status",
            params.status.as_deref(),
            |w| Status::parse(w).map(Status::as_str),
            Status::ALL,
        );
        let priority = words(
            &mut check,
            "priority",
            params.priority.as_deref(),
            |w| Priority::parse(w).map(Priority::as_str),
            Priority::ALL,
        );
        let assignee = params.assignee_id.as_deref().and_then(|id| match id {
            "none" | "null" => Some(Assignee(None)),
            id => person(&mut check, "assigneeId", who, id).map(|id| Assignee(Some(id))),
        });
        let creator =
            params.created_by_id.as_deref().and_then(|id| person(&mut check, "createdById", who, id));
        let tag = params.tag.as_deref().and_then(|tag| {
            let tag = canonical_tag(tag);
            if tag.is_none() {
                check.refuse("tag", "format", "tag must have 1 to 32 letters, digits, '-', '_' or '.'");
            }
            tag
        });
        let visibility = params.visibility.as_deref();
        let visibility =
            visibility.and_then(|word| check.word("visibility", word, Visibility::parse, Visibility::ALL));
        let search = params.search.as_deref().map(str::trim).filter(|search| !search.is_empty());
        if search.is_some_and(|search| search.chars().count() > 200) {
            check.refuse("search", "length", "search must have at most 200 characters");
        }
        let order = order(&mut check, params.sort.as_deref());
        check.done()?;
        let bound = Params { limit: None, cursor: None, page: None, ..params.clone() };
        // Whose list it is, too: what `me` means, and what exists.
        let query = format!("tasks of {}: {bound:?}", who.id);
        let search = search.map(ToOwned::to_owned);
        Ok(Self { status, priority, assignee, creator, tag, visibility, search, order, query })
    }

    async fn apply(&self, filter: &mut Filter, reader: &mut Reader<'_>) -> Result<(), StoreError> {
        for (column, values) in [("t.status", &self.status), ("t.priority", &self.priority)] {
            if !values.is_empty() {
                filter.and_any(column, values);
            }
        }
        match self.assignee {
            Some(Assignee(Some(id))) => filter.and("t.assigned_to_id = {}", id),
            Some(Assignee(None)) => filter.and_plain("t.assigned_to_id is null"),
            None => {}
        }
        if let Some(id) = self.creator {
            filter.and("t.created_by_id = {}", id);
        }
        if let Some(tag) = &self.tag {
            filter.and_tag(tag);
        }
        if let Some(visibility) = self.visibility {
            filter.and("t.visibility = {}", visibility);
        }
        if let Some(search) = &self.search {
            filter.and_text(reader, search).await?;
        }
        Ok(())
    }
}

fn order(check: &mut Check, sort: Option<&str>) -> Order {
    let sort = sort.unwrap_or("-createdAt");
    let (descending, name) = sort.strip_prefix('-').map_or((false, sort), |name| (true, name));
    let key = match name {
        "createdAt" => "t.id",
        "updatedAt" => "t.updated_at",
        "priority" => RANK,
        _ => {
            let message = "sort must be createdAt, updatedAt or priority, with or without '-' in front";
            check.refuse("sort", "choice", message);
            "t.id"
        }
    };
    Order { key, descending }
}

/// Reads words of a closed set, separated by commas.
fn words(
    check: &mut Check,
    field: &str,
    given: Option<&str>,
    parse: fn(&str) -> Option<&'static str>,
    all: &[&str],
) -> Vec<&'static str> {
    let given = given.map(str::trim).filter(|given| !given.is_empty());
    let mut found: Vec<&'static str> = given
        .into_iter()
        .flat_map(|given| given.split(','))
        .filter_map(|word| check.word(field, word.trim(), parse, all))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn person(check: &mut Check, field: &str, who: &Who, given: &str) -> Option<UserId> {
    if given == "me" {
        return Some(who.id);
    }
    let id = given.parse::<i64>().ok().and_then(|id| UserId::try_from(id).ok());
    if id.is_none() {
        check.refuse(field, "format", format!("{field} must be the id of a user, or me"));
    }
    id
}
