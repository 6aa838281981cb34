//! What the HTTP edge refuses, and how: one shape, the right status, a stable code, never a fault.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use faff_app::http::MAX_BODY;
use faff_testkit::{Answer, Client, PASSWORD, Person, TestApp, on_both_engines};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// Checks a refusal against the contract, and returns status and code.
fn refusal(answer: &Answer) -> (u16, &str) {
    let body = answer.body.as_object().unwrap_or_else(|| panic!("no JSON: {answer:?}"));
    let keys: Vec<_> = body.keys().map(String::as_str).collect();
    assert_eq!(keys, ["code", "error", "fields", "message", "requestId", "status"], "{answer:?}");
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(body["error"], body["message"]);
    assert!(!body["error"].as_str().unwrap().is_empty());
    assert_eq!(body["status"], if answer.status < 500 { "fail" } else { "error" });
    assert_eq!(body["requestId"], answer.header("x-request-id"));
    let fields = body["fields"].as_array().unwrap();
    assert_eq!(answer.code() == "validation_failed", !fields.is_empty(), "{answer:?}");
    for field in fields {
        let keys: Vec<_> = field.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["code", "field", "message"]);
    }
    assert!(answer.text.len() < 2000, "what was sent is not sent back: {answer:?}");
    answer.refusal()
}

fn first_field(answer: &Answer) -> (String, String) {
    assert_eq!(refusal(answer), (400, "validation_failed"), "{answer:?}");
    let field = &answer.body["fields"][0];
    let text = |key: &str| field[key].as_str().unwrap().to_owned();
    (text("field"), text("code"))
}

async fn send_body(person: &Client, path: &str, body: impl Into<reqwest::Body>) -> Answer {
    let request = person.request(Method::POST, path).header("content-type", "application/json");
    person.send(request.body(body)).await
}

/// Sends bytes as they are, and returns everything that comes back until the connection ends.
async fn send_raw(app: &TestApp, bytes: &[u8]) -> String {
    let address = app.url.strip_prefix("http://").unwrap();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    // A server that refuses early may hang up while we write.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(std::time::Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn post_raw(person: &Person, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "POST /api/tasks HTTP/1.1\r\nhost: faff\r\nconnection: close\r\nauthorization: Bearer {}\r\n\
        content-type: application/json\r\n{headers}\r\n{body}",
        person.token
    )
    .into_bytes()
}

