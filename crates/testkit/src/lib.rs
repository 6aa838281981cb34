//! What the tests share: databases of both engines, a server on each, named people and tickets. Tests only.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on fails"
)]
#![cfg_attr(feature = "app", expect(clippy::indexing_slicing, reason = "the same"))]
#![expect(clippy::disallowed_methods, reason = "the runner says by environment what it provisioned")]

#[cfg(feature = "app")]
mod app;
#[cfg(feature = "app")]
mod bucket;
mod database;
mod dice;
#[cfg(feature = "app")]
mod door;
#[cfg(feature = "app")]
pub mod live;
#[cfg(feature = "app")]
mod logs;
#[cfg(feature = "app")]
mod model;
#[cfg(feature = "app")]
mod node;
#[cfg(feature = "app")]
mod place;
mod redis;
mod replicated;
#[cfg(feature = "tls")]
mod tls;

#[cfg(feature = "app")]
pub use app::{Answer, Client, PASSWORD, Person, TestApp, World};
#[cfg(feature = "app")]
pub use bucket::TestBucket;
pub use database::TestDatabase;
pub use dice::Dice;
#[cfg(feature = "app")]
pub use door::Door;
pub use faff_store::Engine;
#[cfg(feature = "app")]
pub use live::Live;
#[cfg(feature = "app")]
pub use logs::Logs;
#[cfg(feature = "app")]
pub use model::{Asked, Does, FakeModel, MODEL_KEY};
#[cfg(feature = "app")]
pub use node::{NodeClient, NodeClients};
#[cfg(feature = "app")]
pub use place::{Place, Store};
pub use redis::TestRedis;
pub use replicated::TestReplicated;
#[cfg(feature = "tls")]
pub use tls::{Authority, Issued, Tunnel};

/// Declares a test once and runs it on both engines: `on_both_engines! { async fn name(engine) { … } }` becomes
/// the tests `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($engine:ident) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;
            async fn story($engine: $crate::Engine) $body
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() { story($crate::Engine::Sqlite).await; }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() { story($crate::Engine::Postgres).await; }
        }
    )+};
}

/// The same with files in a folder and in a bucket: `on_both_stores! { async fn name(place) { … } }` becomes the tests
/// `name::sqlite`, `name::postgres`, `name::sqlite_s3` and `name::postgres_s3`.
#[macro_export]
macro_rules! on_both_stores {
    ($($(#[$meta:meta])* async fn $name:ident($place:ident) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;
            use $crate::{Engine, Place, Store};
            async fn story($place: Place) $body
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() { story(Place { engine: Engine::Sqlite, store: Store::Folder }).await; }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() { story(Place { engine: Engine::Postgres, store: Store::Folder }).await; }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite_s3() { story(Place { engine: Engine::Sqlite, store: Store::Bucket }).await; }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres_s3() { story(Place { engine: Engine::Postgres, store: Store::Bucket }).await; }
        }
    )+};
}
