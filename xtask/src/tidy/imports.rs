//! Law: within the app, a feature uses only features before it, and never the
//! edges (HTTP and the like), which are built on the features.

use super::Violation;
use super::source::Source;
use super::tokens;
use super::tree::{self, Tree};

/// Each may use those before it.
const ORDER: [&str; 10] =
    ["people", "inbox", "tasks", "files", "messages", "reading", "summaries", "reviews", "search", "views"];
const APP: &str = "crates/app/src/";

pub(super) fn features(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (path, text) in tree.under("crates/app/src/features/", ".rs") {
        let module = module(path);
        let Some(feature) = module.get(2) else { continue };
        if tree::is_test(path) {
            continue;
        }
        let Some(place) = ORDER.iter().position(|name| name == feature) else {
            let what = format!("feature `{feature}` has no place in the order (xtask/src/tidy/imports.rs)");
            violations.push(Violation::new(path, 0, what));
            continue;
        };
        for used in tokens::paths(&Source::read(text).production) {
            let target = resolve(&used.parts, &module);
            let target: Vec<&str> = target.iter().map(String::as_str).collect();
            let what = match target.as_slice() {
                ["crate", "edges", ..] => format!("feature `{feature}` may not use the edges"),
                ["crate", "features", other, ..]
                    if ORDER.iter().position(|name| name == other).is_some_and(|theirs| theirs > place) =>
                {
                    format!("feature `{feature}` may not use `{other}`, which comes after it")
                }
                _ => continue,
            };
            violations.push(Violation::new(path, used.line, what));
        }
    }
    violations
}

/// The module a file of the app is: `crate::features::tasks::sql`.
fn module(path: &str) -> Vec<String> {
    let path = path.strip_prefix(APP).unwrap_or(path).trim_end_matches(".rs").trim_end_matches("/mod");
    std::iter::once("crate")
        .chain(path.split('/'))
        .map(str::to_owned)
        .filter(|part| part != "lib" && part != "mod")
        .collect()
}

/// A path as seen from the crate's root; unchanged if it leads elsewhere.
fn resolve(parts: &[String], module: &[String]) -> Vec<String> {
    let mut target = match parts.first().map(String::as_str) {
        Some("self" | "super") => module.to_vec(),
        // As left by `use crate::features;`.
        Some("features" | "edges") => vec!["crate".to_owned()],
        _ => Vec::new(),
    };
    for part in parts {
        match part.as_str() {
            "super" => {
                target.pop();
            }
            "self" => {}
            name => target.push(name.to_owned()),
        }
    }
    target
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        features(&Tree::of(&[(path, text)])).into_iter().map(|violation| violation.line).collect()
    }

    #[test]
    fn a_feature_may_not_use_one_after_it() {
        let text = "use crate::features::people::Person;\nuse crate::{clock, features::{people, search::{self, Hit}}};\n\
                    use super::files;\n// crate::features::search\nfn a() { crate::features::messages::send(); }\n";
        assert_eq!(lines("crates/app/src/features/tasks/mod.rs", text), [2, 2, 3, 5]);
        assert!(lines("crates/app/src/features/search/mod.rs", text).is_empty());
    }

    #[test]
    fn super_is_followed_from_the_file_it_is_in() {
        assert_eq!(lines("crates/app/src/features/tasks/sql.rs", "use super::super::search::Hit;"), [1]);
        assert!(lines("crates/app/src/features/tasks/sql.rs", "use super::search::Filter;").is_empty());
        assert_eq!(lines("crates/app/src/features/tasks.rs", "use super::search::Hit;"), [1]);
    }

    #[test]
    fn features_know_nothing_of_the_edges() {
        let text = "use crate::edges::http;\n#[cfg(test)]\nmod tests {\n    use crate::edges::http;\n}\n";
        assert_eq!(lines("crates/app/src/features/search/mod.rs", text), [1]);
        assert!(lines("crates/app/src/edges/mod.rs", "use crate::edges::http;").is_empty());
    }

    #[test]
    fn a_feature_without_a_place_is_found() {
        assert_eq!(lines("crates/app/src/features/weather/mod.rs", "//! x"), [0]);
        assert!(lines("crates/app/src/features/mod.rs", "pub mod weather;").is_empty());
    }
}
