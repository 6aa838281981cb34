//! A16: somebody who sends as fast as it goes is held up, then put out; others are heard as ever. The clock stands
//! still, so exactly what is allowed at once gets through.

use std::time::Duration;

use faff_app::{Rate, Settings};
use faff_testkit::{Engine, Live, TestApp, on_both_engines};
use serde_json::{Value, json};

/// Limits on sockets; requests have all that they want.
fn limited(settings: &mut Settings) {
    settings.rate_user = Rate(Some((1_000_000, Duration::from_secs(1))));
}

/// Sends an event so often without waiting, and returns what was answered before the end.
async fn flood(live: &mut Live, event: &str, argument: impl Fn(usize) -> Value, count: usize) -> Vec<Value> {
    let asked: Vec<_> = (0..count).map(|n| live.begin(event, &argument(n))).collect();
    let mut answers = Vec::new();
    for answer in futures_util::future::join_all(asked).await {
        answers.extend(answer);
    }
    answers
}

/// So many got through, then a hundred were refused, and that was the end.
fn check(answers: &[Value], passed: usize) {
    let refused = answers.iter().filter(|answer| answer["ok"] != true);
    for answer in refused {
        assert_eq!(answer["error"]["code"], "rate_limited", "{answer}");
        assert!(answer["error"]["retryAfter"].as_u64().is_some_and(|seconds| seconds >= 1), "{answer}");
    }
    assert_eq!(answers.iter().filter(|answer| answer["ok"] == true).count(), passed);
    assert!(answers[..passed].iter().all(|answer| answer["ok"] == true), "what comes first passes");
    assert_eq!(answers.len(), passed + 100, "the stubborn are put out");
}

