//! What a run has seen: what was asked and answered, and what came to whom. It is only written down here; what it means is
//! found afterwards.

use std::time::Instant;

/// Microseconds since the run began, by the client's clock.
pub(super) type Micros = u64;

/// The client's clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock(Instant);

impl Clock {
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    pub(super) fn now(self) -> Micros {
        Micros::try_from(self.0.elapsed().as_micros()).unwrap_or(Micros::MAX)
    }
}

/// What a sender does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Deed {
    /// Says something.
    Post,
    /// Changes what it has said.
    Edit,
    /// Takes back what it has said.
    Delete,
    /// Sends what was acknowledged once more: the answer must be the first message.
    Again,
    /// Says something else under a client id that was used: it must be refused.
    Clash,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    Ok,
    /// With the code of the refusal.
    Refused(String),
    /// Never answered.
    Unknown,
}

/// Something that a sender did, from its first attempt to its end.
#[derive(Debug, Clone)]
pub(super) struct Op {
    pub(super) deed: Deed,
    pub(super) sender: usize,
    /// Which of the sender's messages it is about, from 1.
    pub(super) number: u64,
    /// The ticket's place in the run.
    pub(super) ticket: usize,
    /// What was to be said; empty when something was taken back.
    pub(super) content: String,
    pub(super) invoked: Micros,
    pub(super) answered: Micros,
    /// The server that was asked last.
    pub(super) node: usize,
    /// Attempts that were not answered.
    pub(super) unanswered: u32,
    pub(super) end: End,
    /// The message's id and `seq`, as answered.
    pub(super) message: Option<(i64, i64)>,
}

/// The words of a message: whose, which of theirs, and which edition.
pub(super) fn content(sender: usize, number: u64, edition: u32) -> String {
    format!(
        "check {sender} {number} {edition} the printer on floor two is on fire again and it still prints, so"
    )
}

/// Whose message it is, and which of theirs.
pub(super) fn mark(content: &str) -> Option<(usize, u64)> {
    let mut words = content.strip_prefix("check ")?.split(' ');
    Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?))
}

/// The words of a message as they are sent: with so many characters more.
pub(super) fn padded(content: &str, padding: usize) -> String {
    if padding == 0 || content.is_empty() {
        return content.to_owned();
    }
    format!("{content} {}", "x".repeat(padding))
}

/// The words of a message as they are kept here: without what was added, if it is all there.
pub(super) fn bare(content: &str, padding: usize) -> &str {
    let whole = content.len().checked_sub(padding + 1).and_then(|at| content.split_at_checked(at));
    match whole {
        Some((bare, added))
            if padding > 0 && added.strip_prefix(' ').is_some_and(|x| x.bytes().all(|b| b == b'x')) =>
        {
            bare
        }
        _ => content,
    }
}

/// What the sender calls a message.
pub(super) fn client_id(sender: usize, number: u64) -> String {
    format!("check-{sender}-{number}")
}

/// How an event came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Live,
    /// In the answer to joining, after the connection was made.
    CaughtUp,
    /// In the answer to joining once more, because a number was missing.
    AskedAgain,
}

/// What an event tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Posted,
    Edited,
    Deleted,
    /// Something of the ticket itself.
    Ticket,
}

/// An event that came to a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Arrival {
    pub(super) at: Micros,
    /// Which of the reader's connections.
    pub(super) connection: usize,
    pub(super) how: How,
    /// The ticket's place in the run.
    pub(super) ticket: usize,
    pub(super) seq: i64,
    pub(super) kind: Kind,
    /// The message's id, and what it says; `None` once it is deleted.
    pub(super) message: i64,
    pub(super) content: Option<Box<str>>,
}

/// A connection of a reader.
#[derive(Debug, Clone, Copy)]
pub(super) struct Connection {
    pub(super) node: usize,
    /// When it was made.
    pub(super) at: Micros,
}

/// All that came to a reader, in the order in which it came.
#[derive(Debug, Clone, Default)]
pub(super) struct Heard {
    /// Of each ticket, up to where it had to read nothing.
    pub(super) from: Vec<i64>,
    pub(super) connections: Vec<Connection>,
    pub(super) arrivals: Vec<Arrival>,
    /// Events that were skipped because the server said so: the ticket's place, and from where to where.
    pub(super) skipped: Vec<(usize, i64, i64)>,
    /// Holes in what came on a connection: its number, the ticket's place, what was there, and what came next.
    pub(super) gaps: Vec<(usize, usize, i64, i64)>,
    /// Times that asking again did not bring what was missing.
    pub(super) unhealed: u64,
    /// What came of a ticket that does not exist for this reader, and what could not be understood.
    pub(super) leaks: Vec<String>,
    pub(super) oddities: Vec<String>,
}

/// The end of a fault.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heal {
    pub(super) at: Micros,
    /// The server that came back, when it was one.
    pub(super) node: Option<usize>,
    /// Milliseconds that it took to be ready.
    pub(super) ready: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_whose_it_is() {
        assert_eq!(mark(&content(3, 17, 2)), Some((3, 17)));
        assert_eq!(mark("something else"), None);
        let long = padded(&content(3, 17, 2), 1000);
        assert_eq!((long.len(), bare(&long, 1000)), (content(3, 17, 2).len() + 1001, &*content(3, 17, 2)));
        assert_eq!(bare(&long[1..], 1001), &long[1..], "what is not as it was sent is kept as it is");
        assert_eq!(client_id(3, 17), "check-3-17");
    }
}
