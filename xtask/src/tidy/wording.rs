//! Laws about words: nothing left for later, SQL in files of its own, and no
//! names that say nothing.

use super::Violation;
use super::source::Source;
use super::tokens::{self, Token};
use super::tree::{self, Tree};

const UNFINISHED: [&str; 5] = ["todo!(", "unimplemented!(", "TODO", "FIXME", "#[ignore"];
const VAGUE: [&str; 6] = ["Manager", "Service", "Helper", "Helpers", "Util", "Utils"];

/// The words above have to be written somewhere.
const THESE_LAWS: &str = "xtask/src/tidy/";

pub(super) fn unfinished(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (path, text) in tree.under("", ".rs").filter(|(path, _)| !path.starts_with(THESE_LAWS)) {
        for (number, line) in (1..).zip(text.lines()) {
            for word in UNFINISHED.iter().filter(|word| line.contains(**word)) {
                violations.push(Violation::new(path, number, format!("`{word}`: finish it or leave it out")));
            }
        }
    }
    violations
}

pub(super) fn sql_at_home(tree: &Tree) -> Vec<Violation> {
    let away = |path: &str| !path.ends_with("/sql.rs") && !tree::is_test(path);
    let files = tree.under("crates/app/src/", ".rs").filter(|(path, _)| away(path));
    files
        .flat_map(|(path, text)| {
            let literals = Source::read(text).literals.into_iter();
            literals
                .filter(|literal| is_sql(&literal.text))
                .map(|literal| Violation::new(path, literal.line, "SQL belongs into the feature's sql.rs"))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Whether a string is a statement. All but `select` are good English, too, so
/// they need the word that makes them SQL.
fn is_sql(text: &str) -> bool {
    let lowercase = text.to_lowercase();
    let words: Vec<&str> = lowercase
        .split(|c: char| c.is_whitespace() || "\\(".contains(c))
        .filter(|word| !word.is_empty())
        .collect();
    match words.as_slice() {
        ["select", _, ..]
        | ["insert", "into" | "or", ..]
        | ["delete", "from", ..]
        | ["with", "recursive", ..] => true,
        ["update", _, rest @ ..] => rest.contains(&"set"),
        ["with", _, rest @ ..] => rest.contains(&"as") && rest.contains(&"select"),
        _ => false,
    }
}

pub(super) fn vague_names(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (path, text) in tree.under("", ".rs") {
        let code = Source::read(text).code;
        let mut tokens = tokens::tokens(&code).peekable();
        while let Some((_, token)) = tokens.next() {
            if !matches!(token, Token::Word("struct" | "enum" | "trait")) {
                continue;
            }
            if let Some((line, Token::Word(name))) = tokens.peek()
                && VAGUE.iter().any(|suffix| name.ends_with(suffix))
            {
                violations.push(Violation::new(path, *line, format!("`{name}` does not say what it is")));
            }
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(law: fn(&Tree) -> Vec<Violation>, path: &str, text: &str) -> Vec<usize> {
        law(&Tree::of(&[(path, text)])).into_iter().map(|violation| violation.line).collect()
    }

    #[test]
    fn whatever_is_left_for_later_is_found() {
        let text = "fn a() { todo!() }\n// TODO: b\n#[ignore = \"slow\"]\n/* FIXME */\nunimplemented!()\nfn todo() {}\n";
        assert_eq!(lines(unfinished, "crates/app/src/a.rs", text), [1, 2, 3, 4, 5]);
        assert!(lines(unfinished, "xtask/src/tidy/wording.rs", text).is_empty());
    }

    #[test]
    fn sql_away_from_home_is_found() {
        let text = "f(\"select id from tasks\");\nf(\"\\\n  UPDATE tasks SET a = 1\");\nf(r#\"With a as (select 1) select 2\"#);\n\
                    f(\"insert into a\"); f(\"delete from a\");\n";
        assert_eq!(lines(sql_at_home, "crates/app/src/features/tasks/mod.rs", text), [1, 2, 4, 5, 5]);
        assert!(lines(sql_at_home, "crates/app/src/features/tasks/sql.rs", text).is_empty());
        assert!(lines(sql_at_home, "crates/store/src/lib.rs", text).is_empty());
    }

    #[test]
    fn english_comments_and_tests_are_not_sql() {
        let text = "// select 1 from a\nf(\"Update a person\"); f(\"with regards\"); f(\"Delete the task\"); f(\"select\");\n\
                    #[cfg(test)]\nmod tests {\n    const A: &str = \"select 1\";\n}\n";
        assert!(lines(sql_at_home, "crates/app/src/features/tasks/mod.rs", text).is_empty());
    }

    #[test]
    fn names_that_say_nothing_are_found() {
        let text = "pub struct TaskManager;\nenum Service<T> { A(T) }\npub(crate) trait StringUtils {}\nstruct Managers;\n\
                    impl tower::Service for A {}\n// struct Helper\n";
        assert_eq!(lines(vague_names, "crates/app/src/a.rs", text), [1, 2, 3]);
    }
}
