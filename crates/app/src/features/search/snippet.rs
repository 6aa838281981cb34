//! The part of a text where the words are that were searched for. Pure.

use serde::Serialize;
use utoipa::ToSchema;

use crate::http::mention::excerpt;

/// Characters of a text that are shown, and of what comes before the first word that was found.
const SHOWN: usize = 200;
const BEFORE: usize = 60;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TextPart)]
pub(crate) struct Part {
    /// As it stands in the text.
    text: String,
    /// Whether it is what was searched for.
    #[serde(rename = "match")]
    is_match: bool,
}

/// The words of what somebody typed, as the text index takes them: anything but letters and digits separates.
pub(super) fn words(typed: &str) -> Vec<String> {
    typed
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// A whole text, with the words marked.
pub(super) fn marked(text: &str, words: &[String]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut add = |text: &str, is_match: bool| match parts.last_mut() {
        Some(last) if last.is_match == is_match => last.text.push_str(text),
        _ if text.is_empty() => {}
        _ => parts.push(Part { text: text.to_owned(), is_match }),
    };
    for piece in pieces(text) {
        let is_match = matches(piece, words);
        add(piece, is_match);
    }
    parts
}

/// The part of a markdown text around the first of the words, with the words marked.
pub(super) fn snippet(markdown: &str, words: &[String]) -> Vec<Part> {
    let text = excerpt(markdown, usize::MAX);
    let mut seen = 0;
    let first = pieces(&text).find_map(|piece| {
        let at = seen;
        seen += piece.chars().count();
        matches(piece, words).then_some(at)
    });
    let from = first.unwrap_or(0).saturating_sub(BEFORE);
    let from = if from < BEFORE / 2 { 0 } else { from };
    let mut shown: String = text.chars().skip(from).take(SHOWN).collect();
    if text.chars().nth(from + SHOWN).is_some() {
        shown.push('…');
    }
    if from > 0 {
        // Not from the middle of a word.
        let rest = shown.split_once(' ').map_or(shown.as_str(), |(_, rest)| rest);
        shown = format!("…{rest}");
    }
    marked(&shown, words)
}

fn matches(piece: &str, words: &[String]) -> bool {
    if !piece.starts_with(char::is_alphanumeric) {
        return false;
    }
    let piece = piece.to_lowercase();
    words.iter().any(|word| piece.starts_with(word.as_str()))
}

/// A text as words and what is between them, in order.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let in_word = rest.chars().next()?.is_alphanumeric();
        let end = rest.find(|c: char| c.is_alphanumeric() != in_word).unwrap_or(rest.len());
        let (piece, behind) = rest.split_at(end);
        rest = behind;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Matches in brackets.
    fn shown(parts: &[Part]) -> String {
        parts
            .iter()
            .map(|part| if part.is_match { format!("[{}]", part.text) } else { part.text.clone() })
            .collect()
    }

    #[test]
    fn words_are_marked_where_they_begin() {
        let mark = |text: &str, typed: &str| shown(&marked(text, &words(typed)));
        assert_eq!(mark("The printer, the Printers", "PRINT"), "The [printer], the [Printers]");
        assert_eq!(mark("reprint 10-20 <b>x</b>", "print 20 b"), "reprint 10-[20] <[b]>x</[b]>");
        assert_eq!(mark("Größe größer", "grösse größe"), "[Größe] [größer]");
        assert_eq!(mark("", "x"), "");
        assert_eq!(mark("no word", "!?"), "no word");
    }

    #[test]
    fn a_snippet_is_around_the_first_word() {
        let long = format!("{}needle {}", "hay ".repeat(100), "straw ".repeat(100));
        let parts = snippet(&long, &words("needle"));
        let text = shown(&parts);
        assert!(
            text.starts_with("…hay ") && text.contains(" [needle] straw ") && text.ends_with('…'),
            "{text}"
        );
        assert!(text.chars().count() < SHOWN + 10, "{text}");
        assert_eq!(
            shown(&snippet("short\n\n**needle** for @[Bo](user:7)", &words("needle bo"))),
            "short **[needle]** for @[Bo]"
        );
        assert_eq!(shown(&snippet(&"x".repeat(1000), &words("y"))).chars().count(), SHOWN + 1);
    }

    #[test]
    fn nothing_of_a_text_is_lost_or_made_up() {
        for text in ["", "a", " a ", "é—ü", "a\u{301}b", "👩‍🚒 x"] {
            assert_eq!(pieces(text).collect::<String>(), text);
            assert_eq!(
                marked(text, &words("a")).iter().map(|part| part.text.as_str()).collect::<String>(),
                text
            );
        }
    }

    #[test]
    fn whatever_is_searched_for_is_words_and_no_syntax() {
        use faff_store::Engine;
        const CORPUS: &[&str] = &[
            "printer fire",
            "\"printer\" OR x* NEAR/2",
            "'a' & !b | (c:*) <-> d",
            "İstanbul ǅ ß ﬁ",
            "a\u{301} \u{0}b 日本語",
            "title:x AND -y ^z {a b}",
        ];
        const WORDS: &[&str] = &[
            "\"",
            "'",
            "*",
            ":*",
            "&",
            "|",
            "!",
            "(",
            ")",
            "<->",
            "NEAR",
            "OR",
            "AND",
            "NOT",
            "-",
            "^",
            "\0",
            "\\",
            "$1",
            "?1",
            "%",
            "_",
            "İ",
            "ß",
            "ﬁ",
            "\u{301}",
            "日本",
            "@[Bo](user:7)",
        ];
        faff_fuzz::Target { name: "searches", source: file!(), corpus: CORPUS, words: WORDS }.check(
            |input| {
                let typed = String::from_utf8_lossy(input);
                for (engine, open, close, and) in
                    [(Engine::Sqlite, "\"", "\"*", " "), (Engine::Postgres, "'", "':*", " & ")]
                {
                    let Some(query) = engine.text_query(&typed) else { continue };
                    let terms: Vec<&str> = query.split(and).collect();
                    assert!(terms.len() <= 16, "{query}");
                    for term in terms {
                        let word = term.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
                        assert!(
                            word.is_some_and(
                                |word| !word.is_empty() && word.chars().all(char::is_alphanumeric)
                            ),
                            "{query}"
                        );
                    }
                }
                let words = words(&typed);
                let text: String = marked(&typed, &words).into_iter().map(|part| part.text).collect();
                assert_eq!(text, typed, "marking loses and invents nothing");
                let shown: usize = snippet(&typed, &words).iter().map(|part| part.text.chars().count()).sum();
                assert!(shown <= SHOWN + 2, "{shown}");
            },
        );
    }
}
