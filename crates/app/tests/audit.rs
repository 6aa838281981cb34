//! The audit: every change, who made it, and that the log tells the whole state.
#![expect(clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};

use faff_app::event::Event;
use faff_testkit::{Answer, Dice, Does, FakeModel, PASSWORD, Person, TestApp, World, on_both_engines};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

async fn send(person: &Person, method: Method, path: &str) -> Answer {
    person.send(person.request(method, path)).await
}

fn path(task: &Value) -> String {
    format!("/api/tasks/{}", task["id"])
}

/// One of everything that can be done with saved views, and with what a machine says.
async fn have_it_looked_at(app: &TestApp, model: &FakeModel, world: &World) {
    let (ada, bo, cy) = (&world.ada, &world.bo, &world.cy);
    let view =
        bo.post("/api/views", &json!({"name": "Mine", "query": "status=open"})).await.body["view"].clone();
    let view = format!("/api/views/{}", view["id"]);
    bo.put(&view, &json!({"name": "Ours"})).await;
    bo.delete(&view).await;
    ada.put("/api/qa/guidance", &json!({"content": "A secret of ours"})).await;
    let task = bo.files("Fan", json!({})).await;
    let message = bo.says(&task, "Indeed").await;
    cy.post("/api/summaries", &json!({"taskId": task["id"], "content": "A secret"})).await;
    let generate = format!("/api/summaries/generate/{}", task["id"]);
    let review = json!({"messageId": message["id"]});
    model.does(Does::Fails(400, "no"));
    cy.post(&generate, &json!({})).await;
    cy.post("/api/qa", &review).await;
    app.work().await;
    model.does(Does::Right);
    cy.post(&generate, &json!({})).await;
    app.work().await;
    model.does(Does::Says(json!({"verdict": "reject", "feedback": "A secret", "escalate": true})));
    let review = cy.post("/api/qa", &review).await.body["review"].clone();
    app.work().await;
    let review = format!("/api/qa/{}", review["id"]);
    ada.put(&review, &json!({"status": "approved"})).await;
    ada.put(&review, &json!({"status": "pending"})).await;
    bo.delete(&format!("/api/messages/{}", message["id"])).await;
}

/// One of everything else that can be done.
async fn do_everything(app: &TestApp, world: &World) -> Value {
    let (ada, bo, cy) = (&world.ada, &world.bo, &world.cy);
    let task = bo.files("Printer", json!({})).await;
    let participant = format!("{}/participants/{}", path(&task), cy.id);
    send(ada, Method::PUT, &participant).await;
    send(bo, Method::DELETE, &participant).await;
    let said = bo.says(&task, "A secret that stays out of the log").await;
    let answer = cy.answers(&task, "Indeed", &said).await;
    let file = Part::bytes(b"Secret".to_vec()).file_name("secret.txt");
    let door = format!("/api/messages/{}", answer["id"]);
    let form = Form::new().part("files", file);
    let with = cy.send(cy.request(Method::PUT, &door).multipart(form)).await.body["data"].clone();
    let which = json!({"attachmentId": with["attachments"][0]["id"]});
    cy.send(cy.request(Method::DELETE, &format!("{door}/attachment")).json(&which)).await;
    cy.put(&format!("/api/messages/{}", answer["id"]), &json!({"content": "Edited"})).await;
    ada.delete(&format!("/api/messages/{}", said["id"])).await;
    cy.put(&path(&task), &json!({"status": "resolved", "title": "Also a secret"})).await;
    ada.delete(&path(&task)).await;
    let second = app.log_in(&world.eve.email).await;
    second.post("/api/auth/logout", &json!({})).await;
    world.eve.put("/api/auth/profile", &json!({"name": "Eva"})).await;
    let passwords = json!({"currentPassword": PASSWORD, "newPassword": "printer is out 8"});
    world.eve.put("/api/auth/password", &passwords).await;
    ada.put(&format!("/api/users/{}", world.eve.id), &json!({"active": false})).await;
    ada.post("/api/users/invitations", &json!({"email": "secret@faff.example"})).await;
    task
}

