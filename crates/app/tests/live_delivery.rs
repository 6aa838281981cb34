//! Who is told what: everyone who may see a ticket, each as REST would show it, and nobody else.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use faff_testkit::{Live, Person, TestApp, on_both_engines};
use reqwest::Method;
use serde_json::{Value, json};

const NOTHING: [&str; 0] = [];

fn path(task: &Value) -> String {
    format!("/api/tasks/{}", task["id"])
}

async fn change(person: &Person, task: &Value, body: Value) -> Value {
    let answer = person.put(&path(task), &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["task"].clone()
}

async fn participant(person: &Person, method: Method, task: &Value, whom: &Person) {
    let path = format!("{}/participants/{}", path(task), whom.id);
    assert_eq!(person.send(person.request(method, &path)).await.status, 204);
}

/// That a ticket is gone for whoever is told.
fn gone(task: &Value, seq: i64) -> Value {
    json!({"taskId": task["id"], "id": task["id"], "seq": seq})
}

async fn refused(live: &mut Live, event: &str, argument: Value) -> Value {
    let answer = live.ask(event, &argument).await;
    assert_eq!(answer["ok"], false, "{event} {argument}: {answer}");
    answer["error"].clone()
}

/// What somebody is told who does not exist for a ticket, or for whom it does not exist.
async fn unknown(live: &mut Live) -> Value {
    refused(live, "join_task", json!(9999)).await
}

on_both_engines! {
    async fn the_room_hears_all_that_is_said_by_either_door_as_rest_shows_it(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, cy) = (&world.bo, &world.cy);
        let task = bo.files("Printer", json!({})).await;
        let mut room = [bo.watch(&task).await, bo.watch(&task).await, cy.watch(&task).await];
        let messages = format!("{}/messages", path(&task));
        let listed = async |seq: i64| {
            let list = cy.get(&messages).await.body["messages"].clone();
            list.as_array().unwrap().iter().find(|message| message["seq"] == seq).cloned()
        };

        // Each is heard before the next is said: a message is told as it is then, with what has become of it.
        let heard = async |room: &mut [Live; 3], said: Value, seq: i64| {
            for live in room {
                let heard = live.next("new_message").await;
                assert_eq!((&heard, &heard["seq"]), (&said, &json!(seq)));
            }
            assert_eq!(listed(seq).await.unwrap(), said);
            said
        };

        let said = json!({"taskId": task["id"], "content": " It *burns* ", "clientId": "b1"});
        let root = room[0].ask("send_message", &said).await["message"].clone();
        let root = heard(&mut room, root, 2).await;
        let by_body = json!({"taskId": task["id"], "content": "Where?", "replyToId": root["id"]});
        let branch = cy.post("/api/messages", &by_body).await.body["data"].clone();
        let branch = heard(&mut room, branch, 3).await;
        let leaf = json!({"taskId": task["id"], "content": "Here", "replyToId": branch["id"]});
        let leaf = room[1].ask("send_message", &leaf).await["message"].clone();
        let leaf = heard(&mut room, leaf, 4).await;
        let other = cy.answers(&task, "Fire brigade!", &root).await;
        let other = heard(&mut room, other, 5).await;
        assert_eq!((&leaf["replyTo"]["content"], &root["clientId"]), (&json!("Where?"), &json!("b1")));

        app.clock.advance(1000);
        let edited = bo.put(&format!("/api/messages/{}", root["id"]), &json!({"content": "It *burnt*"})).await;
        let mut edited = edited.body["data"].clone();
        assert_eq!(listed(2).await.unwrap(), edited);
        edited["eventSeq"] = json!(6);
        for live in &mut room {
            assert_eq!(live.next("message_updated").await, edited);
        }
        // One that was answered, and so leaves a tombstone; and one that vanishes.
        cy.delete(&format!("/api/messages/{}", branch["id"])).await;
        cy.delete(&format!("/api/messages/{}", other["id"])).await;
        for live in &mut room {
            let told = live.rest().await;
            let told: Vec<_> = told.into_iter().filter(|(name, _)| name.starts_with("message_")).collect();
            assert_eq!(told, [(branch["id"].clone(), 7), (other["id"].clone(), 8)].map(|(id, seq)| {
                ("message_deleted".to_owned(), json!({"taskId": task["id"], "id": id, "seq": seq}))
            }));
        }
        // What changes nothing is told to nobody.
        bo.put(&format!("/api/messages/{}", root["id"]), &json!({"content": "It *burnt*"})).await;
        change(bo, &task, json!({"status": "open"})).await;
        refused(&mut room[0], "send_message", json!({"taskId": task["id"], "content": " "})).await;
        for live in &mut room {
            assert_eq!(live.names().await, NOTHING);
        }
    }

    async fn a_ticket_of_the_team_is_told_to_everybody_wherever_they_are(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let mut everybody = Vec::new();
        for person in [&world.ada, &world.bo, &world.cy, &world.eve] {
            everybody.push(person.connect().await);
        }
        let task = world.bo.files("Printer", json!({"tags": ["fire"], "assignedToId": world.cy.id})).await;
        for live in &mut everybody {
            assert_eq!(live.event().await.unwrap(), ("task_created".to_owned(), task.clone()));
        }
        everybody.push(world.cy.watch(&task).await);
        let resolved = change(&world.cy, &task, json!({"status": "resolved", "title": "Burnt printer"})).await;
        for live in &mut everybody {
            assert_eq!(live.next("task_changed").await, resolved);
        }
        participant(&world.bo, Method::PUT, &task, &world.eve).await;
        let with_eve = world.bo.get(&path(&task)).await.body["task"].clone();
        for live in &mut everybody {
            assert_eq!(live.next("task_changed").await, with_eve);
        }
        assert_eq!(world.ada.delete(&path(&task)).await.status, 204);
        for live in &mut everybody {
            assert_eq!(live.next("task_deleted").await, gone(&task, 4));
            assert_eq!(live.names().await, NOTHING);
        }
    }

    async fn a_private_ticket_is_told_to_its_people_and_to_nobody_else(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let fay = app.register("Fay").await;
        let mut ada = world.ada.connect().await;
        let mut bo = world.bo.connect().await;
        let mut cy = world.cy.connect().await;
        let mut eve = world.eve.connect().await;
        let mut faye = fay.connect().await;
        let task = world.bo.files("Salaries", json!({"visibility": "private", "assignedToId": world.cy.id})).await;
        for live in [&mut ada, &mut bo, &mut cy] {
            assert_eq!(live.event().await.unwrap(), ("task_created".to_owned(), task.clone()));
        }
        let raised = change(&world.bo, &task, json!({"priority": "high"})).await;
        for live in [&mut ada, &mut bo, &mut cy] {
            assert_eq!(live.event().await.unwrap(), ("task_changed".to_owned(), raised.clone()));
        }
        // Whoever is let in is told from then on, and not before.
        participant(&world.bo, Method::PUT, &task, &fay).await;
        let now = world.bo.get(&path(&task)).await.body["task"].clone();
        for live in [&mut ada, &mut bo, &mut cy, &mut faye] {
            assert_eq!(live.event().await.unwrap(), ("task_changed".to_owned(), now.clone()));
        }
        let mut inside = fay.watch(&task).await;
        let said = world.cy.says(&task, "Everybody earns too little").await;
        assert_eq!(inside.next("new_message").await, said);
        world.cy.put(&format!("/api/messages/{}", said["id"]), &json!({"content": "Nearly everybody"})).await;
        world.cy.delete(&format!("/api/messages/{}", said["id"])).await;
        inside.next("message_deleted").await;
        assert_eq!(world.ada.delete(&path(&task)).await.status, 204);
        for live in [&mut ada, &mut bo, &mut cy, &mut faye, &mut inside] {
            assert_eq!(live.next("task_deleted").await, gone(&task, 7));
            assert_eq!(live.names().await, NOTHING);
        }
        assert_eq!(eve.rest().await, [], "the stranger hears nothing at all");
    }

    async fn who_loses_sight_is_told_that_it_is_gone_and_nothing_after(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, cy, eve) = (&world.bo, &world.cy, &world.eve);
        for by in ["visibility", "participant", "assignee", "oneself"] {
            let more = match by {
                "visibility" => json!({}),
                "assignee" => json!({"visibility": "private", "assignedToId": eve.id}),
                _ => json!({"visibility": "private"}),
            };
            let task = bo.files("Salaries", more).await;
            participant(bo, Method::PUT, &task, cy).await;
            if matches!(by, "participant" | "oneself") {
                participant(bo, Method::PUT, &task, eve).await;
            }
            let mut stays = cy.watch(&task).await;
            let (mut inside, mut outside) = (eve.watch(&task).await, eve.connect().await);
            let before = bo.says(&task, "Before").await;
            assert_eq!(inside.next("new_message").await, before);
            match by {
                "visibility" => { change(bo, &task, json!({"visibility": "private"})).await; }
                "assignee" => { change(bo, &task, json!({"assignedToId": null})).await; }
                "participant" => participant(bo, Method::DELETE, &task, eve).await,
                _ => participant(eve, Method::DELETE, &task, eve).await,
            }
            // At once, without waiting until anybody has been told.
            let after = bo.says(&task, "After").await;
            let typing = bo.watch(&task).await;
            typing.emit("typing", &json!({"taskId": task["id"], "isTyping": true}));
            let seq = after["seq"].as_i64().unwrap() - 1;
            for live in [&mut inside, &mut outside] {
                assert_eq!(live.next("task_deleted").await, gone(&task, seq), "{by}");
                assert_eq!(live.rest().await, [], "{by}");
                let nowhere = unknown(live).await;
                assert_eq!(refused(live, "join_task", task["id"].clone()).await, nowhere);
                assert_eq!(refused(live, "join_task", json!({"taskId": task["id"], "afterSeq": 0})).await, nowhere);
                for event in ["typing", "task_updated"] {
                    assert_eq!(refused(live, event, json!({"taskId": task["id"]})).await["code"], "not_joined");
                }
                let said = json!({"taskId": task["id"], "content": "Let me in"});
                assert_eq!(refused(live, "send_message", said).await, nowhere);
            }
            assert_eq!(stays.next("new_message").await["seq"], before["seq"]);
            assert_eq!(stays.next("refresh_task").await["seq"], seq);
            assert_eq!(stays.next("new_message").await, after, "{by}");
            assert_eq!(outside.names().await, NOTHING);
        }
    }

    async fn not_one_message_behind_the_removal_arrives(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, eve) = (&world.bo, &world.eve);
        let task = bo.files("Salaries", json!({"visibility": "private"})).await;
        for _ in 0..5 {
            participant(bo, Method::PUT, &task, eve).await;
            let mut live = eve.watch(&task).await;
            let mut talk = tokio::task::JoinSet::new();
            for _ in 0..4 {
                let (person, task) = (world.ada.clone(), task.clone());
                talk.spawn(async move {
                    for n in 0..6 {
                        person.says(&task, &format!("{n}")).await;
                    }
                });
            }
            live.next("new_message").await;
            participant(bo, Method::DELETE, &task, eve).await;
            talk.join_all().await;
            let heard = live.rest().await;
            let removed = heard.iter().rfind(|(name, _)| name == "task_deleted").unwrap().1["seq"].as_i64().unwrap();
            let (last, _) = heard.last().unwrap();
            assert_eq!(last, "task_deleted", "it is the last that comes");
            assert!(heard.iter().all(|(_, data)| data["seq"].as_i64().is_none_or(|seq| seq <= removed)), "{heard:?}");
        }
    }

    async fn who_gains_sight_is_told_of_the_ticket_and_may_come_in(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, eve) = (&world.bo, &world.eve);
        for by in ["visibility", "participant", "assignee"] {
            let task = bo.files("Salaries", json!({"visibility": "private"})).await;
            let mut live = eve.connect().await;
            assert_eq!(refused(&mut live, "join_task", task["id"].clone()).await, unknown(&mut live).await);
            bo.says(&task, "Among ourselves").await;
            match by {
                "visibility" => { change(bo, &task, json!({"visibility": "team"})).await; }
                "assignee" => { change(bo, &task, json!({"assignedToId": eve.id})).await; }
                _ => participant(bo, Method::PUT, &task, eve).await,
            }
            let told = live.next("task_changed").await;
            assert_eq!(told, eve.get(&path(&task)).await.body["task"], "{by}");
            let joined = live.ask("join_task", &json!({"taskId": task["id"], "afterSeq": 0})).await;
            assert_eq!(joined["events"].as_array().map(Vec::len), Some(3), "{joined}");
            let said = bo.says(&task, "Welcome").await;
            assert_eq!(live.next("new_message").await, said);
            assert_eq!(live.names().await, NOTHING);
        }
    }

    async fn what_is_lost_and_deleted_in_one_breath_is_gone_for_whoever_lost_it(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, ada, eve) = (&world.bo, &world.ada, &world.eve);
        // Another node learns of both at once.
        let node = app.another_node().await;
        let there = node.log_in(&eve.email).await;
        for by in ["visibility", "participant", "assignee"] {
            let private = json!({"visibility": if by == "visibility" { "team" } else { "private" }});
            let task = bo.files("Salaries", private).await;
            match by {
                "assignee" => { change(bo, &task, json!({"assignedToId": eve.id})).await; }
                "participant" => participant(bo, Method::PUT, &task, eve).await,
                _ => {}
            }
            let mut lives = [there.watch(&task).await, there.connect().await];
            match by {
                "visibility" => { change(bo, &task, json!({"visibility": "private"})).await; }
                "assignee" => { change(bo, &task, json!({"assignedToId": null})).await; }
                _ => participant(bo, Method::DELETE, &task, eve).await,
            }
            assert_eq!(ada.delete(&path(&task)).await.status, 204);
            for live in &mut lives {
                assert_eq!(live.next("task_deleted").await["id"], task["id"], "{by}");
            }
        }
    }

    async fn a_deleted_ticket_empties_its_room(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let task = world.bo.files("Printer", json!({})).await;
        let other = world.bo.files("Other", json!({})).await;
        let mut lives = [world.ada.watch(&task).await, world.bo.watch(&task).await, world.cy.watch(&task).await];
        lives[1].ask("join_task", &other["id"]).await;
        world.ada.delete(&path(&task)).await;
        for live in &mut lives {
            assert_eq!(live.next("task_deleted").await, gone(&task, 2));
            let nowhere = unknown(live).await;
            assert_eq!(refused(live, "join_task", task["id"].clone()).await, nowhere);
            assert_eq!(refused(live, "send_message", json!({"taskId": task["id"], "content": "x"})).await, nowhere);
            assert_eq!(refused(live, "typing", json!({"taskId": task["id"]})).await["code"], "not_joined");
        }
        let said = world.ada.says(&other, "Still here").await;
        assert_eq!(lives[1].next("new_message").await, said, "other rooms are as they were");
    }

    async fn nothing_of_a_room_comes_before_joining_or_after_leaving(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let task = world.bo.files("Printer", json!({})).await;
        let mut bo = world.bo.watch(&task).await;
        let (mut outside, mut left, mut by_name) = (world.eve.connect().await, world.cy.watch(&task).await, world.cy.watch(&task).await);
        assert_eq!(left.ask("leave_task", &task["id"]).await, json!({"ok": true, "taskId": task["id"]}));
        assert_eq!(by_name.ask("leave_task", &json!({"taskId": task["id"]})).await["ok"], true);
        for absent in [json!(9999), task["id"].clone()] {
            assert_eq!(left.ask("leave_task", &absent).await["ok"], true, "who is not there has left");
        }
        for live in [&mut outside, &mut left, &mut by_name] {
            live.rest().await;
        }
        let said = world.cy.says(&task, "Anybody there?").await;
        world.cy.put(&format!("/api/messages/{}", said["id"]), &json!({"content": "Nobody?"})).await;
        world.cy.delete(&format!("/api/messages/{}", said["id"])).await;
        for event in ["typing", "task_updated", "upload_progress"] {
            let payload = json!({"taskId": task["id"], "isTyping": true, "progress": 7, "filename": "fire.png"});
            assert_eq!(bo.ask(event, &payload).await["ok"], true, "{event}");
        }
        assert_eq!(bo.next("message_deleted").await["seq"], 4);
        for live in [&mut outside, &mut left, &mut by_name] {
            assert_eq!(live.rest().await, []);
        }
        // Coming back is like coming.
        let joined = left.ask("join_task", &json!({"taskId": task["id"], "afterSeq": 1})).await;
        assert_eq!(joined["events"].as_array().map(Vec::len), Some(3));
        let said = world.bo.says(&task, "There you are").await;
        assert_eq!(left.next("new_message").await, said);
    }

    async fn a_stranger_at_the_door_overhears_nothing_and_is_not_seen(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let task = world.bo.files("Salaries", json!({"visibility": "private"})).await;
        let (mut bo, mut eve) = (world.bo.watch(&task).await, world.eve.connect().await);
        let mut knocks = Vec::new();
        for n in 0..300 {
            knocks.push(eve.begin("join_task", &task["id"]));
            bo.emit("typing", &json!({"taskId": task["id"], "isTyping": n % 2 == 0}));
            bo.emit("upload_progress", &json!({"taskId": task["id"], "progress": 1, "filename": "salaries.xlsx"}));
        }
        let mut ada = world.ada.connect().await;
        for knock in knocks {
            assert_eq!(knock.await.unwrap()["error"]["code"], "not_found");
            let joined = ada.ask("join_task", &task["id"]).await;
            let names: Vec<&str> = joined["viewers"].as_array().unwrap().iter().map(|user| user["name"].as_str().unwrap()).collect();
            assert!(!names.contains(&"Eve"), "{joined}");
        }
        assert_eq!(eve.rest().await, []);
        let seen = ada.rest().await.into_iter().chain(bo.rest().await).filter(|(name, _)| name == "presence");
        for (_, presence) in seen {
            assert!(!presence.to_string().contains("Eve"), "{presence}");
        }
    }
}
