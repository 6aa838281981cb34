//! The binary `faff`: reads the settings, then serves, or does one of the jobs of the command line.
//!
//! Everything the product does is in `faff_app`; here it is only started.

mod backup;
mod client;
mod command;
mod demo;
mod failure;
mod key;
mod log;
mod migrate;
mod moving;
mod open;
mod openapi;
mod restore;
mod rotate;
mod schedule;
mod serve;
mod settings;
mod telemetry;
mod user;
mod verify;
mod worker;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    command::run(std::env::args_os())
}
