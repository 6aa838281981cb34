//! What people are told of because it concerns them: mentions, answers, tickets to work on.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use faff_testkit::{Person, TestApp, on_both_engines};
use reqwest::Method;
use serde_json::{Value, json};

async fn inbox(person: &Person, query: &str) -> Vec<Value> {
    let answer = person.get(&format!("/api/inbox?{query}")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["entries"].as_array().unwrap().clone()
}

/// Kind, ticket and message of each entry, newest first.
async fn told(person: &Person) -> Vec<(String, i64, Option<i64>)> {
    let entries = inbox(person, "limit=100").await;
    let entry = |entry: &Value| {
        (
            entry["kind"].as_str().unwrap().to_owned(),
            entry["taskId"].as_i64().unwrap(),
            entry["messageId"].as_i64(),
        )
    };
    entries.iter().map(entry).collect()
}

async fn unread(person: &Person) -> i64 {
    person.get("/api/inbox?limit=1").await.body["unreadCount"].as_i64().unwrap()
}

fn mention(person: &Person) -> String {
    format!("@[{}](user:{})", person.name, person.id)
}

fn entry(kind: &str, task: &Value, message: &Value) -> (String, i64, Option<i64>) {
    (kind.to_owned(), task["id"].as_i64().unwrap(), message["id"].as_i64())
}

const NONE: [(String, i64, Option<i64>); 0] = [];

on_both_engines! {
    async fn people_are_told_once_of_what_concerns_them_and_nobody_of_their_own_doing(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (ada, bo, cy, eve) = (&world.ada, &world.bo, &world.cy, &world.eve);
        let task = bo.files("Printer", json!({"assignedToId": cy.id, "description": format!("Ask {}", mention(eve))})).await;
        assert_eq!(told(cy).await, [entry("assigned", &task, &Value::Null)]);
        assert_eq!(told(eve).await, [entry("mentioned", &task, &Value::Null)]);
        let first = bo.says(&task, &format!("{0} and {0}, what now? {1}", mention(cy), mention(bo))).await;
        assert!(first["contentHtml"].as_str().unwrap().contains(&format!("<span class=\"mention\" data-user-id=\"{}\">@Cy</span>", cy.id)));
        let answer = cy.answers(&task, &format!("Nothing, {}", mention(bo)), &first).await;
        cy.answers(&task, "I said", &answer).await;
        assert_eq!(told(cy).await, [entry("mentioned", &task, &first), entry("assigned", &task, &Value::Null)]);
        assert_eq!(told(bo).await, [entry("mentioned", &task, &answer)], "a mention in an answer is one entry");
        let plain = eve.answers(&task, "Indeed", &first).await;
        assert_eq!(told(bo).await[0], entry("replied", &task, &plain));
        let entries = inbox(bo, "").await;
        assert_eq!((&entries[0]["excerpt"], &entries[0]["task"]["title"], &entries[0]["actor"]["name"]),
            (&json!("Indeed"), &json!("Printer"), &json!("Eve")));
        assert_eq!(entries[1]["excerpt"], "Nothing, @Bo");

        // An edit tells only those who were not named before.
        let path = format!("/api/messages/{}", first["id"]);
        for _ in 0..2 {
            let edited = json!({"content": format!("{} {}", mention(cy), mention(ada))});
            bo.put(&path, &edited).await;
        }
        bo.put(&path, &json!({"content": format!("{} anew", mention(cy))})).await;
        assert_eq!(told(ada).await, [entry("mentioned", &task, &first)]);
        assert_eq!(told(cy).await.len(), 2);
        // So does a description, and a ticket is given to somebody as often as it is.
        let path = format!("/api/tasks/{}", task["id"]);
        for description in [format!("{} {}", mention(eve), mention(ada)), format!("{} {}!", mention(ada), mention(eve))] {
            bo.put(&path, &json!({"description": description})).await;
        }
        assert_eq!((told(ada).await.len(), told(eve).await.len()), (2, 1));
        bo.put(&path, &json!({"assignedToId": eve.id})).await;
        bo.put(&path, &json!({"assignedToId": eve.id})).await;
        bo.put(&path, &json!({"assignedToId": bo.id})).await;
        bo.put(&path, &json!({"assignedToId": null})).await;
        assert_eq!((told(eve).await.len(), told(bo).await.len(), told(cy).await.len()), (2, 2, 2));
        // The same message sent again tells nothing anew.
        let body = json!({"content": mention(ada), "clientId": "once"});
        for _ in 0..2 {
            bo.post(&format!("{path}/messages"), &body).await;
        }
        assert_eq!(told(ada).await.len(), 3);
        assert_eq!(unread(ada).await, 3);
    }

    async fn a_mention_reaches_only_who_may_see_the_ticket_and_only_as_long_as_they_may(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (ada, bo, cy, eve) = (&world.ada, &world.bo, &world.cy, &world.eve);
        let former = app.register("Fay").await;
        ada.put(&format!("/api/users/{}", former.id), &json!({"active": false})).await;
        let task = bo.files("Salaries", json!({"visibility": "private"})).await;
        let participant = |person: &Person| format!("/api/tasks/{}/participants/{}", task["id"], person.id);
        bo.send(bo.request(Method::PUT, &participant(cy))).await;
        let everybody = [ada, bo, cy, eve, &former].map(mention).join(" ");
        let message = bo.says(&task, &format!("{everybody} @[Nobody](user:999)")).await;
        for (person, there) in [(ada, true), (bo, false), (cy, true), (eve, false)] {
            assert_eq!(told(person).await, if there { vec![entry("mentioned", &task, &message)] } else { vec![] }, "{}", person.name);
        }
        let id = inbox(cy, "").await[0]["id"].clone();
        let path = format!("/api/inbox/{id}");
        // It comes and goes with the right to see the ticket, in lists and counts.
        bo.delete(&participant(cy)).await;
        assert_eq!((told(cy).await, unread(cy).await), (NONE.to_vec(), 0));
        assert_eq!(cy.put(&path, &json!({"done": true})).await.refusal(), (404, "not_found"));
        bo.send(bo.request(Method::PUT, &participant(cy))).await;
        assert_eq!((told(cy).await.len(), unread(cy).await), (1, 1));
        // Nobody sees or changes what is another's.
        for person in [ada, bo, eve] {
            assert_eq!(person.put(&path, &json!({"done": true})).await.refusal(), (404, "not_found"), "{}", person.name);
        }
        // What is taken back is not told any more.
        bo.delete(&format!("/api/messages/{}", message["id"])).await;
        assert_eq!((told(cy).await, unread(ada).await), (NONE.to_vec(), 0));
        cy.says(&task, &mention(bo)).await;
        assert_eq!(told(bo).await.len(), 1);
        ada.delete(&format!("/api/tasks/{}", task["id"])).await;
        assert_eq!((told(bo).await, unread(bo).await), (NONE.to_vec(), 0));
    }

    async fn entries_are_read_done_and_paged(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, cy) = (&world.bo, &world.cy);
        let task = bo.files("Printer", json!({})).await;
        let mut messages = Vec::new();
        for n in 0..7 {
            messages.push(bo.says(&task, &format!("{n} {}", mention(cy))).await);
        }
        let walked = cy.walk("/api/inbox?limit=2", "entries").await;
        let ids: Vec<i64> = walked.iter().map(|entry| entry["id"].as_i64().unwrap()).collect();
        assert!(ids.len() == 7 && ids.is_sorted_by(|a, b| a > b), "{ids:?}");
        assert_eq!(walked[0]["excerpt"], "6 @Cy");
        let put = async |at: usize, body: Value| cy.put(&format!("/api/inbox/{}", ids[at]), &body).await;
        let done = put(0, json!({"done": true})).await;
        assert!(done.body["entry"]["readAt"].is_string() && done.body["entry"]["doneAt"].is_string(), "{done:?}");
        let read = put(1, json!({"read": true})).await;
        assert!(read.body["entry"]["readAt"].is_string() && read.body["entry"]["doneAt"].is_null());
        let counts = async || {
            [inbox(cy, "limit=100").await.len(), inbox(cy, "unread=true").await.len(), inbox(cy, "done=true").await.len()]
        };
        assert_eq!((counts().await, unread(cy).await), ([6, 5, 7], 5));
        assert!(put(0, json!({"done": false, "read": false})).await.body["entry"]["readAt"].is_null());
        assert_eq!((counts().await, unread(cy).await), ([7, 6, 7], 6));
        // Whoever has read the ticket that far has read what it told.
        let place = format!("/api/tasks/{}/read", task["id"]);
        cy.put(&place, &json!({"seq": messages[2]["seq"]})).await;
        assert_eq!((counts().await, unread(cy).await), ([7, 3, 7], 3));
        // What came after the page was seen stays unread.
        let left = cy.post("/api/inbox/read-all", &json!({"upToId": ids[1]})).await;
        assert_eq!((left.status, &left.body["unreadCount"]), (200, &json!(1)));
        assert_eq!(cy.post("/api/inbox/read-all", &json!({})).await.body["unreadCount"], 0);
        for (id, body, field) in [
            (0, json!({"read": "yes"}), "read"), (0, json!({"seen": true}), "seen"), (0, json!({"done": true, "read": false}), "read"),
        ] {
            let answer = put(id, body.clone()).await;
            assert_eq!((answer.status, answer.fields()[0].0), (400, field), "{body}");
        }
        assert_eq!(cy.put("/api/inbox/999", &json!({})).await.refusal(), (404, "not_found"));
        assert_eq!(cy.get("/api/inbox?unread=maybe").await.status, 400);
        assert_eq!(cy.get("/api/inbox?cursor=x").await.refusal(), (400, "invalid_cursor"));
        let cursor = cy.get("/api/inbox?limit=2").await.body["nextCursor"].as_str().unwrap().to_owned();
        assert_eq!(bo.get(&format!("/api/inbox?cursor={cursor}")).await.refusal(), (400, "invalid_cursor"));
        assert_eq!(cy.get(&format!("/api/inbox?unread=true&cursor={cursor}")).await.refusal(), (400, "invalid_cursor"));
    }

    async fn the_sockets_of_whom_it_concerns_hear_that_there_is_something(engine) {
        let app = TestApp::start(engine).await;
        let node = app.another_node().await;
        let world = app.world().await;
        let (bo, cy, eve) = (&world.bo, &world.cy, &world.eve);
        let task = bo.files("Printer", json!({})).await;
        let (mut here, mut stranger) = (cy.connect().await, eve.connect().await);
        let mut there = node.log_in(&cy.email).await.connect().await;
        stranger.rest().await;
        let message = bo.says(&task, &mention(cy)).await;
        assert_eq!(here.next_own("inbox_changed").await, json!({}));
        // Two nodes of SQLite in one process have no bus.
        let has_bus = engine == faff_testkit::Engine::Postgres;
        if has_bus {
            there.next_own("inbox_changed").await;
        }
        bo.delete(&format!("/api/messages/{}", message["id"])).await;
        here.next_own("inbox_changed").await;
        bo.put(&format!("/api/tasks/{}", task["id"]), &json!({"assignedToId": cy.id})).await;
        here.next_own("inbox_changed").await;
        cy.post("/api/inbox/read-all", &json!({})).await;
        here.next_own("inbox_changed").await;
        assert!(!stranger.own_names().await.contains(&"inbox_changed".to_owned()));
        let live = bo.connect().await;
        let mut live = live;
        let sent = json!({"taskId": task["id"], "content": format!("By socket {}", mention(cy))});
        assert_eq!(live.ask("send_message", &sent).await["ok"], true);
        here.next_own("inbox_changed").await;
        assert_eq!(unread(cy).await, 1);
    }

    async fn names_that_are_markup_stay_text(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, eve) = (&world.bo, &world.eve);
        let name = "<img src=x onerror=alert(1)>\"](user:1) @[";
        assert_eq!(eve.put("/api/auth/profile", &json!({"name": name})).await.status, 200);
        let task = bo.files("Printer", json!({})).await;
        let message = bo.says(&task, &format!("Hi @[whoever](user:{})", eve.id)).await;
        let html = message["contentHtml"].as_str().unwrap();
        assert!(html.contains("&lt;img src=x onerror=alert(1)&gt;") && !html.contains("<img"), "{html}");
        assert_eq!(told(eve).await, [entry("mentioned", &task, &message)]);
        // A name in a mention says nothing: the id does.
        let spoof = bo.says(&task, &format!("@[Ada](user:{})", eve.id)).await;
        assert!(!spoof["contentHtml"].as_str().unwrap().contains("Ada"), "{spoof}");
        for odd in ["@[](user:3)", "@[x](user:3", "@[[x]](user:3)", "@[x](user:3 \"title\")", "@[x](<user:3>)", "@[x][1]\n\n[1]: user:3"] {
            let message = bo.says(&task, odd).await;
            assert!(!message["contentHtml"].as_str().unwrap().contains("href=\"user"), "{message}");
        }
    }

    async fn who_wrote_a_message_and_who_asked_are_told_what_became_of_its_review(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (ada, bo, cy) = (&world.ada, &world.bo, &world.cy);
        let task = bo.files("Printer", json!({})).await;
        let message = bo.says(&task, "Buy another one").await;
        let asked = cy.post("/api/qa", &json!({"messageId": message["id"]})).await;
        let path = format!("/api/qa/{}", asked.body["review"]["id"]);
        assert_eq!((told(bo).await, told(cy).await), (NONE.to_vec(), NONE.to_vec()), "{asked:?}");
        let decided = ada.put(&path, &json!({"status": "approved"})).await;
        assert_eq!(decided.status, 200, "{decided:?}");
        for person in [bo, cy] {
            assert_eq!(told(person).await, [entry("review_decided", &task, &message)], "{}", person.name);
        }
        assert_eq!(told(ada).await, NONE);
    }
}
