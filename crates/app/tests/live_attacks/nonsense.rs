//! A14: what nobody in their right mind would send. It costs its sender the connection or earns an answer, and nobody
//! else notices. The database plays no part.

use faff_testkit::{Engine, Live, Person, TestApp};
use serde_json::{Value, json};

use super::wire::Wire;

/// Names that mean something somewhere, but are no events of ours.
const NAMES: [&str; 17] = [
    "",
    "message",
    "connect",
    "disconnect",
    "disconnecting",
    "connect_error",
    "error",
    "newListener",
    "__proto__",
    "constructor",
    "toString",
    "join_task ",
    "JOIN_TASK",
    "new_message",
    "presence",
    "\\u0000",
    "\\ud83d\\udd25",
];

/// Text that is no packet of a client.
const NO_PACKETS: [&str; 40] = [
    "",
    " ",
    "0",
    "2",
    "2probe",
    "5",
    "6",
    "7",
    "x",
    "é",
    "\u{0}",
    "4",
    "42",
    "42{}",
    "42[]",
    "42[1]",
    "42[null]",
    "42[[\"sync\"]]",
    "42[\"sync\"",
    "42[\"sync\"]]",
    "42[\"sync\",]",
    "42\"sync\"",
    "4230",
    "43[]",
    "431{}",
    "44{}",
    "47",
    "40[]",
    "40\"x\"",
    "40{",
    "41{}",
    "42/admin,[\"sync\"]",
    "45-[\"sync\"]",
    "451-[\"sync\"]",
    "461-1[]",
    "429007199254740992[\"sync\"]",
    "42184467440737095516151[\"sync\"]",
    "42-1[\"sync\"]",
    "421.5[\"sync\"]",
    "42[\"\\ud800\"]",
];

/// Ends with `bottom` in so many lists.
fn deep(open: &str, bottom: &str, close: &str, levels: usize) -> String {
    format!("{}{bottom}{}", open.repeat(levels), close.repeat(levels))
}

/// Somebody who sends nonsense, and somebody else who must not notice.
struct Stage {
    test: TestApp,
    eve: Person,
    task: Value,
    bo: Live,
    /// Of eve.
    wire: Wire,
    asked: usize,
}

impl Stage {
    async fn set() -> Self {
        let test = TestApp::start(Engine::Sqlite).await;
        let (bo, eve) = (test.register("Bo").await, test.register("Eve").await);
        let task = bo.files("Printer", json!({})).await;
        let (bo, wire) = (bo.watch(&task).await, Wire::connect(&test.url, &eve.token).await);
        Self { test, eve, task, bo, wire, asked: 0 }
    }

    /// The code that an event is refused with; `none` when all is well.
    async fn ask(&mut self, event: &str) -> String {
        self.asked += 1;
        assert!(self.wire.send(&format!("42{}{event}", self.asked)).await);
        let answer = self.wire.text().await.unwrap_or_else(|| panic!("closed by {event:.80}"));
        let begin = format!("43{}[", self.asked);
        assert!(answer.starts_with(&begin), "{event:.80}: {answer:.200}");
        assert!(answer.len() < 2_000, "not all of it is said back");
        let answer: Value = serde_json::from_str(&answer[begin.len() - 1..]).unwrap();
        answer[0]["error"]["code"].as_str().unwrap_or("none").to_owned()
    }

