//! Words that do not belong into a message, however they are written.
//!
//! Only whole words are looked up: Scunthorpe, a cocktail and the assets are safe. A word may be hidden by figures ("sh1t"),
//! stars ("f**k"), spaces ("f u c k"), points, repeated letters, accents or signs of no width.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::text::{Language, Phrases, Reading, Word, entries, words};

const LEXICON: &str = include_str!("../../lexicon/rude.txt");

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Degree {
    /// Not fine, but no reason to refuse.
    Mild,
    /// A foul word.
    Foul,
    /// Against a person.
    Insult,
    /// A threat.
    Threat,
}

impl Degree {
    /// The kind of its finding.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Mild => "mild_language",
            Self::Foul => "inappropriate",
            Self::Insult => "insult",
            Self::Threat => "threat",
        }
    }
}

/// In which messages a word counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    Anywhere,
    /// In a language, or in one that does not show.
    In(Language),
    /// Only where the language shows.
    Surely(Language),
}

impl Where {
    /// `name`: whether it is written as names are.
    fn holds(self, language: Option<Language>, name: bool) -> bool {
        match self {
            Self::Anywhere => true,
            Self::In(theirs) => language.is_none_or(|language| language == theirs),
            Self::Surely(theirs) => language == Some(theirs) && !name,
        }
    }
}

type Entry = (Degree, Where);

static KNOWN: LazyLock<Phrases<Vec<Entry>>> = LazyLock::new(|| {
    let mut order: Vec<&str> = Vec::new();
    let mut known: HashMap<&str, Vec<Entry>> = HashMap::new();
    for (phrase, entry) in lexicon() {
        known.entry(phrase).or_insert_with(|| {
            order.push(phrase);
            Vec::new()
        });
        known.entry(phrase).or_default().push(entry);
    }
    Phrases::of(order.into_iter().map(|phrase| (phrase, known.get(phrase).cloned().unwrap_or_default())))
});

/// Single foul words, which people hide.
static HIDDEN: LazyLock<HashMap<String, Vec<Entry>>> = LazyLock::new(|| {
    let mut hidden: HashMap<String, Vec<Entry>> = HashMap::new();
    for (phrase, entry) in lexicon() {
        if matches!(entry.0, Degree::Foul | Degree::Insult)
            && !phrase.contains(' ')
            && phrase.chars().count() > 3
        {
            hidden.entry(plain(phrase)).or_default().push(entry);
        }
    }
    hidden
});

fn lexicon() -> impl Iterator<Item = (&'static str, Entry)> {
    entries(LEXICON).filter_map(|(key, phrase)| {
        let mut parts = key.rsplit(' ');
        let degree = match parts.next()? {
            "mild" => Degree::Mild,
            "strong" => Degree::Foul,
            "insult" => Degree::Insult,
            "threat" => Degree::Threat,
            _ => return None,
        };
        let code = parts.next()?;
        let counts = match (Language::of_code(code), parts.next()) {
            (Some(language), Some("sure")) => Where::Surely(language),
            (Some(language), _) => Where::In(language),
            (None, _) => Where::Anywhere,
        };
        Some((phrase, (degree, counts)))
    })
}

/// Every such word in the author's own words, with how bad it is.
pub(super) fn find(text: &str, reading: &Reading) -> Vec<(Degree, Range<usize>)> {
    let own: Vec<_> = reading.sentences.iter().filter(|sentence| !sentence.quoted).collect();
    let all: Vec<Word> = own.iter().flat_map(|sentence| words(&sentence.text)).collect();
    let language = Language::of(&all);
    let mut found: Vec<(Degree, Range<usize>)> = Vec::new();
    for sentence in own {
        let said = super::placed(text, &sentence.place);
        let mut at = 0;
        while at < said.len() {
            let name = said.get(at).and_then(|word| text.get(word.place.clone())).is_some_and(is_name);
            let hit = KNOWN
                .at(&said, at)
                .and_then(|(length, entries)| Some((length, degree(&entries, language, name)?)));
            let Some((length, degree)) = hit else {
                at += 1;
                continue;
            };
            if let (Some(first), Some(last)) = (said.get(at), said.get(at + length - 1)) {
                found.push((degree, first.place.start..last.place.end));
            }
            at += length;
        }
        for (degree, place) in hidden(text, &sentence.place, language) {
            let known = found
                .iter()
                .rev()
                .take(8)
                .any(|(_, other)| other.start < place.end && place.start < other.end);
            if !known {
                found.push((degree, place));
            }
        }
    }
    found.retain(|(_, place)| !reading.is_code(place));
    found.sort_by_key(|(_, place)| place.start);
    found
}

