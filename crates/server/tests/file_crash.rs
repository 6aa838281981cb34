//! Kills the server with SIGKILL while many upload, again and again; then no file is missing, and nothing is left over.
//!
//! Three rounds on each database and store in every run; `CRASH_ROUNDS=20` for the long form.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::process::{self, Sender, Server};
use faff_store::{Reader, StoreError};
use faff_testkit::{TestApp, TestDatabase, on_both_stores};
use faff_types::Clock;
use serde_json::Value;
use tokio::sync::Mutex;

const SENDERS: usize = 8;

/// A picture that is one, so that thumbnails are cut off, too.
fn picture() -> Vec<u8> {
    static ONE: OnceLock<Vec<u8>> = OnceLock::new();
    let draw = || {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(300, 200).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    };
    ONE.get_or_init(draw).clone()
}

/// What is sent as the nth file: every other one a real picture, the rest small or in many pieces.
fn file(n: u64) -> Vec<u8> {
    match n % 4 {
        0 | 2 => picture(),
        1 => process::bytes(n, 2_000),
        _ => process::bytes(n, 700_000 + usize::try_from(n % 7).unwrap() * 100_000),
    }
}

on_both_stores! {
    async fn no_file_is_lost_and_none_is_left_over(place) {
        let database = TestDatabase::create(place.engine, faff_app::MIGRATIONS).await;
        let folder = database.folder().to_owned();
        let bucket = process::bucket(place, &database).await;
        let serve = || process::command(&database, bucket.as_ref(), &folder);
        let mut server = Server::start(serve()).await;
        let sender = Sender::register(&server.url).await;
        let acknowledged: Arc<Mutex<HashMap<String, u64>>> = Arc::default();
        let (sent, cut) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        for round in 0..process::rounds(3) {
            let stop = Arc::new(AtomicBool::new(false));
            let mut senders = tokio::task::JoinSet::new();
            for n in 0..SENDERS {
                let (sender, url, stop) = (sender.clone(), server.url.clone(), stop.clone());
                let (acknowledged, sent, cut) = (acknowledged.clone(), sent.clone(), cut.clone());
                senders.spawn(async move {
                    // Some only stage, and never attach.
                    let (path, list) = if n % 4 == 3 { ("/api/attachments/upload", "") } else { ("/api/messages", "/data") };
                    while !stop.load(Ordering::Relaxed) {
                        let first = sent.fetch_add(2, Ordering::Relaxed);
                        let answer = sender.send(&url, path, vec![file(first), file(first + 1)]).await;
                        let Some((status, answer)) = answer else {
                            cut.fetch_add(1, Ordering::Relaxed);
                            continue;
                        };
                        assert!(status == 200 || status == 201, "{path} answered {status}: {answer}");
                        let files = answer.pointer(&format!("{list}/attachments")).and_then(Value::as_array).unwrap();
                        if list.is_empty() {
                            continue;
                        }
                        let mut acknowledged = acknowledged.lock().await;
                        for (file, seed) in files.iter().zip(first..) {
                            acknowledged.insert(file["url"].as_str().unwrap().to_owned(), seed);
                        }
                    }
                });
            }
            // Once some are through, at another moment in every round.
            let before = acknowledged.lock().await.len();
            while acknowledged.lock().await.len() < before + 2 * SENDERS {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            tokio::time::sleep(Duration::from_millis(round * 137 % 300)).await;
            server.kill();
            stop.store(true, Ordering::Relaxed);
            while let Some(sender) = senders.join_next().await {
                sender.unwrap();
            }
            server = Server::start(serve()).await;
        }
        let acknowledged = acknowledged.lock().await;
        for (url, seed) in acknowledged.iter() {
            let (status, bytes) = sender.get(&server.url, url).await;
            assert!(status == 200 && bytes == file(*seed), "{url} was acknowledged; now it is {status}");
        }
        assert!(acknowledged.len() > 10 && cut.load(Ordering::Relaxed) > 0, "{} {cut:?}", acknowledged.len());
        server.kill();
        let verified = serve().arg("verify").output().unwrap();
        assert!(verified.status.success(), "what a crash leaves is noted: {}", String::from_utf8_lossy(&verified.stdout));

        // Two hours later, all of it is gone.
        let later = Clock::manual(Clock::system().now().plus_millis(2 * 3600 * 1000));
        let app = TestApp::on(database, bucket.map(Arc::new), later).await;
        let removed = faff_app::edges::files::sweep(&app.app).await.ok().unwrap();
        let db = app.database.open().await;
        let count = db.read(async |reader: &mut Reader<'_>| {
            let sql = "select (select count(*) from attachment where message_id is not null), \
                       (select count(*) from attachment where message_id is null), (select count(*) from upload), \
                       (select count(*) from file_removal), (select count(*) from attachment where thumbnail is not null)";
            reader.one::<(i64, i64, i64, i64, i64)>(sql, &[]).await
        });
        let count: Result<_, StoreError> = count.await;
        let (attached, staged, uploads, removals, thumbnails) = count.unwrap();
        assert_eq!((staged, uploads, removals), (0, 0, 0));
        assert!(thumbnails > 0, "some pictures were whole");
        let objects = std::fs::read_dir(&app.files).unwrap().count();
        assert_eq!(objects, usize::try_from(attached + thumbnails).unwrap(), "no orphan");
        let report = faff_app::edges::verify::verify(&app.app).await.ok().unwrap();
        assert_eq!((report.files, report.faults), (usize::try_from(attached).unwrap(), Vec::new()));
        println!(
            "{place:?}: {} kills, {sent:?} files sent, {} acknowledged, {cut:?} uploads cut off, {attached} attached, {removed} swept",
            process::rounds(3), acknowledged.len(),
        );
    }
}
