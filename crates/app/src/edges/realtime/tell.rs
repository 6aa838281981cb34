//! Events as clients are told them: live, and when they catch up.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use faff_socketio::Frame;
use faff_store::log::{Logged, Stream};
use faff_types::{MessageId, ReviewId, SummaryId, TaskId, UserId};
use serde::Serialize;
use serde_json::json;
use serde_json::value::{RawValue, to_raw_value};

use crate::App;
use crate::access::Who;
use crate::event::{Audience, Event};
use crate::features::messages::{self, Message};
use crate::features::reviews::{self, Review};
use crate::features::summaries::{self, Summary};
use crate::features::tasks;
use crate::http::Problem;

/// An event as clients are told it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Told {
    pub(super) task_id: TaskId,
    pub(super) seq: i64,
    /// What it is called when it comes live.
    pub(super) event: &'static str,
    /// What comes with it.
    pub(super) data: Box<RawValue>,
    #[serde(skip)]
    pub(super) reach: Reach,
}

/// Whom an event is told, live.
#[derive(Debug)]
pub(crate) enum Reach {
    /// The room.
    Room,
    /// Everyone for whom the ticket exists; in the room only that there is something to look at. With it, whom it does
    /// not exist for any more.
    Task(Arc<tasks::Told>, Lost),
    /// Of a ticket that is gone: everyone for whom it existed.
    Gone(Audience),
    /// What it was about is gone: nobody but those who lost sight of the ticket before its end, and so are not told of that.
    Past(Lost),
}

/// Who may have lost sight of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lost {
    Nobody,
    Everyone,
    One(UserId),
}

/// How many of these events fit into one answer: as many bytes as any link takes in time, but one event at least. An answer
/// larger than what may wait for a client would end its connection, each time that it came back.
pub(super) fn fitting(told: &[Told]) -> usize {
    const BYTES: usize = 256 * 1024;
    let mut left = BYTES;
    let fits = told.iter().take_while(|told| {
        let fits = left > 0;
        left = left.saturating_sub(told.data.get().len());
        fits
    });
    fits.count()
}

impl Told {
    /// The frame that tells it.
    pub(super) fn frame(&self) -> Result<Frame, Problem> {
        Frame::event(self.event, &self.data).map_err(Problem::internal)
    }
}

/// Whether an event of a ticket is for lists, and not only for its room.
pub(super) fn is_for_lists(kind: &str) -> bool {
    !["message_", "attachment_", "summary_", "review_"].iter().any(|of_rooms| kind.starts_with(of_rooms))
}

/// An event whose particulars are at hand.
pub(super) fn told(task_id: TaskId, seq: i64, event: &'static str, data: Box<RawValue>) -> Told {
    Told { task_id, seq, event, data, reach: Reach::Room }
}

/// The events of tickets among these, in the same order, as they are told. A read of messages, one of tasks and so on, however
/// many they are. What an event is about is shown as it is now: an edited message with its last words, which its own event tells
/// again.
pub(crate) async fn render(app: &App, events: &[Logged]) -> Result<Vec<Told>, Problem> {
    let mut wanted: Vec<(TaskId, i64, Event, &str)> = Vec::with_capacity(events.len());
    let (mut messages, mut tasks) = (HashSet::new(), HashSet::new());
    let (mut summaries, mut reviews) = (HashSet::new(), HashSet::new());
    for logged in events {
        let Stream::Task(task) = logged.stream else { continue };
        let event = Event::parse(&logged.payload).map_err(Problem::internal)?;
        match &event {
            Event::MessagePosted { message_id, .. }
            | Event::MessageEdited { message_id }
            | Event::AttachmentRemoved { message_id, .. } => {
                messages.insert(*message_id);
            }
            Event::SummaryWritten { summary_id } | Event::SummaryGenerated { summary_id, .. } => {
                summaries.insert(*summary_id);
            }
            Event::ReviewRequested { review_id, .. }
            | Event::ReviewAnalysed { review_id, .. }
            | Event::ReviewEscalated { review_id }
            | Event::ReviewFailed { review_id, .. }
            | Event::ReviewDecided { review_id, .. }
            | Event::ReviewReopened { review_id } => {
                reviews.insert(*review_id);
            }
            Event::MessageDeleted { .. }
            | Event::TaskDeleted {}
            | Event::SummaryRequested {}
            | Event::SummaryFailed { .. }
            | Event::SummaryWithdrawn { .. }
            | Event::ReviewWithdrawn { .. } => {}
            _ => {
                tasks.insert(task);
            }
        }
        wanted.push((task, logged.seq, event, &logged.audience));
    }
    let found = Found {
        messages: by_id(messages::look_up(app, messages.into_iter().collect()).await?, |message| message.id),
        summaries: by_id(summaries::look_up(app, summaries.into_iter().collect()).await?, |summary| {
            summary.id
        }),
        reviews: by_id(reviews::look_up(app, reviews.into_iter().collect()).await?, |review| review.id),
        tasks: by_id(tasks::look_up(app, tasks.into_iter().collect()).await?, |told| told.task.id)
            .into_iter()
            .map(|(id, told)| (id, Arc::new(told)))
            .collect(),
    };
    let told = wanted.into_iter().map(|(task, seq, event, audience)| found.tell(task, seq, &event, audience));
    told.collect()
}

/// What events are about.
#[derive(Debug, Default)]
struct Found {
    messages: HashMap<MessageId, Message>,
    summaries: HashMap<SummaryId, Summary>,
    reviews: HashMap<ReviewId, Review>,
    tasks: HashMap<TaskId, Arc<tasks::Told>>,
}

