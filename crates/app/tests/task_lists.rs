//! Lists of tasks: filters, search, order, pages.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use faff_store::{Engine, Tx};
use faff_testkit::{Dice, Person, TestApp, on_both_engines};
use serde_json::{Value, json};

const PRIORITIES: [&str; 4] = ["low", "medium", "high", "urgent"];
const STATUSES: [&str; 4] = ["open", "in_progress", "resolved", "closed"];
const SORTS: [&str; 6] = ["createdAt", "-createdAt", "updatedAt", "-updatedAt", "priority", "-priority"];

/// Files tasks of every kind; times and priorities are often the same.
async fn file_many(app: &TestApp, people: &[&Person], count: usize, dice: &mut Dice) -> Vec<Value> {
    let mut tasks = Vec::new();
    for n in 0..count {
        let assignee = dice.pick(&[None, Some(people[0].id), Some(people[1].id)]);
        let tags = dice.pick::<&[&str]>(&[&[], &["vpn"], &["printer"], &["printer", "vpn"]]);
        let more = json!({
            "priority": dice.pick(&PRIORITIES), "status": dice.pick(&STATUSES), "assignedToId": assignee, "tags": tags,
            "visibility": dice.pick(&["team", "team", "private"]),
        });
        if dice.below(3) == 0 {
            app.clock.advance(1);
        }
        let title = format!("Task {n} {}", dice.pick(&["alpha", "beta", "alphabet"]));
        tasks.push(dice.pick(people).files(&title, more).await);
    }
    tasks
}

/// Whether something lets a task through.
type Test = Box<dyn Fn(&Value) -> bool>;

/// One random parameter, and whether it lets a task through when `me` asks.
fn parameter(dice: &mut Dice, me: i64, other: i64) -> (String, Test) {
    let words = |dice: &mut Dice, all: &[&'static str]| {
        let mut some: Vec<&'static str> = all.iter().copied().filter(|_| dice.below(2) == 0).collect();
        some.push(dice.pick(all));
        some
    };
    match dice.below(9) {
        0 => {
            let some = words(dice, &STATUSES);
            (
                format!("status={}", some.join(",")),
                Box::new(move |task| some.iter().any(|one| task["status"] == *one)),
            )
        }
        1 => {
            let some = words(dice, &PRIORITIES);
            (
                format!("priority={}", some.join(",")),
                Box::new(move |task| some.iter().any(|one| task["priority"] == *one)),
            )
        }
        2 => ("assigneeId=me".to_owned(), Box::new(move |task| task["assignedToId"] == me)),
        3 => ("assigneeId=none".to_owned(), Box::new(|task| task["assignedToId"].is_null())),
        4 => (format!("assignedToId={other}"), Box::new(move |task| task["assignedToId"] == other)),
        5 => match dice.below(2) {
            0 => ("createdById=me".to_owned(), Box::new(move |task| task["createdById"] == me)),
            _ => (format!("createdById={other}"), Box::new(move |task| task["createdById"] == other)),
        },
        6 => {
            let tag = dice.pick(&["vpn", "printer", "nothing"]);
            (
                format!("tag={tag}"),
                Box::new(move |task| task["tags"].as_array().is_some_and(|tags| tags.contains(&json!(tag)))),
            )
        }
        7 => {
            let visibility = dice.pick(&["team", "private"]);
            (format!("visibility={visibility}"), Box::new(move |task| task["visibility"] == visibility))
        }
        _ => {
            let word = dice.pick(&["alpha", "alphabet", "bet", "title%20says"]);
            let says = word.contains("says");
            let found = move |task: &Value| {
                task["title"].as_str().is_some_and(|title| says || title.contains(&format!(" {word}")))
            };
            (format!("search={word}"), Box::new(found))
        }
    }
}

/// The ids in the order that a sort asks for.
fn sorted(tasks: &[Value], sort: &str) -> Vec<i64> {
    let (name, descending) = sort.strip_prefix('-').map_or((sort, false), |name| (name, true));
    let mut keys: Vec<(String, i64)> = tasks
        .iter()
        .map(|task| {
            let rank = PRIORITIES.iter().position(|word| task["priority"] == *word);
            let key = match name {
                "updatedAt" => task["updatedAt"].to_string(),
                "priority" => format!("{rank:?}"),
                _ => String::new(),
            };
            (key, task["id"].as_i64().unwrap_or_default())
        })
        .collect();
    keys.sort();
    if descending {
        keys.reverse();
    }
    keys.into_iter().map(|(_, id)| id).collect()
}

