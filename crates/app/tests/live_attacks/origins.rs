//! A19: a page of somebody else may not open a socket with our cookie. The database plays no part.

use faff_testkit::{Engine, TestApp};

use super::wire::{Wire, http};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_our_own_pages_and_those_in_the_settings_may_open_sockets() {
    let test = TestApp::start_with(Engine::Sqlite, |settings| {
        settings.origins = vec!["https://app.example".to_owned(), "http://localhost:5173".to_owned()];
    })
    .await;
    let bo = test.register("Bo").await;
    let own = test.url.clone();
    let cookie = format!("cookie: faff_session={}\r\n", bo.token);
    for origin in [own.as_str(), "https://app.example", "http://localhost:5173"] {
        let headers = format!("origin: {origin}\r\n{cookie}");
        let mut wire = Wire::knock(&test.url, "", &headers).await.unwrap();
        wire.text().await.unwrap();
        wire.send("40").await;
        assert!(wire.text().await.unwrap().starts_with("40{"), "{origin}");
        let head = format!("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\norigin: {origin}");
        let (status, answer) = http(&test.url, &head, b"").await;
        assert_eq!(status, 200, "{answer}");
        let told = answer.contains(&format!("access-control-allow-origin: {origin}\r\n"));
        assert_eq!(told, origin != own, "a browser needs to be told only of other origins: {answer}");
    }
    // A cookie alone says nothing of the page that asks: what is not a browser has a token to show.
    for (headers, let_in) in [
        ("", false),
        ("sec-fetch-site: same-origin\r\n", true),
        ("sec-fetch-site: same-site\r\n", false),
        ("sec-fetch-site: cross-site\r\n", false),
        ("sec-fetch-site: none\r\n", false),
    ] {
        let mut wire = Wire::knock(&test.url, "", &format!("{headers}{cookie}")).await.unwrap();
        wire.text().await.unwrap();
        wire.send("40").await;
        let answer = wire.text().await.unwrap();
        assert_eq!(answer.starts_with("40{"), let_in, "{headers}: {answer}");
        assert_eq!(answer.starts_with("44{") && answer.contains("Authentication error"), !let_in, "{answer}");
    }
    let bearer = format!("authorization: Bearer {}\r\n", bo.token);
    let mut wire = Wire::knock(&test.url, "", &bearer).await.unwrap();
    wire.text().await.unwrap();
    wire.send("40").await;
    assert!(
        wire.text().await.unwrap().starts_with("40{"),
        "a header that no page can send by itself needs no origin"
    );
    let opened = "GET /socket.io/?EIO=4&transport=polling HTTP/1.1";
    let (_, answer) = http(&test.url, opened, b"").await;
    let sid = answer.split_once(r#""sid":""#).unwrap().1.split('"').next().unwrap().to_owned();
    let lookalike = format!("{own}.evil.example");
    for origin in [
        "https://evil.example",
        "null",
        "",
        "http://app.example",
        "https://app.example.evil.example",
        "https://app.example:444",
        "https://sub.app.example",
        "https://evil.example/https://app.example",
        "file://",
        lookalike.as_str(),
    ] {
        let headers = format!("origin: {origin}\r\n{cookie}");
        for query in [String::new(), format!("&sid={sid}")] {
            let (status, answer) = Wire::knock(&test.url, &query, &headers).await.err().unwrap();
            assert_eq!(status, 403, "{origin}: {answer}");
            for method in ["GET", "POST"] {
                let head = format!(
                    "{method} /socket.io/?EIO=4&transport=polling{query} HTTP/1.1\r\norigin: {origin}"
                );
                let (status, answer) = http(&test.url, &head, b"").await;
                assert_eq!(status, 403, "{origin}: {answer}");
                assert!(answer.contains(r#""code":"origin_forbidden""#), "{answer}");
                assert!(!answer.contains("access-control-allow-origin"), "{answer}");
            }
        }
    }
    let head = format!("POST /socket.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1");
    assert_eq!(http(&test.url, &head, b"40").await.0, 200, "the session is unharmed");
}
