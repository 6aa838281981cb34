//! The made-up workspace: people, tasks, messages and every event, in memory. The same for the same size.
//!
//! Tasks come one after the other, and what is said goes to recent ones, to a few of them much more than to others;
//! so the messages of a task lie scattered over the table, as they do in life.

use faff_app::access::Role;
use faff_app::event::{Change, Event};
use faff_store::log::Stream;
use faff_types::{MessageId, SessionId, TaskId, UserId};

use crate::random::Rng;

/// People who work here; the first is the administrator. Each has one login, of the same number.
pub(crate) const USERS: i64 = 300;
/// Somebody who has just come: for them only what everyone may see exists.
pub(crate) const NEWCOMER: i64 = USERS + 1;
/// When it all began, in milliseconds since 1970; a step later something else happens.
const BEGIN: i64 = 1_760_000_000_000;
const STEP: i64 = 20_000;

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Size {
    pub(crate) tasks: i64,
    pub(crate) messages: i64,
}

/// Everything.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) tasks: Vec<Task>,
    pub(crate) messages: Vec<Message>,
    /// In the order they happened.
    pub(crate) events: Vec<Happened>,
}

/// A task as it is in the end; its texts follow from its id.
#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) id: i64,
    pub(crate) creator: i64,
    pub(crate) assignee: Option<i64>,
    pub(crate) priority: &'static str,
    pub(crate) status: &'static str,
    pub(crate) private: bool,
    pub(crate) tags: Vec<&'static str>,
    pub(crate) participants: Vec<i64>,
    pub(crate) at: i64,
    pub(crate) message_count: i64,
    pub(crate) last_message_at: Option<i64>,
    seq: i64,
    /// The last message, and what began its thread.
    last: Option<(usize, usize)>,
}

/// A message; its text follows from its id.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) id: i64,
    pub(crate) task: i64,
    pub(crate) seq: i64,
    pub(crate) sender: i64,
    pub(crate) reply_to: Option<i64>,
    pub(crate) root: Option<i64>,
    pub(crate) reply_count: i64,
    pub(crate) at: i64,
}

/// An event without its place in the chain.
#[derive(Debug)]
pub(crate) struct Happened {
    pub(crate) stream: Stream,
    pub(crate) actor: i64,
    pub(crate) at: i64,
    pub(crate) event: Event,
}

/// Makes it.
pub(crate) fn build(size: Size) -> World {
    let mut world = World { tasks: Vec::new(), messages: Vec::new(), events: Vec::new() };
    let (mut rng, mut at) = (Rng::new(42), BEGIN);
    for user in 1..=NEWCOMER {
        let session_id = SessionId::from_db(user);
        let role = if user == 1 { Role::Admin } else { Role::User };
        for event in [Event::UserRegistered { role }, Event::SessionStarted { session_id }] {
            let stream = Stream::User(UserId::from_db(user));
            world.events.push(Happened { stream, actor: user, at, event });
        }
    }
    for id in 1..=size.tasks {
        at += STEP;
        world.file(&mut rng, id, at);
        let due = i128::from(size.messages) * i128::from(id) / i128::from(size.tasks.max(1));
        while (world.messages.len() as i128) < due {
            at += STEP;
            world.say(&mut rng, at);
        }
    }
    world
}

/// Whether a task is private, as [`build`] makes it: the load asks only for what everyone may see.
pub(crate) fn is_private(id: i64) -> bool {
    Rng::new(id.unsigned_abs().wrapping_mul(977)).below(100) < 3
}

fn someone(rng: &mut Rng) -> i64 {
    1 + rng.below(USERS)
}