/// Something that one of four people does to one of the tasks. Much of it is refused, as it should be.
async fn do_something(world: &World, tasks: &mut [Value], said: &mut Vec<Value>, dice: &mut Dice) {
    let people = [&world.ada, &world.bo, &world.cy, &world.eve];
    let person = dice.pick(&people);
    let at = dice.below(tasks.len());
    let task = tasks[at].clone();
    let message = |dice: &mut Dice, said: &[Value]| {
        if said.is_empty() { Value::Null } else { said[dice.below(said.len())].clone() }
    };
    let answer = match dice.below(20) {
        0..8 => {
            let here: Vec<Value> =
                said.iter().filter(|message| message["taskId"] == task["id"]).cloned().collect();
            let to = if dice.below(2) == 0 { message(dice, &here)["id"].clone() } else { Value::Null };
            let client_id = (dice.below(8) == 0).then_some("again");
            let body = json!({"content": "Said", "replyToId": to, "clientId": client_id});
            let answer = person.post(&format!("{}/messages", path(&task)), &body).await;
            if answer.status == 201 {
                said.push(answer.body["data"].clone());
            }
            answer
        }
        8..10 => {
            person
                .put(
                    &format!("/api/messages/{}", message(dice, said)["id"]),
                    &json!({"content": format!("Edited {}", dice.below(2))}),
                )
                .await
        }
        10..12 => person.delete(&format!("/api/messages/{}", message(dice, said)["id"])).await,
        12 => {
            person
                .put(
                    &path(&task),
                    &json!({"status": dice.pick(&["open", "in_progress", "resolved", "closed"])}),
                )
                .await
        }
        13 => {
            person
                .put(
                    &path(&task),
                    &json!({"priority": dice.pick(&["low", "high"]), "title": dice.pick(&["One", "Two"])}),
                )
                .await
        }
        14 => {
            person
                .put(
                    &path(&task),
                    &json!({"assignedToId": dice.pick(&[None, Some(world.bo.id), Some(world.eve.id)])}),
                )
                .await
        }
        15 => person.put(&path(&task), &json!({"visibility": dice.pick(&["team", "private"])})).await,
        16 => {
            person
                .put(&path(&task), &json!({"tags": [dice.pick(&["a", "b"])], "version": dice.below(5)}))
                .await
        }
        17..19 => {
            let method = dice.pick(&[0, 1]);
            let method = if method == 0 { Method::PUT } else { Method::DELETE };
            send(person, method, &format!("{}/participants/{}", path(&task), dice.pick(&people).id)).await
        }
        _ if dice.below(4) == 0 => {
            let answer = person.delete(&path(&task)).await;
            if answer.status == 204 {
                tasks[at] =
                    world.bo.files("Instead", json!({"visibility": dice.pick(&["team", "private"])})).await;
            }
            answer
        }
        _ => person.get(&path(&task)).await,
    };
    assert!([200, 201, 204, 400, 403, 404, 409, 422].contains(&answer.status), "{answer:?}");
}

/// Whether an event is wanted.
type Test = Box<dyn Fn(&Value) -> bool>;

/// A task as its log tells it.
#[derive(Debug, Default, PartialEq)]
struct Told {
    seq: i64,
    version: i64,
    fields: BTreeMap<String, String>,
    participants: BTreeSet<i64>,
    /// The messages that are not deleted, by their places; whether each was edited.
    messages: BTreeMap<i64, (i64, bool)>,
}

const FIELDS: [&str; 4] = ["status", "priority", "visibility", "assignedToId"];

