//! Tasks: filed, read, changed, deleted, shared, and told of event by event.
#![expect(clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use faff_testkit::{Person, TestApp, on_both_engines};
use reqwest::Method;
use serde_json::{Value, json};

const START: &str = "2026-11-18T11:06:40.000Z";

fn path(task: &Value) -> String {
    format!("/api/tasks/{}", task["id"])
}

async fn read(person: &Person, task: &Value) -> Value {
    person.get(&path(task)).await.body["task"].clone()
}

/// Changes a task that may be changed so, and returns it.
async fn change(person: &Person, task: &Value, what: Value) -> Value {
    let answer = person.put(&path(task), &what).await;
    assert_eq!(answer.status, 200, "{what}: {answer:?}");
    answer.body["task"].clone()
}

/// Kind, actor and particulars of everything that happened in a task.
async fn events(person: &Person, task: &Value) -> Vec<(String, i64, Value)> {
    let answer = person.get(&format!("{}/events?limit=100", path(task))).await;
    let events = answer.body["events"].as_array().cloned().unwrap_or_default();
    let told = events.iter().map(|event| {
        let kind = event["kind"].as_str().unwrap_or_default().to_owned();
        (kind, event["actorId"].as_i64().unwrap_or_default(), event["data"].clone())
    });
    told.collect()
}

async fn last_event(person: &Person, task: &Value) -> (String, i64, Value) {
    events(person, task).await.pop().unwrap_or_default()
}

fn changed(person: &Person, changes: &Value) -> (String, i64, Value) {
    ("task_changed".to_owned(), person.id, json!({"changes": changes}))
}

