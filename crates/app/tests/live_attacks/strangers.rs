//! A12, A17: those who are not logged in are few, stay briefly, and keep nobody else out. The database plays no part.

use faff_testkit::{Engine, TestApp};

use super::wire::{BEGUN, Wire, frame, http};

const POLL: &str = "GET /socket.io/?EIO=4&transport=polling HTTP/1.1";

fn sid(answer: &str) -> String {
    let (_, sid) = answer.split_once(r#""sid":""#).unwrap();
    sid.split('"').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_are_two_hundred_an_address_and_gone_when_their_time_is_up() {
    let test = TestApp::start_with(Engine::Sqlite, |settings| {
        settings.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    })
    .await;
    let bo = test.register("Bo").await;
    let mut member = bo.connect().await;
    let mut strangers = Vec::new();
    for n in 0..190 {
        let mut wire = Wire::open(&test.url).await;
        match n % 5 {
            0 => drop(wire.send("40").await),
            1 => drop(wire.raw(&frame(BEGUN, 5_000, b"40")).await),
            2 => drop(wire.raw(&[0x81]).await),
            _ => {}
        }
        strangers.push(wire);
    }
    let mut half = Vec::new();
    for n in 0..10 {
        let (status, answer) = http(&test.url, POLL, b"").await;
        assert_eq!(status, 200, "{answer}");
        let sid = sid(&answer);
        if n % 2 == 0 {
            half.push(Wire::knock(&test.url, &format!("&sid={sid}"), "").await.unwrap());
        }
    }
    let refused = |answer: &str| {
        let answer = answer.to_lowercase();
        assert!(answer.contains("retry-after: 10\r\n"), "{answer}");
    };
    let (status, answer) = Wire::knock(&test.url, "", "").await.err().unwrap();
    assert_eq!(status, 429, "{answer}");
    refused(&answer);
    let (status, answer) = http(&test.url, POLL, b"").await;
    assert_eq!(status, 429, "{answer}");
    assert!(answer.contains(r#""code":"rate_limited""#), "{answer}");
    refused(&answer);
    // Another address is another matter, and who is logged in needs no place.
    drop(Wire::knock(&test.url, "", "x-forwarded-for: 192.0.2.7\r\n").await.unwrap());
    let last = strangers.last_mut().unwrap();
    last.send(&format!(r#"40{{"token":"{}"}}"#, bo.token)).await;
    assert!(last.text().await.unwrap().starts_with("40{"));
    let mut member_too = strangers.pop().unwrap();
    strangers.push(Wire::knock(&test.url, "", "").await.expect("whoever logs in gives up a place"));
    assert_eq!(Wire::knock(&test.url, "", "").await.err().unwrap().0, 429);

    for wire in &mut strangers {
        let heard = wire.rest().await;
        assert!(heard.iter().all(|text| text.starts_with("44{") || text.starts_with("0{")), "{heard:?}");
    }
    for wire in &mut half {
        assert_eq!(wire.rest().await, [""; 0], "a change of transport that is not finished keeps nobody");
    }
    assert_eq!(member.ask("sync", &serde_json::Value::Null).await["ok"], true, "who is logged in stays");
    member_too.send(r#"421["sync"]"#).await;
    assert!(member_too.text().await.unwrap().starts_with("431[{"));
    // Those that poll notice when they come again; their places are free.
    for _ in 0..100 {
        Wire::open(&test.url).await;
    }
}
