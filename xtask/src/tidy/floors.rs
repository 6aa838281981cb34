//! Law: the crates are floors of a house, and none depends on one above it.

use super::Violation;
use super::tree::Tree;

/// Each crate's directory, and the crates of ours it may use when shipped.
/// Tests are free: dev-dependencies are not looked at.
const FLOORS: [(&str, &[&str]); 10] = [
    ("types", &[]),
    ("fuzz", &[]),
    ("analysis", &[]),
    ("seal", &["faff-types"]),
    ("store", &["faff-types"]),
    ("socketio", &["faff-types"]),
    ("app", &["faff-types", "faff-analysis", "faff-seal", "faff-store", "faff-socketio"]),
    ("server", &["faff-types", "faff-analysis", "faff-seal", "faff-store", "faff-socketio", "faff-app"]),
    (
        "testkit",
        &["faff-types", "faff-analysis", "faff-seal", "faff-store", "faff-socketio", "faff-app", "faff"],
    ),
    (
        "bench",
        &[
            "faff-types",
            "faff-analysis",
            "faff-seal",
            "faff-store",
            "faff-socketio",
            "faff-app",
            "faff",
            "faff-testkit",
        ],
    ),
];

pub(super) fn dependencies(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (path, text) in tree.under("crates/", "/Cargo.toml") {
        let directory = path.split('/').nth(1).unwrap_or_default();
        let Some((_, allowed)) = FLOORS.iter().find(|(name, _)| *name == directory) else {
            violations.push(Violation::new(
                path,
                0,
                format!("crate `{directory}` has no floor (xtask/src/tidy/floors.rs)"),
            ));
            continue;
        };
        for (line, name) in ours(text) {
            if !allowed.contains(&name.as_str()) {
                violations.push(Violation::new(
                    path,
                    line,
                    format!("`{directory}` may not depend on `{name}`"),
                ));
            }
        }
    }
    violations
}

/// The crates of this repository that a manifest names as dependencies.
fn ours(manifest: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut shipped = false;
    for (line, text) in (1..).zip(manifest.lines()) {
        let text = text.split('#').next().unwrap_or_default().trim();
        if let Some(section) = text.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            let table = section
                .split_once("dependencies")
                .map(|(before, after)| (before, after.trim_start_matches('.')));
            shipped = table.is_some_and(|(before, _)| !before.ends_with("dev-"));
            if let Some((_, name)) = table.filter(|(_, name)| shipped && is_ours(name)) {
                found.push((line, name.to_owned()));
            }
        } else if shipped {
            // The key, and the crate's real name should the key be an alias.
            let key = text.split(['.', '=', ' ']).next().unwrap_or_default();
            let alias = text.split_once("package").and_then(|(_, rest)| rest.split('"').nth(1));
            found.extend(
                [Some(key), alias]
                    .into_iter()
                    .flatten()
                    .filter(|name| is_ours(name))
                    .map(|name| (line, name.to_owned())),
            );
        }
    }
    found
}

fn is_ours(name: &str) -> bool {
    name == "faff" || name.starts_with("faff-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, manifest: &str) -> Vec<usize> {
        dependencies(&Tree::of(&[(path, manifest)])).into_iter().map(|violation| violation.line).collect()
    }

    #[test]
    fn a_floor_may_not_use_the_one_above() {
        let manifest =
            "[dependencies]\nfaff-types.workspace = true\nfaff-app.workspace = true\nserde = \"1\"\n";
        assert_eq!(lines("crates/store/Cargo.toml", manifest), [3]);
        assert!(lines("crates/server/Cargo.toml", manifest).is_empty());
    }

    #[test]
    fn every_way_to_write_a_dependency_is_seen() {
        let manifest = "[build-dependencies]\nkit = { package = \"faff-testkit\", path = \"../testkit\" }\n\
                        [target.'cfg(unix)'.dependencies.faff-app]\nworkspace = true\n";
        assert_eq!(lines("crates/app/Cargo.toml", manifest), [2, 3]);
    }

    #[test]
    fn tests_may_use_the_testkit_but_what_is_shipped_may_not() {
        assert!(
            lines("crates/app/Cargo.toml", "[dev-dependencies]\nfaff-testkit.workspace = true\n").is_empty()
        );
        assert_eq!(lines("crates/app/Cargo.toml", "[dependencies]\nfaff-testkit.workspace = true\n"), [2]);
    }

    #[test]
    fn a_crate_without_a_floor_is_found() {
        assert_eq!(lines("crates/cellar/Cargo.toml", "[package]\n"), [0]);
    }
}
