//! How far people have read, and what they have not.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use faff_testkit::{Answer, Person, TestApp, on_both_engines};
use reqwest::Method;
use serde_json::{Value, json};

async fn read(person: &Person, task: &Value) -> Value {
    let answer = person.get(&format!("/api/tasks/{}/read", task["id"])).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["reading"].clone()
}

async fn mark(person: &Person, task: &Value, body: Value) -> Answer {
    person.put(&format!("/api/tasks/{}/read", task["id"]), &body).await
}

/// Place, count, and the first unread message.
fn told(reading: &Value) -> (i64, i64, Option<i64>) {
    (
        reading["readSeq"].as_i64().unwrap(),
        reading["unreadCount"].as_i64().unwrap(),
        reading["firstUnreadId"].as_i64(),
    )
}

fn id(thing: &Value) -> Option<i64> {
    thing["id"].as_i64()
}

on_both_engines! {
    async fn a_place_goes_forward_and_back_only_when_asked(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, cy) = (&world.bo, &world.cy);
        let task = bo.files("Printer", json!({})).await;
        let first = bo.says(&task, "First").await;
        let own = cy.says(&task, "My own").await;
        let third = bo.says(&task, "Third").await;
        assert_eq!(told(&read(cy, &task).await), (0, 2, id(&first)), "one's own are not unread");
        assert_eq!(told(&read(bo, &task).await), (0, 1, id(&own)));
        let marked = mark(cy, &task, json!({"seq": first["seq"]})).await;
        assert_eq!((marked.status, told(&marked.body["reading"])), (200, (2, 1, id(&third))));
        assert_eq!(told(&read(bo, &task).await).0, 0, "everybody has a place of their own");
        let end = third["seq"].as_i64().unwrap();
        assert_eq!(told(&mark(cy, &task, json!({"seq": end})).await.body["reading"]), (end, 0, None));
        // Another window that is behind changes nothing.
        for seq in [0, 1, 2, end] {
            assert_eq!(told(&mark(cy, &task, json!({"seq": seq})).await.body["reading"]).0, end, "{seq}");
        }
        let back = mark(cy, &task, json!({"seq": first["seq"], "back": true})).await;
        assert_eq!(told(&back.body["reading"]), (2, 1, id(&third)));
        bo.delete(&format!("/api/messages/{}", third["id"])).await;
        assert_eq!(told(&read(cy, &task).await), (2, 0, None), "what was taken back is not to be read");
        for (body, field) in [
            (json!({"seq": -1}), "seq"), (json!({"seq": end + 2}), "seq"), (json!({"seq": i64::MAX}), "seq"),
            (json!({"seq": "1"}), "seq"), (json!({"seq": 1.5}), "seq"), (json!({"seq": null}), "seq"), (json!({}), "seq"),
            (json!({"seq": 1, "back": 1}), "back"), (json!({"seq": 1, "userId": bo.id}), "userId"),
        ] {
            let answer = mark(cy, &task, body.clone()).await;
            assert_eq!((answer.status, answer.fields().first().map(|field| field.0)), (400, Some(field)), "{body}");
        }
        assert_eq!(told(&read(cy, &task).await).0, 2);
        let events = bo.get(&format!("/api/tasks/{}/events?limit=100", task["id"])).await;
        assert_eq!(events.body["events"].as_array().unwrap().len(), 5, "reading leaves no trace in the log");
    }

    async fn a_page_of_tickets_learns_what_is_unread_with_one_question(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, cy, eve) = (&world.bo, &world.cy, &world.eve);
        let mut tasks = Vec::new();
        for n in 0..5 {
            let task = bo.files(&format!("Task {n}"), json!({})).await;
            for m in 0..n {
                bo.says(&task, &format!("Message {m}")).await;
            }
            tasks.push(task);
        }
        let private = bo.files("Salaries", json!({"visibility": "private"})).await;
        let private_message = bo.says(&private, "Secret").await;
        let ids = |tasks: &[&Value]| tasks.iter().map(|task| task["id"].to_string()).collect::<Vec<_>>().join(",");
        let all = ids(&tasks.iter().chain([&private]).collect::<Vec<_>>());
        let path = format!("/api/reading?taskIds={all},999");
        let list = cy.get(&path).await;
        let counts: Vec<_> = list.body["reading"].as_array().unwrap().iter().map(|reading| told(reading).1).collect();
        assert_eq!(counts, [0, 1, 2, 3, 4], "{list:?}");
        let of_eve = eve.get(&path).await.text;
        assert!(!of_eve.contains(&format!("\"taskId\":{}", private["id"])), "{of_eve}");
        assert_eq!(mark(eve, &private, json!({"seq": 1})).await.refusal(), (404, "not_found"));
        assert_eq!(eve.get(&format!("/api/tasks/{}/read", private["id"])).await.refusal(), (404, "not_found"));
        // Whoever is let in has a place, which is nothing once they are out again.
        let participant = format!("/api/tasks/{}/participants/{}", private["id"], eve.id);
        bo.send(bo.request(Method::PUT, &participant)).await;
        assert_eq!(told(&read(eve, &private).await), (0, 1, id(&private_message)));
        assert_eq!(mark(eve, &private, json!({"seq": 2})).await.status, 200);
        bo.delete(&participant).await;
        assert_eq!(mark(eve, &private, json!({"seq": 2})).await.status, 404);
        assert_eq!(eve.get(&path).await.text, of_eve);
        for wrong in ["", "x", "1,", ",1", "0", "-1", "1;2", "1,x", "9007199254740992", &vec!["1"; 101].join(",")] {
            let answer = cy.get(&format!("/api/reading?taskIds={wrong}")).await;
            assert_eq!((answer.status, answer.fields()), (400, vec![("taskIds", "format")]), "{wrong:.20}");
        }
        assert_eq!(cy.get("/api/reading").await.status, 400);
        assert_eq!(cy.get(&format!("/api/reading?taskIds={}", vec!["1"; 100].join(","))).await.status, 200);
        // It ends with the ticket.
        assert_eq!(world.ada.delete(&format!("/api/tasks/{}", private["id"])).await.status, 204);
        assert_eq!(read(cy, &tasks[1]).await["unreadCount"], 1);
    }

    async fn many_unread_messages_are_not_counted_one_by_one(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let task = world.bo.files("Busy", json!({})).await;
        for n in 0..120 {
            world.bo.says(&task, &format!("Message {n}")).await;
        }
        assert_eq!(read(&world.cy, &task).await["unreadCount"], 100);
        mark(&world.cy, &task, json!({"seq": 111})).await;
        assert_eq!(read(&world.cy, &task).await["unreadCount"], 10);
        // What was said before somebody came is not unread to them.
        app.clock.advance(1000);
        let fay = app.register("Fay").await;
        assert_eq!(told(&read(&fay, &task).await), (0, 0, None));
        let news = world.bo.says(&task, "Welcome").await;
        assert_eq!(told(&read(&fay, &task).await), (0, 1, id(&news)));
    }

    async fn other_windows_of_the_same_person_hear_of_it_and_nobody_else(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, cy) = (&world.bo, &world.cy);
        let task = bo.files("Printer", json!({})).await;
        let message = bo.says(&task, "Hello").await;
        let (mut desk, mut phone, mut other) = (cy.connect().await, cy.connect().await, bo.connect().await);
        desk.rest().await;
        mark(cy, &task, json!({"seq": message["seq"]})).await;
        for window in [&mut desk, &mut phone] {
            let heard = window.next_own("reading_changed").await;
            assert_eq!((heard["taskId"].clone(), told(&heard)), (task["id"].clone(), (2, 0, None)));
        }
        assert!(!other.own_names().await.contains(&"reading_changed".to_owned()));
    }

    async fn who_watches_lists_is_told_where_something_is_said_as_far_as_it_exists_for_them(engine) {
        let app = TestApp::start(engine).await;
        let node = app.another_node().await;
        let world = app.world().await;
        let (bo, cy, eve) = (&world.bo, &world.cy, &world.eve);
        let team = bo.files("Printer", json!({})).await;
        let private = bo.files("Salaries", json!({"visibility": "private", "assignedToId": cy.id})).await;
        let (mut member, mut stranger, mut idle) = (cy.connect().await, node.log_in(&eve.email).await.connect().await, cy.connect().await);
        for live in [&mut member, &mut stranger] {
            assert_eq!(live.ask("watch_lists", &json!({"on": true})).await, json!({"ok": true, "on": true}));
        }
        bo.says(&private, "Secret").await;
        for n in 0..20 {
            bo.says(&team, &format!("Message {n}")).await;
        }
        // Until all was told, however many times that takes.
        let heard = async |live: &mut faff_testkit::Live, id: &Value, count: i64| {
            let mut frames = 0;
            loop {
                let activity = live.next("task_activity").await;
                frames += 1;
                let lines = activity["tasks"].as_array().unwrap().clone();
                if lines.iter().any(|line| line["taskId"] == *id && line["messageCount"] == count) {
                    let line = lines.iter().find(|line| line["taskId"] == *id).unwrap().clone();
                    assert!(line["lastMessageAt"].is_string() && line["seq"] == count + 1, "{line}");
                    return frames;
                }
                assert!(frames < 20, "many messages are few frames");
            }
        };
        heard(&mut stranger, &team["id"], 20).await;
        let rest = stranger.rest().await;
        assert!(rest.iter().all(|(_, data)| !data.to_string().contains(&format!("\"taskId\":{}", private["id"]))), "{rest:?}");
        heard(&mut member, &team["id"], 20).await;
        bo.says(&private, "Secret").await;
        heard(&mut member, &private["id"], 2).await;
        member.ask("watch_lists", &json!({"on": false})).await;
        member.rest().await;
        bo.says(&team, "Once more").await;
        heard(&mut stranger, &team["id"], 21).await;
        for live in [&mut member, &mut idle] {
            assert!(!live.names().await.contains(&"task_activity".to_owned()), "only who asks");
        }
        for wrong in [json!(null), json!(true), json!({"on": 1}), json!({}), json!([true])] {
            assert_eq!(idle.ask("watch_lists", &wrong).await["error"]["code"], "validation_failed", "{wrong}");
        }
    }
}
