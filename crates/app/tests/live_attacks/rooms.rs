//! A14, A39: rooms that are not one's own, too many of them, and the same thing said fifty times at once.

use faff_testkit::{TestApp, on_both_engines};
use serde_json::{Value, json};

fn error(answer: &Value) -> &str {
    assert_eq!(answer["ok"], false, "{answer}");
    assert!(answer["error"]["message"].as_str().is_some_and(|message| !message.is_empty()), "{answer}");
    answer["error"]["code"].as_str().unwrap()
}

on_both_engines! {
    async fn nobody_gets_into_a_room_that_is_not_theirs_by_whatever_name(engine) {
        let test = TestApp::start(engine).await;
        let world = test.world().await;
        let secret = world.bo.files("Secret", json!({"visibility": "private"})).await;
        let (id, mut eve) = (&secret["id"], world.eve.connect().await);
        for name in [id.clone(), json!({"taskId": id}), json!({"taskId": id, "afterSeq": 0}), json!(1_i64 << 40)] {
            assert_eq!(error(&eve.ask("join_task", &name).await), "not_found", "{name}");
        }
        for name in [
            json!(0), json!(i64::MAX), json!(-1), json!(1.5), json!(1e300), json!(u64::MAX), json!(null), json!(true), json!(""),
            json!("task:1"), json!("__proto__"), json!(format!("task_{id}")), json!([[id]]), json!({}), json!({"taskId": null}),
            json!({"taskId": [id]}), json!({"taskId": {"$gt": 0}}), json!({"taskId": id, "afterSeq": -1}),
            json!({"taskId": id, "afterSeq": "0"}), json!({"taskId": id, "afterSeq": 1e30}),
        ] {
            let answer = eve.ask("join_task", &name).await;
            assert!(["validation_failed", "not_found"].contains(&error(&answer)), "{name}: {answer}");
        }
        for (event, argument) in [
            ("typing", json!({"taskId": id, "isTyping": true})),
            ("task_updated", json!(id)),
            ("upload_progress", json!({"taskId": id, "progress": 1, "filename": "x"})),
        ] {
            assert_eq!(error(&eve.ask(event, &argument).await), "not_joined", "{event}");
        }
        let said = eve.ask("send_message", &json!({"taskId": id, "content": "let me in"})).await;
        assert_eq!(error(&said), "not_found");
        let mut bo = world.bo.watch(&secret).await;
        let joined = bo.ask("join_task", id).await;
        assert_eq!(joined["viewers"].as_array().unwrap().len(), 1, "nobody else is in it: {joined}");
        bo.ask("typing", &json!({"taskId": id, "isTyping": true})).await;
        let heard = world.bo.says(&secret, "Nobody must know").await;
        assert_eq!(bo.next("new_message").await, heard);
        assert_eq!(eve.names().await, [""; 0]);
        let open = world.eve.files("Hers", json!({})).await;
        assert_eq!(eve.ask("join_task", &open["id"]).await["ok"], true, "the socket lives");
    }

    async fn a_socket_is_in_two_hundred_rooms_at_most(engine) {
        let test = TestApp::start(engine).await;
        let bo = test.register("Bo").await;
        let mut live = bo.connect().await;
        let mut tasks = Vec::new();
        for n in 0..201 {
            tasks.push(bo.files(&format!("Task {n}"), json!({})).await["id"].clone());
        }
        let last = tasks.pop().unwrap();
        for task in &tasks {
            assert_eq!(live.ask("join_task", task).await["ok"], true);
        }
        assert_eq!(error(&live.ask("join_task", &last).await), "too_many_joined");
        assert_eq!(error(&live.ask("join_task", &json!(1_i64 << 40)).await), "too_many_joined");
        assert_eq!(live.ask("join_task", &tasks[7]).await["ok"], true, "joining again takes no more room");
        assert_eq!(live.ask("leave_task", &tasks[7]).await["ok"], true);
        assert_eq!(error(&live.ask("join_task", &json!(1_i64 << 40)).await), "not_found", "a refusal keeps no room");
        assert_eq!(live.ask("join_task", &last).await["ok"], true);
        let mut other = bo.connect().await;
        assert_eq!(other.ask("join_task", &last).await["ok"], true, "another socket has rooms of its own");
    }

    async fn what_is_sent_fifty_times_at_once_is_said_once(engine) {
        let test = TestApp::start(engine).await;
        let world = test.world().await;
        let task = world.bo.files("Printer", json!({})).await;
        let mut cy = world.cy.watch(&task).await;
        let message = json!({"taskId": task["id"], "content": "Only once", "clientId": "the-same"});
        let mut sockets = Vec::new();
        for _ in 0..10 {
            sockets.push(world.bo.connect().await);
        }
        // Five on each socket without waiting, on all sockets at once.
        let sent: Vec<_> = (0..50).map(|n| sockets[n % 10].begin("send_message", &message)).collect();
        let mut answers = Vec::new();
        for answer in sent {
            answers.push(answer.await.expect("an answer"));
        }
        let first = cy.next("new_message").await;
        for answer in &answers {
            assert_eq!((&answer["ok"], &answer["message"]), (&json!(true), &first), "{answer}");
        }
        // The same name in another's mouth is another message.
        let mut eve = world.eve.connect().await;
        let other = eve.ask("send_message", &message).await;
        assert_eq!(cy.next("new_message").await, other["message"]);
        assert_ne!(other["message"]["id"], first["id"]);
        assert_eq!(cy.names().await, [""; 0]);
        let shown = world.bo.get(&format!("/api/tasks/{}", task["id"])).await;
        assert_eq!(shown.body["task"]["messageCount"], 2);
    }

    async fn whoever_has_missed_long_messages_gets_them_all(engine) {
        let test = TestApp::start(engine).await;
        let bo = test.register("Bo").await;
        let task = bo.files("Novel", json!({})).await;
        for n in 0..80 {
            bo.says(&task, &format!("{n} {}", "é".repeat(19_000))).await;
        }
        let (mut live, mut after, mut got) = (bo.connect().await, 1, 0);
        for _ in 0..80 {
            let joined = live.begin("join_task", &json!({"taskId": task["id"], "afterSeq": after})).await;
            let joined = joined.expect("an answer that is not too large for its own queue");
            for event in joined["events"].as_array().unwrap() {
                assert_eq!(event["seq"], after + 1);
                (after, got) = (after + 1, got + 1);
            }
            if joined["hasMore"] != true {
                break;
            }
        }
        assert_eq!(got, 80);
    }
}
