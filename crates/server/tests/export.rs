//! `faff export`, `faff import` and `faff move`: what goes from one database into another, of either engine, is all there, and
//! what is damaged on the way is refused with nothing left behind.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Cursor, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use crate::process::{self, Server};
use faff_store::{Db, Reader, StoreError, Tx, bulk};
use faff_testkit::{Engine, PASSWORD, TestApp, TestDatabase, on_both_engines};
use faff_types::Clock;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// What people write, and what databases and parsers may trip over.
const HOSTILE: [&str; 8] = [
    "line\nbreaks\r\n\tand \u{1}\u{7f} controls",
    "{\"json\": \"in \\\"JSON\\\"\", \"n\": [1e400, null, \\u0000]}",
    "\u{202e}right to left\u{202c} שלום עולם مرحبا",
    "🦀👩‍👩‍👧‍👦 e\u{301} ﷽ \u{feff}\u{2028}\u{10ffff}",
    "'; drop table message; -- \\N \\. \\x41 $1 %s",
    "{\"message\":[1,2,3]}",
    "null",
    "-0.0 9223372036854775808 1e308 NaN 2026-02-30T25:00:00Z",
];

/// The longest message, in characters.
const LONG: usize = 20_000;

fn other(engine: Engine) -> Engine {
    if engine == Engine::Sqlite { Engine::Postgres } else { Engine::Sqlite }
}

async fn plant(db: &Db, sql: &str) {
    let sql = sql.to_owned();
    let planted = db.write(async move |tx: &mut Tx<'_>| {
        tx.commit_quietly("what the application does not make by itself");
        tx.execute(&sql, &[]).await
    });
    planted.await.unwrap();
}

fn picture() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let image =
        image::RgbImage::from_fn(600, 400, |x, y| image::Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 7]));
    image::DynamicImage::from(image).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn ok(answer: &faff_testkit::Answer) {
    assert!((200..300).contains(&answer.status), "{answer:?}");
}

/// A database with every kind of row, some of them gone again, and nobody at work on it.
struct Source {
    database: TestDatabase,
    /// The folder of its files.
    files: PathBuf,
    task: Value,
    /// A login that was made there.
    token: String,
    /// The ids that the next task and message get.
    next: (i64, i64),
}

async fn source(engine: Engine) -> Source {
    // The application ends with a runtime of its own, so that it clears nothing away meanwhile.
    let built = tokio::task::spawn_blocking(move || {
        tokio::runtime::Runtime::new().unwrap().block_on(async move {
            let database = TestDatabase::create(engine, faff_app::MIGRATIONS).await;
            let app = TestApp::on(database, None, Clock::system()).await;
            let (task, token, next) = live(&app).await;
            Source { database: app.database, files: app.files, task, token, next }
        })
    });
    let source = built.await.unwrap();
    let db = source.database.open().await;
    for sql in [
        "insert into job (kind, subject, stream, asked_by, state, due_at, attempt, reason, created_at) values \
         ('odd', -9223372036854775807, -1, null, 'parked', 9223372036854775807, 7, '', -1)",
        "insert into upload (id, started_at) values ('0000', -5)",
        "insert into file_removal (stored, since) values ('gone', 0)",
        "insert into file_removal (stored, since) values ('Gone', 0)",
        "insert into file_removal (stored, since) values ('_', 0)",
    ] {
        plant(&db, sql).await;
    }
    source
}

