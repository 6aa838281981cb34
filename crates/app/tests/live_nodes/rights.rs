//! What ends on one node ends on the other; and two nodes on one SQLite file, which find each other's commits by looking.

use faff_testkit::{Engine, Person, TestApp, TestRedis};
use reqwest::Method;
use serde_json::{Value, json};

use super::stage::by;

async fn logout_and_removal_end_delivery_on_the_other_node(engine: Engine, redis: Option<String>) {
    let one = TestApp::start_with(engine, by(redis.clone())).await;
    let two = one.another_node_with(by(redis)).await;
    let world = one.world().await;
    let task = world.bo.files("Salaries", json!({"visibility": "private"})).await;
    let of = |person: &Person| format!("/api/tasks/{}/participants/{}", task["id"], person.id);
    for person in [&world.cy, &world.eve] {
        assert!(world.bo.send(world.bo.request(Method::PUT, &of(person))).await.status < 300);
    }
    let cy_there = two.log_in(&world.cy.email).await;
    let mut cy = cy_there.watch(&task).await;
    let mut eve = two.log_in(&world.eve.email).await.watch(&task).await;
    world.bo.says(&task, "Between us").await;
    assert_eq!(cy.next("new_message").await["content"], "Between us");

    assert!(world.bo.delete(&of(&world.cy)).await.status < 300);
    let secret = world.bo.says(&task, "Cy must not hear this").await;
    assert_eq!(eve.next("new_message").await["content"], "Between us");
    assert_eq!(eve.next("new_message").await, secret, "who stays hears everything");
    let gone = cy.next("task_deleted").await;
    assert_eq!((&gone["id"], &gone["seq"]), (&task["id"], &json!(secret["seq"].as_i64().unwrap() - 1)));
    world.bo.says(&task, "Nor this").await;
    eve.next("new_message").await;
    assert_eq!(cy.names().await, [""; 0]);
    let again = cy.ask("join_task", &json!({"taskId": task["id"], "afterSeq": 0})).await;
    assert_eq!((&again["ok"], &again["error"]["code"]), (&json!(false), &json!("not_found")), "{again}");
    cy.emit("typing", &json!({"taskId": task["id"], "isTyping": true}));
    assert_eq!(cy.next("error").await["code"], "not_joined");

    // The socket on the second node is of a login that ends on the first.
    let url = format!("{}/api/auth/logout", one.url);
    let out = reqwest::Client::new().post(url).bearer_auth(&cy_there.token).send().await.unwrap();
    assert!(out.status().is_success(), "{out:?}");
    let before = cy.ended().await;
    let (event, error) = before.last().unwrap();
    assert_eq!((event.as_str(), &error["code"]), ("error", &json!("unauthenticated")));
    world.cy.connect().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ends_on_one_node_ends_on_the_other_by_notifications() {
    logout_and_removal_end_delivery_on_the_other_node(Engine::Postgres, None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ends_on_one_node_ends_on_the_other_by_redis() {
    let redis = TestRedis::start().await;
    logout_and_removal_end_delivery_on_the_other_node(Engine::Postgres, Some(redis.url())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ends_on_one_node_ends_on_the_other_without_a_redis_that_answers() {
    let redis = TestRedis::start().await;
    redis.stall();
    logout_and_removal_end_delivery_on_the_other_node(Engine::Postgres, Some(redis.url())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ends_on_one_node_ends_on_the_other_on_one_sqlite_file() {
    logout_and_removal_end_delivery_on_the_other_node(Engine::Sqlite, None).await;
}

/// On SQLite nothing wakes the other node: so whoever joins there reads what those who are there have yet to be told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_joins_takes_nothing_from_those_who_are_there() {
    let one = TestApp::start(Engine::Sqlite).await;
    let two = one.another_node().await;
    let world = one.world().await;
    let task = world.bo.files("Printer", json!({})).await;
    let mut cy = two.log_in(&world.cy.email).await.watch(&task).await;
    let mut eve = two.log_in(&world.eve.email).await.connect().await;
    let (mut heard, mut said) = (Vec::new(), Vec::new());
    for n in 0..5 {
        let message = world.bo.says(&task, &format!("Message {n}")).await;
        eve.ask("leave_task", &task["id"]).await;
        let joined = eve.ask("join_task", &json!({"taskId": task["id"], "afterSeq": 0})).await;
        let read: Vec<&Value> =
            joined["events"].as_array().unwrap().iter().map(|event| &event["data"]).collect();
        assert_eq!(read.last(), Some(&&message));
        said.push(message);
    }
    while heard.len() < said.len() {
        heard.push(cy.next("new_message").await);
    }
    assert_eq!(heard, said);
}
