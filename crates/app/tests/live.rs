//! Conversations over sockets: what is said reaches whoever may hear it, once, in order.
#![expect(clippy::indexing_slicing, reason = "of JSON, where what is missing is null")]

use faff_testkit::{TestApp, on_both_engines};
use serde_json::json;

on_both_engines! {
    async fn what_is_said_reaches_the_room_by_either_door(engine) {
        let test = TestApp::start(engine).await;
        let world = test.world().await;
        let task = world.bo.files("Printer", json!({})).await;
        let mut bo = world.bo.watch(&task).await;
        let mut cy = world.cy.watch(&task).await;

        let said = bo.ask("send_message", &json!({"taskId": task["id"], "content": "It **burns**", "clientId": "b1"})).await;
        assert_eq!(said["ok"], true, "{said}");
        let heard = cy.next("new_message").await;
        assert_eq!(heard, said["message"]);
        assert_eq!(bo.next("new_message").await, heard, "the sender hears it, too");
        assert_eq!(heard["sender"]["name"], "Bo");
        assert_eq!(heard["contentHtml"].as_str().map(str::trim), Some("<p>It <strong>burns</strong></p>"));

        let answer = world.cy.answers(&task, "Call the fire brigade", &heard).await;
        assert_eq!(bo.next("new_message").await, answer);
        assert_eq!(cy.next("new_message").await, answer);

        let path = format!("/api/messages/{}", answer["id"]);
        let edited = world.cy.put(&path, &json!({"content": "Call *them*"})).await;
        let told = bo.next("message_updated").await;
        assert_eq!(told["content"], "Call *them*");
        assert_eq!((&told["seq"], &told["eventSeq"]), (&answer["seq"], &json!(4)));
        assert_eq!(edited.body["data"]["contentHtml"], told["contentHtml"]);
        world.cy.delete(&path).await;
        assert_eq!(bo.next("message_deleted").await, json!({"taskId": task["id"], "id": answer["id"], "seq": 5}));
        let changed = world.cy.put(&format!("/api/tasks/{}", task["id"]), &json!({"status": "resolved"})).await;
        assert_eq!(bo.next("task_changed").await, changed.body["task"]);
        assert_eq!(bo.next("refresh_task").await, json!({"taskId": task["id"], "seq": 6}));
        assert_eq!(bo.names().await, [""; 0]);
    }
}
