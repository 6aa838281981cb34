//! The project's tasks, as `cargo xtask VERB`: one file a verb, in plain Rust, so
//! that a toolchain and a C compiler are all anybody has to bring.
//!
//! `cargo xtask help` (in help.rs) says what each verb does.

mod bench;
mod build;
mod check;
mod chromium;
mod ci;
mod cluster;
mod deploy;
mod e2e;
mod failure;
mod fuzz;
mod help;
mod lint;
mod mutants;
mod nextest;
mod node;
mod openapi;
mod packages;
mod postgres;
mod preload;
mod private;
mod process;
mod protocol;
mod redis;
mod run;
mod sbom;
mod servers;
mod setup;
mod signals;
mod test;
mod tidy;
mod user;
mod web;
mod workspace;

use crate::failure::{Failure, Outcome};
use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let verb = arguments.next().unwrap_or_else(|| OsString::from("help"));
    match dispatch(&verb.to_string_lossy(), arguments.collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn dispatch(verb: &str, arguments: Vec<OsString>) -> Outcome {
    signals::install()?;
    match verb {
        "run" => run::execute(arguments),
        "test" => test::execute(&arguments),
        "postgres" => postgres::execute(arguments),
        "web" => without(&arguments, verb).and_then(|()| web::execute()),
        "e2e" => e2e::execute(&arguments),
        "fuzz" => fuzz::execute(&arguments),
        "mutants" => mutants::execute(&arguments),
        "check" => check::execute(&arguments),
        "protocol" => without(&arguments, verb).and_then(|()| protocol::execute()),
        "tidy" => without(&arguments, verb).and_then(|()| tidy::execute()),
        "openapi" => openapi::execute(&arguments),
        "deploy" => without(&arguments, verb).and_then(|()| deploy::execute()),
        "lint" => without(&arguments, verb).and_then(|()| lint::execute()),
        "deny" => without(&arguments, verb).and_then(|()| lint::deny()),
        "sbom" => without(&arguments, verb).and_then(|()| sbom::execute()),
        "ci" => without(&arguments, verb).and_then(|()| ci::execute()),
        "setup" => without(&arguments, verb).and_then(|()| setup::execute()),
        "bench" => bench::execute(arguments),
        "help" | "--help" | "-h" => {
            help::print();
            Ok(())
        }
        other => Err(Failure::usage(format!("there is no task `{other}`; `cargo xtask help` lists them"))),
    }
}

/// Refuses arguments to a verb that takes none, instead of ignoring them.
fn without(arguments: &[OsString], verb: &str) -> Outcome {
    match arguments.first() {
        None => Ok(()),
        Some(first) => Err(Failure::usage(format!(
            "`cargo xtask {verb}` takes no arguments, but got {}",
            first.display()
        ))),
    }
}
