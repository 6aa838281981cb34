//! The store: two engines behind one small interface, and the event log that every change is written to.
//!
//! A caller writes one SQL text with `$1` placeholders; it runs on SQLite (`rusqlite`) and on PostgreSQL
//! (`tokio-postgres`) alike. What truly differs between the engines is in [`dialect`], by name.
//!
//! Invariants:
//! - A write is a closure that gets a [`Tx`]. Its events and its state are one transaction; a closure that
//!   recorded no event does not commit unless it said [`Tx::commit_quietly`] with a reason.
//! - On SQLite one thread writes. It gathers waiting transactions into one commit, and answers after that commit.
//! - Nothing but the commit appends to the log, so the audit is complete by construction ([`log`]).
//! - This crate knows no feature: tickets are streams to it.

pub mod bulk;
pub mod copy;
pub mod cursor;
mod db;
pub mod dialect;
mod error;
pub mod jobs;
pub mod log;
pub mod migrate;
mod postgres;
mod reader;
mod sqlite;
mod text;
mod tx;
mod value;

pub use db::{Connections, Counters, Db, Options, Replication, Sent};
pub use dialect::{Engine, Search, Texts, ids};
pub use error::StoreError;
pub use postgres::{PostgresAddress, Security};
pub use reader::Reader;
pub use tx::{Committed, Tx, View};
pub use value::{Column, FromRow, Param, Row};

#[doc(hidden)]
pub use serde;
