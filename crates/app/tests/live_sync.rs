//! Catching up with everything at once: what one may see, from a position on, and nothing else.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use faff_testkit::{Live, Person, TestApp, on_both_engines};
use reqwest::Method;
use serde_json::{Value, json};

async fn sync(live: &mut Live, after: &Value) -> Value {
    let answer = live.ask("sync", &json!({"after": after})).await;
    assert_eq!(answer["ok"], true, "{answer}");
    answer
}

/// Everything behind a position that has been told, as (ticket, number, name), and how many pages that took. What is
/// not settled yet comes a moment later.
async fn all(live: &mut Live, after: &Value, last: &Value) -> (Vec<Value>, usize) {
    let (mut events, mut pages, mut after) = (Vec::new(), 0, after.clone());
    loop {
        let page = sync(live, &after).await;
        assert_eq!(page["resync"], false);
        pages += usize::from(page["position"] != after);
        assert!(page["hasMore"] == false || page["position"] != after, "it goes on");
        after = page["position"].clone();
        events.extend(page["events"].as_array().unwrap().iter().cloned());
        if events.last().is_some_and(|event| event["taskId"] == last["id"]) && page["hasMore"] == false {
            return (events, pages);
        }
        assert!(pages < 100, "the last is among them");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

fn of(events: &[Value], task: &Value) -> Vec<(i64, String)> {
    let of_task = events.iter().filter(|event| event["taskId"] == task["id"]);
    of_task
        .map(|event| (event["seq"].as_i64().unwrap(), event["event"].as_str().unwrap().to_owned()))
        .collect()
}

async fn participant(person: &Person, method: Method, task: &Value, whom: &Person) {
    let path = format!("/api/tasks/{}/participants/{}", task["id"], whom.id);
    assert_eq!(person.send(person.request(method, &path)).await.status, 204);
}

on_both_engines! {
    async fn whoever_was_away_is_told_what_they_may_see_of_all_tickets_and_nothing_else(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (ada, bo, cy, eve) = (&world.ada, &world.bo, &world.cy, &world.eve);
        let before = bo.files("Long ago", json!({})).await;
        // The position is where the log is settled: it may take a moment until it has passed what was just done.
        let mut live = cy.connect().await;
        let start = sync(&mut live, &Value::Null).await;
        assert_eq!((&start["events"], &start["hasMore"], &start["resync"]), (&json!([]), &json!(false), &json!(false)));
        let start = &start["position"];

        let team = bo.files("Printer", json!({})).await;
        let private = bo.files("Salaries", json!({"visibility": "private", "assignedToId": cy.id})).await;
        let doomed = bo.files("Doomed", json!({"visibility": "private", "assignedToId": cy.id})).await;
        let open_end = bo.files("Open end", json!({})).await;
        let lost = bo.files("Lost", json!({"visibility": "private"})).await;
        participant(bo, Method::PUT, &lost, eve).await;
        let said = bo.says(&team, "It burns").await;
        bo.says(&private, "Everybody earns too little").await;
        bo.says(&doomed, "Nobody will know").await;
        bo.put(&format!("/api/messages/{}", said["id"]), &json!({"content": "It burnt"})).await;
        bo.put(&format!("/api/tasks/{}", team["id"]), &json!({"status": "closed"})).await;
        bo.delete(&format!("/api/messages/{}", said["id"])).await;
        participant(bo, Method::DELETE, &lost, eve).await;
        for task in [&doomed, &open_end] {
            assert_eq!(ada.delete(&format!("/api/tasks/{}", task["id"])).await.status, 204);
        }
        let last = bo.files("Last", json!({})).await;

        let told = |names: &[&str]| -> Vec<(i64, String)> { (1..).zip(names.iter().map(|name| (*name).to_owned())).collect() };
        let whole_team = told(&["task_created", "new_message", "message_updated", "task_changed", "message_deleted"]);
        for (person, insider) in [(cy, true), (ada, true), (bo, true), (eve, false)] {
            let mut live = person.connect().await;
            let (events, _) = all(&mut live, start, &last).await;
            let mut expected = vec![(&team, whole_team.clone()), (&last, told(&["task_created"]))];
            expected.push((&private, if insider { told(&["task_created", "new_message"]) } else { Vec::new() }));
            expected.push((&doomed, if insider { vec![(3, "task_deleted".to_owned())] } else { Vec::new() }));
            expected.push((&open_end, vec![(2, "task_deleted".to_owned())]));
            let sees_lost = person.id == bo.id || person.id == ada.id;
            expected.push((&lost, if sees_lost { told(&["task_created", "task_changed", "task_changed"]) } else { Vec::new() }));
            let known: usize = expected.iter().map(|(_, events)| events.len()).sum();
            for (task, expected) in expected {
                assert_eq!(of(&events, task), expected, "{} {}", person.name, task["title"]);
            }
            let others = events.iter().filter(|event| event["taskId"] == before["id"]).count();
            assert_eq!(events.len(), known + others, "{}: {events:?}", person.name);
            let shown = |event: &str| events.iter().find(|told| told["taskId"] == team["id"] && told["event"] == event).unwrap();
            assert_eq!(shown("task_changed")["data"], person.get(&format!("/api/tasks/{}", team["id"])).await.body["task"]);
            let texts: Vec<&Value> = events.iter().map(|told| &told["data"]["content"]).collect();
            assert!(!texts.contains(&&json!("It burns")) && !texts.contains(&&json!("It burnt")), "what was deleted is not told");
            assert_eq!(texts.contains(&&json!("Everybody earns too little")), insider);
        }
    }

    async fn pages_of_everything_lead_to_the_end_each_event_once(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let mut live = world.cy.connect().await;
        let start = sync(&mut live, &Value::Null).await["position"].clone();
        let private = world.bo.files("Salaries", json!({"visibility": "private"})).await;
        let tasks = [world.bo.files("One", json!({})).await, world.bo.files("Two", json!({})).await, private.clone()];
        let mut talk = tokio::task::JoinSet::new();
        for task in tasks.clone().into_iter().chain(tasks.clone()) {
            let person = world.bo.clone();
            talk.spawn(async move {
                for n in 0..80 {
                    person.says(&task, &format!("{n}")).await;
                }
            });
        }
        talk.join_all().await;
        let last = world.bo.files("Last", json!({})).await;
        let (events, pages) = all(&mut live, &start, &last).await;
        assert!(pages >= 3, "{pages}");
        for task in &tasks[..2] {
            let numbers: Vec<i64> = of(&events, task).into_iter().map(|(seq, _)| seq).collect();
            assert_eq!(numbers, (1..=161).collect::<Vec<_>>());
        }
        assert_eq!(of(&events, &private), []);
    }

    async fn positions_that_no_answer_gave_are_refused(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let mut live = bo.connect().await;
        let good = sync(&mut live, &Value::Null).await["position"].clone();
        for bad in [
            json!(""), json!("-"), json!("1"), json!("1-"), json!("-1"), json!("-1-1"), json!("1--1"), json!("1-1-1"), json!("a-b"),
            json!("1-x"), json!(" 1-1"), json!("1-1 "), json!("1.5-1"), json!("0x1-1"), json!("99999999999999999999-1"), json!("1-9223372036854775808"),
            json!("1-1' or '1'='1"), json!("x".repeat(10_000)), json!(1), json!([]), json!({}), json!(true),
        ] {
            let answer = live.ask("sync", &json!({"after": bad})).await;
            assert_eq!((&answer["ok"], &answer["error"]["code"]), (&json!(false), &json!("validation_failed")), "{bad}");
        }
        for argument in [Value::Null, json!({}), json!({"after": null}), json!({"after": good})] {
            assert_eq!(live.ask("sync", &argument).await["ok"], true, "{argument}");
        }
        let ahead = sync(&mut live, &json!("9223372036854775807-9223372036854775807")).await;
        assert_eq!(ahead["events"], json!([]));
    }
}
