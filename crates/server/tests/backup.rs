//! Backups by the real program: made while people write, put back whole, and refused when anything about them is wrong.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use crate::process::{self, Sender, Server};
use faff_app::access::System;
use faff_app::edges::backup::{self, Archive, Watch};
use faff_seal::Key;
use faff_store::{Reader, StoreError, Tx};
use faff_testkit::{
    Engine, Person, Place, Store, TestApp, TestBucket, TestDatabase, on_both_engines, on_both_stores,
};
use faff_types::Clock;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const OTHER_KEY: &str = "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// A place for data, and the program to be run on it.
struct Desk {
    database: TestDatabase,
    bucket: Option<TestBucket>,
    folder: PathBuf,
}

impl Desk {
    async fn on(place: Place, database: TestDatabase) -> Self {
        let bucket = process::bucket(place, &database).await;
        let folder = database.folder().to_owned();
        Self { database, bucket, folder }
    }

    /// One that has a schema.
    async fn new(place: Place) -> Self {
        Self::on(place, TestDatabase::create(place.engine, faff_app::MIGRATIONS).await).await
    }

    /// One where nothing is.
    async fn empty(place: Place) -> Self {
        Self::on(place, TestDatabase::nothing(place.engine).await).await
    }

    fn command(&self) -> std::process::Command {
        process::command(&self.database, self.bucket.as_ref(), &self.folder)
    }

    /// Runs the program to its end: whether that was a good one, and what it said.
    async fn run(&self, arguments: &[&str], environment: &[(&str, &str)]) -> (bool, String) {
        let mut command = tokio::process::Command::from(self.command());
        command.args(arguments).envs(environment.iter().copied());
        let Output { status, stdout, stderr } = command.output().await.unwrap();
        let said = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        (status.success(), said)
    }

    async fn must(&self, arguments: &[&str], environment: &[(&str, &str)]) -> String {
        let (well, said) = self.run(arguments, environment).await;
        assert!(well, "{arguments:?}: {said}");
        said
    }

    /// Restores must fail, say why, and leave nothing.
    async fn refuses(&self, file: &Path, environment: &[(&str, &str)], why: &str) {
        let (well, said) = self.run(&["restore", text(file)], environment).await;
        assert!(!well && said.contains(why), "{why}: {said}");
        assert_eq!(said.lines().count(), 1, "one sentence: {said}");
        self.is_empty().await;
    }

