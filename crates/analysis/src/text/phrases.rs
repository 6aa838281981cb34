//! Lists of words and phrases, and where a text uses them.

use std::collections::HashMap;
use std::ops::Range;

use super::words::{Word, words};

/// Phrases with what each of them stands for.
#[derive(Debug)]
pub(crate) struct Phrases<T> {
    /// By first word; of several, the longest comes first.
    by_first: HashMap<String, Vec<(Vec<String>, T)>>,
}

impl<T: Clone> Phrases<T> {
    /// Phrases in the order given; the first of two equal ones counts.
    pub(crate) fn of<'a>(entries: impl IntoIterator<Item = (&'a str, T)>) -> Self {
        let mut by_first: HashMap<String, Vec<(Vec<String>, T)>> = HashMap::new();
        for (phrase, means) in entries {
            let mut parts = words(phrase).into_iter().map(|word| word.text);
            let Some(first) = parts.next() else { continue };
            by_first.entry(first).or_default().push((parts.collect(), means));
        }
        for phrases in by_first.values_mut() {
            phrases.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
        }
        Self { by_first }
    }

    /// The phrases in a text, as ranges of its words; none overlaps another.
    pub(crate) fn find(&self, words: &[Word]) -> Vec<(Range<usize>, T)> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            match self.at(words, at) {
                Some((length, means)) => {
                    found.push((at..at + length, means));
                    at += length;
                }
                None => at += 1,
            }
        }
        found
    }

    /// The longest phrase that begins at a word, and how many words it has.
    pub(crate) fn at(&self, words: &[Word], at: usize) -> Option<(usize, T)> {
        let first = words.get(at)?;
        let rest = words.get(at + 1..).unwrap_or_default();
        self.by_first.get(&first.text)?.iter().find_map(|(phrase, means)| {
            let here = rest.get(..phrase.len())?;
            let same = phrase.iter().zip(here).all(|(wanted, word)| *wanted == word.text);
            same.then(|| (1 + phrase.len(), means.clone()))
        })
    }
}

/// The entries of a lexicon: lines `key: one; two; three`, of which a key may have several. `#` begins a comment.
pub(crate) fn entries(lexicon: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    lexicon
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(':'))
        .flat_map(|(key, list)| list.split(';').map(move |entry| (key.trim(), entry.trim())))
        .filter(|(_, entry)| !entry.is_empty())
}
