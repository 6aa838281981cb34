//! npm's Socket.IO client against a real server: by WebSocket, by polling, and from the one to the other.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use faff_testkit::{Door, Engine, NodeClient, NodeClients, TestApp, World, on_both_engines};
use serde_json::{Value, json};

/// Clients that come back soon; the transports are npm's own choice unless given.
fn options(transports: Option<&[&str]>) -> Value {
    let mut options = json!({"reconnectionDelay": 20, "reconnectionDelayMax": 100});
    if let Some(transports) = transports {
        options["transports"] = json!(transports);
    }
    options
}

/// A ticket, and two people at it whose clients go through a door.
struct Stage {
    test: TestApp,
    world: World,
    door: Door,
    node: NodeClients,
    task: Value,
    bo: NodeClient,
    cy: NodeClient,
}

impl Stage {
    async fn set(engine: Engine, transports: Option<&[&str]>) -> Self {
        let test = TestApp::start(engine).await;
        let world = test.world().await;
        let task = world.bo.files("Printer", json!({})).await;
        let (door, node) = (Door::before(&test.url).await, NodeClients::start());
        let options = options(transports);
        let mut bo = node.connect("bo", &door.url, Some(&world.bo.token), &options).await;
        let mut cy = node.connect("cy", &door.url, Some(&world.cy.token), &options).await;
        for (client, name) in [(&mut bo, "Bo"), (&mut cy, "Cy")] {
            let connected = client.lifecycle("connect").await;
            assert_eq!(connected["recovered"], false, "{connected}");
            if transports.is_none() {
                assert_eq!(client.lifecycle("upgrade").await["transport"], "websocket");
            }
            let joined = join(client, &task, 0).await;
            assert_eq!((&joined["seq"], &joined["events"][0]["seq"]), (&json!(1), &json!(1)), "{joined}");
            let viewers = joined["viewers"].as_array().unwrap();
            assert!(viewers.iter().any(|viewer| viewer["name"] == name), "{joined}");
        }
        Self { test, world, door, node, task, bo, cy }
    }

    /// Bo says something, and hears it.
    async fn says(&mut self, content: &str) -> Value {
        let said = say(&self.bo, &self.task, content).await;
        assert_eq!(self.bo.next("new_message").await, said, "who says something hears it, too");
        said
    }
}

async fn join(client: &NodeClient, task: &Value, after: i64) -> Value {
    let joined = client.ask("join_task", &json!({"taskId": task["id"], "afterSeq": after})).await;
    assert_eq!(
        (&joined["ok"], &joined["hasMore"], &joined["resync"]),
        (&json!(true), &json!(false), &json!(false))
    );
    joined
}

/// The seqs of what somebody has missed, and joins a ticket with.
async fn missed(client: &NodeClient, task: &Value, after: &Value) -> Vec<i64> {
    let joined = join(client, task, after.as_i64().unwrap()).await;
    joined["events"].as_array().unwrap().iter().map(|event| event["seq"].as_i64().unwrap()).collect()
}

async fn say(client: &NodeClient, task: &Value, content: &str) -> Value {
    let key: String = content.chars().filter(char::is_ascii_alphanumeric).collect();
    let input = json!({"taskId": task["id"], "content": content, "clientId": key});
    let answer = client.ask("send_message", &input).await;
    assert_eq!(answer["ok"], true, "{answer}");
    answer["message"].clone()
}

