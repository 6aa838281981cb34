//! Messages: posted, answered, edited, deleted, and sent twice.
#![expect(clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use faff_testkit::{Answer, Person, TestApp, on_both_engines};
use reqwest::Method;
use serde_json::{Value, json};

fn path(message: &Value) -> String {
    format!("/api/messages/{}", message["id"])
}

async fn read_task(person: &Person, task: &Value) -> Value {
    person.get(&format!("/api/tasks/{}", task["id"])).await.body["task"].clone()
}

async fn messages(person: &Person, task: &Value) -> Vec<Value> {
    let answer = person.get(&format!("/api/tasks/{}/messages?limit=100", task["id"])).await;
    answer.body["messages"].as_array().cloned().unwrap_or_default()
}

async fn message(person: &Person, task: &Value, id: &Value) -> Value {
    let found = messages(person, task).await;
    found.into_iter().find(|message| message["id"] == *id).unwrap_or_default()
}

async fn kinds(person: &Person, task: &Value) -> Vec<String> {
    let answer = person.get(&format!("/api/tasks/{}/events?limit=100", task["id"])).await;
    let kinds = answer.body["events"].as_array().into_iter().flatten().map(|event| event["kind"].as_str());
    kinds.map(|kind| kind.unwrap_or_default().to_owned()).collect()
}

/// Posts by either door.
async fn post(person: &Person, door: usize, task: &Value, mut body: Value) -> Answer {
    if door == 0 {
        return person.post(&format!("/api/tasks/{}/messages", task["id"]), &body).await;
    }
    body["taskId"] = task["id"].clone();
    person.post("/api/messages", &body).await
}

