//! Chromium, in which the web client's end-to-end tests run.

use crate::failure::Failure;
use crate::packages::Packages;
use crate::workspace;
use std::path::PathBuf;

/// What it is called by those who package it.
const PROGRAMS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const PACKAGES: Packages = Packages { debian: &["chromium"], homebrew: &["chromium"] };

/// Finds it, or else installs it.
pub(crate) fn provide() -> Result<PathBuf, Failure> {
    find().map_or_else(install, Ok)
}

/// Looks in PATH.
pub(crate) fn find() -> Option<PathBuf> {
    PROGRAMS.iter().find_map(|name| Some(workspace::directory_with(&[name])?.join(name)))
}

/// Installs the system's package.
pub(crate) fn install() -> Result<PathBuf, Failure> {
    eprintln!("Chromium, in which the web client is tested, is not installed: installing it.");
    PACKAGES.install(by_hand)?;
    find().ok_or_else(by_hand)
}

fn by_hand() -> Failure {
    Failure::new(
        "the web client's tests need Chromium, and it could not be installed from here. Install it (Debian: \
         `apt-get install chromium` as root; Fedora: `dnf install chromium`; Alpine: `apk add chromium`; macOS: \
         `brew install chromium`), see that chromium is in PATH, then run this again",
    )
}
