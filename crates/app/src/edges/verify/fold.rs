//! What the log of one stream says must be. Pure.

use std::collections::{BTreeMap, BTreeSet};

use faff_store::log::{Chain, Logged, Stream};

use super::sql::EventRow;
use crate::event::{Change, Event};
use crate::features::reviews::Status;
use crate::features::summaries::Source;

/// A stream, as far as its events tell.
#[derive(Debug, Default)]
pub(super) struct Fold {
    /// The number of its last event.
    pub(super) seq: i64,
    /// The digest of its last event.
    pub(super) chain: Chain,
    /// Whether its end is noted beside the log.
    pub(super) has_head: bool,
    /// Whether it began with an account or a task.
    pub(super) begun: bool,
    /// Whether the task was deleted.
    pub(super) gone: bool,
    /// How often a task's fields were changed.
    pub(super) changes: i64,
    /// Fields with a closed set of values, as the last change left them.
    pub(super) values: BTreeMap<String, String>,
    /// Messages by the number of the event that posted them.
    pub(super) posted: BTreeMap<i64, i64>,
    /// Messages that were deleted.
    pub(super) deleted: BTreeSet<i64>,
    /// Reviews, with what was decided.
    pub(super) reviews: BTreeMap<i64, Status>,
    /// Summaries, with who made them.
    pub(super) summaries: BTreeMap<i64, Source>,
}

/// What a stream is about, for people.
pub(super) fn name(stream: i64) -> String {
    match Stream::from_db(stream) {
        Stream::Task(id) => format!("task {id}"),
        Stream::User(id) => format!("account {id}"),
        Stream::Workspace => "the workspace".to_owned(),
    }
}

impl Fold {
    /// Adds the next event, and says what is wrong with it.
    pub(super) fn take(&mut self, row: EventRow) -> Vec<String> {
        let mut faults = Vec::new();
        let (seq, before) = (row.seq, self.seq);
        let place = format!("{}, event {seq}", name(row.stream));
        if seq != before + 1 {
            faults.push(format!("{place}: it follows event {before}"));
        }
        let logged = Logged {
            stream: Stream::from_db(row.stream),
            seq,
            kind: row.kind,
            actor: row.actor_id,
            at: row.at,
            audience: row.audience,
            payload: row.payload,
            chain: Chain::try_from(row.chain.as_slice()).unwrap_or_default(),
        };
        if logged.chain != logged.link(&self.chain) {
            faults.push(format!("{place}: its digest does not fit it and the event before it"));
        }
        (self.seq, self.chain) = (seq, logged.chain);
        match Event::parse(&logged.payload) {
            Ok(event) if event.kind() == logged.kind => self.apply(seq, event, &place, &mut faults),
            Ok(event) => {
                faults.push(format!("{place}: it is filed as {}, but is {}", logged.kind, event.kind()));
            }
            Err(error) => faults.push(format!("{place}: it cannot be read ({error})")),
        }
        faults
    }

    fn apply(&mut self, seq: i64, event: Event, place: &str, faults: &mut Vec<String>) {
        if self.gone {
            faults.push(format!("{place}: it comes after the deletion"));
        }
        match event {
            Event::UserRegistered { role } => {
                self.begun = true;
                self.values.insert("role".to_owned(), role.as_str().to_owned());
                self.values.insert("active".to_owned(), true.to_string());
            }
            Event::TaskCreated {} => self.begun = true,
            Event::TaskDeleted {} => self.gone = true,
            Event::UserChanged { changes } => self.change(changes, place, faults),
            Event::TaskChanged { changes } => {
                self.changes += 1;
                self.change(changes, place, faults);
            }
            Event::MessagePosted { message_id, .. } => {
                self.posted.insert(seq, message_id.get());
            }
            Event::MessageDeleted { message_id } => {
                self.deleted.insert(message_id.get());
            }
            Event::UserInvited {}
            | Event::PasswordChanged {}
            | Event::SessionStarted { .. }
            | Event::SessionEnded { .. }
            | Event::ParticipantAdded { .. }
            | Event::ParticipantRemoved { .. }
            | Event::MessageEdited { .. }
            | Event::AttachmentRemoved { .. }
            | Event::ViewSaved { .. }
            | Event::ViewChanged { .. }
            | Event::ViewDeleted { .. }
            | Event::ReviewAnalysed { .. }
            | Event::ReviewEscalated { .. }
            | Event::ReviewFailed { .. }
            | Event::GuidanceChanged { .. }
            | Event::SummaryRequested {}
            | Event::SummaryFailed { .. } => {}
            Event::ReviewRequested { review_id, .. } => {
                let before = self.reviews.insert(review_id.get(), Status::Pending);
                if before.is_some_and(|before| before != Status::Pending) {
                    faults.push(format!("{place}: it asks for a review that was decided"));
                }
            }
            Event::ReviewDecided { review_id, status, .. } => {
                if self.reviews.insert(review_id.get(), status) != Some(Status::Pending) {
                    faults.push(format!("{place}: it decides a review that was not open"));
                }
            }
            Event::ReviewReopened { review_id } => {
                self.reviews.insert(review_id.get(), Status::Pending);
            }
            Event::ReviewWithdrawn { review_id } => {
                if self.reviews.remove(&review_id.get()) != Some(Status::Pending) {
                    faults.push(format!("{place}: it withdraws a review that was not open"));
                }
            }
            Event::SummaryWritten { summary_id } => {
                self.summaries.insert(summary_id.get(), Source::Person);
            }
            Event::SummaryGenerated { summary_id, source } => {
                self.summaries.insert(summary_id.get(), source);
            }
            Event::SummaryWithdrawn { summary_id } => {
                if self.summaries.remove(&summary_id.get()).is_none_or(|source| source == Source::Person) {
                    faults.push(format!("{place}: there was no such summary to withdraw"));
                }
            }
        }
    }

    fn change(&mut self, changes: Vec<Change>, place: &str, faults: &mut Vec<String>) {
        for Change { field, from, to } in changes {
            let (Some(from), Some(to)) = (from, to) else {
                continue;
            };
            if let Some(known) = self.values.get(&field).filter(|known| **known != from) {
                faults.push(format!("{place}: it changes {field} from {from}, but it was {known}"));
            }
            self.values.insert(field, to);
        }
    }

    /// Holds a field of the state against the last change of it, if there was one.
    pub(super) fn disagrees(&self, field: &str, now: &str) -> Option<String> {
        let told = self.values.get(field).filter(|told| *told != now)?;
        Some(format!("{field} is {now}, but the log says {told}"))
    }
}
