//! What nodes tell each other beside the log: that it is worth a look, and what is fleeting. All of it may be lost.
//!
//! Three ways, of which a node takes the first that it has: Redis, PostgreSQL's notifications, none (a single node on
//! SQLite).

mod redis;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use faff_types::{TaskId, UserId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::{nudge, personal, presence};
use crate::App;
use crate::features::people::UserRef;

/// Notes that may wait to be said.
const WAITING: usize = 4096;
/// Notes are gathered for this long and said at once: PostgreSQL commits what notifies one after the other.
const GATHERED: Duration = Duration::from_millis(3);
/// PostgreSQL takes less than 8,000 bytes at once.
const LONGEST: usize = 7_900;
/// The channel's name in PostgreSQL, where each database has its own channels.
const CHANNEL: &str = "faff";

/// Something that one node tells the others.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(crate) enum Note {
    /// Something was committed.
    Wake,
    /// Somebody types, or has stopped.
    Typing { task: TaskId, user: UserId, name: String, typing: bool },
    /// Somebody says that there is something to look at.
    Look { task: TaskId, seq: i64 },
    /// How far somebody's upload is.
    Progress { task: TaskId, user: UserId, name: String, progress: f64, filename: String },
    /// Who has a ticket open on this node.
    People { task: TaskId, people: Vec<UserRef> },
    /// There is something to read anew, for somebody or for everybody.
    Personal { person: Option<UserId>, event: String, data: serde_json::Value },
}

/// Notes on their way to the other nodes.
#[derive(Debug)]
pub(crate) struct Bus {
    sender: mpsc::Sender<Note>,
    receiver: Mutex<Option<mpsc::Receiver<Note>>>,
    redis: OnceLock<Arc<redis::Redis>>,
}

impl Default for Bus {
    fn default() -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        Self { sender, receiver: Mutex::new(Some(receiver)), redis: OnceLock::new() }
    }
}

impl Bus {
    /// Tells the other nodes, if that can be done now.
    pub(crate) fn say(&self, note: Note) {
        let _ = self.sender.try_send(note);
    }

    /// The Redis that it goes by, if it does.
    pub(crate) fn redis(&self) -> Option<&redis::Redis> {
        self.redis.get().map(Arc::as_ref)
    }
}

/// What travels: who says what.
#[derive(Debug, Serialize, Deserialize)]
struct Said<N> {
    node: String,
    notes: N,
}

/// Begins to tell and to hear.
pub(super) fn start(app: &App) {
    let receiver = app.realtime().bus.receiver.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(notes) = receiver else { return };
    let Ok(node) = app.random().hex::<8>() else { return };
    let (heard, mut hears) = mpsc::channel(WAITING);
    let carrier = match &app.settings().redis_url {
        Some(url) => {
            let start = || Arc::new(redis::Redis::start(url, channel(app), heard));
            Carrier::Redis(app.realtime().bus.redis.get_or_init(start).clone())
        }
        None if app.db().listen(CHANNEL, heard) => Carrier::Postgres(app.clone()),
        None => Carrier::None,
    };
    tokio::spawn(tell(carrier, node.clone(), notes));
    let app = app.clone();
    tokio::spawn(async move {
        while let Some(text) = hears.recv().await {
            match serde_json::from_str::<Said<Vec<Note>>>(&text) {
                Ok(said) if said.node == node => {}
                Ok(said) => said.notes.into_iter().for_each(|note| hear(&app, &said.node, note)),
                Err(error) => tracing::debug!(%error, "another node's notes were not understood"),
            }
        }
    });
}

/// The channel's name in Redis, which others may use, too: nodes that accept each other's tokens share one.
fn channel(app: &App) -> String {
    let mut hash = Sha256::new();
    hash.update(b"the channel of the nodes with this secret: ");
    hash.update(app.settings().jwt_secret.reveal());
    hash.finalize().iter().take(8).fold("faff:".to_owned(), |name, byte| format!("{name}{byte:02x}"))
}

