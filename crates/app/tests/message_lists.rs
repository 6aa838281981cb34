//! Lists of messages: from any place in both directions, and by pages.
#![expect(clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use faff_testkit::{Answer, Dice, Person, TestApp, on_both_engines};
use serde_json::{Value, json};

/// A conversation with answers, edits, tombstones and gaps; returns what a reader sees of it, and what is gone.
async fn converse(bo: &Person, cy: &Person, task: &Value, dice: &mut Dice) -> (Vec<Value>, Vec<Value>) {
    let mut said: Vec<Value> = Vec::new();
    for n in 0..19 {
        let to = if n > 2 && dice.below(2) == 0 { said[dice.below(n)].clone() } else { Value::Null };
        said.push(dice.pick(&[bo, cy]).answers(task, &format!("Message {n}"), &to).await);
    }
    for message in &said {
        let sender = if message["senderId"] == bo.id { bo } else { cy };
        let path = format!("/api/messages/{}", message["id"]);
        match dice.below(4) {
            0 => drop(sender.delete(&path).await),
            1 => drop(sender.put(&path, &json!({"content": "Edited"})).await),
            _ => {}
        }
    }
    let all = bo.get(&format!("/api/tasks/{}/messages?limit=100", task["id"])).await;
    let there = all.body["messages"].as_array().cloned().unwrap_or_default();
    said.retain(|message| there.iter().all(|other| other["id"] != message["id"]));
    (there, said)
}

/// Walks on from an answer by the cursors of one direction; returns the pages in the order they came.
async fn walk(person: &Person, path: &str, first: Answer, way: &str) -> Vec<Vec<Value>> {
    let (mut pages, mut answer) = (Vec::new(), first);
    loop {
        assert_eq!(answer.status, 200, "{answer:?}");
        pages.push(answer.body["messages"].as_array().cloned().unwrap_or_default());
        let Some(cursor) = answer.body[way].as_str() else { return pages };
        assert!(pages.len() < 50, "the cursors lead in circles");
        answer = person.get(&format!("{path}&cursor={cursor}")).await;
    }
}

fn ids(messages: &[Value]) -> Vec<i64> {
    messages.iter().filter_map(|message| message["id"].as_i64()).collect()
}