/// Does everything that there is to do.
async fn live(app: &TestApp) -> (Value, String, (i64, i64)) {
    let world = app.world().await;
    let (ada, bo, cy) = (&world.ada, &world.bo, &world.cy);
    let new = json!({"description": HOSTILE[3], "tags": ["vpn", "drucker"], "priority": "urgent"});
    let task = bo.files("Printer on fire", new).await;
    let path = format!("/api/tasks/{}", task["id"]);
    let first = bo.says(&task, "@[Cy](user:3) look").await;
    for text in HOSTILE {
        cy.answers(&task, text, &first).await;
    }
    for letter in ["🔥", "\""] {
        bo.says(&task, &letter.repeat(LONG)).await;
    }
    let keyed = bo.request(Method::POST, &format!("{path}/messages")).header("idempotency-key", "once");
    ok(&bo.send(keyed.json(&json!({"content": "Said once", "clientId": "c-1"}))).await);
    let gone = cy.says(&task, "A secret").await;
    ok(&cy.delete(&format!("/api/messages/{}", gone["id"])).await);
    let edited = json!({"content": "@[Cy](user:3) please look"});
    ok(&bo.put(&format!("/api/messages/{}", first["id"]), &edited).await);
    let assigned = json!({"assignedToId": cy.id, "status": "in_progress", "visibility": "private"});
    ok(&bo.put(&path, &assigned).await);
    ok(&bo.put(&format!("{path}/participants/{}", world.eve.id), &json!({})).await);
    ok(&cy.put(&format!("{path}/read"), &json!({"seq": first["seq"]})).await);
    ok(&bo.post("/api/views", &json!({"name": "Mine ☂", "query": "status=open", "shared": true})).await);

    let form = Form::new()
        .text("taskId", task["id"].to_string())
        .part("files", Part::bytes(picture()).file_name("\u{202e}gnp.png"))
        .part("files", Part::bytes(b"a,b\n1,2\n".to_vec()).file_name("a.csv"));
    ok(&bo.send(bo.request(Method::POST, "/api/messages").multipart(form)).await);

    let generate = format!("/api/summaries/generate/{}", task["id"]);
    ok(&bo.post("/api/summaries", &json!({"taskId": task["id"], "content": "It burnt."})).await);
    ok(&bo.post(&generate, &json!({})).await);
    ok(&bo.post("/api/qa", &json!({"messageId": first["id"]})).await);
    assert_eq!(app.work().await, 2);
    ok(&ada.put("/api/qa/guidance", &json!({"content": "No jokes."})).await);
    bo.says(&task, "Another summary is asked for").await;
    ok(&bo.post(&generate, &json!({})).await);

    // The last of both are gone, but their numbers are taken, and the log of the task stays.
    let mistake = cy.files("A mistake", json!({})).await;
    let last = cy.says(&mistake, "Please delete this").await;
    ok(&ada.delete(&format!("/api/tasks/{}", mistake["id"])).await);
    let next = |value: &Value| value["id"].as_i64().unwrap() + 1;
    (task, bo.token.clone(), (next(&mistake), next(&last)))
}

impl Source {
    fn folder(&self) -> &Path {
        self.database.folder()
    }

    /// Exports into a file of its folder.
    fn export(&self, name: &str) -> PathBuf {
        export(&self.database, self.folder(), &self.folder().join(name))
    }
}

/// Runs the program beside the files in a folder.
fn run(database: &TestDatabase, folder: &Path, arguments: &[&str]) -> Output {
    process::command(database, None, folder).args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[track_caller]
fn done(output: &Output) -> String {
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    said
}

#[track_caller]
fn refused(output: &Output, why: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}{}", String::from_utf8_lossy(&output.stdout));
    assert!(said.contains(why), "expected {why:?}: {said}");
}

fn export(database: &TestDatabase, folder: &Path, file: &Path) -> PathBuf {
    let said = done(&run(database, folder, &["export", "--out", text(file)]));
    assert!(said.contains("exported 19 tables with ") && !said.contains("meanwhile"), "{said}");
    file.to_owned()
}

fn lines(file: &Path) -> Vec<String> {
    std::fs::read_to_string(file).unwrap().split_inclusive('\n').map(str::to_owned).collect()
}

/// What must be the same on all databases: all lines but the first, and of the last what it tells of tables.
fn content(file: &Path) -> (Vec<String>, Value) {
    let mut lines = lines(file);
    let mut last: Value = serde_json::from_str(&lines.pop().unwrap()).unwrap();
    last["end"].as_object_mut().unwrap().remove("sha256").unwrap();
    lines.remove(0);
    (lines, last)
}

fn rows(lines: &[String], table: &str) -> usize {
    lines.iter().filter(|line| line.starts_with(&format!("{{\"{table}\":["))).count()
}

