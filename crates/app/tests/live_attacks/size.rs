//! A17: what is too large, at the limits that the product has. The database plays no part.

use faff_testkit::{Engine, TestApp};

use super::wire::{BEGUN, BINARY, GOING_ON, TEXT, Wire, frame, http};

const MOST: usize = 128 * 1024;

/// An event of so many bytes.
fn event(size: usize) -> Vec<u8> {
    let text = format!(r#"421["nothing","{}"]"#, "x".repeat(size - 17));
    assert_eq!(text.len(), size);
    text.into_bytes()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_sends_too_much_is_closed_and_the_others_are_not() {
    let test = TestApp::start(Engine::Sqlite).await;
    let (bo, eve) = (test.register("Bo").await, test.register("Eve").await);
    let mut good = Wire::connect(&test.url, &bo.token).await;
    let halves = event(MOST);
    let (first, second) = halves.split_at(MOST / 2);
    good.raw(&frame(TEXT, MOST, &halves)).await;
    good.raw(&frame(BEGUN, first.len(), first)).await;
    good.raw(&frame(0x80, second.len(), second)).await;
    for _ in 0..2 {
        assert!(good.text().await.unwrap().contains("unknown_event"), "as much as is allowed is heard");
    }
    let attachment = br#"451-["send_message",{"_placeholder":true,"num":0}]"#;
    let attachments = br#"4510001-["send_message",{"_placeholder":true,"num":0}]"#;
    for (what, bytes) in [
        ("one byte too many", frame(TEXT, MOST + 1, &event(MOST + 1))),
        ("1.2 MB", frame(TEXT, 1_200_000, &event(1_200_000))),
        ("60 MB announced", frame(TEXT, 60_000_000, b"42")),
        ("more than memory", frame(BINARY, usize::MAX >> 1, b"")),
        ("too much in pieces", frame(GOING_ON, 1000, &[b'x'; 1000]).repeat(200)),
        ("an attachment", frame(TEXT, attachment.len(), attachment)),
        ("10,001 attachments", frame(TEXT, attachments.len(), attachments)),
        ("binary that nothing announced", frame(BINARY, 1, b"x")),
        ("a frame without a mask", vec![0x81, 2, b'4', b'1']),
    ] {
        let mut wire = Wire::connect(&test.url, &eve.token).await;
        if what.contains("pieces") {
            wire.raw(&frame(BEGUN, 2, b"42")).await;
        }
        wire.raw(&bytes).await;
        assert_eq!(wire.rest().await, [""; 0], "{what}");
    }
    // Who is not logged in yet may send 16 KiB.
    for (size, fits) in [(15_000, true), (17_000, false), (MOST, false)] {
        let mut wire = Wire::open(&test.url).await;
        let hello = format!(r#"40{{"token":"{}"}}"#, "x".repeat(size));
        wire.raw(&frame(TEXT, hello.len(), hello.as_bytes())).await;
        assert_eq!(wire.rest().await.len(), usize::from(fits), "{size}");
    }
    for body in [MOST + 1, 20_000_000] {
        let (_, opened) = http(&test.url, "GET /socket.io/?EIO=4&transport=polling HTTP/1.1", b"").await;
        let sid = opened.split_once(r#""sid":""#).unwrap().1.split('"').next().unwrap().to_owned();
        let post = format!("POST /socket.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1");
        assert_eq!(http(&test.url, &post, &vec![b'4'; body]).await.0, 413);
        assert_eq!(http(&test.url, &post, b"40").await.0, 400, "the session is over");
    }
    good.send(r#"422["sync"]"#).await;
    assert!(good.text().await.unwrap().starts_with(r#"432[{"ok":true"#));
}
