//! What a request asks the database: how many statements, and how each of them is run.
#![expect(clippy::indexing_slicing, clippy::expect_used, reason = "a test that cannot go on fails")]

use std::fmt::Write as _;

use faff_store::{Db, Engine, Reader, Sent, StoreError, Tx};
use faff_testkit::{Person, TestApp, on_both_engines};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// What a request sends to the database. The follower of the log asks by itself, now and then.
async fn sent(app: &TestApp, person: &Person, request: RequestBuilder) -> Vec<Sent> {
    app.app.store_counters().statements();
    let answer = person.send(request).await;
    assert!((200..300).contains(&answer.status), "{answer:?}");
    let mut sent = app.app.store_counters().statements();
    sent.retain(|(sql, _)| !sql.contains("as settled from event e"));
    sent
}

/// What a worker sends that finds nothing to do.
async fn sent_by_idle_worker(app: &TestApp) -> Vec<Sent> {
    app.work().await;
    app.app.store_counters().statements();
    assert_eq!(app.work().await, 0);
    let mut sent = app.app.store_counters().statements();
    sent.retain(|(sql, _)| sql.contains(" job "));
    sent
}

/// The same, when who asks is known already. On a machine that is very busy, the follower may come too late for
/// that, and the login is looked up again; so the best of a few counts.
async fn fewest(app: &TestApp, person: &Person, request: impl Fn(usize) -> RequestBuilder) -> Vec<Sent> {
    let mut best = sent(app, person, request(0)).await;
    for n in 1..10 {
        let next = sent(app, person, request(n)).await;
        if next.len() < best.len() {
            best = next;
        }
    }
    best
}

async fn run(db: &Db, sql: String) {
    let done = db.write(async move |tx: &mut Tx<'_>| {
        tx.commit_quietly("rows to plan for");
        tx.execute(&sql, &[]).await
    });
    let done = done.await;
    assert!(done.is_ok(), "{done:?}");
}

/// Some thousand rows, spread as in a workspace that has been used for a while, and statistics of them.
async fn fill(db: &Db) {
    let n = |count: u32| {
        format!("with recursive n(i) as (select 1 union all select i + 1 from n where i < {count}) ")
    };
    let statements = [
        n(300) + "insert into account (name, email, password_hash, role, active, created_at, updated_at) \
            select 'P' || i, i || '@faff.example', 'x', 'user', true, 0, 0 from n",
        n(4000) + "insert into task (title, description, description_html, priority, status, visibility, assigned_to_id, \
            created_by_id, message_count, last_message_at, version, created_at, updated_at, resolved_at) select 'Task ' || i, 'Words', \
            '<p>Words</p>', case i % 7 when 0 then 'urgent' when 1 then 'high' when 2 then 'low' else 'medium' end, \
            case i % 9 when 0 then 'open' when 1 then 'in_progress' when 2 then 'resolved' else 'closed' end, \
            case i % 5 when 0 then 'private' else 'team' end, case i % 3 when 0 then 1 + i % 13 else null end, \
            1 + i % 17, 0, null, 1, 1795000000000 + i, 1795000000000 + (i * 7919) % 100003, null from n",
        "insert into stream (id, seq, chain) select t.id, 3, (select chain from stream order by id limit 1) from task t where t.id > 1".to_owned(),
        n(20) + "insert into event (stream, seq, kind, actor_id, at, audience, payload, chain) select s.id, n.i, \
            case n.i when 1 then 'task_created' when 2 then 'task_changed' else 'message_posted' end, 1 + s.id % 17, 1795000000000, \
            'ticket', '{}', s.chain from stream s cross join n where s.id > 1 and s.id <= 1000 order by s.id, n.i",
        "insert into task_tag (task_id, tag) select id, case id % 3 when 0 then 'vpn' when 1 then 'printer' else 'x' || id end from task".to_owned(),
        "insert into participant (task_id, user_id) select id, 4 + id % 50 from task where id % 3 = 0".to_owned(),
        n(60) + "insert into message (task_id, seq, sender_id, content, content_html, reply_count, created_at, updated_at) \
            select t.id, 3 + n.i, 1 + n.i % 17, 'Said', '<p>Said</p>', 0, 1795000000000, 1795000000000 \
            from task t cross join n where t.id <= 100 and t.id > 1 order by t.id, n.i",
        "update message set root_id = (select min(m.id) from message m where m.task_id = message.task_id), reply_to_id = \
            (select min(m.id) from message m where m.task_id = message.task_id) where id % 3 = 0 and task_id > 1".to_owned(),
        "insert into review (message_id, task_id, requested_by_id, status, used_ai, escalate, created_at, updated_at) \
            select id, task_id, sender_id, case id % 40 when 0 then 'pending' else 'approved' end, false, false, 0, 0 \
            from message where task_id > 1 order by id".to_owned(),
        "insert into summary (task_id, source, content, content_html, issue, investigation, next_steps, key_points, entities, \
            up_to_seq, seq, created_at, updated_at) select id, 'built-in', 'x', 'x', '', '', '', '[]', '[]', 2, 3, 0, 0 \
            from task where id > 1".to_owned(),
        "insert into job (kind, subject, stream, state, due_at, attempt, created_at) \
            select 'review', id, task_id, 'parked', 0, 5, 0 from review where id % 2 = 0".to_owned(),
        "insert into inbox (user_id, task_id, message_id, seq, kind, actor_id, created_at) select 1 + m.id % 131, m.task_id, m.id, \
            m.seq, case m.id % 2 when 0 then 'mentioned' else 'replied' end, m.sender_id, m.created_at from message m".to_owned(),
        "insert into reading (user_id, task_id, seq) select 1 + n.i % 13, t.id, 20 from task t cross join \
            (select 1 as i union all select 2 union all select 3 union all select 4) n where t.id <= 1000".to_owned(),
        "analyze".to_owned(),
    ];
    for sql in statements {
        run(db, sql).await;
    }
}

