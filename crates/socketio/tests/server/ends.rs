//! How sessions end: each for its reason, each with one goodbye.

use std::sync::atomic::Ordering;
use std::time::Duration;

use faff_socketio::{Config, Reason};

use crate::support::{Test, config, frame};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_ends_for_the_reason_that_it_has() {
    let test = Test::start(config()).await;
    let mut wires = Vec::new();
    for name in ["leaves", "closes", "is cut", "talks nonsense", "says too much", "is sent away"] {
        wires.push(test.connect(name).await);
    }
    let [leaves, closes, _, nonsense, much, sent_away] = wires.get_disjoint_mut([0, 1, 2, 3, 4, 5]).unwrap();
    leaves.send("1").await;
    closes.close().await;
    nonsense.send("42{").await;
    much.send(&"4".repeat(10_001)).await;
    sent_away.send(r#"42["leave"]"#).await;
    assert_eq!(sent_away.rest().await, ["41"]);
    drop(wires.swap_remove(2));
    test.until("all are gone", |test| test.server.sessions() == 0).await;
    for (name, reason) in [
        ("leaves", Reason::Gone),
        ("closes", Reason::Gone),
        ("is cut", Reason::Gone),
        ("talks nonsense", Reason::Faulty),
        ("says too much", Reason::Faulty),
        ("is sent away", Reason::Ended),
    ] {
        assert_eq!(test.script().reason(name), Some(reason), "{name}");
        assert_eq!(test.script().count(&format!("{name} out")), 1);
    }
    let counters = test.server.counters();
    assert_eq!((counters.opened(), counters.faulty(), counters.slow(), counters.silent()), (6, 2, 0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_gives_no_sign_of_life_is_closed_and_who_does_stays() {
    let times = Config {
        ping_interval: Duration::from_millis(100),
        ping_timeout: Duration::from_secs(1),
        ..config()
    };
    let test = Test::start(times).await;
    let (mut silent, mut alive) = (test.connect("silent").await, test.connect("alive").await);
    let polling = test.connect_polling("polling").await;
    assert_eq!(test.poll("GET", &polling, "").await, (200, "2".to_owned()), "who polls is asked, too");
    // One that is being worked for answers late, and is forgiven.
    alive.send(r#"42["wait"]"#).await;
    let heard = silent.rest().await;
    assert_eq!(heard, ["2"], "it is asked once, and then gone");
    test.script().gate.add_permits(1);
    for _ in 0..3 {
        alive.ask(r#"["say",1]"#).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    test.until("one is left", |test| test.server.sessions() == 1).await;
    let reasons = ["silent", "polling", "alive"].map(|name| test.script().reason(name));
    assert_eq!(reasons, [Some(Reason::Silent), Some(Reason::Silent), None]);
    assert_eq!(test.poll("GET", &polling, "").await.0, 400);
    assert_eq!(test.server.counters().silent(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_joins_nothing_in_time_is_gone() {
    let test = Test::start(Config { connect_timeout: Duration::from_millis(700), ..config() }).await;
    let mut member = test.connect("member").await;
    let mut idle = test.open().await;
    let polling = test.begin_polling().await;
    let mut refused = test.open().await;
    refused.send(r#"40{"name":"refused","how":"refused"}"#).await;
    let mut left = test.connect("left").await;
    left.send("41").await;
    let mut unfinished = test.open().await;
    assert!(unfinished.raw(&frame(0x01, 100, b"40")).await);
    let mut waiting = test.open().await;
    waiting.send(r#"40{"name":"waiting","how":"slowly"}"#).await;

    assert_eq!(idle.rest().await, [""; 0]);
    assert_eq!(refused.rest().await, [r#"44{"message":"not you","data":null}"#]);
    assert_eq!(
        left.rest().await,
        [""; 0],
        "who has left everything has no more right to stay than a stranger"
    );
    unfinished.rest().await;
    waiting.rest().await;
    test.until("only the member is left", |test| test.server.sessions() == 1).await;
    assert_eq!(test.poll("GET", &polling, "").await.0, 400);
    test.script().gate.add_permits(1);
    test.until("who was let in too late is let out", |test| test.script().count("waiting out") == 1).await;
    member.ask(r#"["say",1]"#).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_is_one_goodbye_for_every_welcome_whenever_a_client_goes() {
    let test = Test::start(config()).await;
    let waiting = |test: &Test| test.script().waiting.load(Ordering::SeqCst);
    let mut wires = Vec::new();
    for n in 0..30 {
        let mut wire = test.open().await;
        wire.send(&format!(r#"40{{"name":"{n}","how":"slowly"}}"#)).await;
        if n % 3 == 0 {
            wire.close().await;
        }
        wires.push(wire);
    }
    test.until("all are in the midst of it", |test| waiting(test) == 30).await;
    // The reader is held back meanwhile, so the server ends them itself.
    test.server.close(Duration::ZERO).await;
    drop(wires);
    test.until("the sessions are over", |test| test.server.sessions() == 0).await;
    assert_eq!(waiting(&test), 30, "what was begun is not cut off");
    test.script().gate.add_permits(30);
    test.until("all have gone", |test| (0..30).all(|n| test.script().count(&format!("{n} out")) == 1)).await;

    // Others go while an event is handled.
    for n in 30..40 {
        let mut wire = test.connect(&n.to_string()).await;
        wire.send(r#"42["wait"]"#).await;
        wire.send("41").await;
    }
    test.until("all are in the midst of it", |test| waiting(test) == 10).await;
    test.script().gate.add_permits(10);
    test.until("the sessions are over", |test| test.server.sessions() == 0).await;
    for n in 0..40 {
        let (welcomes, goodbyes) = (format!("{n} in"), format!("{n} out"));
        assert_eq!((test.script().count(&welcomes), test.script().count(&goodbyes)), (1, 1), "{n}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_server_closes_all_get_what_was_sent_before() {
    let test = Test::start(config()).await;
    let mut wires = Vec::new();
    for n in 0..20 {
        wires.push(test.connect(&n.to_string()).await);
    }
    let polling = test.connect_polling("polling").await;
    for socket in test.script().sockets.lock().unwrap().values() {
        assert!(socket.emit("last", &1));
    }
    let (got, ()) =
        tokio::join!(test.poll("GET", &polling, ""), test.server.close(Duration::from_millis(100)));
    assert_eq!(got, (200, r#"42["last",1]"#.to_owned()));
    for wire in &mut wires {
        assert_eq!(wire.rest().await, [r#"42["last",1]"#]);
    }
    test.until("all are gone", |test| test.server.sessions() == 0).await;
    assert!(test.script().sockets.lock().unwrap().values().all(|socket| !socket.emit("late", &1)));
}
