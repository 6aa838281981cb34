//! The repository as the laws see it: paths, and the texts of those files that
//! some law reads.

use crate::failure::{Doing, Failure, Outcome};
use std::collections::BTreeMap;
use std::path::Path;

/// Directories that hold products or private things.
const SKIPPED: [&str; 4] = [".git", "target", "node_modules", "faff-data"];
/// The kinds of files whose text is read, and the directory of which all is.
const READ: [&str; 4] = [".rs", ".md", ".toml", ".ts"];
const READ_WHOLE: &str = "deploy/";
/// What a person has filled in, which is nobody else's.
const SECRET: &str = ".env";

/// Texts by path from the root, with `/` between the parts.
#[derive(Default)]
pub(super) struct Tree {
    files: BTreeMap<String, String>,
}

impl Tree {
    /// Reads the repository.
    pub(super) fn read(root: &Path) -> Result<Self, Failure> {
        let mut tree = Self::default();
        tree.add(root, "")?;
        Ok(tree)
    }

    fn add(&mut self, directory: &Path, prefix: &str) -> Outcome {
        let doing = || format!("read {}", directory.display());
        for entry in std::fs::read_dir(directory).doing(doing)? {
            let entry = entry.doing(doing)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            if entry.file_type().doing(doing)?.is_dir() {
                if !SKIPPED.contains(&name.as_str()) {
                    self.add(&entry.path(), &format!("{path}/"))?;
                }
            } else if name != SECRET
                && (path.starts_with(READ_WHOLE) || READ.iter().any(|suffix| name.ends_with(suffix)))
            {
                let text = std::fs::read_to_string(entry.path()).doing(|| format!("read {path}"))?;
                self.files.insert(path, text);
            } else {
                self.files.insert(path, String::new());
            }
        }
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.files.len()
    }

    /// Every file with its text, in order.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The files below a directory (`""`: all) whose names end like this.
    pub(super) fn under(&self, directory: &str, suffix: &str) -> impl Iterator<Item = (&str, &str)> {
        self.files().filter(move |(path, _)| path.starts_with(directory) && path.ends_with(suffix))
    }

    /// Whether there is a file or a directory of this path.
    pub(super) fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        path.is_empty()
            || self.files.contains_key(path)
            || self.files.keys().any(|file| file.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')))
    }

    /// A tree with these files, for tests of the laws.
    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        Self { files: files.collect() }
    }
}

/// Whether a Rust file holds nothing but tests (or benchmarks).
pub(super) fn is_test(path: &str) -> bool {
    path.split('/').any(|part| part == "tests" || part == "benches")
        || path.ends_with("/tests.rs")
        || path.ends_with("_tests.rs")
}
