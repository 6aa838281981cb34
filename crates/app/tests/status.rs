//! The status: who may see it, that it tells what is so, and that it tells no more.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use faff_app::InEffect;
use faff_testkit::{TestApp, TestRedis, on_both_engines};
use faff_types::Secret;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

/// The names of an object's members, sorted.
fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

on_both_engines! {
    async fn administrators_see_how_the_server_is_and_nobody_else_does(engine) {
        let shown = InEffect { name: "PORT", value: "3000".to_owned(), origin: "default".to_owned() };
        let app = TestApp::start_with(engine, |settings| {
            settings.in_effect = vec![shown];
            settings.redis_url = Some(Secret::new(TestRedis::shared()));
        }).await;
        let world = app.world().await;
        assert_eq!(world.bo.get("/api/admin/status").await.refusal(), (403, "forbidden"));
        assert_eq!(app.anyone().get("/api/admin/status").await.refusal(), (401, "unauthenticated"));

        let before = world.ada.get("/api/admin/status").await;
        assert_eq!(before.status, 200, "{before:?}");
        let before = before.body;
        assert_eq!(keys(&before), [
            "ai", "database", "files", "jobs", "log", "node", "now", "services", "settings", "startedAt", "tls", "uptime",
            "version",
        ]);
        assert_eq!(before["jobs"], json!({"counts": [], "oldestWaiting": null}));
        assert_eq!(before["files"], json!({"store": "folder", "count": 0, "bytes": 0}));
        assert_eq!(before["ai"], json!({"engine": "built-in", "model": null}));
        assert_eq!(before["settings"], json!([{"name": "PORT", "value": "3000", "origin": "default"}]));
        assert_eq!(before["tls"], Value::Null);
        assert_eq!(before["database"]["engine"], engine.name());
        assert_eq!(before["database"]["pool"].is_object(), engine.name() == "postgres");
        let last = faff_app::MIGRATIONS.last().unwrap().number;
        assert_eq!(before["database"]["schema"], last);
        assert!(before["database"]["bytes"].as_i64().unwrap() > 100_000, "{before}");
        let services = app.anyone().get("/health").await.body["services"].clone();
        for service in ["database", "redis", "storage", "openai"] {
            for fact in ["healthy", "configured", "error"] {
                assert_eq!(before["services"][service][fact], services[service][fact], "{service} {fact}");
            }
        }
        assert_eq!(before["services"]["redis"]["healthy"], true, "{before}");

        let task = world.bo.files("A-title-nobody-else-sees", json!({"visibility": "private"})).await;
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0".to_vec();
        let size = png.len();
        let form = Form::new()
            .text("taskId", task["id"].to_string())
            .text("content", "Words-of-a-message")
            .part("files", Part::bytes(png).file_name("name-of-a-file.png"));
        let sent = world.bo.send(world.bo.request(reqwest::Method::POST, "/api/messages").multipart(form)).await;
        assert_eq!(sent.status, 201, "{sent:?}");
        let path = format!("/api/summaries/generate/{}", task["id"]);
        assert_eq!(world.bo.post(&path, &json!({})).await.status, 202);
        let _live = world.bo.watch(&task).await;
        app.clock.advance(90_000);
        let answer = world.ada.get("/api/admin/status").await;
        let after = &answer.body;
        assert_eq!(after["jobs"]["counts"], json!([{"kind": "summary", "state": "waiting", "count": 1}]));
        assert_eq!(after["jobs"]["oldestWaiting"], 90);
        assert_eq!(after["files"], json!({"store": "folder", "count": 1, "bytes": size}));
        assert_eq!((&after["node"]["sockets"], &after["node"]["rooms"]), (&json!(1), &json!(1)));
        assert_eq!(after["uptime"].as_i64().unwrap() - before["uptime"].as_i64().unwrap(), 90);
        assert_eq!(after["startedAt"], before["startedAt"]);
        assert!(after["log"]["head"].as_i64().unwrap() > before["log"]["head"].as_i64().unwrap());
        assert!(after["log"]["followedMsAgo"].as_u64().is_some());
        for word in ["A-title", "Words-of", "name-of-a-file", "faff.example", "redis://", "a secret of"] {
            assert!(!answer.text.contains(word), "{word}: {}", answer.text);
        }
    }
}
