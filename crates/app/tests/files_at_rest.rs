//! Files where they are kept: sealed with a key, opened for whoever may read them, and refused when they are not what was
//! sealed; sealed anew while they are read.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Cursor;
use std::path::PathBuf;

use faff_app::edges::backup::Watch;
use faff_app::edges::rotate::rotate;
use faff_app::edges::verify::verify;
use faff_seal::{CHUNK, HEADER, Key, TAG};
use faff_testkit::{Answer, Person, TestApp, on_both_stores};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

const ONE: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const TWO: &str = "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// A text of so many bytes, of which no eight are the same as another eight.
fn text(length: usize) -> String {
    (0_u32..)
        .flat_map(|n| format!("{:07x} ", n.wrapping_mul(40_503)).into_bytes())
        .take(length)
        .map(char::from)
        .collect()
}

/// Sends a file with a message, and returns what is known of it.
async fn send(person: &Person, task: &Value, name: &str, bytes: impl Into<Vec<u8>>) -> Value {
    let file = Part::bytes(bytes.into()).file_name(name.to_owned());
    let form = Form::new().text("taskId", task["id"].to_string()).part("files", file);
    let answer = person.send(person.request(Method::POST, "/api/messages").multipart(form)).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body["data"]["attachments"][0].clone()
}

async fn part(person: &Person, file: &Value, range: &str) -> Answer {
    let path = file["url"].as_str().unwrap();
    person.send_any(person.request(Method::GET, path).header("range", format!("bytes={range}"))).await
}

async fn whole(person: &Person, file: &Value) -> Answer {
    part(person, file, "").await
}

/// The same person at another node.
fn at(person: &Person, node: &TestApp) -> Person {
    node.person(&Answer {
        status: 200,
        headers: reqwest::header::HeaderMap::default(),
        text: String::new(),
        body: json!({"token": person.token, "user": {"id": person.id, "name": person.name, "email": person.email}}),
    })
}

fn object(app: &TestApp, file: &Value) -> PathBuf {
    app.files.join(file["filename"].as_str().unwrap())
}