    async fn is_empty(&self) {
        assert!(faff_store::copy::is_empty(&self.database.options()).await.unwrap());
        let objects = self.bucket.as_ref().map_or(self.folder.join("files"), |bucket| bucket.objects.clone());
        assert_eq!(names(&objects), [""; 0]);
        let drafts: Vec<String> =
            names(&self.folder).into_iter().filter(|name| name.contains("sqlite")).collect();
        assert_eq!(drafts, [""; 0]);
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// What is in a folder.
fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

fn key(text: &str) -> Key {
    Key::parse(text).unwrap()
}

async fn look(path: &Path, key: Option<&Key>) -> Result<Archive, String> {
    backup::look(path, key, &Arc::new(Watch::default())).await.map_err(|fault| fault.to_string())
}

/// The only line that a backup says: where it is.
fn made(said: &str) -> PathBuf {
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.ends_with(" seconds\n"), "{said}");
    PathBuf::from(said.split(": ").next().unwrap())
}

on_both_stores! {
    async fn a_backup_made_while_people_write_and_delete_is_restored_whole(place) {
        let desk = Desk::new(place).await;
        let server = Server::start(desk.command()).await;
        let sender = Sender::register(&server.url).await;
        // What was acknowledged, in order: a message's content, or the address of a file and what is in it.
        let kept: Arc<tokio::sync::Mutex<BTreeMap<String, Vec<u8>>>> = Arc::default();
        let (stop, said, gone) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..3_u64 {
            let (sender, url, kept) = (sender.clone(), server.url.clone(), kept.clone());
            let (stop, said, gone) = (stop.clone(), said.clone(), gone.clone());
            writers.spawn(async move {
                for n in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    assert_eq!(sender.say(&url, &format!("{writer} says {n}")).await, 201);
                    said.fetch_add(1, Ordering::Relaxed);
                    let content = process::bytes(writer * 1_000_000 + n, 20_000);
                    let (status, answer) = sender.send(&url, "/api/messages", vec![content.clone()]).await.unwrap();
                    assert_eq!(status, 201, "{answer}");
                    let message = &answer["data"];
                    if n % 2 == 0 {
                        assert_eq!(sender.delete(&url, &format!("/api/messages/{}", message["id"])).await, 200);
                        gone.fetch_add(1, Ordering::Relaxed);
                    } else {
                        let address = message["attachments"][0]["url"].as_str().unwrap().to_owned();
                        kept.lock().await.insert(address, content);
                    }
                }
            });
        }
        let mut files = Vec::new();
        for round in 1..=3 {
            let (enough, deleted) = (said.load(Ordering::Relaxed) + 8, gone.load(Ordering::Relaxed));
            while said.load(Ordering::Relaxed) < enough || gone.load(Ordering::Relaxed) == deleted {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let (before, messages) = (kept.lock().await.clone(), said.load(Ordering::Relaxed));
            let file = desk.folder.join(format!("backup-{round}"));
            let told = desk.must(&["backup", "--out", text(&file)], &[("BACKUP_KEY", KEY)]).await;
            assert_eq!(made(&told), file);
            files.push((file, before, messages));
        }
        stop.store(true, Ordering::Relaxed);
        while let Some(writer) = writers.join_next().await {
            writer.unwrap();
        }
        drop(server);
        assert!(names(&desk.folder).iter().all(|name| !name.contains("-copy") && !name.contains(".part")));
        let (file, before, messages) = files.pop().unwrap();
        for (file, _, _) in &files {
            assert!(desk.must(&["restore", "--check", text(file)], &[("BACKUP_KEY", KEY)]).await.ends_with("ok\n"));
        }

        let other = Desk::empty(place).await;
        let told = other.must(&["restore", text(&file)], &[("BACKUP_KEY", KEY)]).await;
        assert!(told.ends_with("ok\n"), "{told}");
        assert!(other.must(&["verify"], &[]).await.ends_with("ok\n"));
        // What is there now is what is in the backup, to the last event.
        let first = look(&file, Some(&key(KEY))).await.unwrap();
        let again = other.folder.join("again");
        other.must(&["backup", "--out", text(&again)], &[]).await;
        let second = look(&again, None).await.unwrap();
        assert_eq!((&first.head.log, first.counts), (&second.head.log, second.counts));
        assert_eq!(first.head.files, second.head.files);
        assert!(first.counts.messages >= i64::try_from(messages).unwrap(), "{:?} {messages}", first.counts);
        assert_eq!(first.counts.missing, 0);
        // And it works: who was logged in still is, and every file that was acknowledged before is there.
        let server = Server::start(other.command()).await;
        assert!(before.len() > 4, "{}", before.len());
        for (address, content) in &before {
            assert!(sender.get(&server.url, address).await == (200, content.clone()), "{address}");
        }
        assert_eq!(sender.say(&server.url, "After all that").await, 201);
    }
}

/// A small world: messages, files, pictures with thumbnails, one file that is gone.
async fn world(app: &TestApp) -> (Person, Value) {
    let bo = app.world().await.bo;
    let task = bo.files("Printer on fire", json!({})).await;
    bo.says(&task, "It burns").await;
    for (seed, length) in [(0, 3_000), (1, 3_700), (2, 250_000)] {
        attach(&bo, &task, process::bytes(seed, length)).await;
    }
    let mut picture = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(300, 200).write_to(&mut picture, image::ImageFormat::Png).unwrap();
    attach(&bo, &task, picture.into_inner()).await;
    (bo, task)
}

async fn attach(person: &Person, task: &Value, content: Vec<u8>) -> Value {
    let form = Form::new()
        .text("taskId", task["id"].to_string())
        .part("files", Part::bytes(content).file_name("burning.png"));
    let answer = person.send(person.request(reqwest::Method::POST, "/api/messages").multipart(form)).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body["data"].clone()
}

/// A world and its backup, plain or sealed.
async fn backed_up(engine: Engine, key: Option<&str>) -> (TestApp, PathBuf, Vec<u8>) {
    let app = TestApp::start(engine).await;
    world(&app).await;
    let path = app.database.folder().join("backup");
    let order = backup::Order {
        to: path.clone(),
        force: false,
        key: key.map(self::key),
        without_missing: false,
        spool: app.database.folder().to_owned(),
    };
    backup::make(&app.app, order, Arc::default()).await.unwrap();
    let bytes = std::fs::read(&path).unwrap();
    (app, path, bytes)
}

on_both_engines! {
    async fn what_is_deleted_while_a_backup_is_made_stays_until_it_has_ended(engine) {
        let app = TestApp::start(engine).await;
        let (bo, task) = world(&app).await;
        let message = attach(&bo, &task, process::bytes(9, 5_000)).await;
        let name = message["attachments"][0]["filename"].as_str().unwrap().to_owned();
        let object = app.files.join(&name);
        assert!(object.exists());

        let system = System::for_reason(&app.app, "a test copies the database");
        let mut hold = system.hold().await.unwrap().unwrap();
        assert!(system.is_held().await.unwrap());
        let named = hold.copy(app.database.folder(), async |reader: &mut Reader<'_>| {
            reader.all::<String>("select stored from attachment", &[]).await
        });
        let named: Result<_, StoreError> = named.await;
        assert!(named.unwrap().0.contains(&name), "the copy names it");
        // Another one is refused meanwhile, here and by the program.
        let order = || backup::Order {
            to: app.database.folder().join("backup"),
            force: false,
            key: None,
            without_missing: false,
            spool: app.database.folder().to_owned(),
        };
        let refused = backup::make(&app.app, order(), Arc::default()).await.unwrap_err().to_string();
        assert_eq!(
            refused,
            "a backup of this database is being made, or its files are being sealed; try again when that has ended"
        );

        let deleted = bo.delete(&format!("/api/messages/{}", message["id"])).await;
        assert_eq!(deleted.status, 200, "{deleted:?}");
        assert_eq!(faff_app::edges::files::sweep(&app.app).await.unwrap(), 0);
        assert!(object.exists(), "it is in the copy, so it stays");
        assert_ne!(bo.get(&format!("/uploads/messages/{name}")).await.status, 200, "nobody sees it any more");

        drop(hold);
        while system.is_held().await.unwrap() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // Whoever comes first removes it: this test, or the application itself.
        while object.exists() {
            faff_app::edges::files::sweep(&app.app).await.unwrap();
        }
        let made = backup::make(&app.app, order(), Arc::default()).await.unwrap();
        assert_eq!((made.files, made.counts.attachments), (5, 4), "four files and a thumbnail");
    }

