//! The web client as browsers get it, and the notice of a server without one. The database plays no part.

use faff_app::http::Pages;
use faff_app::{Rate, Registration};
use faff_testkit::{Answer, Client, Engine, TestApp};
use reqwest::Method;
use serde_json::json;

const INDEX: &str = "<!doctype html><script type=module src=/assets/app-1a.js></script>";
const SCRIPT: &str = "console.log('hello')";
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

fn pages() -> Pages {
    let files = [
        ("index.html", INDEX),
        ("assets/app-1a.js", SCRIPT),
        ("assets/app-1a.js.br", "the same by brotli"),
        ("assets/app-1a.js.gz", "the same by gzip"),
        ("assets/icon-2b.svg", "<svg/>"),
        ("theme.js", "dark()"),
    ];
    Pages::new(files.map(|(path, text)| (path.to_owned(), text.as_bytes().into())))
}

async fn start(pages: Pages) -> TestApp {
    TestApp::start_with_pages(Engine::Sqlite, |_| {}, pages).await
}

/// As a browser that goes to an address.
async fn visit(client: &Client, path: &str) -> Answer {
    client.send(client.request(Method::GET, path).header("accept", BROWSER)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_address_of_the_client_begins_with_its_index_page() {
    let app = start(pages()).await;
    let anyone = app.anyone();
    for path in [
        "/",
        "/tickets?status=open",
        "/t/812/thread/4",
        "/admin/users",
        "/setup",
        "/nothing/of/the/kind",
        "/index.html",
    ] {
        let page = visit(&anyone, path).await;
        assert_eq!((page.status, page.text.as_str()), (200, INDEX), "{path}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(page.header("cache-control"), "no-cache", "{path}");
        assert_eq!(page.header("vary"), "accept-encoding", "a browser keeps it over a login");
    }
    assert_eq!(anyone.get("/").await.text, INDEX, "whatever a program accepts");
    // What is another's is refused as ever, whoever asks.
    for path in [
        "/api",
        "/api/nothing",
        "/api/docs/nothing.js",
        "/uploads/nothing",
        "/health/nothing",
        "/metrics/nothing",
        "/socket.io",
        "/assets/app-0f.js",
        "/assets/",
    ] {
        let answer = visit(&anyone, path).await;
        assert_eq!(answer.refusal(), (404, "not_found"), "{path}");
        assert_eq!(answer.header("cache-control"), "private, no-store", "{path}");
    }
    assert_eq!(anyone.get("/tickets").await.refusal(), (404, "not_found"), "a program is told");
    assert_eq!(anyone.get("/assets/app-1a.js.br").await.refusal(), (404, "not_found"));
    assert_eq!(anyone.post("/tickets", &json!({})).await.refusal(), (404, "not_found"));
    assert_eq!(visit(&anyone, "/health").await.body["status"], "ok");
    assert_eq!(visit(&anyone, "/api/tasks").await.refusal(), (401, "unauthenticated"));
    assert_eq!(visit(&anyone, "/api/docs/").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_come_compressed_once_and_are_kept_by_their_names_or_asked_for_by_their_tags() {
    let app = start(pages()).await;
    let anyone = app.anyone();
    let script = "/assets/app-1a.js";
    let get = async |path: &str, name: &str, value: &str| {
        anyone.send(anyone.request(Method::GET, path).header(name, value)).await
    };
    for (accepted, coding, text) in [
        ("gzip, deflate, br, zstd", "br", "the same by brotli"),
        ("br", "br", "the same by brotli"),
        ("gzip", "gzip", "the same by gzip"),
        ("br;q=0, gzip;q=0.5", "gzip", "the same by gzip"),
        ("identity", "", SCRIPT),
        ("deflate", "", SCRIPT),
        ("", "", SCRIPT),
    ] {
        let answer = get(script, "accept-encoding", accepted).await;
        assert_eq!(
            (answer.status, answer.header("content-encoding"), answer.text.as_str()),
            (200, coding, text),
            "{accepted}"
        );
        assert_eq!(answer.header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(answer.header("content-length"), text.len().to_string());
        assert_eq!(answer.header("vary"), "accept-encoding");
        let again = anyone.request(Method::GET, script).header("accept-encoding", accepted);
        let again = anyone.send(again.header("if-none-match", answer.header("etag"))).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""), "{accepted}");
        assert_eq!(again.header("etag"), answer.header("etag"));
        let head =
            anyone.send(anyone.request(Method::HEAD, script).header("accept-encoding", accepted)).await;
        assert_eq!((head.status, head.text.as_str()), (200, ""));
        for header in ["content-type", "content-length", "content-encoding", "etag", "cache-control", "vary"]
        {
            assert_eq!(head.header(header), answer.header(header), "{header}");
        }
    }
    let [plain, packed] = ["identity", "br"].map(|coding| get(script, "accept-encoding", coding));
    let (plain, packed) = (plain.await, packed.await);
    assert_ne!(plain.header("etag"), packed.header("etag"), "forms of a file are told apart");
    assert_eq!(get(script, "if-none-match", "\"another\"").await.status, 200);
    assert_eq!(
        get("/", "if-none-match", &format!("\"x\", W/{}", get("/", "accept", BROWSER).await.header("etag")))
            .await
            .status,
        304
    );
    assert_eq!(
        get("/theme.js", "accept", "*/*").await.header("cache-control"),
        "no-cache",
        "its name holds no digest"
    );
    assert_eq!(get("/assets/icon-2b.svg", "accept", "image/*").await.header("content-type"), "image/svg+xml");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_run_scripts_of_ours_only_and_everything_else_runs_none_still() {
    let app = start(pages()).await;
    let bo = app.register("Bo").await;
    let page = visit(&app.anyone(), "/t/1").await;
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(policy.split("; ").any(|given| given == part), "{part} in {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    for (header, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(page.header(header), value);
    }
    assert_eq!(page.header("set-cookie"), "");
    let none = "default-src 'none'; frame-ancestors 'none'";
    for path in ["/api/auth/me", "/api/tasks", "/api/nothing", "/uploads/messages/00", "/health"] {
        assert_eq!(bo.get(path).await.header("content-security-policy"), none, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_client_there_is_a_notice_for_people_and_the_api_for_programs() {
    let app = start(Pages::default()).await;
    let anyone = app.anyone();
    for (path, status) in [("/", 200), ("/tickets", 404)] {
        let page = visit(&anyone, path).await;
        assert_eq!(page.status, status);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert!(
            page.text.contains("cargo xtask run") && page.text.contains("href=\"/api/docs\""),
            "{page:?}"
        );
        assert!(page.header("content-security-policy").contains("script-src 'self'"));
    }
    assert_eq!(visit(&anyone, "/api/nothing").await.refusal(), (404, "not_found"));
    assert_eq!(anyone.get("/").await.refusal(), (404, "not_found"));
    assert_eq!(anyone.get("/health").await.status, 200);
    assert_eq!(app.register("Bo").await.get("/api/tasks").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_many_files_uses_up_no_limit_and_asks_the_database_nothing() {
    let limits = |settings: &mut faff_app::Settings| {
        settings.rate_anonymous = Rate::parse("3/15m").unwrap_or(Rate(None));
    };
    let app = TestApp::start_with_pages(Engine::Sqlite, limits, pages()).await;
    let anyone = app.anyone();
    app.app.store_counters().statements();
    for _ in 0..50 {
        assert_eq!(visit(&anyone, "/").await.status, 200);
        assert_eq!(anyone.get("/assets/app-1a.js").await.status, 200);
    }
    let asked = app.app.store_counters().statements();
    assert!(
        asked.iter().all(|(sql, _)| sql.contains("from event e")),
        "only the follower of the log: {asked:?}"
    );
    // What is not there counts, or whoever guesses would be free to.
    for status in [404, 404, 404, 429] {
        assert_eq!(anyone.get("/assets/guess.js").await.status, status);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_learns_what_it_needs_to_show_how_to_log_in() {
    let app = TestApp::start_with_pages(
        Engine::Sqlite,
        |settings| settings.registration = Registration::Closed,
        pages(),
    )
    .await;
    let meta = app.anyone().get("/api/meta").await;
    assert_eq!(meta.status, 200);
    let version = meta.body["clientVersion"].clone();
    assert_eq!(
        meta.body,
        json!({"name": "Faff", "version": env!("CARGO_PKG_VERSION"), "clientVersion": version, "registration": "closed",
            "hasAdministrator": false, "uploads": {"maxFiles": 5, "maxBytes": 10 * 1024 * 1024}})
    );
    assert!(version.as_str().is_some_and(|version| version.len() == 16));
    app.set_up("Ada").await;
    for _ in 0..2 {
        assert_eq!(app.anyone().get("/api/meta").await.body["hasAdministrator"], true);
    }
    let without = TestApp::start(Engine::Sqlite).await;
    let meta = without.anyone().get("/api/meta").await;
    assert_eq!((&meta.body["clientVersion"], &meta.body["registration"]), (&json!(null), &json!("open")));
    // Whoever is logged in does not use up what an address may ask without.
    let counted = TestApp::start_with(Engine::Sqlite, |settings| {
        settings.rate_anonymous = Rate::parse("5/15m").unwrap_or(Rate(None));
    })
    .await;
    let bo = counted.register("Bo").await;
    for _ in 0..10 {
        assert_eq!(bo.get("/api/meta").await.status, 200);
    }
    let anyone = counted.anyone();
    for status in [200, 200, 200, 200, 429] {
        assert_eq!(anyone.get("/api/meta").await.status, status);
    }
}
