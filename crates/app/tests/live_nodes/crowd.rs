//! People who write all the time by either door, and people who read, go and come back.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use faff_testkit::{Dice, Live, Person};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::stage::{AGAIN, Stage};

/// Longer than anything takes that is not lost.
const PATIENCE: Duration = Duration::from_secs(20);

/// After so long without any event, what is missing was lost.
const QUIET: Duration = Duration::from_secs(8);

/// What all of them share.
pub(crate) struct Crowd<'s> {
    pub(crate) stage: &'s Stage,
    /// The first of them is the busy one.
    pub(crate) tickets: Vec<i64>,
    /// Whether the writers may stop.
    pub(crate) enough: AtomicBool,
    /// The highest `seq` that was acknowledged in each ticket.
    pub(crate) acknowledged: Mutex<HashMap<i64, i64>>,
    /// Where each ticket's log ends, once the writers have stopped.
    pub(crate) ends: watch::Sender<Option<HashMap<i64, i64>>>,
}

impl Crowd<'_> {
    fn note(&self, ticket: i64, seq: i64) {
        let mut acknowledged = self.acknowledged.lock().unwrap();
        let highest = acknowledged.entry(ticket).or_insert(seq);
        *highest = seq.max(*highest);
    }
}

/// Something that was acknowledged.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) ticket: i64,
    pub(crate) seq: i64,
    pub(crate) content: String,
    /// How often it was sent.
    pub(crate) sent: u32,
}

/// Somebody who writes.
pub(crate) struct Writer<'p> {
    pub(crate) person: &'p Person,
    pub(crate) place: usize,
    pub(crate) by_socket: bool,
    pub(crate) number: usize,
}

impl Writer<'_> {
    /// Writes at least so many messages, each until it is acknowledged, and goes on until it is enough.
    pub(crate) async fn write(self, crowd: &Crowd<'_>, least: usize) -> Vec<Said> {
        let mut dice = Dice::new(self.number as u64);
        let (mut socket, http) = (None, reqwest::Client::new());
        let mut all = Vec::new();
        while all.len() < least || !crowd.enough.load(Ordering::Relaxed) {
            let busy = dice.below(2) == 0;
            let ticket = crowd.tickets[if busy { 0 } else { 1 + dice.below(crowd.tickets.len() - 1) }];
            let content = format!("{} says {}", self.number, all.len());
            let input = json!({"content": content, "clientId": format!("w{}-{}", self.number, all.len())});
            let before = crowd.acknowledged.lock().unwrap().get(&ticket).copied();
            let mut sent = 0;
            let message = loop {
                sent += 1;
                let url = crowd.stage.url(self.place).await;
                let answer = if self.by_socket {
                    self.by_socket(&mut socket, &url, ticket, &input).await
                } else {
                    self.by_request(&http, &url, ticket, &input).await
                };
                match answer {
                    Some(message) => break message,
                    None => tokio::time::sleep(AGAIN).await,
                }
            };
            assert_eq!(message["content"], content, "{message}");
            let seq = message["seq"].as_i64().unwrap();
            // What was acknowledged before this was sent stands before it.
            assert!(before.is_none_or(|before| before < seq), "{seq} came after {before:?}: {message}");
            crowd.note(ticket, seq);
            all.push(Said { ticket, seq, content, sent });
            tokio::time::sleep(Duration::from_millis(5 + dice.below(40) as u64)).await;
        }
        all
    }

    /// `None` when nobody knows what came of it.
    async fn by_socket(
        &self,
        kept: &mut Option<Live>,
        url: &str,
        ticket: i64,
        input: &Value,
    ) -> Option<Value> {
        let mut live = match kept.take() {
            Some(live) => live,
            None => Live::connect(url, &self.person.token).await.ok()?,
        };
        let mut input = input.clone();
        input["taskId"] = ticket.into();
        let answer = live.begin("send_message", &input).await?;
        assert_eq!(answer["ok"], true, "{answer}");
        *kept = Some(live);
        Some(answer["message"].clone())
    }

    async fn by_request(
        &self,
        http: &reqwest::Client,
        url: &str,
        ticket: i64,
        input: &Value,
    ) -> Option<Value> {
        let path = format!("{url}/api/tasks/{ticket}/messages");
        let request = http.post(path).bearer_auth(&self.person.token).json(input).timeout(PATIENCE);
        let answer = request.send().await.ok()?;
        let status = answer.status();
        let body: Value = answer.json().await.ok()?;
        assert!(status.is_success(), "{status}: {body}");
        Some(body["data"].clone())
    }
}

/// Somebody who reads.
pub(crate) struct Reader<'p> {
    pub(crate) person: &'p Person,
    pub(crate) place: usize,
    pub(crate) number: usize,
    pub(crate) heard: Heard,
}

/// What somebody has heard.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// By ticket and `seq`; of what is no message, nothing.
    pub(crate) events: HashMap<i64, BTreeMap<i64, String>>,
    pub(crate) live: usize,
    pub(crate) caught_up: usize,
    /// What came though it was there already.
    pub(crate) again: usize,
    pub(crate) connections: usize,
}

