//! Strings that have broken programs before, in every place that takes one: kept to the byte, or refused.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use faff_testkit::{Answer, PASSWORD, TestApp, on_both_engines};
use reqwest::Method;
use reqwest::header::HeaderValue;
use serde_json::{Value, json};

/// In the spirit of the Big List of Naughty Strings.
const HOSTILE: &[&str] = &[
    "",
    " ",
    "\t\r\n",
    "\u{a0}\u{2003}",
    "null",
    "undefined",
    "NULL",
    "nil",
    "true",
    "NaN",
    "0",
    "-1",
    "1e1000",
    "0x0",
    "1/0",
    "00000000-0000-0000-0000-000000000000",
    "[object Object]",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "toString",
    "' or 1=1 --",
    "'; drop table task; --",
    "\" or \"\"=\"",
    "1;select pg_sleep(9)",
    "$1",
    "?1",
    "%s%s%n",
    "%00",
    "\\",
    "\\'",
    "\\x00",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "\"><script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "<a href=\"data:text/html,x\">x</a>",
    "&lt;b&gt; &amp; &#x3c;",
    "</textarea><script>",
    "<!-- ",
    "]]>",
    "{{7*7}}",
    "${7*7}",
    "#{7*7}",
    "${jndi:ldap://127.0.0.1/x}",
    "`id`",
    "$(id)",
    "| id",
    "; id",
    "../../../etc/passwd",
    "C:\\con\\con",
    "=cmd|'/c calc'!A1",
    "@here",
    "\r\nSet-Cookie: x=1",
    "a\0b",
    "\0",
    "\u{1}\u{2}\u{1f}\u{7f}",
    "\u{85}x\u{85}",
    "\u{feff}bom",
    "\u{202e}drowssap\u{202c}",
    "\u{2066}x\u{2069}",
    "\u{200b}",
    "a\u{200d}b",
    "a\u{ad}b",
    "عربي اختبار",
    "אבג",
    "日本語テスト",
    "田中さん",
    "Ω≈ç√∫˜µ≤≥÷",
    "ﾟ･✿ヾ╲(｡◕‿◕｡)╱✿･ﾟ",
    "👩‍👩‍👧‍👦",
    "🏳️‍🌈",
    "🇩🇪🇸🇪",
    "é",
    "e\u{301}",
    "Å\u{301}\u{302}\u{303}",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
    "\u{fdfa}",
    "ẞßﬁİıſ",
    "\u{fffd}",
    "\u{fffe}\u{ffff}",
    "\u{10ffff}",
    "\u{e000}",
    "* * *\n---\n***",
    "> > > > x",
    "|a|b|\n|-|-|\n|1|2|",
    "<<<<<<< HEAD",
];

fn long() -> Vec<String> {
    vec![
        "x".repeat(255),
        "ü".repeat(256),
        "🔥".repeat(10_000),
        "\u{301}".repeat(5000),
        "[".repeat(20_000),
        "a ".repeat(9999),
        "<".repeat(20_001),
    ]
}

/// Either it is kept as it was, trimmed, or refused with a reason.
fn kept_or_refused(answer: &Answer, kept: &Value, sent: &str) -> bool {
    if answer.status == 201 {
        assert_eq!(kept, sent.trim(), "{answer:?}");
        return true;
    }
    assert_eq!(answer.refusal(), (400, "validation_failed"), "{sent:?}: {answer:?}");
    false
}

fn is_harmless(html: &Value) {
    let html = html.as_str().unwrap().to_lowercase();
    for active in [
        "<script",
        "<svg",
        "<iframe",
        "<style",
        "<textarea",
        "href=\"javascript",
        "href=\"data:",
        "<img src=x",
        "<!--",
    ] {
        assert!(!html.contains(active), "{html:.300}");
    }
}

