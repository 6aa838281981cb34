//! Law: both engines go through the same migrations, numbered without gaps.

use super::Violation;
use super::tree::Tree;
use std::collections::BTreeSet;

const ENGINES: [&str; 2] = ["migrations/sqlite/", "migrations/postgres/"];

pub(super) fn pairs(tree: &Tree) -> Vec<Violation> {
    let [sqlite, postgres] = ENGINES.map(|engine| names(tree, engine));
    let mut violations = Vec::new();
    for (engine, there, other) in [(ENGINES[0], &sqlite, &postgres), (ENGINES[1], &postgres, &sqlite)] {
        for missing in other.difference(there) {
            violations.push(Violation::new(
                &format!("{engine}{missing}"),
                0,
                "missing; the other engine has it",
            ));
        }
        for (number, name) in (1..).zip(there) {
            let expected = format!("{number:04}_");
            if !name.starts_with(&expected) {
                let what = format!("should be called {expected}…: numbers go up by one from 0001");
                violations.push(Violation::new(&format!("{engine}{name}"), 0, what));
            }
        }
    }
    violations
}

fn names<'a>(tree: &'a Tree, engine: &str) -> BTreeSet<&'a str> {
    tree.under(engine, ".sql").filter_map(|(path, _)| path.rsplit('/').next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(files: &[&str]) -> Vec<String> {
        let files: Vec<(&str, &str)> = files.iter().map(|path| (*path, "")).collect();
        pairs(&Tree::of(&files)).into_iter().map(|violation| violation.path).collect()
    }

    #[test]
    fn pairs_without_gaps_are_fine() {
        let files = [
            "sqlite/0001_people.sql",
            "postgres/0001_people.sql",
            "sqlite/0002_x.sql",
            "postgres/0002_x.sql",
        ];
        let files = files.map(|file| format!("migrations/{file}"));
        assert!(paths(&files.each_ref().map(String::as_str)).is_empty());
    }

    #[test]
    fn a_migration_for_one_engine_only_is_found() {
        assert_eq!(paths(&["migrations/sqlite/0001_people.sql"]), ["migrations/postgres/0001_people.sql"]);
    }

    #[test]
    fn gaps_and_twins_are_found() {
        let gap = ["migrations/sqlite/0002_a.sql", "migrations/postgres/0002_a.sql"];
        assert_eq!(paths(&gap), gap);
        let twins = ["sqlite/0001_a.sql", "sqlite/0001_b.sql", "postgres/0001_a.sql", "postgres/0001_b.sql"];
        let twins = twins.map(|file| format!("migrations/{file}"));
        assert_eq!(
            paths(&twins.each_ref().map(String::as_str)),
            ["migrations/sqlite/0001_b.sql", "migrations/postgres/0001_b.sql"]
        );
    }
}
