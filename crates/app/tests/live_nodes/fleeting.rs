//! Typing, presence and progress reach other nodes, and heal.

use std::time::Duration;

use faff_testkit::{Engine, Live, TestApp, TestRedis, World};
use serde_json::{Value, json};

use super::stage::by;

/// Two nodes, people, and a ticket.
async fn two_nodes(redis: Option<String>) -> (TestApp, TestApp, World, Value) {
    let one = TestApp::start_with(Engine::Postgres, by(redis.clone())).await;
    let two = one.another_node_with(by(redis)).await;
    let world = one.world().await;
    let task = world.bo.files("Printer", json!({})).await;
    (one, two, world, task)
}

/// Says something fleeting until it is heard: what is said while nobody listens is lost.
async fn until_heard(says: &Live, event: &str, argument: &Value, hears: &mut Live, name: &str) -> Value {
    for _ in 0..60 {
        says.emit(event, argument);
        if let Some((_, heard)) = hears.rest().await.into_iter().find(|(event, _)| event == name) {
            return heard;
        }
    }
    panic!("{name} was never heard");
}

/// The people of the next presence that are these; others are passed over.
async fn sees(live: &mut Live, task: &Value, names: &[&str]) {
    let mut last = Value::Null;
    for _ in 0..100 {
        for (event, argument) in live.rest().await {
            if event == "presence" {
                assert_eq!(argument["taskId"], task["id"]);
                last = argument["users"].clone();
            }
        }
        let there = last.as_array().map(Vec::as_slice).unwrap_or_default();
        if there.iter().map(|user| user["name"].as_str().unwrap()).eq(names.iter().copied()) {
            return;
        }
    }
    panic!("expected {names:?}, and last saw {last}");
}

async fn what_is_fleeting_reaches_the_other_node(redis: Option<String>) {
    let (_one, two, world, task) = two_nodes(redis).await;
    let mut bo = world.bo.watch(&task).await;
    let mut cy = two.log_in(&world.cy.email).await.watch(&task).await;
    let id = &task["id"];

    sees(&mut bo, &task, &["Bo", "Cy"]).await;
    sees(&mut cy, &task, &["Bo", "Cy"]).await;
    let typing = json!({"taskId": id, "isTyping": true});
    assert_eq!(
        until_heard(&bo, "typing", &typing, &mut cy, "user_typing").await,
        json!({"taskId": id, "userId": world.bo.id, "userName": "Bo", "isTyping": true})
    );
    let progress = json!({"taskId": id, "progress": 37.5, "filename": "é\"<b>.pdf"});
    assert_eq!(
        until_heard(&cy, "upload_progress", &progress, &mut bo, "file_upload_progress").await,
        json!({"taskId": id, "userId": world.cy.id, "userName": "Cy", "progress": 37.5, "filename": "é\"<b>.pdf"})
    );
    assert_eq!(
        until_heard(&bo, "task_updated", id, &mut cy, "refresh_task").await,
        json!({"taskId": id, "seq": 1})
    );
    cy.drop_connection();
    sees(&mut bo, &task, &["Bo"]).await;
    let stored = world.bo.get(&format!("/api/tasks/{id}/messages")).await;
    assert_eq!(stored.body["messages"], json!([]), "nothing of it is stored");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_fleeting_reaches_the_other_node_by_notifications() {
    what_is_fleeting_reaches_the_other_node(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_fleeting_reaches_the_other_node_by_redis() {
    let redis = TestRedis::start().await;
    what_is_fleeting_reaches_the_other_node(Some(redis.url())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_fleeting_comes_back_with_the_listening_connections() {
    let (one, two, world, task) = two_nodes(None).await;
    let bo = world.bo.watch(&task).await;
    let mut cy = two.log_in(&world.cy.email).await.watch(&task).await;
    let typing = json!({"taskId": task["id"], "isTyping": true});
    until_heard(&bo, "typing", &typing, &mut cy, "user_typing").await;
    assert!(one.database.cut_listeners().await > 0);
    until_heard(&bo, "typing", &typing, &mut cy, "user_typing").await;
}

/// Waits until a node says that Redis is so.
async fn redis_is(node: &TestApp, healthy: bool) {
    loop {
        let health = node.anyone().get("/health").await;
        assert_eq!((health.status, &health.body["services"]["redis"]["configured"]), (200, &json!(true)));
        if health.body["services"]["redis"]["healthy"] == healthy {
            let status = if healthy { "ok" } else { "degraded" };
            assert_eq!(health.body["status"], status, "{health:?}");
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_fleeting_comes_back_with_redis() {
    let mut redis = TestRedis::start().await;
    let (_one, two, world, task) = two_nodes(Some(redis.url())).await;
    let mut bo = world.bo.watch(&task).await;
    let cy = two.log_in(&world.cy.email).await.watch(&task).await;
    sees(&mut bo, &task, &["Bo", "Cy"]).await;
    redis_is(&two, true).await;
    // Cy leaves and Eve comes while nobody can be told.
    redis.stall();
    let mut eve = two.log_in(&world.eve.email).await.watch(&task).await;
    let message = world.bo.says(&task, "Redis stands still").await;
    assert_eq!(eve.next("new_message").await, message, "what lasts needs no Redis");
    redis_is(&two, false).await;
    redis.kill();
    cy.drop_connection();
    let message = world.bo.says(&task, "Redis is away").await;
    assert_eq!(eve.next("new_message").await, message, "what lasts needs no Redis");
    redis.restart().await;
    let typing = json!({"taskId": task["id"], "isTyping": true});
    until_heard(&bo, "typing", &typing, &mut eve, "user_typing").await;
    sees(&mut bo, &task, &["Bo", "Eve"]).await;
    redis_is(&two, true).await;
}

/// A node that ends while Redis is away cannot say that its people are gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_on_a_node_that_is_gone_is_not_seen_for_ever() {
    let mut redis = TestRedis::start().await;
    let (_one, mut two, world, task) = two_nodes(Some(redis.url())).await;
    let mut bo = world.bo.watch(&task).await;
    let _cy = two.log_in(&world.cy.email).await.watch(&task).await;
    sees(&mut bo, &task, &["Bo", "Cy"]).await;
    redis.kill();
    two.drain().await;
    redis.restart().await;
    sees(&mut bo, &task, &["Bo"]).await;
}