on_both_engines! {
    async fn who_floods_with_messages_is_put_out_and_the_others_are_heard(engine) {
        let test = TestApp::start_with(engine, limited).await;
        let world = test.world().await;
        let task = world.bo.files("Printer", json!({})).await;
        let (mut bo, mut cy) = (world.bo.connect().await, world.cy.watch(&task).await);
        let mut eve = world.eve.connect().await;
        let flooding = flood(&mut eve, "send_message", |n| json!({"taskId": task["id"], "content": format!("eve {n}")}), 1000);
        let talking = async {
            for n in 0..20 {
                let said = bo.ask("send_message", &json!({"taskId": task["id"], "content": format!("bo {n}")})).await;
                assert_eq!(said["ok"], true, "{said}");
            }
        };
        let (answers, ()) = tokio::join!(flooding, talking);
        check(&answers, 30);
        eve.ended().await;
        let (mut by_bo, mut by_eve) = (Vec::new(), Vec::new());
        for _ in 0..50 {
            let content = cy.next("new_message").await["content"].as_str().unwrap().to_owned();
            if content.starts_with("bo") { by_bo.push(content) } else { by_eve.push(content) }
        }
        assert_eq!(by_bo, (0..20).map(|n| format!("bo {n}")).collect::<Vec<_>>());
        assert_eq!(by_eve, (0..30).map(|n| format!("eve {n}")).collect::<Vec<_>>());
        assert_eq!(cy.names().await, [""; 0]);
        // Another socket of the same person is no way around it; time is.
        let mut again = world.eve.connect().await;
        let message = json!({"taskId": task["id"], "content": "again"});
        assert_eq!(again.ask("send_message", &message).await["error"]["code"], "rate_limited");
        test.clock.advance(100);
        assert_eq!(again.ask("send_message", &message).await["ok"], true);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_floods_with_typing_joins_or_nonsense_is_put_out() {
    let test = TestApp::start_with(Engine::Sqlite, limited).await;
    let world = test.world().await;
    let task = world.bo.files("Printer", json!({})).await;
    let (mut cy, mut bo) = (world.cy.watch(&task).await, world.bo.watch(&task).await);
    let mut eve = world.eve.watch(&task).await;
    let typing = |_| json!({"taskId": task["id"], "isTyping": true});
    check(&flood(&mut eve, "typing", typing, 1000).await, 20);
    eve.ended().await;
    // Without an acknowledgement the refusals come as events; reading them or not makes no difference.
    let mut eve = world.eve.watch(&task).await;
    for n in 0..1000 {
        eve.emit("typing", &typing(n));
    }
    let refused = eve.ended().await.into_iter().filter(|(event, _)| event == "error");
    assert_eq!(refused.inspect(|(_, error)| assert_eq!(error["code"], "rate_limited")).count(), 100);
    let heard = cy.names().await;
    assert_eq!(heard, ["user_typing"; 20]);

    let mut eve = world.eve.connect().await;
    check(&flood(&mut eve, "join_task", |_| task["id"].clone(), 1000).await, 198);
    // What is wrong in itself is limited like what is fleeting.
    let mut bo_too = world.bo.connect().await;
    for (event, code) in [("no_such_event", "unknown_event"), ("typing", "validation_failed")] {
        let answers = flood(&mut bo_too, event, |_| json!("nonsense"), 10).await;
        assert!(answers.iter().all(|answer| answer["error"]["code"] == code), "{answers:?}");
    }
    let answers = flood(&mut bo_too, "no_such_event", |_| json!(1), 1000).await;
    assert!(answers.iter().all(|answer| answer["error"]["code"] == "rate_limited"), "{answers:?}");
    assert!(answers.len() <= 100, "{}", answers.len());
    let said = bo.ask("send_message", &json!({"taskId": task["id"], "content": "Quiet, please"})).await;
    assert_eq!(cy.next("new_message").await, said["message"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_well_is_no_step_towards_being_put_out() {
    let test = TestApp::start_with(Engine::Sqlite, limited).await;
    let bo = test.register("Bo").await;
    let task = bo.files("Printer", json!({})).await;
    let mut live = bo.watch(&task).await;
    // Typing without waiting for answers, for a long time, and a little too fast.
    for _ in 0..20 {
        for _ in 0..30 {
            live.emit("typing", &json!({"taskId": task["id"], "isTyping": true}));
        }
        assert_eq!(live.ask("sync", &Value::Null).await["ok"], true);
        test.clock.advance(5_000);
    }
    let refused = live.rest().await.into_iter().filter(|(event, _)| event == "error").count();
    assert_eq!(refused, 200);
    for _ in 0..20 {
        for _ in 0..30 {
            live.emit("typing", &json!({"taskId": task["id"], "isTyping": true}));
        }
        // Only what is fleeting is sent, and nothing is answered.
        while live.next("error").await["code"] != "rate_limited" {}
        live.rest().await;
        test.clock.advance(5_000);
    }
    assert_eq!(live.ask("sync", &Value::Null).await["ok"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_connects_again_and_again_is_held_up_and_another_is_let_in() {
    let test = TestApp::start_with(Engine::Sqlite, limited).await;
    let (bo, eve) = (test.register("Bo").await, test.register("Eve").await);
    let mut sockets = Vec::new();
    for _ in 0..100 {
        sockets.push(eve.connect().await);
    }
    let refusal = Live::connect(&test.url, &eve.token).await.unwrap_err();
    assert_eq!(refusal["data"]["code"], "rate_limited", "{refusal}");
    assert!(refusal["message"].as_str().unwrap().contains("too many connections"), "{refusal}");
    let mut let_in = 0;
    let refusal = loop {
        sockets.clear();
        match Live::connect(&test.url, &eve.token).await {
            Ok(live) => sockets.push(live),
            Err(refusal) if refusal["message"].as_str().unwrap().contains("too many connections") => {
                // Those that were dropped are not all gone yet.
                tokio::task::yield_now().await;
                continue;
            }
            Err(refusal) => break refusal,
        }
        let_in += 1;
        assert!(let_in < 100, "101 of 200 were used up before");
    };
    assert_eq!(refusal["data"]["code"], "rate_limited", "{refusal}");
    drop(bo.connect().await);
    test.clock.advance(100);
    drop(eve.connect().await);
    assert_eq!(Live::connect(&test.url, &eve.token).await.unwrap_err()["data"]["code"], "rate_limited");
}
