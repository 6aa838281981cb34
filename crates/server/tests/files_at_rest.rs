//! Files at rest by the real program: sealed by its settings, sealed anew, backed up and restored under another key.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{self, Sender, Server};
use faff_seal::Key;
use faff_testkit::{Place, TestBucket, TestDatabase, on_both_stores};

const ONE: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const TWO: &str = "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// A place for data, and the program to be run on it.
struct Desk {
    database: TestDatabase,
    bucket: Option<TestBucket>,
    objects: PathBuf,
}

impl Desk {
    async fn on(place: Place, database: TestDatabase) -> Self {
        let bucket = process::bucket(place, &database).await;
        let folder = database.folder().join("files");
        let objects = bucket.as_ref().map_or(folder, |bucket| bucket.objects.clone());
        Self { database, bucket, objects }
    }

    fn command(&self, keys: &[(&str, &str)]) -> Command {
        let mut command = process::command(&self.database, self.bucket.as_ref(), self.database.folder());
        command.envs(keys.iter().copied());
        command
    }

    /// Runs the program to its end: whether that was a good one, and what it said.
    async fn run(&self, arguments: &[&str], keys: &[(&str, &str)]) -> (bool, String) {
        let mut command = tokio::process::Command::from(self.command(keys));
        let output = command.args(arguments).output().await.unwrap();
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        assert!(!said.contains(ONE) && !said.contains(TWO), "{said}");
        (output.status.success(), said)
    }

    async fn must(&self, arguments: &[&str], keys: &[(&str, &str)]) -> String {
        let (well, said) = self.run(arguments, keys).await;
        assert!(well, "{arguments:?}: {said}");
        said
    }

    /// The objects, each of which must be sealed with this key.
    fn all_sealed_with(&self, key: &str) -> usize {
        let objects: Vec<_> =
            std::fs::read_dir(&self.objects).unwrap().map(|entry| entry.unwrap().path()).collect();
        for object in &objects {
            let header = faff_seal::Header::read(&std::fs::read(object).unwrap()).unwrap();
            assert_eq!(header.key_id().unwrap(), Key::parse(key).unwrap().id(), "{}", object.display());
        }
        objects.len()
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

on_both_stores! {
    async fn files_are_sealed_anew_and_restored_under_another_key(place) {
        let desk = Desk::on(place, TestDatabase::create(place.engine, faff_app::MIGRATIONS).await).await;
        let folder = desk.database.folder().to_owned();
        let key_file = folder.join("files.key");
        std::fs::write(&key_file, format!("{ONE}\n")).unwrap();
        let by_file = [("FILES_KEY_FILE", text(&key_file))];
        let mut server = Server::start(desk.command(&by_file)).await;
        let sender = Sender::register(&server.url).await;
        for n in 0..3 {
            let (status, answer) = sender.send(&server.url, "/api/messages", vec![process::bytes(n, 100_000)]).await.unwrap();
            assert_eq!(status, 201, "{answer}");
        }
        assert_eq!(desk.all_sealed_with(ONE), 3);

        // A key that is missing is told of; one that is wrong, too.
        let (well, said) = desk.run(&["verify"], &[]).await;
        assert!(!well && said.contains("which was not given") && said.contains("3 faults were found"), "{said}");
        let (well, said) = desk.run(&["key", "rotate"], &[]).await;
        assert!(!well && said.contains("FILES_KEY"), "{said}");
        let (well, said) = desk.run(&["key", "rotate"], &[("FILES_KEY", TWO)]).await;
        assert!(!well && said.contains("3 files could not be sealed"), "{said}");

        // Anew, while the server runs, which then gets both.
        let both = [("FILES_KEY", format!("{TWO},{ONE}"))].map(|(name, keys)| (name, String::leak(keys) as &str));
        let said = desk.must(&["verify"], &both).await;
        assert!(said.contains("0 sealed with the first key, 3 with another, 0 not sealed"), "{said}");
        server.kill();
        let server = Server::start(desk.command(&both)).await;
        let said = desk.must(&["key", "rotate"], &both).await;
        assert!(said.contains("sealed 0 files that were not and 3 that were with another key; 0 were before"), "{said}");
        let said = desk.must(&["key", "rotate"], &both).await;
        assert!(said.contains("sealed 0 files that were not and 0 that were with another key; 3 were before"), "{said}");
        assert_eq!(desk.all_sealed_with(TWO), 3);
        let said = desk.must(&["verify"], &[("FILES_KEY", TWO)]).await;
        assert!(said.contains("3 sealed with the first key, 0 with another") && said.ends_with("ok\n"), "{said}");
        drop(server);

        // A backup holds what is in them.
        let file = folder.join("a.tar");
        desk.must(&["backup", "--out", text(&file)], &[("FILES_KEY", TWO)]).await;
        let archive = std::fs::read(&file).unwrap();
        for n in 0..3 {
            let content = process::bytes(n, 100_000);
            assert!(archive.windows(64).any(|window| window == &content[..64]));
        }
        let (well, said) = desk.run(&["backup", "--out", text(&folder.join("b.tar"))], &[("FILES_KEY", ONE)]).await;
        assert!(!well && said.contains("cannot be opened"), "{said}");
        let other = Desk::on(place, TestDatabase::nothing(place.engine).await).await;
        other.must(&["restore", text(&file)], &[("FILES_KEY", ONE)]).await;
        assert_eq!(other.all_sealed_with(ONE), 3);
        let said = other.must(&["verify"], &[("FILES_KEY", ONE)]).await;
        assert!(said.contains("3 sealed with the first key") && said.ends_with("ok\n"), "{said}");
        if place.store == Store::Folder {
            // Into another folder, sealed by the way.
            let (target, moved) = (TestDatabase::nothing(place.engine).await, folder.join("moved"));
            let there = format!("file://{}", moved.display());
            desk.must(&["move", "--to", &target.url, "--to-storage", &there], &both).await;
            let moved = Desk { database: target, bucket: None, objects: moved };
            assert_eq!(moved.all_sealed_with(TWO), 3);
        }

        let shown = desk.must(&["config", "check"], &both).await;
        let ids = [TWO, ONE].map(|key| Key::parse(key).unwrap().id().to_string());
        assert!(shown.contains(&format!("seals with the key {}, opens {}, too", ids[0], ids[1])), "{shown}");
        let (well, said) = desk.run(&["config", "check"], &[("FILES_KEY", "canary-of-a-short-key")]).await;
        assert!(!well && said.contains("FILES_KEY: expected 32 random bytes") && !said.contains("canary"), "{said}");
        let (well, said) = desk.run(&["config", "check"], &[("FILES_KEY_FILE", "/nowhere/files.key")]).await;
        assert!(!well && said.contains("FILES_KEY_FILE: /nowhere/files.key cannot be read"), "{said}");
        let (well, said) = desk.run(&["config", "check"], &[by_file[0], both[0]]).await;
        assert!(!well && said.contains("give one of them"), "{said}");
    }
}
