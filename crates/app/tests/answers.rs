//! What every answer carries: headers, request ids, cross-origin rules, compression; and the pages about ourselves.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::collections::BTreeSet;

use faff_testkit::{Answer, Client, TestApp, on_both_engines};
use reqwest::Method;
use serde_json::{Value, json};

async fn get_with(client: &Client, path: &str, headers: &[(&str, &str)]) -> Answer {
    client.send_any(with(client.request(Method::GET, path), headers)).await
}

fn with(request: reqwest::RequestBuilder, headers: &[(&str, &str)]) -> reqwest::RequestBuilder {
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
}

/// Each method and path of the description.
fn operations(description: &Value) -> Vec<(Method, &String, &Value)> {
    let paths = description["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().iter();
            methods.filter_map(move |(method, operation)| {
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                operation.is_object().then_some((method, path, operation))
            })
        })
        .collect()
}

/// A path with this id in each place for one.
fn filled(path: &str, id: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { id } else { part });
    parts.collect::<Vec<_>>().join("/")
}

fn vary(answer: &Answer) -> String {
    let values: Vec<_> = answer.headers.get_all("vary").iter().map(|value| value.to_str().unwrap()).collect();
    values.join(", ").to_lowercase()
}

on_both_engines! {
    async fn every_answer_is_private_and_safe_to_show(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let not_json = bo.request(Method::POST, "/api/tasks").body("x");
        let answers = [
            bo.get("/api/auth/me").await, bo.get("/api/tasks/4711").await, bo.get("/nothing").await,
            app.anyone().get("/api/tasks").await,
            bo.post("/api/tasks", &json!({})).await, bo.send(not_json).await, bo.delete("/api/tasks").await,
            bo.get("/health").await,
            bo.send(bo.request(Method::POST, "/api/auth/logout")).await, bo.get("/api/openapi.json").await,
            bo.get("/api/docs/").await, bo.get("/api/docs/nothing").await,
            bo.send(bo.request(Method::OPTIONS, "/api/tasks")).await,
        ];
        for answer in answers {
            for (name, value) in [
                ("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"),
                ("referrer-policy", "no-referrer"),
                ("cross-origin-opener-policy", "same-origin"), ("cross-origin-resource-policy", "same-origin"),
                ("cache-control", "private, no-store"),
            ] {
                assert_eq!(answer.header(name), value, "{name} of {answer:?}");
                assert_eq!(answer.headers.get_all(name).iter().count(), 1);
            }
            let policy = answer.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
            assert!(!policy.split(';').any(|rule| rule.contains("script-src") && rule.contains("unsafe")), "{policy}");
            assert!(vary(&answer).contains("authorization, cookie"), "{answer:?}");
            for silent in ["server", "x-powered-by", "access-control-allow-origin", "etag", "strict-transport-security"] {
                assert!(!answer.headers.contains_key(silent), "{silent} of {answer:?}");
            }
            assert_eq!(answer.header("x-request-id").len(), 16);
        }
        // No answer can be made another's by a conditional request.
        let again = app.log_in(&bo.email).await;
        assert_eq!(get_with(&again, "/api/auth/me", &[("if-none-match", "*")]).await.status, 200);
    }

    async fn every_route_keeps_caches_from_what_is_one_persons(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let task = world.bo.files("Salaries", json!({"visibility": "private"})).await;
        world.bo.says(&task, "Everybody earns too little").await;
        let description = app.anyone().get("/api/openapi.json").await.body;
        let mut routes = 0;
        for (method, path, _) in operations(&description) {
            if method != Method::GET || path.contains("{filename}") {
                continue;
            }
            routes += 1;
            let path = filled(path, &task["id"].to_string());
            let mine = world.bo.send_any(world.bo.request(Method::GET, &path)).await;
            for (answer, conditional) in [
                (mine, false),
                (get_with(&world.eve, &path, &[("if-none-match", "*"), ("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT")]).await, true),
                (get_with(&app.anyone(), &path, &[("if-none-match", "*")]).await, true),
            ] {
                assert_eq!(answer.header("cache-control"), "private, no-store", "{path}");
                assert!(vary(&answer).contains("authorization, cookie"), "{path}: {answer:?}");
                assert!(!answer.headers.contains_key("etag") && !answer.headers.contains_key("last-modified"), "{path}");
                assert!(answer.status != 304 && (!conditional || !answer.text.contains("Everybody earns")), "{path}: {answer:?}");
            }
        }
        assert!(routes > 25, "{routes} routes");
    }

    async fn a_request_id_comes_back_if_it_is_sane(engine) {
        let app = TestApp::start(engine).await;
        let anyone = app.anyone();
        let longest = "a".repeat(64);
        for sane in ["1", "abc-DEF_0.9", &longest, "0f8fad5b-d9cb-469f-a165-70867728950e"] {
            let answer = get_with(&anyone, "/api/tasks", &[("x-request-id", sane)]).await;
            assert_eq!(answer.header("x-request-id"), sane);
            assert_eq!(answer.body["requestId"], sane);
        }
        let too_long = "a".repeat(65);
        for odd in ["", " ", "a b", "a;b", "<script>", "a\tb", "../x", "${jndi:ldap://x}", "\"", "é", "🔥", &too_long] {
            let answer = get_with(&anyone, "/api/tasks", &[("x-request-id", odd)]).await;
            let id = answer.header("x-request-id");
            assert!(id.len() == 16 && id.bytes().all(|b| b.is_ascii_hexdigit()), "{odd:?} became {id:?}");
            assert_eq!(answer.body["requestId"], id);
        }
        let (one, two) = (anyone.get("/health").await, anyone.get("/health").await);
        assert_ne!(one.header("x-request-id"), two.header("x-request-id"));
    }

    async fn only_the_origins_we_name_may_call_from_a_browser(engine) {
        let ours = ["https://desk.example.com", "http://localhost:5173"];
        let app = TestApp::start_with(engine, |settings| settings.origins = ours.map(ToOwned::to_owned).to_vec()).await;
        let bo = app.register("Bo").await;
        let preflight = [
            ("access-control-request-method", "PUT"), ("access-control-request-headers", "authorization,content-type"),
        ];
        let ask = async |origin: &str| {
            bo.send(with(bo.request(Method::OPTIONS, "/api/tasks/1"), &preflight).header("origin", origin)).await
        };
        for origin in ours {
            let answer = get_with(&bo, "/api/auth/me", &[("origin", origin)]).await;
            assert_eq!(answer.header("access-control-allow-origin"), origin);
            assert!(answer.header("access-control-expose-headers").contains("x-request-id"));
            let refused = get_with(&bo, "/nothing", &[("origin", origin)]).await;
            assert_eq!(refused.header("access-control-allow-origin"), origin, "a page may read refusals");
            let allowed = ask(origin).await;
            assert_eq!(allowed.header("access-control-allow-origin"), origin);
            assert_eq!(allowed.header("access-control-allow-methods"), "GET,POST,PUT,DELETE");
            assert!(allowed.header("access-control-allow-headers").contains("idempotency-key"));
            // Cookies are for our own origin, so other origins are never given leave to send them.
            assert_eq!(allowed.header("access-control-allow-credentials"), "");
            assert!(!allowed.header("access-control-allow-headers").contains("csrf"));
            assert!(vary(&answer).contains("origin") && vary(&allowed).contains("origin"));
        }
        for origin in [
            "https://evil-example.com", "https://desk.example.com.evil.com", "https://evildesk.example.com",
            "http://desk.example.com",
            "https://desk.example.com:444", "https://sub.desk.example.com", "HTTPS://DESK.EXAMPLE.COM",
            "https://desk.example.com/", "null",
            "*", "", "https://desk.example.com, https://evil.com", "http://localhost", "file://",
        ] {
            for answer in [get_with(&bo, "/api/auth/me", &[("origin", origin)]).await, ask(origin).await] {
                assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
                assert!(vary(&answer).contains("origin"), "a cache must not mix them up");
            }
        }
        let own = TestApp::start(engine).await;
        for origin in ours {
            let answer = get_with(&own.anyone(), "/health", &[("origin", origin)]).await;
            assert_eq!(answer.header("access-control-allow-origin"), "", "without the setting, only our own pages may");
        }
    }

    async fn long_answers_are_compressed_for_who_asks(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        for (accept, encoding) in [
            ("gzip", "gzip"), ("br", "br"), ("gzip, deflate, br", "br"), ("gzip;q=0", ""), ("identity", ""),
            ("deflate", ""), ("", ""),
        ] {
            let long = get_bytes(&bo, "/api/openapi.json", accept).await;
            assert_eq!(long.0, encoding, "{accept:?}");
            assert_eq!(long.1 < 40_000, !encoding.is_empty(), "{accept:?}: {} bytes", long.1);
            assert_eq!(get_bytes(&bo, "/api/auth/me", accept).await.0, "", "a short one is not worth it");
        }
        assert_eq!(bo.get("/api/openapi.json").await.header("content-encoding"), "");
    }

    async fn the_description_of_the_api_is_whole(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let description = app.anyone().get("/api/openapi.json").await;
        assert_eq!(description.header("content-type"), "application/json");
        let description = description.body;
        assert!(description["openapi"].as_str().unwrap().starts_with("3.1"), "{}", description["openapi"]);
        let all = operations(&description);
        for wanted in [
            "POST /api/auth/register", "POST /api/auth/login", "POST /api/auth/logout", "GET /api/auth/me",
            "PUT /api/auth/profile",
            "PUT /api/auth/password", "GET /api/auth/users", "GET /api/users/{id}", "PUT /api/users/{id}",
            "GET /api/tasks", "POST /api/tasks",
            "GET /api/tasks/{id}", "PUT /api/tasks/{id}", "DELETE /api/tasks/{id}", "GET /api/tasks/{id}/messages",
            "POST /api/messages",
            "POST /api/tasks/{id}/messages", "PUT /api/messages/{id}", "DELETE /api/messages/{id}",
            "GET /api/audit", "GET /api/admin/status", "GET /health",
        ] {
            assert!(all.iter().any(|(method, path, _)| format!("{method} {path}") == wanted), "{wanted} is not described");
        }
        for (method, path, operation) in &all {
            let statuses: BTreeSet<&str> = operation["responses"].as_object().unwrap().keys().map(String::as_str).collect();
            let public = operation["security"] == json!([]);
            let writes = *method != Method::GET;
            let mut wanted = vec!["429", "500", "503"];
            if !public { wanted.push("401"); }
            if path.contains('{') { wanted.extend(["400", "404"]); }
            if operation["requestBody"].is_object() { wanted.extend(["400", "413", "415"]); }
            if writes && !public { wanted.push("403"); }
            for status in wanted {
                assert!(statuses.contains(status), "{method} {path} does not tell of {status}");
            }
            for (status, response) in operation["responses"].as_object().unwrap() {
                let schema = &response["content"]["application/json"]["schema"];
                let health = path.starts_with("/health") && status == "503";
                if status.starts_with(['4', '5']) && !health {
                    assert_eq!(schema["$ref"], "#/components/schemas/Problem", "{method} {path} {status}");
                }
            }
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{method} {path}");
            // Those that need a login refuse without, whatever else is wrong, and only those do.
            let concrete = filled(path, "1");
            let anyone = app.anyone();
            let answer = anyone.send(anyone.request(method.clone(), &concrete)).await;
            assert_eq!(answer.status == 401, !public, "{method} {path}: {answer:?}");
        }
        // The router serves what is described, and by no other method.
        let paths: BTreeSet<&String> = all.iter().map(|(_, path, _)| *path).collect();
        for path in paths {
            let here = all.iter().filter(|(_, other, _)| *other == path);
            let described: BTreeSet<&str> = here.map(|(method, ..)| method.as_str()).collect();
            let refused = bo.send(bo.request(Method::PATCH, &filled(path, "1"))).await;
            assert_eq!(refused.status, 405, "{path}");
            let served: BTreeSet<&str> = refused.header("allow").split(',').filter(|method| *method != "HEAD").collect();
            assert_eq!(served, described, "{path}");
        }
        // What can be read can be asked about without its body.
        let task = bo.files("T", json!({})).await;
        for (method, path, _) in all.iter().filter(|(method, ..)| *method == Method::GET) {
            let concrete = filled(path, &task["id"].to_string());
            let get = bo.send(bo.request(method.clone(), &concrete)).await;
            let head = bo.send(bo.request(Method::HEAD, &concrete)).await;
            assert_eq!((head.status, head.text.as_str()), (get.status, ""), "{path}");
            assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
        }
    }

    async fn the_pages_for_people_need_no_network(engine) {
        let app = TestApp::start(engine).await;
        let anyone = app.anyone();
        let page = anyone.get("/api/docs").await;
        assert_eq!(page.status, 200, "the redirection to its folder was followed");
        assert!(page.header("content-type").starts_with("text/html"));
        for script in page.text.split("<script").skip(1) {
            let (tag, rest) = script.split_once('>').unwrap();
            assert!(tag.contains("src=") && !tag.contains("//"), "{tag}");
            assert!(rest.trim_start().starts_with("</script>"), "inline, against our own policy: {rest:.200}");
        }
        let sources = page.text.split("src=\"").chain(page.text.split("href=\"")).skip(1);
        for source in sources.filter_map(|rest| rest.split('"').next()).filter(|source| source.starts_with("./")) {
            let file = anyone.get(&format!("/api/docs/{}", &source[2..])).await;
            assert_eq!(file.status, 200, "{source}");
        }
        let start = anyone.get("/api/docs/swagger-initializer.js").await;
        assert!(start.text.contains("/api/openapi.json") && !start.text.contains("petstore"), "{}", start.text);
        assert!(page.header("content-security-policy").contains("script-src 'self';"));
    }

    async fn health_is_told_to_everyone_at_any_rate(engine) {
        let one = faff_app::Rate(Some((1, std::time::Duration::from_mins(15))));
        let app = TestApp::start_with(engine, |settings| settings.rate_anonymous = one).await;
        let anyone = app.anyone();
        for _ in 0..20 {
            let health = anyone.get("/health").await;
            assert_eq!((health.status, &health.body["status"]), (200, &json!("ok")));
            let database = &health.body["services"]["database"];
            assert_eq!((&database["healthy"], &database["configured"]), (&json!(true), &json!(true)));
            let unused = json!({"healthy": false, "configured": false, "latencyMs": null, "error": null});
            assert_eq!((&database["error"], &health.body["services"]["redis"]), (&Value::Null, &unused));
            assert_eq!(health.body["timestamp"], "2026-11-18T11:06:40.000Z");
            for probe in ["/health/live", "/health/ready"] {
                assert_eq!(anyone.get(probe).await.body, json!({"status": "ok"}));
            }
            for secret in [&app.database.url, "faff_", ".sqlite", "@127"] {
                assert!(!health.text.contains(secret), "{}", health.text);
            }
        }
        app.app.health().drain();
        let ready = get_with(&anyone, "/health/ready", &[]).await;
        assert_eq!((ready.status, ready.body), (503, json!({"status": "stopping"})));
        assert_eq!(anyone.get("/health/live").await.status, 200);
        assert_eq!(anyone.get("/health").await.status, 200);
    }
}

/// The encoding of an answer, and its length as it came.
async fn get_bytes(client: &Client, path: &str, accept: &str) -> (String, usize) {
    let request = client.request(Method::GET, path);
    let request = if accept.is_empty() { request } else { request.header("accept-encoding", accept) };
    let response = request.send().await.unwrap_or_else(|error| panic!("{error}"));
    let encoding =
        response.headers().get("content-encoding").map_or("", |value| value.to_str().unwrap()).to_owned();
    (encoding, response.bytes().await.unwrap().len())
}