/// How the engine runs a statement, a line for each step.
async fn plan(db: &Db, (sql, params): Sent) -> Vec<String> {
    let explain = db.engine().explain(&sql);
    let lines = db.read(async move |reader: &mut Reader<'_>| match reader.engine() {
        Engine::Sqlite => {
            let rows: Vec<(i64, i64, i64, String)> = reader.all(&explain, &params).await?;
            Ok::<_, StoreError>(rows.into_iter().map(|row| row.3).collect())
        }
        Engine::Postgres => reader.all::<String>(&explain, &params).await,
    });
    lines.await.unwrap_or_default()
}

/// What is wrong with a plan: a table of many rows is read whole, or sorted for what an index has in order.
/// `walks` says that a list has no condition but its order, which then may be the table's own.
fn faults(engine: Engine, plan: &[String], walks: bool) -> Vec<&String> {
    // SQLite reads what a co-routine has found; that is a page.
    let page = |name: &str| plan.iter().any(|line| line == &format!("CO-ROUTINE {name}"));
    let whole = |line: &str| match engine {
        Engine::Sqlite => {
            line.strip_prefix("SCAN ").is_some_and(|name| name.len() == 1 && !page(name) && !walks)
        }
        // Jobs are few; their table is read whole where that is the fastest.
        Engine::Postgres => {
            ["task", "task_tag", "message", "event", "stream", "review", "summary", "inbox", "reading"]
                .iter()
                .any(|table| {
                    line.split_once("Seq Scan on ")
                        .is_some_and(|(_, rest)| rest.split(' ').next() == Some(*table))
                })
        }
    };
    // PostgreSQL may sort a page for a join; the order of the list itself must come from an index.
    let keys = [".id", ".seq", ".task_id", "updated_at", "CASE"];
    let sorted = |line: &str| match engine {
        Engine::Sqlite => line == "USE TEMP B-TREE FOR ORDER BY",
        Engine::Postgres => {
            line.split_once("Sort Key: ").is_some_and(|(_, rest)| keys.iter().any(|key| rest.contains(key)))
        }
    };
    plan.iter().filter(|line| whole(line) || sorted(line)).collect()
}