fn degree(entries: &[Entry], language: Option<Language>, name: bool) -> Option<Degree> {
    entries.iter().filter(|(_, counts)| counts.holds(language, name)).map(|(degree, _)| *degree).max()
}

/// Whether a word begins with a capital and goes on without.
fn is_name(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
}

/// Words that are written so that a list does not find them.
fn hidden(text: &str, place: &Range<usize>, language: Option<Language>) -> Vec<(Degree, Range<usize>)> {
    let mut found = Vec::new();
    let mut spelt = Spelt::default();
    let part = text.get(place.clone()).unwrap_or_default();
    let mut start = 0;
    for piece in part.split_inclusive(char::is_whitespace) {
        let token = piece.trim_end();
        let range = place.start + start..place.start + start + token.len();
        start += piece.len();
        if let Some(whole) = spelt.next(token, &range)
            && let Some(hit) = whole.degree(language)
        {
            found.push(hit);
        }
        if token.contains("://") || token.contains('@') && token.contains('.') {
            continue;
        }
        if let Some((degree, inner)) = unveil(token, language) {
            found.push((degree, range.start + inner.start..range.start + inner.end));
        }
    }
    if let Some(hit) = spelt.end().and_then(|whole| whole.degree(language)) {
        found.push(hit);
    }
    found
}

/// One token, if it hides something, with the place within it.
fn unveil(token: &str, language: Option<Language>) -> Option<(Degree, Range<usize>)> {
    let edge = |c: char| !c.is_alphanumeric() && !matches!(c, '@' | '$' | '*');
    let inner = token.trim_matches(edge);
    // Stars on both sides are markup.
    let inner = if inner.starts_with('*') { inner.trim_matches('*') } else { inner };
    let offset = token.find(inner)?;
    let place = offset..offset + inner.len();
    let letters = inner.chars().filter(|c| c.is_alphabetic()).count();
    let all = inner.chars().count();
    if !(3..=24).contains(&all) || letters == 0 {
        return None;
    }
    if inner.contains('*') {
        let inner = plain(inner);
        let censored = matches!(inner.as_str(), "f***" | "f****" | "s***" | "f*****");
        // One or two stars at the end are markup that began before the sentence.
        let shown = inner.trim_end_matches('*');
        let inner = if inner.len() - shown.len() < 3 { shown } else { &inner };
        let degree = if censored { Some(Degree::Foul) } else { starred(inner, language) };
        return degree.map(|degree| (degree, place));
    }
    let simple = inner.chars().all(|c| c.is_ascii_lowercase());
    if simple && !tripled(inner) {
        return None;
    }
    let folded = plain(inner);
    let apart: String = folded.chars().filter(|c| !matches!(c, '.' | '-' | '_' | '\'' | '’')).collect();
    let mut forms = vec![apart.clone()];
    if letters * 2 >= all && apart.chars().any(|c| !c.is_alphabetic()) {
        for one in ['i', 'l'] {
            forms.push(apart.chars().map(|c| letter(c, one)).collect());
        }
    }
    for form in forms.clone() {
        forms.push(squeezed(&form, 2));
        forms.push(squeezed(&form, 1));
    }
    let changed = |form: &String| *form != inner.to_lowercase();
    forms
        .iter()
        .filter(|form| changed(form))
        .find_map(|form| looked_up(form, language))
        .map(|degree| (degree, place))
}

fn looked_up(form: &str, language: Option<Language>) -> Option<Degree> {
    HIDDEN.get(form).and_then(|entries| degree(entries, language, true))
}

/// Whether a word with stars for letters can be read as one of the list.
fn starred(veiled: &str, language: Option<Language>) -> Option<Degree> {
    let shown = veiled.chars().filter(|c| c.is_alphabetic()).count();
    let begins = veiled.chars().next().is_some_and(char::is_alphabetic);
    if !begins || shown < 2 || !veiled.contains('*') {
        return None;
    }
    HIDDEN
        .iter()
        .filter(|(word, _)| {
            word.chars().count() == veiled.chars().count()
                && word.chars().zip(veiled.chars()).all(|(letter, shown)| shown == '*' || shown == letter)
        })
        .filter_map(|(_, entries)| degree(entries, language, true))
        .max()
}

