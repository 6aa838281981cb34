//! What a list remembers of tasks is what each of them is now: whoever asks, and whichever node has changed it.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

use std::collections::BTreeMap;
use std::time::Duration;

use faff_testkit::{Dice, Person, TestApp, on_both_engines};
use serde_json::{Value, json};

const STEPS: usize = 40;
/// How long a node may take to hear of a name, on a machine that is very busy.
const PATIENCE: usize = 500;

/// The same people on two nodes.
struct Stage {
    nodes: [Vec<Person>; 2],
    tasks: Vec<Value>,
    messages: Vec<Value>,
}

impl Stage {
    /// Something that changes what is told of a task, if whoever does it may.
    async fn change(&mut self, dice: &mut Dice, step: usize) {
        let node = dice.below(2);
        let who = &self.nodes[node][dice.below(4)];
        let others = [who.id, self.nodes[0][1].id, self.nodes[0][2].id];
        let task = self.tasks[dice.below(self.tasks.len())].clone();
        let path = format!("/api/tasks/{}", task["id"]);
        match dice.below(12) {
            0 => {
                let more = json!({"visibility": dice.pick(&["team", "private"]), "tags": ["vpn"]});
                let filed = who.files(&format!("Task {step}"), more).await;
                self.tasks.push(filed);
            }
            1..=3 => {
                let answer = who.post(&format!("{path}/messages"), &json!({"content": "Said"})).await;
                self.messages.extend(answer.body.get("data").cloned());
            }
            4 if !self.messages.is_empty() => {
                let message = &self.messages[dice.below(self.messages.len())];
                let path = format!("/api/messages/{}", message["id"]);
                match dice.below(2) {
                    0 => who.put(&path, &json!({"content": format!("Said again {step}")})).await,
                    _ => who.delete(&path).await,
                };
            }
            5 if self.tasks.len() > 4 && dice.below(3) == 0 => {
                who.delete(&path).await;
            }
            6 => {
                let path = format!("{path}/participants/{}", dice.pick(&others));
                match dice.below(2) {
                    0 => who.send(who.request(reqwest::Method::PUT, &path)).await,
                    _ => who.delete(&path).await,
                };
            }
            7 => {
                let name = format!("{} {step}", who.name);
                let answer = who.put("/api/auth/profile", &json!({"name": name})).await;
                assert_eq!(answer.status, 200, "{answer:?}");
                let id = who.id;
                self.until_heard(1 - node, id, &name).await;
            }
            _ => {
                let change = match dice.below(6) {
                    0 => json!({"title": format!("Title {step}")}),
                    1 => json!({"description": format!("Described **again** \"{step}\"\n\u{1f600}")}),
                    2 => {
                        json!({"status": dice.pick(&["open", "resolved"]), "priority": dice.pick(&["low", "urgent"])})
                    }
                    3 => json!({"tags": dice.pick::<&[&str]>(&[&[], &["vpn"], &["printer", "vpn"]])}),
                    4 => json!({"assignedToId": dice.pick(&others)}),
                    _ => json!({"visibility": dice.pick(&["team", "private"])}),
                };
                who.put(&path, &change).await;
            }
        }
    }

    /// Waits until a node tells a person's new name in each task, as it must within a second or so.
    async fn until_heard(&self, node: usize, id: i64, name: &str) {
        let ada = &self.nodes[node][0];
        for _ in 0..PATIENCE {
            let told = self.each_told_to(ada).await;
            let named = told.values().flat_map(|task| [&task["createdBy"], &task["assignedTo"]]);
            if named.filter(|person| person["id"] == id).all(|person| person["name"] == name) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{name} was not heard of");
    }

    /// Each task that exists for somebody, read by itself.
    async fn each_told_to(&self, who: &Person) -> BTreeMap<i64, Value> {
        let mut told = BTreeMap::new();
        for task in &self.tasks {
            let answer = who.get(&format!("/api/tasks/{}", task["id"])).await;
            if answer.status == 200 {
                told.insert(task["id"].as_i64().unwrap(), answer.body["task"].clone());
            }
        }
        told
    }

    async fn lists_tell_what_tasks_tell(&self, dice: &mut Dice, step: usize) {
        for people in &self.nodes {
            let who = dice.pick(&[&people[0], &people[1], &people[2], &people[3]]);
            let each = self.each_told_to(who).await;
            let sort = dice.pick(&["createdAt", "-updatedAt", "priority"]);
            let listed = who.walk(&format!("/api/tasks?limit=7&sort={sort}"), "tasks").await;
            let listed: BTreeMap<i64, Value> =
                listed.into_iter().map(|task| (task["id"].as_i64().unwrap(), task)).collect();
            assert_eq!(listed, each, "for {} after step {step}", who.name);
        }
    }
}

on_both_engines! {
    async fn lists_tell_of_each_task_what_it_tells_itself_whichever_node_has_changed_it(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let other = app.another_node().await;
        let here = vec![world.ada, world.bo, world.cy, world.eve];
        let mut there = Vec::new();
        for person in &here {
            there.push(other.log_in(&person.email).await);
        }
        let mut tasks = Vec::new();
        for n in 0..6 {
            let more = json!({"visibility": if n % 2 == 0 { "team" } else { "private" }});
            tasks.push(here[n % 4].files(&format!("Task {n}"), more).await);
        }
        let mut stage = Stage { nodes: [here, there], tasks, messages: Vec::new() };
        let mut dice = Dice::new(2);
        for step in 0..STEPS {
            stage.change(&mut dice, step).await;
            stage.lists_tell_what_tasks_tell(&mut dice, step).await;
        }
        assert!(stage.messages.len() > 5 && stage.tasks.len() > 6, "hardly anything happened");
    }

    async fn who_loses_sight_of_a_task_is_not_told_of_it_from_memory(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let task = world.bo.files("Printer", json!({})).await;
        let path = format!("/api/tasks/{}", task["id"]);
        // Remembered, by way of everyone.
        for person in [&world.ada, &world.bo, &world.cy, &world.eve] {
            for _ in 0..2 {
                assert_eq!(person.get("/api/tasks").await.ids("tasks").len(), 1);
            }
        }
        let made = world.bo.put(&path, &json!({"visibility": "private", "title": "Secret"})).await;
        assert_eq!(made.status, 200);
        for _ in 0..2 {
            for (person, sees) in [(&world.bo, true), (&world.ada, true), (&world.cy, false), (&world.eve, false)] {
                let listed = person.get("/api/tasks").await.body["tasks"].clone();
                let titles: Vec<&Value> = listed.as_array().unwrap().iter().map(|task| &task["title"]).collect();
                assert_eq!(titles, if sees { vec!["Secret"] } else { vec![] }, "for {}", person.name);
            }
        }
    }
}
