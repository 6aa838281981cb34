//! `cargo xtask mutants`: whether the tests notice when a line of what must not be wrong does something else (cargo-mutants).

use crate::failure::{Doing, Failure, Outcome};
use crate::servers::Servers;
use crate::{process, workspace};
use std::ffi::OsString;
use std::path::Path;

/// A part of the code that is changed line by line, and the tests that are to notice.
struct Area {
    name: &'static str,
    about: &'static str,
    package: &'static str,
    files: &'static [&'static str],
    tests: &'static [&'static str],
}

static AREAS: [Area; 3] = [
    Area {
        name: "store",
        about: "the store and its log",
        package: "faff-store",
        files: &[
            "crates/store/src/log.rs",
            "crates/store/src/tx.rs",
            "crates/store/src/db.rs",
            "crates/store/src/cursor.rs",
        ],
        tests: &[],
    },
    Area {
        name: "access",
        about: "who may do what",
        package: "faff-app",
        files: &[
            "crates/app/src/access/caller.rs",
            "crates/app/src/access/permit.rs",
            "crates/app/src/access/rules.rs",
            "crates/app/src/access/scope.rs",
            "crates/app/src/access/sessions.rs",
            "crates/app/src/access/set_up.rs",
            "crates/app/src/access/sql.rs",
        ],
        // The crate's unit tests would be a second build of all of it, and hardly any are about access. Of the others, those
        // of the profile's filter run.
        tests: &["--test=app"],
    },
    Area {
        name: "tokens",
        about: "who somebody is",
        package: "faff-app",
        files: &["crates/app/src/access/token.rs"],
        tests: &["--lib", "--test=app"],
    },
];

/// What can come of a change, each a file of its own.
const OUTCOMES: [&str; 4] = ["caught", "timeout", "missed", "unviable"];

/// Runs each area, or the one that is named first, with these arguments for cargo-mutants, such as `--shard 1/4`.
pub(crate) fn execute(arguments: &[OsString]) -> Outcome {
    let (areas, arguments) = chosen(arguments);
    if !workspace::installed("cargo-mutants") {
        eprintln!("cargo-mutants is not installed: installing it takes a few minutes, once.");
        process::run(&mut process::cargo(["install", "--locked", "cargo-mutants"]))?;
    }
    let servers = Servers::start()?;
    for area in areas {
        let output = workspace::target()?.join("mutants").join(area.name);
        let _ = std::fs::remove_dir_all(&output);
        std::fs::create_dir_all(&output).doing(|| format!("create {}", output.display()))?;
        let mut mutants = process::cargo([
            "mutants",
            "--package",
            area.package,
            "--test-tool",
            "nextest",
            "--no-shuffle",
            "--output",
        ]);
        mutants.arg(&output).args(area.files.iter().flat_map(|file| ["--file", file])).args(arguments);
        // Not behind `--`, which would choose what runs, but build every test of the package for each change.
        mutants.args(area.tests.iter().map(|test| format!("--cargo-arg={test}")));
        // The first test that notices ends a change's run.
        mutants.env("NEXTEST_PROFILE", "mutants");
        let mut child = process::spawn(&mut servers.given(mutants))?;
        let status = process::wait(&mut child)?;
        // 2 and 3: some were missed, or took for ever.
        if !matches!(status.code(), Some(0 | 2 | 3)) {
            return Err(Failure::new(format!("cargo-mutants could not look at {}: {status}", area.about)));
        }
        println!("{}: {}", area.about, score(&output.join("mutants.out")));
    }
    Ok(())
}

fn chosen(arguments: &[OsString]) -> (&'static [Area], &[OsString]) {
    if let [first, rest @ ..] = arguments
        && let Some(at) = AREAS.iter().position(|area| first == area.name)
    {
        return (AREAS.get(at..=at).unwrap_or_default(), rest);
    }
    (&AREAS, arguments)
}

/// How many were noticed of those that compile.
fn score(output: &Path) -> String {
    let lines = |outcome: &str| {
        let text = std::fs::read_to_string(output.join(format!("{outcome}.txt"))).unwrap_or_default();
        text.lines().count()
    };
    let [caught, endless, missed, unviable] = OUTCOMES.map(lines);
    let noticed = caught + endless;
    let viable = noticed + missed;
    let percent = (noticed * 100).checked_div(viable).unwrap_or_default();
    format!(
        "{noticed} of {viable} changes were noticed ({percent} %), {endless} of them because something took for ever; {unviable} do not compile"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_that_is_named_is_the_only_one() {
        let names = |arguments: &[&str]| {
            let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
            let (areas, rest) = chosen(&arguments);
            (areas.iter().map(|area| area.name).collect::<Vec<_>>(), rest.len())
        };
        assert_eq!(names(&["access", "--shard", "1/4"]), (vec!["access"], 2));
        assert_eq!(names(&["--shard", "1/4"]), (vec!["store", "access", "tokens"], 2));
        assert_eq!(names(&[]), (vec!["store", "access", "tokens"], 0));
    }

    #[test]
    fn the_score_counts_what_compiles() {
        let folder = std::env::temp_dir().join(format!("faff-mutants-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for (outcome, lines) in OUTCOMES.iter().zip(["a\nb\n", "c\n", "d\n", ""]) {
            std::fs::write(folder.join(format!("{outcome}.txt")), lines).unwrap();
        }
        assert!(score(&folder).starts_with("3 of 4 changes were noticed (75 %), 1 of them"));
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(score(&folder).starts_with("0 of 0"));
    }
}