on_both_engines! {
    async fn what_is_not_there_is_refused_in_the_one_shape(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        for path in [
            "/", "/api", "/api/", "/api/nothing", "/api/tasks/", "/api/tasks//", "/api/tasks/1/nothing",
            "/index.html",
            "/api/TASKS", "/.env", "/api/tasks/1/messages/", "/%00", "/%ff%fe", "/api/docs/nothing.js",
            "/api/openapi.yaml",
            "/..%2f..%2fetc/passwd", "/api/openapi.json/x",
        ] {
            for client in [&app.anyone(), &*bo] {
                assert_eq!(refusal(&client.get(path).await), (404, "not_found"), "{path}");
                assert_eq!(refusal(&client.post(path, &json!({})).await).0 / 100, 4, "{path}");
            }
        }
        for (method, path, allow) in [
            (Method::PATCH, "/api/tasks", "GET,HEAD,POST"), (Method::DELETE, "/api/auth/me", "GET,HEAD"),
            (Method::GET, "/api/auth/login", "POST"), (Method::TRACE, "/api/tasks/1", "GET,HEAD,PUT,DELETE"),
            (Method::POST, "/health", "GET,HEAD"),
            (Method::from_bytes(b"BREW").unwrap(), "/api/users/1", "GET,HEAD,PUT"),
            (Method::PUT, "/api/openapi.json", "GET,HEAD"),
        ] {
            let answer = bo.send(bo.request(method.clone(), path)).await;
            assert_eq!(refusal(&answer), (405, "method_not_allowed"), "{method} {path}");
            let mut allowed: Vec<_> = answer.header("allow").split(',').collect();
            let mut expected: Vec<_> = allow.split(',').collect();
            allowed.sort_unstable();
            expected.sort_unstable();
            assert_eq!(allowed, expected, "{path}");
        }
        for (path, answer) in [("/api/tasks/1", (404, "not_found")), ("/api/tasks", (401, "unauthenticated"))] {
            let client = if answer.0 == 401 { app.anyone() } else { (*bo).clone() };
            assert_eq!(refusal(&client.get(path).await), answer);
        }
    }

    async fn a_body_that_is_not_the_json_we_want_is_refused(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let good = r#"{"title": "T", "description": "D"}"#;
        let deep = |open: &str| format!("{{\"title\": {}", open.repeat(100_000 / open.len()));
        let malformed: Vec<Vec<u8>> = vec![
            b"".into(), b" ".into(), b"{".into(), b"}".into(), b"nul".into(), b"{'title': 'T'}".into(),
            b"\xff\xfe".into(),
            b"{\"title\": \"T\",}".into(), b"{\"title\": NaN}".into(), b"<task/>".into(),
            b"title=T&description=D".into(),
            [b"\xef\xbb\xbf", good.as_bytes()].concat(), [good.as_bytes(), b" {}"].concat(),
            [good.as_bytes(), b"\0"].concat(),
            [good.as_bytes(), b"]"].concat(), b"{\"title\": \"a\nb\", \"description\": \"D\"}".into(),
            good[..good.len() - 1].into(), b"{\"title\": 1e999999, \"x\": }".into(),
        ];
        for body in malformed {
            let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
            assert_eq!(refusal(&send_body(&bo, "/api/tasks", body).await), (400, "malformed_json"), "{shown}");
        }
        // Of what is wrong in two ways the first is told: here a list where a text should be.
        for body in ["[".repeat(100_000), deep("["), deep("{\"a\":")] {
            assert_eq!(refusal(&send_body(&bo, "/api/tasks", body).await), (400, "validation_failed"));
        }
        let closed_deep = format!("{{\"x\": {}{}}}", "[".repeat(50_000), "]".repeat(50_000));
        let nested_title = format!("{{\"description\": \"D\", \"title\": {}{}}}", "[".repeat(50_000), "]".repeat(50_000));
        for (body, field, code) in [
            ("[]", "body", "type"), (r#"["T", "D"]"#, "body", "type"), ("null", "body", "type"),
            ("\"T\"", "body", "type"),
            ("7", "body", "type"), ("true", "body", "type"), (&closed_deep, "x", "unknown"),
            (&nested_title, "title", "type"),
            ("{}", "title", "required"), (r#"{"title": "T"}"#, "description", "required"),
            (r#"{"title": "T", "title": "U", "description": "D"}"#, "title", "duplicate"),
            (r#"{"title": "T", "description": "D", "colour": 1}"#, "colour", "unknown"),
            (r#"{"title": "T", "description": "D", "createdById": 1}"#, "createdById", "unknown"),
            (r#"{"title": "T", "description": "D", "seq": 1}"#, "seq", "unknown"),
            (r#"{"Title": "T", "description": "D"}"#, "Title", "unknown"), (r#"{"": 1}"#, "", "unknown"),
            (r#"{"title": 1, "description": "D"}"#, "title", "type"),
            (r#"{"title": null, "description": "D"}"#, "title", "type"),
            (r#"{"title": "T", "description": {"a": 1}}"#, "description", "type"),
            (r#"{"title": "T", "description": "D", "tags": "x"}"#, "tags", "type"),
            (r#"{"title": "T", "description": "D", "tags": ["x", 7]}"#, "tags[1]", "type"),
            (r#"{"title": "T", "description": "D", "priority": "now"}"#, "priority", "choice"),
            (r#"{"title": "T", "description": "D", "priority": 3}"#, "priority", "type"),
            (r#"{"title": "T", "description": "D", "status": "OPEN"}"#, "status", "choice"),
            (r#"{"title": "T", "description": "D", "assignedToId": "1"}"#, "assignedToId", "type"),
            (r#"{"title": "T", "description": "D", "assignedToId": 1.5}"#, "assignedToId", "type"),
            (r#"{"title": "T", "description": "D", "assignedToId": 0}"#, "assignedToId", "type"),
            (r#"{"title": "T", "description": "D", "assignedToId": 9007199254740992}"#, "assignedToId", "type"),
            (r#"{"title": "T", "description": "D", "assignedToId": 18446744073709551616}"#, "assignedToId", "type"),
            (r#"{"title": "T", "description": "D", "assignedToId": 1e3}"#, "assignedToId", "type"),
            (r#"{"title": "T", "description": "D", "assignedToId": 4711}"#, "assignedToId", "reference"),
            (r#"{"title": "\ud800", "description": "D"}"#, "title", "format"),
            (r#"{"title": "\udc00\ud800", "description": "D"}"#, "title", "format"),
            (r#"{"title": "T\u0000", "description": "D"}"#, "title", "format"),
            (r#"{"title": " \t\u00a0\u2003 ", "description": "D"}"#, "title", "length"),
        ] {
            let answer = send_body(&bo, "/api/tasks", body.to_owned()).await;
            assert_eq!(first_field(&answer), (field.to_owned(), code.to_owned()), "{body:.80}");
        }
        let answer = send_body(&bo, "/api/tasks", b"{\"title\": \"\xff\", \"description\": \"D\"}".to_vec()).await;
        assert_eq!(first_field(&answer), ("title".to_owned(), "format".to_owned()));
        let long_name = format!("{{\"{}\": 1}}", "n".repeat(100_000));
        assert_eq!(first_field(&send_body(&bo, "/api/tasks", long_name).await).1, "unknown");
        let long_value = json!({"title": "T", "description": "D", "assignedToId": "v".repeat(100_000)});
        assert_eq!(first_field(&bo.post("/api/tasks", &long_value).await).1, "type");
        assert_eq!(bo.get("/api/tasks").await.body["tasks"], json!([]), "nothing of this was stored");
    }

    async fn a_body_has_one_type_no_compression_and_a_size(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let good = json!({"title": "T", "description": "D"}).to_string();
        let send = async |name: &str, value: &str| {
            let mut request = bo.request(Method::POST, "/api/tasks").body(good.clone()).header(name, value);
            if name != "content-type" {
                request = request.header("content-type", "application/json");
            }
            bo.send(request).await
        };
        let no_type = bo.send(bo.request(Method::POST, "/api/tasks").body(good.clone())).await;
        assert_eq!(refusal(&no_type), (415, "unsupported_media_type"));
        for (name, value) in [
            ("content-type", "text/plain"), ("content-type", "application/x-www-form-urlencoded"),
            ("content-type", "application/jsonp"),
            ("content-type", "multipart/form-data; boundary=x"), ("content-type", "text/json"), ("content-type", ""),
            ("content-encoding", "gzip"), ("content-encoding", "br"), ("content-encoding", "deflate, gzip"),
        ] {
            assert_eq!(refusal(&send(name, value).await), (415, "unsupported_media_type"), "{name}: {value}");
        }
        for (name, value) in [
            ("content-type", "application/json; charset=utf-8"), ("content-type", "APPLICATION/JSON"),
            ("content-encoding", "identity"),
        ] {
            assert_eq!(send(name, value).await.status, 201, "{name}: {value}");
        }
        let padded = |size: usize| format!("{good}{}", " ".repeat(size - good.len()));
        assert_eq!(send_body(&bo, "/api/tasks", padded(MAX_BODY)).await.status, 201, "exactly the limit is allowed");
        for size in [MAX_BODY + 1, 4 * MAX_BODY] {
            assert_eq!(refusal(&send_body(&bo, "/api/tasks", padded(size)).await), (413, "too_large"));
        }
        let chunk = format!("{:x}\r\n{}\r\n", 65_536, " ".repeat(65_536));
        let chunked = send_raw(&app, &post_raw(&bo, "transfer-encoding: chunked\r\n", &chunk.repeat(5))).await;
        assert!(chunked.starts_with("HTTP/1.1 413 ") && chunked.contains("\"code\":\"too_large\""), "{chunked}");
        let announced = send_raw(&app, &post_raw(&bo, "content-length: 99999999999\r\n", "")).await;
        assert!(announced.starts_with("HTTP/1.1 413 "), "refused before anything is sent: {announced}");
        let fine = format!("{:x}\r\n{good}\r\n0\r\n\r\n", good.len());
        let chunked = send_raw(&app, &post_raw(&bo, "transfer-encoding: chunked\r\n", &fine)).await;
        assert!(chunked.starts_with("HTTP/1.1 201 "), "{chunked}");
        // Requests that are not HTTP: refused by the server loop, or cut off, and never taken for two requests.
        for headers in [
            "content-length: 5\r\ncontent-length: 6\r\n", "content-length: x\r\n", "content-length: -1\r\n",
            "transfer-encoding: gzip\r\n", "x: a\r\n folded\r\n", " x: y\r\n", "x y: z\r\n",
            "transfer-encoding: chunked, identity\r\n",
        ] {
            let answer = send_raw(&app, &post_raw(&bo, headers, "{}{}{}")).await;
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{headers:?}: {answer}");
            assert!(answer.matches("HTTP/1.1 ").count() <= 1, "{headers:?}: {answer}");
        }
        let both = format!("content-length: {}\r\ntransfer-encoding: chunked\r\n", fine.len());
        let smuggled = format!("{fine}GET /health/live HTTP/1.1\r\nhost: faff\r\n\r\n");
        let answer = send_raw(&app, &post_raw(&bo, &both, &smuggled)).await;
        assert!(answer.matches("HTTP/1.1 ").count() <= 1, "{answer}");
        let many = "x: y\r\n".repeat(101);
        for headers in [format!("x: {}\r\n", "y".repeat(100_000)), many] {
            let answer = send_raw(&app, &post_raw(&bo, &headers, "")).await;
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{answer}");
        }
        assert_eq!(bo.get("/health").await.status, 200);
    }

    async fn who_is_refused_early_still_reads_why_and_may_go_on(engine) {
        let app = TestApp::start(engine).await;
        let head = |more: &str| format!("POST /api/tasks HTTP/1.1\r\nhost: faff\r\ncontent-type: application/json\r\n{more}\r\n");
        let next = "GET /health/live HTTP/1.1\r\nhost: faff\r\nconnection: close\r\n\r\n";
        let statuses = |answer: &str| -> Vec<u16> {
            answer.split("HTTP/1.1 ").skip(1).map(|one| one.get(..3).unwrap().parse().unwrap()).collect()
        };
        // Nobody is logged in, so that both are refused by their headers alone.
        let long = format!("{}{}{next}", head("content-length: 4194304\r\n"), "x".repeat(4 << 20));
        let answer = send_raw(&app, long.as_bytes()).await;
        assert_eq!((statuses(&answer), answer.contains("connection: close")), (vec![401, 200], true), "{answer}");
        let chunk = format!("{:x}\r\n{}\r\n", 65_536, " ".repeat(65_536));
        let chunked = |n| format!("{}{}0\r\n\r\n{next}", head("transfer-encoding: chunked\r\n"), chunk.repeat(n));
        assert_eq!(statuses(&send_raw(&app, chunked(8).as_bytes()).await), [401, 200]);
        assert!(statuses(&send_raw(&app, chunked(64).as_bytes()).await).len() <= 1, "what may never end is not read to its end");
        // What does not come, and what is not wanted, is not waited for.
        for more in ["content-length: 100\r\n", "content-length: 100\r\nexpect: 100-continue\r\n"] {
            let answer = send_raw(&app, head(more).as_bytes()).await;
            assert_eq!(statuses(&answer), [401], "{answer}");
            assert!(answer.contains("connection: close"), "{answer}");
        }
    }

    async fn what_is_hardly_http_is_one_request_at_most(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let good = json!({"title": "T", "description": "D"}).to_string();
        let behind = "GET /health/live HTTP/1.1\r\nhost: faff\r\n\r\n";
        let chunk = format!("{:x}\r\n{good}\r\n", good.len());
        let size = format!("{:x}", good.len());
        // Chunks that some servers read in one way and some in another, each with a second request behind.
        for body in [
            format!("{size}\n{good}\r\n0\r\n\r\n"), format!("{size} \r{good}\r\n0\r\n\r\n"), format!("0x{chunk}0\r\n\r\n"), format!("+{chunk}0\r\n\r\n"),
            format!("-{chunk}0\r\n\r\n"), format!("{size};\n{good}\r\n0\r\n\r\n"), format!("{size};a=\"\n\"\r\n{good}\r\n0\r\n\r\n"),
            format!("fffffffffffffffff\r\n{good}\r\n0\r\n\r\n"), format!("{size}\r\n{good}X\r\n0\r\n\r\n"), format!("{size}\r\n{good}0\r\n\r\n"),
            format!("\r\n{chunk}0\r\n\r\n"), format!("{size};{}\r\n{good}\r\n0\r\n\r\n", "x".repeat(100_000)), "\r\n".to_owned(), "x".to_owned(),
        ] {
            let request = post_raw(&bo, "transfer-encoding: chunked\r\n", &format!("{body}{behind}"));
            let answer = send_raw(&app, &request).await;
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{body:.60?}: {answer}");
            assert_eq!(answer.matches("HTTP/1.1 ").count(), usize::from(!answer.is_empty()), "{body:.60?}: {answer}");
        }
        // Heads that are none, and those that are unusual.
        let token = format!("authorization: Bearer {}", bo.token);
        for (head, statuses) in [
            (format!("GET http://evil.example/api/auth/me HTTP/1.1\r\nhost: faff\r\n{token}"), vec!["200"]),
            (format!("GET /api/auth/me HTTP/1.1\r\n{token}"), vec!["200", "400"]),
            (format!("GET /api/auth/me HTTP/1.1\r\nhost: faff\r\nhost: evil.example\r\n{token}"), vec!["200", "400"]),
            (format!("GET /api/auth/me HTTP/1.0\r\nhost: faff\r\n{token}"), vec!["200"]),
            ("GET /api/auth/me HTTP/9.9\r\nhost: faff".to_owned(), vec!["400", "505"]),
            ("GET /api/auth/me\r\nhost: faff".to_owned(), vec!["400"]),
            ("GET  /api/auth/me HTTP/1.1\r\nhost: faff".to_owned(), vec!["400"]),
            ("GET /api/auth/ me HTTP/1.1\r\nhost: faff".to_owned(), vec!["400"]),
            ("CONNECT faff:80 HTTP/1.1\r\nhost: faff".to_owned(), vec!["400", "404", "405"]),
            ("OPTIONS * HTTP/1.1\r\nhost: faff".to_owned(), vec!["200", "400", "404", "405"]),
            ("PRI * HTTP/2.0\r\n\r\nSM".to_owned(), vec!["400", "404", "405", "505"]),
            ("G\0T / HTTP/1.1\r\nhost: faff".to_owned(), vec!["400"]),
            ("GET / HTTP/1.1\r\nhost: faff\r\nx: a\0b".to_owned(), vec!["400"]),
            ("GET / HTTP/1.1\r\nhost: faff\r\nx: a\rb".to_owned(), vec!["400"]),
            (format!("GET / HTTP/1.1\r\nhost: faff\r\n{}", "x: y\r\n".repeat(10_000)), vec!["431"]),
            (format!("GET /{} HTTP/1.1\r\nhost: faff", "a".repeat(100_000)), vec!["414", "431"]),
        ] {
            let answer = send_raw(&app, format!("{head}\r\nconnection: close\r\n\r\n").as_bytes()).await;
            let status = answer.get(9..12).unwrap_or_default();
            assert!(answer.is_empty() || statuses.contains(&status), "{head:.80?}: {answer}");
            assert!(answer.matches("HTTP/1.").count() <= 1, "{head:.80?}: {answer}");
        }
        assert_eq!(bo.get("/api/tasks").await.body["tasks"], json!([]), "nothing of this was taken for a task");
    }

    async fn a_handler_that_panics_costs_its_request_alone(engine) {
        async fn panics() {
            panic!("a secret of the handler");
        }
        let app = TestApp::start(engine).await;
        let routes = axum::Router::new().route("/panics", axum::routing::get(panics).post(panics));
        let router = faff_app::http::layer(&app.app, routes);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/panics", listener.local_addr().unwrap());
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let served = tokio::spawn(faff_app::http::serve(listener, router, async { let _ = stopped.await; }));
        let http = reqwest::Client::new();
        for _ in 0..3 {
            // Those that only read run on the connection, the others beside it.
            for method in [Method::GET, Method::POST] {
                let answer = http.request(method, &url).send().await.unwrap();
                assert_eq!(answer.status(), 500);
                let body: Value = answer.json().await.unwrap();
                assert_eq!((&body["error"], &body["code"]), (&json!("Internal server error"), &json!("internal")));
                assert!(!body.to_string().contains("secret"), "{body}");
            }
        }
        drop(http);
        stop.send(()).unwrap();
        served.await.unwrap();
    }

    async fn ids_are_integers_that_every_client_can_hold(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let task = world.ada.files("The only one", json!({})).await;
        world.ada.says(&task, "The only message").await;
        let routes = [
            "/api/tasks/{}", "/api/tasks/{}/messages", "/api/tasks/{}/events", "/api/tasks/{}/participants",
            "/api/messages/task/{}",
            "/api/messages/thread/{}", "/api/messages/{}/thread", "/api/users/{}", "/api/tasks/{}/read",
        ];
        for route in routes {
            for id in [
                "0", "-1", "-9223372036854775808", "9007199254740992", "9223372036854775807", "9223372036854775808",
                "18446744073709551616", "1e3", "1.0", "0x1", "abc", "null", "NaN", "%D9%A1", "%EF%BC%91",
                "1%20or%201=1", "1'--", "%20",
                "1%00", "%ff", "1,2", "1%2F2", "%F0%9F%94%A5", &"9".repeat(5000),
            ] {
                let answer = world.ada.get(&route.replace("{}", id)).await;
                assert_eq!(refusal(&answer), (400, "invalid_id"), "{route} {id:.40}");
            }
            for id in ["4711", "2147483648", "9007199254740991"] {
                let answer = world.ada.get(&route.replace("{}", id)).await;
                assert_eq!(refusal(&answer), (404, "not_found"), "{route} {id}");
            }
        }
        for id in ["0", "-1", "9007199254740992", "x"] {
            let ada = &world.ada;
            let message = json!({"content": "x"});
            let answers = [
                ada.put(&format!("/api/tasks/{id}"), &json!({})).await, ada.delete(&format!("/api/tasks/{id}")).await,
                ada.post(&format!("/api/tasks/{id}/messages"), &message).await,
                ada.put(&format!("/api/messages/{id}"), &message).await,
                ada.delete(&format!("/api/messages/{id}")).await,
                ada.put(&format!("/api/users/{id}"), &json!({})).await,
                ada.put(&format!("/api/inbox/{id}"), &json!({})).await,
                ada.put(&format!("/api/views/{id}"), &json!({})).await, ada.delete(&format!("/api/views/{id}")).await,
                ada.put(&format!("/api/tasks/{id}/read"), &json!({"seq": 0})).await,
                ada.send(ada.request(Method::PUT, &format!("/api/tasks/1/participants/{id}"))).await,
                ada.delete(&format!("/api/tasks/{id}/participants/1")).await,
            ];
            for answer in answers {
                assert_eq!(refusal(&answer), (400, "invalid_id"), "{id}");
            }
        }
        for id in [json!(0), json!(-1), json!(9_007_199_254_740_992_u64), json!("1"), json!(1.5), json!([1])] {
            let answer = world.bo.post("/api/messages", &json!({"taskId": id, "content": "x"})).await;
            assert_eq!(first_field(&answer), ("taskId".to_owned(), "type".to_owned()), "{id}");
            let body = json!({"content": "x", "replyToId": id});
            let answer = world.bo.post(&format!("/api/tasks/{}/messages", task["id"]), &body).await;
            assert_eq!(first_field(&answer), ("replyToId".to_owned(), "type".to_owned()), "{id}");
        }
    }

    async fn pages_are_bounded_and_cursors_fit_only_their_list(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (ada, bo) = (&world.ada, &world.bo);
        let task = bo.files("First", json!({})).await;
        for n in 0..3 {
            bo.files(&format!("Task {n}"), json!({})).await;
            bo.says(&task, &format!("Message {n} for @[Ada](user:{})", ada.id)).await;
            ada.post("/api/views", &json!({"name": "x", "query": ""})).await;
        }
        let messages = format!("/api/tasks/{}/messages", task["id"]);
        let lists = ["/api/tasks", &messages, "/api/auth/users", "/api/users", "/api/audit", "/api/inbox", "/api/views"];
        for list in lists {
            for limit in ["0", "-1", "101", "1000000000", "9223372036854775808", "abc", "NaN", "1.5", "1e1", "", "%00"] {
                let answer = ada.get(&format!("{list}?limit={limit}")).await;
                assert_eq!(first_field(&answer).0, "limit", "{list} {limit}");
            }
            assert_eq!(refusal(&ada.get(&format!("{list}?limit=1&limit=2")).await), (400, "validation_failed"));
            for limit in ["1", "100"] {
                assert_eq!(ada.get(&format!("{list}?limit={limit}")).await.status, 200, "{list}");
            }
            for cursor in [
                "x", "%00", "null", "1", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "%F0%9F%94%A5",
                "1%20or%201=1", "../../etc",
                &"A".repeat(5000),
            ] {
                let answer = ada.get(&format!("{list}?cursor={cursor}")).await;
                assert_eq!(refusal(&answer), (400, "invalid_cursor"), "{list} {cursor:.40}");
            }
            let page = ada.get(&format!("{list}?limit=1")).await;
            let next = page.body["nextCursor"].as_str().unwrap_or_else(|| panic!("{page:?}"));
            for other in lists {
                let answer = ada.get(&format!("{other}?limit=1&cursor={next}")).await;
                let status = if other == list { 200 } else { 400 };
                assert_eq!(answer.status, status, "a cursor of {list} at {other}");
            }
            let mut tampered = next.to_owned();
            tampered.replace_range(..1, if next.starts_with('A') { "B" } else { "A" });
            assert_eq!(ada.get(&format!("{list}?limit=1&cursor={tampered}")).await.code(), "invalid_cursor");
        }
        // A cursor of a task list belongs to whose list it is, to its filters and its order.
        let next = bo.get("/api/tasks?limit=1").await.body["nextCursor"].as_str().unwrap().to_owned();
        assert_eq!(bo.get(&format!("/api/tasks?limit=2&cursor={next}")).await.status, 200, "the limit may change");
        for (person, query) in [
            (&world.cy, "limit=1"), (ada, "limit=1"), (bo, "sort=createdAt"), (bo, "status=open"),
            (bo, "search=task"),
        ] {
            let answer = person.get(&format!("/api/tasks?{query}&cursor={next}")).await;
            assert_eq!(refusal(&answer), (400, "invalid_cursor"), "{query}");
        }
        for page in ["0", "-1", "10001", "abc", "9223372036854775807", "NaN"] {
            assert_eq!(first_field(&bo.get(&format!("/api/tasks?page={page}")).await).0, "page", "{page}");
        }
        assert_eq!(first_field(&bo.get(&format!("/api/tasks?page=1&cursor={next}")).await).0, "page");
        let far = bo.get("/api/tasks?page=10000&limit=100").await;
        assert_eq!((&far.body["tasks"], &far.body["totalCount"]), (&json!([]), &json!(4)));
        for wrong in ["status=done", "priority=now", "visibility=all", "sort=title", "sort=id;--", "assigneeId=0", "assigneeId=x",
            "createdById=-1", "tag=a%20b", "tag="] {
            let answer = bo.get(&format!("/api/tasks?{wrong}")).await;
            assert_eq!(refusal(&answer), (400, "validation_failed"), "{wrong}");
        }
        let unknown = bo.get("/api/tasks?utm_source=mail&limit=1").await;
        assert_eq!(unknown.status, 200, "parameters that we do not know are left alone");
    }

    async fn a_fault_says_nothing_but_that_it_is_one(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let db = app.database.open().await;
        let broken = db.write(async |tx: &mut faff_store::Tx<'_>| {
            tx.execute("alter table task rename to no_task", &[]).await?;
            tx.commit_quietly("this is a test");
            Ok::<_, faff_store::StoreError>(())
        });
        broken.await.unwrap();
        let answer = bo.send_any(bo.request(Method::GET, "/api/tasks")).await;
        assert_eq!(refusal(&answer), (500, "internal"));
        assert_eq!(answer.body["error"], "Internal server error");
        let body = json!({"title": "T", "description": PASSWORD});
        let answer = bo.send_any(bo.request(Method::POST, "/api/tasks").json(&body)).await;
        assert_eq!((refusal(&answer), &answer.body["fields"]), ((500, "internal"), &Value::Array(Vec::new())));
        assert_eq!(bo.get("/api/auth/me").await.status, 200, "the rest goes on");
    }
}