    /// Whether the others talk as ever.
    async fn check(mut self) {
        let message = json!({"taskId": self.task["id"], "content": "Still here?"});
        let said = self.bo.ask("send_message", &message).await;
        assert_eq!(said["ok"], true, "{said}");
        assert_eq!(self.bo.next("new_message").await, said["message"]);
        assert_eq!(self.bo.names().await, [""; 0]);
        assert_eq!(self.test.anyone().get("/health/ready").await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_event_or_has_no_sense_is_answered() {
    let mut stage = Stage::set().await;
    for name in NAMES {
        assert_eq!(stage.ask(&format!(r#"["{name}",{{"taskId":1}}]"#)).await, "unknown_event", "{name}");
    }
    let long = "x".repeat(100_000);
    assert_eq!(stage.ask(&format!(r#"["{long}"]"#)).await, "unknown_event");
    for event in
        ["join_task", "leave_task", "send_message", "typing", "task_updated", "upload_progress", "sync"]
    {
        for argument in [
            "\"x\"",
            "-1",
            "1.5",
            "1e999",
            "true",
            "[]",
            "[[1]]",
            "{\"taskId\":\"1\"}",
            "{\"taskId\":null,\"after\":7}",
            &deep("[", "1", "]", 100),
            &deep("[", "1", "]", 10_000),
            &deep("{\"taskId\":", "1", "}", 10_000),
            &format!("{{\"taskId\":{},\"after\":[]}}", deep("[", "1", "]", 10_000)),
            &format!("\"{long}\""),
            &format!("{}1", "9".repeat(50_000)),
        ] {
            let code = stage.ask(&format!(r#"["{event}",{argument}]"#)).await;
            // What it does not know it leaves alone.
            let known =
                !(event == "sync" && argument.starts_with("{\"taskId\":") && !argument.contains("after"));
            let expected: &[&str] = if known { &["validation_failed", "not_found"] } else { &["none"] };
            assert!(expected.contains(&code.as_str()), "{event} {argument:.60}: {code}");
        }
        let without = if event == "sync" { "none" } else { "validation_failed" };
        assert_eq!(stage.ask(&format!(r#"["{event}"]"#)).await, without, "{event} without anything");
    }
    let file = json!([{"id": 1, "path": "../../faff.sqlite"}]);
    let message = json!({"taskId": stage.task["id"], "content": "x", "attachments": file});
    assert_eq!(stage.ask(&format!(r#"["send_message",{message}]"#)).await, "validation_failed");
    stage.check().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_twice_or_to_nobody_changes_nothing() {
    let mut stage = Stage::set().await;
    let wire = &mut stage.wire;
    wire.send(r#"42["typing"]"#).await;
    let error = wire.text().await.unwrap();
    assert!(error.starts_with(r#"42["error",{"#) && error.contains("validation_failed"), "{error}");
    // The greatest number that a client can count to is answered, too.
    wire.send(r#"429007199254740991["sync"]"#).await;
    assert!(wire.text().await.unwrap().starts_with(r#"439007199254740991[{"ok":true"#));
    for hello in
        [format!(r#"40{{"token":"{}"}}"#, stage.eve.token), "40".to_owned(), r#"40{"token":"x"}"#.to_owned()]
    {
        wire.send(&hello).await;
    }
    for namespace in ["/admin", "/socket.io", "//", "/admin/../", "/%2e"] {
        wire.send(&format!("40{namespace},{{}}")).await;
        assert_eq!(wire.text().await.unwrap(), format!(r#"44{namespace},{{"message":"Invalid namespace"}}"#));
    }
    wire.send("431[{}]").await;
    assert_eq!(stage.ask(r#"["sync"]"#).await, "none", "the first hello counts");
    stage.check().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_packet_ends_the_connection_of_who_sends_it() {
    let mut stage = Stage::set().await;
    let endless = format!("42[\"sync\",{}", "[".repeat(100_000));
    let unbalanced = format!("40{}", deep("{\"a\":", "1", "", 10_000));
    for nonsense in NO_PACKETS.into_iter().chain([&*endless, &*unbalanced]) {
        let mut wire = Wire::connect(&stage.test.url, &stage.eve.token).await;
        wire.send(nonsense).await;
        assert_eq!(wire.rest().await, [""; 0], "{nonsense:.60}");
    }
    let mut wire = Wire::open(&stage.test.url).await;
    wire.send(&format!("40{{\"token\":{}}}", deep("[", "1", "]", 5_000))).await;
    assert!(wire.text().await.unwrap().starts_with("44{"), "depth is no danger");
    assert_eq!(stage.ask(r#"["sync"]"#).await, "none", "one's other connections stay");
    stage.check().await;
}
