//! Laws about files: none too long to be read at a sitting, and each crate and
//! module of the app says first what it is for.

use super::Violation;
use super::source::Source;
use super::tree::{self, Tree};

const LONGEST: usize = 450;

pub(super) fn length(tree: &Tree) -> Vec<Violation> {
    let files = tree.under("", ".rs").filter(|(path, _)| !tree::is_test(path));
    files
        .map(|(path, text)| (path, Source::length(text)))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(path, lines)| {
            Violation::new(path, 0, format!("{lines} lines without tests; {LONGEST} is the limit"))
        })
        .collect()
}

pub(super) fn opening(tree: &Tree) -> Vec<Violation> {
    let files = tree.under("", ".rs").filter(|(path, _)| {
        path.ends_with("src/lib.rs")
            || path.ends_with("src/main.rs")
            || (path.starts_with("crates/app/src/") && path.ends_with("/mod.rs"))
    });
    files
        .filter(|(_, text)| !text.starts_with("//!"))
        .map(|(path, _)| Violation::new(path, 1, "begins without `//!` and what it is for"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_not_be_too_long_but_for_its_tests() {
        let code = "fn a() {}\n".repeat(450);
        let tests = format!("{code}#[cfg(test)]\nmod tests {{\n{code}}}\n");
        let tree = Tree::of(&[
            ("crates/app/src/fits.rs", &tests),
            ("crates/app/src/long.rs", &format!("{tests}fn b() {{}}\n")),
            ("crates/app/tests/api.rs", &format!("{code}{code}")),
        ]);
        assert_eq!(
            length(&tree),
            [Violation::new("crates/app/src/long.rs", 0, "451 lines without tests; 450 is the limit")]
        );
    }

    #[test]
    fn crates_and_modules_of_the_app_open_with_their_purpose() {
        let tree = Tree::of(&[
            ("crates/app/src/lib.rs", "mod a;\n"),
            ("crates/app/src/a/mod.rs", "// a\n"),
            ("crates/app/src/a/b.rs", "fn b() {}\n"),
            ("crates/server/src/main.rs", "//! The server.\n"),
        ]);
        let paths: Vec<String> = opening(&tree).into_iter().map(|violation| violation.path).collect();
        assert_eq!(paths, ["crates/app/src/a/mod.rs", "crates/app/src/lib.rs"]);
    }
}
