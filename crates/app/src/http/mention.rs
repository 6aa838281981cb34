//! How people are named in markdown: `@[Bo Ek](user:7)`, a link whose address is an account, behind an `@`.
//!
//! Whom it means, the id says; what is shown is the name that the account has when the text is written. In code, escaped,
//! or of an account that does not exist, it is what it looks like.

use std::collections::BTreeMap;

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options};
use faff_types::UserId;

/// People named in one text, at most; those beyond are not told.
const MOST: usize = 50;
/// What the address of a link to an account begins with.
const SCHEME: &str = "user:";

/// Whom a text names, each once.
pub fn mentioned(markdown: &str) -> Vec<UserId> {
    // Most texts name nobody, and need no second reading.
    if !markdown.contains(SCHEME) {
        return Vec::new();
    }
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, markdown, &super::text::options());
    let mut ids: Vec<UserId> = root.descendants().filter_map(of).collect();
    let mut seen = std::collections::BTreeSet::new();
    ids.retain(|id| seen.insert(*id));
    ids.truncate(MOST);
    ids
}

/// Whom a node names, if it is a link behind an `@` whose address is an account.
fn of<'a>(node: &'a AstNode<'a>) -> Option<UserId> {
    let data = node.data();
    let NodeValue::Link(link) = &data.value else { return None };
    let digits = link.url.strip_prefix(SCHEME)?;
    let number = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<i64>().ok())??;
    let before = node.previous_sibling()?.data();
    let behind_at = matches!(&before.value, NodeValue::Text(text) if text.ends_with('@'));
    behind_at.then(|| UserId::try_from(number).ok())?
}

/// Renders markdown with the people it names called by these names. The caller cleans it.
pub(super) fn render(markdown: &str, options: &Options<'_>, names: &BTreeMap<UserId, String>) -> String {
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, markdown, options);
    let links: Vec<_> = root.descendants().filter_map(|node| Some((node, of(node)?))).collect();
    for (node, id) in links {
        let Some(name) = names.get(&id) else { continue };
        if let Some(before) = node.previous_sibling()
            && let NodeValue::Text(text) = &mut before.data_mut().value
        {
            let kept = text.strip_suffix('@').unwrap_or(text).to_owned();
            *text = kept.into();
        }
        while let Some(child) = node.first_child() {
            child.detach();
        }
        let name = ammonia::clean_text(name);
        let html = format!(r#"<span class="mention" data-user-id="{id}">@{name}</span>"#);
        node.data_mut().value = NodeValue::Raw(html);
    }
    let mut html = String::new();
    // Writing to a String cannot fail.
    let _ = comrak::format_html(root, options, &mut html);
    html
}

/// The beginning of a markdown text on one line, with people called as the text calls them: for lists.
pub fn excerpt(markdown: &str, characters: usize) -> String {
    let mut text = String::new();
    let mut rest = markdown;
    while let Some((before, name, after)) = next(rest) {
        text.push_str(before);
        text.push('@');
        text.push_str(name);
        rest = after;
    }
    text.push_str(rest);
    let line: Vec<&str> = text.split_whitespace().collect();
    let line = line.join(" ");
    match line.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}

/// The first mention in a text: what is before it, the name, and what is behind it.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.find("@[")?;
        let inside = text.get(at + 2..)?;
        if let Some((name, link)) = inside.split_once("](")
            && !name.contains(['[', '\n'])
            && let Some(digits) = link.strip_prefix(SCHEME)
            && let Some((digits, after)) = digits.split_once(')')
            && !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
        {
            return Some((text.get(..at)?, name, after));
        }
        from = at + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(markdown: &str) -> Vec<i64> {
        mentioned(markdown).into_iter().map(UserId::get).collect()
    }

    #[test]
    fn people_are_named_by_their_ids_and_by_nothing_else() {
        assert_eq!(ids("@[Bo Ek](user:7), and **@[Cy](user:3)** and @[Bo](user:7)"), [7, 3]);
        assert_eq!(ids("| a | b |\n|---|---|\n| @[Bo](user:7) | x |\n\n> - @[Cy](user:3)"), [7, 3]);
        assert_eq!(ids("me@[Bo](user:7)"), [7]);
        for none in [
            "",
            "user:7",
            "@bo",
            "[Bo](user:7)",
            "@ [Bo](user:7)",
            "@[Bo](user:0)",
            "@[Bo](user:-7)",
            "@[Bo](user:7x)",
            "@[Bo](user:)",
            "@[Bo](user:9007199254740992)",
            "@[Bo](user:99999999999999999999)",
            "`@[Bo](user:7)`",
            "```\n@[Bo](user:7)\n```",
            "@\\[Bo](user:7)",
            "@[Bo](USER:7)",
            "@![Bo](user:7)",
            "<a href=\"user:7\">@Bo</a>",
            "<!-- @[Bo](user:7) -->",
            "    @[Bo](user:7)",
        ] {
            assert_eq!(ids(none), [0; 0], "{none}");
        }
        let many: Vec<String> = (1..=60).map(|id| format!("@[P](user:{id})")).collect();
        let many = many.join(" ");
        assert_eq!(ids(&many).len(), MOST);
    }

    #[test]
    fn an_excerpt_is_one_line_with_names() {
        assert_eq!(excerpt("Hi @[Bo Ek](user:7),\n\nlook:  @[x] [y](z)", 99), "Hi @Bo Ek, look: @[x] [y](z)");
        assert_eq!(excerpt("@[a](user:1)@[b](user:2)", 99), "@a@b");
        assert_eq!(excerpt("@[ @[b](user:2)", 99), "@[ @b");
        assert_eq!(excerpt("größer als gedacht", 6), "größer…");
        for odd in ["@[", "@[]", "@[](user:", "@[](user:)", "@[x](user:1", "", "@[@[@["] {
            assert_eq!(excerpt(odd, 99), odd);
        }
    }
}
