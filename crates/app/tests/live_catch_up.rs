//! Coming back: whoever remembers the last event gets exactly the rest, in order, whatever happens meanwhile.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use faff_app::access::Caller;
use faff_app::features::files::NewFiles;
use faff_app::features::messages::{self, NewMessage};
use faff_store::Tx;
use faff_testkit::{Live, Person, TestApp, on_both_engines};
use faff_types::TaskId;
use reqwest::Method;
use serde_json::{Value, json};

/// The number of an event that came live; `None` when it is for lists, or fleeting.
fn number(name: &str, data: &Value) -> Option<i64> {
    match name {
        "message_updated" => data["eventSeq"].as_i64(),
        "new_message" | "message_deleted" | "refresh_task" => data["seq"].as_i64(),
        _ => None,
    }
}

fn numbers(events: &[(String, Value)]) -> Vec<i64> {
    events.iter().filter_map(|(name, data)| number(name, data)).collect()
}

async fn join(live: &mut Live, task: &Value, after: i64) -> Value {
    let joined = live.ask("join_task", &json!({"taskId": task["id"], "afterSeq": after})).await;
    assert_eq!((&joined["ok"], &joined["taskId"]), (&json!(true), &task["id"]), "{joined}");
    joined
}

fn missed(joined: &Value) -> Vec<i64> {
    joined["events"].as_array().unwrap().iter().map(|event| event["seq"].as_i64().unwrap()).collect()
}

/// Everything behind `after`, page by page.
async fn pages(live: &mut Live, task: &Value, after: i64) -> (Vec<i64>, usize) {
    let (mut all, mut count) = (Vec::new(), 0);
    loop {
        let joined = join(live, task, all.last().copied().unwrap_or(after)).await;
        assert_eq!(joined["resync"], false);
        count += 1;
        all.extend(missed(&joined));
        if joined["hasMore"] == false {
            return (all, count);
        }
        assert!(missed(&joined).len() >= 200, "a page that is not the last is full");
    }
}

/// Says a lot in few transactions.
async fn chatter(app: &TestApp, person: &Person, task: &Value, count: usize) {
    let caller = Caller::from_token(&app.app, &person.token).await.unwrap();
    let task: TaskId = serde_json::from_value(task["id"].clone()).unwrap();
    let mut left = count;
    while left > 0 {
        let some = left.min(1000);
        let (who, now) = (caller.who(), caller.now());
        let message =
            NewMessage::check(&app.app, Some("blah"), None, None, NewFiles::default()).await.unwrap();
        let posted = caller.write(async move |tx: &mut Tx<'_>| {
            for _ in 0..some {
                messages::post(tx, &who, task, &message, now).await?;
            }
            Ok(())
        });
        posted.await.unwrap();
        left -= some;
    }
}

async fn seq(person: &Person, task: &Value) -> i64 {
    person.get(&format!("/api/tasks/{}", task["id"])).await.body["task"]["seq"].as_i64().unwrap()
}