fn ids(tasks: &[Value]) -> Vec<i64> {
    tasks.iter().filter_map(|task| task["id"].as_i64()).collect()
}

on_both_engines! {
    async fn filters_hold_alone_and_together_and_counts_agree(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (ada, bo, cy, eve) = (&world.ada, &world.bo, &world.cy, &world.eve);
        let mut dice = Dice::new(1);
        let tasks = file_many(&app, &[bo, cy], 40, &mut dice).await;
        for round in 0..120 {
            let (me, other) = dice.pick(&[(bo, cy), (cy, bo), (eve, bo), (ada, cy)]);
            let asked: Vec<_> = (0..round % 4).map(|_| parameter(&mut dice, me.id, other.id)).collect();
            let mut names: Vec<&str> = asked.iter().filter_map(|(text, _)| text.split('=').next()).collect();
            for name in &mut names {
                if *name == "assignedToId" { *name = "assigneeId" }
            }
            names.sort_unstable();
            names.dedup();
            if names.len() < asked.len() {
                continue;
            }
            let is_for_me = |task: &&Value| me.id == ada.id || task["visibility"] == "team"
                || task["createdById"] == me.id || task["assignedToId"] == me.id;
            let expected: Vec<Value> = tasks.iter().filter(is_for_me)
                .filter(|task| asked.iter().all(|(_, holds)| holds(task))).cloned().collect();
            let query = asked.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join("&");
            let list = me.get(&format!("/api/tasks?limit=100&sort=createdAt&{query}")).await;
            assert_eq!(list.body["tasks"], json!(expected), "{query}");
            let limit = 1 + dice.below(9);
            let page = me.get(&format!("/api/tasks?page=1&limit={limit}&sort=createdAt&{query}")).await;
            assert_eq!(page.body["totalCount"], expected.len(), "{query}");
            assert_eq!(page.body["totalPages"], expected.len().div_ceil(limit), "{query}");
            assert_eq!(page.ids("tasks"), ids(&expected).into_iter().take(limit).collect::<Vec<_>>());
        }
        let empty = eve.get("/api/tasks?status=&priority=&search=%20&limit=100").await;
        assert_eq!(empty.ids("tasks").len(), tasks.iter().filter(|task| task["visibility"] == "team").count());
    }

    async fn a_question_that_is_not_right_is_refused_field_by_field(engine) {
        let app = TestApp::start(engine).await;
        let (bo, cy) = (app.register("Bo").await, app.register("Cy").await);
        for n in 0..3 {
            bo.files(&format!("Task {n}"), json!({})).await;
        }
        for (query, fields) in [
            ("status=wrong", &[("status", "choice")][..]), ("status=open,wrong", &[("status", "choice")]),
            ("priority=HIGH", &[("priority", "choice")]), ("visibility=open", &[("visibility", "choice")]),
            ("assigneeId=bo", &[("assigneeId", "format")]), ("assigneeId=-1", &[("assigneeId", "format")]),
            ("createdById=none", &[("createdById", "format")]), ("tag=a%20b", &[("tag", "format")]),
            ("tag=", &[("tag", "format")]), ("sort=title", &[("sort", "choice")]), ("sort=--createdAt", &[("sort", "choice")]),
            ("limit=0", &[("limit", "range")]), ("limit=101", &[("limit", "range")]), ("limit=x", &[("limit", "type")]),
            ("page=0", &[("page", "range")]), ("page=10001", &[("page", "range")]), ("page=1&cursor=x", &[("page", "choice")]),
            ("status=a&priority=b&sort=c", &[("status", "choice"), ("priority", "choice"), ("sort", "choice")]),
        ] {
            let answer = bo.get(&format!("/api/tasks?{query}")).await;
            assert_eq!(answer.refusal(), (400, "validation_failed"), "{query}");
            assert_eq!(answer.fields(), fields, "{query}");
        }
        let long = bo.get(&format!("/api/tasks?search={}", "x".repeat(201))).await;
        assert_eq!(long.fields(), [("search", "length")]);
        assert_eq!(bo.get("/api/tasks?assigneeId=999&search=x%00y").await.ids("tasks"), [0_i64; 0]);
        // A cursor fits its own question by its own person.
        let first = bo.get("/api/tasks?limit=1&sort=createdAt").await;
        let cursor = first.body["nextCursor"].as_str().unwrap_or_default();
        let next = bo.get(&format!("/api/tasks?limit=2&sort=createdAt&cursor={cursor}")).await;
        assert_eq!(next.ids("tasks").len(), 2, "the size of a page may change on the way");
        for (person, wrong) in [
            (&bo, format!("cursor={cursor}")), (&bo, format!("sort=-createdAt&cursor={cursor}")),
            (&bo, format!("sort=createdAt&status=open&cursor={cursor}")), (&cy, format!("sort=createdAt&cursor={cursor}")),
            (&bo, "cursor=".to_owned()), (&bo, "cursor=AAAA".to_owned()), (&bo, format!("cursor=%00{cursor}")),
        ] {
            let answer = person.get(&format!("/api/tasks?{wrong}")).await;
            assert_eq!(answer.refusal(), (400, "invalid_cursor"), "{wrong}");
        }
    }

    async fn search_finds_words_in_title_description_and_messages_and_nothing_that_is_gone(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, eve) = (&world.bo, &world.eve);
        let printer = bo.files("Drucker im Büro", json!({"description": "The *printer* at http://print.example.com/queue-7 is on fire"})).await;
        let mail = bo.files("Mail", json!({"description": "ask bo.ek@faff.test for report_2026.pdf, version 1.2.3, don't wait"})).await;
        let plain = bo.files("Plain", json!({})).await;
        let said = bo.says(&plain, "A ZEBRA crossed <b>the</b> street &amp; left-handed 第三").await;
        let secret = bo.files("Secret zebra", json!({"visibility": "private"})).await;
        let search = async |person: &Person, words: &str| {
            let request = person.request(reqwest::Method::GET, "/api/tasks").query(&[("search", words), ("sort", "createdAt")]);
            let answer = person.send(request).await;
            assert_eq!(answer.status, 200, "{words}: {answer:?}");
            answer.ids("tasks")
        };
        let all = ids(&[printer.clone(), mail, plain.clone(), secret]);
        let (printer_id, mail_id, plain_id, secret_id) = (&all[..1], &all[1..2], &all[2..3], &all[3..]);
        for (words, found) in [
            ("drucker", printer_id), ("DRUCKER büro", printer_id), ("büro", printer_id), ("BÜRO", printer_id),
            ("büro printer", printer_id), ("druck", printer_id), ("fire prin", printer_id), ("rucker", &[]), ("buro", &[]),
            ("drucker nothing", &[]), ("example", printer_id), ("com", printer_id), ("queue", printer_id), ("7", printer_id),
            ("http://print.example.com/queue-7", printer_id), ("queue-7", printer_id),
            ("faff", mail_id), ("ek@faff.test", mail_id), ("pdf", mail_id), ("report_2026.pdf", mail_id), ("2026", mail_id),
            ("1.2.3", mail_id), ("2.3", mail_id), ("don't", mail_id), ("handed", plain_id), ("left-handed", plain_id),
            ("zebra", plain_id), ("zeb", plain_id), ("the street", plain_id), ("第三", plain_id), ("crossed mail", &[]),
            ("", &[]), ("*", &[]), ("\"'", &[]), ("& | ! ( ) : * -", &[]), ("%_", &[]),
            ("zebra OR mail", &[]), ("NEAR(zebra street)", &[]), ("zebra*", plain_id), ("\"zebra\"", plain_id), ("-zebra", plain_id),
            ("zebra:*", plain_id), ("content:zebra", &[]), ("' or 1=1 --", &[]), ("$1 ?1 zebra", &[]), ("zebra\0", plain_id),
            ("a b c d e f g h i j k l m n o p q r s t", &[]),
        ] {
            let expected = if words.is_empty() { &all[..3] } else { found };
            assert_eq!(search(eve, words).await, expected, "{words:?}");
        }
        assert_eq!(search(bo, "zebra").await, [plain_id, secret_id].concat());

        // What is edited is found anew and no longer as it was; what is deleted is not found.
        let message = format!("/api/messages/{}", said["id"]);
        bo.put(&message, &json!({"content": "An okapi"})).await;
        assert_eq!((search(eve, "zebra").await, search(eve, "okapi").await), (vec![], plain_id.to_vec()));
        bo.says(&plain, "Another okapi").await;
        bo.answers(&plain, "A third one", &said).await;
        bo.delete(&message).await;
        assert_eq!((search(eve, "okapi").await, search(eve, "another").await), (plain_id.to_vec(), plain_id.to_vec()));
        assert_eq!((search(eve, "an okapi third").await, search(eve, "third").await), (vec![], plain_id.to_vec()));
        let path = format!("/api/tasks/{}", printer["id"]);
        bo.put(&path, &json!({"title": "Fax"})).await;
        assert_eq!((search(eve, "drucker").await, search(eve, "fax fire").await), (vec![], printer_id.to_vec()));
        bo.put(&path, &json!({"description": "Gone out"})).await;
        assert_eq!((search(eve, "fire").await, search(eve, "fax gone").await), (vec![], printer_id.to_vec()));
        bo.put(&path, &json!({"priority": "low"})).await;
        assert_eq!(search(eve, "fax gone").await, printer_id);
        world.ada.delete(&path).await;
        assert_eq!(search(eve, "fax").await, [0_i64; 0]);
    }

    async fn a_word_is_found_however_far_down_the_list_and_however_much_was_said_above(engine) {
        let app = TestApp::start(engine).await;
        let world = app.world().await;
        let (bo, eve) = (&world.bo, &world.eve);
        let first = bo.files("First", json!({})).await["id"].as_i64().unwrap();
        // More than are looked through one by one: one in ten private; one in a hundred said something rare, and at number 900
        // more was said than is looked through.
        let n = |count: u32| format!("with recursive n(i) as (select 1 union all select i + 1 from n where i < {count}) ");
        let message = "insert into message (task_id, seq, sender_id, content, content_html, reply_count, created_at, updated_at) select";
        let mut fill = vec![
            n(1000) + &format!(
                "insert into task (title, description, description_html, priority, status, visibility, assigned_to_id, created_by_id, \
                 message_count, last_message_at, version, created_at, updated_at, resolved_at) select 'common' || case i % 100 when 7 then ' \
                 titled' else '' end, '', '', 'low', 'open', case i % 10 when 0 then 'private' else 'team' end, null, {}, \
                 case i when 900 then 5000 else 1 end, null, 1, i, i % 500, null from n", bo.id),
            n(1000) + &format!("{message} {first} + i, 9, {}, 'said' || case i % 100 when 1 then ' rare' when 0 then ' hidden' else '' end, \
                                '', 0, 0, 0 from n", bo.id),
            n(4999) + &format!("{message} {first} + 900, 9 + i, {}, 'much', '', 0, 0, 0 from n", bo.id),
        ];
        if engine == Engine::Sqlite {
            fill.push("insert into message_text (rowid, content) select id, content from message".to_owned());
            fill.push("insert into task_text (rowid, content) select id, title || ' ' || description from task where title <> 'First'".to_owned());
        }
        let db = app.database.open().await;
        for sql in fill {
            let done = db.write(async move |tx: &mut Tx<'_>| {
                tx.commit_quietly("tasks to look for words in");
                tx.execute(&sql, &[]).await
            });
            done.await.unwrap();
        }
        let found = async |person: &Person, query: &str| {
            let tasks = person.walk(&format!("/api/tasks?{query}"), "tasks").await;
            tasks.iter().map(|task| task["id"].as_i64().unwrap() - first).collect::<Vec<_>>()
        };
        let of = |rest: i64| (0..10).rev().map(|n| n * 100 + rest).collect::<Vec<_>>();
        for limit in [1, 7, 10, 100] {
            assert_eq!(found(eve, &format!("search=rare&limit={limit}")).await, of(1), "{limit}");
        }
        assert_eq!(found(eve, "search=titled&sort=createdAt&limit=3").await, of(7).into_iter().rev().collect::<Vec<_>>());
        assert_eq!(found(eve, "search=titled+common&status=open&limit=4").await, of(7));
        // By a key that two of them share: the later of both first.
        let by_time: Vec<i64> = (0..5).rev().flat_map(|n| [n * 100 + 501, n * 100 + 1]).collect();
        assert_eq!(found(eve, "search=rare&sort=-updatedAt&limit=3").await, by_time);
        assert_eq!(found(eve, "search=hidden").await, [0; 0]);
        assert_eq!(found(bo, "search=hidden&limit=4").await, (1..=10).rev().map(|n| n * 100).collect::<Vec<_>>());
        assert_eq!(found(bo, "search=much").await, [900]);
        let common: Vec<i64> = (1..=1000).rev().filter(|n| n % 10 != 0).collect();
        assert_eq!(found(eve, "search=common&limit=100").await, common);
        assert_eq!(found(eve, "search=sai&limit=70").await, common);
        let page = eve.get("/api/tasks?search=rare&limit=4&page=2").await;
        assert_eq!((page.ids("tasks").len(), page.body["totalCount"].as_i64()), (4, Some(10)));
    }

    async fn cursors_lead_through_every_order_once_and_pages_too(engine) {
        let app = TestApp::start(engine).await;
        let (bo, cy) = (app.register("Bo").await, app.register("Cy").await);
        let mut dice = Dice::new(2);
        let mut tasks = file_many(&app, &[&bo, &cy], 23, &mut dice).await;
        tasks.retain(|task| task["visibility"] == "team" || task["createdById"] == bo.id || task["assignedToId"] == bo.id);
        for task in &mut tasks {
            if dice.below(3) == 0 {
                let path = format!("/api/tasks/{}", task["id"]);
                *task = bo.put(&path, &json!({"title": "Changed"})).await.body["task"].clone();
            }
        }
        let count = tasks.len();
        for sort in SORTS {
            let whole = bo.get(&format!("/api/tasks?limit=100&sort={sort}")).await;
            assert_eq!(whole.ids("tasks"), sorted(&tasks, sort), "{sort}");
            let whole = whole.body["tasks"].as_array().cloned().unwrap_or_default();
            for limit in 1..=7 {
                let walked = bo.walk(&format!("/api/tasks?limit={limit}&sort={sort}"), "tasks").await;
                assert_eq!(walked, whole, "{sort} by {limit}");
            }
            let (mut paged, limit) = (Vec::new(), 6);
            for page in 1..=count.div_ceil(limit) + 1 {
                let answer = bo.get(&format!("/api/tasks?limit={limit}&sort={sort}&page={page}")).await;
                assert_eq!(answer.body["totalCount"], count);
                assert_eq!(answer.body["totalPages"], count.div_ceil(limit));
                assert_eq!(answer.body["currentPage"], page);
                assert_eq!(answer.body["hasMore"], page < count.div_ceil(limit));
                paged.extend(answer.body["tasks"].as_array().cloned().unwrap_or_default());
            }
            assert_eq!(paged, whole, "{sort} in pages");
        }
        let defaults = bo.get("/api/tasks").await;
        assert_eq!(defaults.ids("tasks"), sorted(&tasks, "-createdAt").into_iter().take(20).collect::<Vec<_>>());
        assert_eq!(defaults.body.get("totalCount"), None, "counted only when a page is asked for");
        // A page that begins at the end of the list is none.
        let exact = bo.get(&format!("/api/tasks?limit={count}")).await;
        assert_eq!((&exact.body["nextCursor"], &exact.body["hasMore"]), (&Value::Null, &json!(false)));
    }

    async fn tasks_that_are_filed_meanwhile_disturb_no_walk(engine) {
        let app = TestApp::start(engine).await;
        let (bo, cy) = (app.register("Bo").await, app.register("Cy").await);
        let mut filed = Vec::new();
        for n in 0..17 {
            filed.push(bo.files(&format!("Task {n}"), json!({})).await);
        }
        for (sort, limit) in [("-createdAt", 1), ("-createdAt", 3), ("-updatedAt", 4), ("createdAt", 5)] {
            let whole = sorted(&filed, sort);
            let (mut walked, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = bo.get(&format!("/api/tasks?sort={sort}&limit={limit}{cursor}")).await;
                walked.extend(page.ids("tasks"));
                let Some(next) = page.body["nextCursor"].as_str() else { break };
                cursor = format!("&cursor={next}");
                app.clock.advance(1);
                filed.push(cy.files("Meanwhile", json!({})).await);
                if filed.len() > 60 {
                    break;
                }
            }
            let expected = if sort.starts_with('-') { whole } else { sorted(&filed, sort) };
            assert_eq!(walked, expected.into_iter().take(walked.len().max(17)).collect::<Vec<_>>(), "{sort} by {limit}");
        }
    }
}
