//! Who may do what over sockets: every event for everybody, about a private ticket.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::fmt::Write as _;

use faff_testkit::{Live, TestApp, on_both_engines};
use reqwest::Method;
use serde_json::{Value, json};

/// What came of it: `ok`, or `told` where events came along, or the code of the refusal.
fn outcome(answer: &Value) -> String {
    let told = answer["events"].as_array().is_some_and(|events| !events.is_empty());
    let went_well = if told { "told" } else { "ok" };
    if answer["ok"] == true { went_well } else { answer["error"]["code"].as_str().unwrap() }.to_owned()
}

on_both_engines! {
    async fn every_event_answers_everybody_as_the_access_matrix_says(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (ada, bo, cy, eve) = (&world.ada, &world.bo, &world.cy, &world.eve);
        let former = app.register("Fay").await;
        let mut position = ada.connect().await;
        let position = position.ask("sync", &json!({})).await["position"].clone();
        let task = bo.files("Salaries", json!({"visibility": "private"})).await;
        for id in [cy.id, former.id] {
            bo.send(bo.request(Method::PUT, &format!("/api/tasks/{}/participants/{id}", task["id"]))).await;
        }
        let said = bo.says(&task, "Everybody earns too little").await;
        ada.put(&format!("/api/users/{}", former.id), &json!({"active": false})).await;
        // What is committed is told of by `sync` once it is settled, which transactions of other tests may delay.
        let mut settled = ada.connect().await;
        let since = json!({"after": position});
        while settled.ask("sync", &since).await["events"].as_array().unwrap().len() < 4 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let id = &task["id"];
        let events = [
            ("typing", "unjoined", json!({"taskId": id, "isTyping": true})),
            ("task_updated", "unjoined", id.clone()),
            ("upload_progress", "unjoined", json!({"taskId": id, "progress": 1, "filename": "x"})),
            ("leave_task", "unjoined", id.clone()),
            ("sync", "", json!({"after": position})),
            ("join_task", "", id.clone()),
            ("join_task", "from 0", json!({"taskId": id, "afterSeq": 0})),
            ("typing", "joined", json!({"taskId": id, "isTyping": true})),
            ("task_updated", "joined", id.clone()),
            ("upload_progress", "joined", json!({"taskId": id, "progress": 1, "filename": "x"})),
            ("send_message", "", json!({"taskId": id, "content": "x"})),
            ("send_message", "an answer", json!({"taskId": id, "content": "x", "replyToId": said["id"]})),
            ("leave_task", "joined", id.clone()),
            ("watch_lists", "", json!({"on": true})),
            ("anything_else", "", id.clone()),
        ];
        let mut rows: Vec<Vec<String>> = vec![Vec::new(); events.len()];
        for token in ["", &eve.token, &cy.token, &bo.token, &ada.token, &former.token] {
            match Live::connect(&app.url, token).await {
                Ok(mut live) => {
                    for ((event, _, payload), row) in events.iter().zip(&mut rows) {
                        row.push(outcome(&live.ask(event, payload).await));
                    }
                }
                Err(refused) => rows.iter_mut().for_each(|row| row.push(refused["data"]["code"].as_str().unwrap().to_owned())),
            }
        }
        let mut table = format!("{:<27}{:<17}{:<17}{:<17}{:<17}{:<17}deactivated\n", "", "nobody", "stranger", "member", "author", "admin");
        for ((event, how, _), row) in events.iter().zip(&rows) {
            let [nobody, stranger, member, author, admin, former] = row.as_slice() else { unreachable!() };
            let line = writeln!(table, "{event:<16}{how:<11}{nobody:<17}{stranger:<17}{member:<17}{author:<17}{admin:<17}{former}");
            assert!(line.is_ok());
        }
        insta::assert_snapshot!("socket_access_matrix", table);
    }
}