on_both_engines! {
    async fn who_comes_back_gets_exactly_what_was_missed(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, cy) = (&world.bo, &world.cy);
        let task = bo.files("Printer", json!({})).await;
        let path = format!("/api/tasks/{}", task["id"]);
        let first = bo.says(&task, "It burns").await;
        let second = cy.answers(&task, "Where?", &first).await;
        bo.put(&format!("/api/messages/{}", first["id"]), &json!({"content": "It *burnt*"})).await;
        let third = bo.says(&task, "Never mind").await;
        bo.delete(&format!("/api/messages/{}", third["id"])).await;
        bo.put(&path, &json!({"status": "resolved"})).await;
        bo.send(bo.request(Method::PUT, &format!("{path}/participants/{}", cy.id))).await;
        cy.delete(&format!("/api/messages/{}", second["id"])).await;
        let fourth = cy.says(&task, "Good").await;

        let mut live = cy.connect().await;
        let joined = join(&mut live, &task, 0).await;
        assert_eq!((&joined["seq"], &joined["hasMore"], &joined["resync"]), (&json!(10), &json!(false), &json!(false)));
        let events = joined["events"].as_array().unwrap();
        assert_eq!(missed(&joined), (1..=10).collect::<Vec<_>>());
        assert!(events.iter().all(|event| event["taskId"] == task["id"]));
        let names: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
        assert_eq!(names, [
            "task_created", "new_message", "new_message", "message_updated", "new_message", "message_deleted",
            "task_changed", "task_changed", "message_deleted", "new_message",
        ]);
        let now = cy.get(&path).await.body["task"].clone();
        let listed = cy.get(&format!("{path}/messages")).await.body["messages"].clone();
        for n in [0, 6, 7] {
            assert_eq!(events[n]["data"], now, "of the ticket, what it is now");
        }
        let mut edited = listed[0].clone();
        assert_eq!((&edited["content"], &events[1]["data"]), (&json!("It *burnt*"), &edited));
        edited["eventSeq"] = json!(4);
        assert_eq!(events[3]["data"], edited);
        assert_eq!(events[9]["data"], fourth);
        for (n, gone) in [(2, &second), (4, &third)] {
            assert_eq!((&events[n]["data"]["id"], &events[n]["data"]["content"]), (&gone["id"], &json!("")), "no deleted words");
        }
        assert_eq!(events[5]["data"], json!({"taskId": task["id"], "id": third["id"], "seq": 6}));

        for after in 1..=10 {
            let joined = join(&mut live, &task, after).await;
            assert_eq!(missed(&joined), (after + 1..=10).collect::<Vec<_>>());
            assert_eq!(joined["seq"], 10);
        }
        let plain = live.ask("join_task", &task["id"]).await;
        assert_eq!((&plain["ok"], &plain["seq"], &plain["events"]), (&json!(true), &json!(10), &json!([])));
        assert_eq!(numbers(&live.rest().await), [0_i64; 0], "what was read is not sent again");
        bo.says(&task, "And now?").await;
        assert_eq!(live.next("new_message").await["seq"], 11);
        for after in [json!(-1), json!(i64::MIN), json!(0.5), json!("1"), json!([1]), json!({})] {
            let refused = live.ask("join_task", &json!({"taskId": task["id"], "afterSeq": after})).await;
            assert_eq!((&refused["ok"], &refused["error"]["code"]), (&json!(false), &json!("validation_failed")), "{after}");
        }
    }

    async fn pages_lead_to_the_end_and_who_is_too_far_away_reads_anew(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let task = bo.files("Printer", json!({})).await;
        let mut live = bo.watch(&task).await;
        chatter(&app, &bo, &task, 450).await;
        while live.next("new_message").await["seq"] != 451 {}
        let (all, count) = pages(&mut live, &task, 0).await;
        assert_eq!((all, count), ((1..=451).collect::<Vec<_>>(), 3));
        let (all, count) = pages(&mut live, &task, 251).await;
        assert_eq!((all, count), ((252..=451).collect::<Vec<_>>(), 1), "a page that is just full is the last");

        for ahead in [452, 10_000, i64::MAX] {
            let joined = join(&mut live, &task, ahead).await;
            assert_eq!((&joined["resync"], &joined["events"], &joined["seq"]), (&json!(true), &json!([]), &json!(451)));
        }
        drop(live);
        chatter(&app, &bo, &task, 4600).await;
        assert_eq!(seq(&bo, &task).await, 5051);
        let mut live = bo.connect().await;
        for (after, resync) in [(0, true), (50, true), (51, false)] {
            let joined = join(&mut live, &task, after).await;
            assert_eq!((&joined["resync"], &joined["hasMore"]), (&json!(resync), &json!(!resync)), "{after}");
            assert_eq!((joined["events"] == json!([]), &joined["seq"]), (resync, &json!(5051)));
        }
        // Who reads anew is in the room all the same.
        join(&mut live, &task, 0).await;
        bo.says(&task, "Quiet, please").await;
        assert_eq!(live.next("new_message").await["seq"], 5052);
    }

    async fn what_happens_while_many_join_reaches_each_of_them_once_and_in_order(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let people = [&world.ada, &world.bo, &world.cy, &world.eve];
        let task = world.bo.files("Printer", json!({})).await;
        let last = 181;
        let mut watcher = world.cy.watch(&task).await;
        let mut joiners = tokio::task::JoinSet::new();
        for n in 0..50 {
            let (mut live, task) = (people[n % 4].connect().await, task.clone());
            joiners.spawn(async move {
                tokio::time::sleep(std::time::Duration::from_millis(n as u64 * 8)).await;
                let joined = join(&mut live, &task, 0).await;
                assert_eq!(joined["hasMore"], false);
                let (mut seen, mut live_too) = (missed(&joined), false);
                while seen.last() != Some(&last) {
                    seen.extend([number("new_message", &live.next("new_message").await).unwrap()]);
                    live_too = true;
                }
                (seen, live_too, live.names().await)
            });
        }
        let mut posters = tokio::task::JoinSet::new();
        for person in people {
            let (person, task) = (person.clone(), task.clone());
            posters.spawn(async move {
                for n in 0..45 {
                    person.says(&task, &format!("{n}")).await;
                }
            });
        }
        posters.join_all().await;
        let all: Vec<i64> = (1..=last).collect();
        for (seen, _, more) in joiners.join_all().await {
            assert_eq!((seen, more), (all.clone(), Vec::new()));
        }
        let heard = numbers(&watcher.rest().await);
        assert_eq!(heard, all[1..], "who was there before loses nothing to those who come");
    }

    async fn a_newcomer_takes_nothing_from_those_who_are_there(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let task = world.bo.files("Printer", json!({})).await;
        // This node learns of the other's messages only when it looks, so there is time to come between.
        let node = app.another_node().await;
        let cy = node.log_in(&world.cy.email).await;
        let mut there = cy.watch(&task).await;
        for n in 0..5 {
            let said = world.bo.says(&task, &format!("{n}")).await;
            let mut newcomer = cy.connect().await;
            join(&mut newcomer, &task, 0).await;
            assert_eq!(there.next("new_message").await, said);
        }
    }

    async fn joining_again_loses_nothing(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let task = world.bo.files("Printer", json!({})).await;
        let node = app.another_node().await;
        let cy = node.log_in(&world.cy.email).await;
        let mut live = cy.watch(&task).await;
        for n in 0..5 {
            let said = world.bo.says(&task, &format!("{n}")).await;
            assert_eq!(live.ask("join_task", &task["id"]).await["ok"], true);
            assert_eq!(live.next("new_message").await, said);
        }
    }
}