on_both_engines! {
    async fn a_task_is_filed_with_defaults_and_with_everything_and_read_back_whole(engine) {
        let app = TestApp::start(engine).await;
        let (bo, cy) = (app.register("Bo").await, app.register("Cy").await);
        let by = |person: &Person| json!({"id": person.id, "name": person.name, "email": person.email});
        let answer = bo.post("/api/tasks", &json!({"title": " Printer \n", "description": "It **burns** <b>&</b>"})).await;
        assert_eq!(answer.status, 201);
        let task = answer.body["task"].clone();
        assert_eq!(task, json!({
            "id": task["id"], "title": "Printer", "description": "It **burns** <b>&</b>",
            "descriptionHtml": "<p>It <strong>burns</strong> &amp;</p>\n",
            "priority": "medium", "status": "open", "visibility": "team", "tags": [],
            "assignedToId": null, "assignedTo": null, "createdById": bo.id, "createdBy": by(&bo),
            "messageCount": 0, "lastMessageAt": null, "seq": 1, "version": 1,
            "createdAt": START, "updatedAt": START, "resolvedAt": null,
        }));
        assert_eq!(read(&cy, &task).await, task);
        assert_eq!(bo.get("/api/tasks").await.body["tasks"], json!([task]));
        assert_eq!(events(&cy, &task).await, [("task_created".to_owned(), bo.id, json!({}))]);

        app.clock.advance(1);
        let full = bo.files(&"ü".repeat(255), json!({
            "description": "ü".repeat(10_000), "priority": "urgent", "status": "closed", "visibility": "private",
            "tags": [" VPN", "a-b", "ab", "a.c", "a_d", "vpn"], "assignedToId": cy.id,
        })).await;
        for (field, value) in [
            ("priority", json!("urgent")), ("status", json!("closed")), ("visibility", json!("private")),
            ("tags", json!(["a-b", "a.c", "a_d", "ab", "vpn"])), ("assignedToId", json!(cy.id)), ("assignedTo", by(&cy)),
            ("createdAt", json!("2026-11-18T11:06:40.001Z")), ("resolvedAt", json!("2026-11-18T11:06:40.001Z")),
        ] {
            assert_eq!(full[field], value, "{field}");
        }
        assert_eq!(read(&cy, &full).await, full);
        // The order of tags is the same everywhere, so the same tags are no change.
        let same = change(&cy, &full, json!({"tags": ["ab", "a.c", "a-b", "vpn", "a_d"]})).await;
        assert_eq!(same, full);
        for (wrong, refusal) in [
            ("/api/tasks/999", (404, "not_found")), ("/api/tasks/0", (400, "invalid_id")),
            ("/api/tasks/x", (400, "invalid_id")), ("/api/tasks/9007199254740992", (400, "invalid_id")),
        ] {
            assert_eq!(bo.get(wrong).await.refusal(), refusal, "{wrong}");
        }
    }

    async fn a_task_that_is_not_right_is_refused_field_by_field(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let task = world.bo.files("Right", json!({})).await;
        world.ada.put(&format!("/api/users/{}", world.cy.id), &json!({"active": false})).await;
        let long = "x".repeat(256);
        let cases: Vec<(Value, Vec<(&str, &str)>)> = vec![
            (json!({"title": ""}), vec![("title", "length")]),
            (json!({"title": " \n\t"}), vec![("title", "length")]),
            (json!({"title": long}), vec![("title", "length")]),
            (json!({"title": "a\u{0}b"}), vec![("title", "format")]),
            (json!({"title": 7}), vec![("title", "type")]),
            (json!({"description": " "}), vec![("description", "length")]),
            (json!({"description": "x".repeat(10_001)}), vec![("description", "length")]),
            (json!({"title": "", "description": "", "tags": ["a b"]}),
                vec![("title", "length"), ("description", "length"), ("tags", "format")]),
            (json!({"priority": "huge"}), vec![("priority", "choice")]),
            (json!({"status": "Open"}), vec![("status", "choice")]),
            (json!({"visibility": "secret"}), vec![("visibility", "choice")]),
            (json!({"tags": "vpn"}), vec![("tags", "type")]),
            (json!({"tags": ["a", 7]}), vec![("tags[1]", "type")]),
            (json!({"tags": ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"]}), vec![("tags", "format")]),
            (json!({"assignedToId": 999}), vec![("assignedToId", "reference")]),
            (json!({"assignedToId": world.cy.id}), vec![("assignedToId", "reference")]),
            (json!({"assignedToId": 0}), vec![("assignedToId", "type")]),
            (json!({"assignedToId": "7"}), vec![("assignedToId", "type")]),
            (json!({"createdById": 1}), vec![("createdById", "unknown")]),
            (json!({"id": 1}), vec![("id", "unknown")]),
        ];
        for (what, fields) in &cases {
            let mut body = json!({"title": "Right", "description": "Right"});
            for (key, value) in what.as_object().into_iter().flatten() {
                body[key] = value.clone();
            }
            for answer in [world.bo.post("/api/tasks", &body).await, world.bo.put(&path(&task), what).await] {
                assert_eq!(answer.refusal(), (400, "validation_failed"), "{what}: {answer:?}");
                assert_eq!(answer.fields(), *fields, "{what}");
                assert_eq!(answer.body["error"], answer.body["message"]);
            }
        }
        for (body, field) in [(json!({"title": "x"}), "description"), (json!({"description": "x"}), "title")] {
            assert_eq!(world.bo.post("/api/tasks", &body).await.fields(), [(field, "required")]);
        }
        assert_eq!(world.bo.put(&path(&task), &json!({"version": "1"})).await.fields(), [("version", "type")]);
        assert_eq!(world.bo.put("/api/tasks/999", &json!({"title": "x"})).await.refusal(), (404, "not_found"));
        assert_eq!(read(&world.bo, &task).await, task, "a refusal leaves everything as it was");
        assert_eq!(world.bo.get("/api/tasks").await.ids("tasks").len(), 1);
    }

    async fn each_field_can_be_changed_and_each_change_is_one_version_and_one_event(engine) {
        let app = TestApp::start(engine).await;
        let (bo, cy) = (app.register("Bo").await, app.register("Cy").await);
        let mut task = bo.files("Printer", json!({"tags": ["hot"]})).await;
        let (id, nobody) = (cy.id.to_string(), "nobody");
        let steps = [
            (json!({"title": "Printer 2"}), json!([{"field": "title"}])),
            (json!({"description": "*New*"}), json!([{"field": "description"}])),
            (json!({"priority": "low"}), json!([{"field": "priority", "from": "medium", "to": "low"}])),
            (json!({"status": "in_progress"}), json!([{"field": "status", "from": "open", "to": "in_progress"}])),
            (json!({"tags": ["cold", "wet"]}), json!([{"field": "tags"}])),
            (json!({"tags": []}), json!([{"field": "tags"}])),
            (json!({"assignedToId": cy.id}), json!([{"field": "assignedToId", "from": nobody, "to": id}])),
            (json!({"visibility": "private"}), json!([{"field": "visibility", "from": "team", "to": "private"}])),
            (json!({"assignedToId": null, "visibility": "team"}), json!([
                {"field": "visibility", "from": "private", "to": "team"}, {"field": "assignedToId", "from": id, "to": nobody}])),
        ];
        for (what, changes) in steps {
            app.clock.advance(1000);
            let next = change(&bo, &task, what.clone()).await;
            for (field, value) in what.as_object().into_iter().flatten() {
                assert_eq!(next[field], *value, "{what}");
            }
            assert_eq!(next["version"].as_i64(), task["version"].as_i64().map(|n| n + 1));
            assert_eq!(next["seq"].as_i64(), task["seq"].as_i64().map(|n| n + 1));
            assert!(next["updatedAt"].as_str() > task["updatedAt"].as_str());
            assert_eq!(read(&bo, &task).await, next);
            assert_eq!(last_event(&bo, &task).await, changed(&bo, &changes));
            app.clock.advance(1000);
            assert_eq!(change(&bo, &task, what).await, next, "the same again is no change");
            assert_eq!(change(&bo, &task, json!({})).await, next, "nothing is no change");
            task = next;
        }
        assert_eq!(task["descriptionHtml"], "<p><em>New</em></p>\n");
        assert_eq!(task["createdAt"], START);
        assert_eq!(events(&bo, &task).await.len(), 10);

        // Since when it is over: set, kept and cleared.
        app.clock.advance(1000);
        task = change(&cy, &task, json!({"status": "resolved"})).await;
        let since = task["resolvedAt"].clone();
        assert_eq!(since, task["updatedAt"]);
        app.clock.advance(1000);
        assert_eq!(change(&cy, &task, json!({"status": "closed"})).await["resolvedAt"], since);
        assert_eq!(change(&cy, &task, json!({"priority": "high"})).await["resolvedAt"], since);
        assert_eq!(change(&cy, &task, json!({"status": "open"})).await["resolvedAt"], Value::Null);
        assert_ne!(change(&cy, &task, json!({"status": "closed"})).await["resolvedAt"], since);
    }

    async fn of_twenty_changes_to_one_version_one_wins(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let task = bo.files("Printer", json!({})).await;
        let mut changes = tokio::task::JoinSet::new();
        for n in 0..20 {
            let (bo, path) = (bo.clone(), path(&task));
            changes.spawn(async move { bo.put(&path, &json!({"title": format!("Change {n}"), "version": 1})).await });
        }
        let answers = changes.join_all().await;
        let won: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!(won.len(), 1);
        assert_eq!(answers.iter().filter(|answer| answer.refusal() == (409, "version_conflict")).count(), 19);
        let now = read(&bo, &task).await;
        assert_eq!(won.first().map(|answer| &answer.body["task"]), Some(&now));
        assert_eq!((&now["version"], &now["seq"]), (&json!(2), &json!(2)));
        // A version of long ago is refused even where nothing would be changed; no version never conflicts.
        let again = json!({"title": now["title"], "version": 1});
        assert_eq!(bo.put(&path(&task), &again).await.refusal(), (409, "version_conflict"));
        assert_eq!(change(&bo, &task, json!({"title": "Last", "version": 2})).await["version"], 3);
        assert_eq!(change(&bo, &task, json!({"title": "Very last"})).await["version"], 4);

        // Without versions, all take place, one behind the other.
        let mut changes = tokio::task::JoinSet::new();
        for n in 0..20 {
            let (bo, path) = (bo.clone(), path(&task));
            changes.spawn(async move { bo.put(&path, &json!({"title": format!("Change {n}")})).await.body["task"]["seq"].as_i64() });
        }
        let mut seqs = changes.join_all().await;
        seqs.sort_unstable();
        assert_eq!(seqs, (5..25).map(Some).collect::<Vec<_>>());
        assert_eq!(read(&bo, &task).await["version"], 24);
    }

    async fn visibility_is_for_the_creator_the_assignee_and_administrators_to_change(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let task = world.bo.files("Printer", json!({"assignedToId": world.cy.id})).await;
        world.bo.send(world.bo.request(Method::PUT, &format!("{}/participants/{}", path(&task), world.eve.id))).await;
        let private = json!({"visibility": "private", "title": "Hidden"});
        assert_eq!(world.eve.put(&path(&task), &private).await.refusal(), (403, "forbidden"));
        assert_eq!(read(&world.eve, &task).await["title"], "Printer", "a refused change changes nothing");
        change(&world.eve, &task, json!({"visibility": "team", "title": "Same"})).await;
        for person in [&world.bo, &world.cy, &world.ada] {
            for visibility in ["private", "team"] {
                assert_eq!(change(person, &task, json!({"visibility": visibility})).await["visibility"], visibility);
            }
        }
    }

    async fn only_an_administrator_deletes_a_task_and_its_log_remains(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let task = world.bo.files("Printer zebra", json!({"tags": ["hot"], "assignedToId": world.cy.id})).await;
        let kept = world.bo.files("Kept zebra", json!({})).await;
        let first = world.bo.says(&task, "A zebra").await;
        world.cy.answers(&task, "Another zebra", &first).await;
        let other = world.bo.says(&kept, "Not that zebra").await;
        world.bo.send(world.bo.request(Method::PUT, &format!("{}/participants/{}", path(&task), world.eve.id))).await;
        for person in [&world.bo, &world.cy, &world.eve] {
            assert_eq!(person.delete(&path(&task)).await.refusal(), (403, "forbidden"));
        }
        let deleted = world.ada.delete(&path(&task)).await;
        assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
        for gone in [
            path(&task), format!("{}/messages", path(&task)), format!("{}/events", path(&task)),
            format!("{}/participants", path(&task)), format!("/api/messages/{}/thread", first["id"]),
        ] {
            assert_eq!(world.ada.get(&gone).await.refusal(), (404, "not_found"), "{gone}");
        }
        assert_eq!(world.ada.delete(&path(&task)).await.refusal(), (404, "not_found"));
        let edit = format!("/api/messages/{}", first["id"]);
        assert_eq!(world.bo.put(&edit, &json!({"content": "x"})).await.refusal(), (404, "not_found"));
        assert_eq!(world.bo.delete(&edit).await.refusal(), (404, "not_found"));
        assert_eq!(world.bo.get("/api/tasks?search=zebra").await.ids("tasks"), [kept["id"].as_i64().unwrap_or_default()]);
        assert_eq!(world.bo.get(&format!("{}/messages", path(&kept))).await.body["messages"], json!([other]));
        let audit = world.ada.get(&format!("/api/audit?taskId={}", task["id"])).await;
        let kinds: Vec<&str> = audit.body["events"].as_array().into_iter().flatten()
            .filter_map(|event| event["kind"].as_str()).collect();
        assert_eq!(kinds, ["task_deleted", "participant_added", "message_posted", "message_posted", "task_created"]);
        assert_eq!(audit.body["events"][0]["seq"], 5);
        let next = world.bo.files("Next", json!({})).await;
        assert!(next["id"].as_i64() > kept["id"].as_i64(), "an id is never used again");
    }

    async fn people_are_let_into_a_private_task_taken_out_and_leave(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (ada, bo, cy, eve) = (&world.ada, &world.bo, &world.cy, &world.eve);
        let task = bo.files("Salaries", json!({"visibility": "private"})).await;
        let participants = format!("{}/participants", path(&task));
        let of = |person: &Person| format!("{participants}/{}", person.id);
        let put = async |by: &Person, who: &Person| by.send(by.request(Method::PUT, &of(who))).await;
        let people = async |by: &Person| by.get(&participants).await.ids("participants");
        assert_eq!(people(bo).await, [0_i64; 0]);
        assert_eq!(cy.get(&path(&task)).await.refusal(), (404, "not_found"));
        assert_eq!(put(cy, cy).await.refusal(), (404, "not_found"));
        assert_eq!(put(bo, cy).await.status, 204);
        assert_eq!(put(bo, cy).await.status, 204, "again is no change");
        assert_eq!(last_event(cy, &task).await, ("participant_added".into(), bo.id, json!({"userId": cy.id})));
        assert_eq!(put(cy, eve).await.refusal(), (403, "forbidden"));
        assert_eq!(put(ada, eve).await.status, 204);
        assert_eq!(people(eve).await, [cy.id, eve.id]);
        let listed = cy.get(&participants).await;
        assert_eq!(listed.body["participants"][0], json!({"id": cy.id, "name": "Cy", "email": cy.email}));
        assert_eq!(cy.delete(&of(eve)).await.refusal(), (403, "forbidden"));
        assert_eq!(eve.delete(&of(eve)).await.status, 204, "everyone may leave");
        assert_eq!(eve.delete(&of(eve)).await.refusal(), (404, "not_found"), "and is a stranger then");
        assert_eq!(eve.get(&participants).await.refusal(), (404, "not_found"));
        assert_eq!(bo.delete(&of(cy)).await.status, 204);
        assert_eq!(bo.delete(&of(cy)).await.status, 204, "again is no change");
        assert_eq!(cy.get(&path(&task)).await.refusal(), (404, "not_found"));
        // Whoever works on it needs no letting in, and may let others in.
        change(bo, &task, json!({"assignedToId": cy.id})).await;
        assert_eq!(put(cy, eve).await.status, 204);
        for (who, code) in [(999, "reference"), (0, "")] {
            let answer = bo.send(bo.request(Method::PUT, &format!("{participants}/{who}"))).await;
            assert_eq!((answer.status, answer.fields().first().map_or("", |field| field.1)), (400, code));
        }
        ada.put(&format!("/api/users/{}", eve.id), &json!({"active": false})).await;
        assert_eq!(put(bo, eve).await.fields(), [("userId", "reference")]);
        let kinds: Vec<String> = events(bo, &task).await.into_iter().map(|(kind, ..)| kind).collect();
        assert_eq!(kinds, ["task_created", "participant_added", "participant_added", "participant_removed",
            "participant_removed", "task_changed", "participant_added"]);
        let task = read(bo, &task).await;
        assert_eq!((&task["seq"], &task["version"]), (&json!(7), &json!(2)), "people are no field of the task");
    }

    async fn events_are_told_from_a_position_on_without_gaps(engine) {
        let app = TestApp::start(engine).await;
        let (bo, cy) = (app.register("Bo").await, app.register("Cy").await);
        let task = bo.files("Printer", json!({})).await;
        bo.files("Another with a log of its own", json!({})).await;
        let message = cy.says(&task, "Hm").await;
        let answer = bo.answers(&task, "Yes?", &message).await;
        bo.put(&format!("/api/messages/{}", answer["id"]), &json!({"content": "Yes!"})).await;
        app.clock.advance(1000);
        bo.delete(&format!("/api/messages/{}", answer["id"])).await;
        let (id, events) = (answer["id"].clone(), format!("{}/events", path(&task)));
        let all = cy.get(&events).await;
        let data: Vec<&Value> = all.body["events"].as_array().into_iter().flatten().map(|event| &event["data"]).collect();
        assert_eq!(data, [
            &json!({}), &json!({"messageId": message["id"], "replyToId": null}),
            &json!({"messageId": id, "replyToId": message["id"]}), &json!({"messageId": id}), &json!({"messageId": id}),
        ]);
        assert_eq!(all.body["events"][4], json!({
            "seq": 5, "taskId": task["id"], "kind": "message_deleted", "actorId": bo.id,
            "actor": {"id": bo.id, "name": "Bo", "email": bo.email}, "at": "2026-11-18T11:06:41.000Z", "data": {"messageId": id},
        }));
        for after in 0..7_usize {
            for limit in [1, 2, 4, 5, 100] {
                let page = cy.get(&format!("{events}?after={after}&limit={limit}")).await;
                let seqs: Vec<usize> = page.body["events"].as_array().into_iter().flatten()
                    .filter_map(|event| usize::try_from(event["seq"].as_u64()?).ok()).collect();
                assert_eq!(seqs, (after + 1..=5.min(after + limit)).collect::<Vec<_>>());
                assert_eq!(page.body["seq"], 5);
                assert_eq!(page.body["hasMore"], after + limit < 5, "after {after}, limit {limit}");
            }
        }
        for (query, field) in [
            ("after=-1", ("after", "range")), ("limit=0", ("limit", "range")), ("limit=101", ("limit", "range")),
            ("after=x", ("after", "type")),
        ] {
            assert_eq!(cy.get(&format!("{events}?{query}")).await.fields(), [field], "{query}");
        }
    }
}
