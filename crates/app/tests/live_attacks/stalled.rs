//! A18: clients that read nothing in a room with much talk. The database plays no part.

use faff_testkit::{Engine, TestApp};
use serde_json::json;
use socket2::SockRef;

use super::wire::Wire;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_who_read_nothing_are_put_out_and_the_others_lose_nothing() {
    const MESSAGES: usize = 60;
    let test = TestApp::start(Engine::Sqlite).await;
    let world = test.world().await;
    let task = world.bo.files("Printer", json!({})).await;
    let mut cy = world.cy.watch(&task).await;
    let mut stalled = Vec::new();
    for _ in 0..50 {
        let mut wire = Wire::connect(&test.url, &world.eve.token).await;
        wire.send(&format!(r#"421["join_task",{}]"#, task["id"])).await;
        while !wire.text().await.unwrap().starts_with("431[") {}
        SockRef::from(wire.tcp()).set_recv_buffer_size(1024).unwrap();
        stalled.push(wire);
    }
    while cy.next("presence").await["users"].as_array().unwrap().len() < 2 {}
    for n in 0..MESSAGES {
        world.bo.says(&task, &format!("{n} {}", "x".repeat(19_000))).await;
    }
    let (mut heard, mut alone) = (0, false);
    while heard < MESSAGES || !alone {
        let (event, told) = cy.event().await.expect("who reads stays");
        match event.as_str() {
            "new_message" => {
                assert!(told["content"].as_str().unwrap().starts_with(&format!("{heard} ")), "in order");
                heard += 1;
            }
            // When the last of them is out, she is not in the room any more.
            "presence" => alone = told["users"].as_array().unwrap().len() == 1,
            _ => {}
        }
    }
    for wire in &mut stalled {
        let got = wire.rest().await.len();
        assert!(got < MESSAGES, "it was closed before it had everything");
    }
    let mut eve = world.eve.connect().await;
    let (mut after, mut missed) = (40, 0);
    loop {
        let joined = eve.ask("join_task", &json!({"taskId": task["id"], "afterSeq": after})).await;
        let events = joined["events"].as_array().unwrap();
        missed += events.len();
        after += events.len();
        if joined["hasMore"] != true {
            break;
        }
    }
    assert_eq!(missed, MESSAGES - 39, "whoever was put out may come back for the rest");
}
