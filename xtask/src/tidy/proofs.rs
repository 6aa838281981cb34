//! Laws about what the documentation says is proven: the test that it names is there, and no attack is left out.
//!
//! A test is named in code, as `crates/app/tests/edge.rs::what_it_promises`, or
//! `web/e2e/hostile.spec.ts::the title of the test`.

use super::Violation;
use super::source::Source;
use super::tree::Tree;

/// Where documents name tests.
const DOCUMENTS: &str = "docs/security/";
/// The list of attacks, and how many there are.
const ATTACKS: &str = "docs/security/attacks.md";
const HOW_MANY: usize = 47;

/// Each test that a document names must exist.
pub(super) fn tests(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (path, text) in tree.under(DOCUMENTS, ".md") {
        for (number, line) in (1..).zip(text.lines()) {
            for (file, name) in named(line) {
                if !exists(tree, file, name) {
                    violations.push(Violation::new(
                        path,
                        number,
                        format!("there is no test {name} in {file}"),
                    ));
                }
            }
        }
    }
    violations
}

/// Where a crate's tests are one program, each file of them is a module of it: the compiler passes over what nobody names, and
/// nobody would miss its tests.
pub(super) fn modules(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (main, text) in tree.under("crates/", "/tests/main.rs") {
        let folder = main.trim_end_matches("main.rs");
        for (path, _) in tree.under(folder, ".rs") {
            let file = path.trim_start_matches(folder);
            let name = file.strip_suffix("/mod.rs").or_else(|| file.strip_suffix(".rs")).unwrap_or(file);
            if name != "main"
                && !name.contains('/')
                && !text.lines().any(|line| line == format!("mod {name};"))
            {
                violations.push(Violation::new(
                    path,
                    0,
                    format!("is no module of {main}, so its tests never run"),
                ));
            }
        }
    }
    violations
}

/// Code in a documentation comment that rustdoc would run as a test: CI runs none of those, for it would have to compile all
/// once more to do so. What is an example of something else says of what, behind its fence.
pub(super) fn examples(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (path, text) in tree.under("", ".rs") {
        let mut is_inside = false;
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim_start();
            let comment = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"));
            let Some(fence) = comment.and_then(|comment| comment.trim_start().strip_prefix("```")) else {
                is_inside &= comment.is_some();
                continue;
            };
            if !is_inside && !matches!(fence, "text" | "json" | "sh" | "sql") {
                let what = "opens an example that nobody runs: make it a test, or say of what it is";
                violations.push(Violation::new(path, number, what));
            }
            is_inside = !is_inside;
        }
    }
    violations
}

/// Each attack has one row, in order, which names a test, or says why there is none.
pub(super) fn rows(tree: &Tree) -> Vec<Violation> {
    let Some((_, text)) = tree.under(ATTACKS, "").next() else { return Vec::new() };
    let mut violations = Vec::new();
    let mut next = 1;
    for (number, line) in (1..).zip(text.lines()) {
        let row = line.strip_prefix("| A").filter(|row| row.starts_with(|c: char| c.is_ascii_digit()));
        let Some(row) = row else { continue };
        let expected = format!("{next:02} ");
        if !row.starts_with(&expected) {
            violations.push(Violation::new(ATTACKS, number, format!("the row of A{expected}should be here")));
        }
        next += 1;
        let answered =
            named(line).next().is_some() || row.contains("not applicable:") || row.contains("gap:");
        if !answered {
            let what = "names no test, and says neither `not applicable:` nor `gap:`";
            violations.push(Violation::new(ATTACKS, number, what));
        }
    }
    if next != HOW_MANY + 1 {
        violations.push(Violation::new(ATTACKS, 0, format!("has {} attacks of {HOW_MANY}", next - 1)));
    }
    violations
}

/// The verdicts on requirements are counted where they are summed up.
pub(super) fn verdicts(tree: &Tree) -> Vec<Violation> {
    const REQUIREMENTS: &str = "docs/security/asvs.md";
    let Some((_, text)) = tree.under(REQUIREMENTS, "").next() else { return Vec::new() };
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let is_number =
        |cell: &str| cell.split('.').count() == 3 && cell.split('.').all(|part| part.parse::<u32>().is_ok());
    let mut counted = std::collections::BTreeMap::<String, usize>::new();
    for line in text.lines() {
        if let [_, number, _, verdict, ..] = cells(line).as_slice()
            && is_number(number)
        {
            *counted.entry(verdict.clone()).or_default() += 1;
        }
    }
    let mut violations = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if let [_, verdict, said, _] = cells(line).as_slice()
            && let Ok(said) = said.parse::<usize>()
        {
            let found = counted.remove(verdict).unwrap_or(0);
            if found != said {
                let what = format!("{found} requirements are {verdict}, not {said}");
                violations.push(Violation::new(REQUIREMENTS, number, what));
            }
        }
    }
    violations.extend(counted.keys().map(|verdict| {
        Violation::new(REQUIREMENTS, 0, format!("the verdict {verdict:?} is not in the sum"))
    }));
    violations
}

/// The tests that a line names, as file and name.
fn named(line: &str) -> impl Iterator<Item = (&str, &str)> {
    let code = line.split('`').skip(1).step_by(2);
    code.filter_map(|code| code.split_once("::")).filter(|(file, _)| file.contains('/') && file.contains('.'))
}

