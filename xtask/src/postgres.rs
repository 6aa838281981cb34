//! `cargo xtask postgres`: a private cluster for as long as a command runs.

use crate::cluster::{Cluster, Durability};
use crate::failure::Outcome;
use crate::{process, workspace};
use std::ffi::OsString;
use std::process::Command;

const DATABASE: &str = "faff";

/// Starts a cluster, runs the command beside it, removes the cluster.
pub(crate) fn execute(arguments: Vec<OsString>) -> Outcome {
    let (durability, command) = parse(arguments);
    let (program, arguments) = command.split_first().map_or_else(
        || (workspace::variable("SHELL").unwrap_or_else(|| "sh".into()), Vec::new()),
        |(program, arguments)| (program.clone(), arguments.to_vec()),
    );

    let cluster = Cluster::start_with(durability, Some(DATABASE))?;
    let url = cluster.url(DATABASE);
    eprintln!("postgres: DATABASE_URL={url}");
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("DATABASE_URL", &url)
        .env("FAFF_TEST_POSTGRES", cluster.url("postgres"))
        // What psql, pg_dump and their like go by.
        .env("PGHOST", "127.0.0.1")
        .env("PGPORT", cluster.port().to_string())
        .env("PGUSER", Cluster::USER)
        .env("PGDATABASE", DATABASE)
        .env("PATH", cluster.path());
    process::run_unexplained(&mut command)
}

/// The durability asked for, and the command (empty: a shell).
fn parse(arguments: Vec<OsString>) -> (Durability, Vec<OsString>) {
    let mut durability = Durability::Off;
    let mut rest = arguments.into_iter().peekable();
    while let Some(option) = rest.next_if(|argument| argument == "--fsync" || argument == "--") {
        if option == "--" {
            break;
        }
        durability = Durability::Default;
    }
    (durability, rest.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> (Durability, Vec<OsString>) {
        parse(arguments.iter().map(OsString::from).collect())
    }

    #[test]
    fn options_end_where_the_command_begins() {
        assert_eq!(parsed(&[]), (Durability::Off, vec![]));
        assert_eq!(
            parsed(&["--fsync", "--", "x", "--fsync"]),
            (Durability::Default, vec!["x".into(), "--fsync".into()])
        );
        assert_eq!(
            parsed(&["psql", "-c", "--"]),
            (Durability::Off, vec!["psql".into(), "-c".into(), "--".into()])
        );
    }
}
