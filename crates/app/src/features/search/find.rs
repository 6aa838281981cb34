//! Finds tickets and messages.

use faff_store::Reader;
use faff_types::{MAX_ID, MessageId, TaskId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::snippet::{Part, marked, snippet, words};
use super::sql::{self, MessageHit, TaskHit};
use crate::access::Caller;
use crate::features::people::{People, UserRef};
use crate::http::text::Check;
use crate::http::{Cursor, Json, Limit, Problem, Query};

/// What to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// Words that must all occur; beginnings of words suffice.
    #[param(min_length = 1, max_length = 200, example = "printer fire")]
    q: String,
    /// `task` or `message`, for hits of one kind only.
    kind: Option<String>,
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

faff_store::words! {
    /// What was found.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
    #[schema(as = HitKind, rename_all = "snake_case")]
    pub(crate) enum Kind {
        /// A ticket, by its title or description.
        Task = "task",
        /// A message.
        Message = "message",
    }
}

/// Something that was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SearchHit)]
pub(crate) struct Hit {
    kind: Kind,
    #[schema(value_type = i64, example = 1)]
    task_id: TaskId,
    /// What the ticket is called, with the words marked.
    title: Vec<Part>,
    /// How far the ticket has come.
    #[schema(example = "open")]
    status: String,
    /// Of a message: which.
    message: Option<Found>,
    /// Of the description or the message: the part where the words are.
    snippet: Vec<Part>,
    /// When the ticket was filed or the message posted.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// A message that was found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FoundMessage)]
pub(crate) struct Found {
    #[schema(value_type = i64, example = 1)]
    id: MessageId,
    /// Its place in the ticket.
    seq: i64,
    /// Who said it.
    sender: UserRef,
}

/// A page of what was found, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SearchPage {
    hits: Vec<Hit>,
    next_cursor: Option<String>,
    has_more: bool,
}

/// A row of either kind; between rows of one time, the larger id comes first, and tickets before messages.
enum Row {
    Task(TaskHit),
    Message(MessageHit),
}

impl Row {
    fn key(&self) -> (Timestamp, bool, i64) {
        match self {
            Self::Task(row) => (row.created_at, true, row.id.get()),
            Self::Message(row) => (row.created_at, false, row.id.get()),
        }
    }
}

/// Search tickets and messages.
#[utoipa::path(get, path = "/api/search", tag = "search", params(Params), responses((status = 200, body = SearchPage)))]
pub(crate) async fn handler(
    caller: Caller,
    Query(params): Query<Params>,
) -> Result<Json<SearchPage>, Problem> {
    let limit = Limit::check(params.limit)?;
    let mut check = Check::default();
    let typed = check.text("q", "q", &params.q, 1..=200);
    let kind = params.kind.as_deref().and_then(|kind| check.word("kind", kind, Kind::parse, Kind::ALL));
    check.done()?;
    let query = format!("search of {}: {kind:?} {typed}", caller.id);
    // Both kinds have their own order, by ids, which a cursor holds a place in each of: tickets before `key`, messages before
    // `id`.
    let behind = params.cursor.as_deref().map(|cursor| Cursor::decode(cursor, &query)).transpose()?;
    let before = behind.unwrap_or(Cursor { key: MAX_ID, id: MAX_ID });
    let (scope, asked) = (caller.scope(), typed.clone());
    let (tasks, messages) = caller
        .read(async move |reader: &mut Reader<'_>| {
            let Some(words) = reader.engine().text_query(&asked) else {
                return Ok((Vec::new(), Vec::new()));
            };
            let (mut tasks, mut messages, mut reach) = (Vec::new(), Vec::new(), None);
            if kind != Some(Kind::Message) {
                tasks = sql::tasks(reader, (scope, &mut reach), &words, before.key, limit.fetch()).await?;
            }
            if kind != Some(Kind::Task) {
                messages =
                    sql::messages(reader, (scope, &mut reach), &words, before.id, limit.fetch()).await?;
            }
            Ok((tasks, messages))
        })
        .await?;
    let (page, left) = merge(tasks, messages, limit);
    let next = page.iter().fold(before, |place, row| match row {
        Row::Task(row) => Cursor { key: row.id.get(), ..place },
        Row::Message(row) => Cursor { id: row.id.get(), ..place },
    });
    let senders = page.iter().filter_map(|row| match row {
        Row::Message(row) => Some(row.sender_id),
        Row::Task(_) => None,
    });
    let people = People::refs(caller.app(), senders).await?;
    let words = words(&typed);
    let hit = |row: Row| {
        Ok::<_, Problem>(match row {
            Row::Task(row) => Hit {
                kind: Kind::Task,
                task_id: row.id,
                title: marked(&row.title, &words),
                status: row.status,
                message: None,
                snippet: snippet(&row.description, &words),
                created_at: row.created_at,
            },
            Row::Message(row) => Hit {
                kind: Kind::Message,
                task_id: row.task_id,
                title: marked(&row.title, &words),
                status: row.status,
                message: Some(Found { id: row.id, seq: row.seq, sender: people.of(row.sender_id)? }),
                snippet: snippet(&row.content, &words),
                created_at: row.created_at,
            },
        })
    };
    let hits = page.into_iter().map(hit).collect::<Result<_, _>>()?;
    Ok(Json(SearchPage { hits, next_cursor: left.then(|| next.encode(&query)), has_more: left }))
}

/// The newest of both, as many as fit on a page, and whether there are more. Each list keeps its own order, so that a place in
/// each is a place in both.
fn merge(tasks: Vec<TaskHit>, messages: Vec<MessageHit>, limit: Limit) -> (Vec<Row>, bool) {
    let mut tasks = tasks.into_iter().map(Row::Task).peekable();
    let mut messages = messages.into_iter().map(Row::Message).peekable();
    let mut page = Vec::with_capacity(limit.get());
    while page.len() < limit.get() {
        let next = match (tasks.peek(), messages.peek()) {
            (Some(task), Some(message)) if task.key() < message.key() => messages.next(),
            (None, _) => messages.next(),
            _ => tasks.next(),
        };
        let Some(next) = next else { break };
        page.push(next);
    }
    let left = tasks.peek().is_some() || messages.peek().is_some();
    (page, left)
}