/// Everything that one does in a conversation, with connections that break and a server that ends.
async fn a_conversation(engine: Engine, transports: Option<&[&str]>) {
    let mut stage = Stage::set(engine, transports).await;
    let id = stage.task["id"].clone();

    for n in 1..=5 {
        let said = stage.says(&format!("Nº {n}, \"schön\" <b>&amp;</b> 👩‍🚒\u{2028}")).await;
        assert_eq!(said["seq"], 1 + n);
        assert_eq!(stage.cy.next("new_message").await, said);
    }
    let message = say(&stage.cy, &stage.task, "It burns").await;
    for client in [&mut stage.bo, &mut stage.cy] {
        assert_eq!(client.next("new_message").await, message);
    }
    stage.bo.emit("typing", &[json!({"taskId": id, "isTyping": true})]).await;
    let typing = stage.cy.next("user_typing").await;
    assert_eq!(
        typing,
        json!({"taskId": id, "userId": stage.world.bo.id, "userName": "Bo", "isTyping": true})
    );
    let path = format!("/api/messages/{}", message["id"]);
    stage.world.cy.put(&path, &json!({"content": "It burns no more"})).await;
    let edited = stage.bo.next("message_updated").await;
    assert_eq!((&edited["content"], &edited["eventSeq"]), (&json!("It burns no more"), &json!(8)));
    stage.world.cy.delete(&path).await;
    assert_eq!(stage.bo.next("message_deleted").await, json!({"taskId": id, "id": message["id"], "seq": 9}));
    assert_eq!(stage.bo.names().await, [""; 0], "each once, and who types is not told");
    assert_eq!(stage.cy.names().await, ["message_updated", "message_deleted"]);

    // Cut, the client comes back by itself; what it missed it gets once it joins, and then goes on.
    stage.cy.cut().await;
    stage.cy.lifecycle("disconnect").await;
    stage.cy.lifecycle("connect").await;
    let first = stage.says("Where are you?").await;
    let second = stage.says("Hello?").await;
    assert_eq!(stage.cy.names().await, [""; 0], "who is not in the room hears nothing of it");
    assert_eq!(missed(&stage.cy, &stage.task, &json!(9)).await, [10, 11]);
    let third = stage.says("Ah, there").await;
    assert_eq!(stage.cy.next("new_message").await, third, "what was missed does not come live as well");
    assert_eq!((&first["seq"], &second["seq"]), (&json!(10), &json!(11)));

    // The server ends as it does for an update, and another comes.
    let next = stage.test.another_node().await;
    stage.door.lead_to(None);
    stage.test.drain().await;
    for client in [&mut stage.bo, &mut stage.cy] {
        let left = client.lifecycle("disconnect").await;
        let reason = left["reason"].as_str().unwrap();
        assert!(reason.starts_with("transport "), "else it would have to be told to come back: {left}");
    }
    let mut there = next.log_in(&stage.world.eve.email).await.watch(&stage.task).await;
    let (a, b) = (json!({"taskId": id, "content": "a"}), json!({"taskId": id, "content": "b"}));
    for meanwhile in [a, b] {
        assert_eq!(there.ask("send_message", &meanwhile).await["ok"], true);
    }
    stage.door.lead_to(Some(&next.url));
    for client in [&mut stage.bo, &mut stage.cy] {
        client.lifecycle("connect").await;
        assert_eq!(missed(client, &stage.task, &third["seq"]).await, [13, 14]);
    }
    let last = stage.says("We are back").await;
    assert_eq!((&last["seq"], stage.cy.next("new_message").await), (&json!(15), last.clone()));
    assert_eq!(missed(&stage.cy, &stage.task, &json!(0)).await, (1..=15).collect::<Vec<_>>());
}

on_both_engines! {
    async fn a_conversation_by_websocket(engine) {
        a_conversation(engine, Some(&["websocket"])).await;
    }

    async fn a_conversation_by_polling(engine) {
        a_conversation(engine, Some(&["polling"])).await;
    }

    async fn a_conversation_that_begins_by_polling_and_goes_on_by_websocket(engine) {
        a_conversation(engine, None).await;
    }
}