impl World {
    fn file(&mut self, rng: &mut Rng, id: i64, at: i64) {
        let private = is_private(id);
        let creator = someone(rng);
        let mut participants: Vec<i64> = match rng.below(10) {
            _ if private => (0..3).map(|_| someone(rng)).collect(),
            0 => vec![someone(rng)],
            _ => Vec::new(),
        };
        participants.sort_unstable();
        participants.dedup();
        let tags = ["printer", "network", "billing", "email", "laptop", "access", "phone", "crash"];
        let mut tags: Vec<&str> = (0..rng.below(4)).map(|_| rng.pick(&tags, "printer")).collect();
        tags.sort_unstable();
        tags.dedup();
        let few_open = [
            "open",
            "open",
            "open",
            "open",
            "in_progress",
            "in_progress",
            "resolved",
            "closed",
            "closed",
            "closed",
        ];
        let mut task = Task {
            id,
            creator,
            assignee: (rng.below(10) < 8).then(|| someone(rng)),
            priority: rng.pick(&["low", "low", "medium", "medium", "medium", "high", "urgent"], "medium"),
            status: rng.pick(&few_open, "open"),
            private,
            tags,
            participants,
            at,
            message_count: 0,
            last_message_at: None,
            seq: 0,
            last: None,
        };
        let added =
            task.participants.iter().map(|user| Event::ParticipantAdded { user_id: UserId::from_db(*user) });
        let changed = (task.status != "open")
            .then(|| Event::TaskChanged { changes: vec![Change::value("status", "open", task.status)] });
        let before = self.events.len();
        let stream = Stream::Task(TaskId::from_db(id));
        let events = std::iter::once(Event::TaskCreated {}).chain(added).chain(changed);
        self.events.extend(events.map(|event| Happened { stream, actor: creator, at, event }));
        task.seq = i64::try_from(self.events.len() - before).unwrap_or(0);
        self.tasks.push(task);
    }

    fn say(&mut self, rng: &mut Rng, at: i64) {
        let here = i64::try_from(self.tasks.len()).unwrap_or(0);
        let back = rng.skewed(here.min(5000), 2);
        let mut index = here - 1 - back;
        if rng.below(10) < 3 {
            // One task in forty is the talk of the house.
            index -= index % 40;
        }
        let Some(task) = usize::try_from(index).ok().and_then(|index| self.tasks.get_mut(index)) else {
            return;
        };
        let place = self.messages.len();
        let id = i64::try_from(place + 1).unwrap_or(0);
        let sender = if task.private { task.creator } else { someone(rng) };
        let answered = task.last.filter(|_| rng.below(100) < 20);
        task.seq += 1;
        task.message_count += 1;
        task.last_message_at = Some(at);
        task.last = Some((place, answered.map_or(place, |(_, root)| root)));
        let message_of = |place: usize| i64::try_from(place + 1).unwrap_or(0);
        let (reply_to, root) =
            (answered.map(|(last, _)| message_of(last)), answered.map(|(_, root)| message_of(root)));
        let message =
            Message { id, task: task.id, seq: task.seq, sender, reply_to, root, reply_count: 0, at };
        self.messages.push(message);
        if let Some((last, root)) = answered {
            for place in [Some(last), (root != last).then_some(root)].into_iter().flatten() {
                if let Some(answered) = self.messages.get_mut(place) {
                    answered.reply_count += 1;
                }
            }
        }
        let event = Event::MessagePosted {
            message_id: MessageId::from_db(id),
            reply_to_id: reply_to.map(MessageId::from_db),
        };
        let stream = Stream::Task(TaskId::from_db(task.id));
        self.events.push(Happened { stream, actor: sender, at, event });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_as_much_as_asked_for_and_it_is_uneven() {
        let world = build(Size { tasks: 2000, messages: 20_000 });
        assert_eq!((world.tasks.len(), world.messages.len()), (2000, 20_000));
        assert_eq!(world.tasks.iter().map(|task| task.message_count).sum::<i64>(), 20_000);
        let busiest = world.tasks.iter().map(|task| task.message_count).max();
        assert!(busiest > Some(50), "{busiest:?}");
        let open = world.tasks.iter().filter(|task| task.status == "open").count();
        assert!((700..900).contains(&open), "{open}");
        let private = world.tasks.iter().filter(|task| task.private).count();
        assert!((30..90).contains(&private), "{private}");
        assert!(world.messages.iter().any(|message| message.root != message.reply_to));
    }
}
