//! A handler that panics.

use crate::support::{Test, config};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_costs_only_the_session_of_its_client_and_is_counted() {
    let test = Test::start(config()).await;
    let panics = || test.server.counters().panics();
    let mut good = test.connect("good").await;

    let mut in_event = test.connect("eve").await;
    in_event.send(r#"42["panic"]"#).await;
    in_event.rest().await;
    test.until("the session of the panic is over", |test| test.script().count("eve out") == 1).await;
    assert_eq!(panics(), 1);

    let mut in_connect = test.open().await;
    in_connect.send(r#"40{"name":"cy","how":"panic"}"#).await;
    assert_eq!(in_connect.rest().await, [""; 0], "it was not let in");
    assert_eq!((panics(), test.script().count("cy in")), (2, 0));

    let mut once_in = test.connect("panic once in").await;
    assert_eq!(once_in.rest().await, [""; 0]);
    test.until("it is out again, which is a panic, too", |_| panics() == 4).await;

    let mut in_disconnect = test.connect("panic at the end").await;
    in_disconnect.close().await;
    test.until("it is counted", |_| panics() == 5).await;
    let mut namespace = test.connect("panic on leaving").await;
    namespace.send("41").await;
    test.until("it is counted", |_| panics() == 6).await;
    namespace.send(r#"40{"name":"again"}"#).await;
    assert!(namespace.text().await.unwrap().starts_with("40{"), "leaving is done, whatever the handler does");
    namespace.close().await;

    test.until("one session is left", |test| test.server.sessions() == 1).await;
    assert_eq!(good.ask(r#"["say",1]"#).await, [""; 0]);
    assert_eq!(panics(), 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_of_somebody_who_is_gone_is_counted_too() {
    let test = Test::start(config()).await;
    let mut gone = test.open().await;
    gone.send(r#"40{"name":"panic late","how":"slowly"}"#).await;
    test.until("it waits at the gate", |test| {
        test.script().waiting.load(std::sync::atomic::Ordering::SeqCst) == 1
    })
    .await;
    test.server.close(std::time::Duration::ZERO).await;
    drop(gone);
    test.until("the session is over", |test| test.server.sessions() == 0).await;
    test.script().gate.add_permits(1);
    test.until("it is let in, and out", |test| test.server.counters().panics() == 1).await;
    assert_eq!((test.script().count("panic late in"), test.script().count("panic late out")), (1, 1));
}