impl Reader<'_> {
    /// Reads all tickets over connections that are cut at random, and at last until everything is there.
    pub(crate) async fn read(mut self, crowd: &Crowd<'_>) -> Heard {
        let mut dice = Dice::new(1_000 + self.number as u64);
        let mut ends = crowd.ends.subscribe();
        loop {
            let url = crowd.stage.url(self.place).await;
            let Ok(mut live) = Live::connect(&url, &self.person.token).await else {
                tokio::time::sleep(AGAIN).await;
                continue;
            };
            self.heard.connections += 1;
            let leaves = tokio::time::sleep(Duration::from_millis(100 + dice.below(800) as u64));
            tokio::pin!(leaves);
            let Some(mut next) = self.join(crowd, &mut live).await else { continue };
            loop {
                let known = ends.borrow_and_update().clone();
                if known.as_ref().is_some_and(|ends| self.heard.has_all(ends)) {
                    return self.heard;
                }
                tokio::select! {
                    event = tokio::time::timeout(QUIET, live.event()) => match (event, known.as_ref()) {
                        (Ok(Some((name, argument))), _) => self.hear(&name, &argument, &mut next),
                        (Ok(None), _) => break,
                        (Err(_), None) => {}
                        (Err(_), Some(ends)) => {
                            let missing = self.heard.missing(ends);
                            panic!("reader {} at place {} misses {missing:?}", self.number, self.place);
                        }
                    },
                    () = &mut leaves, if known.is_none() => break,
                    _ = ends.changed() => {}
                }
            }
            live.drop_connection();
            tokio::time::sleep(Duration::from_millis(dice.below(400) as u64)).await;
        }
    }

    /// Joins every ticket with what was missed. Returns what must come next in each; `None` when the connection ended.
    async fn join(&mut self, crowd: &Crowd<'_>, live: &mut Live) -> Option<HashMap<i64, i64>> {
        let mut next = HashMap::new();
        for ticket in &crowd.tickets {
            loop {
                let after = self.heard.last(*ticket);
                let joined = live.begin("join_task", &json!({"taskId": ticket, "afterSeq": after})).await?;
                assert_eq!((&joined["ok"], &joined["resync"]), (&json!(true), &json!(false)), "{joined}");
                // From the first answer on, everything behind its `seq` comes live.
                next.entry(*ticket).or_insert(joined["seq"].as_i64().unwrap() + 1);
                let mut expected = after;
                for event in joined["events"].as_array().unwrap() {
                    expected += 1;
                    assert_eq!(event["seq"], expected, "the past is in order: {event}");
                    self.heard.caught_up += 1;
                    self.heard.take(*ticket, expected, event["event"].as_str().unwrap(), &event["data"]);
                }
                if joined["hasMore"] == false {
                    break;
                }
            }
        }
        Some(next)
    }

    fn hear(&mut self, name: &str, argument: &Value, next: &mut HashMap<i64, i64>) {
        // Neither is part of a conversation: who is there, and for lists.
        if matches!(name, "presence" | "task_created") {
            return;
        }
        assert_eq!(name, "new_message", "{argument}");
        let (ticket, seq) = (argument["taskId"].as_i64().unwrap(), argument["seq"].as_i64().unwrap());
        let expected = next.get_mut(&ticket).expect("a ticket that was joined");
        assert_eq!(seq, *expected, "reader {} in ticket {ticket}: what comes live has no gaps", self.number);
        *expected += 1;
        self.heard.live += 1;
        self.heard.take(ticket, seq, name, argument);
    }
}

impl Heard {
    /// Up to where nothing is missing in a ticket.
    fn last(&self, ticket: i64) -> i64 {
        let Some(events) = self.events.get(&ticket) else { return 0 };
        (1..).zip(events.keys()).take_while(|(expected, seq)| expected == *seq).count().try_into().unwrap()
    }

    fn take(&mut self, ticket: i64, seq: i64, name: &str, data: &Value) {
        let content = if name == "new_message" { data["content"].as_str().unwrap() } else { "" };
        if let Some(before) = self.events.entry(ticket).or_default().insert(seq, content.to_owned()) {
            assert_eq!(before, content, "{seq} in ticket {ticket} came twice, and different");
            self.again += 1;
        }
    }

    fn has_all(&self, ends: &HashMap<i64, i64>) -> bool {
        ends.iter().all(|(ticket, end)| self.last(*ticket) >= *end)
    }

    fn missing(&self, ends: &HashMap<i64, i64>) -> Vec<(i64, i64)> {
        let has =
            |ticket: i64, seq: i64| self.events.get(&ticket).is_some_and(|events| events.contains_key(&seq));
        let all = ends.iter().flat_map(|(ticket, end)| (1..=*end).map(|seq| (*ticket, seq)));
        all.filter(|(ticket, seq)| !has(*ticket, *seq)).collect()
    }
}
