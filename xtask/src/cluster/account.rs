//! Whom the server runs as. PostgreSQL refuses to run as root, so root's tasks
//! (a container, most often) hand it to an unprivileged account.

use crate::failure::{Doing, Failure, Outcome};
use crate::process;
use crate::user::{identity, me};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// The first one that exists is taken.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// The account that the server and its files belong to.
#[derive(Clone, Debug)]
pub(super) struct Account {
    /// `None`: the account that runs the task.
    other: Option<(u32, u32)>,
}

impl Account {
    /// Whoever runs the task, unless that is root.
    pub(super) fn for_server() -> Result<Self, Failure> {
        if me()? != 0 {
            return Ok(Self { other: None });
        }
        let other = UNPRIVILEGED.iter().find_map(|name| {
            let user = identity(&["-u", name]).ok()?;
            let group = identity(&["-g", name]).ok()?;
            Some((user, group))
        });
        if other.is_none() {
            return Err(Failure::new(
                "PostgreSQL does not run as root, and there is no account `postgres` or `nobody` to run it as",
            ));
        }
        Ok(Self { other })
    }

    /// A program to be run as this account, in a directory of its own.
    pub(super) fn command(&self, program: &Path, directory: &Path) -> Command {
        let mut command = Command::new(program);
        // The C locale: messages in English, and no warnings about the caller's.
        command.current_dir(directory).env("LC_ALL", "C");
        if let Some((user, group)) = self.other {
            // std drops root's supplementary groups along with these.
            command.uid(user).gid(group);
        }
        command
    }

    /// Opens the outer directory to this account and gives it the inner one.
    pub(super) fn admit(&self, outer: &Path, inner: &Path) -> Outcome {
        let Some((user, group)) = self.other else {
            return Ok(());
        };
        std::fs::set_permissions(outer, PermissionsExt::from_mode(0o755))
            .doing(|| format!("open {} to other accounts", outer.display()))?;
        chown(inner, Some(user), Some(group)).doing(|| format!("give {} away", inner.display()))
    }

    /// Whether this account can get there and write: a parent may be closed to it.
    pub(super) fn probe(&self, directory: &Path) -> Outcome {
        let mut shell = self.command(Path::new("sh"), Path::new("/"));
        shell.args(["-c", r#"cd "$1" && touch probe && rm probe"#, "sh"]).arg(directory);
        process::output(&mut shell).map(drop)
    }
}
