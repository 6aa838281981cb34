//! Clients that send too much, or the wrong thing; and clients that take nothing.

use std::time::Duration;

use faff_socketio::{Config, Reason};
use socket2::SockRef;

use crate::support::{Test, Wire, config, frame};

/// Text, and whether it is the last of its message.
const TEXT: u8 = 0x81;
const BEGUN: u8 = 0x01;
const GOING_ON: u8 = 0x00;
const PING: u8 = 0x89;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_beyond_the_limit_ends_the_session_as_soon_as_that_is_known() {
    let test = Test::start(config()).await;
    let mut good = test.connect("good").await;
    good.ask(&format!(r#"["say","{}"]"#, "x".repeat(9_900))).await;
    let whole = frame(TEXT, 10_001, &[b'4'; 10_001]);
    let announced = frame(TEXT, 60_000_000, b"42");
    let absurd = frame(TEXT, u64::MAX >> 1, b"42");
    let part = frame(GOING_ON, 4_000, &[b'x'; 4_000]);
    let parts = [&frame(BEGUN, 4_000, &[b'4'; 4_000])[..], &part, &part].concat();
    for (name, bytes) in [("whole", whole), ("announced", announced), ("absurd", absurd), ("parts", parts)] {
        let mut wire = test.connect(name).await;
        wire.raw(&bytes).await;
        wire.rest().await;
        test.until(name, |test| test.script().reason(name).is_some()).await;
        assert_eq!(test.script().reason(name), Some(Reason::Faulty), "{name}");
    }
    good.ask(r#"["say",1]"#).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_may_send_less_at_once_than_who_was_let_in() {
    let test = Test::start(config()).await;
    let long = |length: usize| format!(r#"40{{"name":"{}"}}"#, "x".repeat(length));
    let mut fits = test.open().await;
    fits.send(&long(900)).await;
    assert!(fits.text().await.unwrap().starts_with("40{"));
    fits.ask(&format!(r#"["say","{}"]"#, "x".repeat(9_900))).await;
    // Small things may come again and again.
    let mut patient = test.open().await;
    for _ in 0..50 {
        patient.send(r#"40{"name":"patient patient patient patient patient","how":"refused"}"#).await;
        assert!(patient.text().await.unwrap().starts_with("44{"));
    }
    let unfinished = frame(BEGUN, 600, &[b'4'; 600]);
    let unfinished = [&unfinished[..], &frame(GOING_ON, 9_000, &[b'4'; 600])].concat();
    for bytes in
        [long(2_000).into_bytes(), vec![b'4'; 5_000]].map(|text| frame(TEXT, text.len() as u64, &text))
    {
        let mut wire = test.open().await;
        wire.raw(&bytes).await;
        assert_eq!(wire.rest().await, [""; 0]);
    }
    let mut wire = test.open().await;
    wire.raw(&unfinished).await;
    assert_eq!(wire.rest().await, [""; 0]);
    test.until("they are gone", |test| test.server.sessions() == 2).await;
    assert_eq!(test.server.counters().faulty(), 3);
    let sid = test.begin_polling().await;
    assert_eq!(test.poll("POST", &sid, &long(2_000)).await.0, 413);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attachments_must_be_announced_allowed_and_all_that_comes() {
    let one = r#"451-["say",{"_placeholder":true,"num":0}]"#;
    let test = Test::start(Config { max_attachments: 2, ..config() }).await;
    let mut good = test.connect("good").await;
    good.send(r#"452-5["say",{"_placeholder":true,"num":1}]"#).await;
    good.send_binary(b"a").await;
    good.send_binary(b"b").await;
    assert_eq!(good.text().await.unwrap(), "435[2]");
    let too_many = r#"4510001-["say",{"_placeholder":true,"num":0}]"#;
    let wrong: [(&str, &[&str], bool); 6] = [
        ("too many", &[too_many], false),
        ("more than fits a number", &["4599999999999999999999-[\"say\"]"], false),
        ("a placeholder for what does not come", &[r#"451-["say",{"_placeholder":true,"num":1}]"#], false),
        ("a placeholder that is deep", &[r#"451-["say",[{"a":{"_placeholder":true,"num":-1}}]]"#], false),
        ("something between", &[one, r#"42["say",1]"#], false),
        ("binary without a header", &[], true),
    ];
    for (name, texts, binary) in wrong {
        let mut wire = test.connect(name).await;
        for text in texts {
            wire.send(text).await;
        }
        if binary {
            wire.send_binary(b"?").await;
        }
        wire.rest().await;
        assert_eq!(test.script().reason(name), Some(Reason::Faulty), "{name}");
    }
    let none = Test::start(config()).await;
    let mut wire = none.connect("none").await;
    wire.send(one).await;
    wire.rest().await;
    assert_eq!(
        none.script().reason("none"),
        Some(Reason::Faulty),
        "none are allowed unless the settings say so"
    );
    good.ask(r#"["say",1]"#).await;
}

/// Leaves what is sent to it where it is, in as little room as the system allows.
async fn stalled(test: &Test, name: &str) -> Wire {
    let wire = test.connect(name).await;
    SockRef::from(wire.tcp()).set_recv_buffer_size(1024).unwrap();
    wire
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_take_what_is_sent_is_closed_and_the_others_have_it_all() {
    let config = Config { max_queued_bytes: 1_000_000, write_timeout: Duration::from_secs(1), ..config() };
    let test = Test::start(config).await;
    let mut reader = test.connect("reader").await;
    // Too many frames, too many bytes, and what fits but is not taken.
    let mut wires = Vec::new();
    for (name, burst) in [("frames", "[6000,1]"), ("bytes", "[20,60000]"), ("stays", "[9,100000]")] {
        let mut wire = stalled(&test, name).await;
        wire.send(&format!(r#"42["burst",{burst}]"#)).await;
        wires.push(wire);
    }
    let sent = reader.ask(r#"["burst",[9,100000]]"#).await;
    assert_eq!(sent.len(), 9, "a client that reads gets everything");
    for name in ["frames", "bytes", "stays"] {
        test.until(name, |test| test.script().count(&format!("{name} out")) == 1).await;
        assert_eq!(test.script().reason(name), Some(Reason::Slow), "{name}");
    }
    test.until("one is left", |test| test.server.sessions() == 1).await;
    assert_eq!(test.server.counters().slow(), 3);
    reader.ask(r#"["say",1]"#).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_floods_with_pings_and_reads_no_answer_is_read_no_further() {
    let test = Test::start(config()).await;
    let mut wire = test.open().await;
    let pings = frame(PING, 125, &[b'x'; 125]).repeat(1000);
    let mut sent = 0;
    // The buffers of the system take some megabytes; without a bound it would go on for ever.
    while sent < 200_000_000 {
        match tokio::time::timeout(Duration::from_secs(1), wire.raw(&pings)).await {
            Ok(true) => sent += pings.len(),
            Ok(false) | Err(_) => break,
        }
    }
    assert!(sent < 50_000_000, "{sent} bytes of pings were read without an answer being taken");
}
