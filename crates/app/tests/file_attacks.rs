//! Files that mean harm, one test for each kind of attack. Attacks on what is sent with a limit to the byte, on what a cut
//! leaves, and on thumbnails are in the files beside this one; a full disk is in those of the server.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Cursor;
use std::time::Duration;

use faff_testkit::{Answer, Person, TestApp, on_both_engines};
use futures_util::future::join_all;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const MIB: usize = 1024 * 1024;
const UPLOAD: &str = "/api/attachments/upload";

fn form(task: &Value) -> Form {
    Form::new().text("taskId", task["id"].to_string())
}

async fn send(person: &Person, form: Form) -> Answer {
    person.send(person.request(Method::POST, "/api/messages").multipart(form)).await
}

/// Sends a file whose part has these headers, as they are.
async fn send_raw(person: &Person, task: &Value, headers: &str, bytes: &[u8]) -> Answer {
    let head = format!(
        "--X\r\nContent-Disposition: form-data; name=\"taskId\"\r\n\r\n{}\r\n--X\r\n{headers}\r\n\r\n",
        task["id"]
    );
    let body = [head.as_bytes(), bytes, b"\r\n--X--\r\n"].concat();
    let request = person.request(Method::POST, "/api/messages");
    person.send(request.header("content-type", "multipart/form-data; boundary=X").body(body)).await
}

/// Every path below a folder, and how many bytes it has.
fn tree(folder: &std::path::Path) -> Vec<(String, u64)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let metadata = entry.metadata().unwrap();
        if metadata.is_dir() {
            found.extend(tree(&entry.path()));
        }
        found.push((entry.path().display().to_string(), metadata.len()));
    }
    found
}

fn objects(app: &TestApp) -> usize {
    tree(&app.files).len()
}

/// Opens a connection and sends the head of an upload whose body is this long, or whose length is not told.
async fn begin(app: &TestApp, person: &Person, task: &Value, length: Option<usize>) -> TcpStream {
    let mut stream = TcpStream::connect(app.url.trim_start_matches("http://")).await.unwrap();
    let length =
        length.map_or("Transfer-Encoding: chunked".to_owned(), |length| format!("Content-Length: {length}"));
    let head = format!(
        "POST {UPLOAD} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: multipart/form-data; boundary=X\r\n{length}\r\n\r\n",
        person.token
    );
    let form = format!(
        "--X\r\nContent-Disposition: form-data; name=\"taskId\"\r\n\r\n{}\r\n\
         --X\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.txt\"\r\n\r\n",
        task["id"]
    );
    let form = if length.starts_with('T') { format!("{:x}\r\n{form}\r\n", form.len()) } else { form };
    stream.write_all(format!("{head}{form}").as_bytes()).await.unwrap();
    stream
}

