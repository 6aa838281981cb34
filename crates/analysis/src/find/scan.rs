//! A text that is searched by one detector after the other.

use std::ops::Range;

use regex::Regex;

use super::Found;
use crate::text::{Reading, entries};

/// Bytes before a number in which people say what it is.
const BEFORE: usize = 48;

/// How many things that look like something are looked at in a text: so many, and one more for so many bytes.
const LOOKS: (usize, usize) = (40, 24);
const LOOKS_THOROUGH: (usize, usize) = (4096, 1);

/// A text, and which parts of it are known already.
#[derive(Debug)]
pub(crate) struct Scan<'a> {
    pub(crate) text: &'a str,
    pub(crate) reading: &'a Reading,
    /// Whether there is any digit, without which most shapes cannot be.
    pub(super) has_figures: bool,
    /// How many more things are looked at.
    looks: usize,
    /// In order, without overlap.
    taken: Vec<Range<usize>>,
}

impl<'a> Scan<'a> {
    /// Begins. Of texts that are nothing but numbers, only a part is looked at: the work is bounded.
    pub(crate) fn of(text: &'a str, reading: &'a Reading) -> Self {
        Self::with(text, reading, LOOKS)
    }

    /// Begins, and looks at everything that people could write.
    pub(crate) fn thorough(text: &'a str, reading: &'a Reading) -> Self {
        Self::with(text, reading, LOOKS_THOROUGH)
    }

    fn with(text: &'a str, reading: &'a Reading, (least, bytes): (usize, usize)) -> Self {
        let has_figures = text.bytes().any(|byte| byte.is_ascii_digit());
        Self { text, reading, has_figures, looks: least + text.len() / bytes, taken: Vec::new() }
    }

    /// Whether a part is known to be something else.
    pub(super) fn is_taken(&self, place: &Range<usize>) -> bool {
        let next = self.taken.partition_point(|taken| taken.end <= place.start);
        self.taken.get(next).is_some_and(|taken| taken.start < place.end)
    }

    /// Marks a part as known.
    pub(super) fn take(&mut self, place: Range<usize>) {
        let next = self.taken.partition_point(|taken| taken.start < place.start);
        self.taken.insert(next, place);
    }

    /// What a part says.
    pub(super) fn quote(&self, place: &Range<usize>) -> &'a str {
        self.text.get(place.clone()).unwrap_or_default()
    }

    /// Whatever has a shape and passes a check that may also shorten it and gives its key.
    pub(super) fn search(
        &mut self,
        kind: &'static str,
        shape: &Regex,
        check: impl Fn(&Self, Range<usize>) -> Option<(Range<usize>, String)>,
    ) -> Vec<Found> {
        let mut found = Vec::new();
        let mut from = 0;
        while self.looks > 0
            && let Some(hit) = shape.find_at(self.text, from)
        {
            self.looks -= 1;
            from = hit.end().max(hit.start() + 1);
            while !self.text.is_char_boundary(from) {
                from += 1;
            }
            if let Some((place, key)) = check(self, hit.range())
                && !self.is_taken(&place)
            {
                from = place.end;
                self.take(place.clone());
                found.push(Found { kind, place, key });
            } else {
                // What began here was nothing, but something may begin within it: behind the next space, for example.
                let inner = self.quote(&hit.range()).find([' ', '\u{a0}', '/', ',']);
                if let Some(inner) = inner.filter(|inner| *inner > 0) {
                    from = hit.start() + inner + 1;
                    while !self.text.is_char_boundary(from) {
                        from += 1;
                    }
                }
            }
            if from > self.text.len() {
                break;
            }
        }
        found
    }

    /// The character before a place.
    pub(super) fn char_before(&self, place: &Range<usize>) -> Option<char> {
        self.text.get(..place.start)?.chars().next_back()
    }

    /// The character behind a place.
    pub(super) fn char_after(&self, place: &Range<usize>) -> Option<char> {
        self.text.get(place.end..)?.chars().next()
    }

    /// Whether no letter or digit touches a place, so that it is no part of something longer.
    pub(super) fn stands_alone(&self, place: &Range<usize>) -> bool {
        let inner = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !inner(self.char_before(place)) && !inner(self.char_after(place))
    }

    /// What stands shortly before a place on its line, in lower case.
    pub(super) fn before(&self, place: &Range<usize>) -> String {
        let start = self.text.ceil_char_boundary(place.start.saturating_sub(BEFORE));
        let text = self.text.get(start..place.start).unwrap_or_default();
        text.rsplit('\n').next().unwrap_or_default().to_lowercase()
    }

    /// What stands right behind a place on its line, in lower case.
    pub(super) fn after(&self, place: &Range<usize>) -> String {
        let end = self.text.floor_char_boundary((place.end + BEFORE / 2).min(self.text.len()));
        let text = self.text.get(place.end..end).unwrap_or_default();
        text.split('\n').next().unwrap_or_default().to_lowercase()
    }

    /// Whether one of the words stands shortly before a place; a word may go on ("call" is in "calling").
    pub(super) fn introduced(&self, place: &Range<usize>, words: &[&str]) -> bool {
        says(&self.before(place), words)
    }
}

/// Whether a text (in lower case) has a word that begins so.
pub(super) fn says(text: &str, words: &[&str]) -> bool {
    last_said(text, words).is_some()
}

/// Where a word that begins so stands last.
pub(super) fn last_said(text: &str, words: &[&str]) -> Option<usize> {
    let mut inner = false;
    let mut last = None;
    for (at, c) in text.char_indices() {
        let letter = c.is_alphanumeric();
        if !inner && c != ' ' {
            let rest = text.get(at..).unwrap_or_default();
            if words.iter().any(|word| rest.starts_with(word)) {
                last = Some(at);
            }
        }
        inner = letter;
    }
    last
}

const NAMES: &str = include_str!("../../lexicon/names.txt");

/// What people call something.
pub(super) fn names(of: &str) -> Vec<&'static str> {
    entries(NAMES).filter(|(key, _)| *key == of).map(|(_, name)| name).collect()
}

/// A pattern made ready.
#[expect(clippy::expect_used, reason = "patterns are constants, and a test makes each of them ready")]
pub(super) fn shape(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern that compiles")
}