/// Tables that hold anything.
async fn filled(database: &TestDatabase) -> Vec<String> {
    let db = database.open().await;
    db.read(async |reader: &mut Reader<'_>| {
        let mut filled = Vec::new();
        for table in bulk::tables(reader).await? {
            if table.name != "migration" && !bulk::is_empty(reader, &table).await? {
                filled.push(table.name);
            }
        }
        Ok::<_, StoreError>(filled)
    })
    .await
    .unwrap()
}

/// A connection to a database of PostgreSQL, which ends with the test.
async fn connect(database: &TestDatabase) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(&database.url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn posted(url: &str, token: &str, path: &str, body: Value) -> Value {
    let request = reqwest::Client::new().post(format!("{url}{path}")).bearer_auth(token).json(&body);
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    assert!((200..300).contains(&status), "{path}: {status} {text}");
    serde_json::from_str(&text).unwrap()
}

async fn got(url: &str, token: &str, path: &str) -> Value {
    let request = reqwest::Client::new().get(format!("{url}{path}")).bearer_auth(token);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.unwrap()
}

/// Starts a server on what was imported and goes on with it as if nothing had been.
async fn goes_on(source: &Source, database: &TestDatabase, folder: &Path) {
    let server = Server::start(process::command(database, None, folder)).await;
    let url = &server.url;
    let bo = &source.token;
    let me = got(url, bo, "/api/auth/me").await;
    assert_eq!(me["user"]["email"], "bo@faff.example", "an old login is good: {me}");
    let login = json!({"email": "cy@faff.example", "password": PASSWORD});
    let cy = posted(url, "", "/api/auth/login", login).await["token"].as_str().unwrap().to_owned();

    let messages = format!("/api/tasks/{}/messages", source.task["id"]);
    let before = got(url, bo, &format!("{messages}?limit=1")).await;
    let said = posted(url, &cy, &messages, json!({"content": "Is it out by now?"})).await;
    assert_eq!(said["data"]["id"], source.next.1, "the next message: {said}");
    assert!(said["data"]["seq"].as_i64() > before["messages"][0]["seq"].as_i64(), "{said} behind {before}");
    let task = posted(url, bo, "/api/tasks", json!({"title": "The next", "description": "x"})).await;
    assert_eq!(task["task"]["id"], source.next.0, "the next task: {task}");
    let view = posted(url, &cy, "/api/views", json!({"name": "x", "query": ""})).await;
    assert_eq!(view["view"]["id"], 2, "{view}");

    // What is keyed is not done again.
    let again = reqwest::Client::new().post(format!("{url}{messages}")).bearer_auth(bo);
    let again =
        again.header("idempotency-key", "once").json(&json!({"content": "Said once", "clientId": "c-1"}));
    let again: Value = again.send().await.unwrap().json().await.unwrap();
    assert!(again["data"]["id"].as_i64() < Some(source.next.1), "{again}");

    for (query, hits) in
        [("dr%C3%BCck", 0), ("workd", 0), ("secret", 0), ("please", 1), ("out%20by%20now", 1), ("fire", 1)]
    {
        let found = got(url, bo, &format!("/api/search?q={query}")).await;
        assert_eq!(found["hits"].as_array().map(Vec::len), Some(hits), "{query}: {found}");
    }
    let newest = got(url, bo, &format!("{messages}?limit=100")).await;
    let with_files = newest["messages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|message| message["attachments"].as_array().is_some_and(|files| !files.is_empty()));
    let address = with_files.unwrap()["attachments"][0]["url"].as_str().unwrap().to_owned();
    let file = reqwest::Client::new().get(format!("{url}{address}")).bearer_auth(bo).send().await.unwrap();
    assert_eq!(file.bytes().await.unwrap(), picture(), "a file is there");
}

on_both_engines! {
    async fn what_is_exported_goes_into_either_engine_and_comes_back_the_same(engine) {
        let source = source(engine).await;
        let file = source.export("a.jsonl");
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        refused(&run(&source.database, source.folder(), &["export", "--out", text(&file)]), "it is there already");
        let whole = lines(&file);
        let first: Value = serde_json::from_str(&whole[0]).unwrap();
        assert_eq!((&first["faff_export"], &first["engine"]), (&json!(1), &json!(engine.name())));
        for table in source_tables(&whole) {
            assert!(rows(&whole, &table) > 0, "there is no row of {table} to look at");
        }
        assert_eq!((rows(&whole, "account"), rows(&whole, "task"), rows(&whole, "job")), (4, 1, 2));
        assert!(!whole.iter().any(|line| line.contains(PASSWORD) || line.contains("A secret")));

        for target in [engine, other(engine)] {
            // Not even migrated.
            let database = TestDatabase::create(target, &[]).await;
            let imported = done(&run(&database, source.folder(), &["import", text(&file)]));
            for said in ["imported 19 tables", "read again, every table", "verified: the log is whole", "all 3 files and"] {
                assert!(imported.contains(said), "{said}: {imported}");
            }
            let back = export(&database, source.folder(), &source.folder().join(format!("{}.jsonl", target.name())));
            assert_eq!(content(&file), content(&back), "from {} to {}", engine.name(), target.name());
            refused(&run(&database, source.folder(), &["import", text(&file)]), "the database is not empty: its table account");

            let copied = database.folder().join("copied");
            std::fs::create_dir_all(copied.join("files")).unwrap();
            for entry in std::fs::read_dir(&source.files).unwrap() {
                let entry = entry.unwrap();
                std::fs::copy(entry.path(), copied.join("files").join(entry.file_name())).unwrap();
            }
            goes_on(&source, &database, &copied).await;
            let verified = run(&database, &copied, &["verify"]);
            assert!(done(&verified).contains("\nok\n"), "{verified:?}");
        }
    }
}

fn source_tables(lines: &[String]) -> Vec<String> {
    let head = |line: &String| {
        let head: Value = serde_json::from_str(line).unwrap();
        head["table"].as_str().map(str::to_owned)
    };
    lines.iter().filter(|line| line.starts_with("{\"table\":")).filter_map(head).collect()
}

/// Makes the hashes of a changed export fit again, as somebody would who changes it on purpose.
fn seal(lines: &mut Vec<String>) {
    let mut last: Value = serde_json::from_str(&lines.pop().unwrap()).unwrap();
    let mut sums: BTreeMap<String, (usize, Sha256)> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.contains("\":[") && !line.starts_with("{\"table\"")) {
        let table = line.split('"').nth(1).unwrap();
        let sum = sums.entry(table.to_owned()).or_default();
        sum.0 += 1;
        sum.1.update(line);
    }
    let hex = |hash: Sha256| {
        hash.finalize().iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        })
    };
    for table in last["end"]["tables"].as_array_mut().unwrap() {
        let (rows, hash) = sums.remove(table["table"].as_str().unwrap()).unwrap_or_default();
        (table["rows"], table["sha256"]) = (json!(rows), json!(hex(hash)));
    }
    last["end"]["sha256"] = json!(hex(Sha256::new_with_prefix(lines.concat())));
    lines.push(format!("{last}\n"));
}