on_both_engines! {
    async fn both_doors_post_the_same_message_and_refuse_the_same(engine) {
        let app = TestApp::start(engine).await;
        let (bo, cy) = (app.register("Bo").await, app.register("Cy").await);
        let (task, other) = (bo.files("Printer", json!({})).await, bo.files("Other", json!({})).await);
        let elsewhere = bo.says(&other, "Elsewhere").await;
        let gone = bo.says(&task, "Gone").await;
        bo.delete(&path(&gone)).await;
        let question = cy.says(&task, &"?".repeat(300)).await;
        for door in [0, 1] {
            app.clock.advance(1000);
            let body = json!({"content": "  *Yes*\n", "replyToId": question["id"], "clientId": format!("mine-{door}")});
            let answer = post(&bo, door, &task, body).await;
            assert_eq!((answer.status, &answer.body["message"]), (201, &json!("Message sent")));
            let at = if door == 0 { "2026-11-18T11:06:41.000Z" } else { "2026-11-18T11:06:42.000Z" };
            let by = |person: &Person| json!({"id": person.id, "name": person.name, "email": person.email});
            let data = &answer.body["data"];
            assert_eq!(*data, json!({
                "id": data["id"], "taskId": task["id"], "senderId": bo.id, "sender": by(&bo), "content": "*Yes*",
                "contentHtml": "<p><em>Yes</em></p>\n", "clientId": format!("mine-{door}"), "replyToId": question["id"],
                "replyTo": {"id": question["id"], "sender": by(&cy), "content": "?".repeat(280)}, "replyCount": 0,
                "attachments": [], "seq": 5 + door, "createdAt": at, "updatedAt": at, "editedAt": null, "deletedAt": null,
            }));
            assert_eq!(message(&cy, &task, &data["id"]).await, *data);
            let now = read_task(&cy, &task).await;
            assert_eq!((&now["messageCount"], &now["lastMessageAt"], &now["seq"]), (&json!(2 + door), &json!(at), &json!(5 + door)));
            assert_eq!((&now["version"], &now["updatedAt"]), (&json!(1), &task["updatedAt"]), "its fields are as they were");

            for (what, fields) in [
                (json!({"content": ""}), ("content", "length")), (json!({"content": " \n "}), ("content", "length")),
                (json!({"content": "x".repeat(20_001)}), ("content", "length")), (json!({"content": "\u{0}x"}), ("content", "format")),
                (json!({"content": 7}), ("content", "type")), (json!({}), ("content", "required")),
                (json!({"content": "x", "replyToId": elsewhere["id"]}), ("replyToId", "reference")),
                (json!({"content": "x", "replyToId": gone["id"]}), ("replyToId", "reference")),
                (json!({"content": "x", "replyToId": 999}), ("replyToId", "reference")),
                (json!({"content": "x", "replyToId": -1}), ("replyToId", "type")),
                (json!({"content": "x", "clientId": ""}), ("clientId", "format")),
                (json!({"content": "x", "clientId": "a b"}), ("clientId", "format")),
                (json!({"content": "x", "clientId": "x".repeat(65)}), ("clientId", "format")),
                (json!({"content": "x", "senderId": 1}), ("senderId", "unknown")),
            ] {
                let answer = post(&bo, door, &task, what.clone()).await;
                assert_eq!(answer.refusal(), (400, "validation_failed"), "{what}");
                assert_eq!(answer.fields(), [fields], "{what}");
            }
            let nowhere = json!({"id": 999});
            assert_eq!(post(&bo, door, &nowhere, json!({"content": "x"})).await.refusal(), (404, "not_found"));
            assert_eq!(read_task(&cy, &task).await, now, "a refusal leaves everything as it was");
        }
        assert_eq!(bo.post("/api/messages", &json!({"content": "x"})).await.fields(), [("taskId", "required")]);
        let longest = post(&bo, 0, &task, json!({"content": "𝕏".repeat(20_000)})).await;
        assert_eq!(longest.status, 201);
    }

    async fn threads_hold_answers_to_answers_and_count_them(engine) {
        let app = TestApp::start(engine).await;
        let (bo, cy) = (app.register("Bo").await, app.register("Cy").await);
        let task = bo.files("Printer", json!({})).await;
        let root = bo.says(&task, "Root").await;
        cy.says(&task, "Beside it").await;
        let branch = cy.answers(&task, "Branch", &root).await;
        let leaf = bo.answers(&task, "Leaf", &branch).await;
        let deep = cy.answers(&task, "Deep", &leaf).await;
        let second = cy.answers(&task, "Second", &root).await;
        for (of, count) in [(&root, 4), (&branch, 1), (&leaf, 1), (&deep, 0), (&second, 0)] {
            assert_eq!(message(&bo, &task, &of["id"]).await["replyCount"], count, "{of}");
        }
        let replies: Vec<Value> = messages(&bo, &task).await.into_iter().skip(2).collect();
        for member in [&root, &branch, &leaf, &deep, &second] {
            for door in [format!("/api/messages/thread/{}", member["id"]), format!("/api/messages/{}/thread", member["id"])] {
                let thread = bo.get(&door).await;
                assert_eq!(thread.body["parentMessage"], message(&bo, &task, &root["id"]).await);
                assert_eq!(thread.body["replies"], json!(replies));
                for limit in 1..=5 {
                    assert_eq!(bo.walk(&format!("{door}?limit={limit}"), "replies").await, replies);
                }
            }
        }
        let cursor = bo.get(&format!("{}/thread?limit=1", path(&root))).await.body["nextCursor"].clone();
        let wrong = format!("{}/thread?cursor={}", path(&leaf), cursor.as_str().unwrap_or_default());
        assert_eq!(bo.get(&wrong).await.refusal(), (400, "invalid_cursor"));
        assert_eq!(bo.get("/api/messages/999/thread").await.refusal(), (404, "not_found"));
        // Alone, a message is a thread of itself.
        let alone = bo.says(&task, "Alone").await;
        let thread = bo.get(&format!("{}/thread", path(&alone))).await;
        assert_eq!((&thread.body["parentMessage"], &thread.body["replies"]), (&alone, &json!([])));
    }

    async fn a_deleted_message_leaves_a_tombstone_only_while_it_is_answered(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (ada, bo, cy, eve) = (&world.ada, &world.bo, &world.cy, &world.eve);
        let task = bo.files("Printer", json!({})).await;
        let counted = async || {
            let task = read_task(eve, &task).await;
            (task["messageCount"].as_i64(), task["lastMessageAt"].clone(), task["seq"].as_i64())
        };
        let mut said = Vec::new();
        for n in 0..3 {
            app.clock.advance(1000);
            said.push(bo.says(&task, &format!("Message {n}")).await);
        }
        let [root, plain, last] = said.as_slice() else { unreachable!() };
        app.clock.advance(1000);
        let branch = cy.answers(&task, "Branch", root).await;
        app.clock.advance(1000);
        let leaf = bo.answers(&task, "Leaf", &branch).await;
        assert_eq!(counted().await, (Some(5), leaf["createdAt"].clone(), Some(6)));

        assert_eq!(cy.delete(&path(plain)).await.refusal(), (403, "forbidden"));
        let answer = bo.delete(&path(plain)).await;
        assert_eq!((answer.status, answer.body), (200, json!({"message": "Message deleted"})));
        assert_eq!(message(eve, &task, &plain["id"]).await, Value::Null, "without answers, it is gone");
        assert_eq!(eve.get(&format!("{}/thread", path(plain))).await.refusal(), (404, "not_found"));
        assert_eq!(counted().await, (Some(4), leaf["createdAt"].clone(), Some(7)));
        for refused in [
            bo.delete(&path(plain)).await, bo.put(&path(plain), &json!({"content": "x"})).await, ada.delete(&path(plain)).await,
        ] {
            assert_eq!(refused.refusal(), (409, "message_deleted"));
        }

        app.clock.advance(1000);
        assert_eq!(ada.delete(&path(root)).await.status, 200, "administrators may delete any");
        let tombstone = message(eve, &task, &root["id"]).await;
        for (field, value) in [
            ("content", json!("")), ("contentHtml", json!("")), ("replyCount", json!(2)), ("senderId", json!(bo.id)),
            ("deletedAt", json!("2026-11-18T11:06:46.000Z")), ("updatedAt", json!("2026-11-18T11:06:46.000Z")),
            ("createdAt", root["createdAt"].clone()), ("seq", root["seq"].clone()), ("editedAt", Value::Null),
        ] {
            assert_eq!(tombstone[field], value, "{field}");
        }
        assert_eq!(bo.put(&path(root), &json!({"content": "x"})).await.refusal(), (409, "message_deleted"));
        let refused = post(bo, 0, &task, json!({"content": "x", "replyToId": root["id"]})).await;
        assert_eq!(refused.fields(), [("replyToId", "reference")], "a tombstone is not answered");
        assert_eq!(message(eve, &task, &branch["id"]).await["replyTo"]["content"], "");
        let thread = eve.get(&format!("{}/thread", path(&leaf))).await;
        assert_eq!((&thread.body["parentMessage"], thread.ids("replies").len()), (&tombstone, 2));

        cy.delete(&path(&branch)).await;
        assert_eq!(message(eve, &task, &root["id"]).await["replyCount"], 1);
        assert_eq!(message(eve, &task, &branch["id"]).await["replyCount"], 1);
        assert_eq!(messages(eve, &task).await.len(), 4, "two tombstones, their last answer, and the last message");
        bo.delete(&path(&leaf)).await;
        assert_eq!(messages(eve, &task).await, std::slice::from_ref(last), "the tombstones vanish with the last answer");
        assert_eq!(counted().await, (Some(1), last["createdAt"].clone(), Some(10)));
        bo.delete(&path(last)).await;
        assert_eq!(counted().await, (Some(0), Value::Null, Some(11)));
        assert_eq!(kinds(eve, &task).await.iter().filter(|kind| *kind == "message_deleted").count(), 5);
    }

    async fn only_the_sender_edits_and_the_same_words_are_no_edit(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, cy) = (&world.bo, &world.cy);
        let task = bo.files("Printer", json!({})).await;
        let said = bo.says(&task, "It *burns*").await;
        let answer = cy.answers(&task, "Where?", &said).await;
        app.clock.advance(1000);
        for person in [cy, &world.ada] {
            assert_eq!(person.put(&path(&said), &json!({"content": "x"})).await.refusal(), (403, "forbidden"));
        }
        for (what, field) in [
            (json!({"content": " "}), ("content", "length")), (json!({"content": "x".repeat(20_001)}), ("content", "length")),
            (json!({}), ("content", "required")), (json!({"content": "x", "taskId": 1}), ("taskId", "unknown")),
        ] {
            assert_eq!(bo.put(&path(&said), &what).await.fields(), [field]);
        }
        assert_eq!(bo.put("/api/messages/999", &json!({"content": "x"})).await.refusal(), (404, "not_found"));
        let same = bo.put(&path(&said), &json!({"content": " It *burns* "})).await;
        assert_eq!(same.body["data"]["editedAt"], Value::Null);
        assert_eq!(kinds(bo, &task).await.len(), 3);
        let edited = bo.put(&path(&said), &json!({"content": "It **burnt**"})).await;
        assert_eq!((edited.status, &edited.body["message"]), (200, &json!("Message updated")));
        let data = edited.body["data"].clone();
        for (field, value) in [
            ("content", json!("It **burnt**")), ("contentHtml", json!("<p>It <strong>burnt</strong></p>\n")),
            ("editedAt", json!("2026-11-18T11:06:41.000Z")), ("updatedAt", json!("2026-11-18T11:06:41.000Z")),
            ("createdAt", said["createdAt"].clone()), ("seq", json!(2)), ("replyCount", json!(1)), ("deletedAt", Value::Null),
        ] {
            assert_eq!(data[field], value, "{field}");
        }
        assert_eq!(message(cy, &task, &said["id"]).await, data);
        assert_eq!(message(cy, &task, &answer["id"]).await["replyTo"]["content"], "It **burnt**");
        assert_eq!(kinds(bo, &task).await, ["task_created", "message_posted", "message_posted", "message_edited"]);
        assert_eq!(read_task(bo, &task).await["lastMessageAt"], said["createdAt"]);
    }

    async fn a_client_id_names_one_message_for_ever(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, cy) = (&world.bo, &world.cy);
        let (task, other) = (bo.files("Printer", json!({})).await, bo.files("Other", json!({})).await);
        let question = cy.says(&task, "?").await;
        let body = json!({"content": "Yes", "clientId": "mine", "replyToId": question["id"]});
        let mut sent = tokio::task::JoinSet::new();
        for n in 0..10 {
            let (bo, task, body) = (bo.clone(), task.clone(), body.clone());
            sent.spawn(async move { post(&bo, n % 2, &task, body).await });
        }
        let answers = sent.join_all().await;
        let first = answers.first().map(|answer| answer.body["data"].clone()).unwrap_or_default();
        for answer in &answers {
            assert_eq!((answer.status, &answer.body["data"]), (201, &first));
        }
        assert_eq!(read_task(bo, &task).await["messageCount"], 2);
        for (task, changed) in [
            (&task, json!({"content": "No", "clientId": "mine", "replyToId": question["id"]})),
            (&task, json!({"content": "Yes", "clientId": "mine"})),
            (&other, json!({"content": "Yes", "clientId": "mine"})),
        ] {
            assert_eq!(post(bo, 0, task, changed).await.refusal(), (422, "idempotency_key_reused"));
        }
        let by_cy = post(cy, 0, &task, body.clone()).await;
        assert_ne!(by_cy.body["data"]["id"], first["id"], "another's clientId is another's");
        // Whatever became of the message, or of what it answers.
        bo.put(&path(&first), &json!({"content": "Well"})).await;
        assert_eq!(post(bo, 1, &task, body.clone()).await.body["data"]["content"], "Well");
        cy.delete(&path(&question)).await;
        assert_eq!(post(bo, 0, &task, body.clone()).await.body["data"]["id"], first["id"]);
        bo.delete(&path(&first)).await;
        let again = post(bo, 0, &task, body.clone()).await;
        assert_eq!((again.status, &again.body["data"]["id"], &again.body["data"]["content"]), (201, &first["id"], &json!("")));
        // But not for whom the task is gone.
        let shut = json!({"visibility": "private"});
        assert_eq!(bo.put(&format!("/api/tasks/{}", task["id"]), &shut).await.status, 200);
        assert_eq!(post(cy, 0, &task, body).await.refusal(), (404, "not_found"));
        let key = |key: &str| {
            let request = bo.request(Method::POST, &format!("/api/tasks/{}/messages", other["id"]));
            request.header("Idempotency-Key", key).json(&json!({"content": "By key"}))
        };
        let (one, two) = (bo.send(key("k")).await, bo.send(key("k")).await);
        assert_eq!((one.status, &one.text, two.header("idempotency-replayed")), (201, &two.text, "true"));
        assert_eq!(read_task(bo, &other).await["messageCount"], 1);
    }

    async fn twenty_posters_at_once_are_numbered_without_gaps(engine) {
        let app = TestApp::start(engine).await;
        let (bo, cy) = (app.register("Bo").await, app.register("Cy").await);
        let task = bo.files("Printer", json!({})).await;
        let root = bo.says(&task, "Root").await;
        let mut posters = tokio::task::JoinSet::new();
        for n in 0..20 {
            let (person, task, root) = ([&bo, &cy][n % 2].clone(), task.clone(), root.clone());
            posters.spawn(async move {
                let to = if n % 4 == 0 { root } else { Value::Null };
                let first = person.answers(&task, &format!("{n} a"), &to).await;
                let second = person.answers(&task, &format!("{n} b"), &first).await;
                if n % 5 == 0 {
                    person.delete(&path(&second)).await;
                }
                vec![first, second]
            });
        }
        let mut posted: Vec<Value> = posters.join_all().await.concat();
        posted.sort_by_key(|message| message["seq"].as_i64());
        let events = bo.get(&format!("/api/tasks/{}/events?limit=100", task["id"])).await;
        let seqs: Vec<i64> = events.body["events"].as_array().into_iter().flatten().filter_map(|e| e["seq"].as_i64()).collect();
        assert_eq!(seqs, (1..=46).collect::<Vec<_>>());
        let now = read_task(&bo, &task).await;
        assert_eq!((&now["messageCount"], &now["seq"]), (&json!(37), &json!(46)));
        let listed = messages(&cy, &task).await;
        let seqs: Vec<Option<i64>> = listed.iter().map(|message| message["seq"].as_i64()).collect();
        assert!(seqs.is_sorted() && listed.len() == 37);
        let there: Vec<&Value> = posted.iter().map(|message| &message["id"]).filter(|id| listed.iter().any(|m| m["id"] == **id)).collect();
        assert_eq!(listed.iter().skip(1).map(|message| &message["id"]).collect::<Vec<_>>(), there, "ids as they were answered");
        let thread = cy.get(&format!("{}/thread?limit=100", path(&root))).await;
        assert_eq!(thread.body["parentMessage"]["replyCount"], thread.ids("replies").len());
    }
}
