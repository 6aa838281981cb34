//! The promise to clients that keep a copy: what they had, and the events since, make what a fresh read shows.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use faff_testkit::{Dice, Live, Person, TestApp, on_both_engines};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::watch;

const STEPS: usize = 40;

/// A client's copy of a ticket.
#[derive(Debug, Default)]
struct Copy {
    /// The last event it has taken in.
    last: i64,
    task: Value,
    messages: BTreeMap<i64, Value>,
    /// Events that came although it had them.
    again: usize,
}

/// What an event of its own tells of; the rest is counted and quoted from other messages.
fn own(mut thing: Value) -> Value {
    for field in ["replyTo", "replyCount", "eventSeq", "messageCount", "lastMessageAt", "seq"] {
        thing.as_object_mut().unwrap().remove(field);
    }
    thing
}

impl Copy {
    async fn take(&mut self, person: &Person, seq: i64, event: &str, data: &Value) {
        if seq <= self.last {
            self.again += 1;
            return;
        }
        assert_eq!(seq, self.last + 1, "nothing is left out: {event} {data}");
        self.last = seq;
        let id = data["id"].as_i64().unwrap_or_default();
        match event {
            "new_message" | "message_updated" => {
                self.messages.insert(id, own(data.clone()));
            }
            "message_deleted" => {
                self.messages.remove(&id);
            }
            "refresh_task" => self.task = own(read(person, &data["taskId"]).await),
            "task_created" | "task_changed" => self.task = own(data.clone()),
            other => unreachable!("{other}"),
        }
    }

    async fn catch_up(&mut self, person: &Person, live: &mut Live, task: &Value) {
        loop {
            let joined = live.ask("join_task", &json!({"taskId": task["id"], "afterSeq": self.last})).await;
            assert_eq!((&joined["ok"], &joined["resync"]), (&json!(true), &json!(false)), "{joined}");
            for event in joined["events"].as_array().unwrap() {
                let name = event["event"].as_str().unwrap();
                self.take(person, event["seq"].as_i64().unwrap(), name, &event["data"]).await;
            }
            if joined["hasMore"] == false {
                assert!(joined["seq"].as_i64().unwrap() <= self.last);
                return;
            }
        }
    }
}

async fn read(person: &Person, task: &Value) -> Value {
    person.get(&format!("/api/tasks/{task}")).await.body["task"].clone()
}

/// Follows a ticket until it has the event that `end` names, and drops the connection every now and then.
async fn follow(
    person: Person,
    task: Value,
    mut end: watch::Receiver<i64>,
    mut dice: Dice,
    drops: bool,
) -> Copy {
    let mut copy = Copy::default();
    loop {
        let mut live = person.connect().await;
        copy.catch_up(&person, &mut live, &task).await;
        let mut left = if drops { dice.below(12) } else { usize::MAX };
        while left > 0 {
            let over = *end.borrow_and_update();
            if over > 0 && copy.last >= over {
                return copy;
            }
            let next = tokio::select! {
                next = live.event() => next,
                _ = end.changed() => continue,
            };
            let (name, data) = next.unwrap();
            let seq = match name.as_str() {
                "message_updated" => &data["eventSeq"],
                "new_message" | "message_deleted" | "refresh_task" => &data["seq"],
                _ => continue,
            };
            copy.take(&person, seq.as_i64().unwrap(), &name, &data).await;
            left -= 1;
        }
        live.drop_connection();
        tokio::time::sleep(std::time::Duration::from_millis(dice.below(60) as u64)).await;
    }
}

/// Works on a ticket: posts, answers, edits, deletes, changes it, by sockets and by requests.
async fn work(person: Person, task: Value, others: Person, mut dice: Dice) {
    let path = format!("/api/tasks/{}", task["id"]);
    let mut live = person.watch(&task).await;
    let mut mine: Vec<Value> = Vec::new();
    for step in 0..STEPS {
        let some = (!mine.is_empty()).then(|| mine[dice.below(mine.len())].clone());
        match (dice.below(10), some) {
            (0..3, to) => {
                let to = to.map_or(Value::Null, |to| to["id"].clone());
                let said = json!({"taskId": task["id"], "content": format!("{} says **{step}**", person.name), "replyToId": to});
                // What it answers may have been deleted by the administrator.
                let said = live.ask("send_message", &said).await;
                mine.extend((said["ok"] == true).then(|| said["message"].clone()));
            }
            (3..5, _) | (_, None) => mine.push(person.says(&task, &format!("{step}")).await),
            (5..7, Some(said)) => {
                person
                    .put(
                        &format!("/api/messages/{}", said["id"]),
                        &json!({"content": format!("{step}, I meant")}),
                    )
                    .await;
            }
            (7, Some(said)) => {
                let by = dice.pick(&[&person, &others]);
                by.delete(&format!("/api/messages/{}", said["id"])).await;
            }
            (8, _) => {
                let status = dice.pick(&["open", "in_progress", "resolved", "closed"]);
                person.put(&path, &json!({"status": status, "title": format!("Step {step}")})).await;
            }
            _ => {
                let method = dice.pick(&[&Method::PUT, &Method::DELETE]).clone();
                others.send(others.request(method, &format!("{path}/participants/{}", person.id))).await;
            }
        }
    }
}

on_both_engines! {
    async fn what_one_had_and_the_events_since_make_what_a_fresh_read_shows(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let node = app.another_node().await;
        let elsewhere = node.log_in(&world.eve.email).await;
        let task = world.bo.files("Printer", json!({})).await;
        let (said, end) = watch::channel(0);
        let mut readers = tokio::task::JoinSet::new();
        for (n, (person, drops)) in [(&world.eve, false), (&world.eve, true), (&world.cy, true), (&elsewhere, true), (&elsewhere, false)].into_iter().enumerate() {
            readers.spawn(follow(person.clone(), task.clone(), end.clone(), Dice::new(70 + n as u64), drops));
        }
        let mut workers = tokio::task::JoinSet::new();
        for (n, person) in [&world.ada, &world.bo, &world.cy].into_iter().enumerate() {
            workers.spawn(work(person.clone(), task.clone(), world.ada.clone(), Dice::new(7 + n as u64)));
        }
        workers.join_all().await;
        let fresh = read(&world.eve, &task["id"]).await;
        let last = fresh["seq"].as_i64().unwrap();
        assert!(last > 60, "{fresh}");
        said.send(last).unwrap();
        let listed = world.eve.walk(&format!("/api/tasks/{}/messages?limit=100", task["id"]), "messages").await;
        let listed = listed.into_iter().filter(|message| message["deletedAt"].is_null());
        let listed: BTreeMap<i64, Value> =
            listed.map(|message| (message["id"].as_i64().unwrap(), own(message))).collect();
        assert_eq!(fresh["messageCount"], listed.len());
        for copy in readers.join_all().await {
            assert_eq!((copy.last, copy.again, &copy.task), (last, 0, &own(fresh.clone())));
            assert_eq!(copy.messages, listed);
        }
    }
}
