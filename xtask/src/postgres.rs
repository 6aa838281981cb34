//! `cargo xtask postgres`: a private cluster for as long as a command runs, or kept for the next time.

use crate::cluster::{Cluster, Durability};
use crate::failure::{Failure, Outcome};
use crate::{process, workspace};
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

const DATABASE: &str = "faff";

/// Starts a cluster, runs the command beside it, removes the cluster unless it is to be kept.
pub(crate) fn execute(arguments: Vec<OsString>) -> Outcome {
    let Asked { durability, kept, command } = parse(arguments)?;
    let (program, arguments) = command.split_first().map_or_else(
        || (workspace::variable("SHELL").unwrap_or_else(|| "sh".into()), Vec::new()),
        |(program, arguments)| (program.clone(), arguments.to_vec()),
    );

    let cluster = Cluster::start_with(durability, Some(DATABASE), kept.as_deref().map(Path::new))?;
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

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    durability: Durability,
    /// Where the cluster is kept.
    kept: Option<OsString>,
    /// Empty: a shell.
    command: Vec<OsString>,
}

fn parse(arguments: Vec<OsString>) -> Result<Asked, Failure> {
    let (mut durability, mut kept) = (Durability::Off, None);
    let mut rest = arguments.into_iter().peekable();
    let options = ["--fsync", "--keep", "--"];
    while let Some(option) = rest.next_if(|argument| options.iter().any(|option| argument == option)) {
        match option.to_str() {
            Some("--fsync") => durability = Durability::Default,
            Some("--keep") => {
                let missing = || Failure::usage("--keep needs the directory that the cluster is kept in");
                kept = Some(rest.next().ok_or_else(missing)?);
            }
            _ => break,
        }
    }
    Ok(Asked { durability, kept, command: rest.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Asked {
        parse(arguments.iter().map(OsString::from).collect()).unwrap()
    }

    #[test]
    fn options_end_where_the_command_begins() {
        let asked = |durability, kept: Option<&str>, command: &[&str]| Asked {
            durability,
            kept: kept.map(OsString::from),
            command: command.iter().map(OsString::from).collect(),
        };
        assert_eq!(parsed(&[]), asked(Durability::Off, None, &[]));
        assert_eq!(
            parsed(&["--fsync", "--", "x", "--fsync"]),
            asked(Durability::Default, None, &["x", "--fsync"])
        );
        assert_eq!(parsed(&["psql", "-c", "--"]), asked(Durability::Off, None, &["psql", "-c", "--"]));
        assert_eq!(
            parsed(&["--keep", "here", "--fsync", "psql", "--keep"]),
            asked(Durability::Default, Some("here"), &["psql", "--keep"])
        );
        assert!(parse(vec!["--keep".into()]).is_err());
    }
}
