//! What is said is handled in order, one thing at a time; a client holds up nobody but itself.

use std::sync::atomic::Ordering;

use crate::support::{Test, config};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_client_says_is_handled_in_order_one_thing_at_a_time() {
    let test = Test::start(config()).await;
    let names = ["ada", "bo", "cy"];
    let talks = names.map(async |name| {
        let mut wire = test.connect(name).await;
        for n in 0..200 {
            wire.send(&format!(r#"42["say",{n}]"#)).await;
        }
        wire.ask(r#"["done"]"#).await;
    });
    futures_util::future::join_all(talks).await;
    let log = test.script().log.lock().unwrap().clone();
    for name in names {
        let theirs: Vec<_> =
            log.iter().filter(|line| line.starts_with(&format!("{name} "))).cloned().collect();
        let said = (0..200).flat_map(|n| [format!("{name} begins {n}"), format!("{name} says {n}")]);
        let expected: Vec<_> = std::iter::once(format!("{name} in")).chain(said).collect();
        assert_eq!(theirs[..expected.len()], expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_whose_work_takes_long_holds_up_nobody_else() {
    let test = Test::start(config()).await;
    let mut slow = test.connect("slow").await;
    slow.send(r#"42["wait"]"#).await;
    slow.send(r#"42["say",1]"#).await;
    let mut other = test.connect("other").await;
    other.ask(r#"["say",2]"#).await;
    assert_eq!(test.script().waiting.load(Ordering::SeqCst), 1);
    assert_eq!(test.script().count("slow begins 1"), 0, "one thing at a time");
    test.script().gate.add_permits(1);
    slow.ask(r#"["done"]"#).await;
    assert_eq!(test.script().count("slow says 1"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_in_two_namespaces_leaves_each_once() {
    let test = Test::start(config()).await;
    let mut wire = test.connect("main").await;
    wire.send(r#"40/custom,{"name":"custom"}"#).await;
    assert!(wire.text().await.unwrap().starts_with("40/custom,{"));
    wire.send(r#"40{"name":"twice"}"#).await;
    wire.send(r#"40/nowhere,{"name":"nowhere"}"#).await;
    assert_eq!(wire.text().await.unwrap(), r#"44/nowhere,{"message":"Invalid namespace"}"#);
    wire.send("41/custom,").await;
    wire.ask(r#"["say",1]"#).await;
    let log = ["main in", "custom in", "custom out", "main begins 1", "main says 1"];
    assert_eq!(*test.script().log.lock().unwrap(), log, "whoever is in is not let in twice");
    wire.close().await;
    test.until("it is over", |test| test.server.sessions() == 0).await;
    assert_eq!((test.script().count("main out"), test.script().count("custom out")), (1, 1));
}
