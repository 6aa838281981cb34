//! The whole story by long-polling alone, and the way over to a WebSocket.

use std::collections::VecDeque;

use faff_testkit::{Client, TestApp, on_both_engines};
use reqwest::Method;
use serde_json::{Value, json};

use super::wire::Wire;

/// Somebody who polls.
struct Poller {
    client: Client,
    path: String,
    waiting: VecDeque<String>,
}

impl Poller {
    async fn open(client: Client) -> Self {
        let opened = client.get("/socket.io/?EIO=4&transport=polling").await;
        assert_eq!((opened.status, opened.header("content-type")), (200, "text/plain; charset=UTF-8"));
        let opening: Value = serde_json::from_str(opened.text.strip_prefix('0').unwrap()).unwrap();
        assert_eq!((&opening["upgrades"], &opening["maxPayload"]), (&json!(["websocket"]), &json!(131_072)));
        let path = format!("/socket.io/?EIO=4&transport=polling&sid={}", opening["sid"].as_str().unwrap());
        Self { client, path, waiting: VecDeque::new() }
    }

    async fn post(&self, body: &str) {
        let request = self.client.request(Method::POST, &self.path).body(body.to_owned());
        let answer = self.client.send(request).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, "ok"), "{answer:?}");
    }

    /// The next packet that begins so; others are kept.
    async fn next(&mut self, begin: &str) -> String {
        loop {
            if let Some(at) = self.waiting.iter().position(|packet| packet.starts_with(begin)) {
                return self.waiting.remove(at).unwrap();
            }
            let got = self.client.get(&self.path).await;
            assert_eq!(got.status, 200, "{got:?} instead of {begin}");
            assert_eq!(got.header("cache-control"), "private, no-store");
            self.waiting
                .extend(got.text.split('\u{1e}').filter(|packet| *packet != "6").map(ToOwned::to_owned));
        }
    }

    async fn event(&mut self, name: &str) -> Value {
        let packet = self.next(&format!("42[\"{name}\",")).await;
        let (_, argument): (String, Value) = serde_json::from_str(&packet[2..]).unwrap();
        argument
    }

    async fn ask(&mut self, event: &str, argument: Value) -> Value {
        self.post(&format!("427{}", json!([event, argument]))).await;
        let packet = self.next("437[").await;
        let [answer]: [Value; 1] = serde_json::from_str(&packet[3..]).unwrap();
        answer
    }
}

on_both_engines! {
    async fn a_conversation_needs_no_websocket(engine) {
        let test = TestApp::start(engine).await;
        let world = test.world().await;
        let task = world.bo.files("Printer", json!({})).await;
        let mut cy = world.cy.watch(&task).await;

        let mut refused = Poller::open(test.anyone()).await;
        refused.post("40").await;
        assert!(refused.next("44").await.starts_with(r#"44{"message":"Authentication error: "#));
        let mut bo = Poller::open(test.anyone()).await;
        bo.post(&format!("40{}", json!({"token": world.bo.token}))).await;
        bo.next("40{\"sid\":").await;
        let joined = bo.ask("join_task", json!({"taskId": task["id"], "afterSeq": 0})).await;
        assert_eq!((&joined["ok"], &joined["events"][0]["seq"]), (&json!(true), &json!(1)), "{joined}");
        let said = bo.ask("send_message", json!({"taskId": task["id"], "content": "Anybody there?"})).await;
        assert_eq!(bo.event("new_message").await, said["message"]);
        assert_eq!(cy.next("new_message").await, said["message"]);
        // A poll that waits is answered when something happens.
        let (answer, heard) = tokio::join!(world.cy.says(&task, "Yes"), bo.event("new_message"));
        assert_eq!(heard, answer);
        bo.post("42[\"typing\",{\"taskId\":0}]\u{1e}42[\"nothing\"]").await;
        assert_eq!(bo.event("error").await["code"], "validation_failed");
        assert_eq!(bo.event("error").await["code"], "unknown_event");
        assert_eq!(bo.ask("leave_task", task["id"].clone()).await["ok"], true);
        world.cy.says(&task, "Are you gone?").await;
        assert_eq!(bo.ask("sync", Value::Null).await["ok"], true);
        assert!(!bo.waiting.iter().any(|packet| packet.contains("new_message")), "who has left hears nothing");
        bo.post("1").await;
        assert_eq!(bo.client.get(&bo.path).await.status, 400, "who has left is gone");
    }

    async fn who_polls_goes_over_to_a_websocket_and_misses_nothing(engine) {
        let test = TestApp::start(engine).await;
        let world = test.world().await;
        let task = world.bo.files("Printer", json!({})).await;
        let mut bo = Poller::open(test.anyone()).await;
        bo.post(&format!("40{}", json!({"token": world.bo.token}))).await;
        bo.next("40{\"sid\":").await;
        bo.ask("join_task", task["id"].clone()).await;
        let (_, sid) = bo.path.split_once("&sid=").unwrap();
        let mut wire = Wire::knock(&test.url, &format!("&sid={sid}"), "").await.unwrap();
        wire.send("2probe").await;
        assert_eq!(wire.text().await.unwrap(), "3probe");
        let before = world.cy.says(&task, "On the way").await;
        assert_eq!(bo.event("new_message").await, before, "what comes meanwhile may still be polled");
        wire.send("5").await;
        for n in 0..5 {
            let said = world.cy.says(&task, &n.to_string()).await;
            loop {
                let text = wire.text().await.expect("it is open");
                if let Some(heard) = text.strip_prefix("42[\"new_message\",") {
                    let heard: Value = serde_json::from_str(heard.strip_suffix(']').unwrap()).unwrap();
                    assert_eq!(heard, said);
                    break;
                }
            }
        }
        assert_eq!(bo.client.get(&bo.path).await.status, 400, "there is no way back");
        wire.send("1").await;
        assert!(!wire.rest().await.iter().any(|text| text.contains("new_message")));
    }
}