/// The indexes that a plan uses on the tables of many rows.
fn indexes(plan: &[String]) -> String {
    let words = plan.iter().flat_map(|line| line.split(['(', ' '])).map(|word| word.trim_end_matches(')'));
    let mut names: Vec<&str> = words
        .filter(|word| {
            [
                "task_",
                "message_",
                "event_",
                "review_",
                "summary_",
                "job_",
                "stream_",
                "participant_",
                "inbox_",
                "reading_",
                "sqlite_autoindex_",
            ]
            .iter()
            .any(|start| word.starts_with(start))
                && !["task_id", "task_tag", "message_count"].contains(word)
                && !word.contains('=')
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    names.join(" ")
}

on_both_engines! {
    async fn each_request_asks_the_database_a_fixed_number_of_times(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let bo = &world.bo;
        let task = bo.files("Printer", json!({"tags": ["vpn", "printer"], "assignedToId": world.cy.id})).await;
        let mut ids = vec![task["id"].to_string()];
        for n in 0..30 {
            ids.push(bo.files(&format!("Task {n}"), json!({"tags": ["vpn"]})).await["id"].to_string());
        }
        let first = bo.says(&task, "First").await;
        for n in 0..110 {
            bo.answers(&task, &format!("Message {n}"), if n % 2 == 0 { &first } else { &Value::Null }).await;
        }
        bo.post(&format!("/api/summaries/generate/{}", task["id"]), &json!({})).await;
        let listed = bo.get(&format!("/api/tasks/{}/messages?limit=40", task["id"])).await;
        for id in listed.ids("messages") {
            bo.post("/api/qa", &json!({"messageId": id})).await;
        }
        assert_eq!(app.work().await, 41);
        let path = format!("/api/tasks/{}", task["id"]);
        let thread = format!("/api/messages/{}/thread", first["id"]);
        for (count, path) in [
            (1, "/api/auth/me".to_owned()), (1, path.clone()), (1, "/api/tasks".to_owned()), (1, "/api/tasks?limit=1".to_owned()),
            (2, "/api/tasks?limit=100&status=open,closed&tag=vpn&search=task&assigneeId=none&sort=-priority".to_owned()),
            (2, "/api/tasks?page=2".to_owned()), (1, format!("{path}/messages")), (1, format!("{path}/messages?limit=1")),
            (1, format!("{path}/messages?limit=100")), (1, format!("{path}/messages?before=latest&limit=100")),
            (2, format!("{path}/messages?page=1")), (3, format!("{path}/messages?before={}", first["id"].as_i64().unwrap_or_default() + 9)),
            (4, format!("{path}/messages?around={}", first["id"])), (2, thread.clone()), (2, format!("{thread}?limit=100")),
            (2, format!("{path}/events")), (2, format!("{path}/events?limit=100")), (2, format!("{path}/participants")),
            (3, format!("/api/summaries/task/{}", task["id"])),
            (2, "/api/qa".to_owned()), (2, "/api/qa?limit=100&status=pending&sort=createdAt".to_owned()), (1, "/api/qa?status=rejected".to_owned()),
            (2, format!("/api/qa/task/{}?limit=100", task["id"])), (2, "/api/qa/1".to_owned()),
            (1, "/api/auth/users".to_owned()), (0, "/api/meta".to_owned()), (2, "/api/inbox?limit=100".to_owned()),
            (1, format!("{path}/read")), (1, format!("/api/reading?taskIds={}", ids.join(","))), (1, "/api/views?limit=100".to_owned()),
            (4, "/api/search?q=message&limit=100".to_owned()), (3, "/api/search?q=message&kind=task".to_owned()),
        ] {
            let asked = fewest(&app, bo, |_| bo.request(Method::GET, &path)).await;
            assert_eq!(asked.len(), count, "{path}: {asked:#?}");
        }
        // Tasks that changed since they were listed last are read, however many they are; names are remembered.
        world.cy.put("/api/auth/profile", &json!({"name": "Cyril"})).await;
        let asked = sent(&app, bo, bo.request(Method::GET, "/api/tasks?limit=100")).await;
        assert!((2..=4).contains(&asked.len()), "who asks, list, tasks, names: {asked:#?}");
        let asked = fewest(&app, &world.ada, |_| world.ada.request(Method::GET, "/api/audit?limit=100")).await;
        assert_eq!(asked.len(), 1);
        let asked = fewest(&app, &world.ada, |_| world.ada.request(Method::GET, "/api/admin/status")).await;
        assert_eq!(asked.len(), 2, "what the database holds, and jobs: {asked:#?}");

        let post = |body: Value| bo.request(Method::POST, &format!("{path}/messages")).json(&body);
        let plain = fewest(&app, bo, |_| post(json!({"content": "x"}))).await;
        assert_eq!(plain.len(), 5, "lock and look, insert, count, event, head: {plain:#?}");
        let named = fewest(&app, bo, |n| post(json!({"content": "x", "clientId": format!("mine-{n}")}))).await;
        assert_eq!(named.len(), 5);
        let again = fewest(&app, bo, |_| post(json!({"content": "x", "clientId": "mine-0"}))).await;
        assert_eq!(again.len(), 4, "look, try, find, read: {again:#?}");
        let keyed = fewest(&app, bo, |n| post(json!({"content": "x"})).header("Idempotency-Key", format!("key-{n}"))).await;
        assert_eq!(keyed.len(), 7);
        let again = fewest(&app, bo, |_| post(json!({"content": "x"})).header("Idempotency-Key", "key-0")).await;
        assert_eq!(again.len(), 1);
        let answer = fewest(&app, bo, |_| post(json!({"content": "x", "replyToId": first["id"]}))).await;
        assert_eq!(answer.len(), 7, "to answer oneself concerns nobody else");
        let mention = format!("Hello @[Cy](user:{0}) and @[Cy](user:{0})", world.cy.id);
        let mentions = fewest(&app, bo, |_| post(json!({"content": mention}))).await;
        assert_eq!(mentions.len(), 6, "however many are mentioned, one more: {mentions:#?}");
        let both = |_| world.cy.request(Method::POST, &format!("{path}/messages"))
            .json(&json!({"content": format!("@[Ada](user:{})", world.ada.id), "replyToId": first["id"]}));
        assert_eq!(fewest(&app, &world.cy, both).await.len(), 9);
        let read = |n: usize| bo.request(Method::PUT, &format!("{path}/read")).json(&json!({"seq": 10 + n}));
        assert_eq!(fewest(&app, bo, read).await.len(), 4, "look, move, tell the inbox, read");
        let change = |n: usize| bo.request(Method::PUT, &path).json(&json!({"title": format!("Printer {n}")}));
        let changed = fewest(&app, bo, change).await;
        assert_eq!(changed.len(), 6, "{changed:#?}");
        let file = |_| bo.request(Method::POST, "/api/tasks").json(&json!({"title": "x", "description": "x"}));
        let filed = fewest(&app, bo, file).await;
        assert_eq!(filed.len(), 3, "insert, event, head: {filed:#?}");
    }

    async fn what_is_asked_often_is_found_by_indexes_and_never_by_reading_or_sorting_everything(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let task = world.bo.files("Printer", json!({})).await;
        world.bo.says(&task, "x").await;
        let db = app.database.open().await;
        fill(&db).await;
        let (mut table, mut in_full) = (String::new(), None);
        for (name, person, path, walks) in [
            ("a task", &world.eve, "/api/tasks/50", false),
            ("tasks, newest first", &world.eve, "/api/tasks", true),
            ("tasks, newest first, all", &world.ada, "/api/tasks", true),
            ("tasks by status", &world.eve, "/api/tasks?status=open", false),
            ("tasks by assignee", &world.eve, "/api/tasks?assigneeId=3", false),
            ("tasks of nobody", &world.eve, "/api/tasks?assigneeId=none", false),
            ("tasks by creator", &world.eve, "/api/tasks?createdById=5", false),
            ("tasks by priority", &world.eve, "/api/tasks?priority=high", false),
            ("tasks by common tag", &world.eve, "/api/tasks?tag=vpn", false),
            ("tasks by rare tag", &world.eve, "/api/tasks?tag=x50", false),
            ("tasks, last changed first", &world.eve, "/api/tasks?sort=-updatedAt", false),
            ("tasks, most urgent first", &world.eve, "/api/tasks?sort=-priority", false),
            ("messages", &world.eve, "/api/tasks/50/messages", false),
            ("last messages", &world.eve, "/api/tasks/50/messages?before=latest", false),
            ("a thread", &world.eve, "/api/messages/100/thread", false),
            ("events", &world.eve, "/api/tasks/50/events", false),
            ("summaries", &world.eve, "/api/summaries/task/50", false),
            ("reviews, newest first", &world.eve, "/api/qa", true),
            ("reviews by status", &world.eve, "/api/qa?status=pending&sort=createdAt", false),
            ("reviews of a task", &world.eve, "/api/qa/task/53", false),
            ("a review", &world.eve, "/api/qa/100", false),
            ("audit", &world.ada, "/api/audit", true),
            ("audit of a task", &world.ada, "/api/audit?taskId=50", false),
            ("audit of a person", &world.ada, "/api/audit?actor=2", false),
            ("audit of a kind", &world.ada, "/api/audit?kind=task_deleted", false),
            ("inbox", &world.eve, "/api/inbox", false),
            ("inbox, unread", &world.eve, "/api/inbox?unread=true", false),
            ("how far one has read", &world.eve, "/api/reading?taskIds=2,50,99", false),
        ] {
            let statements = sent(&app, person, person.request(Method::GET, path)).await;
            // Who asks, who is named, and what was listed before are remembered.
            let learnt = |sql: &str| sql.contains("from session") || sql.contains("from account where id in");
            let (listed, statements): (Vec<Sent>, Vec<Sent>) = statements
                .into_iter()
                .filter(|(sql, _)| !learnt(sql))
                .partition(|(sql, _)| sql.contains("t.description_html") && sql.contains("where t.id in"));
            in_full = in_full.or(listed.into_iter().next());
            assert!(!statements.is_empty());
            for statement in statements {
                let plan = plan(&db, statement.clone()).await;
                assert!(!plan.is_empty(), "{name} has no plan: {}", statement.0);
                let faults = faults(engine, &plan, walks);
                assert!(faults.is_empty(), "{name} is not found by an index: {faults:#?} in {plan:#?} of {}", statement.0);
                let row = writeln!(table, "{name:<26} {}", indexes(&plan));
                assert!(row.is_ok());
            }
        }
        // The same from a place on that many share: neither what lies before it is read, nor what lies behind the page.
        let first = world.eve.get("/api/tasks?sort=-priority&limit=50").await;
        let cursor = first.body["nextCursor"].as_str().expect("there is more");
        let path = format!("/api/tasks?sort=-priority&limit=50&cursor={cursor}");
        let further = sent(&app, &world.eve, world.eve.request(Method::GET, &path)).await;
        let (sql, params) = further.into_iter().find(|(sql, _)| sql.contains("sort_key")).expect("it is listed");
        let plan_further = plan(&db, (sql, params)).await;
        let seeks = match engine {
            Engine::Sqlite => ["SEARCH t USING INDEX task_rank (<expr>=? AND id<?)", "SEARCH t USING INDEX task_rank (<expr><?)"],
            // Whether the index alone is read depends on when the table was vacuumed.
            Engine::Postgres => ["Scan Backward using task_rank on task t", "Index Cond: (ROW("],
        };
        for seek in seeks {
            assert!(plan_further.iter().any(|line| line.replace("COVERING ", "").contains(seek)), "{seek}: {plan_further:#?}");
        }
        for statement in sent_by_idle_worker(&app).await {
            let plan = plan(&db, statement.clone()).await;
            let faults = faults(engine, &plan, false);
            assert!(faults.is_empty(), "a job is not found by an index: {faults:#?} in {plan:#?} of {}", statement.0);
            let row = writeln!(table, "{:<26} {}", "a job that is due", indexes(&plan));
            assert!(row.is_ok());
        }
        let plan = plan(&db, in_full.expect("a list reads tasks that it does not remember")).await;
        assert!(faults(engine, &plan, false).is_empty(), "{plan:#?}");
        let row = writeln!(table, "{:<26} {}", "tasks of a list, in full", indexes(&plan));
        assert!(row.is_ok());
        insta::assert_snapshot!(format!("plans_on_{}", engine.name()), table);
    }
}

#[test]
fn a_plan_that_reads_or_sorts_everything_is_seen() {
    let lines = |text: &str| text.lines().map(ToOwned::to_owned).collect::<Vec<_>>();
    for (engine, plan) in [
        (Engine::Sqlite, "SCAN t\nSEARCH c USING INTEGER PRIMARY KEY (rowid=?)"),
        (Engine::Sqlite, "SEARCH t USING INDEX task_status (status=?)\nUSE TEMP B-TREE FOR ORDER BY"),
        (Engine::Postgres, "Limit\n  ->  Seq Scan on task t"),
        (Engine::Postgres, "Limit\n  ->  Sort\n        Sort Key: t.id DESC"),
    ] {
        assert_eq!(faults(engine, &lines(plan), false).len(), 1, "{plan}");
    }
    let fine = lines("CO-ROUTINE m\nSEARCH m USING INDEX message_task_seq (task_id=?)\nSCAN m");
    assert_eq!(faults(Engine::Sqlite, &fine, false).len(), 0);
    assert_eq!(indexes(&fine), "message_task_seq");
}
