//! Search over tickets and messages.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use faff_store::{Engine, Reader, StoreError, Texts, Tx};
use faff_testkit::{Person, TestApp, on_both_engines};
use serde_json::{Value, json};

/// What was found, as `task 1` and `message 2`.
async fn found(person: &Person, query: &str) -> Vec<String> {
    let hits = person.walk(&format!("/api/search?{query}"), "hits").await;
    let name = |hit: &Value| match &hit["message"] {
        Value::Null => format!("task {}", hit["taskId"]),
        message => format!("message {}", message["id"]),
    };
    hits.iter().map(name).collect()
}

/// A text with what was found in brackets.
fn shown(parts: &Value) -> String {
    let part = |part: &Value| {
        let text = part["text"].as_str().unwrap();
        if part["match"] == true { format!("[{text}]") } else { text.to_owned() }
    };
    parts.as_array().unwrap().iter().map(part).collect()
}

on_both_engines! {
    async fn words_are_found_in_tickets_and_messages_newest_first(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, cy) = (&world.bo, &world.cy);
        let mut expected = Vec::new();
        let fire = bo.files("Printer on fire", json!({"description": "Smoke since **nine**, on floor 2."})).await;
        expected.push(format!("task {}", fire["id"]));
        for n in 0..5 {
            app.clock.advance(1000);
            let message = cy.says(&fire, &format!("Message {n}: the printers still burn")).await;
            expected.push(format!("message {}", message["id"]));
            app.clock.advance(1000);
            let task = bo.files(&format!("Task {n}"), json!({"description": "About a printer"})).await;
            expected.push(format!("task {}", task["id"]));
        }
        bo.files("Unrelated", json!({})).await;
        expected.reverse();
        for limit in [1, 2, 3, 7, 100] {
            assert_eq!(found(bo, &format!("q=PRINT&limit={limit}")).await, expected, "{limit}");
        }
        let kind = |kind: &str| expected.iter().filter(|hit| hit.starts_with(kind)).cloned().collect::<Vec<_>>();
        assert_eq!(found(bo, "q=print&kind=task&limit=2").await, kind("task"));
        assert_eq!(found(bo, "q=print&kind=message&limit=2").await, kind("message"));
        assert_eq!(found(bo, "q=printers%20burn").await, kind("message"), "all the words in one place");
        assert_eq!(found(bo, "q=fire%20smoke").await, [expected[10].clone()]);
        assert_eq!(found(bo, "q=!%3F%22'").await, [""; 0]);
        let hits = bo.get("/api/search?q=nin+floor").await.body["hits"].clone();
        assert_eq!(shown(&hits[0]["snippet"]), "Smoke since **[nine]**, on [floor] 2.");
        assert_eq!((shown(&hits[0]["title"]), &hits[0]["status"]), ("Printer on fire".to_owned(), &json!("open")));
        let hits = bo.get("/api/search?q=fire&kind=task").await.body["hits"].clone();
        assert_eq!(shown(&hits[0]["title"]), "Printer on [fire]");
        let hit = bo.get("/api/search?q=burn&limit=1").await.body["hits"][0].clone();
        assert_eq!((&hit["message"]["sender"]["name"], &hit["taskId"], shown(&hit["title"])),
            (&json!("Cy"), &fire["id"], "Printer on fire".to_owned()));
        let around = bo.get(&format!("/api/tasks/{}/messages?around={}", hit["taskId"], hit["message"]["id"])).await;
        assert!(around.ids("messages").contains(&hit["message"]["id"].as_i64().unwrap()));
    }

    async fn nothing_is_found_that_does_not_exist_for_whoever_asks(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (ada, bo, eve) = (&world.ada, &world.bo, &world.eve);
        let task = bo.files("Salaries", json!({"visibility": "private"})).await;
        let message = bo.says(&task, "Everybody earns salaries").await;
        for (person, count) in [(ada, 2), (bo, 2), (eve, 0)] {
            assert_eq!(found(person, "q=salaries").await.len(), count, "{}", person.name);
        }
        bo.delete(&format!("/api/messages/{}", message["id"])).await;
        assert_eq!(found(bo, "q=salaries").await, [format!("task {}", task["id"])]);
        for (query, field) in [
            ("", "q"), ("q=", "q"), ("q=%20", "q"), ("q=x&kind=people", "kind"), ("q=x&limit=0", "limit"), ("q=a%00b", "q"),
            (&format!("q={}", "x".repeat(201)), "q"),
        ] {
            let answer = bo.get(&format!("/api/search?{query}")).await;
            assert_eq!((answer.status, answer.code()), (400, "validation_failed"), "{query:.20}");
            assert!(answer.fields().iter().any(|given| given.0 == field || field == "q"), "{answer:?}");
        }
        for odd in ["%22%20OR%201", "x'%20--", "NEAR(a%20b)", "a*", ":*", "%5C", "(", "%26%7C!", "%F0%9F%94%A5", "a%20%3C-%3E%20b"] {
            assert_eq!(bo.get(&format!("/api/search?q={odd}")).await.status, 200, "{odd}");
        }
        bo.files("Salaries of all", json!({})).await;
        let cursor = bo.get("/api/search?q=salaries&limit=1").await.body["nextCursor"].as_str().unwrap().to_owned();
        for (person, query) in [(bo, "q=other"), (bo, "q=salaries&kind=task"), (ada, "q=salaries")] {
            let answer = person.get(&format!("/api/search?{query}&cursor={cursor}")).await;
            assert_eq!(answer.refusal(), (400, "invalid_cursor"), "{query}");
        }
    }

    async fn what_is_far_back_is_found_like_what_is_new(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, eve) = (&world.bo, &world.eve);
        let task = bo.files("Paper", json!({})).await;
        let secret = bo.files("Ink", json!({"visibility": "private"})).await;
        let db = app.database.open().await;
        // Many more than are looked through one by one: each with a word of its own and a common one, one in ten private, one
        // in a thousand with a rare word.
        let (open, private) = (&task["id"], &secret["id"]);
        let mut fill = vec![format!(
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < 9000) \
             insert into message (task_id, seq, sender_id, content, content_html, reply_count, created_at, updated_at) \
             select case i % 10 when 0 then {private} else {open} end, 100 + i, {}, \
             'common' || case i % 1000 when 1 then ' rare' else '' end || case i % 10 when 0 then ' hidden' else '' end \
             || ' word' || i, '', 0, 0, 0 from n", bo.id
        )];
        // Every second of the private ones as by a version that does not say so.
        fill.push(format!("update message set private = id % 20 = 0 where task_id = {private}"));
        if engine == Engine::Sqlite {
            fill.push("insert into message_text (rowid, content) select id, words from message_words".to_owned());
        }
        for sql in fill {
            let done = db.write(async move |tx: &mut Tx<'_>| {
                tx.commit_quietly("messages to search in");
                tx.execute(&sql, &[]).await
            });
            done.await.unwrap();
        }
        let said = async |person: &Person, query: &str| {
            let hits = person.walk(&format!("/api/search?{query}"), "hits").await;
            let number = |hit: &Value| {
                let seq = hit["message"]["seq"].as_i64().unwrap();
                (seq > 100).then_some(seq - 100)
            };
            hits.iter().filter_map(number).collect::<Vec<_>>()
        };
        let rare: Vec<i64> = (0..9).rev().map(|n| n * 1000 + 1).collect();
        for limit in [1, 4, 9, 100] {
            assert_eq!(said(bo, &format!("q=rare&limit={limit}")).await, rare, "{limit}");
        }
        assert_eq!(said(eve, "q=word7001").await, [7001]);
        assert_eq!(said(eve, "q=word17&limit=100").await.last(), Some(&17), "it is the beginning of others");
        assert_eq!(said(eve, "q=hidden").await, [0; 0]);
        assert_eq!(said(bo, "q=hidden+word90").await, [9000, 900, 90]);
        let newest: Vec<i64> = (8990..=9000).rev().filter(|n| n % 10 != 0).collect();
        let page = eve.get("/api/search?q=common&limit=9").await;
        let hits = page.body["hits"].as_array().unwrap();
        let seqs: Vec<i64> = hits.iter().map(|hit| hit["message"]["seq"].as_i64().unwrap() - 100).collect();
        assert_eq!(seqs, newest[..9]);
    }

    async fn words_of_ones_own_private_tickets_are_found(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (ada, bo, cy, eve) = (&world.ada, &world.bo, &world.cy, &world.eve);
        let private = async |title: &str, more: Value| {
            let mut given = json!({"visibility": "private"});
            given.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            bo.files(title, given).await
        };
        let own = private("Own", json!({"description": "an undisclosed matter"})).await;
        let assigned = private("Assigned", json!({"assignedToId": cy.id})).await;
        let joined = private("Joined", json!({})).await;
        let participant = format!("/api/tasks/{}/participants/{}", joined["id"], eve.id);
        assert_eq!(bo.put(&participant, &json!({})).await.status, 204);
        let open = bo.files("Open", json!({})).await;
        app.clock.advance(1000);
        let mut said = Vec::new();
        for task in [&own, &assigned, &joined, &open] {
            said.push(format!("message {}", bo.says(task, "Undisclosed, too").await["id"]));
        }
        let all = || said.iter().rev().cloned().chain([format!("task {}", own["id"])]).collect::<Vec<_>>();
        let [in_assigned, in_joined, in_open] = [1, 2, 3].map(|n| &said[n]);
        for (person, expected) in [
            (ada, all()),
            (bo, all()),
            (cy, vec![in_open.clone(), in_assigned.clone()]),
            (eve, vec![in_open.clone(), in_joined.clone()]),
        ] {
            for limit in [1, 2, 100] {
                assert_eq!(found(person, &format!("q=undisclosed&limit={limit}")).await, expected, "{}", person.name);
            }
            let mut tasks: Vec<String> = person.get("/api/tasks?search=undisclosed").await.ids("tasks")
                .iter().map(ToString::to_string).collect();
            tasks.dedup();
            assert_eq!(tasks.len(), if expected.len() == 2 { 2 } else { 4 }, "{}", person.name);
        }
    }

    async fn a_ticket_that_becomes_open_or_private_is_found_by_whom_it_exists_for(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, eve) = (&world.bo, &world.eve);
        let task = bo.files("Redundancies", json!({"visibility": "private"})).await;
        let message = bo.says(&task, "Redundancies come in spring").await;
        let (task, path) = (&task, format!("/api/tasks/{}", task["id"]));
        let db = app.database.open().await;
        // How many the index itself finds among what is open, whatever a scope adds.
        let open = async |expected: (i64, i64)| {
            let counts = db.read(async |reader: &mut Reader<'_>| {
                let engine = reader.engine();
                let words = engine.text_query("redundancies").unwrap();
                let mut counts = Vec::new();
                for (table, open) in [("task", "w.visibility = 'team'"), ("message", "w.private is not true")] {
                    let matches = engine.matches_text(table, "w", 1, Texts::Open(open));
                    let sql = format!("select count(*) from {table} w where {matches}");
                    counts.push(reader.one::<i64>(&sql, &[words.clone().into()]).await?);
                }
                Ok::<_, StoreError>((counts[0], counts[1]))
            });
            assert_eq!(counts.await.unwrap(), expected);
        };
        open((0, 0)).await;
        for round in 0..2 {
            for (visibility, number) in [("team", 1), ("private", 0)] {
                // Every second time as a version does it that knows nothing of it.
                if round == 0 {
                    assert_eq!(bo.put(&path, &json!({"visibility": visibility})).await.status, 200);
                } else {
                    let sql = format!("update task set visibility = '{visibility}' where id = {}", task["id"]);
                    db.write(async move |tx: &mut Tx<'_>| {
                        tx.commit_quietly("a test");
                        tx.execute(&sql, &[]).await
                    }).await.unwrap();
                }
                open((number, number)).await;
                let expected = usize::try_from(number).unwrap() * 2;
                assert_eq!(found(eve, "q=redundancies").await.len(), expected, "{visibility} {round}");
                assert_eq!(found(bo, "q=redundancies").await.len(), 2, "{visibility} {round}");
            }
        }
        // What is edited keeps its mark, what is deleted is found no more.
        let edited = bo.put(&format!("/api/messages/{}", message["id"]), &json!({"content": "No redundancies"})).await;
        assert_eq!(edited.status, 200);
        open((0, 0)).await;
        let changed = bo.put(&path, &json!({"visibility": "team", "title": "Redundancies!"})).await;
        assert_eq!(changed.status, 200);
        open((1, 1)).await;
        assert_eq!(bo.delete(&format!("/api/messages/{}", message["id"])).await.status, 200);
        open((1, 0)).await;
        assert_eq!(found(eve, "q=redundancies").await.len(), 1);
    }
}
