//! Summaries: written by people, made by a machine later, told to the room, and gone with what they are about.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use faff_store::{Tx, jobs};
use faff_testkit::{Answer, Person, TestApp, on_both_engines};
use faff_types::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

async fn generate(person: &Person, task: &Value) -> Answer {
    person.post(&format!("/api/summaries/generate/{}", task["id"]), &json!({})).await
}

async fn show(person: &Person, task: &Value) -> Value {
    let answer = person.get(&format!("/api/summaries/task/{}", task["id"])).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

async fn write(person: &Person, task: &Value, content: &str) -> Answer {
    person.post("/api/summaries", &json!({"taskId": task["id"], "content": content})).await
}

/// The kinds of events of a task that are about summaries.
async fn kinds(person: &Person, task: &Value) -> Vec<String> {
    let events = person.get(&format!("/api/tasks/{}/events?limit=100", task["id"])).await;
    let events = events.body["events"].as_array().cloned().unwrap();
    let kinds = events.iter().map(|event| event["kind"].as_str().unwrap().to_owned());
    kinds.filter(|kind| kind.starts_with("summary_")).collect()
}

/// A ticket with something said in it, and the messages.
async fn printer(bo: &Person, cy: &Person) -> (Value, Vec<Value>) {
    let task = bo.files("Printer on fire", json!({"description": "Smoke since nine."})).await;
    let first = bo.says(&task, "The printer on floor 2 burns since nine. The fan is broken.").await;
    let second = cy.answers(&task, "I ordered a new fan from https://fans.example for 40 EUR.", &first).await;
    let third = bo.says(&task, "The fan will come on Monday; then we replace it.").await;
    (task, vec![first, second, third])
}

fn cited(summary: &Value) -> Vec<i64> {
    let lists = ["keyPoints", "entities"].map(|list| summary[list].as_array().unwrap().clone());
    let ids = lists.iter().flatten().flat_map(|entry| entry["messageIds"].as_array().unwrap().clone());
    ids.map(|id| id.as_i64().unwrap()).collect()
}

on_both_engines! {
    async fn a_summary_is_made_later_and_cites_what_was_said(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, cy) = (&world.bo, &world.cy);
        let (task, messages) = printer(bo, cy).await;
        assert_eq!(show(bo, &task).await, json!({"summary": null, "generated": null, "written": null, "job": null}));

        let asked = generate(bo, &task).await;
        assert_eq!(asked.status, 202, "{asked:?}");
        assert_eq!((&asked.body["summary"], &asked.body["job"]), (&Value::Null, &json!({"state": "waiting", "code": null})));
        assert_eq!(generate(cy, &task).await.status, 202, "who asks as well waits as well");
        assert_eq!(app.work().await, 1, "for one summary");
        assert_eq!(app.work().await, 0);

        let shown = show(cy, &task).await;
        let summary = &shown["summary"];
        assert_eq!((&shown["generated"], &shown["written"], &shown["job"]), (summary, &Value::Null, &Value::Null));
        assert_eq!((&summary["taskId"], &summary["source"], &summary["model"]), (&task["id"], &json!("built-in"), &Value::Null));
        assert_eq!((&summary["stale"], &summary["upToSeq"], &summary["createdById"]), (&json!(false), &json!(5), &json!(bo.id)));
        assert!(!summary["content"].as_str().unwrap().is_empty());
        let ids: Vec<i64> = messages.iter().map(|message| message["id"].as_i64().unwrap()).collect();
        assert!(!cited(summary).is_empty());
        assert!(cited(summary).iter().all(|id| ids.contains(id)), "{summary}");
        let again = generate(bo, &task).await;
        assert_eq!((again.status, &again.body["summary"]), (200, summary), "it is there, so it is the answer");
        assert_eq!(kinds(bo, &task).await, ["summary_requested", "summary_generated"]);

        // What is said, edited, deleted or changed makes it stale; what a summary does not tell does not.
        let path = format!("/api/tasks/{}", task["id"]);
        bo.put(&path, &json!({"priority": "high", "tags": ["fan"]})).await;
        assert_eq!(show(bo, &task).await["summary"]["stale"], false);
        bo.put(&path, &json!({"status": "in_progress"})).await;
        assert_eq!(show(bo, &task).await["summary"]["stale"], true);
        for n in 0..3 {
            assert_eq!(generate(bo, &task).await.status, 202);
            assert_eq!(app.work().await, 1);
            let shown = show(bo, &task).await["summary"].clone();
            assert_eq!((&shown["stale"], &shown["id"]), (&json!(false), &summary["id"]), "one of a kind");
            match n {
                0 => drop(bo.put(&format!("/api/messages/{}", messages[0]["id"]), &json!({"content": "It burns."})).await),
                1 => drop(cy.says(&task, "It came.").await),
                _ => break,
            }
            assert_eq!(show(bo, &task).await["summary"]["stale"], true, "{n}");
        }
    }

    async fn what_people_write_stands_beside_what_was_made(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, cy) = (&world.bo, &world.cy);
        let (task, _) = printer(bo, cy).await;
        let written = write(bo, &task, " It **burnt**. <script>alert(1)</script> ").await;
        assert_eq!(written.status, 201, "{written:?}");
        let first = &written.body["summary"];
        assert_eq!((&first["content"], &first["source"]), (&json!("It **burnt**. <script>alert(1)</script>"), &json!("person")));
        assert!(first["contentHtml"].as_str().unwrap().contains("<strong>burnt</strong>"));
        assert!(!first["contentHtml"].as_str().unwrap().contains("<script"));
        assert_eq!((&first["createdById"], &first["upToSeq"], &first["stale"]), (&json!(bo.id), &json!(4), &json!(false)));
        assert_eq!(show(bo, &task).await["summary"], *first);

        generate(bo, &task).await;
        app.work().await;
        let both = show(bo, &task).await;
        assert_eq!((&both["written"]["id"], &both["generated"]), (&first["id"], &both["summary"]), "the last one counts");
        assert_ne!(both["generated"]["id"], first["id"]);
        let second = write(cy, &task, "It burnt, and is mended.").await.body["summary"].clone();
        let both = show(bo, &task).await;
        assert_eq!((&both["written"], &both["summary"]), (&second, &second));
        assert_eq!(both["generated"]["source"], "built-in");
        assert_eq!(kinds(bo, &task).await, ["summary_written", "summary_requested", "summary_generated", "summary_written"]);
        bo.says(&task, "Not yet!").await;
        assert_eq!(show(bo, &task).await["written"]["stale"], true);
        for (body, field, code) in [
            (json!({"taskId": task["id"], "content": " "}), "content", "length"),
            (json!({"taskId": task["id"], "content": "x".repeat(20_001)}), "content", "length"),
            (json!({"taskId": task["id"], "content": "a\u{0}b"}), "content", "format"),
            (json!({"taskId": task["id"]}), "content", "required"),
            (json!({"content": "x"}), "taskId", "required"),
            (json!({"taskId": task["id"], "content": "x", "source": "ai"}), "source", "unknown"),
        ] {
            let answer = bo.post("/api/summaries", &body).await;
            assert_eq!((answer.refusal(), answer.fields()), ((400, "validation_failed"), vec![(field, code)]), "{body}");
        }
    }

    async fn the_same_key_gives_the_same_answer(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, cy) = (&world.bo, &world.cy);
        let (task, _) = printer(bo, cy).await;
        let keyed = async |path: &str, body: Option<Value>| {
            let mut request = bo.request(Method::POST, path).header("Idempotency-Key", "mine");
            if let Some(body) = body {
                request = request.json(&body);
            }
            bo.send(request).await
        };
        let path = format!("/api/summaries/generate/{}", task["id"]);
        let first = keyed(&path, None).await;
        app.work().await;
        let again = keyed(&path, Some(json!({"whatever": 1}))).await;
        assert_eq!((first.status, &first.body), (again.status, &again.body));
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(generate(bo, &task).await.status, 200);
        let other = keyed("/api/summaries", Some(json!({"taskId": task["id"], "content": "x"}))).await;
        assert_eq!(other.refusal(), (422, "idempotency_key_reused"));
        assert_eq!(kinds(bo, &task).await, ["summary_requested", "summary_generated"]);
    }

    async fn words_of_a_deleted_message_are_in_no_made_summary(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, cy) = (&world.bo, &world.cy);
        let (task, messages) = printer(bo, cy).await;
        let secret = cy.says(&task, "The password of the printer is hunter2hunter2, and the fan needs it.").await;
        write(bo, &task, "hunter2hunter2 is what I wrote myself").await;
        generate(bo, &task).await;
        app.work().await;
        let mut live = bo.watch(&task).await;
        assert_eq!(cy.delete(&format!("/api/messages/{}", secret["id"])).await.status, 200);
        let gone = show(bo, &task).await;
        assert_eq!((&gone["generated"], &gone["job"]["state"]), (&Value::Null, &json!("waiting")), "at once");
        assert_eq!(gone["written"]["content"], "hunter2hunter2 is what I wrote myself", "people's words are theirs");
        assert_eq!(app.work().await, 1, "and made anew, without being asked");
        let shown = show(bo, &task).await["generated"].clone();
        assert!(!shown.to_string().contains("hunter2"), "{shown}");
        assert!(!cited(&shown).contains(&secret["id"].as_i64().unwrap()));
        assert_eq!((&shown["stale"], &shown["createdById"]), (&json!(false), &Value::Null));
        assert_eq!(live.next("summary_withdrawn").await["taskId"], task["id"]);
        assert_eq!(live.next("summary_updated").await["id"], shown["id"]);

        // A message that came later was in no summary, so its deletion takes none back.
        let later = cy.says(&task, "Never mind").await;
        cy.delete(&format!("/api/messages/{}", later["id"])).await;
        assert_eq!(show(bo, &task).await["generated"]["content"], shown["content"]);
        assert_eq!(app.work().await, 0);
        // An edit makes stale, and is read anew.
        let edit = json!({"content": "The printer on floor 3 burns since nine. The fan is broken."});
        bo.put(&format!("/api/messages/{}", messages[0]["id"]), &edit).await;
        generate(bo, &task).await;
        app.work().await;
        assert!(!show(bo, &task).await["generated"].to_string().contains("floor 2"));
    }

    async fn the_room_is_told_and_a_stranger_is_not(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, cy, eve) = (&world.bo, &world.cy, &world.eve);
        let task = bo.files("Salaries", json!({"visibility": "private"})).await;
        bo.send(bo.request(Method::PUT, &format!("/api/tasks/{}/participants/{}", task["id"], cy.id))).await;
        bo.says(&task, "Everybody earns too little").await;
        let mut watching = cy.watch(&task).await;
        let mut strange = eve.connect().await;
        assert_eq!(strange.ask("join_task", &task["id"]).await["error"]["code"], "not_found");
        write(bo, &task, "Too little").await;
        generate(bo, &task).await;
        app.work().await;
        let written = watching.next("summary_updated").await;
        assert_eq!((&written["content"], &written["eventSeq"]), (&json!("Too little"), &json!(4)));
        assert_eq!(watching.next("summary_requested").await, json!({"taskId": task["id"], "seq": 5}));
        let made = watching.next("summary_updated").await;
        assert_eq!((&made["source"], &made["eventSeq"]), (&json!("built-in"), &json!(6)));
        let mut shown = show(cy, &task).await["generated"].clone();
        shown["eventSeq"] = json!(6);
        assert_eq!(made, shown);

        let mut late = cy.connect().await;
        let joined = late.ask("join_task", &json!({"taskId": task["id"], "afterSeq": 3})).await;
        let events = joined["events"].as_array().unwrap();
        let told: Vec<_> = events.iter().map(|event| (event["event"].as_str().unwrap(), event["seq"].as_i64().unwrap())).collect();
        assert_eq!(told, [("summary_updated", 4), ("summary_requested", 5), ("summary_updated", 6)]);
        assert_eq!(events[2]["data"], made, "who comes back is told the same");

        for (status, answer) in [
            (404, eve.get(&format!("/api/summaries/task/{}", task["id"])).await),
            (404, generate(eve, &task).await),
            (404, write(eve, &task, "x").await),
            (404, eve.get("/api/summaries/task/4711").await),
            (401, app.anyone().get(&format!("/api/summaries/task/{}", task["id"])).await),
            (400, bo.get("/api/summaries/task/x").await),
        ] {
            assert_eq!(answer.status, status, "{answer:?}");
        }
        assert_eq!(strange.names().await, [""; 0]);
        assert_eq!(kinds(bo, &task).await.len(), 3, "a stranger has asked for nothing");
    }

    async fn of_many_workers_one_makes_it_and_who_is_killed_is_replaced(engine) {
        let mut app = TestApp::start_with(engine, |settings| settings.worker = true).await;
        let mut other = app.another_node_with(|settings| settings.worker = true).await;
        let world = app.world().await;
        let mut tasks = Vec::new();
        for n in 0..12 {
            let task = world.bo.files(&format!("Printer {n}"), json!({})).await;
            world.cy.says(&task, "It burns. The fan is broken.").await;
            tasks.push(task);
        }
        let asking = tasks.iter().map(|task| generate(&world.bo, task));
        for answer in one_by_one(asking).await {
            assert_eq!(answer.status, 202);
        }
        for task in &tasks {
            while show(&world.bo, task).await["generated"].is_null() {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        }
        app.drain().await;
        other.drain().await;
        let alone = app.another_node().await;
        assert_eq!(alone.work().await, 0);
        for task in &tasks {
            let bo = alone.log_in(&world.bo.email).await;
            assert_eq!(kinds(&bo, task).await, ["summary_requested", "summary_generated"], "once each");
        }
    }

    async fn a_job_whose_worker_was_killed_is_done_by_another_and_once(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (task, _) = printer(&world.bo, &world.cy).await;
        generate(&world.bo, &task).await;
        let db = app.database.open().await;
        let claim = |now: Timestamp| {
            let db = db.clone();
            async move {
                let claimed = db.write(async move |tx: &mut Tx<'_>| {
                    jobs::claim(tx, &["summary"], now, now.plus_millis(60_000)).await
                });
                claimed.await.unwrap().value
            }
        };
        // Killed five times, each time in the middle: nothing is heard of it again.
        for attempt in 1..=5 {
            let job = claim(app.clock.now()).await.unwrap();
            assert_eq!(job.attempt, attempt);
            assert_eq!(app.work().await, 0, "it is another's as long as its lease");
            assert_eq!(show(&world.bo, &task).await["job"], json!({"state": "running", "code": null}));
            if attempt == 2 {
                assert_eq!(generate(&world.bo, &task).await.status, 202);
            }
            app.clock.advance(60_001);
        }
        // One that ends all its workers is given up; the one that was asked for meanwhile takes its place.
        assert_eq!(app.work().await, 2);
        let shown = show(&world.bo, &task).await;
        assert_eq!((&shown["generated"]["stale"], &shown["job"]), (&json!(false), &Value::Null));
        assert_eq!(kinds(&world.bo, &task).await, ["summary_requested", "summary_requested", "summary_generated"]);

        world.cy.says(&task, "More").await;
        generate(&world.bo, &task).await;
        for _ in 0..5 {
            claim(app.clock.now()).await.unwrap();
            app.clock.advance(60_001);
        }
        assert_eq!(app.work().await, 1);
        let failed = show(&world.bo, &task).await;
        assert_eq!(failed["job"], json!({"state": "failed", "code": "worker_lost"}));
        assert_eq!(failed["generated"]["id"], shown["generated"]["id"], "the old one stays");
        assert_eq!(kinds(&world.bo, &task).await.last().unwrap(), "summary_failed");
        assert_eq!(generate(&world.bo, &task).await.status, 202, "who asks again begins anew");
        assert_eq!(app.work().await, 1);
        assert_eq!(show(&world.bo, &task).await["generated"]["stale"], false);
    }

    async fn all_of_it_goes_with_the_task(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (task, _) = printer(&world.bo, &world.cy).await;
        write(&world.bo, &task, "x").await;
        generate(&world.bo, &task).await;
        app.work().await;
        world.bo.says(&task, "More").await;
        generate(&world.bo, &task).await;
        assert_eq!(world.ada.delete(&format!("/api/tasks/{}", task["id"])).await.status, 204);
        assert_eq!(app.work().await, 0, "nobody needs it any more");
        assert_eq!(world.bo.get(&format!("/api/summaries/task/{}", task["id"])).await.status, 404);
    }
}

async fn one_by_one<T>(all: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut done = Vec::new();
    for one in all {
        done.push(one.await);
    }
    done
}
