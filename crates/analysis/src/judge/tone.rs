//! How a message sounds.
//!
//! The sum of what its words sound like, after the manner of VADER (Hutto and Gilbert, 2014): turned round by a "not" before
//! them, made stronger by "very" and weaker by "a bit", with more weight behind a "but". Our words, in ten languages.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::text::{Language, Phrases, Reading, Word, entries, words};

const LEXICON: &str = include_str!("../../lexicon/tone.txt");

/// Words before a word that may turn it round or change its strength.
const BEFORE: usize = 3;
/// From which sum on, brought between -1 and 1, a message is not neutral.
const SOUNDS: f64 = 0.35;
/// From which sum down somebody should look at it.
const DESPERATE: f64 = -0.95;
/// Brings sums between -1 and 1: x / sqrt(x² + this), as VADER does it with 15.
const EVENS: f64 = 13.0;

static SOUND: LazyLock<HashMap<Option<Language>, Phrases<f64>>> = LazyLock::new(|| {
    let known: Vec<(Option<Language>, &str, f64)> = entries(LEXICON)
        .filter_map(|(key, phrase)| {
            let (code, sounds) = key.split_once(' ')?;
            Some((Language::of_code(code), phrase, sounds.parse().ok()?))
        })
        .collect();
    let mut by_language = HashMap::new();
    for language in Language::all().map(Some).chain([None]) {
        // When it does not say which language it is in, every language's words are tried, English first.
        let words = known
            .iter()
            .filter(|(theirs, _, _)| language.is_none() || *theirs == language)
            .map(|(_, phrase, sounds)| (*phrase, *sounds));
        by_language.insert(language, Phrases::of(words));
    }
    by_language
});

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Turns,
    More,
    Less,
    But,
}

static ROLES: LazyLock<Phrases<Role>> = LazyLock::new(|| {
    Phrases::of(entries(LEXICON).filter_map(|(key, phrase)| {
        let role = match key {
            "turns" => Role::Turns,
            "more" => Role::More,
            "less" => Role::Less,
            "but" => Role::But,
            _ => return None,
        };
        Some((phrase, role))
    }))
});

/// Signs that are no words, and what they sound like.
const SIGNS: &[(&str, f64)] = &[
    (":)", 1.5),
    (":-)", 1.5),
    (";)", 1.0),
    (":D", 2.0),
    ("🙂", 1.5),
    ("😊", 2.0),
    ("😀", 2.0),
    ("😃", 2.0),
    ("😄", 2.0),
    ("👍", 2.0),
    ("🎉", 2.5),
    ("❤", 2.5),
    ("🙏", 1.0),
    ("🥳", 2.5),
    ("😍", 2.5),
    (":(", -1.5),
    (":-(", -1.5),
    ("🙁", -1.5),
    ("😞", -2.0),
    ("😢", -1.5),
    ("👎", -2.0),
    ("😒", -2.0),
    ("😤", -2.5),
    ("😡", -3.0),
    ("😠", -3.0),
    ("🤬", -3.5),
];

/// How a message sounds.
#[derive(Debug)]
pub(super) struct Tone {
    /// `positive`, `neutral` or `negative`.
    pub(super) word: &'static str,
    /// Whether it is so bad that somebody should look.
    pub(super) desperate: bool,
    /// The words that make it so; none when it is neutral.
    pub(super) places: Vec<Range<usize>>,
}

/// Listens to the author's own sentences.
///
/// `burden` is what else weighs on it, such as foul words: 0 or less.
pub(super) fn of(text: &str, reading: &Reading, burden: f64) -> Tone {
    let own: Vec<_> = reading.sentences.iter().filter(|sentence| !sentence.quoted).collect();
    let all: Vec<Word> = own.iter().flat_map(|sentence| words(&sentence.text)).collect();
    let language = Language::of(&all);
    let mut sum = burden;
    let mut heard: Vec<(Range<usize>, f64)> = Vec::new();
    for sentence in own {
        let said = super::placed(text, &sentence.place);
        let first = heard.len();
        let asks = sentence.text.ends_with('?');
        sum += sound(&said, language, &mut heard) * if asks { 0.5 } else { 1.0 };
        for (sign, sounds) in SIGNS {
            let part = text.get(sentence.place.clone()).unwrap_or_default();
            if let Some(at) = part.find(sign) {
                sum += sounds;
                let start = sentence.place.start + at;
                heard.push((start..start + sign.len(), *sounds));
            }
        }
        if heard.len() > first && sentence.text.ends_with('!') {
            sum *= 1.1;
        }
    }
    let even = sum / (sum * sum + EVENS).sqrt();
    let word = if even >= SOUNDS {
        "positive"
    } else if even <= -SOUNDS {
        "negative"
    } else {
        "neutral"
    };
    let same = |sounds: f64| word != "neutral" && (sounds > 0.0) == (even > 0.0);
    let mut places: Vec<Range<usize>> =
        heard.into_iter().filter(|(_, sounds)| same(*sounds)).map(|(place, _)| place).collect();
    places.sort_by_key(|place| place.start);
    places.dedup();
    Tone { word, desperate: even <= DESPERATE, places }
}

/// What a sentence sounds like; the words that count are added to `heard`.
fn sound(said: &[Word], language: Option<Language>, heard: &mut Vec<(Range<usize>, f64)>) -> f64 {
    let Some(phrases) = SOUND.get(&language) else { return 0.0 };
    let hits = phrases.find(said);
    if hits.is_empty() {
        return 0.0;
    }
    let roles = ROLES.find(said);
    let but = roles.iter().rfind(|(_, role)| *role == Role::But).map(|(place, _)| place.start);
    let mut sum = 0.0;
    for (place, sounds) in hits {
        let mut here = sounds;
        let before = place.start.saturating_sub(BEFORE)..place.start;
        let mut turned = false;
        for (role_place, role) in
            roles.iter().filter(|(role, _)| before.contains(&role.start) && role.end <= place.start)
        {
            match role {
                Role::Turns => turned = !turned,
                Role::More if role_place.end == place.start => here *= 1.3,
                Role::Less if role_place.end == place.start => here *= 0.6,
                _ => {}
            }
        }
        if turned {
            here *= if here > 0.0 { -0.7 } else { -0.4 };
        }
        if let Some(but) = but {
            here *= if place.start < but { 0.6 } else { 1.3 };
        }
        sum += here;
        if let (Some(first), Some(last)) = (said.get(place.start), said.get(place.end - 1)) {
            heard.push((first.place.start..last.place.end, here));
        }
    }
    sum
}
