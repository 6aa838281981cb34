//! What clients send over sockets: once for each `clientId`, believed about nothing, and never a reason to fall over.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use faff_testkit::{Live, TestApp, on_both_engines};
use serde_json::{Value, json};

const EVENTS: [&str; 7] =
    ["join_task", "leave_task", "send_message", "sync", "typing", "task_updated", "upload_progress"];

async fn send(live: &mut Live, message: Value) -> Value {
    live.ask("send_message", &message).await
}

/// A list in a list in a list.
fn deep(levels: usize) -> String {
    format!("{}7{}", "[".repeat(levels), "]".repeat(levels))
}

on_both_engines! {
    async fn a_client_id_names_one_message_by_every_door(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, cy) = (&world.bo, &world.cy);
        let (task, other) = (bo.files("Printer", json!({})).await, bo.files("Other", json!({})).await);
        let question = cy.says(&task, "?").await;
        let mut room = cy.watch(&task).await;
        let by_socket = json!({"taskId": task["id"], "content": "Yes", "clientId": "mine", "replyToId": question["id"]});
        let by_rest = json!({"content": "Yes", "clientId": "mine", "replyToId": question["id"]});
        let path = format!("/api/tasks/{}/messages", task["id"]);
        let mut sent = tokio::task::JoinSet::new();
        for n in 0..20 {
            let (mut live, bo, path) = (bo.connect().await, bo.clone(), path.clone());
            let (by_socket, by_rest) = (by_socket.clone(), by_rest.clone());
            sent.spawn(async move {
                if n % 2 == 0 {
                    let answer = send(&mut live, by_socket).await;
                    assert_eq!(answer["ok"], true, "{answer}");
                    answer["message"].clone()
                } else {
                    let answer = bo.post(&path, &by_rest).await;
                    assert_eq!(answer.status, 201, "{answer:?}");
                    answer.body["data"].clone()
                }
            });
        }
        let answers = sent.join_all().await;
        for answer in &answers {
            assert_eq!(answer, &answers[0]);
        }
        assert_eq!(room.next("new_message").await, answers[0]);
        assert_eq!(room.of_rooms().await, [""; 0], "it is told once");
        let task_now = bo.get(&format!("/api/tasks/{}", task["id"])).await.body["task"].clone();
        assert_eq!((&task_now["messageCount"], &task_now["seq"]), (&json!(2), &json!(3)));

        let mut live = bo.connect().await;
        for changed in [
            json!({"taskId": task["id"], "content": "No", "clientId": "mine", "replyToId": question["id"]}),
            json!({"taskId": task["id"], "content": "Yes", "clientId": "mine"}),
            json!({"taskId": other["id"], "content": "Yes", "clientId": "mine", "replyToId": null}),
        ] {
            assert_eq!(send(&mut live, changed).await["error"]["code"], "idempotency_key_reused");
        }
        let his = send(&mut cy.connect().await, by_socket.clone()).await;
        assert_ne!(his["message"]["id"], answers[0]["id"], "another's clientId is another's");
        assert_eq!(room.next("new_message").await, his["message"]);
        // Sent again after all that happened to it, from another login, and to nobody's disturbance.
        bo.put(&format!("/api/messages/{}", answers[0]["id"]), &json!({"content": "Well"})).await;
        room.next("message_updated").await;
        let again = send(&mut app.log_in(&bo.email).await.connect().await, by_socket).await;
        assert_eq!((&again["message"]["id"], &again["message"]["content"]), (&answers[0]["id"], &json!("Well")));
        assert_eq!(room.of_rooms().await, [""; 0]);
    }

    async fn what_a_client_says_of_itself_is_not_believed(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, ada) = (&world.bo, &world.ada);
        let task = bo.files("Printer", json!({})).await;
        let (mut cy, mut live) = (world.cy.watch(&task).await, bo.watch(&task).await);
        let lies = json!({
            "taskId": task["id"], "id": 4711, "seq": 99, "senderId": ada.id, "userId": ada.id, "authorId": ada.id, "role": "admin",
            "sender": {"id": ada.id, "name": "Ada"}, "userName": "Ada", "name": "Ada", "token": ada.token, "sessionId": 1, "session": 1,
            "createdAt": "1970-01-01T00:00:00.000Z", "editedAt": "1970-01-01T00:00:00.000Z", "contentHtml": "<script>1</script>",
            "content": "Trust me", "event": "task_deleted", "room": "everybody", "replyCount": 7, "task_id": 4711,
            "isTyping": true, "progress": 50, "filename": "fire.png", "seq_no": 1, "viewers": [ada.id],
        });
        let sent = live.ask("send_message", &lies).await;
        assert_eq!(sent["ok"], true, "{sent}");
        let heard = cy.next("new_message").await;
        assert_eq!(heard, sent["message"]);
        for (field, value) in [
            ("senderId", json!(bo.id)), ("seq", json!(2)), ("taskId", task["id"].clone()), ("editedAt", Value::Null),
            ("contentHtml", json!("<p>Trust me</p>\n")), ("createdAt", task["createdAt"].clone()), ("replyCount", json!(0)),
            ("sender", json!({"id": bo.id, "name": "Bo", "email": bo.email})),
        ] {
            assert_eq!(heard[field], value, "{field}");
        }
        let me = json!({"taskId": task["id"], "userId": bo.id, "userName": "Bo"});
        for (event, told, more) in [
            ("typing", "user_typing", json!({"isTyping": true})),
            ("upload_progress", "file_upload_progress", json!({"progress": 50.0, "filename": "fire.png"})),
        ] {
            live.emit(event, &lies);
            let mut expected = me.clone();
            expected.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            assert_eq!(cy.next(told).await, expected);
        }
        live.emit("task_updated", &lies);
        assert_eq!(cy.next("refresh_task").await, json!({"taskId": task["id"], "seq": 2}));
        let joined = live.ask("join_task", &lies).await;
        assert_eq!((&joined["taskId"], &joined["seq"]), (&task["id"], &json!(2)));
        // Nor when it connects: the account and its role are the token's.
        let url = &app.url;
        let private = ada.files("Salaries", json!({"visibility": "private"})).await;
        let mut eve = Live::connect(url, &world.eve.token).await.unwrap();
        let refused = eve.ask("join_task", &json!({"taskId": private["id"], "userId": ada.id, "role": "admin"})).await;
        assert_eq!(refused["error"]["code"], "not_found");
    }

    async fn whatever_is_malformed_is_answered_and_the_socket_lives(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let task = bo.files("Printer", json!({})).await;
        let mut live = bo.watch(&task).await;
        let id = &task["id"];
        let strange = [
            json!(null), json!(true), json!(""), json!("1"), json!("one"), json!(-1), json!(0.5), json!(1e300), json!(u64::MAX), json!([]),
            json!([1]), json!([[1]]), json!({}), json!({"taskId": null}), json!({"taskId": "1"}), json!({"taskId": [1]}),
            json!({"taskId": {"taskId": 1}}), json!({"taskId": -1}), json!({"taskId": 0.5}), json!({"taskId": u64::MAX}),
            json!({"taskid": id}), json!({"task_id": id}), json!({"__proto__": {"taskId": id}}), json!({"x".repeat(1000): 1}),
        ];
        for event in EVENTS {
            for payload in &strange {
                let answer = live.ask(event, payload).await;
                let may_be = event == "sync" && (payload.is_null() || payload.is_object());
                assert!(may_be || answer["ok"] == false, "{event} {payload}: {answer}");
                if answer["ok"] == false {
                    let code = answer["error"]["code"].as_str().unwrap();
                    assert!(matches!(code, "validation_failed" | "not_found" | "not_joined"), "{event} {payload}: {answer}");
                    assert!(answer["error"]["message"].as_str().unwrap().len() < 300, "{answer}");
                }
            }
        }
        for (event, payload, field) in [
            ("send_message", json!({"taskId": id}), "content"),
            ("send_message", json!({"taskId": id, "content": null}), "content"),
            ("send_message", json!({"taskId": id, "content": ["x"]}), "content"),
            ("send_message", json!({"taskId": id, "content": "x".repeat(20_001)}), "content"),
            ("send_message", json!({"taskId": id, "content": "x", "replyToId": "1"}), "replyToId"),
            ("send_message", json!({"taskId": id, "content": "x", "replyToId": 4711}), "replyToId"),
            ("send_message", json!({"taskId": id, "content": "x", "clientId": ""}), "clientId"),
            ("send_message", json!({"taskId": id, "content": "x", "clientId": 7}), "clientId"),
            ("send_message", json!({"taskId": id, "content": "x", "clientId": "a b"}), "clientId"),
            ("send_message", json!({"taskId": id, "content": "x", "attachments": "/etc/passwd"}), "attachments"),
            ("send_message", json!({"taskId": id, "content": "x", "attachments": [{"path": "/etc/passwd"}]}), "attachments"),
            ("typing", json!({"taskId": id, "isTyping": "yes"}), "isTyping"),
            ("typing", json!({"taskId": id, "isTyping": null}), "isTyping"),
            ("upload_progress", json!({"taskId": id, "progress": 100.5, "filename": "x"}), "progress"),
            ("upload_progress", json!({"taskId": id, "progress": -1, "filename": "x"}), "progress"),
            ("upload_progress", json!({"taskId": id, "progress": "5", "filename": "x"}), "progress"),
            ("upload_progress", json!({"taskId": id, "progress": 5}), "filename"),
            ("upload_progress", json!({"taskId": id, "progress": 5, "filename": "x".repeat(256)}), "filename"),
            ("sync", json!({"after": 7}), "after"),
        ] {
            let answer = live.ask(event, &payload).await;
            assert_eq!(answer["error"]["code"], "validation_failed", "{event} {payload}: {answer}");
            assert_eq!(answer["ok"], false, "{field}");
        }
        // Without an argument, with too many, and deeper than anybody reads.
        for (n, event) in EVENTS.into_iter().enumerate() {
            for (m, arguments) in [String::new(), format!(",{},2,3", deep(3)), format!(",{}", deep(127)), format!(",{}", deep(5000))].into_iter().enumerate() {
                live.raw(&format!("42[\"{event}\"{arguments}]"));
                if event != "sync" || m > 0 {
                    assert_eq!(live.next("error").await["code"], "validation_failed", "{n} {event} {m}");
                }
            }
            let deep = format!("{{\"taskId\":{id},\"content\":\"x\",\"isTyping\":true,\"progress\":5,\"filename\":\"x\",\"more\":{}}}", deep(5000));
            live.raw(&format!("42[\"{event}\",{deep}]"));
        }
        for event in ["", "connect", "disconnect", "error", "new_message", "JOIN_TASK", "join_task ", &"x".repeat(10_000)] {
            let answer = live.ask(event, id).await;
            assert_eq!(answer["error"]["code"], "unknown_event", "{event:.50}");
        }
        live.rest().await;
        let joined = live.ask("join_task", id).await;
        assert_eq!(joined["ok"], true);
        let sent = send(&mut live, json!({"taskId": id, "content": "Still here"})).await;
        assert_eq!(live.next("new_message").await, sent["message"]);
    }

    async fn without_an_acknowledgement_a_refusal_comes_as_an_event_and_else_nothing(engine) {
        let app = TestApp::start(engine).await;
        let (bo, eve) = (app.register("Bo").await, app.register("Eve").await);
        let task = bo.files("Salaries", json!({"visibility": "private"})).await;
        let mut live = eve.connect().await;
        for (event, payload, code) in [
            ("join_task", task["id"].clone(), "not_found"),
            ("send_message", json!({"taskId": task["id"], "content": "x"}), "not_found"),
            ("send_message", json!({"taskId": task["id"], "content": " "}), "validation_failed"),
            ("typing", Value::Null, "validation_failed"),
            ("typing", json!({"taskId": task["id"]}), "not_joined"),
            ("task_updated", task["id"].clone(), "not_joined"),
            ("upload_progress", json!({"taskId": task["id"], "progress": 1, "filename": "x"}), "not_joined"),
            ("sync", json!({"after": "then"}), "validation_failed"),
            ("drop_table", json!("task"), "unknown_event"),
        ] {
            live.emit(event, &payload);
            let (name, error) = live.event().await.unwrap();
            assert_eq!((name.as_str(), &error["code"]), ("error", &json!(code)), "{event}");
            let keys: Vec<&String> = error.as_object().unwrap().keys().collect();
            assert_eq!(keys, ["code", "message"]);
            let with_ack = live.ask(event, &payload).await;
            assert_eq!((&with_ack["error"]["message"], &with_ack["error"]["code"]), (&error["message"], &error["code"]));
        }
        let mut live = bo.connect().await;
        for (event, payload) in [
            ("join_task", task["id"].clone()), ("typing", json!({"taskId": task["id"], "isTyping": true})), ("sync", json!({})),
            ("leave_task", task["id"].clone()),
        ] {
            live.emit(event, &payload);
        }
        assert_eq!(live.of_rooms().await, [""; 0]);
        live.emit("send_message", &json!({"taskId": task["id"], "content": "Said without waiting"}));
        live.ask("leave_task", &task["id"]).await;
        let joined = live.ask("join_task", &json!({"taskId": task["id"], "afterSeq": 1})).await;
        assert_eq!(joined["events"][0]["data"]["content"], "Said without waiting", "a socket's requests are done in their order");
    }
}