fn exists(tree: &Tree, file: &str, name: &str) -> bool {
    tree.under(file, "").any(|(path, text)| {
        if path != file {
            return false;
        }
        if std::path::Path::new(path).extension().is_none_or(|kind| kind != "rs") {
            let said = |line: &str| {
                let code = line.trim_start();
                let test =
                    code.starts_with("test(") || code.starts_with("it(") || code.starts_with("describe(");
                test && code.contains(&format!("'{name}'"))
            };
            return text.lines().any(said);
        }
        // What is in a comment runs no more, and what has no attribute or macro around it never did.
        let code = Source::read(text).code;
        let is_test = ["#[test]", "#[tokio::test", "on_both_engines!", "on_both_stores!"];
        code.contains(&format!("fn {name}(")) && is_test.iter().any(|mark| code.contains(mark))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_that_nobody_runs_are_told() {
        let tree = Tree::of(&[
            ("crates/app/tests/main.rs", "//! Tests.\n\nmod live;\nmod people;\n"),
            ("crates/app/tests/people.rs", ""),
            ("crates/app/tests/person.rs", ""),
            ("crates/app/tests/live/mod.rs", ""),
            ("crates/app/tests/live/stage.rs", ""),
            ("crates/app/tests/dead/mod.rs", ""),
            ("crates/store/tests/log.rs", ""),
        ]);
        let paths: Vec<String> = modules(&tree).into_iter().map(|violation| violation.path).collect();
        assert_eq!(paths, ["crates/app/tests/dead/mod.rs", "crates/app/tests/person.rs"]);
    }

    #[test]
    fn examples_that_nobody_runs_are_told() {
        let doc = "/// A thing.\n/// ```text\n/// x\n/// ```\n/// ```\n/// let x = 1;\n/// ```\nfn f() {}\n";
        let text = format!("{doc}//! ```rust\n//! ```\n    // ```\n");
        let found = examples(&Tree::of(&[("crates/app/src/x.rs", text.as_str())]));
        assert_eq!(found.into_iter().map(|violation| violation.line).collect::<Vec<_>>(), [5, 9]);
    }

    const RUST: &str =
        "#[test]\nfn holds() {}\n// fn gone() {}\n/* fn gone_too() {} */\nfn holds_more() {}\n";
    const SPEC: &str = "  test('12 runs nothing', async () => {});\n  // test('13 ran once', f);\n";

    fn lines(document: &str) -> Vec<usize> {
        let files = [
            ("docs/security/a.md", document),
            ("crates/app/tests/edge.rs", RUST),
            ("crates/app/src/no_test.rs", "fn holds() {}\n"),
            ("web/e2e/hostile.spec.ts", SPEC),
        ];
        tests(&Tree::of(&files)).into_iter().map(|violation| violation.line).collect()
    }

    #[test]
    fn a_test_that_is_there_is_found() {
        let document = "`crates/app/tests/edge.rs::holds`, `web/e2e/hostile.spec.ts::12 runs nothing`, `a::b`, `std::x`\n";
        assert!(lines(document).is_empty());
    }

    #[test]
    fn a_test_that_is_not_there_is_told() {
        let document = "`crates/app/tests/edge.rs::holds`\n`crates/app/tests/edge.rs::gone`\n`crates/app/tests/edge.rs::gone_too`\n\
                        `crates/app/tests/edge.rs::hold`\n`crates/app/tests/other.rs::holds`\n`crates/app/src/no_test.rs::holds`\n\
                        `web/e2e/hostile.spec.ts::13 ran once`\n| `web/e2e/hostile.spec.ts::runs nothing` |\n";
        assert_eq!(lines(document), [2, 3, 4, 5, 6, 7, 8]);
    }

    #[test]
    fn every_attack_has_one_row_with_an_answer() {
        let row = |n: usize| format!("| A{n:02} | x | `crates/app/tests/edge.rs::holds` |\n");
        let all: String = (1..=HOW_MANY).map(row).collect();
        let found = |text: &str| {
            rows(&Tree::of(&[(ATTACKS, text)]))
                .into_iter()
                .map(|violation| violation.line)
                .collect::<Vec<_>>()
        };
        assert!(found(&format!("# Attacks\n\n{all}\n| Attack | another table |\n")).is_empty());
        assert_eq!(found(&all.replace(&format!("| A{HOW_MANY}"), "A")), [0]);
        assert_eq!(found(&all.replace("| A07", "| A08")), [7]);
        assert_eq!(found(&all.replacen("`crates/app/tests/edge.rs::holds`", "nothing", 1)), [1]);
        assert!(
            found(&all.replacen("`crates/app/tests/edge.rs::holds`", "not applicable: no webhooks", 1))
                .is_empty()
        );
    }

    #[test]
    fn verdicts_are_as_many_as_is_said() {
        let text = "| Verdict | Requirements |\n|---|---|\n| met | 2 |\n| not met | 1 |\n\n| 1.2.1 | a | met | x |\n\
                    | 1.2.2 | b | met | y |\n| 6.4.1 | c | not met | z |\n";
        let found = |text: &str| {
            let tree = Tree::of(&[("docs/security/asvs.md", text)]);
            verdicts(&tree).into_iter().map(|violation| violation.line).collect::<Vec<_>>()
        };
        assert!(found(text).is_empty());
        assert_eq!(found(&text.replace("| b | met", "| b | not met")), [3, 4]);
        assert_eq!(found(&text.replace("| b | met", "| b | nearly")), [3, 0]);
    }
}
