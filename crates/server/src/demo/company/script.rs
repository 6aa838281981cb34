//! The notation in which the tickets are written.
//!
//! Tickets are parted by an empty line. A ticket is
//!
//! ```text
//! = Title
//! : priority status creator assignee age tags [private:participants]
//! | a line of the description
//! A a message by the person whose first name begins with A
//! >B B's reply to the top-level message before it
//! >>C a reply to the top-level message before that one
//! --
//! A~ the next morning; A edited this one afterwards
//! -- 3
//! A- three working days later, deleted afterwards
//! A^ late in the day
//! A! with this message the ticket was resolved
//! *4 A four mornings, one message each || with these wordings || in turn
//! +2 A two messages without a night between || in turn
//! ```
//!
//! People are named by the first letter of their names, `.` is nobody, and
//! `age` is in working days, `12+90` meaning 90 minutes into the day. In a message, `\n` is a new line, `{day}` the
//! name of the weekday, `{time}` the time of day, and `{n:3-8}` a number from 3 to 8.

use std::str::SplitWhitespace;

use super::clock::Moment;
use super::people::by_letter;
use super::rng::Rng;

/// A ticket as written, without times.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) title: &'static str,
    pub(super) description: String,
    pub(super) priority: &'static str,
    pub(super) status: &'static str,
    pub(super) creator: usize,
    pub(super) assignee: Option<usize>,
    pub(super) age_days: i64,
    /// Minutes into the day, if it matters.
    pub(super) minute: Option<i64>,
    pub(super) tags: &'static str,
    pub(super) participants: Vec<usize>,
    pub(super) lines: Vec<Line>,
}

/// A message as written, without its time.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// Nights since the line before it.
    pub(super) skip_days: i64,
    /// 0 for a top-level message, otherwise how many of those to go back.
    pub(super) depth: usize,
    pub(super) author: usize,
    flags: &'static str,
    pub(super) text: &'static str,
}

impl Line {
    /// Whether its author changed it afterwards.
    pub(super) fn edited(&self) -> bool {
        self.flags.contains('~')
    }

    /// Whether its author deleted it afterwards.
    pub(super) fn deleted(&self) -> bool {
        self.flags.contains('-')
    }

    /// Whether the ticket was resolved with it.
    pub(super) fn resolves(&self) -> bool {
        self.flags.contains('!')
    }

    /// Whether, coming after a night, it was written late in the day.
    pub(super) fn late(&self) -> bool {
        self.flags.contains('^')
    }
}

/// Reads all the tickets of a script. Lines that it cannot read are left out;
/// the tests see to it that there are none.
pub(super) fn parse(text: &'static str) -> Vec<Draft> {
    text.split("\n\n").filter_map(draft).collect()
}

fn draft(block: &'static str) -> Option<Draft> {
    let mut draft = Draft::default();
    let mut skip_days = 0;
    for line in block.lines() {
        if let Some(title) = line.strip_prefix("= ") {
            draft.title = title;
        } else if let Some(header) = line.strip_prefix(": ") {
            read_header(&mut draft, header.split_whitespace())?;
        } else if let Some(paragraph) = line.strip_prefix('|') {
            if !draft.description.is_empty() {
                draft.description.push('\n');
            }
            draft.description.push_str(paragraph.strip_prefix(' ').unwrap_or(paragraph));
        } else if let Some(days) = line.strip_prefix("--") {
            skip_days += days.trim().parse().unwrap_or(1);
        } else if let Some(rest) = line.strip_prefix('*') {
            repeat(&mut draft.lines, rest, skip_days.max(1), 1);
            skip_days = 0;
        } else if let Some(rest) = line.strip_prefix('+') {
            repeat(&mut draft.lines, rest, skip_days, 0);
            skip_days = 0;
        } else if let Some(mut message) = message(line) {
            message.skip_days = skip_days;
            draft.lines.push(message);
            skip_days = 0;
        }
    }
    (!draft.title.is_empty()).then_some(draft)
}

fn read_header(draft: &mut Draft, mut words: SplitWhitespace<'static>) -> Option<()> {
    draft.priority = words.next()?;
    draft.status = words.next()?;
    draft.creator = words.next()?.chars().next().and_then(by_letter)?;
    draft.assignee = words.next()?.chars().next().and_then(by_letter);
    let age = words.next()?;
    let (days, minute) = age.split_once('+').unwrap_or((age, ""));
    draft.age_days = days.parse().ok()?;
    draft.minute = minute.parse().ok();
    draft.tags = words.next()?;
    if let Some(letters) = words.next().and_then(|w| w.strip_prefix("private:")) {
        draft.participants = letters.chars().filter_map(by_letter).collect();
    }
    Some(())
}

/// Reads `>B~ text`.
fn message(line: &'static str) -> Option<Line> {
    let (head, text) = line.split_once(' ')?;
    let marks = head.trim_start_matches('>');
    let mut marks_left = marks.chars();
    let author = marks_left.next().and_then(by_letter)?;
    let flags = marks_left.as_str();
    Some(Line { skip_days: 0, depth: head.len() - marks.len(), author, flags, text })
}

/// Reads `4 A one wording || another`: the first message comes `first` nights
/// later, the others `then` nights after one another.
fn repeat(lines: &mut Vec<Line>, rest: &'static str, first: i64, then: i64) {
    let Some((count, rest)) = rest.split_once(' ') else {
        return;
    };
    let Some(line) = message(rest) else { return };
    let count = count.parse().unwrap_or(0);
    for (n, text) in line.text.split(" || ").cycle().take(count).enumerate() {
        lines.push(Line { skip_days: if n == 0 { first } else { then }, text, ..line.clone() });
    }
}

/// Fills the slots of a message.
pub(super) fn fill(text: &str, now: Moment, rng: &mut Rng) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pieces = text.split("{n:");
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let Some((range, rest)) = piece.split_once('}') else {
            continue;
        };
        if let Some((low, high)) = range.split_once('-')
            && let (Ok(low), Ok(high)) = (low.parse(), high.parse())
        {
            out.push_str(&rng.between(low, high).to_string());
        }
        out.push_str(rest);
    }
    out.replace("{day}", now.weekday()).replace("{time}", &now.time_of_day()).replace("\\n", "\n")
}