/// What the server answers, at last.
async fn answer(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_mins(1), stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

on_both_engines! {
    async fn a20_no_name_of_a_file_reaches_a_path_or_a_header(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let task = bo.files("Printer", json!({})).await;
        let outside = || tree(app.database.folder()).into_iter()
            .filter(|(path, _)| !path.contains("/files") && !path.contains("faff.sqlite")).collect::<Vec<_>>();
        let (before, long) = (outside(), "x".repeat(300));
        let names = [
            r#"filename="../../../x""#, r#"filename="..\\..\\x""#, r#"filename="/etc/passwd""#, "filename=\"a\0b\"", r#"filename="con""#,
            "filename=\"a\u{202e}gnp.exe\"", r#"filename="q\"; filename=evil.html; x=\"""#, "filename*=UTF-8''a%0d%0aSet-Cookie:%20x%22.txt",
            r#"filename="""#, r#"filename="." "#, r#"filename="a%2f..%2fb""#, r#"filename="~root""#, r#"filename="a;b,c.txt""#,
        ].map(str::to_owned).into_iter().chain([format!("filename=\"{long}\""), format!("filename=\"{}.pdf\"", "ä".repeat(300))]);
        let mut taken = 0;
        for name in names {
            let answer = send_raw(&bo, &task, &format!("Content-Disposition: form-data; name=\"files\"; {name}"), b"text").await;
            if answer.status == 400 {
                continue;
            }
            assert_eq!(answer.status, 201, "{name}: {answer:?}");
            taken += 1;
            let file = &answer.body["data"]["attachments"][0];
            let shown = file["originalName"].as_str().unwrap();
            assert!((1..=255).contains(&shown.len()) && !shown.chars().any(|c| c.is_control() || "/\\\u{202e}".contains(c)), "{shown:?}");
            let stored = file["filename"].as_str().unwrap();
            assert!(stored.len() == 33 && stored.bytes().all(|byte| byte.is_ascii_hexdigit()), "{stored}");
            let read = bo.get(file["url"].as_str().unwrap()).await;
            assert_eq!((read.text.as_str(), read.header("set-cookie")), ("text", ""));
            let disposition = read.header("content-disposition");
            assert!(disposition.starts_with("attachment; filename=\"") && disposition.matches('"').count() == 2, "{disposition}");
        }
        assert!(taken > 10, "most names are cleaned, not refused");
        assert_eq!(outside(), before, "nothing was written anywhere else");
        assert_eq!(objects(&app), taken);
    }

    async fn a21_nothing_that_could_run_is_shown_and_no_name_or_claim_makes_it_something_else(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let task = bo.files("Printer", json!({})).await;
        let html: &[u8] = b"<!doctype html><script>alert(1)</script>";
        for (name, claim, bytes, kind) in [
            ("a.html", "text/html", html, ""), ("a.png", "image/png", html, ""), ("a.txt", "text/plain", b"  <ScRipT>alert(1)</script>", ""),
            ("a.xhtml", "application/xhtml+xml", b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", ""),
            ("cat.png", "image/png", b"MZ\x90\0\x03\0\0\0", ""), ("a", "image/png", b"\x7fELF\x02\x01\x01\0", ""),
            ("a.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml"),
            ("a.png", "image/png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/svg+xml"),
            ("a.js", "text/javascript", b"alert(document.cookie)", "text/plain; charset=utf-8"),
            ("a.pdf", "text/html", b"%PDF-1.7 <script>alert(1)</script>", "application/pdf"),
            ("a.gif", "text/html", b"GIF89a/*\x01\0\x01\0*/=1;alert(1)", "image/gif"),
            ("a.html", "text/html", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0<script>", "application/zip"),
        ] {
            let headers = format!("Content-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: {claim}");
            let sent = send_raw(&bo, &task, &headers, bytes).await;
            if kind.is_empty() {
                assert_eq!(sent.refusal(), (415, "unsupported_file_type"), "{name} {claim}");
                continue;
            }
            let read = bo.get(sent.body["data"]["attachments"][0]["url"].as_str().unwrap()).await;
            assert_eq!(read.header("content-type"), kind, "{name} {claim}");
            let how = if kind.starts_with("image/g") { "inline" } else { "attachment" };
            assert!(read.header("content-disposition").starts_with(how), "{read:?}");
            for (header, value) in [
                ("x-content-type-options", "nosniff"), ("content-security-policy", "sandbox; default-src 'none'"), ("x-frame-options", "DENY"),
            ] {
                assert_eq!(read.header(header), value);
            }
        }
    }

    async fn a22_what_never_ends_is_refused_soon_after_its_limit(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let task = bo.files("Printer", json!({})).await;
        let piece = vec![b'a'; 64 * 1024];
        let chunk = [format!("{:x}\r\n", piece.len()).as_bytes(), &piece, b"\r\n"].concat();
        // A file of which nobody knows how long it is; one of 10 GB was refused by its length before it began.
        let mut stream = begin(&app, &bo, &task, None).await;
        let mut written = 0;
        while written < 64 * MIB && stream.write_all(&chunk).await.is_ok() {
            written += piece.len();
        }
        assert!(written < 32 * MIB, "beyond the limit it reads no more: what was written, {written}, is in buffers");
        let mut stream = begin(&app, &bo, &task, Some(10_000_000_000)).await;
        assert!(answer(&mut stream).await.starts_with("HTTP/1.1 413"));
        let parts = (0..10_000).fold(String::new(), |body, _| body + "--X\r\nContent-Disposition: form-data; name=\"files\"\r\n\r\n\r\n");
        let kind = "multipart/form-data; boundary=X";
        let raw = |body: String| bo.send(bo.request(Method::POST, UPLOAD).header("content-type", kind).body(body));
        assert_eq!(raw(parts + "--X--\r\n").await.refusal(), (413, "too_large"));
        let name = "n".repeat(MIB);
        let long = format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\nx\r\n--X--\r\n");
        assert_eq!(raw(long).await.refusal(), (413, "too_large"));
        for _ in 0..400 {
            if objects(&app) == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        assert_eq!(objects(&app), 0, "nothing of it is left");
    }

    async fn a23_what_is_packed_is_neither_unpacked_nor_decoded_beyond_its_limits(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let task = bo.files("Printer", json!({})).await;
        // The head of an archive that says that 4 GiB are in 40 bytes; what follows is never looked into.
        let mut bomb = b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0\x28\0\0\0\xff\xff\xff\xff\x05\0\0\0b.txt".to_vec();
        bomb.extend([0xff; 40]);
        let sent = send(&bo, form(&task).part("files", Part::bytes(bomb.clone()).file_name("b.zip"))).await;
        let file = &sent.body["data"]["attachments"][0];
        assert_eq!((&file["mimetype"], &file["size"]), (&json!("application/zip"), &json!(bomb.len())));
        assert_eq!(tree(&app.files).iter().map(|(_, size)| *size).collect::<Vec<_>>(), [bomb.len() as u64], "it is kept as it came");
        // One row of a picture, and many of them: each side on its own is harmless.
        let mut picture = Cursor::new(Vec::new());
        image::GrayImage::new(9000, 2000).write_to(&mut picture, image::ImageFormat::Png).unwrap();
        let wide = Part::bytes(picture.into_inner()).file_name("wide.png");
        let sent = send(&bo, form(&task).part("files", wide)).await;
        let file = &sent.body["data"]["attachments"][0];
        assert_eq!((&file["width"], &file["thumbnailUrl"]), (&json!(9000), &Value::Null), "18 million are too many");
        for (path, kind) in [(UPLOAD, "multipart/form-data; boundary=X"), ("/api/messages", "application/json")] {
            for encoding in ["gzip", "br", "deflate", "zstd"] {
                let packed = bo.request(Method::POST, path).header("content-type", kind).header("content-encoding", encoding);
                assert_eq!(bo.send(packed.body("{}")).await.refusal(), (415, "unsupported_media_type"), "{path} {encoding}");
            }
        }
    }

    async fn a24_uploads_that_come_too_slowly_are_cut_and_others_do_not_notice(engine) {
        let app = TestApp::start(engine).await;
        let (bo, cy) = (app.register("Bo").await, app.register("Cy").await);
        let task = bo.files("Printer", json!({})).await;
        let slow = (0..100).map(async |_| {
            let mut stream = begin(&app, &bo, &task, Some(MIB)).await;
            let (mut reads, mut writes) = stream.split();
            let mut answer = Vec::new();
            let drip = async {
                while writes.write_all(b"a").await.is_ok() {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                std::future::pending::<()>().await;
            };
            let read = tokio::time::timeout(Duration::from_secs(90), reads.read_to_end(&mut answer));
            tokio::select! { _ = read => {}, () = drip => {} }
            String::from_utf8_lossy(&answer).into_owned()
        });
        let others = async {
            let mut sent = 0;
            for n in 0..20 {
                let file = Part::bytes(vec![b'a'; MIB]).file_name(format!("{n}.txt"));
                sent += usize::from(send(&cy, form(&task).part("files", file)).await.status == 201);
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            sent
        };
        let (slow, sent) = tokio::join!(join_all(slow), others);
        assert_eq!(sent, 20, "others go on meanwhile");
        for answer in slow {
            assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("request_timeout"), "{answer}");
        }
        for _ in 0..400 {
            if objects(&app) == 20 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        assert_eq!(objects(&app), 20);
    }

    async fn a26_a_download_is_only_for_those_who_see_the_task_in_one_part_at_most_and_kept_by_nobody(engine) {
        let app = TestApp::start(engine).await;
        let (bo, eve) = (app.register("Bo").await, app.register("Eve").await);
        let task = bo.files("Salaries", json!({"visibility": "private"})).await;
        let sent = send(&bo, form(&task).part("files", Part::bytes(vec![b'7'; 100_000]).file_name("a.txt"))).await;
        let message = &sent.body["data"];
        let url = message["attachments"][0]["url"].as_str().unwrap();
        let other = format!("{}{}", &url[..url.len() - 2], if url.ends_with("00") { "10" } else { "00" });
        for (person, path) in [(&eve, url), (&eve, &other), (&bo, &other)] {
            for method in [Method::GET, Method::HEAD] {
                let range = person.request(method, path).header("range", "bytes=0-0").header("if-none-match", "*");
                assert_eq!(person.send(range).await.status, 404, "{path}");
            }
        }
        let ranges = |text: String| bo.send(bo.request(Method::GET, url).header("range", text));
        let many = (0..1000).map(|n| format!("{}-", n * 7)).collect::<Vec<_>>().join(",");
        let whole = ranges(format!("bytes={many}")).await;
        assert_eq!((whole.status, whole.text.len()), (200, 100_000), "many parts are the whole, once");
        assert_eq!(whole.header("cache-control"), "private, no-store");
        assert!(whole.header("vary").contains("authorization"), "{whole:?}");
        assert_eq!(ranges("bytes=99999999999999999999-".to_owned()).await.status, 416);
        let head = bo.send(bo.request(Method::HEAD, url)).await;
        assert_eq!((head.status, head.header("content-length")), (200, "100000"));
        let tag = whole.header("etag").to_owned();
        let asked = eve.request(Method::GET, url).header("if-none-match", &tag);
        assert_eq!(eve.send(asked).await.status, 404, "nobody gets a 304 for what is not theirs");
        assert_eq!(bo.delete(&format!("/api/messages/{}", message["id"])).await.status, 200);
        let asked = bo.request(Method::GET, url).header("if-none-match", &tag);
        assert_eq!(bo.send(asked).await.refusal(), (404, "not_found"), "after it was deleted");
    }
}
