//! Words, and what they have in common with one another.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

/// Longer ones are no words: keys, hashes, noise.
const LONGEST: usize = 40;
/// Letters that words of one family share, beginning at the first.
const STEM: usize = 7;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// In lower case, with the apostrophe of typewriters.
    pub(crate) text: String,
    /// Where it stands.
    pub(crate) place: Range<usize>,
}

/// The words of a text, as Unicode parts them, in order.
pub(crate) fn words(text: &str) -> Vec<Word> {
    text.unicode_word_indices()
        .map(|(start, word)| {
            let place = start..start + word.len();
            let word = if word.len() > LONGEST { super::head(word, LONGEST) } else { word };
            Word { text: word.to_lowercase().replace('’', "'"), place }
        })
        .collect()
}

/// What a word (in lower case) has in common with its other forms. Coarse on purpose: it serves any language that changes
/// words at their ends.
pub(crate) fn stem(word: &str) -> &str {
    let word = word.strip_suffix("'s").unwrap_or(word);
    let mut stem = word;
    for ending in ["ing", "ed", "es", "en", "s", "e"] {
        if let Some(short) = word.strip_suffix(ending)
            && short.chars().count() > 3
        {
            stem = short;
            break;
        }
    }
    match stem.char_indices().nth(STEM) {
        Some((end, _)) => stem.get(..end).unwrap_or(stem),
        None => stem,
    }
}
