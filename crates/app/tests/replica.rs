//! Pages come from a replica of the database, and nobody can tell.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use faff_app::MIGRATIONS;
use faff_testkit::{TestApp, TestReplicated};
use faff_types::{Clock, Timestamp};
use reqwest::Method;
use serde_json::json;
use tokio::time::{sleep, timeout};

/// Two nodes that read from the replica.
async fn two_nodes(replicated: &TestReplicated) -> [TestApp; 2] {
    let clock = Clock::manual(Timestamp::from_millis(1_795_000_000_000));
    let one = TestApp::on(replicated.database(), None, clock).await;
    let two = one.another_node().await;
    for node in [&one, &two] {
        let used = async {
            while !node.app.replication().unwrap().used {
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(Duration::from_secs(20), used).await.unwrap();
    }
    [one, two]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_node_has_answered_the_next_page_of_another_shows_although_the_replica_is_behind() {
    let replicated = TestReplicated::create(MIGRATIONS).await;
    replicated.delay(4).await;
    let [one, two] = two_nodes(&replicated).await;
    let world = one.world().await;
    let there = two.log_in(&world.cy.email).await;
    for number in 0..15 {
        let task = world.bo.files(&format!("Printer {number} is on fire"), json!({})).await;
        let page = there.get("/api/tasks?limit=1").await;
        assert_eq!(page.ids("tasks"), [task["id"].as_i64().unwrap()]);
        let said = world.bo.says(&task, "I have called the fire brigade").await;
        let page = there.get(&format!("/api/tasks/{}/messages", task["id"])).await;
        assert_eq!(page.ids("messages"), [said["id"].as_i64().unwrap()]);
    }
    let seen = two.app.replication().unwrap();
    assert!(seen.served > 0, "{seen:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_lost_a_right_does_not_read_by_it_from_a_replica_that_stands_still() {
    let replicated = TestReplicated::create(MIGRATIONS).await;
    let [one, two] = two_nodes(&replicated).await;
    let world = one.world().await;
    let task = world.bo.files("Salaries", json!({"visibility": "private"})).await;
    let there = two.log_in(&world.cy.email).await;
    let messages = format!("/api/tasks/{}/messages", task["id"]);
    let let_in = format!("/api/tasks/{}/participants/{}", task["id"], world.cy.id);
    assert_eq!(world.bo.send(world.bo.request(Method::PUT, &let_in)).await.status, 204);
    assert_eq!(there.get(&messages).await.status, 200);
    replicated.pause().await;
    assert_eq!(world.bo.delete(&let_in).await.status, 204);
    assert_eq!(there.get(&messages).await.refusal(), (404, "not_found"));
    assert_eq!(there.get("/api/tasks").await.ids("tasks"), [0_i64; 0]);
    assert!(!two.app.replication().unwrap().used);
}
