//! Metrics: who may read them, what they count, and what they never tell.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use faff_app::Settings;
use faff_testkit::{TestApp, on_both_engines};
use faff_types::Secret;
use reqwest::Method;
use serde_json::json;

const TOKEN: &str = "scrape-me-0123456789";

fn with_token(settings: &mut Settings) {
    settings.metrics_token = Some(Secret::new(TOKEN.to_owned()));
}

/// The value of a line; the last one if there are several.
fn value(text: &str, line: &str) -> f64 {
    let found = text
        .lines()
        .rfind(|found| found.starts_with(line))
        .unwrap_or_else(|| panic!("no {line} in:\n{text}"));
    found.rsplit(' ').next().unwrap().parse().unwrap()
}

on_both_engines! {
    async fn metrics_are_for_administrators_and_for_whoever_knows_the_token(engine) {
        let app = TestApp::start_with(engine, with_token).await;
        let world = app.world().await;
        let scrape = async |token: &str| {
            let request = app.anyone().request(Method::GET, "/metrics").bearer_auth(token);
            app.anyone().send(request).await
        };
        assert_eq!(scrape(TOKEN).await.status, 200);
        for wrong in ["scrape-me-012345678", "scrape-me-01234567890", "x"] {
            assert_eq!(scrape(wrong).await.refusal(), (401, "unauthenticated"), "{wrong}");
        }
        let cookie = app.anyone().request(Method::GET, "/metrics").header("cookie", format!("faff_session={TOKEN}"));
        assert_eq!(app.anyone().send(cookie).await.status, 401, "a browser cannot be made to send it");
        assert_eq!(world.ada.get("/metrics").await.status, 200);
        assert_eq!(world.bo.get("/metrics").await.refusal(), (403, "forbidden"));
        assert_eq!(app.anyone().get("/metrics").await.refusal(), (401, "unauthenticated"));
        // The token opens nothing else.
        let request = app.anyone().request(Method::GET, "/api/tasks").bearer_auth(TOKEN);
        assert_eq!(app.anyone().send(request).await.status, 401);
    }

    async fn metrics_count_what_happens_and_name_nobody(engine) {
        let app = TestApp::start_with(engine, with_token).await;
        let bo = app.register("Bo-with-a-name").await;
        let scrape = async || {
            let answer = app.anyone().send(app.anyone().request(Method::GET, "/metrics").bearer_auth(TOKEN)).await;
            assert_eq!(answer.header("content-type"), "application/openmetrics-text; version=1.0.0; charset=utf-8");
            answer.text
        };
        let before = scrape().await;
        let task = bo.files("A-title-nobody-else-sees", json!({"visibility": "private"})).await;
        for n in 0..3 {
            bo.says(&task, &format!("Words-of-a-message {n}")).await;
        }
        let path = format!("/api/tasks/{}/nothing-here", task["id"]);
        assert_eq!(bo.get(&path).await.status, 404);
        assert_eq!(bo.post("/api/summaries/generate/1", &json!({})).await.status, 202);
        let after = scrape().await;
        let posts = r#"faff_http_request_seconds_count{method="POST",route="/api/messages",status="2xx"}"#;
        let rooms = r#"faff_http_request_seconds_count{method="POST",route="/api/tasks/{id}/messages",status="2xx"}"#;
        let said = if after.contains(posts) { posts } else { rooms };
        assert!(value(&after, said) >= 3.0);
        assert!(value(&after, r#"faff_http_request_seconds_count{method="GET",route="",status="4xx"}"#) >= 1.0);
        assert!(value(&after, "faff_store_transactions_total") >= value(&before, "faff_store_transactions_total") + 4.0);
        assert!(value(&after, "faff_store_queries_total") > value(&before, "faff_store_queries_total"));
        assert!(value(&after, r#"faff_jobs{kind="summary""#) >= 1.0);
        assert!(value(&after, "faff_log_followed_seconds_ago") < 60.0);
        assert!(value(&after, "process_resident_memory_bytes") > 1e6);
        assert!(after.ends_with("# EOF\n"));
        assert_eq!(after.contains("faff_store_connections"), after.contains(r#"engine="postgres""#));
        for word in ["Bo-with-a-name", &bo.email, "A-title-nobody-else-sees", "Words-of-a-message", "nothing-here", TOKEN] {
            assert!(!after.contains(word), "{word}");
        }
    }
}