async fn what_is_wrong_is_answered(transports: Option<&[&str]>) {
    let mut stage = Stage::set(Engine::Sqlite, transports).await;
    let (id, options) = (stage.task["id"].clone(), options(transports));

    // Strangers, and what they are told.
    for token in [None, Some(""), Some("a.b.c"), Some(&stage.world.bo.token[1..])] {
        let mut stranger = stage.node.connect("stranger", &stage.door.url, token, &options).await;
        let refused = stranger.lifecycle("connect_error").await;
        let message = refused["message"].as_str().unwrap();
        assert!(message.starts_with("Authentication error: "), "{refused}");
        assert_eq!(refused["data"]["code"], "unauthenticated");
        assert_eq!(stranger.reported(), [""; 0]);
        stranger.leave().await;
    }

    // Whoever waits for an answer gets one; who does not hears `error`.
    let long = "x".repeat(70_000);
    for (event, wrong, code) in [
        ("join_task", json!("printer"), "validation_failed"),
        ("join_task", json!({"taskId": id, "afterSeq": "1"}), "validation_failed"),
        ("join_task", json!({"taskId": id, "afterSeq": -1}), "validation_failed"),
        ("join_task", json!(999), "not_found"),
        ("leave_task", Value::Null, "validation_failed"),
        ("send_message", Value::Null, "validation_failed"),
        ("send_message", json!([id]), "validation_failed"),
        ("send_message", json!({"taskId": id}), "validation_failed"),
        ("send_message", json!({"taskId": id, "content": {"a": 1}}), "validation_failed"),
        ("send_message", json!({"taskId": id, "content": long}), "validation_failed"),
        ("typing", json!({}), "validation_failed"),
        ("typing", json!({"taskId": 999, "isTyping": true}), "not_joined"),
        ("upload_progress", json!({"taskId": id, "progress": 101, "filename": "a"}), "validation_failed"),
        ("sync", json!({"after": "yesterday"}), "validation_failed"),
        ("__proto__", json!({}), "unknown_event"),
        ("toString", json!({}), "unknown_event"),
    ] {
        let answer = stage.cy.ask(event, &wrong).await;
        assert_eq!(
            (&answer["ok"], &answer["error"]["code"]),
            (&json!(false), &json!(code)),
            "{event}: {answer}"
        );
        assert!(answer["error"]["message"].as_str().is_some_and(|message| !message.is_empty()));
        stage.cy.emit(event, &[wrong]).await;
        let error = stage.cy.next("error").await;
        assert_eq!(
            (&error["code"], &error["message"]),
            (&json!(code), &answer["error"]["message"]),
            "{event}"
        );
    }
    stage.cy.emit("typing", &[]).await;
    assert_eq!(stage.cy.next("error").await["code"], "validation_failed");
    assert_eq!(stage.cy.reported(), [""; 0], "none of it ends the connection");
    let said = stage.says("We are well").await;
    assert_eq!(stage.cy.next("new_message").await, said);

    // Bytes cost the connection that they came by, and no other; the client comes back.
    stage.bo.reported();
    for bytes in [json!({"taskId": id, "content": {"base64": "AAEC"}}), json!({"base64": "AAEC"})] {
        stage.cy.emit("send_message", &[bytes]).await;
        stage.cy.lifecycle("disconnect").await;
        stage.cy.lifecycle("connect").await;
    }
    assert_eq!(missed(&stage.cy, &stage.task, &said["seq"]).await, [0; 0]);
    let said = stage.says("Still here").await;
    assert_eq!(stage.cy.next("new_message").await, said);
    assert_eq!(stage.bo.reported(), [""; 0]);
    assert_eq!((stage.bo.names().await, stage.cy.names().await), (vec![], vec![]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_answered_by_websocket() {
    what_is_wrong_is_answered(Some(&["websocket"])).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_answered_by_polling() {
    what_is_wrong_is_answered(Some(&["polling"])).await;
}

async fn what_is_sent_again_is_said_once(transports: Option<&[&str]>) {
    let mut stage = Stage::set(Engine::Sqlite, transports).await;
    let input = json!({"taskId": stage.task["id"], "content": "Did you get this?", "clientId": "once"});

    // It is stored, and its answer gets lost.
    stage.door.hold(true);
    let lost = stage.bo.ask_within(700, "send_message", &input).await;
    assert_eq!(lost, Err("operation has timed out".to_owned()));
    let messages = format!("/api/tasks/{}/messages", stage.task["id"]);
    let stored = stage.world.cy.get(&messages).await.body["messages"][0].clone();
    assert_eq!(stored["content"], "Did you get this?");
    stage.door.hold(false);
    assert_eq!(stage.bo.ask("send_message", &input).await["message"], stored, "the first is the answer");
    for client in [&mut stage.bo, &mut stage.cy] {
        assert_eq!(client.next("new_message").await, stored);
    }

    // Nobody is there: the client gives up, and does not send it later behind one's back.
    stage.door.lead_to(None);
    stage.bo.cut().await;
    let input = json!({"taskId": stage.task["id"], "content": "And this?", "clientId": "twice"});
    let lost = stage.bo.ask_within(300, "send_message", &input).await;
    assert_eq!(lost, Err("operation has timed out".to_owned()));
    stage.bo.reported();
    stage.door.lead_to(Some(&stage.test.url));
    stage.bo.lifecycle("connect").await;
    assert_eq!(missed(&stage.bo, &stage.task, &stored["seq"]).await, [0; 0]);
    let said = stage.bo.ask("send_message", &input).await["message"].clone();
    let again = stage.bo.ask("send_message", &input).await["message"].clone();
    assert_eq!((&again, stage.cy.next("new_message").await), (&said, said.clone()));
    assert_eq!(stage.world.cy.get(&messages).await.body["messages"], json!([stored, said]));
    assert_eq!(stage.cy.names().await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sent_again_is_said_once_by_websocket() {
    what_is_sent_again_is_said_once(Some(&["websocket"])).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sent_again_is_said_once_by_polling() {
    what_is_sent_again_is_said_once(Some(&["polling"])).await;
}
