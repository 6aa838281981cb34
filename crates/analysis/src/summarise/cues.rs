//! What a sentence is for, by what people say then.

use std::sync::LazyLock;

use crate::text::{Phrases, Word, entries};

const CUES: &str = include_str!("../../lexicon/cues.txt");

static PHRASES: LazyLock<Phrases<Cue>> = LazyLock::new(|| {
    Phrases::of(entries(CUES).filter_map(|(key, phrase)| {
        let cue = match key {
            "found" => Cue::Found,
            "next" => Cue::Next,
            "done" => Cue::Done,
            "small" => Cue::Small,
            _ => return None,
        };
        Some((phrase, cue))
    }))
});

static LEANS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::of(entries(CUES).filter(|(key, _)| *key == "leans").map(|(_, phrase)| (phrase, ())))
});

#[derive(Debug, Clone, Copy)]
enum Cue {
    Found,
    Next,
    Done,
    Small,
}

/// How a sentence is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Mood {
    #[default]
    States,
    Asks,
    /// Thanks and jokes are called out more often than findings.
    Cries,
}

/// How often a sentence says what is said for some purpose.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cues {
    pub(super) found: usize,
    pub(super) next: usize,
    pub(super) done: usize,
    pub(super) small: usize,
    pub(super) mood: Mood,
    /// Whether it is hard to understand without what stood before it.
    pub(super) leans: bool,
    /// Whether it names something exactly: a figure, a name in capitals.
    pub(super) exact: bool,
}

/// What the words of a sentence say it is for.
pub(super) fn of(words: &[Word], text: &str) -> Cues {
    let mut cues = Cues {
        mood: match text.trim_end_matches(['"', ')', '”', '»', ' ']).chars().next_back() {
            Some('?' | '？') => Mood::Asks,
            Some('!' | '！') => Mood::Cries,
            _ => Mood::States,
        },
        leans: LEANS.at(words, 0).is_some(),
        exact: text.bytes().any(|byte| byte.is_ascii_digit()),
        ..Cues::default()
    };
    for (_, cue) in PHRASES.find(words) {
        let count = match cue {
            Cue::Found => &mut cues.found,
            Cue::Next => &mut cues.next,
            Cue::Done => &mut cues.done,
            Cue::Small => &mut cues.small,
        };
        *count += 1;
    }
    cues
}