    async fn nothing_that_was_changed_is_restored(engine) {
        let (app, path, plain) = backed_up(engine, None).await;
        let desk = Desk::empty(Place { engine, store: Store::Folder }).await;
        assert!(look(&path, None).await.is_ok());
        let changed = app.database.folder().join("changed");
        let write = |bytes: &[u8]| std::fs::write(&changed, bytes).unwrap();
        let damaged = format!("{} cannot be used as a backup: it was changed or cut since it was made", changed.display());

        // A byte in each part of each entry.
        let entries = entries(&plain);
        assert_eq!(entries.iter().filter(|(name, ..)| name.starts_with("files/")).count(), 5);
        let mut places = Vec::new();
        for (_, header, content, size) in &entries {
            places.extend([header + 3, header + 130, header + 150, header + 400, *content, content + size - 1]);
            places.extend((size % 512 != 0).then_some(content + size));
        }
        for place in places.iter().copied().chain([plain.len() - 1]) {
            let mut bytes = plain.clone();
            bytes[place] ^= 4;
            write(&bytes);
            assert!(look(&changed, None).await.is_err(), "byte {place}");
        }
        for content in [entries[1].2, entries[3].2, entries.last().unwrap().2] {
            let mut bytes = plain.clone();
            bytes[content + 5] ^= 4;
            write(&bytes);
            desk.refuses(&changed, &[], &damaged).await;
        }
        for cut in entries.iter().map(|(_, _, content, _)| content + 1).chain([plain.len() - 512]) {
            write(&plain[..cut]);
            assert_eq!(look(&changed, None).await.unwrap_err(), damaged.replace("it was changed or cut since it was made", "it is cut off"));
        }
        desk.refuses(&changed, &[], "it is cut off").await;
        write(&[&plain[..], b"x"].concat());
        desk.refuses(&changed, &[], "something follows its end").await;
        write(b"");
        desk.refuses(&changed, &[], "it is cut off").await;

        // What is sealed.
        let (_app, _, sealed) = backed_up(engine, Some(KEY)).await;
        let chunk = |n: usize| faff_seal::HEADER + n * (faff_seal::CHUNK + faff_seal::TAG);
        assert!(sealed.len() > chunk(3));
        let with_key = [("BACKUP_KEY", KEY)];
        let broken = "it was changed or cut since it was sealed";
        for place in [20, 45, 70, chunk(0), chunk(1) - 1, chunk(1) + 9, chunk(2) + 70, sealed.len() - 1] {
            let mut bytes = sealed.clone();
            bytes[place] ^= 4;
            write(&bytes);
            assert!(look(&changed, Some(&key(KEY))).await.unwrap_err().ends_with(broken), "byte {place}");
        }
        desk.refuses(&changed, &with_key, broken).await;
        for cut in [chunk(0), chunk(1), chunk(2), sealed.len() - 1] {
            write(&sealed[..cut]);
            assert!(look(&changed, Some(&key(KEY))).await.unwrap_err().ends_with(broken), "cut at {cut}");
        }
        desk.refuses(&changed, &with_key, broken).await;
        write(&[&sealed[..chunk(0)], &sealed[chunk(1)..chunk(2)], &sealed[chunk(0)..chunk(1)], &sealed[chunk(2)..]].concat());
        desk.refuses(&changed, &with_key, broken).await;
        write(&sealed);
        desk.refuses(&changed, &[], "it is sealed, and no key was given (--key-file or BACKUP_KEY)").await;
        let (sealed_with, given) = (key(KEY).id(), key(OTHER_KEY).id());
        let other = format!("it is sealed with the key {sealed_with}, and the one given is {given}");
        desk.refuses(&changed, &[("BACKUP_KEY", OTHER_KEY)], &other).await;
        desk.refuses(&path, &with_key, "it is not sealed, although a key was given").await;
        // After all that, what is whole is taken.
        assert!(desk.must(&["restore", text(&changed)], &with_key).await.ends_with("ok\n"));
    }

