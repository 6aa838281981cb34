//! What reads the log, or talks to the outside.

pub mod audit;
pub mod files;
pub(crate) mod follower;
pub mod health;
pub mod meta;
pub(crate) mod realtime;
pub(crate) mod sweeper;
pub mod verify;
