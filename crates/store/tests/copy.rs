//! Copies of a SQLite file, beside what the tests of backups show of both engines.

use std::io::Read as _;

use faff_store::copy::Restoring;
use faff_store::{Engine, Options, Reader, StoreError};
use faff_testkit::TestDatabase;
use rusqlite::config::DbConfig;

/// Of two connections that close at one moment, each may leave the log beside the file to the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_left_beside_a_restored_file_is_in_the_database() {
    let from = TestDatabase::create(Engine::Sqlite, &[]).await;
    let db = from.open().await;
    let mut hold = db.hold().await.unwrap().unwrap();
    assert!(db.hold().await.unwrap().is_none(), "one at a time");
    let copied = hold.copy(from.folder(), async |_: &mut Reader<'_>| Ok::<_, StoreError>(())).await;
    let mut bytes = Vec::new();
    copied.unwrap().1.read_to_end(&mut bytes).unwrap();
    drop(hold);
    assert!(!db.is_held().await.unwrap());

    let to = TestDatabase::nothing(Engine::Sqlite).await;
    let mut restoring = Restoring::begin(&to.options()).await.unwrap();
    restoring.push(&bytes).await.unwrap();
    let restored = restoring.finish().await.unwrap();
    let Options::Sqlite { path, .. } = restored.options() else { panic!("it is a file") };
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).unwrap();
    conn.execute_batch("create table late (id integer); insert into late values (7)").unwrap();
    drop(conn);
    let log = path.with_file_name("faff.sqlite-restoring-wal");
    assert!(log.exists(), "{}", log.display());
    restored.accept().unwrap();
    let db = to.open().await;
    let found: Result<i64, StoreError> =
        db.read(async |reader: &mut Reader<'_>| reader.one("select id from late", &[]).await).await;
    assert_eq!(found.unwrap(), 7);
    assert!(!path.exists() && !log.exists());
}