    async fn nothing_hostile_is_restored(engine) {
        let (app, _, plain) = backed_up(engine, None).await;
        let desk = Desk::empty(Place { engine, store: Store::Folder }).await;
        let hostile = app.database.folder().join("hostile");
        let contents = contents(&plain);
        let same = build(&contents);
        assert!(same == plain, "these tests write archives as the program does");
        let write = |bytes: &[u8]| std::fs::write(&hostile, bytes).unwrap();
        let with = |change: &dyn Fn(&mut Contents)| {
            let mut contents = contents.clone();
            change(&mut contents);
            build(&contents)
        };
        let head = |change: &dyn Fn(&mut Value)| {
            with(&|contents| {
                let mut head: Value = serde_json::from_slice(&contents[0].1).unwrap();
                change(&mut head);
                contents[0].1 = serde_json::to_vec(&head).unwrap();
            })
        };
        let order = "its entries are not those of a backup, or not in their order";
        let outside = app.database.folder().parent().unwrap().join("escaped");
        for (archive, why) in [
            // Names are put into the header as they are.
            (raw(&contents, "../escaped", tar::EntryType::Regular), "it holds an entry of a name that no backup has"),
            (raw(&contents, text(&outside), tar::EntryType::Regular), "it holds an entry of a name that no backup has"),
            (raw(&contents, "files/../../escaped", tar::EntryType::Regular), "it holds an entry of a name that no backup has"),
            (raw(&contents, "files/00ff", tar::EntryType::Symlink), "it holds a link or something else that is no file"),
            (raw(&contents, "files/00ff", tar::EntryType::Link), "it holds a link or something else that is no file"),
            (raw(&contents, "files/00ff", tar::EntryType::GNULongName), "it holds a link or something else that is no file"),
            (with(&|contents| contents.insert(3, contents[2].clone())), order),
            (with(&|contents| contents.insert(2, contents[1].clone())), order),
            (with(&|contents| contents.swap(2, 3)), order),
            (with(&|contents| contents.swap(0, 1)), order),
            (with(&|contents| drop(contents.remove(3))), order),
            (with(&|contents| drop(contents.pop())), "it is cut off"),
            (with(&|contents| contents[2].1.push(0)), "it was changed or cut since it was made"),
            (with(&|contents| contents[1].1.push(0)), order),
            (head(&|head| head["largestFile"] = 1000.into()), "it holds a file that is larger than it says"),
            (head(&|head| head["files"] = 4.into()), order),
            (head(&|head| head["files"] = u64::MAX.into()), "its head says what cannot be"),
            (head(&|head| head["faff"] = "\u{1b}[2J".into()), "its head says what cannot be"),
            (head(&|head| head["format"] = 2.into()), "it is of format 2, which this program does not know; use a newer one"),
            (head(&|head| head["schema"] = 999.into()), "its database is of schema 999, and this program"),
            (head(&|head| head["createdAt"] = "2026".into()), "it was changed or cut since it was made"),
            (
                with(&|contents| {
                    let manifest = contents.last_mut().unwrap();
                    let text = String::from_utf8(manifest.1.clone()).unwrap();
                    manifest.1 = text.replacen("\"tasks\":1", "\"tasks\":2", 1).into_bytes();
                }),
                "it was changed or cut since it was made",
            ),
        ] {
            write(&archive);
            desk.refuses(&hostile, &[], why).await;
            assert!(!outside.exists());
        }
        // One that fits in itself, and tells of another database than it holds.
        let lying = head(&|head| head["log"]["events"] = 7.into());
        write(&with_manifest(&lying));
        assert!(look(&hostile, None).await.is_ok());
        desk.refuses(&hostile, &[], "its database is not the one that its head tells of; nothing was restored").await;
        // And one whose database is none.
        let none = with(&|contents| contents[1].1.fill(b'x'));
        write(&with_manifest(&none));
        assert!(look(&hostile, None).await.is_ok());
        desk.refuses(&hostile, &[], "nothing was restored").await;
        write(&plain);
        assert!(desk.must(&["restore", text(&hostile)], &[]).await.ends_with("ok\n"));
    }

