//! The disk is full while files arrive and while the database commits: a refusal that says so, nothing partial, and a
//! recovery without a restart.
//!
//! The disk is a small one in memory, which the server's process mounts in a namespace of its own. Where the system does not
//! permit that, the test says so and ends.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{self, Sender, Server};
use faff_testkit::{Engine, Place, TestBucket, TestDatabase, on_both_stores};

/// Mounts a disk of this size, and goes on as the program with its arguments.
const MOUNT: &str = "mount -t tmpfs -o size=24m tmpfs \"$1\" && cd \"$1\" && shift && exec \"$@\"";

fn namespaced(folder: &Path, program: &str) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", MOUNT, "sh"]).arg(folder).arg(program);
    command
}

/// Fills a disk but for some bytes, and returns the file that does.
fn fill(disk: &Path, spare: u64) -> PathBuf {
    let path = disk.join("filler");
    let mut file = std::fs::File::create(&path).unwrap();
    let piece = [7; 4096];
    while file.write_all(&piece).is_ok() {}
    let length = file.metadata().unwrap().len();
    file.set_len(length.saturating_sub(spare)).unwrap();
    path
}

fn entries(folder: &Path) -> usize {
    std::fs::read_dir(folder).map(Iterator::count).unwrap_or_default()
}

on_both_stores! {
    async fn a25_a_full_disk_refuses_what_needs_it_and_all_goes_on_when_there_is_room(place) {
        let mut database = TestDatabase::create(place.engine, faff_app::MIGRATIONS).await;
        let folder = database.folder().join("disk");
        std::fs::create_dir(&folder).unwrap();
        let mounts = namespaced(&folder, "true").status().is_ok_and(|status| status.success());
        assert!(mounts, "this test needs a disk of its own: run it as root, or where users may have namespaces");
        if place.engine == Engine::Sqlite {
            database.url = format!("sqlite:{}", folder.join("faff.sqlite").display());
        }
        let bucket = process::bucket(place, &database).await;
        let command = namespaced(&folder, env!("CARGO_BIN_EXE_faff"));
        let server = Server::start(process::set(command, &database, bucket.as_ref(), &folder)).await;
        let sender = Sender::register(&server.url).await;
        let (url, disk) = (server.url.as_str(), server.sees(&folder));
        let objects = || entries(&bucket.as_ref().map_or(disk.join("files"), |bucket| bucket.objects.clone()));
        let big = |seed| vec![process::bytes(seed, 6_000_000)];
        assert_eq!(sender.send(url, "/api/messages", big(1)).await.map(|answer| answer.0), Some(201));

        // There is room for the database, but not for a file.
        let filler = fill(&disk, 3_000_000);
        let mut codes = Vec::new();
        for seed in 2..5 {
            let (status, answer) = sender.send(url, "/api/messages", big(seed)).await.unwrap();
            assert_eq!(status, 503, "{answer}");
            codes.push(answer["code"].as_str().unwrap().to_owned());
        }
        assert_eq!(codes, ["storage_full"; 3]);
        assert_eq!(objects(), 1, "nothing partial");
        assert_eq!(sender.say(url, "Messages need no room for files").await, 201);
        std::fs::remove_file(&filler).unwrap();
        assert_eq!(sender.send(url, "/api/messages", big(5)).await.map(|answer| answer.0), Some(201));

        // There is room for nothing.
        let filler = fill(&disk, 0);
        let mut refused = 0;
        for n in 0..200 {
            match sender.say(url, &"There is no room. ".repeat(500)).await {
                503 => refused += 1,
                status => assert_eq!(status, 201, "message {n}"),
            }
        }
        let sent = sender.send(url, "/api/messages", big(6)).await.unwrap();
        assert!(sent.0 == 503, "{sent:?}");
        if place.engine == Engine::Sqlite {
            assert!(refused > 0, "the database has had enough");
        } else {
            assert_eq!(refused, 0, "the database is elsewhere");
        }
        let (status, list) = sender.get(url, &format!("/api/tasks/{}/messages", sender.task)).await;
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&list));
        std::fs::remove_file(&filler).unwrap();
        assert_eq!(sender.say(url, "There is room again").await, 201);
        assert_eq!(sender.send(url, "/api/messages", big(7)).await.map(|answer| answer.0), Some(201));
        assert_eq!(objects(), 3);
        verify(&database, bucket.as_ref(), &disk, place, &folder);
        println!("{place:?}: {refused} of 200 messages refused on a full disk");
    }
}

/// Copies what is on a disk, but for what processes share. SQLite would follow the disk's path to where there is none.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let (path, copied) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &copied);
        } else if !path.to_string_lossy().ends_with("-shm") {
            std::fs::copy(&path, &copied).unwrap();
        }
    }
}

/// Verifies what is on the disk.
fn verify(database: &TestDatabase, bucket: Option<&TestBucket>, disk: &Path, place: Place, folder: &Path) {
    let copied = database.folder().join("copy");
    copy(disk, &copied);
    let mut command = process::command(database, bucket, &copied);
    if place.engine == Engine::Sqlite {
        command.env("DATABASE_URL", format!("sqlite:{}", copied.join("faff.sqlite").display()));
    }
    let verified = command.arg("verify").output().unwrap();
    let said = String::from_utf8_lossy(&verified.stdout);
    assert!(verified.status.success(), "{said}");
    assert!(said.contains("3 files"), "{said}");
    assert_eq!(entries(folder), 0, "nothing went beside the disk");
}
