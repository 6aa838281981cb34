//! Long-polling, and the way over to a WebSocket.

use std::time::Duration;

use faff_socketio::{Config, Reason};
use tokio::io::AsyncReadExt;

use crate::support::{Test, config, within};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_goes_over_to_a_websocket_without_losing_anything() {
    let test = Test::start(config()).await;
    let sid = test.connect_polling("bo").await;
    let emit = |n: i32| test.script().sockets.lock().unwrap()["bo"].emit("n", &n);
    assert!(emit(1));
    assert_eq!(test.poll("GET", &sid, "").await.1, r#"42["n",1]"#);
    assert_eq!(test.poll("POST", &sid, "42[\"say\",1]\u{1e}42[\"say\",2]").await, (200, "ok".to_owned()));

    let mut wire = test.websocket(&sid).await;
    let (waiting, answer) = tokio::join!(test.poll("GET", &sid, ""), async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        wire.send("2probe").await;
        wire.text().await
    });
    assert_eq!(
        (answer.as_deref(), waiting.1.as_str()),
        (Some("3probe"), "6"),
        "the poll that waits is released"
    );
    let mut second = test.websocket(&sid).await;
    assert_eq!(second.rest().await, [""; 0], "one at a time");
    assert!(emit(2), "what comes meanwhile waits");
    wire.send("5").await;
    assert_eq!(wire.text().await.unwrap(), r#"42["n",2]"#);
    assert_eq!(test.poll("GET", &sid, "").await.0, 400, "there is no way back");
    assert_eq!(test.poll("POST", &sid, "3").await.0, 400);
    wire.ask(r#"["say",3]"#).await;
    wire.ask(&format!(r#"["say","{}"]"#, "x".repeat(9_000))).await;
    let said: Vec<_> =
        test.script().log.lock().unwrap().iter().filter(|line| line.contains("says")).cloned().collect();
    assert_eq!(said[..3], ["bo says 1", "bo says 2", "bo says 3"]);
    wire.send("1").await;
    test.until("it has left", |test| test.script().count("bo out") == 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_not_get_over_goes_on_by_polling() {
    let test = Test::start(Config { upgrade_timeout: Duration::from_millis(300), ..config() }).await;
    let sid = test.connect_polling("bo").await;
    for way in ["nothing", "half", "nonsense", "cut", "pings"] {
        let mut wire = test.websocket(&sid).await;
        match way {
            "half" => {
                wire.send("2probe").await;
                assert_eq!(wire.text().await.unwrap(), "3probe");
            }
            "nonsense" => wire.send(r#"42["say","unheard"]"#).await,
            "pings" => drop(wire.raw(&crate::support::frame(0x89, 2, b"hi").repeat(10)).await),
            "nothing" | "cut" => {}
            _ => unreachable!(),
        }
        if way == "cut" {
            drop(wire);
        } else {
            assert_eq!(wire.rest().await, [""; 0], "{way}");
        }
        assert!(test.script().sockets.lock().unwrap()["bo"].emit("still", &way));
        let mut heard = test.poll("GET", &sid, "").await.1;
        while heard == "6" {
            heard = test.poll("GET", &sid, "").await.1;
        }
        assert_eq!(heard, format!(r#"42["still","{way}"]"#));
        assert_eq!(test.poll("POST", &sid, r#"42["say",1]"#).await.0, 200);
    }
    test.until("all was heard", |test| test.script().count("bo says 1") == 5).await;
    assert_eq!(test.script().count("bo says \"unheard\""), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_of_polling_that_break_the_rules_end_their_session_alone() {
    let test = Test::start(config()).await;
    let good = test.connect_polling("good").await;
    let over = "x".repeat(10_001);
    for (name, body, status) in [
        ("too long", over.as_str(), 413),
        ("no packet", "hello", 400),
        ("nothing", "", 400),
        ("a packet for servers", "0{}", 400),
        ("not encoded", "b!", 400),
    ] {
        let sid = test.connect_polling(name).await;
        assert_eq!(test.poll("POST", &sid, body).await.0, status, "{name}");
        test.until(name, |test| test.script().reason(name) == Some(Reason::Faulty)).await;
        test.until(name, |test| test.script().count(&format!("{name} out")) == 1).await;
    }
    let sid = test.connect_polling("two polls").await;
    let mut first = test.request("GET", &sid, 0, "").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(test.poll("GET", &sid, "").await.0, 400);
    let mut answer = String::new();
    within(first.read_to_string(&mut answer)).await.unwrap();
    assert!(answer.ends_with("\r\n\r\n1"), "{answer}");
    let sid = test.connect_polling("two posts").await;
    let _first = test.request("POST", &sid, 100, "42[").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(test.poll("POST", &sid, r#"42["say",1]"#).await.0, 400);
    for name in ["two polls", "two posts"] {
        assert_eq!(test.script().reason(name), Some(Reason::Faulty));
    }
    let sid = test.connect_polling("breaks off").await;
    let poll = test.request("GET", &sid, 0, "").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    drop(poll);
    test.until("it is gone", |test| test.script().reason("breaks off") == Some(Reason::Gone)).await;
    for (method, query) in [("GET", "&sid=unknown"), ("POST", "&sid=unknown"), ("POST", ""), ("PUT", &*good)]
    {
        assert_eq!(test.poll(method, query, "3").await.0, 400, "{method} {query}");
    }
    assert_eq!(test.poll("POST", &good, r#"421["say",1]"#).await.0, 200);
    assert_eq!(test.poll("GET", &good, "").await.1, "431[0]");
    test.until("one is left", |test| test.server.sessions() == 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_packets_in_one_body_are_handled_one_by_one() {
    let test = Test::start(Config { max_payload: 200_000, ..config() }).await;
    let sid = test.connect_polling("bo").await;
    let packets: Vec<_> = (0..10_000).map(|n| format!("42[\"say\",{n}]")).collect();
    assert_eq!(test.poll("POST", &sid, &packets.join("\u{1e}")).await.0, 200);
    test.until("the last was heard", |test| test.script().count("bo says 9999") == 1).await;
    let log = test.script().log.lock().unwrap();
    let said = log.iter().filter(|line| line.contains("says")).enumerate();
    assert!(said.clone().all(|(n, line)| *line == format!("bo says {n}")));
    assert_eq!(said.count(), 10_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_never_ends_ends_with_its_session() {
    let test = Test::start(Config { connect_timeout: Duration::from_millis(300), ..config() }).await;
    let sid = test.begin_polling().await;
    let mut endless = test.request("POST", &sid, 100, "40").await;
    let mut answer = String::new();
    within(endless.read_to_string(&mut answer)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    test.until("it is gone", |test| test.server.sessions() == 0).await;
}
