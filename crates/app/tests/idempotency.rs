//! Sending again: by `Idempotency-Key` or by `clientId`, one request has one effect.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use faff_testkit::{Answer, Person, TestApp, on_both_engines};
use reqwest::Method;
use serde_json::{Value, json};

async fn post(person: &Person, path: &str, key: &str, body: &Value) -> Answer {
    person.send(person.request(Method::POST, path).header("idempotency-key", key).json(body)).await
}

fn replayed(answer: &Answer) -> bool {
    answer.header("idempotency-replayed") == "true"
}

/// How many messages a task holds, and its last event.
async fn counted(person: &Person, task: &Value) -> (i64, i64) {
    let task = person.get(&format!("/api/tasks/{}", task["id"])).await.body["task"].clone();
    (task["messageCount"].as_i64().unwrap(), task["seq"].as_i64().unwrap())
}

async fn all_at_once(person: &Person, requests: Vec<(String, Option<&'static str>, Value)>) -> Vec<Answer> {
    let sent: Vec<_> = requests
        .into_iter()
        .map(|(path, key, body)| {
            let person = person.clone();
            tokio::spawn(async move {
                let request = person.request(Method::POST, &path).json(&body);
                person
                    .send(if let Some(key) = key { request.header("idempotency-key", key) } else { request })
                    .await
            })
        })
        .collect();
    let mut answers = Vec::new();
    for answer in sent {
        answers.push(answer.await.unwrap());
    }
    answers
}

on_both_engines! {
    async fn a_key_gives_the_first_answer_again_and_fits_only_its_request(engine) {
        let app = TestApp::start(engine).await;
        let (bo, eve) = (app.register("Bo").await, app.register("Eve").await);
        let task = bo.files("T", json!({})).await;
        let to_task = format!("/api/tasks/{}/messages", task["id"]);
        let filed = json!({"title": "Filed once", "description": "D"});
        let said = json!({"taskId": task["id"], "content": "Said once"});
        let said_there = json!({"content": "Said there once"});
        let requests = [("/api/tasks", &filed), ("/api/messages", &said), (&*to_task, &said_there)];
        for (n, (path, body)) in requests.into_iter().enumerate() {
            let key = format!("key {n}!");
            let first = post(&bo, path, &key, body).await;
            assert_eq!((first.status, replayed(&first)), (201, false), "{first:?}");
            app.clock.advance(60_000);
            for _ in 0..3 {
                let again = post(&bo, path, &key, body).await;
                assert_eq!((again.status, &again.text, replayed(&again)), (201, &first.text, true));
                assert_eq!(again.header("content-type"), "application/json");
                assert_ne!(again.header("x-request-id"), first.header("x-request-id"));
            }
            let mut changed = body.clone();
            changed[if n == 0 { "title" } else { "content" }] = json!("Another");
            for (other_path, other) in requests.into_iter().chain([(path, &changed)]).filter(|other| *other != (path, body)) {
                let answer = post(&bo, other_path, &key, other).await;
                assert_eq!(answer.refusal(), (422, "idempotency_key_reused"), "{other_path}");
            }
            let hers = post(&eve, path, &key, &changed).await;
            assert_eq!((hers.status, replayed(&hers)), (201, false), "another's key is another key");
            let other_key = post(&bo, path, &format!("{key} "), body).await;
            assert!(replayed(&other_key), "blanks around a header's value do not count");
        }
        assert_eq!(counted(&bo, &task).await, (4, 5));
        let titles = bo.get("/api/tasks?limit=100").await;
        assert_eq!(titles.body["tasks"].as_array().unwrap().len(), 3);
        // On another node, and with another login of the same person.
        let node = app.another_node().await;
        let there = node.log_in(&bo.email).await;
        let again = post(&there, "/api/messages", "key 1!", &said).await;
        assert!(replayed(&again), "{again:?}");
        // A first answer stays the first answer, whatever became of what it tells of.
        let id = again.body["data"]["id"].to_string();
        assert_eq!(bo.put(&format!("/api/messages/{id}"), &json!({"content": "Edited"})).await.status, 200);
        assert_eq!(post(&bo, "/api/messages", "key 1!", &said).await.text, again.text);
        assert_eq!(bo.delete(&format!("/api/messages/{id}")).await.status, 200);
        assert_eq!(post(&bo, "/api/messages", "key 1!", &said).await.text, again.text);
        assert_eq!(counted(&bo, &task).await.0, 3);
    }

    async fn a_request_that_failed_leaves_its_key_free(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        for (wrong, status) in [
            (json!({"title": "", "description": "D"}), 400), (json!({"title": "T"}), 400),
            (json!({"title": "T", "description": "D", "assignedToId": 4711}), 400),
        ] {
            assert_eq!(post(&bo, "/api/tasks", "k", &wrong).await.status, status);
        }
        assert_eq!(post(&bo, "/api/messages", "k", &json!({"taskId": 4711, "content": "x"})).await.status, 404);
        let anyone = app.anyone();
        let body = json!({"title": "T", "description": "D"});
        let request = anyone.request(Method::POST, "/api/tasks").header("idempotency-key", "k").json(&body);
        assert_eq!(anyone.send(request).await.status, 401);
        let first = post(&bo, "/api/tasks", "k", &body).await;
        assert_eq!((first.status, replayed(&first)), (201, false));
        assert!(replayed(&post(&bo, "/api/tasks", "k", &body).await));
        let longest = "k".repeat(255);
        assert_eq!(post(&bo, "/api/tasks", &longest, &body).await.status, 201);
        assert!(replayed(&post(&bo, "/api/tasks", &longest, &body).await));
        for wrong in ["", " ", &"k".repeat(256), &"k".repeat(10_000), "é", "🔥"] {
            let answer = post(&bo, "/api/tasks", wrong, &body).await;
            assert_eq!(answer.refusal(), (400, "validation_failed"), "{wrong:.20}");
            assert_eq!(answer.body["fields"][0]["field"], "Idempotency-Key");
        }
        for odd in ["' or 1=1 --", "../../x", "{\"a\":1}", "%00", "<script>"] {
            let first = post(&bo, "/api/tasks", odd, &body).await;
            assert_eq!((first.status, replayed(&first)), (201, false));
            assert!(replayed(&post(&bo, "/api/tasks", odd, &body).await), "{odd}");
        }
        assert_eq!(bo.get("/api/tasks?limit=100").await.body["tasks"].as_array().unwrap().len(), 7);
    }

    async fn fifty_at_once_under_one_key_have_one_effect(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let task = bo.files("T", json!({})).await;
        let to_task = format!("/api/tasks/{}/messages", task["id"]);
        let filed = ("/api/tasks".to_owned(), Some("filed"), json!({"title": "Once", "description": "D"}));
        let said = (to_task.clone(), Some("said"), json!({"content": "Once"}));
        for request in [filed, said] {
            let answers = all_at_once(&bo, vec![request; 50]).await;
            assert!(answers.iter().all(|answer| answer.status == 201 && answer.text == answers[0].text));
            assert_eq!(answers.iter().filter(|answer| !replayed(answer)).count(), 1);
        }
        assert_eq!(bo.get("/api/tasks?limit=100").await.body["tasks"].as_array().unwrap().len(), 2);
        assert_eq!(counted(&bo, &task).await, (1, 2));
        // Different requests under one key: one of them wins, and the others are told.
        let bodies = (0..20).map(|n| (to_task.clone(), Some("contested"), json!({"content": format!("Version {n}")})));
        let answers = all_at_once(&bo, bodies.collect()).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        assert_eq!(answers.iter().filter(|answer| answer.refusal() == (422, "idempotency_key_reused")).count(), 19);
        assert_eq!(counted(&bo, &task).await, (2, 3));
    }

    async fn a_client_id_names_one_message_for_ever(engine) {
        let app = TestApp::start(engine).await;
        let (bo, eve) = (app.register("Bo").await, app.register("Eve").await);
        let (task, other) = (bo.files("T", json!({})).await, bo.files("Other", json!({})).await);
        let to_task = format!("/api/tasks/{}/messages", task["id"]);
        let body = json!({"content": "  Said once ", "clientId": "c-1"});
        let anywhere = json!({"taskId": task["id"], "content": "Said once", "clientId": "c-1", "replyToId": null});
        let first = bo.post(&to_task, &body).await;
        assert_eq!((first.status, &first.body["data"]["clientId"]), (201, &json!("c-1")));
        app.clock.advance(60_000);
        for (path, body) in [(&*to_task, &body), ("/api/messages", &anywhere)] {
            let again = bo.post(path, body).await;
            assert_eq!((again.status, &again.body["data"]), (201, &first.body["data"]), "by either door");
        }
        let mut replies = anywhere.clone();
        replies["replyToId"] = first.body["data"]["id"].clone();
        let mut elsewhere = anywhere.clone();
        elsewhere["taskId"] = other["id"].clone();
        let mut changed = anywhere.clone();
        changed["content"] = json!("Another");
        for wrong in [replies, elsewhere, changed] {
            assert_eq!(bo.post("/api/messages", &wrong).await.refusal(), (422, "idempotency_key_reused"), "{wrong}");
        }
        let hers = eve.post("/api/messages", &anywhere).await;
        assert_ne!(hers.body["data"]["id"], first.body["data"]["id"], "another's name is another name");
        for wrong in ["", " ", "a b", "é", "a\nb", "\0", &"c".repeat(65)] {
            let answer = bo.post(&to_task, &json!({"content": "x", "clientId": wrong})).await;
            assert_eq!(answer.refusal(), (400, "validation_failed"), "{wrong:?}");
            assert_eq!(answer.body["fields"][0]["field"], "clientId");
        }
        assert_eq!(counted(&bo, &task).await, (2, 3));
        let one = (to_task.clone(), None, json!({"content": "At once", "clientId": "c-2"}));
        let other = json!({"taskId": task["id"], "content": "At once", "clientId": "c-2"});
        let other = ("/api/messages".to_owned(), None, other);
        let answers = all_at_once(&bo, [one, other].into_iter().cycle().take(50).collect()).await;
        for answer in &answers {
            assert_eq!((answer.status, &answer.body["data"]), (201, &answers[0].body["data"]));
        }
        assert_eq!(counted(&bo, &task).await, (3, 4));
        // After an edit it is still the first message, as it is now.
        let path = format!("/api/messages/{}", first.body["data"]["id"]);
        assert_eq!(bo.put(&path, &json!({"content": "Edited"})).await.status, 200);
        let again = bo.post(&to_task, &body).await;
        assert_eq!((again.status, &again.body["data"]["id"], &again.body["data"]["content"]),
            (201, &first.body["data"]["id"], &json!("Edited")), "{again:?}");
        // A name and a key together.
        let keyed = json!({"content": "Both", "clientId": "c-3"});
        let both = post(&bo, &to_task, "both", &keyed).await;
        assert_eq!(post(&bo, &to_task, "both", &keyed).await.text, both.text);
        assert_eq!(bo.post(&to_task, &keyed).await.body["data"], both.body["data"]);
        assert_eq!(post(&bo, &to_task, "another key", &keyed).await.body["data"], both.body["data"]);
        // Deleted, it does not come back.
        let before = counted(&bo, &task).await.0;
        assert_eq!(bo.delete(&path).await.status, 200);
        let late = bo.post(&to_task, &body).await;
        assert_eq!(counted(&bo, &task).await.0, before - 1, "no second message: {late:?}");
        assert!(!late.text.contains("Said once") && !late.text.contains("Edited"), "what was said is gone: {late:?}");
    }
}
