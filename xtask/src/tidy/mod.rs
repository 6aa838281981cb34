//! `cargo xtask tidy`: the laws of this repository that no other tool knows.
//!
//! Each law looks at a tree of texts in memory and gives its violations, so that
//! a test can plant one. Laws read text, not syntax trees: they are meant to
//! catch what slips in, not what hides.

mod deploy;
mod floors;
mod imports;
mod links;
mod migrations;
mod proofs;
mod shape;
mod source;
mod tokens;
mod tree;
mod wording;

use crate::failure::{Failure, Outcome};
use crate::workspace;
use std::fmt;
use tree::Tree;

/// Something against a law, and where.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Violation {
    path: String,
    /// Counted from one; zero for the file as a whole.
    line: usize,
    what: String,
}

impl Violation {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(formatter, "{}: {}", self.path, self.what),
            line => write!(formatter, "{}:{line}: {}", self.path, self.what),
        }
    }
}

type Law = fn(&Tree) -> Vec<Violation>;

const LAWS: [Law; 20] = [
    floors::dependencies,
    imports::features,
    shape::length,
    shape::opening,
    migrations::pairs,
    wording::unfinished,
    wording::sql_at_home,
    wording::vague_names,
    links::relative,
    proofs::tests,
    proofs::modules,
    proofs::examples,
    proofs::rows,
    proofs::verdicts,
    deploy::metrics,
    deploy::settings,
    deploy::versions,
    deploy::probes,
    deploy::patience,
    deploy::alerts,
];

/// Applies every law to the repository.
pub(crate) fn execute() -> Outcome {
    let tree = Tree::read(&workspace::root())?;
    let mut violations: Vec<Violation> = LAWS.iter().flat_map(|law| law(&tree)).collect();
    violations.sort();
    for violation in &violations {
        eprintln!("{violation}");
    }
    match violations.len() {
        0 => {
            eprintln!("tidy: {} laws, {} files, no violations", LAWS.len(), tree.len());
            Ok(())
        }
        1 => Err(Failure::new("tidy: 1 violation")),
        several => Err(Failure::new(format!("tidy: {several} violations"))),
    }
}
