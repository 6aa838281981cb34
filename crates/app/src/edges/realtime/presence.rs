//! Who has a ticket open, on this node and on others.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use faff_socketio::Frame;
use faff_types::{TaskId, UserId};
use serde_json::json;
use tokio::time::Instant;

use super::bus::Note;
use crate::App;
use crate::features::people::UserRef;

/// Changes are told this often, so that a hundred who come at once are one change.
const TOLD_EVERY: Duration = Duration::from_millis(250);
/// A change has been said to the other nodes by then.
pub(super) const SAID_BY: Duration = Duration::from_millis(300);
/// What other nodes say is believed for this long, and said again in time.
const BELIEVED: Duration = Duration::from_secs(30);
const SAID_EVERY: Duration = Duration::from_secs(10);

/// Who has tickets open on other nodes.
#[derive(Debug, Default)]
pub(crate) struct Elsewhere(Mutex<HashMap<TaskId, HashMap<String, Heard>>>);

#[derive(Debug)]
struct Heard {
    at: Instant,
    people: Vec<UserRef>,
}

impl Elsewhere {
    /// Notes who is in a room of another node.
    fn hear(&self, task: TaskId, node: &str, people: Vec<UserRef>) {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let nodes = heard.entry(task).or_default();
        if people.is_empty() {
            nodes.remove(node);
        } else {
            nodes.insert(node.to_owned(), Heard { at: Instant::now(), people });
        }
        if nodes.is_empty() {
            heard.remove(&task);
        }
    }

    fn people(&self, task: TaskId) -> Vec<UserRef> {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let nodes = heard.get(&task).map(HashMap::values).into_iter().flatten();
        nodes.flat_map(|heard| heard.people.iter().cloned()).collect()
    }

    /// Forgets nodes that have fallen silent, and returns the tickets that concerns.
    fn forget(&self) -> Vec<TaskId> {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut concerned = Vec::new();
        heard.retain(|task, nodes| {
            let before = nodes.len();
            nodes.retain(|_, heard| heard.at.elapsed() < BELIEVED);
            if nodes.len() < before {
                concerned.push(*task);
            }
            !nodes.is_empty()
        });
        concerned
    }
}

/// Who has a ticket open, each once, by id.
pub(super) fn people(app: &App, task: TaskId) -> Vec<UserRef> {
    let realtime = app.realtime();
    let everyone = realtime.elsewhere.people(task).into_iter().chain(realtime.rooms.people(task));
    let by_id: BTreeMap<UserId, UserRef> = everyone.map(|person| (person.id, person)).collect();
    by_id.into_values().collect()
}

/// Another node has told who is in a room of its own.
pub(super) fn heard(app: &App, task: TaskId, node: &str, people: Vec<UserRef>) {
    app.realtime().elsewhere.hear(task, node, people);
    app.realtime().rooms.note_change(task);
}

pub(super) fn start(app: &App) {
    let app = app.clone();
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(TOLD_EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut told: HashMap<TaskId, (Vec<UserRef>, Vec<UserRef>)> = HashMap::new();
        let mut said = Instant::now();
        loop {
            ticks.tick().await;
            let realtime = app.realtime();
            for task in realtime.elsewhere.forget() {
                realtime.rooms.note_change(task);
            }
            for task in realtime.rooms.take_changed() {
                let (own, all) = (realtime.rooms.people(task), people(&app, task));
                let (told_own, told_all) = told.remove(&task).unwrap_or_default();
                if all != told_all
                    && let Ok(frame) = Frame::event("presence", &json!({"taskId": task, "users": all}))
                {
                    realtime.rooms.whisper(task, &frame, None);
                }
                if own != told_own {
                    realtime.bus.say(Note::People { task, people: own.clone() });
                }
                if !own.is_empty() {
                    told.insert(task, (own, all));
                }
            }
            if said.elapsed() >= SAID_EVERY {
                said = Instant::now();
                for (task, (own, _)) in &told {
                    realtime.bus.say(Note::People { task: *task, people: own.clone() });
                }
            }
        }
    });
}
