//! A made-up company for demonstrations: its people, and what its support, IT,
//! facilities and operations desks talked about over the last eight weeks.
//!
//! The content is the same on every call. It is written as plain-text scripts
//! (`company/*.txt`, the notation is described in [`script`]); this module
//! turns them into tickets and gives every message its time.
//!
//! All times are minutes before "now". They fall into working hours (weekdays,
//! 08:30 to 17:30) if "now" is taken to be a **Friday at 17:00**.

mod clock;
mod people;
mod rng;
mod script;

use clock::Moment;
use rng::Rng;
use script::{Draft, Line};

/// The company: its people and its tickets, oldest ticket first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Company {
    /// Everyone who may write; the other types refer to them by position.
    pub(crate) people: Vec<Person>,
    /// The tickets, oldest first.
    pub(crate) tickets: Vec<Ticket>,
}

/// Someone who works at the company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    /// First and last name.
    pub(crate) name: &'static str,
    /// Address at the company's domain.
    pub(crate) email: &'static str,
    /// Whether the person administers the system.
    pub(crate) role_admin: bool,
    /// What the person does, in a few words.
    pub(crate) about: &'static str,
}

/// A ticket with its whole conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ticket {
    /// One line, 1 to 255 characters.
    pub(crate) title: String,
    /// Markdown.
    pub(crate) description: String,
    /// `low`, `medium`, `high` or `urgent`.
    pub(crate) priority: &'static str,
    /// `open`, `in_progress`, `resolved` or `closed`.
    pub(crate) status: &'static str,
    /// [`TEAM`] or [`PRIVATE`].
    pub(crate) visibility: &'static str,
    /// At most five, each matching `^[a-z0-9][a-z0-9-]{0,31}$`.
    pub(crate) tags: Vec<String>,
    /// Who wrote it, as a position in [`Company::people`].
    pub(crate) creator: usize,
    /// Who takes care of it, if anyone.
    pub(crate) assignee: Option<usize>,
    /// Who else may read a private ticket; empty on public ones.
    pub(crate) participants: Vec<usize>,
    /// When it was written.
    pub(crate) minutes_ago: i64,
    /// When it was resolved; set exactly for `resolved` and `closed`.
    pub(crate) resolved_minutes_ago: Option<i64>,
    /// The conversation, oldest message first.
    pub(crate) messages: Vec<Message>,
}

/// One message of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// Who wrote it, as a position in [`Company::people`].
    pub(crate) author: usize,
    /// Markdown; of a deleted message, what it said before.
    pub(crate) content: String,
    /// The earlier top-level message of the same ticket that it replies to.
    pub(crate) reply_to: Option<usize>,
    /// When it was written.
    pub(crate) minutes_ago: i64,
    /// Whether its author changed it afterwards.
    pub(crate) edited: bool,
    /// Whether its author deleted it afterwards.
    pub(crate) deleted: bool,
}

/// The visibility of tickets that everyone may read.
pub(crate) const TEAM: &str = "team";
/// The visibility of tickets for their participants only.
pub(crate) const PRIVATE: &str = "private";

const SEED: u64 = 0x0001_a2c3_0fad_ed01;

const SCRIPTS: [&str; 7] = [
    include_str!("company/machines.txt"),
    include_str!("company/network.txt"),
    include_str!("company/projects.txt"),
    include_str!("company/money.txt"),
    include_str!("company/staff.txt"),
    include_str!("company/building.txt"),
    include_str!("company/dispatch.txt"),
];

/// The company, the same on every call.
pub(crate) fn company() -> Company {
    let mut tickets: Vec<Ticket> = SCRIPTS
        .iter()
        .flat_map(|text| script::parse(text))
        .zip(0u64..)
        .map(|(draft, n)| ticket(draft, &mut Rng::new(SEED.wrapping_add(n))))
        .collect();
    tickets.sort_by_key(|t| std::cmp::Reverse(t.minutes_ago));
    Company { people: people::people(), tickets }
}

/// Gives a draft its times. Every ticket has its own generator, so that
/// changing one script leaves the other tickets as they are.
fn ticket(draft: Draft, rng: &mut Rng) -> Ticket {
    let mut now = Moment::days_ago(draft.age_days).plus(draft.minute.unwrap_or_else(|| rng.between(2, 150)));
    let minutes_ago = now.minutes_ago();
    let mut messages: Vec<Message> = Vec::new();
    let mut roots: Vec<usize> = Vec::new();
    let mut resolved = None;
    for line in &draft.lines {
        now = next_moment(now, line, rng);
        let reply_to = roots.iter().rev().nth(line.depth.wrapping_sub(1)).copied();
        if reply_to.is_none() {
            roots.push(messages.len());
        }
        if line.resolves() {
            resolved = Some(now.minutes_ago());
        }
        messages.push(Message {
            author: line.author,
            content: fresh_text(line.text, now, rng, &messages),
            reply_to,
            minutes_ago: now.minutes_ago(),
            edited: line.edited(),
            deleted: line.deleted(),
        });
    }
    let done = matches!(draft.status, "resolved" | "closed");
    Ticket {
        title: draft.title.to_owned(),
        description: draft.description,
        priority: draft.priority,
        status: draft.status,
        visibility: if draft.participants.is_empty() { TEAM } else { PRIVATE },
        tags: draft.tags.split(',').map(str::to_owned).collect(),
        creator: draft.creator,
        assignee: draft.assignee,
        participants: draft.participants,
        minutes_ago,
        resolved_minutes_ago: resolved.or_else(|| messages.last().map(|m| m.minutes_ago)).filter(|_| done),
        messages,
    }
}

/// When a line is written: after a night, in the morning or late in the day;
/// otherwise a little after the line before it. Replies come quickly, and now
/// and then there is a longer silence.
fn next_moment(now: Moment, line: &Line, rng: &mut Rng) -> Moment {
    if line.skip_days > 0 {
        let minute = if line.late() { rng.between(395, 490) } else { rng.between(3, 95) };
        return now.morning_after(line.skip_days).plus(minute);
    }
    now.plus(match rng.between(1, 100) {
        _ if line.depth > 0 => rng.between(1, 6),
        1..=60 => rng.between(1, 7),
        61..=92 => rng.between(6, 25),
        _ => rng.between(30, 70),
    })
}

/// Fills the slots of a line. Numbers are drawn again if by chance they make
/// the same text as an earlier message of the ticket.
fn fresh_text(text: &str, now: Moment, rng: &mut Rng, earlier: &[Message]) -> String {
    let mut content = script::fill(text, now, rng);
    for _ in 0..50 {
        if earlier.iter().all(|m| m.content != content) {
            break;
        }
        content = script::fill(text, now, rng);
    }
    content
}

#[cfg(test)]
mod tests;
