//! The web client: built by Node where there is one, so that the server can embed
//! it; checked and tested as `cargo xtask web`.

use crate::failure::{Doing, Failure, Outcome};
use crate::node::{self, Node};
use crate::{process, workspace};
use std::fmt::Write as _;
use std::fs::{DirEntry, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// Where the client is.
pub(crate) const FOLDER: &str = "web";
/// What it is made of, beside the description of the API that its types come from.
const INPUTS: [&str; 10] = [
    "src",
    "public",
    "scripts",
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "svelte.config.js",
    "tsconfig.json",
    "tsconfig.node.json",
];
/// The script that embeds it.
const EMBEDS: &str = "crates/server/build.rs";

/// Builds the client, checks its sources and runs its unit tests.
pub(crate) fn execute() -> Outcome {
    let node = Node::provide()?;
    build(&node)?;
    process::run(&mut npm(&["run", "check"]))?;
    process::run(&mut npm(&["test"]))
}

/// Builds the client for a server that is about to be built, if that can be done
/// here and now: the server runs without it, too.
pub(crate) fn build_if_possible() -> Outcome {
    match Node::find() {
        Some(node) => build(&node),
        None if index().is_file() => {
            eprintln!("The web client is taken as it was built last: {}", node::how_to_get_it());
            Ok(())
        }
        None => {
            eprintln!("The server is built without its web client: {}", node::how_to_get_it());
            Ok(())
        }
    }
}

/// Builds the client, if what it is made of has changed since the last time.
pub(crate) fn build(_: &Node) -> Outcome {
    node::packages(FOLDER)?;
    let (inputs, note) = (inputs()?, workspace::target()?.join("web-inputs"));
    let there = index().is_file();
    if there && std::fs::read_to_string(&note).is_ok_and(|built| built == inputs) {
        return Ok(());
    }
    eprintln!("Building the web client.");
    process::run(&mut npm(&["run", "build"]))?;
    process::run(Command::new("node").arg("scripts/compress.js").current_dir(folder()))?;
    if !there {
        // It watches what is there; that now there is something, it is told so.
        let embeds = workspace::root().join(EMBEDS);
        let touched = File::options().write(true).open(&embeds).and_then(|file| file.set_modified(now()));
        touched.doing(|| format!("touch {EMBEDS}"))?;
    }
    std::fs::write(&note, inputs).doing(|| format!("write {}", note.display()))
}

fn folder() -> PathBuf {
    workspace::root().join(FOLDER)
}

fn index() -> PathBuf {
    folder().join("dist/index.html")
}

/// npm, at work in the client's folder.
pub(crate) fn npm(arguments: &[&str]) -> Command {
    let mut npm = Command::new("npm");
    npm.args(arguments).current_dir(folder());
    npm
}

#[expect(clippy::disallowed_methods, reason = "a file's time, compared with those of other files")]
fn now() -> SystemTime {
    SystemTime::now()
}

/// Every file that the client is made of, with its size and time.
fn inputs() -> Result<String, Failure> {
    let mut text = String::new();
    for name in INPUTS {
        note(&folder().join(name), &mut text)?;
    }
    note(&workspace::root().join("docs/openapi.json"), &mut text)?;
    Ok(text)
}

fn note(path: &Path, text: &mut String) -> Outcome {
    let doing = || format!("read {}", path.display());
    let Ok(about) = std::fs::metadata(path) else { return Ok(()) };
    if about.is_dir() {
        let entries: Result<Vec<DirEntry>, _> = std::fs::read_dir(path).doing(doing)?.collect();
        let mut entries: Vec<PathBuf> = entries.doing(doing)?.iter().map(DirEntry::path).collect();
        entries.sort();
        return entries.iter().try_for_each(|entry| note(entry, text));
    }
    let modified = about.modified().doing(doing)?;
    let age = modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{} {} {}", path.display(), about.len(), age.as_nanos());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_changed_added_or_removed_is_noticed() {
        let folder = std::env::temp_dir().join(format!("faff-inputs-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("deep")).unwrap();
        let look = || {
            let mut text = String::new();
            note(&folder, &mut text).unwrap();
            text
        };
        let mut seen = vec![look()];
        for (name, text) in [("a.ts", "1"), ("deep/b.ts", "2"), ("a.ts", "11")] {
            std::fs::write(folder.join(name), text).unwrap();
            assert!(!seen.contains(&look()), "{name} {text}");
            seen.push(look());
        }
        assert_eq!(look(), look());
        std::fs::remove_file(folder.join("a.ts")).unwrap();
        assert!(!seen.contains(&look()));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
