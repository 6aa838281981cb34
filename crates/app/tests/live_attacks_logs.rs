//! What sockets leave in the log at its most talkative: neither tokens, nor the names of sessions, nor what is said.

use faff_testkit::{Engine, Logs, TestApp};
use reqwest::Method;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_token_and_no_session_of_a_socket_is_logged_at_any_level() {
    let kept = Logs::keep();
    let test = TestApp::start(Engine::Sqlite).await;
    let bo = test.register("Bo").await;
    let task = bo.files("Printer", json!({})).await;
    let mut live = bo.watch(&task).await;
    let canary = "canary-of-what-is-said-7d1f";
    live.ask("send_message", &json!({"taskId": task["id"], "content": canary, "clientId": canary})).await;
    live.ask("send_message", &json!({"taskId": canary, "content": [canary]})).await;
    live.ask("typing", &json!({"taskId": task["id"], canary: canary})).await;
    live.ask("no_such_event", &json!(canary)).await;
    let anyone = test.anyone();
    let token = &bo.token;
    let open = format!("/socket.io/?EIO=4&transport=polling&token={token}&auth%5Btoken%5D={token}");
    let opened = anyone.get(&open).await;
    let sid = opened.text.split_once(r#""sid":""#).unwrap().1.split('"').next().unwrap().to_owned();
    let path = format!("{open}&sid={sid}");
    let post = |body: String| anyone.send(anyone.request(Method::POST, &path).body(body));
    assert_eq!(post(format!(r#"40{{"token":"{canary}"}}"#)).await.status, 200);
    assert!(anyone.get(&path).await.text.starts_with("44"));
    assert_eq!(post(format!(r#"40{{"token":"{token}"}}"#)).await.status, 200);
    let connected = anyone.get(&path).await.text;
    assert!(connected.starts_with("40{"), "{connected}");
    let socket = connected.split('"').nth(3).unwrap().to_owned();
    assert_eq!(post(canary.to_owned()).await.status, 400);
    assert_eq!(anyone.get(&path).await.status, 400);
    let foreign = anyone.request(Method::GET, &path).header("origin", format!("https://{canary}.example"));
    assert_eq!(anyone.send(foreign).await.status, 403);

    let log = kept.text();
    assert!(
        log.contains("a socket's request was refused") && log.contains("/socket.io/"),
        "it is told that, and where"
    );
    let signature = token.rsplit('.').next().unwrap();
    for never in ["canary-of-", signature, &sid, &socket, "sid=", "token="] {
        let line = log.lines().find(|line| line.contains(never));
        assert!(line.is_none(), "{never} is in the log: {:.600}", line.unwrap());
    }
}
