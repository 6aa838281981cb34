//! What people, scripts and other programs are promised over HTTP and sockets.
//!
//! One program: each one more would link the whole application once more. Every file here is a module of it, which
//! `cargo xtask tidy` sees to.

mod access;
mod ai;
mod ai_stories;
mod answers;
mod audit;
mod edge;
mod file_attacks;
mod file_links;
mod files;
mod files_at_rest;
mod hostile_strings;
mod idempotency;
mod inbox;
mod limits;
mod live;
mod live_access;
mod live_attacks;
mod live_attacks_logs;
mod live_catch_up;
mod live_clients;
mod live_delivery;
mod live_model;
mod live_nodes;
mod live_sends;
mod live_sessions;
mod live_sync;
mod logs;
mod message_lists;
mod messages;
mod metrics;
mod pages;
mod people;
mod queries;
mod reading;
mod replica;
mod reviews;
mod schema;
mod search;
mod sessions;
mod shared_limits;
mod status;
mod summaries;
mod summaries_by_model;
mod task_lists;
mod task_memory;
mod tasks;
mod thumbnails;
mod tls;
mod views;
mod walking_skeleton;
