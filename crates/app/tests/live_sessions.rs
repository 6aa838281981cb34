//! Who is there: sockets that end with their login, and what those in a room see of each other.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use faff_testkit::{Live, PASSWORD, Person, TestApp, on_both_engines};
use reqwest::Method;
use serde_json::{Value, json};

/// Waits for the end, of which one is told why.
async fn ends(mut live: Live) {
    let before = live.ended().await;
    let (name, data) = before.last().unwrap();
    assert_eq!((name.as_str(), &data["code"]), ("error", &json!("unauthenticated")));
}

async fn lives_on(live: &mut Live) {
    assert_eq!(live.ask("leave_task", &json!(9999)).await["ok"], true);
}

async fn log_out(person: &Person) {
    assert_eq!(person.send(person.request(Method::POST, "/api/auth/logout")).await.status, 204);
}

async fn administer(ada: &Person, person: &Person, change: Value) {
    assert_eq!(ada.put(&format!("/api/users/{}", person.id), &change).await.status, 200);
}

/// The same login at another node.
async fn there(node: &TestApp, person: &Person) -> Live {
    Live::connect(&node.url, &person.token).await.unwrap()
}

/// Waits until just these people are told to have the ticket open.
async fn sees(live: &mut Live, names: &[&str]) {
    loop {
        let presence = live.next("presence").await;
        if named(&presence["users"]) == names {
            return;
        }
    }
}

fn named(users: &Value) -> Vec<&str> {
    users.as_array().unwrap().iter().map(|user| user["name"].as_str().unwrap()).collect()
}