impl Found {
    fn tell(&self, task_id: TaskId, seq: i64, event: &Event, audience: &str) -> Result<Told, Problem> {
        let (name, data, reach) = match event {
            Event::MessagePosted { message_id, .. } => match self.messages.get(message_id) {
                Some(message) => ("new_message", to_raw_value(message), Reach::Room),
                None => Self::nothing(task_id, seq, Lost::Nobody),
            },
            Event::MessageEdited { message_id } | Event::AttachmentRemoved { message_id, .. } => {
                match self.messages.get(message_id) {
                    Some(message) => (
                        "message_updated",
                        to_raw_value(&Updated { what: message, event_seq: seq }),
                        Reach::Room,
                    ),
                    None => Self::nothing(task_id, seq, Lost::Nobody),
                }
            }
            Event::MessageDeleted { message_id } => {
                let data = json!({"taskId": task_id, "id": message_id, "seq": seq});
                ("message_deleted", to_raw_value(&data), Reach::Room)
            }
            Event::SummaryWritten { summary_id } | Event::SummaryGenerated { summary_id, .. } => {
                match self.summaries.get(summary_id) {
                    Some(what) => {
                        ("summary_updated", to_raw_value(&Updated { what, event_seq: seq }), Reach::Room)
                    }
                    None => Self::look_again(task_id, seq),
                }
            }
            Event::ReviewRequested { review_id, .. }
            | Event::ReviewAnalysed { review_id, .. }
            | Event::ReviewEscalated { review_id }
            | Event::ReviewFailed { review_id, .. }
            | Event::ReviewDecided { review_id, .. }
            | Event::ReviewReopened { review_id } => match self.reviews.get(review_id) {
                Some(what) => {
                    ("review_updated", to_raw_value(&Updated { what, event_seq: seq }), Reach::Room)
                }
                None => Self::look_again(task_id, seq),
            },
            Event::ReviewWithdrawn { review_id } => {
                let data = json!({"taskId": task_id, "id": review_id, "seq": seq});
                ("review_withdrawn", to_raw_value(&data), Reach::Room)
            }
            Event::SummaryRequested {} => {
                ("summary_requested", to_raw_value(&json!({"taskId": task_id, "seq": seq})), Reach::Room)
            }
            Event::SummaryFailed { code } => {
                let data = json!({"taskId": task_id, "code": code, "seq": seq});
                ("summary_failed", to_raw_value(&data), Reach::Room)
            }
            Event::SummaryWithdrawn { summary_id } => {
                let data = json!({"taskId": task_id, "id": summary_id, "seq": seq});
                ("summary_withdrawn", to_raw_value(&data), Reach::Room)
            }
            Event::TaskDeleted {} => {
                let data = json!({"taskId": task_id, "id": task_id, "seq": seq});
                ("task_deleted", to_raw_value(&data), Reach::Gone(Audience::parse(audience)))
            }
            event => match self.tasks.get(&task_id) {
                Some(told) => {
                    let name =
                        if matches!(event, Event::TaskCreated {}) { "task_created" } else { "task_changed" };
                    (name, to_raw_value(&told.task), Reach::Task(told.clone(), lost(event)))
                }
                None => Self::nothing(task_id, seq, lost(event)),
            },
        };
        Ok(Told { task_id, seq, event: name, data: data.map_err(Problem::internal)?, reach })
    }

    /// An event about something that is gone meanwhile, of which an event of its own tells.
    fn look_again(task: TaskId, seq: i64) -> (&'static str, serde_json::Result<Box<RawValue>>, Reach) {
        ("refresh_task", to_raw_value(&json!({"taskId": task, "seq": seq})), Reach::Room)
    }

    /// An event of a ticket that is gone meanwhile; that it is gone is told by an event of its own.
    fn nothing(
        task: TaskId,
        seq: i64,
        lost: Lost,
    ) -> (&'static str, serde_json::Result<Box<RawValue>>, Reach) {
        ("refresh_task", to_raw_value(&json!({"taskId": task, "seq": seq})), Reach::Past(lost))
    }
}

/// Something that has changed, and the number of the event that tells of it. A message keeps the number of its own place.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Updated<'w, W> {
    #[serde(flatten)]
    what: &'w W,
    event_seq: i64,
}

fn by_id<K: Eq + std::hash::Hash, W>(found: Vec<W>, id: impl Fn(&W) -> K) -> HashMap<K, W> {
    found.into_iter().map(|what| (id(&what), what)).collect()
}

impl Lost {
    /// Whether this person is one of them, unless they see it still.
    pub(super) fn includes(&self, who: &Who) -> bool {
        match self {
            Self::Nobody => false,
            Self::Everyone => true,
            Self::One(user) => *user == who.id,
        }
    }
}

/// Who may have lost sight of a ticket by an event.
fn lost(event: &Event) -> Lost {
    match event {
        Event::ParticipantRemoved { user_id } => Lost::One(*user_id),
        Event::TaskChanged { changes } => {
            if changes.iter().any(|change| change.field == "visibility") {
                return Lost::Everyone;
            }
            let assigned = changes.iter().find(|change| change.field == "assignedToId");
            // Where nobody was assigned, it holds a word instead.
            let before = assigned.and_then(|change| change.from.as_deref()?.parse().ok());
            before.map_or(Lost::Nobody, |id| Lost::One(UserId::from_db(id)))
        }
        _ => Lost::Nobody,
    }
}
