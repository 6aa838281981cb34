//! What uploads cost in memory, however large they are and wherever they go.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use crate::process::{self, Sender, Server};
use faff_testkit::{Engine, Place, Store, TestDatabase};

const CLIENTS: u64 = 20;
const FILES: u64 = 5;
const LENGTH: usize = 10 * 1024 * 1024;
/// KiB that a gigabyte of files under way may take.
const MOST: u64 = 60 * 1024;

/// The database has no part in it.
async fn story(store: Store) {
    let place = Place { engine: Engine::Sqlite, store };
    let database = TestDatabase::create(place.engine, faff_app::MIGRATIONS).await;
    let folder = database.folder().to_owned();
    let bucket = process::bucket(place, &database).await;
    let server = Server::start(process::command(&database, bucket.as_ref(), &folder)).await;
    let mut senders = Vec::new();
    for _ in 0..CLIENTS {
        senders.push(Sender::register(&server.url).await);
    }
    let warm = senders[0].send(&server.url, "/api/messages", vec![process::bytes(1, 1000)]).await.unwrap();
    assert_eq!(warm.0, 201);
    let (before, _) = server.memory();
    let started = std::time::Instant::now();
    // All of them send the same bytes, so that the test itself takes little.
    let content: bytes::Bytes = process::bytes(1, LENGTH).into();
    let uploads = senders.iter().map(|sender| sender.send_shared(&server.url, &content, FILES));
    for answer in futures_util::future::join_all(uploads).await {
        assert_eq!(answer, 201);
    }
    let (after, most) = server.memory();
    println!(
        "{store:?}: {before} KiB before, {most} at most (+{}), {after} after; {} MiB in {:?}",
        most - before,
        CLIENTS * FILES * 10,
        started.elapsed(),
    );
    assert!(most - before < MOST, "{} KiB", most - before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gigabyte_of_files_under_way_to_a_folder_takes_less_than_sixty_megabytes() {
    story(Store::Folder).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gigabyte_of_files_under_way_to_a_bucket_takes_less_than_sixty_megabytes() {
    story(Store::Bucket).await;
}
