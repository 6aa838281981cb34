//! Lists that people save.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use faff_testkit::{Person, TestApp, on_both_engines};
use reqwest::Method;
use serde_json::{Value, json};

async fn save(person: &Person, body: Value) -> Value {
    let answer = person.post("/api/views", &body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body["view"].clone()
}

async fn names(person: &Person) -> Vec<String> {
    let views = person.walk("/api/views?limit=3", "views").await;
    views.iter().map(|view| view["name"].as_str().unwrap().to_owned()).collect()
}

on_both_engines! {
    async fn views_are_saved_shared_changed_and_deleted(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (ada, bo, cy) = (&world.ada, &world.bo, &world.cy);
        let query = "status=open,in_progress&assigneeId=me&search=caf%C3%A9%20%26%20bar&sort=-updatedAt&group=priority";
        let mine = save(bo, json!({"name": " Mine ", "query": format!("?{query}")})).await;
        assert_eq!((&mine["name"], &mine["query"], &mine["shared"], &mine["place"]),
            (&json!("Mine"), &json!(query), &json!(false), &json!(0)));
        assert_eq!((&mine["ownerId"], &mine["owner"]["name"]), (&json!(bo.id), &json!("Bo")));
        let shared = save(bo, json!({"name": "Everybody's", "query": "", "shared": true})).await;
        assert_eq!(shared["place"], 1);
        for n in 0..4 {
            save(cy, json!({"name": format!("Cy {n}"), "query": "tag=vpn", "place": 10 - n})).await;
        }
        assert_eq!(names(bo).await, ["Mine", "Everybody's"]);
        assert_eq!(names(cy).await, ["Everybody's", "Cy 0", "Cy 1", "Cy 2", "Cy 3"]);
        assert_eq!(bo.get(&format!("/api/tasks?{query}")).await.status, 200, "a list takes it");

        let path = |view: &Value| format!("/api/views/{}", view["id"]);
        let changed = bo.put(&path(&mine), &json!({"name": "Ours", "shared": true, "query": "sort=priority", "place": 7})).await;
        assert_eq!((&changed.body["view"]["name"], &changed.body["view"]["place"]), (&json!("Ours"), &json!(7)));
        bo.put(&path(&mine), &json!({})).await;
        assert!(names(cy).await.contains(&"Ours".to_owned()));
        assert_eq!(cy.put(&path(&mine), &json!({"name": "Cy's"})).await.refusal(), (403, "forbidden"));
        assert_eq!(cy.delete(&path(&mine)).await.refusal(), (403, "forbidden"));
        assert_eq!(ada.put(&path(&mine), &json!({"shared": false})).await.status, 200, "an administrator keeps what is shared in order");
        for person in [ada, cy] {
            assert_eq!(person.put(&path(&mine), &json!({"name": "x"})).await.refusal(), (404, "not_found"));
            assert_eq!(person.delete(&path(&mine)).await.refusal(), (404, "not_found"));
        }
        assert_eq!(bo.delete(&path(&mine)).await.status, 204);
        assert_eq!(bo.delete(&path(&mine)).await.refusal(), (404, "not_found"));
        assert_eq!(ada.delete(&path(&shared)).await.status, 204);
        assert!(names(bo).await.is_empty());
        let audit = ada.get(&format!("/api/audit?limit=100&actor={}", bo.id)).await;
        let kinds: Vec<_> = audit.body["events"].as_array().unwrap().iter().filter_map(|event| event["kind"].as_str())
            .filter(|kind| kind.starts_with("view_")).collect();
        assert_eq!(kinds, ["view_deleted", "view_changed", "view_saved", "view_saved"], "every change is an event, and no change is none");
        assert_eq!(bo.get("/api/auth/me").await.status, 200, "no login ends by it");
    }

    async fn a_view_is_a_query_that_the_list_takes(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let view = save(&bo, json!({"name": "x", "query": "status=open"})).await;
        for (query, field) in [
            ("status=opened", "query"), ("sort=title", "query"), ("assigneeId=x", "query"), ("tag=a%20b", "query"),
            ("colour=red", "query"), ("limit=5", "query"), ("cursor=x", "query"), ("page=1", "query"), ("group=tag", "query"),
            ("status=open&status=closed", "query"), ("a b", "query"), ("%ff=1", "query"), ("visibility=all", "query"),
            (&format!("search={}", "x".repeat(201)), "query"), (&format!("tag={}", "x".repeat(2001)), "query"),
            ("#", "query"), ("status=open#x", "query"), ("javascript:alert(1)", "query"), ("\u{7}", "query"),
        ] {
            let answer = bo.post("/api/views", &json!({"name": "x", "query": query})).await;
            assert_eq!((answer.status, answer.fields().first().map(|field| field.0)), (400, Some(field)), "{query:.40}");
            let answer = bo.put(&format!("/api/views/{}", view["id"]), &json!({"query": query})).await;
            assert_eq!(answer.status, 400, "{query:.40}");
            assert!(answer.text.len() < 2000, "{answer:?}");
        }
        for (body, field) in [
            (json!({"name": " ", "query": ""}), "name"), (json!({"name": "x".repeat(101), "query": ""}), "name"),
            (json!({"name": "a\0b", "query": ""}), "name"), (json!({"query": ""}), "name"), (json!({"name": "x"}), "query"),
            (json!({"name": "x", "query": "", "place": -1}), "place"), (json!({"name": "x", "query": "", "place": 1_000_001}), "place"),
            (json!({"name": "x", "query": "", "shared": "yes"}), "shared"), (json!({"name": "x", "query": "", "ownerId": 1}), "ownerId"),
        ] {
            let answer = bo.post("/api/views", &body).await;
            assert_eq!((answer.status, answer.fields().first().map(|field| field.0)), (400, Some(field)), "{body}");
        }
        // Safe to send again, and there is an end.
        let once = async || {
            let request = bo.request(Method::POST, "/api/views").header("idempotency-key", "view-1");
            bo.send(request.json(&json!({"name": "Once", "query": ""}))).await
        };
        assert_eq!(once().await.body, once().await.body);
        for n in 2..100 {
            save(&bo, json!({"name": format!("View {n}"), "query": ""})).await;
        }
        assert_eq!(bo.post("/api/views", &json!({"name": "x", "query": ""})).await.refusal(), (409, "too_many_views"));
        assert_eq!(names(&bo).await.len(), 100);
    }

    async fn whoever_may_see_a_view_hears_that_it_changed(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, cy) = (&world.bo, &world.cy);
        let (mut own, mut other) = (bo.connect().await, cy.connect().await);
        other.rest().await;
        let view = save(bo, json!({"name": "x", "query": ""})).await;
        own.next_own("views_changed").await;
        assert!(!other.own_names().await.contains(&"views_changed".to_owned()), "what is private is nobody else's");
        let path = format!("/api/views/{}", view["id"]);
        for body in [json!({"shared": true}), json!({"name": "y"}), json!({"shared": false})] {
            bo.put(&path, &body).await;
            own.next_own("views_changed").await;
            other.next_own("views_changed").await;
        }
    }
}
