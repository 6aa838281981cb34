//! The binary at work: its commands, its crashes, and what it says.
//!
//! One program: each one more would link the whole application once more. Every file here is a module of it, which
//! `cargo xtask tidy` sees to.

mod backup;
mod cli;
mod crash;
mod disk_full;
mod export;
mod file_crash;
mod file_memory;
mod files_at_rest;
mod migrate_crash;
mod process;
mod replica;
mod telemetry;
mod tls;
mod verify;
