//! A node that starts while others, or what waited at its port, already change things.

use std::pin::pin;
use std::sync::{Arc, Barrier};
use std::time::Duration;

use faff_app::features::files::Storage;
use faff_app::http::Pages;
use faff_app::{App, Parts};
use faff_store::{Reader, StoreError};
use faff_testkit::{Engine, TestApp};
use faff_types::Random;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// How many read a test's SQLite at once.
const READERS: usize = 2;
/// Long enough for what does not wait for a reader.
const SILENCE: Duration = Duration::from_millis(300);

/// Whoever joined before would not be told of what is committed between: neither by the log behind that place, nor past it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_let_in_before_the_node_knows_where_the_log_ends() {
    let one = TestApp::start(Engine::Sqlite).await;
    let db = one.database.open().await;
    let app = App::new(Parts {
        db: db.clone(),
        clock: one.clock.clone(),
        random: Random,
        storage: Storage::folder(&one.files).unwrap(),
        settings: one.app.settings().clone(),
        pages: Pages::default(),
    });
    let (taken, free) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(READERS + 1)));
    for _ in 0..READERS {
        let (db, begun, end) = (db.clone(), taken.clone(), free.clone());
        tokio::spawn(async move {
            let busy = db.read(async move |_: &mut Reader<'_>| {
                begun.wait();
                end.wait();
                Ok::<_, StoreError>(())
            });
            busy.await.unwrap();
        });
        let taken = taken.clone();
        spawn_blocking(move || taken.wait()).await.unwrap();
    }
    let mut start = pin!(faff_app::start(&app));
    assert!(timeout(SILENCE, &mut start).await.is_err(), "it has not read the log, and is up");
    spawn_blocking(move || free.wait()).await.unwrap();
    assert!(start.await.is_ok());
}
