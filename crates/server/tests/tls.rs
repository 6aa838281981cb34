//! The binary with a certificate: what it says of it, that it serves by it, and that it notices another.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use faff_testkit::{Authority, Engine, TestDatabase, TestRedis};
use serde_json::Value;

use crate::process::{self, Server};

const PATIENCE: Duration = Duration::from_mins(1);
const GOOD: (i32, i32) = (2020, 4000);

fn command(database: &TestDatabase) -> Command {
    let folder = database.folder();
    let mut command = process::command(database, None, folder);
    command.env("TLS_CERT", folder.join("cert.pem")).env("TLS_KEY", folder.join("key.pem"));
    command
}

fn check(database: &TestDatabase) -> (Option<i32>, String) {
    let mut command = command(database);
    let Output { status, stdout, stderr } = command.args(["config", "check"]).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap())
}

fn remove(folder: &Path) {
    for name in ["cert.pem", "key.pem"] {
        std::fs::remove_file(folder.join(name)).unwrap();
    }
}

#[tokio::test]
async fn it_serves_by_its_certificate_notices_another_and_speaks_to_redis_over_tls() {
    let database = TestDatabase::create(Engine::Sqlite, faff_app::MIGRATIONS).await;
    let authority = Authority::default();
    let first = authority.issue("first", GOOD);
    first.write(database.folder());
    let trusted = database.folder().join("authority.pem");
    std::fs::write(&trusted, authority.pem()).unwrap();
    let redis = TestRedis::start().await;
    let shield = authority.shield(redis.url().strip_prefix("redis://").unwrap().parse().unwrap()).await;
    let mut command = command(&database);
    command.env("SSL_CERT_FILE", &trusted);
    command.env("REDIS_URL", format!("rediss://localhost:{}", shield.address.port()));

    let server = Server::begin(command);
    assert!(server.url.starts_with("https://127.0.0.1:"), "{}", server.url);
    let tunnel = authority.before(&server.url).await;
    let health: Value = reqwest::get(format!("{}/health", tunnel.url())).await.unwrap().json().await.unwrap();
    assert_eq!(health["services"]["redis"]["healthy"], true, "{health}");

    let shown = async || {
        let stream = authority.connect(&server.url).await.unwrap();
        stream.get_ref().1.peer_certificates().unwrap()[0].to_vec()
    };
    assert_eq!(shown().await, first.der);
    let second = authority.issue("second", GOOD);
    second.write(database.folder());
    let noticed = async {
        while shown().await != second.der {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, noticed).await.unwrap();
}

#[tokio::test]
async fn files_are_looked_at_before_anything_else_and_by_config_check() {
    let database = TestDatabase::create(Engine::Sqlite, faff_app::MIGRATIONS).await;
    let (authority, folder) = (Authority::default(), database.folder().to_owned());
    authority.issue("desk", GOOD).write(&folder);
    let (code, said) = check(&database);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("cert.pem: CN=desk, for localhost 127.0.0.1, valid until 4000-01-01T00:00:00.000Z"),
        "{said}"
    );
    authority.issue("old", (2000, 2001)).write(&folder);
    let (code, said) = check(&database);
    assert!(code == Some(2) && said.contains("has expired at 2001-01-01"), "{said}");
    remove(&folder);
    let (code, said) = check(&database);
    assert!(code == Some(2) && said.matches("cannot be read").count() == 2, "{said}");
    let served = command(&database).output().unwrap();
    assert_eq!(served.status.code(), Some(2));
    // Whoever only makes an account needs no key.
    let listed = command(&database).args(["migrate"]).output().unwrap();
    assert_eq!(listed.status.code(), Some(0), "{}", String::from_utf8_lossy(&listed.stderr));
}
