//! `verify` finds every kind of fault that it looks for, and none where there is none.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use faff_app::App;
use faff_app::edges::verify::{Report, verify};
use faff_store::{Db, StoreError, Tx};
use faff_testkit::{Engine, TestApp, on_both_engines};
use serde_json::{Value, json};

/// A small world in which every event has happened, and the numbers of what is in it.
async fn world(engine: Engine) -> (TestApp, [(&'static str, i64); 5]) {
    let app = TestApp::start(engine).await;
    let world = app.world().await;
    let ok = |answer: faff_testkit::Answer| assert!((200..300).contains(&answer.status), "{answer:?}");

    let task = world.bo.files("Printer on fire", json!({"priority": "low", "visibility": "private"})).await;
    let path = format!("/api/tasks/{}", task["id"]);
    ok(world.bo.put(&format!("{path}/participants/{}", world.eve.id), &json!({})).await);
    ok(world.bo.put(&path, &json!({"status": "in_progress", "assignedToId": world.eve.id})).await);
    ok(world
        .bo
        .put(&path, &json!({"assignedToId": world.cy.id, "priority": "urgent", "visibility": "team"}))
        .await);
    let first = world.bo.says(&task, "Is it still on fire?").await;
    let answer = world.cy.answers(&task, "It is.", &first).await;
    world.bo.answers(&task, "Then I shall leave.", &answer).await;
    let gone = world.cy.answers(&task, "Me too", &first).await;
    ok(world.cy.delete(&format!("/api/messages/{}", gone["id"])).await);
    ok(world.bo.put(&format!("/api/messages/{}", first["id"]), &json!({"content": "Is it out?"})).await);
    let quiet = world.cy.files("Nobody speaks here", json!({})).await;

    let deleted = world.cy.files("A mistake", json!({})).await;
    world.cy.says(&deleted, "Please delete this").await;
    ok(world.ada.delete(&format!("/api/tasks/{}", deleted["id"])).await);
    let eve = format!("/api/users/{}", world.eve.id);
    ok(world.ada.put(&eve, &json!({"role": "admin"})).await);
    ok(world.ada.put(&eve, &json!({"active": false})).await);

    let written = json!({"taskId": task["id"], "content": "It burnt."});
    ok(world.bo.post("/api/summaries", &written).await);
    let loud = world.cy.files("Somebody sums up", json!({})).await;
    for task in [&task, &loud] {
        ok(world.bo.post(&format!("/api/summaries/generate/{}", task["id"]), &json!({})).await);
        assert_eq!(app.work().await, 1);
    }
    let review = world.bo.post("/api/qa", &json!({"messageId": answer["id"]})).await;
    assert_eq!(review.status, 201, "{review:?}");
    assert_eq!(app.work().await, 1);
    let decide = format!("/api/qa/{}", review.body["review"]["id"]);
    ok(world.bo.put(&decide, &json!({"status": "approved"})).await);
    ok(world.bo.put(&decide, &json!({"status": "pending"})).await);
    ok(world.bo.put(&decide, &json!({"status": "rejected", "feedback": "It was not."})).await);
    ok(world.ada.put("/api/qa/guidance", &json!({"content": "No jokes."})).await);
    let nobody = world.cy.says(&loud, "Deleted, with the summary that tells of it").await;
    ok(world.bo.post(&format!("/api/summaries/generate/{}", loud["id"]), &json!({})).await);
    assert_eq!(app.work().await, 1);
    ok(world.bo.post("/api/qa", &json!({"messageId": nobody["id"]})).await);
    ok(world.cy.delete(&format!("/api/messages/{}", nobody["id"])).await);

    let id = |value: &Value| value["id"].as_i64().unwrap();
    let names = [
        ("TASK", id(&task)),
        ("QUIET", id(&quiet)),
        ("FIRST", id(&first)),
        ("GONE", id(&gone)),
        ("EVE", world.eve.id),
    ];
    (app, names)
}

async fn look(app: &App) -> Report {
    verify(app).await.unwrap()
}

/// What to do behind the application's back, and what must be said about it. Each group gets a world of its own.
const FAULTS: &[&[(&str, &str)]] = &[
    &[
        (
            "update task set status = 'closed' where id = TASK",
            "task TASK: status is closed, but the log says in_progress",
        ),
        (
            "update task set priority = 'high' where id = TASK",
            "task TASK: priority is high, but the log says urgent",
        ),
        (
            "update task set visibility = 'private' where id = TASK",
            "visibility is private, but the log says team",
        ),
        ("update task set assigned_to_id = null where id = TASK", "assignedToId is nobody, but the log says"),
        (
            "update task set version = version + 1 where id = TASK",
            "its version is 4, but the log holds 2 changes",
        ),
        ("update task set message_count = 9 where id = TASK", "its messageCount is 9, but it has 3 messages"),
        (
            "update message set reply_count = 7 where id = FIRST",
            "FIRST: its replyCount is 7, but it has 2 answers",
        ),
        (
            "update account set role = 'user' where id = EVE",
            "account EVE: role is user, but the log says admin",
        ),
        (
            "update account set active = true where id = EVE",
            "account EVE: active is true, but the log says false",
        ),
        ("update stream set seq = seq + 1 where id = TASK", "task TASK: its end is noted as event"),
        ("update stream set seq = seq - 1 where id = -EVE", "account EVE: its end is noted as event"),
        (
            "delete from event where stream = QUIET",
            "QUIET: its end is noted as event 1, but event 0 is the last",
        ),
    ],
    &[
        ("update event set actor_id = 999 where stream = TASK and seq = 1", "task TASK, event 1: its digest"),
        ("delete from event where stream = TASK and seq = 2", "task TASK, event 3: it follows event 1"),
        (
            "update message set deleted_at = 1 where id = FIRST",
            "FIRST: it is deleted, but the log does not say so",
        ),
        ("update message set deleted_at = null where id = GONE", "GONE: it is there, but the log says"),
        ("delete from task where id = QUIET", "task QUIET: it has a log, but does not exist"),
        (
            "insert into account (name, email, password_hash, role, active, created_at, updated_at) \
             values ('Mallory', 'mallory@faff.example', '', 'admin', true, 1, 1)",
            "account 5: it has no log",
        ),
        ("delete from review where task_id = TASK", "task TASK, review 1: it is missing"),
        (
            "delete from summary where task_id = TASK and source = 'person'",
            "task TASK, summary 1: it is missing",
        ),
        (
            "update summary set source = 'ai' where task_id = TASK and source = 'built-in'",
            "its source is ai, but the log says built-in",
        ),
    ],
    &[
        (
            "update summary set source = 'person' where task_id = TASK and source = 'built-in'",
            "its source is person, but the log says built-in",
        ),
        (
            "update review set status = 'approved' where task_id = TASK",
            "it is approved, but the log says rejected",
        ),
        (
            "insert into review (message_id, task_id, requested_by_id, status, used_ai, escalate, created_at, updated_at) \
             select id, QUIET, sender_id, 'pending', false, false, 1, 1 from message where id = FIRST",
            "its message is not of this task",
        ),
        (
            "update summary set up_to_seq = seq where task_id = TASK and source = 'person' and id = 1",
            "it goes up to event",
        ),
        (
            "insert into summary (task_id, source, content, content_html, issue, investigation, next_steps, key_points, \
             entities, up_to_seq, seq, created_at, updated_at) \
             values (QUIET, 'ai', 'x', 'x', '', '', '', '[]', '[]', 0, 1, 1, 1)",
            "the log does not tell of it",
        ),
    ],
    &[
        (
            "update event set kind = 'odd' where stream = TASK and seq = 1",
            "event 1: it is filed as odd, but is task_created",
        ),
        ("update message set seq = 1000 where id = FIRST", "message FIRST: event 1000 did not post it"),
        ("delete from message where id = GONE", "message GONE, posted by event"),
        ("delete from stream where id = TASK", "task TASK: it has events, but its end is not noted"),
        (
            "insert into task (title, description, description_html, priority, status, visibility, created_by_id, \
             message_count, version, created_at, updated_at) select title, description, description_html, priority, \
             status, visibility, created_by_id, 0, 1, created_at, updated_at from task where id = TASK",
            "task 5: it has no log",
        ),
    ],
    &[
        (
            "update event set payload = '{}' where stream = TASK and seq = 1",
            "task TASK, event 1: it cannot be read",
        ),
        ("delete from event where stream = QUIET and seq = 1", "task QUIET: its log holds no creation"),
    ],
];

fn named(text: &str, names: &[(&str, i64)]) -> String {
    names.iter().fold(text.to_owned(), |text, (name, id)| text.replace(name, &id.to_string()))
}

async fn plant(db: &Db, sql: String) {
    let planted = db.write(async move |tx: &mut Tx<'_>| {
        tx.commit_quietly("a fault is planted");
        assert_eq!(tx.execute(&sql, &[]).await?, 1, "{sql}");
        Ok::<(), StoreError>(())
    });
    planted.await.unwrap();
}

on_both_engines! {
    async fn what_is_in_order_is_found_so(engine) {
        let (app, _) = world(engine).await;
        let report = look(&app.app).await;
        assert_eq!(report.faults, [""; 0]);
        assert_eq!((report.found, report.accounts, report.tasks, report.messages), (0, 4, 3, 5));
        assert_eq!((report.summaries, report.reviews), (2, 1), "of each, one was withdrawn");
        assert_eq!(report.streams, 9, "four people, four tasks, one of them deleted, and the workspace");
        assert!(report.events > 20, "{report:?}");
    }

    async fn every_planted_fault_is_found(engine) {
        let mut missed = Vec::new();
        for group in FAULTS {
            let (app, names) = world(engine).await;
            let db = app.database.open().await;
            for (sql, _) in *group {
                plant(&db, named(sql, &names)).await;
            }
            let report = look(&app.app).await;
            for (sql, expected) in *group {
                let expected = named(expected, &names);
                if !report.faults.iter().any(|fault| fault.contains(&expected)) {
                    missed.push((*sql, expected, report.faults.clone()));
                }
            }
        }
        assert!(missed.is_empty(), "{missed:#?}");
    }
}

/// What SQLite's own checks and the text index are looked at for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damage_to_the_file_and_to_the_text_index_is_found() {
    for (sql, expected) in [
        (
            "pragma ignore_check_constraints = on; update task set status = 'odd' where id = QUIET",
            "CHECK constraint",
        ),
        (
            "pragma foreign_keys = off; insert into participant values (QUIET, 999)",
            "participant refers to a row of account",
        ),
        ("delete from message_text where rowid = FIRST", "message FIRST cannot be found by its text"),
        (
            "insert into message_text (rowid, content) values (GONE, 'x')",
            "message GONE is gone, but its text can be found",
        ),
        ("delete from task_text where rowid = TASK", "task TASK cannot be found by its text"),
        (
            "insert into task_text (rowid, content) values (99, 'x')",
            "task 99 is gone, but its text can be found",
        ),
    ] {
        let (app, names) = world(Engine::Sqlite).await;
        let path = app.database.url.strip_prefix("sqlite:").unwrap();
        let conn = rusqlite::Connection::open(path).unwrap();
        conn.execute_batch(&named(sql, &names)).unwrap();
        let report = look(&app.app).await;
        let expected = named(expected, &names);
        assert!(report.faults.iter().any(|fault| fault.contains(&expected)), "{sql}: {report:?}");
    }
}
