//! What reads the log, or talks to the outside.

pub mod ai;
pub mod audit;
pub mod backup;
pub mod files;
pub(crate) mod follower;
pub mod health;
pub mod jobs;
pub mod meta;
pub mod metrics;
pub(crate) mod realtime;
pub mod rotate;
pub mod status;
pub mod sweeper;
pub mod verify;