on_both_engines! {
    async fn what_ends_a_login_ends_its_sockets_on_every_node_and_no_others(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (ada, bo) = (&world.ada, &world.bo);
        let task = bo.files("Printer", json!({})).await;
        let node = app.another_node().await;
        let (desk, phone) = (app.log_in(&bo.email).await, app.log_in(&bo.email).await);
        let mut stay = [phone.watch(&task).await, there(&node, &phone).await, world.cy.connect().await];

        let out = [desk.watch(&task).await, desk.connect().await, there(&node, &desk).await];
        log_out(&desk).await;
        for live in out {
            ends(live).await;
        }
        for live in &mut stay {
            lives_on(live).await;
        }

        let laptop = app.log_in(&bo.email).await;
        let out = [laptop.watch(&task).await, bo.connect().await, there(&node, &laptop).await];
        let passwords = json!({"currentPassword": PASSWORD, "newPassword": "printer put out 8"});
        assert_eq!(phone.put("/api/auth/password", &passwords).await.status, 204);
        for live in out {
            ends(live).await;
        }
        for live in &mut stay {
            lives_on(live).await;
        }
        let said = world.cy.says(&task, "Who is still there?").await;
        assert_eq!(stay[0].next("new_message").await, said);

        // A role is taken up by logging in anew; so nothing of the old one is left.
        let cy = &world.cy;
        for change in [json!({"role": "admin"}), json!({"role": "user"}), json!({"active": false})] {
            let login = app.log_in(&cy.email).await;
            let out = [login.watch(&task).await, there(&node, &login).await];
            administer(ada, cy, change).await;
            for live in out {
                ends(live).await;
            }
            assert_eq!(Live::connect(&app.url, &login.token).await.unwrap_err()["data"]["code"], "unauthenticated");
        }
        for live in &mut stay[..2] {
            lives_on(live).await;
        }
    }

    async fn a_former_administrator_keeps_the_rooms_of_the_team_alone(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (team, private) = (world.bo.files("Printer", json!({})).await, world.bo.files("Salaries", json!({"visibility": "private"})).await);
        administer(&world.ada, &world.eve, json!({"role": "admin"})).await;
        let eve = app.log_in(&world.eve.email).await;
        let mut live = eve.watch(&private).await;
        let said = world.bo.says(&private, "Among ourselves").await;
        assert_eq!(live.next("new_message").await, said);
        administer(&world.ada, &world.eve, json!({"role": "user"})).await;
        ends(live).await;
        let eve = app.log_in(&world.eve.email).await;
        let mut live = eve.watch(&team).await;
        assert_eq!(live.ask("join_task", &private["id"]).await["error"]["code"], "not_found");
        live.rest().await;
        world.bo.says(&private, "She is gone").await;
        let said = world.bo.says(&team, "Welcome back").await;
        assert_eq!(live.next("new_message").await, said);
        assert_eq!(live.names().await, [""; 0]);
    }

    async fn a_login_that_runs_out_takes_its_sockets_along(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let task = bo.files("Printer", json!({})).await;
        let node = app.another_node().await;
        app.clock.advance(3600 * 1000);
        let later = app.log_in(&bo.email).await;
        let mut stays = later.watch(&task).await;
        let mut first = [bo.watch(&task).await, there(&node, &bo).await];
        app.clock.advance(23 * 3600 * 1000 - 1000);
        for live in &mut first {
            lives_on(live).await;
        }
        app.clock.advance(1000);
        for live in first {
            ends(live).await;
        }
        let refused = Live::connect(&app.url, &bo.token).await.unwrap_err();
        assert_eq!(refused["data"]["code"], "unauthenticated");
        assert!(refused["message"].as_str().unwrap().starts_with("Authentication error: "), "{refused}");
        let said = later.says(&task, "Still here").await;
        assert_eq!(stays.next("new_message").await, said);
    }

    async fn who_is_logged_out_says_nothing_more(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let task = world.bo.files("Printer", json!({})).await;
        for n in 0..10 {
            let login = app.log_in(&world.cy.email).await;
            let mut live = login.watch(&task).await;
            if n % 2 == 0 {
                log_out(&login).await;
            } else {
                administer(&world.ada, &world.cy, json!({"active": false})).await;
                administer(&world.ada, &world.cy, json!({"active": true})).await;
            }
            let late = json!({"taskId": task["id"], "content": "One more thing"});
            if let Some(answer) = live.begin("send_message", &late).await {
                assert_eq!(answer["error"]["code"], "unauthenticated");
            }
            ends_somehow(live).await;
        }
        let list = world.bo.get(&format!("/api/tasks/{}/messages", task["id"])).await;
        assert_eq!(list.body["messages"], json!([]));
    }

    async fn a_new_name_is_seen_from_then_on(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let task = world.bo.files("Printer", json!({})).await;
        let (mut cy, mut bo) = (world.cy.watch(&task).await, world.bo.watch(&task).await);
        sees(&mut cy, &["Bo", "Cy"]).await;
        assert_eq!(world.bo.put("/api/auth/profile", &json!({"name": "Robert"})).await.status, 200);
        sees(&mut cy, &["Robert", "Cy"]).await;
        bo.emit("typing", &json!({"taskId": task["id"], "isTyping": true}));
        assert_eq!(cy.next("user_typing").await["userName"], "Robert");
        let said = bo.ask("send_message", &json!({"taskId": task["id"], "content": "Call me Robert"})).await;
        assert_eq!(said["message"]["sender"]["name"], "Robert");
        assert_eq!(cy.next("new_message").await, said["message"]);
        let joined = cy.ask("join_task", &task["id"]).await;
        assert_eq!(named(&joined["viewers"]), ["Robert", "Cy"]);
    }

    async fn a_room_is_told_who_comes_and_goes_each_person_once(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let task = world.bo.files("Salaries", json!({"visibility": "private", "assignedToId": world.cy.id})).await;
        let mut outside = world.eve.connect().await;
        let mut bo = world.bo.watch(&task).await;
        let presence = bo.next("presence").await;
        let me = json!({"id": world.bo.id, "name": "Bo", "email": world.bo.email});
        assert_eq!(presence, json!({"taskId": task["id"], "users": [me]}));
        let (first, mut second) = (world.cy.watch(&task).await, world.cy.watch(&task).await);
        sees(&mut bo, &["Bo", "Cy"]).await;
        let mut ada = world.ada.connect().await;
        let joined = ada.ask("join_task", &task["id"]).await;
        assert_eq!(named(&joined["viewers"]), ["Ada", "Bo", "Cy"]);
        sees(&mut bo, &["Ada", "Bo", "Cy"]).await;
        ada.ask("leave_task", &task["id"]).await;
        sees(&mut bo, &["Bo", "Cy"]).await;
        // Somebody is there as long as one of their sockets is.
        first.drop_connection();
        assert_eq!(bo.rest().await, []);
        second.ask("leave_task", &task["id"]).await;
        sees(&mut bo, &["Bo"]).await;
        let (cut, polite) = (world.cy.watch(&task).await, world.ada.watch(&task).await);
        sees(&mut bo, &["Ada", "Bo", "Cy"]).await;
        cut.drop_connection();
        sees(&mut bo, &["Ada", "Bo"]).await;
        polite.raw("41");
        sees(&mut bo, &["Bo"]).await;
        // Who loses the ticket, or the login, has left the room.
        let login = app.log_in(&world.ada.email).await;
        let _removed = world.cy.watch(&task).await;
        let _ended = login.watch(&task).await;
        sees(&mut bo, &["Ada", "Bo", "Cy"]).await;
        world.bo.put(&format!("/api/tasks/{}", task["id"]), &json!({"assignedToId": null})).await;
        sees(&mut bo, &["Ada", "Bo"]).await;
        log_out(&login).await;
        sees(&mut bo, &["Bo"]).await;
        let before: Vec<_> = outside.rest().await;
        assert_eq!(before, [], "nobody else is told who is there");
    }

    async fn what_is_fleeting_goes_to_the_others_in_the_room_alone(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (task, other) = (world.bo.files("Printer", json!({})).await, world.bo.files("Other", json!({})).await);
        let (mut bo, mut desk, mut cy) = (world.bo.watch(&task).await, world.bo.watch(&task).await, world.cy.watch(&task).await);
        let mut elsewhere = world.eve.watch(&other).await;
        let mut outside = world.ada.connect().await;
        for live in [&mut bo, &mut elsewhere, &mut outside] {
            live.rest().await;
        }
        let by_bo = json!({"taskId": task["id"], "userId": world.bo.id, "userName": "Bo"});
        let with = |more: Value| {
            let mut told = by_bo.clone();
            told.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            told
        };
        for (event, asked, told, data) in [
            ("typing", json!({"taskId": task["id"], "isTyping": true}), "user_typing", with(json!({"isTyping": true}))),
            ("typing", json!({"taskId": task["id"], "isTyping": false}), "user_typing", with(json!({"isTyping": false}))),
            ("typing", json!({"taskId": task["id"]}), "user_typing", with(json!({"isTyping": false}))),
            ("task_updated", task["id"].clone(), "refresh_task", json!({"taskId": task["id"], "seq": 1})),
            ("task_updated", json!({"taskId": task["id"]}), "refresh_task", json!({"taskId": task["id"], "seq": 1})),
            ("upload_progress", json!({"taskId": task["id"], "progress": 0, "filename": "a.png"}), "file_upload_progress",
                with(json!({"progress": 0.0, "filename": "a.png"}))),
            ("upload_progress", json!({"taskId": task["id"], "progress": 99.5, "filename": "ä\u{202e}.png"}), "file_upload_progress",
                with(json!({"progress": 99.5, "filename": "ä\u{202e}.png"}))),
        ] {
            assert_eq!(bo.ask(event, &asked).await, json!({"ok": true}), "{event}");
            for live in [&mut cy, &mut desk] {
                assert_eq!(live.next(told).await, data);
            }
            for live in [&mut elsewhere, &mut outside] {
                let refused = live.ask(event, &asked).await;
                assert_eq!(refused["error"]["code"], "not_joined", "{event}");
            }
        }
        for live in [&mut bo, &mut elsewhere, &mut outside] {
            assert_eq!(live.rest().await, []);
        }
        let joined = outside.ask("join_task", &json!({"taskId": task["id"], "afterSeq": 0})).await;
        assert_eq!(joined["events"].as_array().map(Vec::len), Some(1), "it is not stored");
        bo.ask("leave_task", &task["id"]).await;
        assert_eq!(bo.ask("typing", &json!({"taskId": task["id"]})).await["error"]["code"], "not_joined");
    }
}

/// Waits for the end of a socket that may have been told of it in an answer.
async fn ends_somehow(mut live: Live) {
    live.ended().await;
}