fn is_within(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

fn id(key: &str) -> String {
    Key::parse(key).unwrap().id().to_string()
}

on_both_stores! {
    async fn what_is_stored_tells_nothing_and_is_read_back_whole_and_in_parts(place) {
        let app = TestApp::start_sealed(place, ONE).await;
        let bo = app.register("Bo").await;
        let task = bo.files("Printer", json!({})).await;
        for length in [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 1000] {
            let content = text(length);
            let file = send(&bo, &task, "a.txt", content.clone()).await;
            assert_eq!(file["size"], length);
            let stored = std::fs::read(object(&app, &file)).unwrap();
            assert_eq!(stored.len(), HEADER + length + length.div_ceil(CHUNK) * TAG);
            assert!(length < 8 || !content.as_bytes().chunks_exact(length.min(16)).take(8).any(|piece| is_within(&stored, piece)));
            let read = whole(&bo, &file).await;
            assert_eq!((read.status, read.header("content-length")), (200, length.to_string().as_str()));
            assert!(read.text == content);
            let last = length - 1;
            for (from, to) in [(0, 0), (0, last), (last, last), (CHUNK - 1, CHUNK), (CHUNK, 2 * CHUNK - 1), (2 * CHUNK - 5, 2 * CHUNK + 5)] {
                let read = part(&bo, &file, &format!("{from}-{to}")).await;
                if from > last {
                    assert_eq!(read.refusal(), (416, "range_not_satisfiable"));
                    continue;
                }
                let to = to.min(last);
                assert_eq!((read.status, read.header("content-range")), (206, format!("bytes {from}-{to}/{length}").as_str()));
                assert!(read.text == content[from..=to], "{from}-{to} of {length}");
            }
            assert!(part(&bo, &file, "-7").await.text == content[length.saturating_sub(7)..]);
            assert_eq!(part(&bo, &file, &format!("{length}-")).await.status, 416);
        }
        let empty = send(&bo, &task, "empty.txt", "").await;
        assert_eq!((whole(&bo, &empty).await.status, whole(&bo, &empty).await.text.as_str()), (200, ""));
        let report = verify(&app.app).await.unwrap();
        assert_eq!((report.faults, report.sealed_files, report.plain_files), (vec![], 7, 0));
    }

    async fn a_picture_and_its_thumbnail_are_sealed(place) {
        let app = TestApp::start_sealed(place, ONE).await;
        let bo = app.register("Bo").await;
        let task = bo.files("Printer", json!({})).await;
        let mut picture = Cursor::new(Vec::new());
        // Noise, so that it takes several chunks.
        let noise = image::RgbImage::from_fn(700, 300, |x, y| image::Rgb([x * y, x * 7 + y * y, x ^ y].map(|value| value.to_le_bytes()[0])));
        noise.write_to(&mut picture, image::ImageFormat::Png).unwrap();
        let file = send(&bo, &task, "a.png", picture.into_inner()).await;
        let small = bo.request(Method::GET, file["thumbnailUrl"].as_str().unwrap()).send().await.unwrap();
        let length = small.content_length().unwrap();
        let small = small.bytes().await.unwrap();
        assert_eq!(small.len() as u64, length);
        assert_eq!(image::load_from_memory(&small).unwrap().width(), 512);
        let objects: Vec<_> = std::fs::read_dir(&app.files).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(objects.len(), 2);
        for object in objects {
            let stored = std::fs::read(object).unwrap();
            assert!(stored.starts_with(b"faffseal") && !is_within(&stored, b"JFIF") && !is_within(&stored, b"IHDR"));
        }
    }

    async fn what_was_changed_cut_or_swapped_is_refused_and_told(place) {
        let app = TestApp::start_sealed(place, ONE).await;
        let bo = app.register("Bo").await;
        let task = bo.files("Printer", json!({})).await;
        let content = text(3 * CHUNK + 10);
        let (file, other) = (send(&bo, &task, "a.txt", content.clone()).await, send(&bo, &task, "b.txt", text(3 * CHUNK + 10)).await);
        let path = object(&app, &file);
        let sealed = std::fs::read(&path).unwrap();
        let refused = (500, "file_unreadable");
        let mut changed = sealed.clone();
        changed[HEADER + 100] ^= 1;
        std::fs::write(&path, &changed).unwrap();
        assert_eq!(whole(&bo, &file).await.refusal(), refused);
        assert_eq!(part(&bo, &file, "0-9").await.refusal(), refused);
        assert!(part(&bo, &file, &format!("{CHUNK}-")).await.text == content[CHUNK..], "another chunk is genuine");

        // Found only later: the answer breaks off.
        let mut changed = sealed.clone();
        changed[HEADER + 2 * (CHUNK + TAG) + 5] ^= 1;
        std::fs::write(&path, &changed).unwrap();
        let answer = bo.request(Method::GET, file["url"].as_str().unwrap()).send().await.unwrap();
        assert!(answer.bytes().await.is_err());
        assert_eq!(part(&bo, &file, &format!("{}-", 2 * CHUNK)).await.refusal(), refused);

        // Cut: at the end of a chunk, in a chunk, in the header. What asks for the beginning is told, too.
        for length in [HEADER + 2 * (CHUNK + TAG), HEADER + CHUNK, 50] {
            std::fs::write(&path, &sealed[..length]).unwrap();
            assert_eq!(part(&bo, &file, "0-9").await.refusal(), refused, "{length}");
        }
        std::fs::copy(object(&app, &other), &path).unwrap();
        assert_eq!((whole(&bo, &file).await.refusal(), part(&bo, &file, "0-9").await.refusal()), (refused, refused));
        let report = verify(&app.app).await.unwrap();
        let name = file["filename"].as_str().unwrap();
        assert_eq!(report.faults, [format!("file {name}: it was changed or cut since it was sealed")]);
        std::fs::write(&path, &sealed).unwrap();
        assert!(whole(&bo, &file).await.text == content);
    }

    async fn files_of_before_a_key_are_read_and_a_key_that_is_missing_is_told(place) {
        let app = TestApp::start(place).await;
        let bo = app.register("Bo").await;
        let task = bo.files("Printer", json!({})).await;
        let plain = send(&bo, &task, "a.txt", text(100_000)).await;
        // These look as if they were sealed.
        let mut posing = Vec::new();
        for content in ["faffseal", "faffseal\u{1}", "faffseal\u{1} and more", "faffseal\u{8}x", "faffseal is a word"] {
            posing.push((content, send(&bo, &task, "b.txt", content).await));
        }
        assert!(std::fs::read(object(&app, &plain)).unwrap() == text(100_000).into_bytes());

        let with = app.another_node_sealed(Some(ONE)).await;
        let here = at(&bo, &with);
        let sealed = send(&here, &task, "c.txt", text(100_000)).await;
        for node in [&bo, &here] {
            assert!(whole(node, &plain).await.text == text(100_000));
            assert!(part(node, &plain, "70000-80000").await.text == text(100_000)[70_000..=80_000]);
            for (content, file) in &posing {
                assert_eq!(whole(node, file).await.text, **content);
                assert_eq!(part(node, file, "1-").await.text, content[1..]);
            }
        }
        assert!(whole(&here, &sealed).await.text == text(100_000));
        let other = app.another_node_sealed(Some(TWO)).await;
        for (node, person) in [(&app, &bo), (&other, &at(&bo, &other))] {
            assert_eq!(whole(person, &sealed).await.refusal(), (500, "file_unreadable"));
            assert_eq!(part(person, &sealed, "5-6").await.refusal(), (500, "file_unreadable"));
            let report = verify(&node.app).await.unwrap();
            let name = sealed["filename"].as_str().unwrap();
            assert_eq!(report.faults, [format!("file {name}: it is sealed with the key {}, which was not given", id(ONE))]);
        }
        let report = verify(&with.app).await.unwrap();
        assert_eq!((report.found, report.sealed_files, report.plain_files), (0, 1, 6));
    }

    async fn all_is_sealed_anew_while_it_is_read_and_one_may_stop_and_go_on(place) {
        let app = TestApp::start(place).await;
        let bo = app.register("Bo").await;
        let task = bo.files("Printer", json!({})).await;
        let mut files = Vec::new();
        for n in 0..3 {
            files.push((text(2 * CHUNK + n), send(&bo, &task, "a.txt", text(2 * CHUNK + n)).await));
        }
        let one = app.another_node_sealed(Some(ONE)).await;
        files.push((text(CHUNK), send(&at(&bo, &one), &task, "b.txt", text(CHUNK)).await));
        let no_key = rotate(&app.app, &Watch::default()).await.unwrap_err().to_string();
        assert!(no_key.contains("FILES_KEY"), "{no_key}");

        let two = app.another_node_sealed(Some(&format!("{TWO},{ONE}"))).await;
        let reader = at(&bo, &two);
        // It is told to stop, and stops at the next file.
        let stopped = Watch::default();
        stopped.stop();
        assert!(rotate(&two.app, &stopped).await.is_err());
        // What a crash has left.
        if place.store == Store::Folder {
            std::fs::write(app.files.join(format!("{}#1", files[0].1["filename"].as_str().unwrap())), "cut").unwrap();
        }
        let (done, mut told) = tokio::sync::watch::channel(false);
        let reading = {
            let (files, reader) = (files.clone(), reader.clone());
            tokio::spawn(async move {
                let mut read = 0;
                while !*told.borrow_and_update() || read < files.len() {
                    for (content, file) in &files {
                        assert!(whole(&reader, file).await.text == *content);
                        let range = part(&reader, file, "10-65000").await;
                        assert!(range.text == content[10..=65_000], "{:?}", range.refusal());
                        read += 1;
                    }
                }
            })
        };
        let rotated = rotate(&two.app, &Watch::default()).await.unwrap();
        assert_eq!((rotated.plain, rotated.other_key, rotated.before, rotated.missing), (3, 1, 0, 0));
        assert_eq!(rotated.failed, [""; 0]);
        done.send_replace(true);
        reading.await.unwrap();
        let again = rotate(&two.app, &Watch::default()).await.unwrap();
        assert_eq!((again.plain, again.other_key, again.before), (0, 0, 4));

        // The old key is not needed any more, and opens nothing.
        let only = app.another_node_sealed(Some(TWO)).await;
        for (content, file) in &files {
            assert!(whole(&at(&bo, &only), file).await.text == *content);
            assert_eq!(whole(&at(&bo, &one), file).await.refusal(), (500, "file_unreadable"));
        }
        let report = verify(&only.app).await.unwrap();
        assert_eq!((report.faults, report.sealed_files), (vec![], 4));
    }
}