/// The places of the lines of a table: its head, and behind its last row.
fn block(lines: &[String], table: &str) -> (usize, usize) {
    let head = lines.iter().position(|line| line.starts_with(&format!("{{\"table\":\"{table}\""))).unwrap();
    (head, head + 1 + rows(lines, table))
}

/// The last row of a table.
fn last_row(lines: &[String], table: &str) -> usize {
    block(lines, table).1 - 1
}

fn replace(lines: &mut [String], place: usize, from: &str, to: &str) {
    assert!(lines[place].contains(from), "{from} in {}", lines[place]);
    lines[place] = lines[place].replacen(from, to, 1);
}

type Damage = fn(&mut Vec<String>);

/// What is done to an export, and what must be said of it.
const DAMAGES: &[(Damage, &str)] = &[
    (|lines| lines.clear(), "the export ends behind line 0"),
    (|lines| "a,b\n".clone_into(&mut lines[0]), "line 1: it is not the first line of an export of faff"),
    (|lines| drop(lines.remove(0)), "line 1: it is not the first line of an export of faff"),
    (
        |lines| replace(lines, 0, "\"faff_export\":1", "\"faff_export\":2,\"new\":[]"),
        "line 1: it has the format 2",
    ),
    (|lines| replace(lines, 0, "\"schema\":", "\"schema\":1"), "or a newer one"),
    (|lines| replace(lines, 0, "\"schema\":1", "\"schema\":"), "and export again"),
    (
        |lines| {
            let place = last_row(lines, "message");
            replace(lines, place, "is asked for", "was asked for");
        },
        "rows of message with the hash",
    ),
    (
        |lines| {
            let place = last_row(lines, "event");
            replace(lines, place, "]}", " ]}");
        },
        "rows of event with the hash",
    ),
    (
        |lines| {
            let place = last_row(lines, "inbox");
            lines.remove(place);
        },
        "rows of inbox with the hash",
    ),
    (
        |lines| {
            let place = last_row(lines, "message");
            let row = lines[place].clone();
            lines.insert(place, row);
        },
        "its key does not come behind",
    ),
    (
        |lines| {
            let place = last_row(lines, "message");
            lines.swap(place, place - 1);
        },
        "its key does not come behind",
    ),
    (
        |lines| {
            let cut = lines.pop().unwrap();
            lines.push(cut[..cut.len() - 10].to_owned());
        },
        "it ends in the middle: the file was cut",
    ),
    (
        |lines| {
            let place = last_row(lines, "message");
            lines.truncate(place);
            let cut = lines.pop().unwrap();
            lines.push(cut[..cut.floor_char_boundary(cut.len() / 2)].to_owned() + "\n");
        },
        "it does not end as a row does",
    ),
    (|lines| drop(lines.pop()), "it was cut; export again"),
    (
        |lines| {
            let (from, to) = block(lines, "task");
            let task: Vec<String> = lines.drain(from..to).collect();
            let at = block(lines, "message").1;
            lines.splice(at..at, task);
        },
        "here stands the table message, but it must be task",
    ),
    (
        |lines| {
            let (from, to) = block(lines, "reading");
            lines.drain(from..to);
        },
        "here stands the table review, but it must be reading",
    ),
    (
        |lines| {
            let head = block(lines, "task").0;
            replace(lines, head, "\"title text\"", "\"name text\"");
        },
        "the table task must have the columns id int, title text",
    ),
    (
        |lines| {
            let head = block(lines, "task").0;
            replace(lines, head, "\"last_id\":", "\"last\":");
        },
        "unknown field `last`",
    ),
    (
        |lines| {
            let head = block(lines, "message").0;
            let (before, _) = lines[head].split_once("\"last_id\"").unwrap();
            lines[head] = format!("{before}\"last_id\":3}}\n");
        },
        "its id is above 3",
    ),
    (
        |lines| {
            let place = last_row(lines, "account");
            replace(lines, place, ",true,", ",1,");
        },
        "the column active must hold bool",
    ),
    (
        |lines| {
            let place = lines.len() - 1;
            let hash = lines[place].split("\"sha256\":\"").nth(1).unwrap()[..8].to_owned();
            replace(lines, place, &hash, "00000000");
        },
        "rows of account with the hash 00000000",
    ),
    (
        |lines| {
            let place = lines.len() - 1;
            let at = lines[place].rfind("\"sha256\":\"").unwrap();
            lines[place].replace_range(at + 10..at + 14, "zzzz");
        },
        "the lines before it are not those that were written",
    ),
    (|lines| lines.push("\n".to_owned()), "nothing may stand behind the last line"),
    // Changed on purpose, with hashes that fit.
    (
        |lines| {
            let place = last_row(lines, "account");
            replace(lines, place, "eve@faff.example", "cy@faff.example");
            seal(lines);
        },
        "the database refuses these rows of account: not unique",
    ),
    (
        |lines| {
            let place = last_row(lines, "task_tag");
            "{\"task_tag\":[999,\"x\"]}\n".clone_into(&mut lines[place]);
            seal(lines);
        },
        "the database refuses these rows of task_tag",
    ),
    (
        |lines| {
            let place = last_row(lines, "event");
            lines.remove(place);
            seal(lines);
        },
        "its end is noted as event",
    ),
    (
        |lines| {
            let place = last_row(lines, "event");
            replace(lines, place, "\"task_deleted\"", "\"task_created\"");
            seal(lines);
        },
        "its digest",
    ),
    (
        |lines| {
            let place = last_row(lines, "task");
            replace(lines, place, "\"in_progress\"", "\"closed\"");
            seal(lines);
        },
        "status is closed, but the log says in_progress",
    ),
];