on_both_engines! {
    async fn what_people_write_is_kept_to_the_byte_or_refused(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let home = bo.files("Home", json!({})).await;
        let messages = format!("/api/tasks/{}/messages", home["id"]);
        let long = long();
        let all = HOSTILE.iter().copied().chain(long.iter().map(String::as_str));
        for (n, text) in all.enumerate() {
            let body = json!({"name": text, "email": format!("n{n}@faff.example"), "password": PASSWORD});
            let made = app.anyone().post("/api/auth/register", &body).await;
            if kept_or_refused(&made, &made.body["user"]["name"], text) {
                let me = app.person(&made).get("/api/auth/me").await;
                assert_eq!(me.body["user"]["name"], text.trim());
            }
            let filed = bo.post("/api/tasks", &json!({"title": text, "description": text, "tags": []})).await;
            if kept_or_refused(&filed, &filed.body["task"]["title"], text) {
                let path = format!("/api/tasks/{}", filed.body["task"]["id"]);
                assert_eq!(bo.get(&path).await.body["task"], filed.body["task"], "as it was answered, so it is read");
                assert_eq!(filed.body["task"]["description"], text.trim());
                is_harmless(&filed.body["task"]["descriptionHtml"]);
                let changed = bo.put(&path, &json!({"title": format!("{text}!"), "tags": ["x"]})).await;
                assert!([200, 400].contains(&changed.status), "{changed:?}");
            }
            let said = bo.post(&messages, &json!({"content": text})).await;
            if kept_or_refused(&said, &said.body["data"]["content"], text) {
                is_harmless(&said.body["data"]["contentHtml"]);
                let read = bo.get(&format!("{messages}?limit=1&around={}", said.body["data"]["id"])).await;
                assert_eq!(read.body["messages"][0], said.body["data"], "{read:?}");
                let thread = bo.get(&format!("/api/messages/thread/{}", said.body["data"]["id"])).await;
                assert_eq!(thread.body["parentMessage"]["content"], text.trim(), "{thread:?}");
            }
            let wrote = bo.post("/api/summaries", &json!({"taskId": home["id"], "content": text})).await;
            if kept_or_refused(&wrote, &wrote.body["summary"]["content"], text) {
                is_harmless(&wrote.body["summary"]["contentHtml"]);
                let read = bo.get(&format!("/api/summaries/task/{}", home["id"])).await;
                assert_eq!(read.body["written"]["content"], text.trim());
            }
            let named = bo.post(&messages, &json!({"content": "named", "clientId": text})).await;
            if named.status == 201 {
                assert_eq!(named.body["data"]["clientId"], *text);
            }
            let tagged = bo.post("/api/tasks", &json!({"title": "T", "description": "D", "tags": [text]})).await;
            assert!(tagged.status == 201 || tagged.refusal() == (400, "validation_failed"), "{tagged:?}");
        }
    }

    async fn what_is_looked_for_is_found_or_not_but_breaks_nothing(engine) {
        let app = TestApp::start(engine).await;
        let ada = app.set_up("Ada").await;
        let bo = app.register("Bo").await;
        let task = bo.files("Needle in a haystack", json!({"tags": ["hay"]})).await;
        bo.says(&task, "Needles").await;
        let long = long();
        let all = HOSTILE.iter().copied().chain(long.iter().map(String::as_str).filter(|text| text.len() < 6000));
        for text in all {
            for path in ["/api/tasks", "/api/auth/users", "/api/audit"] {
                let names = if path == "/api/audit" { ["kind", text] } else { ["search", text] };
                let answer = ada.send(ada.request(Method::GET, path).query(&names.map(|name| (name, text)))).await;
                assert!([200, 400].contains(&answer.status), "{path} {text:?}: {answer:?}");
            }
            let others = ["tag", "status", "priority", "visibility", "sort", "assigneeId", "createdById"].map(|name| (name, text));
            let answer = ada.send(ada.request(Method::GET, "/api/tasks").query(&others)).await;
            assert!([200, 400].contains(&answer.status), "{text:?}: {answer:?}");
            let body = json!({"email": text, "password": text});
            let login = app.anyone().post("/api/auth/login", &body).await;
            assert!(login.refusal() == (401, "invalid_credentials"), "{text:?}: {login:?}");
            if let Ok(value) = HeaderValue::from_bytes(text.as_bytes()) {
                let body = json!({"title": "With odd headers", "description": "D"});
                let mut request = bo.request(Method::POST, "/api/tasks").json(&body);
                for name in ["idempotency-key", "x-request-id", "accept-encoding", "accept", "origin", "cookie", "x-forwarded-for"] {
                    request = request.header(name, &value);
                }
                let answer = bo.send(request).await;
                assert!([201, 400].contains(&answer.status), "{text:?}: {answer:?}");
                let id = answer.header("x-request-id");
                assert!(id == text || id.len() == 16, "{id:?}");
            }
        }
        let found = ada.get("/api/tasks?search=needle&tag=hay").await;
        assert_eq!(found.body["tasks"][0]["id"], task["id"]);
    }

    async fn escapes_in_json_are_read_as_json_means_them(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let task = bo.files("T", json!({})).await;
        let say = async |raw: &str| {
            let request = bo.request(Method::POST, &format!("/api/tasks/{}/messages", task["id"]));
            let body = format!("{{\"content\": \"{raw}\"}}");
            bo.send(request.header("content-type", "application/json").body(body)).await
        };
        for (raw, read) in [
            ("\\ud83d\\ude00", "😀"), ("\\u0041\\u00e9", "Aé"), ("\\\\ud800", "\\ud800"),
            ("\\u003cb\\u003e", "<b>"), ("a\\u2028b", "a\u{2028}b"),
            ("\\/\\b\\f\\\"x", "/\u{8}\u{c}\"x"), ("\\uFFFF", "\u{ffff}"), ("a\\tb\\r\\nc", "a\tb\r\nc"),
        ] {
            assert_eq!(say(raw).await.body["data"]["content"], read, "{raw}");
        }
        for raw in ["\\ud800", "x\\udfffx", "\\ud800\\ud800", "\\ud800\\u0041", "\\u0000", "a\\u0000b"] {
            let answer = say(raw).await;
            assert_eq!(answer.refusal(), (400, "validation_failed"), "{raw}");
            assert_eq!(answer.body["fields"][0]["field"], "content");
        }
        for raw in ["\\x41", "\\u12", "\\", "\\uD83", "\t", "\0", "\u{1}"] {
            let answer = say(raw).await;
            assert_eq!(answer.refusal(), (400, "malformed_json"), "{raw:?}");
        }
    }
}
