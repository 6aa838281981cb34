//! Installing what the system's package manager has: Debian's, or Homebrew.

use crate::failure::{Failure, Outcome};
use crate::{process, user, workspace};
use std::process::Command;

/// What a program is called where packages come from.
#[derive(Clone, Copy)]
pub(crate) struct Packages {
    pub(crate) debian: &'static [&'static str],
    pub(crate) homebrew: &'static [&'static str],
}

impl Packages {
    /// Installs them, or fails with what a person can do about it.
    pub(crate) fn install(self, by_hand: impl Fn() -> Failure) -> Outcome {
        let installed = if workspace::installed("apt-get") {
            apt_get(&["update"]).and_then(|()| apt_get(&[&["install", "-y"], self.debian].concat()))
        } else if workspace::installed("brew") {
            process::run(Command::new("brew").arg("install").args(self.homebrew))
        } else {
            return Err(by_hand());
        };
        installed.map_err(|failure| {
            failure.told();
            by_hand()
        })
    }
}

fn apt_get(arguments: &[&str]) -> Outcome {
    let mut command = if user::me()? == 0 {
        Command::new("env")
    } else {
        // -n: fail rather than wait for a password nobody may be there to type.
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "env"]);
        sudo
    };
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(arguments);
    process::run(&mut command)
}
