//! Who runs the task, and what the system's accounts are numbered.

use crate::failure::Failure;
use crate::process;
use std::process::Command;

/// The account that runs the task.
pub(crate) fn me() -> Result<u32, Failure> {
    identity(&["-u"])
}

/// A number from `id`, of the account that runs the task or of a named one.
pub(crate) fn identity(arguments: &[&str]) -> Result<u32, Failure> {
    let printed = process::output(Command::new("id").args(arguments))?;
    printed.trim().parse().map_err(|_| Failure::new(format!("`id` printed no number but {printed:?}")))
}