fn hear(app: &App, node: &str, note: Note) {
    match note {
        Note::Wake => app.realtime().wake.notify_one(),
        Note::People { task, people } => presence::heard(app, task, node, people),
        Note::Personal { person, event, data } => personal::heard(app, person, &event, &data),
        note => {
            if let Err(problem) = nudge::heard(app, &note, None) {
                tracing::debug!(cause = problem.cause(), "a note could not be told");
            }
        }
    }
}

enum Carrier {
    Redis(Arc<redis::Redis>),
    Postgres(App),
    None,
}

/// Tells the other nodes what is to be told, gathered.
async fn tell(carrier: Carrier, node: String, mut notes: mpsc::Receiver<Note>) {
    let mut batch = Vec::new();
    while notes.recv_many(&mut batch, WAITING).await > 0 {
        if matches!(carrier, Carrier::None) {
            batch.clear();
            continue;
        }
        tokio::time::sleep(GATHERED).await;
        while let Ok(note) = notes.try_recv() {
            batch.push(note);
        }
        for text in pack(&node, batch.drain(..)) {
            let told = match &carrier {
                Carrier::Redis(redis) => redis.publish(&text).await,
                Carrier::Postgres(app) => {
                    app.db().notify(CHANNEL, &text).await.map_err(|error| error.to_string())
                }
                Carrier::None => Ok(()),
            };
            if let Err(error) = told {
                tracing::debug!(error, "other nodes could not be told");
            }
        }
    }
}

/// Notes as texts of bounded length; of those that only wake, one is enough.
fn pack(node: &str, notes: impl Iterator<Item = Note>) -> Vec<String> {
    let (mut texts, mut open, mut woken) = (Vec::new(), String::new(), false);
    let close = |open: &mut String, texts: &mut Vec<String>| {
        if !open.is_empty() {
            texts.push(format!(r#"{{"node":"{node}","notes":[{open}]}}"#));
            open.clear();
        }
    };
    for mut note in notes {
        if matches!(note, Note::Wake) && std::mem::replace(&mut woken, true) {
            continue;
        }
        let text = loop {
            let Ok(text) = serde_json::to_string(&note) else { break String::new() };
            match &mut note {
                Note::People { people, .. }
                    if text.len() + node.len() + 32 > LONGEST && !people.is_empty() =>
                {
                    people.truncate(people.len() / 2);
                }
                _ => break text,
            }
        };
        if text.is_empty() || text.len() + node.len() + 32 > LONGEST {
            continue;
        }
        if open.len() + text.len() + node.len() + 32 > LONGEST {
            close(&mut open, &mut texts);
        }
        if !open.is_empty() {
            open.push(',');
        }
        open.push_str(&text);
    }
    close(&mut open, &mut texts);
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_packed_within_what_postgresql_takes() {
        let typing = |n: i64| Note::Typing {
            task: TaskId::from_db(n),
            user: UserId::from_db(1),
            name: "é\"".repeat(50),
            typing: true,
        };
        let person = |n| UserRef { id: UserId::from_db(n), name: "x".repeat(100), email: "y".repeat(200) };
        let crowd = Note::People { task: TaskId::from_db(1), people: (1..=100).map(person).collect() };
        let notes =
            [Note::Wake, Note::Wake, crowd].into_iter().chain((1..=100).map(typing)).chain([Note::Wake]);
        let texts = pack("0123456789abcdef", notes);
        assert!(texts.len() > 1 && texts.iter().all(|text| text.len() < 8000));
        let notes: Vec<Note> = texts
            .iter()
            .flat_map(|text| serde_json::from_str::<Said<Vec<Note>>>(text).unwrap().notes)
            .collect();
        let of = |test: fn(&Note) -> bool| notes.iter().filter(|note| test(note)).count();
        assert_eq!(of(|note| matches!(note, Note::Wake)), 1);
        assert_eq!(of(|note| matches!(note, Note::Typing { .. })), 100);
        assert_eq!(of(|note| matches!(note, Note::People { people, .. } if !people.is_empty())), 1);
        assert!(pack("n", std::iter::empty()).is_empty());
    }
}
