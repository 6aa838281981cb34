//! The workspace as rows of tables, for either engine.

use std::collections::HashMap;

use faff_app::event::Audience;
use faff_store::log::{Chain, Logged, Stream};
use faff_store::{Param, params};
use faff_types::{Timestamp, UserId};

use super::world::{self, Happened, Message, NEWCOMER, World};
use crate::random::{Rng, html, message, prose};

/// The rows of a table, in the order of its columns.
pub(crate) type Rows<'w> = Box<dyn Iterator<Item = Vec<Param<'w>>> + Send + 'w>;

/// A table with what to put into it.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static str,
    pub(crate) rows: for<'w> fn(&'w World) -> Rows<'w>,
}

const fn table(name: &'static str, columns: &'static str, rows: for<'w> fn(&'w World) -> Rows<'w>) -> Table {
    Table { name, columns, rows }
}

/// All of them, each behind those it refers to.
pub(crate) const TABLES: [Table; 8] = [
    table("account", "id, name, email, password_hash, role, active, created_at, updated_at", accounts),
    table("session", "id, user_id, created_at, expires_at", sessions),
    table(
        "task",
        "id, title, description, description_html, priority, status, visibility, assigned_to_id, created_by_id, \
         message_count, last_message_at, version, created_at, updated_at, resolved_at",
        tasks,
    ),
    table("task_tag", "task_id, tag", tags),
    table("participant", "task_id, user_id", participants),
    table(
        "message",
        "id, task_id, seq, sender_id, content, content_html, reply_to_id, root_id, reply_count, created_at, updated_at, private",
        messages,
    ),
    table("event", "stream, seq, kind, actor_id, at, audience, payload, chain", events),
    table("stream", "id, seq, chain", streams),
];

/// When the logins of the seed end: not while anybody measures.
pub(crate) const EXPIRY: Timestamp = Timestamp::from_millis(4_000_000_000_000);
/// In every text of private tasks, and in no other.
pub(crate) const HIDDEN: &str = "undisclosed";
/// A hash that no password has.
const NO_PASSWORD: &str = "$2b$10$.....................................................";

/// The address of a person.
pub(crate) fn email(user: i64) -> String {
    format!("person{user}@faff.example")
}

fn accounts(_: &World) -> Rows<'_> {
    Box::new((1..=NEWCOMER).map(|user| {
        let name = prose(&mut Rng::new(user.unsigned_abs()), 12);
        let role = if user == 1 { "admin" } else { "user" };
        params![user, name, email(user), NO_PASSWORD, role, true, 0, 0].into()
    }))
}

fn sessions(_: &World) -> Rows<'_> {
    Box::new((1..=NEWCOMER).map(|user| params![user, user, 0, EXPIRY].into()))
}

fn task_text(id: i64) -> (String, String) {
    let mut rng = Rng::new(id.unsigned_abs() << 32);
    let (title, description) = (20 + rng.below(50), 80 + rng.skewed(600, 2));
    (prose(&mut rng, title), confided(prose(&mut rng, description), id))
}

/// A text in a task: in private ones there is a word that is in no others.
fn confided(mut text: String, task: i64) -> String {
    if world::is_private(task) {
        text.push(' ');
        text.push_str(HIDDEN);
    }
    text
}

fn tasks(world: &World) -> Rows<'_> {
    Box::new(world.tasks.iter().map(|task| {
        let (title, description) = task_text(task.id);
        let markup = html(&description);
        let visibility = if task.private { "private" } else { "team" };
        let version = if task.status == "open" { 1 } else { 2 };
        let over = matches!(task.status, "resolved" | "closed").then_some(task.at);
        params![
            task.id,
            title,
            description,
            markup,
            task.priority,
            task.status,
            visibility,
            task.assignee,
            task.creator,
            task.message_count,
            task.last_message_at,
            version,
            task.at,
            task.at,
            over,
        ]
        .into()
    }))
}

fn tags(world: &World) -> Rows<'_> {
    let each = |task: &'_ super::world::Task| {
        let id = task.id;
        task.tags.clone().into_iter().map(move |tag| params![id, tag].into())
    };
    Box::new(world.tasks.iter().flat_map(each))
}

fn participants(world: &World) -> Rows<'_> {
    let each = |task: &'_ super::world::Task| {
        let id = task.id;
        task.participants.clone().into_iter().map(move |user| params![id, user].into())
    };
    Box::new(world.tasks.iter().flat_map(each))
}

fn message_text(said: &Message) -> String {
    confided(message(&mut Rng::new(said.id.unsigned_abs())), said.task)
}

fn messages(world: &World) -> Rows<'_> {
    Box::new(world.messages.iter().map(|said| {
        let content = message_text(said);
        let markup = html(&content);
        params![
            said.id,
            said.task,
            said.seq,
            said.sender,
            content,
            markup,
            said.reply_to,
            said.root,
            said.reply_count,
            said.at,
            said.at,
            world::is_private(said.task),
        ]
        .into()
    }))
}

/// The end of every stream.
#[derive(Default)]
struct Heads(HashMap<Stream, (i64, Chain)>);

impl Heads {
    /// Gives an event its place.
    fn append(&mut self, happened: &Happened) -> Logged {
        let (seq, chain) = self.0.entry(happened.stream).or_default();
        let audience =
            if matches!(happened.stream, Stream::Task(_)) { Audience::Ticket } else { Audience::Account };
        let mut logged = Logged {
            stream: happened.stream,
            seq: *seq + 1,
            kind: happened.event.kind().to_owned(),
            actor: Some(UserId::from_db(happened.actor)),
            at: Timestamp::from_millis(happened.at),
            audience: audience.to_string(),
            // The event is made of numbers and words, which always can be written.
            payload: serde_json::to_string(&happened.event).unwrap_or_default(),
            chain: Chain::default(),
        };
        logged.chain = logged.link(chain);
        (*seq, *chain) = (logged.seq, logged.chain);
        logged
    }
}

fn events(world: &World) -> Rows<'_> {
    let mut heads = Heads::default();
    Box::new(world.events.iter().map(move |happened| {
        let Logged { stream, seq, kind, actor, at, audience, payload, chain } = heads.append(happened);
        params![stream.to_db(), seq, kind, actor, at, audience, payload, Param::Bytes(chain.to_vec().into())]
            .into()
    }))
}

fn streams(world: &World) -> Rows<'_> {
    let mut heads = Heads::default();
    for happened in &world.events {
        heads.append(happened);
    }
    let mut ends: Vec<(Stream, (i64, Chain))> = heads.0.into_iter().collect();
    ends.sort_unstable_by_key(|(stream, _)| *stream);
    Box::new(ends.into_iter().map(|(stream, (seq, chain))| {
        params![stream.to_db(), seq, Param::Bytes(chain.to_vec().into())].into()
    }))
}