    async fn what_is_there_is_not_replaced(engine) {
        let place = Place { engine, store: Store::Folder };
        let (app, path, _) = backed_up(engine, None).await;
        let full = Desk::new(place).await;
        let (well, said) = full.run(&["restore", text(&path)], &[]).await;
        assert!(!well && said.contains("is not empty; a backup is restored into an empty database only"), "{said}");
        assert!(full.must(&["verify"], &[]).await.contains("0 messages"));

        let desk = Desk::empty(place).await;
        let stranger = desk.folder.join("files").join("of somebody");
        std::fs::create_dir_all(stranger.parent().unwrap()).unwrap();
        std::fs::write(&stranger, "mine").unwrap();
        let (well, said) = desk.run(&["restore", text(&path)], &[]).await;
        assert!(!well && said.contains("the store of files is not empty; a backup is restored into an empty one only"), "{said}");
        assert_eq!(std::fs::read_to_string(&stranger).unwrap(), "mine");
        std::fs::remove_file(&stranger).unwrap();
        desk.is_empty().await;

        let other = match engine {
            Engine::Sqlite => Desk::empty(Place { engine: Engine::Postgres, ..place }).await,
            Engine::Postgres => Desk::empty(Place { engine: Engine::Sqlite, ..place }).await,
        };
        other.refuses(&path, &[], &format!("it is of {}, and the settings name a database of", engine.name())).await;

        // Neither is a backup, unless that is wanted; and nobody else may read one.
        let source = Desk::on(place, TestDatabase::create(engine, faff_app::MIGRATIONS).await).await;
        let file = source.folder.join("precious");
        std::fs::write(&file, "precious").unwrap();
        let (well, said) = source.run(&["backup", "--out", text(&file)], &[]).await;
        assert!(!well && said.contains("is there already; say --force to replace it"), "{said}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "precious");
        source.must(&["backup", "--force", "--out", text(&file)], &[]).await;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let folder = source.folder.join("backups");
        std::fs::create_dir(&folder).unwrap();
        let (plain, sealed) = (
            made(&source.must(&["backup", "--out", text(&folder)], &[]).await),
            made(&source.must(&["backup", "--out", text(&folder)], &[("BACKUP_KEY", KEY)]).await),
        );
        assert_eq!([&plain, &sealed].map(|path| path.extension().unwrap().to_str().unwrap()), ["tar", "sealed"]);
        assert_eq!(names(&folder).len(), 2, "and no draft: {:?}", names(&folder));
        for path in [&plain, &sealed] {
            assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let keys = source.folder.join("key");
        std::fs::write(&keys, format!("{KEY}\n")).unwrap();
        assert!(source.must(&["restore", "--check", text(&sealed), "--key-file", text(&keys)], &[]).await.ends_with("ok\n"));
        drop(app);
    }

    async fn a_file_that_is_missing_ends_a_backup_unless_it_may_be_so(engine) {
        let (app, path, _) = backed_up(engine, None).await;
        let object = names(&app.files).into_iter().find(|name| !name.ends_with('t')).unwrap();
        std::fs::remove_file(app.files.join(&object)).unwrap();
        let order = |without_missing| backup::Order {
            to: path.with_extension("more"),
            force: false,
            key: None,
            without_missing,
            spool: app.database.folder().to_owned(),
        };
        let refused = backup::make(&app.app, order(false), Arc::default()).await.unwrap_err().to_string();
        assert!(refused.starts_with(&format!("the object of file {object} is missing")), "{refused}");
        assert!(!path.with_extension("more").exists());
        let made = backup::make(&app.app, order(true), Arc::default()).await.unwrap();
        assert_eq!((made.missing, made.counts.missing, made.files), (vec![object.clone()], 1, 4));
        let desk = Desk::empty(Place { engine, store: Store::Folder }).await;
        let (well, said) = desk.run(&["restore", text(&made.path)], &[]).await;
        assert!(!well && said.contains("all of the backup is restored, which lacks 1 objects; 1 fault was found"), "{said}");
        assert!(said.contains(&format!("file {object}: its object is missing")), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_of_postgresql_that_are_missing_or_too_old_are_named() {
    let (app, path, _) = backed_up(Engine::Postgres, None).await;
    let place = Place { engine: Engine::Postgres, store: Store::Folder };
    let (source, desk) = (Desk::new(place).await, Desk::empty(place).await);
    let tools = source.folder.join("tools");
    std::fs::create_dir(&tools).unwrap();
    let environment = [("PATH", text(&tools))];
    let out = source.folder.join("out");
    let (well, said) = source.run(&["backup", "--out", text(&out)], &environment).await;
    assert!(
        !well && said.contains("pg_dump is not installed; it comes with PostgreSQL's client programs"),
        "{said}"
    );
    desk.refuses(
        &path,
        &environment,
        "pg_restore is not installed; it comes with PostgreSQL's client programs",
    )
    .await;
    for name in ["pg_dump", "pg_restore"] {
        let old = format!("#!/bin/sh\necho '{name} (PostgreSQL) 9.6.24'\n");
        std::fs::write(tools.join(name), old).unwrap();
        std::fs::set_permissions(tools.join(name), std::fs::Permissions::from_mode(0o700)).unwrap();
    }
    let (well, said) = source.run(&["backup", "--out", text(&out)], &environment).await;
    assert!(!well && said.contains("pg_dump is of version 9, but the server of "), "{said}");
    desk.refuses(&path, &environment, "pg_restore is of version 9, but the server of ").await;
    assert!(!out.exists());
    drop(app);
}

/// A server that has counted fewer transactions than the one that the log comes from.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_of_a_server_that_has_counted_further_goes_on_after_it_is_restored() {
    let app = TestApp::start(Engine::Postgres).await;
    let (bo, task) = world(&app).await;
    let db = app.database.open().await;
    let ahead = db.write(async |tx: &mut Tx<'_>| {
        tx.commit_quietly("as if the server were older");
        tx.execute("update event set tx = tx + 1000000000", &[]).await
    });
    let ahead: Result<_, StoreError> = ahead.await;
    assert!(ahead.unwrap().value > 5);
    let path = app.database.folder().join("backup");
    let spool = app.database.folder().to_owned();
    let order = backup::Order { to: path.clone(), force: false, key: None, without_missing: false, spool };
    backup::make(&app.app, order, Arc::default()).await.unwrap();
    let desk = Desk::empty(Place { engine: Engine::Postgres, store: Store::Folder }).await;
    assert!(desk.must(&["restore", text(&path)], &[]).await.ends_with("ok\n"));

    let restored = TestApp::on(desk.database, None, Clock::system()).await;
    let bo = restored.log_in(&bo.email).await;
    let mut live = bo.watch(&task).await;
    bo.says(&task, "After all that").await;
    let heard = live.next("new_message").await;
    assert_eq!(heard["content"], "After all that", "what was restored is not told again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_key_is_a_key_and_a_bad_one_is_refused_without_being_shown() {
    let desk = Desk::empty(Place { engine: Engine::Sqlite, store: Store::Folder }).await;
    let new = desk.must(&["key", "new"], &[]).await;
    assert!(Key::parse(&new).is_ok() && new != desk.must(&["key", "new"], &[]).await);
    let (well, said) = desk.run(&["config", "check"], &[("BACKUP_KEY", "canary-of-a-short-key")]).await;
    assert!(
        !well && said.contains("BACKUP_KEY: expected 32 random bytes") && !said.contains("canary"),
        "{said}"
    );
    let shown = desk.must(&["config", "check"], &[("BACKUP_KEY", KEY)]).await;
    assert!(shown.contains("BACKUP_KEY") && !shown.contains(KEY), "{shown}");
    let (well, said) = desk.run(&["backup", "--out", "backup"], &[]).await;
    assert!(!well && said.contains("there is no database at"), "{said}");
    desk.is_empty().await;
}

/// Entries, by name.
type Contents = Vec<(String, Vec<u8>)>;

/// Name, place of the header, place of the content, and size, of each entry.
fn entries(archive: &[u8]) -> Vec<(String, usize, usize, usize)> {
    let place = |number: u64| usize::try_from(number).unwrap();
    let mut found = Vec::new();
    for entry in tar::Archive::new(archive).entries().unwrap() {
        let entry = entry.unwrap();
        let name = entry.path().unwrap().to_str().unwrap().to_owned();
        found.push((
            name,
            place(entry.raw_header_position()),
            place(entry.raw_file_position()),
            place(entry.size()),
        ));
    }
    found
}

fn contents(archive: &[u8]) -> Contents {
    let mut found = Vec::new();
    for entry in tar::Archive::new(archive).entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().to_str().unwrap().to_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        found.push((name, content));
    }
    found
}

fn header(name: &str, size: usize, kind: tar::EntryType) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    let field = &mut header.as_gnu_mut().unwrap().name;
    let length = name.len().min(field.len());
    field[..length].copy_from_slice(&name.as_bytes()[..length]);
    header.set_size(size as u64);
    header.set_mode(0o600);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_entry_type(kind);
    header.set_cksum();
    header
}

fn build_with(contents: &[(String, Vec<u8>)], kinds: &dyn Fn(usize) -> tar::EntryType) -> Vec<u8> {
    let mut archive = Vec::new();
    for (n, (name, content)) in contents.iter().enumerate() {
        archive.extend(header(name, content.len(), kinds(n)).as_bytes());
        archive.extend(content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.extend([0; 1024]);
    archive
}

fn build(contents: &[(String, Vec<u8>)]) -> Vec<u8> {
    build_with(contents, &|_| tar::EntryType::Regular)
}

/// An archive with an entry of this name and kind in the place of its first file.
fn raw(contents: &[(String, Vec<u8>)], name: &str, kind: tar::EntryType) -> Vec<u8> {
    let mut contents = contents.to_vec();
    name.clone_into(&mut contents[2].0);
    build_with(&contents, &|n| if n == 2 { kind } else { tar::EntryType::Regular })
}

/// The same archive with a manifest that fits, as whoever can write files could make one.
fn with_manifest(archive: &[u8]) -> Vec<u8> {
    let mut contents = contents(archive);
    let (_, manifest) = contents.pop().unwrap();
    let first = String::from_utf8(manifest).unwrap().lines().next().unwrap().to_owned();
    let mut lines = vec![first];
    for (name, content) in &contents {
        let (size, sum) = (content.len(), sha256(content));
        lines.push(format!("{{\"name\":\"{name}\",\"size\":{size},\"sha256\":\"{sum}\"}}"));
    }
    let text = lines.join("\n") + "\n";
    let text = format!("{text}{{\"sha256\":\"{}\"}}\n", sha256(text.as_bytes()));
    contents.push(("manifest".to_owned(), text.into_bytes()));
    build(&contents)
}

on_both_engines! {
    async fn a_server_makes_backups_by_itself_and_keeps_as_many_as_it_is_told(engine) {
        let desk = Desk::new(Place { engine, store: Store::Folder }).await;
        let folder = desk.folder.join("backups");
        std::fs::create_dir(&folder).unwrap();
        for (n, name) in ["faff-20200101T000000Z.tar", "faff-20200102T000000Z.sealed", "faff-20200103T000000Z.tar"].iter().enumerate() {
            let file = std::fs::File::create(folder.join(name)).unwrap();
            file.set_modified(std::time::UNIX_EPOCH + Duration::from_secs(1_577_836_800 + 86_400 * n as u64)).unwrap();
        }
        std::fs::write(folder.join("notes"), "mine").unwrap();
        let start = || {
            let mut command = desk.command();
            command.env("BACKUP_DIR", &folder).env("BACKUP_EVERY", "24h").env("BACKUP_KEEP", "2");
            command.env("BACKUP_KEY", KEY).env("METRICS_TOKEN", "a token for a scraper".replace(' ', "-"));
            Server::start(command)
        };
        let metrics = async |server: &Server| {
            let request = reqwest::Client::new().get(format!("{}/metrics", server.url));
            request.bearer_auth("a-token-for-a-scraper").send().await.unwrap().text().await.unwrap()
        };
        let age = |metrics: &str| {
            let line = metrics.lines().find_map(|line| line.strip_prefix("faff_backup_age_seconds "));
            line.map(|age| age.parse::<f64>().unwrap())
        };
        let mut server = start().await;
        // It has found the old one first.
        while age(&metrics(&server).await).is_none_or(|age| age > 86_400.0) || names(&folder).len() > 3 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let found = names(&folder);
        assert_eq!((&found[0][..], &found[2][..]), ("faff-20200103T000000Z.tar", "notes"));
        let made = folder.join(&found[1]);
        assert!(look(&made, Some(&key(KEY))).await.is_ok());
        assert!(metrics(&server).await.contains("faff_backup_failures_total 0"));
        server.kill();
        // The next server finds it young enough.
        let server = start().await;
        while age(&metrics(&server).await).is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(names(&folder), found);
    }
}
