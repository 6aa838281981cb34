//! Whether a message agrees with what else the ticket says.
//!
//! Careful rather than thorough: a contradiction is claimed only between two sentences that speak of the same thing in the
//! same words, one of which says it is another value or the opposite, and neither of which says that something has changed.
//! What only passes (a server is down, an invoice is unpaid) is contradicted by nothing but a later statement of somebody
//! else; what an earlier one says may simply be over.

use std::ops::Range;

use super::claims::{self, Claim, What};
use crate::conversation::{Conversation, Message};
use crate::text::{Reading, head};

/// Messages compared with, the nearest ones, and bytes read of each.
const COMPARED: usize = 400;
const READ_EACH: usize = 4096;
/// Bytes read of them all.
const READ: usize = 512 * 1024;
/// Claims of the message that are compared.
const CLAIMS: usize = 60;
/// Within which time a later "it does not work" speaks of the same event.
const SAME_EVENT: i64 = 48 * 60 * 60 * 1000;

/// The outcome.
#[derive(Debug)]
pub(super) struct Accuracy {
    /// `consistent`, `contradicted` or `unverified`.
    pub(super) word: &'static str,
    pub(super) contradicted: Vec<Against>,
}

/// What something contradicts.
#[derive(Debug)]
pub(super) struct Against {
    /// The sentence in the message.
    pub(super) place: Range<usize>,
    /// What the ticket says instead.
    pub(super) other: String,
    /// In which message; in none, it is the title or the description.
    pub(super) message: Option<i64>,
}

/// Something else the ticket says.
struct Known {
    claim: Claim,
    message: Option<i64>,
    author: String,
    seq: i64,
    at: i64,
}

/// Compares a message with the ticket.
pub(super) fn compare(conversation: &Conversation, message: &Message, reading: &Reading) -> Accuracy {
    let mut claimed = claims::of(head(&message.text, super::LOOKED_AT), reading);
    claimed.truncate(CLAIMS);
    let mut contradicted: Vec<Against> = Vec::new();
    let mut agreed = false;
    let known = if claimed.is_empty() { Vec::new() } else { known(conversation, message) };
    for claim in &claimed {
        match judge(claim, message, &known) {
            Some(Ok(())) => agreed = true,
            Some(Err(other)) => contradicted.push(Against {
                place: claim.place.clone(),
                other: other.claim.sentence.clone(),
                message: other.message,
            }),
            None => {}
        }
    }
    contradicted.extend(status(conversation, message, &claimed));
    let word = match (contradicted.is_empty(), agreed) {
        (false, _) => "contradicted",
        (true, true) => "consistent",
        (true, false) => "unverified",
    };
    Accuracy { word, contradicted }
}

/// What the ticket claims, from its description to the newest message, without the one under review.
fn known(conversation: &Conversation, message: &Message) -> Vec<Known> {
    let mut known = Vec::new();
    let description = head(&conversation.description, READ_EACH);
    for text in [conversation.title.as_str(), description] {
        for claim in claims::of(text, &Reading::of(text)) {
            known.push(Known { claim, message: None, author: String::new(), seq: 0, at: i64::MIN });
        }
    }
    let place = conversation.messages.partition_point(|other| other.seq < message.seq);
    let from = place.saturating_sub(COMPARED / 2);
    let mut left = READ;
    for other in conversation.messages.iter().skip(from).take(COMPARED).filter(|other| other.id != message.id)
    {
        let text = head(&other.text, READ_EACH.min(left));
        left -= text.len();
        for claim in claims::of(text, &Reading::of(text)) {
            known.push(Known {
                claim,
                message: Some(other.id),
                author: other.author.clone(),
                seq: other.seq,
                at: other.at,
            });
        }
    }
    known
}

/// Whether the ticket says the same, the opposite, or nothing.
fn judge<'a>(claim: &Claim, message: &Message, known: &'a [Known]) -> Option<Result<(), &'a Known>> {
    let same: Vec<&Known> = known
        .iter()
        .filter(|other| about_the_same(claim, &other.claim))
        .filter(|other| !(claim.own || other.claim.own) || other.author == message.author)
        .collect();
    let last = same.iter().rfind(|other| other.seq < message.seq);
    let next = same.iter().find(|other| other.seq > message.seq);
    let agrees = |other: &Known| claim.what.agrees(&other.claim.what);
    let denied = |next: &Known| !agrees(next) && next.author != message.author && !next.claim.news;
    match claim.what {
        // It passes: only somebody else who says right afterwards that it is not so contradicts it.
        What::State { holds: true, lasting: false, .. } => {
            let event = |next: &Known| next.claim.lasts || next.at.saturating_sub(message.at) <= SAME_EVENT;
            if let Some(next) = next.filter(|next| denied(next) && event(next)) {
                return Some(Err(*next));
            }
        }
        What::State { lasting: false, .. } => {}
        // It stays: the newest word before the message counts, unless somebody changed it or said both.
        _ => {
            let said = same.iter().any(|other| other.seq < message.seq && agrees(other));
            let other = |last: &Known| !agrees(last) && last.author != message.author && !claim.news;
            if let Some(last) = last.filter(|last| other(last) && !said) {
                return Some(Err(*last));
            }
        }
    }
    last.or(next).is_some_and(|other| agrees(other)).then_some(Ok(()))
}

/// Whether two claims say something of the same thing, so that they can be compared.
fn about_the_same(one: &Claim, other: &Claim) -> bool {
    let comparable = match (&one.what, &other.what) {
        (What::Value { kind, .. }, What::Value { kind: theirs, .. }) => kind == theirs,
        (What::State { concept, .. }, What::State { concept: theirs, .. }) => concept == theirs,
        _ => false,
    };
    if !comparable || one.numbers != other.numbers {
        return false;
    }
    let common = one.thing.iter().filter(|word| other.thing.binary_search(word).is_ok()).count();
    let (less, more) = (one.thing.len().min(other.thing.len()), one.thing.len().max(other.thing.len()));
    // The shorter one wholly within the longer one, which may say a little more: "the deadline", "the deadline of the tender".
    common == less && more <= less + 1 + usize::from(less > 2)
}

/// A message that is the last word, and says that the ticket is closed while it is not.
fn status(conversation: &Conversation, message: &Message, claims: &[Claim]) -> Option<Against> {
    let open = matches!(conversation.status.as_str(), "open" | "in_progress");
    let last = conversation.messages.iter().all(|other| other.seq <= message.seq);
    let closed = claims.iter().find(|claim| {
        let state = matches!(
            claim.what,
            What::State { concept: "open", holds: false, .. }
                | What::State { concept: "works", holds: true, .. }
        );
        state && claim.thing == ["ticket"]
    })?;
    let status =
        if conversation.status == "open" { "The ticket is open" } else { "The ticket is in progress" };
    (open && last).then(|| Against { place: closed.place.clone(), other: status.to_owned(), message: None })
}