fn fields(task: &Value) -> BTreeMap<String, String> {
    let text = |value: &Value| match value {
        Value::Null => "nobody".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    FIELDS.iter().map(|field| ((*field).to_owned(), text(&task[*field]))).collect()
}

/// Folds the log of a task that was filed like this.
fn fold(filed: &Value, events: &[Value]) -> Told {
    let mut told = Told { version: 1, fields: fields(filed), ..Told::default() };
    for event in events {
        told.seq += 1;
        assert_eq!(event["seq"], told.seq, "the log has a gap");
        let data = &event["data"];
        let id = |key: &str| data[key].as_i64().unwrap_or_default();
        match event["kind"].as_str().unwrap_or_default() {
            "task_changed" => {
                told.version += 1;
                for change in data["changes"].as_array().into_iter().flatten() {
                    if let (Some(field), Some(from), Some(to)) =
                        (change["field"].as_str(), change["from"].as_str(), change["to"].as_str())
                    {
                        assert_eq!(
                            told.fields.insert(field.to_owned(), to.to_owned()).as_deref(),
                            Some(from)
                        );
                    }
                }
            }
            "participant_added" => assert!(told.participants.insert(id("userId"))),
            "participant_removed" => assert!(told.participants.remove(&id("userId"))),
            "message_posted" => assert!(told.messages.insert(told.seq, (id("messageId"), false)).is_none()),
            "message_edited" => told
                .messages
                .values_mut()
                .filter(|(message, _)| *message == id("messageId"))
                .for_each(|(_, edited)| *edited = true),
            "message_deleted" => told.messages.retain(|_, (message, _)| *message != id("messageId")),
            kind => assert_eq!((kind, told.seq), ("task_created", 1)),
        }
    }
    told
}

on_both_engines! {
    async fn every_kind_of_change_appears_with_who_did_it_and_without_what_was_said(engine) {
        let model = FakeModel::start().await;
        let app = TestApp::start_with(engine, |settings| settings.openai = Some(model.settings())).await;
        let world = app.world().await;
        let (ada, bo, cy, eve) = (&world.ada, &world.bo, &world.cy, &world.eve);
        app.clock.advance(1000);
        have_it_looked_at(&app, &model, &world).await;
        let task = do_everything(&app, &world).await;
        let all = ada.walk("/api/audit?limit=100", "events").await;
        for (kind, actor, task_id, user_id) in [
            ("user_registered", bo, None, Some(bo)), ("user_invited", ada, None, Some(ada)), ("user_changed", ada, None, Some(eve)), ("user_changed", eve, None, Some(eve)),
            ("password_changed", eve, None, Some(eve)), ("session_started", eve, None, Some(eve)), ("session_ended", eve, None, Some(eve)),
            ("task_created", bo, Some(&task), None), ("task_changed", cy, Some(&task), None), ("task_deleted", ada, Some(&task), None),
            ("participant_added", ada, Some(&task), None), ("participant_removed", bo, Some(&task), None),
            ("message_posted", bo, Some(&task), None), ("message_posted", cy, Some(&task), None),
            ("message_edited", cy, Some(&task), None), ("message_deleted", ada, Some(&task), None), ("attachment_removed", cy, Some(&task), None),
        ] {
            let found: Vec<&Value> = all.iter().filter(|event| {
                event["kind"] == kind && event["actorId"] == actor.id && event["taskId"] == task_id.map_or(Value::Null, |task| task["id"].clone())
                    && event["userId"] == user_id.map_or(Value::Null, |user| json!(user.id))
            }).collect();
            assert!(!found.is_empty(), "{kind} by {}", actor.name);
            let name = if actor.id == eve.id { "Eva" } else { &actor.name };
            assert!(found.iter().all(|event| event["actor"] == json!({"id": actor.id, "name": name, "email": actor.email})));
        }
        let kinds: BTreeSet<&str> = all.iter().filter_map(|event| event["kind"].as_str()).collect();
        assert_eq!(kinds, BTreeSet::from(Event::KINDS), "a kind of change is missing here");
        let ids: Vec<i64> = all.iter().filter_map(|event| event["id"].as_i64()).collect();
        assert!(ids.is_sorted_by(|newer, older| newer > older), "newest first");
        let text = json!(all).to_string();
        for secret in ["secret", "Indeed", "Edited", PASSWORD, "printer is out"] {
            assert!(!text.contains(secret), "{secret:?} is in the log");
        }
        let changed = all.iter().find(|event| event["kind"] == "task_changed").cloned().unwrap_or_default();
        assert_eq!(changed["data"], json!({"changes": [{"field": "title"}, {"field": "status", "from": "open", "to": "resolved"}]}));
        assert_eq!(changed["at"], "2026-11-18T11:06:41.000Z");
    }

    async fn only_administrators_filter_and_page_through_the_audit(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let ada = &world.ada;
        let task = do_everything(&app, &world).await;
        assert_eq!(app.anyone().get("/api/audit").await.refusal(), (401, "unauthenticated"));
        for person in [&world.bo, &world.cy] {
            assert_eq!(person.get("/api/audit").await.refusal(), (403, "forbidden"));
            assert_eq!(person.get(&format!("/api/audit?actor={}", person.id)).await.refusal(), (403, "forbidden"));
        }
        let all = ada.walk("/api/audit?limit=100", "events").await;
        let (bo, eve, id) = (world.bo.id, world.eve.id, task["id"].clone());
        let cases: [(String, Test); 7] = [
            (String::new(), Box::new(|_| true)),
            (format!("actor={bo}"), Box::new(move |event| event["actorId"] == bo)),
            ("kind=message_posted".to_owned(), Box::new(|event| event["kind"] == "message_posted")),
            (format!("taskId={id}"), { let id = id.clone(); Box::new(move |event| event["taskId"] == id) }),
            (format!("userId={eve}"), Box::new(move |event| event["userId"] == eve)),
            (format!("taskId={id}&actor={bo}&kind=message_posted"), Box::new(move |event| {
                event["taskId"] == id && event["actorId"] == bo && event["kind"] == "message_posted"
            })),
            (format!("userId={eve}&kind=session_started"), Box::new(move |event| event["userId"] == eve && event["kind"] == "session_started")),
        ];
        for (query, holds) in &cases {
            let expected: Vec<Value> = all.iter().filter(|event| holds(event)).cloned().collect();
            assert!(!expected.is_empty(), "{query}");
            for limit in [1, 2, 3, 7, 100] {
                assert_eq!(ada.walk(&format!("/api/audit?{query}&limit={limit}"), "events").await, expected, "{query} by {limit}");
            }
        }
        for nothing in ["actor=999", "taskId=999", "userId=999", "taskId=1&userId=1"] {
            assert_eq!(ada.get(&format!("/api/audit?{nothing}")).await.body, json!({"events": [], "nextCursor": null, "hasMore": false}));
        }
        for (query, field) in [
            ("actor=0", ("actor", "format")), ("taskId=-1", ("taskId", "format")), ("userId=x", ("userId", "type")),
            ("kind=everything", ("kind", "choice")), ("limit=0", ("limit", "range")), ("limit=101", ("limit", "range")),
        ] {
            assert_eq!(ada.get(&format!("/api/audit?{query}")).await.fields(), [field], "{query}");
        }
        let cursor = ada.get("/api/audit?limit=1").await.body["nextCursor"].clone();
        let wrong = format!("/api/audit?kind=task_created&cursor={}", cursor.as_str().unwrap_or_default());
        assert_eq!(ada.get(&wrong).await.refusal(), (400, "invalid_cursor"));
    }

    async fn the_log_of_a_random_story_tells_the_whole_state(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (ada, bo) = (&world.ada, &world.bo);
        let mut dice = Dice::new(6);
        let mut tasks = Vec::new();
        for n in 0..5 {
            let visibility = if n < 2 { "private" } else { "team" };
            tasks.push(bo.files(&format!("Task {n}"), json!({"visibility": visibility})).await);
        }
        let mut said = Vec::new();
        for _ in 0..300 {
            app.clock.advance(dice.below(3).try_into().unwrap_or(0));
            do_something(&world, &mut tasks, &mut said, &mut dice).await;
        }
        assert!(said.len() > 60, "only {} messages make a dull story", said.len());
        for filed in &tasks {
            let mut log = ada.walk(&format!("/api/audit?taskId={}&limit=100", filed["id"]), "events").await;
            log.reverse();
            let told = fold(filed, &log);
            let mut events = Vec::new();
            loop {
                let page = ada.get(&format!("{}/events?limit=7&after={}", path(filed), events.len())).await;
                events.extend(page.body["events"].as_array().cloned().unwrap_or_default());
                if page.body["hasMore"] == false {
                    break;
                }
            }
            let brief = |events: &[Value]| events.iter().map(|e| json!([e["seq"], e["kind"], e["actorId"], e["at"], e["data"]])).collect::<Vec<_>>();
            assert_eq!(brief(&events), brief(&log), "the ticket's log and the audit are one");

            let task = ada.get(&path(filed)).await.body["task"].clone();
            let list = ada.walk(&format!("{}/messages?limit=100", path(filed)), "messages").await;
            let there: Vec<&Value> = list.iter().filter(|message| message["deletedAt"].is_null()).collect();
            let messages = there.iter().map(|message| {
                let id = message["id"].as_i64().unwrap_or_default();
                (message["seq"].as_i64().unwrap_or_default(), (id, !message["editedAt"].is_null()))
            });
            let state = Told {
                seq: task["seq"].as_i64().unwrap_or_default(),
                version: task["version"].as_i64().unwrap_or_default(),
                fields: fields(&task),
                participants: ada.get(&format!("{}/participants", path(filed))).await.ids("participants").into_iter().collect(),
                messages: messages.collect(),
            };
            assert_eq!(told, state);
            assert_eq!(task["messageCount"], there.len());
            assert_eq!(task["lastMessageAt"], there.last().map_or(Value::Null, |message| message["createdAt"].clone()));
            assert_eq!(task["resolvedAt"].is_null(), ["open", "in_progress"].iter().any(|status| task["status"] == *status));
            for message in &list {
                // Whatever the thread holds counts at its root, and an answer at what it answers.
                let thread = ada.get(&format!("/api/messages/{}/thread?limit=100", message["id"])).await;
                let replies: Vec<&Value> = thread.body["replies"].as_array().into_iter().flatten().filter(|reply| reply["deletedAt"].is_null()).collect();
                let is_root = thread.body["parentMessage"]["id"] == message["id"];
                let count = replies.iter().filter(|reply| is_root || reply["replyToId"] == message["id"]).count();
                assert_eq!(message["replyCount"], count, "{message}");
                assert!(message["deletedAt"].is_null() || count > 0, "a tombstone that nothing answers");
            }
        }
        let report = faff_app::edges::verify::verify(&app.app).await;
        let report = report.map(|report| (report.faults, report.found));
        assert!(report.as_ref().is_ok_and(|(_, found)| *found == 0), "{report:?}");
    }
}