/// In lower case, without accents and signs of no width.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{300}'..='\u{36f}'))
        .flat_map(char::to_lowercase)
        .flat_map(|c| match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' | 'а' => ['a', '\0'],
            'ç' | 'ć' | 'с' => ['c', '\0'],
            'è' | 'é' | 'ê' | 'ë' | 'ę' | 'е' => ['e', '\0'],
            'ì' | 'í' | 'î' | 'ï' | 'і' => ['i', '\0'],
            'ł' => ['l', '\0'],
            'ñ' | 'ń' => ['n', '\0'],
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'о' => ['o', '\0'],
            'ś' => ['s', '\0'],
            'ß' => ['s', 's'],
            'ù' | 'ú' | 'û' | 'ü' => ['u', '\0'],
            'ý' | 'ÿ' => ['y', '\0'],
            'ź' | 'ż' => ['z', '\0'],
            c => [c, '\0'],
        })
        .filter(|c| *c != '\0')
        .collect()
}

/// The letter that a figure or sign stands for.
fn letter(c: char, one: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' | '|' => one,
        '3' | '€' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' | '+' => 't',
        '8' => 'b',
        '9' => 'g',
        c => c,
    }
}

fn tripled(text: &str) -> bool {
    let mut run = 1;
    text.chars().zip(text.chars().skip(1)).any(|(one, other)| {
        run = if one == other { run + 1 } else { 1 };
        run >= 3
    })
}

/// Runs of three and more of one letter cut to `most`.
fn squeezed(text: &str, most: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters
        .chunk_by(|one, other| one == other)
        .flat_map(|run| run.iter().take(if run.len() > 2 { most } else { run.len() }))
        .collect()
}

/// Single letters one after the other: "f u c k".
#[derive(Debug, Default)]
struct Spelt {
    letters: Vec<(char, Range<usize>)>,
}

impl Spelt {
    /// Takes a token; gives what was spelt before it, when it ends that.
    fn next(&mut self, token: &str, place: &Range<usize>) -> Option<Self> {
        let core = token.trim_matches(|c: char| !c.is_alphanumeric());
        let mut chars = core.chars();
        match (chars.next(), chars.next()) {
            (Some(single), None) if single.is_alphanumeric() => {
                self.letters.push((single, place.clone()));
                None
            }
            _ => self.end(),
        }
    }

    fn end(&mut self) -> Option<Self> {
        let whole = std::mem::take(self);
        (whole.letters.len() >= 4).then_some(whole)
    }

    /// How bad the word is, with or without an "a" or "I" before it.
    fn degree(&self, language: Option<Language>) -> Option<(Degree, Range<usize>)> {
        let word: String = self.letters.iter().map(|(c, _)| letter(*c, 'i')).collect();
        let word = plain(&word);
        let last = self.letters.last()?;
        [0, 1].into_iter().find_map(|skipped| {
            let first = self.letters.get(skipped)?;
            let degree = looked_up(&word.chars().skip(skipped).collect::<String>(), language)?;
            Some((degree, first.1.start..last.1.end))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worst(text: &str) -> Option<Degree> {
        find(text, &Reading::of(text)).into_iter().map(|(degree, _)| degree).max()
    }

    #[test]
    fn hidden_words_are_seen() {
        for text in [
            "This is sh1t.",
            "what the f**k is this",
            "F U C K this",
            "fuuuuuck",
            "you are an a$$hole",
            "f.u.c.k off",
            "fück you",
            "b!tch please",
            "fu\u{200b}ck",
            "This is f***ing slow",
            "sh!t!",
            "Du bist ein Arschl0ch",
        ] {
            assert!(worst(text) > Some(Degree::Mild), "{text}");
        }
    }

    #[test]
    fn words_that_only_look_so_are_not() {
        for text in [
            "Our office in Scunthorpe and the one in Penistone.",
            "The assets of the class passed the assessment.",
            "A cocktail in Essex, shiitake, Hancock and Dick Cockburn.",
            "Please kill the process and its children.",
            "`fuck` is a tool",
            "> you idiot\n\nI did not say this.",
            "S C U N T H O R P E",
            "Use *.txt and **bold** and a*b*c.",
            "Das Brot ist dick und der Mist steht draußen nicht.",
            "Slut på papper i skrivaren på plan 3.",
            "part A55 and p155, version 5h17",
            "Mr Wang and Mrs Fanny Butts",
            "The analyst analysed the titles.",
        ] {
            assert!(worst(text) <= Some(Degree::Mild), "{text}");
        }
    }
}
