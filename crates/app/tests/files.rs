//! Files: sent with messages or ahead of them, limited, shown to whoever may see them, and removed.
#![expect(clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::time::Duration;

use faff_store::{Reader, StoreError};
use faff_testkit::{Answer, Person, TestApp, on_both_stores};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const MIB: usize = 1024 * 1024;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x07\0\0\0\x05\x08\x06\0\0\0";
const UPLOAD: &str = "/api/attachments/upload";

fn file(name: &str, bytes: impl Into<Vec<u8>>) -> Part {
    Part::bytes(bytes.into()).file_name(name.to_owned())
}

fn form(task: &Value) -> Form {
    Form::new().text("taskId", task["id"].to_string())
}

async fn send(person: &Person, method: Method, path: &str, form: Form) -> Answer {
    person.send(person.request(method, path).multipart(form)).await
}

/// Stages files, and returns them.
async fn stage(person: &Person, task: &Value, count: usize) -> Vec<Value> {
    let form = (0..count)
        .fold(form(task), |form, n| form.part("files[]", file(&format!("{n}.txt"), format!("File {n}"))));
    let answer = send(person, Method::POST, UPLOAD, form).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["attachments"].as_array().cloned().unwrap_or_default()
}

/// Ids, as a message names them.
fn refs(files: &[Value]) -> Value {
    files.iter().map(|file| json!({"id": file["id"]})).collect()
}

/// Posts a message with files, and returns it.
async fn post(person: &Person, task: &Value, files: &[Value]) -> Value {
    let body = json!({"content": "See", "attachments": refs(files)});
    let answer = person.post(&format!("/api/tasks/{}/messages", task["id"]), &body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body["data"].clone()
}

/// What is there: objects, rows, uploads under way, and objects to be removed.
async fn there(app: &TestApp) -> (usize, i64, i64, i64) {
    let objects = std::fs::read_dir(&app.files).map(Iterator::count).unwrap_or_default();
    let db = app.database.open().await;
    let count = db.read(async |reader: &mut Reader<'_>| {
        let sql = "select (select count(*) from attachment), (select count(*) from upload), (select count(*) from file_removal)";
        reader.one::<(i64, i64, i64)>(sql, &[]).await
    });
    let count: Result<_, StoreError> = count.await;
    let (rows, uploads, removals) = count.unwrap_or_default();
    (objects, rows, uploads, removals)
}