on_both_engines! {
    async fn cursors_lead_through_a_conversation_both_ways_from_any_place(engine) {
        let app = TestApp::start(engine).await;
        let (bo, cy) = (app.register("Bo").await, app.register("Cy").await);
        let task = bo.files("Printer", json!({})).await;
        let other = bo.files("Other", json!({})).await;
        bo.says(&other, "Elsewhere").await;
        let (there, gone) = converse(&bo, &cy, &task, &mut Dice::new(3)).await;
        let seqs: Vec<Option<i64>> = there.iter().map(|message| message["seq"].as_i64()).collect();
        assert!(seqs.is_sorted() && !gone.is_empty() && there.iter().any(|message| !message["deletedAt"].is_null()));
        for limit in 1..=7 {
            let path = format!("/api/tasks/{}/messages?limit={limit}", task["id"]);
            let forward = walk(&bo, &path, bo.get(&path).await, "nextCursor").await;
            assert_eq!(forward.concat(), there, "forward by {limit}");
            assert!(forward.iter().rev().skip(1).all(|page| page.len() == limit));
            let latest = bo.get(&format!("{path}&before=latest")).await;
            assert_eq!(latest.body["nextCursor"], Value::Null);
            let mut back = walk(&bo, &path, latest, "prevCursor").await;
            back.reverse();
            assert_eq!(back.concat(), there, "back by {limit}");

            // From every place, for pages of one, even and odd sizes.
            for (at, message) in there.iter().enumerate().filter(|_| [1, 2, 5].contains(&limit)) {
                let id = &message["id"];
                let after = bo.get(&format!("{path}&after={id}")).await;
                assert_eq!(after.body["hasMore"], there.len() - at - 1 > limit);
                let earlier = walk(&bo, &path, after.clone(), "prevCursor").await;
                let later = walk(&bo, &path, after, "nextCursor").await;
                assert_eq!(later.concat(), there[at + 1..], "after {at} by {limit}");
                let earlier: Vec<Value> = earlier.into_iter().skip(1).rev().flatten().collect();
                assert_eq!(earlier, there[..=at], "and what was said before");
                let before = bo.get(&format!("{path}&before={id}")).await;
                assert_eq!(before.body["hasMore"], at > limit);
                let later = walk(&bo, &path, before.clone(), "nextCursor").await;
                let mut earlier = walk(&bo, &path, before, "prevCursor").await;
                assert_eq!(later.into_iter().skip(1).flatten().collect::<Vec<_>>(), there[at..], "and what was said then");
                earlier.reverse();
                assert_eq!(earlier.concat(), there[..at], "before {at} by {limit}");

                let around = bo.get(&format!("{path}&around={id}")).await;
                let first = at.saturating_sub(limit / 2);
                let last = there.len().min(at + limit - limit / 2);
                assert_eq!(ids(&there[first..last]), around.ids("messages"), "around {at} by {limit}");
                assert_eq!((around.body["prevCursor"].is_null(), around.body["nextCursor"].is_null()), (first == 0, last == there.len()));
                let mut earlier = walk(&bo, &path, around.clone(), "prevCursor").await;
                earlier.reverse();
                assert_eq!(earlier.concat(), there[..last]);
                assert_eq!(walk(&bo, &path, around, "nextCursor").await.concat(), there[first..]);
            }
        }
        // A place is a place also where nothing stands any more.
        for message in &gone {
            let after = there.iter().filter(|other| other["seq"].as_i64() > message["seq"].as_i64()).cloned().collect::<Vec<_>>();
            let found = bo.get(&format!("/api/messages/task/{}?limit=100&after={}", task["id"], message["id"])).await;
            assert_eq!(found.body["messages"], json!(after));
        }
    }

    async fn both_doors_show_the_same_pages_and_refuse_the_same(engine) {
        let app = TestApp::start(engine).await;
        let (bo, cy) = (app.register("Bo").await, app.register("Cy").await);
        let task = bo.files("Printer", json!({})).await;
        let other = bo.files("Other", json!({})).await;
        let elsewhere = bo.says(&other, "Elsewhere").await;
        let doors = [format!("/api/tasks/{}/messages", task["id"]), format!("/api/messages/task/{}", task["id"])];
        for door in &doors {
            let empty = cy.get(door).await;
            assert_eq!(empty.body, json!({"messages": [], "nextCursor": null, "prevCursor": null, "hasMore": false}));
            let page = cy.get(&format!("{door}?page=1")).await;
            assert_eq!((&page.body["totalCount"], &page.body["totalPages"]), (&json!(0), &json!(0)));
            assert_eq!(cy.get(&format!("{door}?before=latest")).await.ids("messages"), [0_i64; 0]);
        }
        let (there, _) = converse(&bo, &cy, &task, &mut Dice::new(4)).await;
        for door in &doors {
            assert_eq!(cy.get(door).await.body["messages"], json!(there));
            for limit in [1, 4, 7] {
                let (pages, mut paged) = (there.len().div_ceil(limit), Vec::new());
                for page in 1..=pages + 1 {
                    let answer = cy.get(&format!("{door}?limit={limit}&page={page}")).await;
                    for (field, value) in [
                        ("totalCount", json!(there.len())), ("totalPages", json!(pages)), ("currentPage", json!(page)),
                        ("hasMore", json!(page < pages)),
                    ] {
                        assert_eq!(answer.body[field], value, "{field} of page {page}");
                    }
                    assert_eq!(answer.body["prevCursor"].is_null(), page == 1);
                    if page > pages {
                        let path = format!("{door}?limit={limit}");
                        let mut back = walk(&cy, &path, answer.clone(), "prevCursor").await;
                        back.reverse();
                        assert_eq!(back.concat(), there);
                    }
                    paged.extend(answer.body["messages"].as_array().cloned().unwrap_or_default());
                }
                assert_eq!(paged, there);
            }
            let cursor = cy.get(&format!("{door}?limit=1")).await.body["nextCursor"].clone();
            let cursor = cursor.as_str().unwrap_or_default();
            for (query, field) in [
                ("limit=0", ("limit", "range")), ("limit=101", ("limit", "range")), ("before=x", ("before", "format")),
                ("before=0", ("before", "format")), ("after=-1", ("after", "format")), ("after=x", ("after", "type")),
                ("around=0", ("around", "format")), ("before=latest&after=1", ("cursor", "choice")),
                ("around=1&page=1", ("cursor", "choice")), ("page=0", ("page", "range")), ("page=1&cursor=x", ("page", "choice")),
            ] {
                let answer = cy.get(&format!("{door}?{query}")).await;
                assert_eq!(answer.refusal(), (400, "validation_failed"), "{query}");
                assert_eq!(answer.fields(), [field], "{query}");
            }
            for way in ["before", "after", "around"] {
                for id in [&json!(999), &elsewhere["id"]] {
                    assert_eq!(cy.get(&format!("{door}?{way}={id}")).await.refusal(), (404, "not_found"), "{way} {id}");
                }
            }
            assert_eq!(cy.get(&format!("{door}?cursor=x{cursor}")).await.refusal(), (400, "invalid_cursor"));
            let of_other = format!("/api/tasks/{}/messages?cursor={cursor}", other["id"]);
            assert_eq!(cy.get(&of_other).await.refusal(), (400, "invalid_cursor"));
        }
        for nowhere in ["/api/tasks/999/messages", "/api/messages/task/999", "/api/tasks/999/messages?around=1", "/api/tasks/999/messages?page=1"] {
            assert_eq!(cy.get(nowhere).await.refusal(), (404, "not_found"), "{nowhere}");
        }
    }

    async fn messages_that_are_posted_meanwhile_disturb_no_walk(engine) {
        let app = TestApp::start(engine).await;
        let (bo, cy) = (app.register("Bo").await, app.register("Cy").await);
        let task = bo.files("Printer", json!({})).await;
        let mut said = Vec::new();
        for n in 0..11 {
            said.push(bo.says(&task, &format!("Message {n}")).await);
        }
        let path = format!("/api/tasks/{}/messages?limit=3", task["id"]);
        let (mut back, mut answer) = (Vec::new(), bo.get(&format!("{path}&before=latest")).await);
        loop {
            back.push(answer.ids("messages"));
            let Some(cursor) = answer.body["prevCursor"].as_str() else { break };
            cy.says(&task, "Meanwhile").await;
            answer = bo.get(&format!("{path}&cursor={cursor}")).await;
        }
        back.reverse();
        assert_eq!(back.concat(), ids(&said));
        let forward = bo.walk(&path, "messages").await;
        assert_eq!(ids(&forward)[..11], ids(&said));
        assert_eq!(forward.len(), 14);
        // Who waits at the end learns what comes next.
        let end = bo.get(&format!("{path}&after={}", forward[13]["id"])).await;
        assert_eq!((end.ids("messages").len(), &end.body["hasMore"]), (0, &json!(false)));
        let next = cy.says(&task, "Next").await;
        assert_eq!(bo.get(&format!("{path}&after={}", forward[13]["id"])).await.body["messages"], json!([next]));
    }
}
