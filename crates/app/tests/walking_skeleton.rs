//! The main job, end to end, on both engines.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use faff_testkit::{TestApp, on_both_engines};
use serde_json::json;

on_both_engines! {
    async fn register_file_a_task_talk_in_it_and_read_it_back(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let me = bo.get("/api/auth/me").await;
        assert_eq!(me.body["user"]["name"], "Bo");
        let task = bo.files("Printer on fire", json!({"tags": ["printer"], "priority": "urgent"})).await;
        assert_eq!(task["seq"], 1);
        let message = bo.says(&task, "It **still** prints.").await;
        assert_eq!(message["seq"], 2);
        let answer = bo.answers(&task, "Good.", &message).await;
        assert_eq!(answer["replyTo"]["content"], "It **still** prints.");
        let read = bo.get(&format!("/api/tasks/{}", task["id"])).await;
        assert_eq!(read.body["task"]["messageCount"], 2);
        assert_eq!(read.body["task"]["seq"], 3);
        let list = bo.get(&format!("/api/tasks/{}/messages", task["id"])).await;
        assert_eq!(list.body["messages"][0]["contentHtml"], "<p>It <strong>still</strong> prints.</p>\n");
        assert_eq!(list.body["messages"][0]["replyCount"], 1);
        assert_eq!(list.body["messages"][1], answer);
        let found = bo.get("/api/tasks?search=still+print&status=open,resolved&tag=printer&assigneeId=none").await;
        assert_eq!(found.body["tasks"][0]["id"], task["id"], "{found:?}");
        let events = bo.get(&format!("/api/tasks/{}/events", task["id"])).await;
        assert_eq!(events.body["events"].as_array().unwrap().len(), 3, "{events:?}");
    }
}
