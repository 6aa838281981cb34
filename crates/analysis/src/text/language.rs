//! Which language a text is in, by its little words.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::phrases::entries;
use super::words::Word;

const FUNCTION_WORDS: &str = include_str!("../../lexicon/function-words.txt");

/// Words for which a language has to be ahead before it is believed.
const ENOUGH: usize = 2;
/// Words looked at: a language shows early.
const LOOKED_AT: usize = 400;

static VOTES: LazyLock<HashMap<&'static str, Vec<Language>>> = LazyLock::new(|| {
    let mut votes: HashMap<&'static str, Vec<Language>> = HashMap::new();
    for (code, word) in entries(FUNCTION_WORDS) {
        if let Some(language) = Language::of_code(code) {
            let languages = votes.entry(word).or_default();
            if !languages.contains(&language) {
                languages.push(language);
            }
        }
    }
    votes
});

/// A language whose little words are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Language {
    English,
    German,
    French,
    Spanish,
    Italian,
    Dutch,
    Polish,
    Swedish,
    Portuguese,
    Danish,
}

impl Language {
    const ALL: [(Self, &'static str); 10] = [
        (Self::English, "en"),
        (Self::German, "de"),
        (Self::French, "fr"),
        (Self::Spanish, "es"),
        (Self::Italian, "it"),
        (Self::Dutch, "nl"),
        (Self::Polish, "pl"),
        (Self::Swedish, "sv"),
        (Self::Portuguese, "pt"),
        (Self::Danish, "da"),
    ];

    /// By the code of ISO 639-1.
    pub(crate) fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == code).map(|(language, _)| *language)
    }

    /// The language of a text, if its words tell.
    pub(crate) fn of(words: &[Word]) -> Option<Self> {
        let mut counts: HashMap<Self, usize> = HashMap::new();
        for word in words.iter().take(LOOKED_AT) {
            for language in VOTES.get(word.text.as_str()).into_iter().flatten() {
                *counts.entry(*language).or_default() += 1;
            }
        }
        let count = |language: Self| counts.get(&language).copied().unwrap_or(0);
        // In the order of `ALL`: the first of equals is the commoner one in offices.
        let best =
            Self::all().collect::<Vec<_>>().into_iter().rev().max_by_key(|language| count(*language))?;
        (count(best) >= ENOUGH).then_some(best)
    }

    /// Whether a word (in lower case) says nothing in this language.
    pub(crate) fn is_function_word(self, word: &str) -> bool {
        VOTES.get(word).is_some_and(|languages| languages.contains(&self))
    }

    /// Every little word that is known.
    pub(crate) fn is_little_anywhere(word: &str) -> bool {
        VOTES.contains_key(word)
    }

    /// Every language that is known.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Self::ALL.iter().map(|(language, _)| *language)
    }
}
