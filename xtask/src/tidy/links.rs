//! Law: a relative link in the documentation leads to something that exists.

use super::Violation;
use super::tree::Tree;

pub(super) fn relative(tree: &Tree) -> Vec<Violation> {
    let documents =
        tree.under("", ".md").filter(|(path, _)| !path.contains('/') || path.starts_with("docs/"));
    documents
        .flat_map(|(path, text)| {
            let broken = links(text).into_iter().filter(|(_, target)| leads_nowhere(tree, path, target));
            broken
                .map(|(line, target)| {
                    Violation::new(path, line, format!("the link to {target} leads nowhere"))
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

fn leads_nowhere(tree: &Tree, document: &str, target: &str) -> bool {
    let file = target.split(['#', '?']).next().unwrap_or_default();
    let elsewhere = target.contains("://") || target.starts_with("mailto:");
    !elsewhere && !file.is_empty() && resolve(document, file).is_none_or(|path| !tree.has(&path))
}

/// The path from the root; `None` for one that leaves the repository.
fn resolve(document: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => {
            document.rsplit_once('/').map(|(directory, _)| directory.split('/').collect()).unwrap_or_default()
        }
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// The targets of links, outside of code: `[…](target "title")` and `[…]: target`.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            continue;
        }
        if fenced {
            continue;
        }
        // Every other piece between backticks is code.
        let prose: String = line.split('`').step_by(2).collect();
        let inline = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let reference =
            prose.starts_with('[').then(|| prose.split_once("]: ")).flatten().map(|(_, target)| target);
        for target in inline.chain(reference) {
            let target = target.split_whitespace().next().unwrap_or_default();
            found.push((number, target.trim_matches(['<', '>']).to_owned()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_leads_nowhere_is_found() {
        let text = "[a](b.md) and [`gone`](gone.md#part)\n[c](../README.md \"title\") [d](decisions/) [e](https://x.org/y)\n\
                    [f](#g) [h](../../outside.md) [i](/docs/b.md)\n```\n[j](gone.md)\n```\n`[k](gone.md)`\n[l]: gone.png\n";
        let tree = Tree::of(&[
            ("README.md", "[a](docs/a.md)"),
            ("docs/a.md", text),
            ("docs/b.md", ""),
            ("docs/decisions/0001.md", "[a](../a.md)"),
            ("crates/app/notes.md", "[not looked at](gone.md)"),
        ]);
        let found: Vec<(String, usize)> =
            relative(&tree).into_iter().map(|violation| (violation.path, violation.line)).collect();
        assert_eq!(found, [1, 3, 8].map(|line| ("docs/a.md".to_owned(), line)));
    }
}