on_both_engines! {
    async fn what_is_damaged_is_refused_and_nothing_is_left(engine) {
        let source = source(engine).await;
        let whole = lines(&source.export("a.jsonl"));
        let database = TestDatabase::create(engine, faff_app::MIGRATIONS).await;
        let file = source.folder().join("damaged.jsonl");
        for (damage, why) in DAMAGES {
            let mut lines = whole.clone();
            damage(&mut lines);
            assert_ne!(lines, whole, "{why}");
            std::fs::write(&file, lines.concat()).unwrap();
            let output = run(&database, source.folder(), &["import", text(&file)]);
            refused(&output, why);
            refused(&output, "nothing was imported: ");
            assert_eq!(filled(&database).await, [""; 0], "{why}");
        }
        let mut faulty = whole.clone();
        let place = last_row(&faulty, "task");
        replace(&mut faulty, place, "\"in_progress\"", "\"closed\"");
        seal(&mut faulty);
        std::fs::write(&file, faulty.concat()).unwrap();
        let taken = done(&run(&database, source.folder(), &["import", "--with-faults", text(&file)]));
        assert!(taken.contains("taken although 1 fault was found"), "{taken}");
        assert_eq!(lines(&export(&database, source.folder(), &source.folder().join("b.jsonl")))[1..faulty.len() - 1],
            faulty[1..faulty.len() - 1]);

        // What is whole is taken, also from standard input, by a database in which so much has failed.
        let database = TestDatabase::create(engine, faff_app::MIGRATIONS).await;
        std::fs::write(&file, whole[..whole.len() / 2].concat()).unwrap();
        refused(&run(&database, source.folder(), &["import", text(&file)]), "it was cut");
        std::fs::write(&file, whole.concat()).unwrap();
        let mut import = process::command(&database, None, source.folder());
        let input = std::fs::File::open(&file).unwrap();
        done(&import.args(["import", "-"]).stdin(input).output().unwrap());
    }

    async fn it_is_moved_by_one_command_with_its_files(engine) {
        let source = source(engine).await;
        let target = TestDatabase::create(other(engine), &[]).await;
        let folder = target.folder().join("elsewhere");
        let place = format!("file://{}", folder.join("files").display());
        let there = ["move", "--to", &target.url, "--to-storage", &place];
        let moved = done(&run(&source.database, source.folder(), &there));
        for said in ["copied 3 files", "each is what it was", "verified: the log is whole", "all 3 files and", "now start the server"] {
            assert!(moved.contains(said), "{said}: {moved}");
        }
        assert!(!moved.contains("meanwhile"), "{moved}");
        let files = |path: &Path| {
            let entries = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap());
            entries.map(|entry| (entry.file_name(), std::fs::read(entry.path()).unwrap())).collect::<BTreeMap<_, _>>()
        };
        assert_eq!(files(&source.files), files(&folder.join("files")));
        let (before, after) = (source.export("a.jsonl"), source.folder().join("b.jsonl"));
        assert_eq!(content(&before), content(&export(&target, &folder, &after)));
        goes_on(&source, &target, &folder).await;

        refused(&run(&source.database, source.folder(), &there), "the database is not empty");
        let itself = ["move", "--to", &source.database.url];
        refused(&run(&source.database, source.folder(), &itself), "in already");
        let output = run(&source.database, source.folder(), &["move", "--to", "mysql://root:hunter2@db/x"]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains("--to: expected") && !said.contains("hunter2"), "{said}");

        // Files stay where they are when nobody says otherwise.
        let again = TestDatabase::create(engine, &[]).await;
        let moved = done(&run(&target, &folder, &["move", "--to", &again.url]));
        assert!(!moved.contains("copied") && moved.contains("all 3 files and"), "{moved}");
    }

    async fn files_that_are_not_there_are_told(engine) {
        let source = source(engine).await;
        let file = source.export("a.jsonl");
        let target = TestDatabase::create(engine, &[]).await;
        let elsewhere = target.folder().join("elsewhere");
        std::fs::create_dir(&elsewhere).unwrap();
        let imported = done(&run(&target, &elsewhere, &["import", text(&file)]));
        assert!(imported.contains("3 of 3 files and thumbnails are not in the folder"), "{imported}");
    }

    async fn an_export_is_of_one_moment_and_says_what_came_later(engine) {
        let Source { database, task, .. } = source(engine).await;
        let app = TestApp::on(database, None, Clock::system()).await;
        let bo = app.log_in("bo@faff.example").await;
        let folder = app.database.folder();
        let mut export = process::command(&app.database, None, folder);
        export.args(["export", "--out", "-"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = export.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut text = String::new();
        out.read_line(&mut text).unwrap();
        // More is to come than a pipe holds, so it is in the middle.
        bo.says(&task, "Said too late").await;
        out.read_to_string(&mut text).unwrap();
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(child.wait().unwrap().success(), "{said}");
        assert!(said.contains("\n1 more events were logged meanwhile"), "{said}");
        assert!(text.len() > 200_000 && text.contains("Said once") && !text.contains("Said too late"));
        let file = folder.join("a.jsonl");
        std::fs::write(&file, text).unwrap();
        done(&run(&TestDatabase::create(engine, &[]).await, folder, &["import", self::text(&file)]));
    }

    async fn a_source_that_was_not_quiet_is_told_and_fails(engine) {
        let Source { database, task, .. } = source(engine).await;
        let app = TestApp::on(database, None, Clock::system()).await;
        let bo = app.log_in("bo@faff.example").await;
        let target = TestDatabase::create(Engine::Postgres, faff_app::MIGRATIONS).await;
        // The move comes as far as the first row that it writes.
        let holder = connect(&target).await;
        holder.batch_execute("begin; lock table account in share mode").await.unwrap();
        // Of its own: a transaction sees what others do as it saw it first.
        let watcher = connect(&target).await;
        let mut command = process::command(&app.database, None, app.database.folder());
        command.args(["move", "--to", &target.url]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        let waits = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        while watcher.query_one(waits, &[]).await.unwrap().get::<_, i64>(0) == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        bo.says(&task, "Said too late").await;
        holder.batch_execute("commit").await.unwrap();
        let output = child.wait_with_output().unwrap();
        refused(&output, "1 more events were logged in ");
        refused(&output, "stop every server, empty the target, and move again");
    }

    async fn what_is_no_database_of_this_schema_is_refused(engine) {
        let database = TestDatabase::create(engine, &[]).await;
        let folder = database.folder();
        let file = folder.join("a.jsonl");
        let export = ["export", "--out", text(&file)];
        if engine == Engine::Sqlite {
            let nowhere = ["export", "--out", text(&file), "--database-url", "sqlite:nowhere.sqlite"];
            refused(&run(&database, folder, &nowhere), "there is no database at nowhere.sqlite");
        }
        done(&run(&database, folder, &["migrate"]));
        let db = database.open().await;
        plant(&db, "insert into migration (number, name, checksum) values (999, 'later', '')").await;
        refused(&run(&database, folder, &export), "use the newer faff");
        plant(&db, "delete from migration where number = 999").await;
        plant(&db, "insert into consumer (name, tx, id) values ('somebody', 0, 0)").await;
        refused(&run(&database, folder, &export), "the table consumer holds rows, which cannot be moved");
        assert!(!file.exists(), "no half of an export is left");
        plant(&db, "delete from consumer").await;
        done(&run(&database, folder, &export));
        std::fs::remove_file(&file).unwrap();
        plant(&db, "delete from migration where number = (select max(number) from migration)").await;
        refused(&run(&database, folder, &export), "run `faff migrate` on it first");
    }
}