/// Waits until that is there.
async fn settles(app: &TestApp, objects: usize, rows: i64) {
    for _ in 0..400 {
        if there(app).await == (objects, rows, 0, 0) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert_eq!(there(app).await, (objects, rows, 0, 0));
}

on_both_stores! {
    async fn files_come_with_a_message_or_ahead_of_it_and_are_read_back(place) {
        let app = TestApp::start(place).await;
        let (bo, cy) = (app.register("Bo").await, app.register("Cy").await);
        let task = bo.files("Printer", json!({})).await;
        let two = form(&task).part("files", file("a.png", PNG)).part("files[]", file("ä b.txt", "Grüße"));
        let direct = send(&bo, Method::POST, "/api/messages", two.text("clientId", "mine")).await;
        assert_eq!(direct.status, 201, "{direct:?}");
        let message = &direct.body["data"];
        assert_eq!((&message["content"], &message["clientId"]), (&json!(""), &json!("mine")));
        let (picture, text) = (&message["attachments"][0], &message["attachments"][1]);
        let stored = picture["filename"].as_str().unwrap_or_default();
        assert_eq!(*picture, json!({
            "id": picture["id"], "filename": stored, "originalName": "a.png", "url": format!("/uploads/messages/{stored}"),
            "thumbnailUrl": null,
            "mimetype": "image/png", "size": PNG.len(), "width": 7, "height": 5, "createdAt": message["createdAt"],
        }));
        assert_eq!((&text["originalName"], &text["mimetype"], &text["width"]), (&json!("ä b.txt"), &json!("text/plain"), &Value::Null));
        let url = |file: &Value| file["url"].as_str().unwrap_or_default().to_owned();
        assert_eq!(cy.get(&url(text)).await.text, "Grüße");

        let staged = stage(&bo, &task, 2).await;
        assert_eq!(cy.get(&url(&staged[0])).await.status, 404, "until it is sent, it is its sender's");
        assert_eq!(bo.get(&url(&staged[0])).await.text, "File 0");
        let posted = post(&bo, &task, &[staged[1].clone(), staged[0].clone()]).await;
        assert_eq!(posted["attachments"], json!([staged[1], staged[0]]), "in the order of the message");
        assert_eq!(cy.get(&url(&staged[0])).await.text, "File 0");

        let list = cy.get(&format!("/api/tasks/{}/messages", task["id"])).await;
        assert_eq!(list.body["messages"], json!([message, posted]));
        let thread = cy.get(&format!("/api/messages/{}/thread", message["id"])).await;
        assert_eq!(thread.body["parentMessage"], *message);

        // PUT adds files, up to five in all.
        let path = format!("/api/messages/{}", posted["id"]);
        let edited = send(&bo, Method::PUT, &path, Form::new().part("files", file("c.csv", "a,b"))).await;
        assert_eq!(edited.status, 200, "{edited:?}");
        assert_eq!(edited.body["data"]["attachments"][2]["mimetype"], "text/csv");
        assert_eq!(edited.body["data"]["content"], "See");
        let more = stage(&bo, &task, 3).await;
        let refused = bo.put(&path, &json!({"attachments": refs(&more)})).await;
        assert_eq!(refused.fields(), [("attachments", "length")]);
        let edited = bo.put(&path, &json!({"content": "", "attachments": refs(&more[..2])})).await;
        assert_eq!(edited.body["data"]["attachments"].as_array().map(Vec::len), Some(5), "{edited:?}");
        assert_eq!(bo.put(&path, &json!({})).await.fields(), [("content", "required")]);
        let plain = bo.says(&task, "Plain").await;
        assert_eq!(bo.put(&format!("/api/messages/{}", plain["id"]), &json!({"content": ""})).await.fields(), [("content", "length")]);
        settles(&app, 8, 8).await;
    }

    async fn what_a_message_names_must_be_its_senders_staged_for_its_task_and_free(place) {
        let app = TestApp::start(place).await;
        let (bo, cy) = (app.register("Bo").await, app.register("Cy").await);
        let (task, other) = (bo.files("Printer", json!({})).await, bo.files("Other", json!({})).await);
        let door = format!("/api/tasks/{}/messages", task["id"]);
        let mine = stage(&bo, &task, 5).await;
        let (his, elsewhere) = (stage(&cy, &task, 1).await, stage(&bo, &other, 1).await);
        let used = post(&bo, &task, &mine[..1]).await;
        let unknown = json!([{"id": "00000000-0000-4000-8000-000000000000"}]);
        for (attachments, code) in [
            (refs(&his), "reference"), (refs(&elsewhere), "reference"), (refs(&mine[..1]), "reference"), (unknown, "reference"),
            (refs(&[mine[1].clone(), his[0].clone()]), "reference"), (refs(&[mine[1].clone(), mine[1].clone()]), "duplicate"),
            (refs(&[&mine[..], &his[..]].concat()), "length"),
        ] {
            let answer = bo.post(&door, &json!({"content": "x", "attachments": attachments})).await;
            assert_eq!(answer.fields(), [("attachments", code)], "{attachments}");
        }
        for wrong in [json!([{"id": "x"}]), json!([{"id": "x", "url": "y"}]), json!("x"), json!([7])] {
            assert_eq!(bo.post(&door, &json!({"content": "x", "attachments": wrong})).await.status, 400);
        }
        // Of many who name one file at once, one gets it.
        let body = json!({"content": "x", "attachments": refs(&mine[1..2])});
        let answers = futures_util::future::join_all((0..6).map(|_| bo.post(&door, &body))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);

        // Sent again under its name, it answers with the first; with other files, it is another message.
        let named = |files: &[Value]| json!({"content": "x", "clientId": "once", "attachments": refs(files)});
        let first = bo.post(&door, &named(&mine[2..3])).await;
        let again = bo.post(&door, &named(&mine[2..3])).await;
        assert_eq!((again.status, &again.body["data"]), (201, &first.body["data"]));
        assert_eq!(bo.post(&door, &named(&mine[3..4])).await.refusal(), (422, "idempotency_key_reused"));
        let form = |text: &'static str| form(&task).text("clientId", "form").part("files", file("a.txt", text));
        let first = send(&bo, Method::POST, "/api/messages", form("same")).await;
        let again = send(&bo, Method::POST, "/api/messages", form("same")).await;
        assert_eq!(again.body["data"], first.body["data"]);
        assert_eq!(send(&bo, Method::POST, "/api/messages", form("other")).await.refusal(), (422, "idempotency_key_reused"));
        let keyed = |text: &'static str| {
            let form = Form::new().text("taskId", task["id"].to_string()).part("files", file("a.txt", text));
            bo.send(bo.request(Method::POST, UPLOAD).header("idempotency-key", "k").multipart(form))
        };
        let (first, again) = (keyed("1").await, keyed("1").await);
        assert_eq!((first.status, &again.body), (200, &first.body));
        assert_eq!(keyed("2").await.status, 422);
        // Five of bo's, cy's, the one elsewhere, the form's, the keyed one.
        settles(&app, 9, 9).await;
        assert_eq!(used["attachments"].as_array().map(Vec::len), Some(1));

        // Over a socket, it is the same.
        let mut live = bo.watch(&task).await;
        let sent = live.ask("send_message", &json!({"taskId": task["id"], "attachments": refs(&mine[3..4])})).await;
        assert_eq!(sent["message"]["attachments"], json!([mine[3]]), "{sent}");
        assert_eq!(live.next("new_message").await["attachments"], json!([mine[3]]));
        let refused = live.ask("send_message", &json!({"taskId": task["id"], "attachments": refs(&mine[3..4])})).await;
        assert_eq!(refused["error"]["code"], "validation_failed");
    }

    async fn limits_hold_to_the_byte_and_a_refusal_leaves_nothing(place) {
        let app = TestApp::start(place).await;
        let (bo, eve) = (app.register("Bo").await, app.register("Eve").await);
        let task = bo.files("Printer", json!({"visibility": "private"})).await;
        let full = vec![b'a'; 10 * MIB];
        let exact = form(&task).part("files", file("full.txt", full.clone()));
        let answer = send(&bo, Method::POST, "/api/messages", exact).await;
        assert_eq!((answer.status, &answer.body["data"]["attachments"][0]["size"]), (201, &json!(10 * MIB)));
        settles(&app, 1, 1).await;
        let over = [full, vec![b'a']].concat();
        let small = || file("x.txt", "x");
        let six = (0..6).fold(form(&task), |form, _| form.part("files", small()));
        let many = (0..40).fold(form(&task), |form, _| form.part("files", file("", "")));
        for (form, refusal) in [
            (form(&task).part("files", small()).part("files", file("x.txt", over)), (413, "file_too_large")),
            (six, (413, "too_many_files")),
            (many, (413, "too_large")),
            (form(&task).part("files", small()).part("files", file("cat.png", b"MZ\x90\0\x03\0".to_vec())), (415, "unsupported_file_type")),
            (form(&task).part("files", file("x.txt", "<!doctype html><script>alert(1)</script>")), (415, "unsupported_file_type")),
            (form(&task).part("files", small()).text("sender", "x"), (400, "validation_failed")),
            (form(&task).part("files", small()).text("taskId", "1"), (400, "validation_failed")),
            (form(&task).part("files", small()).text("content", "x".repeat(200_000)), (413, "too_large")),
            (form(&task).part("files", small()).text("content", "x".repeat(20_001)), (400, "validation_failed")),
            (form(&task).part("files", small()).text("replyToId", "999"), (400, "validation_failed")),
            (Form::new().part("files", small()), (400, "validation_failed")),
            (Form::new().text("taskId", "999").part("files", small()), (404, "not_found")),
            (Form::new().part("files", small()).text("taskId", "999"), (404, "not_found")),
        ] {
            assert_eq!(send(&bo, Method::POST, "/api/messages", form).await.refusal(), refusal);
            assert_eq!(there(&app).await, (1, 1, 0, 0), "{refusal:?}");
        }
        let theirs = form(&task).part("files", small());
        assert_eq!(send(&eve, Method::POST, UPLOAD, theirs).await.refusal(), (404, "not_found"));
        let raw = |body: String, kind: &str| {
            bo.send(bo.request(Method::POST, UPLOAD).header("content-type", kind.to_owned()).body(body))
        };
        let kind = "multipart/form-data; boundary=X";
        let part = format!("--X\r\nContent-Disposition: form-data; name=\"taskId\"\r\n\r\n{}\r\n", task["id"]);
        let part = format!("{part}--X\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.txt\"\r\n\r\nabc");
        assert_eq!(raw(part.clone(), kind).await.refusal(), (400, "bad_request"), "without an end");
        assert_eq!(raw(part.clone(), "multipart/form-data").await.refusal(), (400, "malformed_form"));
        assert_eq!(raw("{}".to_owned(), "application/json").await.refusal(), (415, "unsupported_media_type"));
        let long = format!("--X\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\nabc", "x".repeat(MIB));
        assert_eq!(raw(long, kind).await.refusal(), (413, "too_large"), "headers of a part end");
        assert_eq!(raw("x".repeat(MIB), kind).await.refusal(), (413, "too_large"), "parts begin");
        let packed = bo.request(Method::POST, UPLOAD).header("content-type", kind).header("content-encoding", "gzip").body(part);
        assert_eq!(bo.send(packed).await.refusal(), (415, "unsupported_media_type"));
        assert_eq!(there(&app).await, (1, 1, 0, 0));
    }

    async fn an_upload_that_is_cut_off_leaves_nothing_and_the_length_may_lie(place) {
        let app = TestApp::start(place).await;
        let bo = app.register("Bo").await;
        let task = bo.files("Printer", json!({})).await;
        let address = app.url.trim_start_matches("http://").to_owned();
        let open = async |length: usize, bytes: &[u8]| {
            let mut stream = tokio::net::TcpStream::connect(&address).await.ok()?;
            let head = format!(
                "POST {UPLOAD} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: multipart/form-data; boundary=X\r\n\
                 Content-Length: {length}\r\n\r\n--X\r\nContent-Disposition: form-data; name=\"taskId\"\r\n\r\n{}\r\n\
                 --X\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.txt\"\r\n\r\n", bo.token, task["id"]
            );
            stream.write_all(head.as_bytes()).await.ok()?;
            stream.write_all(bytes).await.ok()?;
            Some(stream)
        };
        let mut open_ones = Vec::new();
        for _ in 0..4 {
            open_ones.push(open(9 * MIB, &vec![b'a'; MIB]).await);
        }
        for _ in 0..400 {
            if there(&app).await.2 == 4 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        assert_eq!(there(&app).await.2, 4, "each is noted while it is under way");
        drop(open_ones);
        settles(&app, 0, 0).await;
        let mut answer = String::new();
        if let Some(mut stream) = open(999 * MIB, b"a").await {
            let _ = tokio::time::timeout(Duration::from_secs(20), stream.read_to_string(&mut answer)).await;
        }
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
        settles(&app, 0, 0).await;
    }

    async fn what_a_crash_leaves_is_found_and_what_was_never_sent_expires(place) {
        let app = TestApp::start(place).await;
        let bo = app.register("Bo").await;
        let task = bo.files("Printer", json!({})).await;
        let staged = stage(&bo, &task, 2).await;
        post(&bo, &task, &staged[..1]).await;
        // As a crash leaves them: one whole, one half, and the note of them.
        let upload = "c".repeat(32);
        // What comes for a bucket has no name until it is whole.
        let half = if place.store == Store::Folder { "1#1" } else { "1t" };
        for name in ["0", "0t", half] {
            assert!(std::fs::write(app.files.join(format!("{upload}{name}")), "half").is_ok());
        }
        let db = app.database.open().await;
        let (noted, now) = (upload.clone(), app.clock.now());
        let done = db.write(async move |tx: &mut faff_store::Tx<'_>| {
            tx.commit_quietly("a crash");
            tx.execute("insert into upload (id, started_at) values ($1, $2)", &faff_store::params![&noted, now]).await
        });
        assert!(done.await.is_ok());
        assert_eq!(faff_app::edges::files::sweep(&app.app).await.ok(), Some(0), "an hour has not passed");
        app.clock.advance(3600 * 1000 + 1);
        let late = bo.post(&format!("/api/tasks/{}/messages", task["id"]), &json!({"content": "x", "attachments": refs(&staged[1..])})).await;
        assert_eq!(late.fields(), [("attachments", "reference")]);
        app.clock.advance(600 * 1000);
        assert!(faff_app::edges::files::sweep(&app.app).await.is_ok());
        settles(&app, 1, 1).await;
    }

    async fn verification_misses_no_object_too_many_or_too_few(place) {
        let app = TestApp::start(place).await;
        let bo = app.register("Bo").await;
        let task = bo.files("Printer", json!({})).await;
        let staged = stage(&bo, &task, 2).await;
        post(&bo, &task, &staged[..1]).await;
        let found = async || faff_app::edges::verify::verify(&app.app).await.map(|report| (report.files, report.faults)).ok();
        assert_eq!(found().await, Some((2, Vec::new())));
        let stored = staged[0]["filename"].as_str().unwrap_or_default();
        assert!(std::fs::rename(app.files.join(stored), app.files.join(format!("{stored}#1"))).is_ok());
        assert!(std::fs::write(app.files.join("f00d"), "x").is_ok());
        let mut faults = found().await.map(|(_, faults)| faults).unwrap_or_default();
        faults.sort();
        assert_eq!(faults, [
            format!("file {stored}: its object is missing"),
            format!("object {stored}#1: no file and no upload is noted for it"),
            "object f00d: no file and no upload is noted for it".to_owned(),
        ].into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>());
    }

    async fn files_go_with_their_message_their_task_or_alone(place) {
        let app = TestApp::start(place).await;
        let world = app.world().await;
        let (ada, bo, cy) = (&world.ada, &world.bo, &world.cy);
        let task = bo.files("Printer", json!({})).await;
        let staged = stage(bo, &task, 4).await;
        let (first, second) = (post(bo, &task, &staged[..3]).await, post(bo, &task, &staged[3..]).await);
        stage(cy, &task, 1).await;
        let mut live = cy.watch(&task).await;
        let path = format!("/api/messages/{}/attachment", first["id"]);
        let remove = async |person: &Person, file: &Value| {
            person.send(person.request(Method::DELETE, &path).json(&json!({"attachmentId": file["id"]}))).await
        };
        assert_eq!(remove(cy, &staged[0]).await.refusal(), (403, "forbidden"));
        assert_eq!(remove(bo, &staged[3]).await.refusal(), (404, "not_found"));
        let removed = remove(bo, &staged[1]).await;
        assert_eq!(removed.body["data"]["attachments"], json!([staged[0], staged[2]]), "{removed:?}");
        let told = live.next("message_updated").await;
        assert_eq!(told["attachments"], json!([staged[0], staged[2]]));
        assert_eq!(remove(bo, &staged[1]).await.status, 404);
        assert_eq!(remove(ada, &staged[0]).await.status, 200, "administrators may");
        let gone = staged[1]["url"].as_str().unwrap_or_default();
        assert_eq!(bo.get(gone).await.refusal(), (404, "not_found"));
        settles(&app, 3, 3).await;
        bo.delete(&format!("/api/messages/{}", first["id"])).await;
        settles(&app, 2, 2).await;
        assert_eq!(bo.get(second["attachments"][0]["url"].as_str().unwrap_or_default()).await.status, 200);
        assert_eq!(ada.delete(&format!("/api/tasks/{}", task["id"])).await.status, 204);
        settles(&app, 0, 0).await;
    }

    async fn a_download_is_safe_whole_or_in_part_and_only_for_those_who_see_the_task_now(place) {
        let app = TestApp::start(place).await;
        let (bo, cy) = (app.register("Bo").await, app.register("Cy").await);
        let task = bo.files("Printer", json!({"visibility": "private"})).await;
        let svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        let text = "0123456789".repeat(1000);
        let upload = form(&task)
            .part("files", file("a.svg", svg)).part("files", file("../..\\e\u{202e}vil\".png", PNG))
            .part("files", file("long.txt", text.clone())).part("files", file("p.pdf", "%PDF-1.7"));
        let message = send(&bo, Method::POST, "/api/messages", upload).await.body["data"].clone();
        let files = &message["attachments"];
        let url = |n: usize| files[n]["url"].as_str().unwrap_or_default().to_owned();
        for (n, how, kind) in [(0, "attachment", "image/svg+xml"), (1, "inline", "image/png"), (2, "attachment", "text/plain; charset=utf-8"), (3, "attachment", "application/pdf")] {
            let answer = bo.get(&url(n)).await;
            assert_eq!((answer.status, answer.header("content-type")), (200, kind));
            assert!(answer.header("content-disposition").starts_with(how), "{answer:?}");
            for (name, value) in [
                ("x-content-type-options", "nosniff"), ("content-security-policy", "sandbox; default-src 'none'"),
                ("cache-control", "private, no-store"), ("accept-ranges", "bytes"),
            ] {
                assert_eq!(answer.header(name), value);
            }
        }
        let name = files[1]["originalName"].as_str().unwrap_or_default();
        assert!(name.starts_with("evil") && name.ends_with("png") && !name.contains(['/', '\\', '\u{202e}']), "{name}");
        let stored: Vec<_> = std::fs::read_dir(&app.files).into_iter().flatten().flatten().map(|entry| entry.file_name()).collect();
        assert!(stored.iter().all(|name| name.to_string_lossy().chars().all(|c| c.is_ascii_hexdigit())), "{stored:?}");

        let ask = |method: Method, header: &'static str, value: &str| bo.send(bo.request(method, &url(2)).header(header, value));
        let whole = ask(Method::GET, "accept-encoding", "gzip, br").await;
        assert_eq!((whole.header("content-length"), whole.header("content-encoding"), &whole.text), ("10000", "", &text));
        let part = ask(Method::GET, "range", "bytes=5-9").await;
        assert_eq!((part.status, part.header("content-range"), part.text.as_str()), (206, "bytes 5-9/10000", "56789"));
        assert_eq!(ask(Method::GET, "range", "bytes=-3").await.text, "789");
        let outside = ask(Method::GET, "range", "bytes=10000-").await;
        assert_eq!((outside.refusal(), outside.header("content-range")), ((416, "range_not_satisfiable"), "bytes */10000"));
        let many = format!("bytes={}", (0..1000).map(|n| format!("{n}-{n}")).collect::<Vec<_>>().join(","));
        assert_eq!(ask(Method::GET, "range", &many).await.status, 200, "many ranges are the whole, once");
        let head = ask(Method::HEAD, "accept", "*/*").await;
        assert_eq!((head.status, head.header("content-length"), head.text.as_str()), (200, "10000", ""));
        let tag = whole.header("etag").to_owned();
        assert_eq!(ask(Method::GET, "if-none-match", &format!("\"x\", {tag}")).await.status, 304);
        let other = bo.request(Method::GET, &url(2)).header("range", "bytes=0-1").header("if-range", "\"x\"");
        assert_eq!(bo.send(other).await.status, 200);

        assert_eq!(app.anyone().get(&url(0)).await.status, 401);
        let by_cookie = app.anyone();
        let cookie = format!("faff_session={}", bo.token);
        assert_eq!(by_cookie.send(by_cookie.request(Method::GET, &url(0)).header("cookie", cookie)).await.text, svg);
        let participant = format!("/api/tasks/{}/participants/{}", task["id"], cy.id);
        let with_tag = || cy.send(cy.request(Method::GET, &url(0)).header("if-none-match", "*"));
        assert_eq!(with_tag().await.status, 404, "nobody learns by a tag that it is there");
        bo.send(bo.request(Method::PUT, &participant)).await;
        assert_eq!(cy.get(&url(0)).await.text, svg);
        bo.delete(&participant).await;
        assert_eq!(cy.get(&url(0)).await.refusal(), (404, "not_found"));
        for guess in ["0".repeat(33), "x".to_owned(), "..%2Ffaff.sqlite".to_owned(), "%00".to_owned(), "a".repeat(5000)] {
            assert_eq!(bo.get(&format!("/uploads/messages/{guess}")).await.status, 404, "{guess}");
        }
    }

    async fn requests_with_files_have_a_limit_of_their_own_and_addresses_may_be_whole(place) {
        let app = TestApp::start_with(place, |settings| {
            settings.rate_upload = faff_app::Rate(Some((2, Duration::from_hours(1))));
            settings.api_base_url = Some("https://desk.example/faff".to_owned());
        }).await;
        let bo = app.register("Bo").await;
        let task = bo.files("Printer", json!({})).await;
        let staged = stage(&bo, &task, 2).await;
        let url = staged[0]["url"].as_str().unwrap_or_default();
        assert!(url.starts_with("https://desk.example/faff/uploads/messages/"), "{url}");
        stage(&bo, &task, 1).await;
        let third = send(&bo, Method::POST, UPLOAD, form(&task).part("files", file("x.txt", "x"))).await;
        assert_eq!(third.refusal(), (429, "rate_limited"));
        assert_eq!(post(&bo, &task, &staged).await["attachments"], json!(staged), "naming them is no upload");
        assert_eq!(send(&bo, Method::POST, "/api/messages", form(&task).text("content", "x")).await.status, 201);
        settles(&app, 3, 3).await;
    }
}
