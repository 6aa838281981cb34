//! Markdown as people read it: sentences with their places, words, and the language they are in.
//!
//! Invariants:
//! - Every place is a range of bytes of the source and begins and ends between characters.
//! - Code is never part of a sentence; what is quoted from somebody else is marked.

mod language;
mod phrases;
mod read;
mod split;
mod words;

pub(crate) use language::Language;
pub(crate) use phrases::{Phrases, entries};
pub(crate) use read::{Reading, Sentence};
pub(crate) use words::{Word, stem, words};

/// As much of a text as is looked at, cut between two characters.
pub(crate) fn head(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}
