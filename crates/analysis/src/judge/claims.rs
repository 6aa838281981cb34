//! What a text claims: that a thing has a value, or is in a state.

use std::ops::Range;
use std::sync::LazyLock;

use crate::find::{self, Scan};
use crate::text::{Language, Phrases, Reading, Sentence, Word, entries, stem};

const LEXICON: &str = include_str!("../../lexicon/claims.txt");

/// Words of a sentence that claims something that can be compared.
const LENGTH: std::ops::RangeInclusive<usize> = 3..=30;
/// Words of the thing that has a value.
const THING: usize = 6;

/// What a word or phrase does to a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Not,
    Maybe,
    Change,
    Lasts,
    Is,
    State { concept: &'static str, holds: bool, lasting: bool },
}

static SIGNS: LazyLock<Phrases<Vec<Sign>>> = LazyLock::new(|| {
    let mut order: Vec<&'static str> = Vec::new();
    let mut signs: std::collections::HashMap<&'static str, Vec<Sign>> = std::collections::HashMap::new();
    for (key, phrase) in entries(LEXICON) {
        let mut parts = key.split(' ');
        let sign = match (parts.next(), parts.next(), parts.next()) {
            (Some("not"), ..) => Sign::Not,
            (Some("maybe"), ..) => Sign::Maybe,
            (Some("change"), ..) => Sign::Change,
            (Some("lasts"), ..) => Sign::Lasts,
            (Some("is"), ..) => Sign::Is,
            (Some(kind), Some(concept), Some(holds)) => {
                Sign::State { concept, holds: holds == "+", lasting: kind == "stays" }
            }
            _ => continue,
        };
        let known = signs.entry(phrase).or_insert_with(|| {
            order.push(phrase);
            Vec::new()
        });
        known.push(sign);
    }
    Phrases::of(order.into_iter().map(|phrase| (phrase, signs.get(phrase).cloned().unwrap_or_default())))
});

/// Something that is claimed.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    pub(super) what: What,
    /// The words for what it is about, as stems, in order and each once.
    pub(super) thing: Vec<String>,
    /// Numbers in it, which have to agree before anything is compared.
    pub(super) numbers: Vec<String>,
    /// Whether it says itself that something has changed.
    pub(super) news: bool,
    /// Whether it says that something has not changed yet.
    pub(super) lasts: bool,
    /// Whether it speaks of the speaker's own: "my laptop".
    pub(super) own: bool,
    /// The whole sentence.
    pub(super) sentence: String,
    /// Where it stands.
    pub(super) place: Range<usize>,
}

/// What is claimed of the thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// It is this.
    Value { kind: &'static str, key: String },
    /// It is so, or not.
    State { concept: &'static str, holds: bool, lasting: bool },
}

impl What {
    /// Whether both say one thing, as far as both say it.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Value { kind: "version", key }, Self::Value { key: theirs, .. }) => {
                let begins = |long: &str, short: &str| {
                    long.strip_prefix(short)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
                };
                begins(key, theirs) || begins(theirs, key)
            }
            // A day without its year is the same day in any year.
            (Self::Value { kind: "date", key }, Self::Value { key: theirs, .. }) => {
                key.ends_with(theirs.as_str()) || theirs.ends_with(key.as_str())
            }
            (Self::Value { key, .. }, Self::Value { key: theirs, .. }) => key == theirs,
            (Self::State { holds, .. }, Self::State { holds: theirs, .. }) => holds == theirs,
            _ => false,
        }
    }
}

/// The claims of a text, in order.
pub(super) fn of(text: &str, reading: &Reading) -> Vec<Claim> {
    let mut scan = Scan::of(text, reading);
    let named = find::named(&mut scan).things;
    let days: Vec<Range<usize>> =
        named.iter().filter(|found| found.kind == "date").map(|found| found.place.clone()).collect();
    let mut claims = Vec::new();
    for sentence in reading.sentences.iter().filter(|sentence| !sentence.quoted) {
        let said = super::placed(text, &sentence.place);
        if !LENGTH.contains(&said.len()) || sentence.text.ends_with('?') {
            continue;
        }
        let signs = SIGNS.find(&said);
        let has = |wanted: Sign| signs.iter().any(|(_, signs)| signs.contains(&wanted));
        if has(Sign::Maybe) {
            continue;
        }
        let (news, lasts) = (has(Sign::Change), has(Sign::Lasts));
        let about = About { text, sentence, said: &said, signs: &signs, days: &days, news, lasts };
        let values = named.iter().filter(|found| {
            sentence.place.start <= found.place.start && found.place.end <= sentence.place.end
        });
        for found in values.filter(|found| found.kind != "ticket" && found.kind != "link") {
            claims.extend(about.value(found));
        }
        claims.extend(about.plain_value());
        claims.extend(about.state());
    }
    claims
}

struct About<'a> {
    text: &'a str,
    sentence: &'a Sentence,
    said: &'a [Word],
    signs: &'a [(Range<usize>, Vec<Sign>)],
    /// Where days of the calendar stand.
    days: &'a [Range<usize>],
    news: bool,
    lasts: bool,
}

impl About<'_> {
    /// "The deadline is 12 March", "Deadline: 12 March".
    fn value(&self, found: &find::Found) -> Option<Claim> {
        let first = self.said.iter().position(|word| word.place.end > found.place.start)?;
        let thing = self.before(first, found.place.start)?;
        let what = What::Value { kind: found.kind, key: found.key.clone() };
        self.claim(what, thing.0, thing.1)
    }

    /// "The room is 214": a number by itself, of a thing that has a number.
    fn plain_value(&self) -> Option<Claim> {
        let (at, last) = self.said.iter().enumerate().next_back()?;
        if last.text.is_empty() || !last.text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (thing, own) = self.before(at, last.place.start)?;
        let numbered = thing.iter().any(|word| NUMBERED.contains(&word.as_str()));
        numbered
            .then(|| self.claim(What::Value { kind: "number", key: last.text.clone() }, thing, own))
            .flatten()
    }

    /// The thing before a value, if nothing but "is" stands between them.
    fn before(&self, value: usize, start: usize) -> Option<(Vec<String>, bool)> {
        let mut end = value;
        while let Some(word) = end.checked_sub(1).and_then(|before| self.said.get(before))
            && FILLERS.contains(&word.text.as_str())
        {
            end -= 1;
        }
        let is = self.signs.iter().find(|(place, signs)| {
            signs.contains(&Sign::Is) && place.start < value && place.end >= end && place.end <= value
        });
        let end = if let Some((place, _)) = is {
            place.start
        } else {
            // A colon is an "is".
            let word = self.said.get(value.checked_sub(1)?)?;
            let between = self.text.get(word.place.end..start)?;
            (between.len() <= 4 && between.contains(':')).then_some(value)?
        };
        let begin = end.saturating_sub(THING);
        // Behind a comma or an "and" another clause began.
        let words = self.said.get(begin.max(self.clause(end.checked_sub(1)?).start)..end)?;
        let words = words.rsplit(|word| AND.contains(&word.text.as_str())).next()?;
        let own = words.iter().any(|word| OWN.contains(&word.text.as_str()));
        let negated =
            self.signs.iter().any(|(place, signs)| signs.contains(&Sign::Not) && place.start < value);
        let thing = content(words);
        (!thing.is_empty() && !negated).then_some((thing, own))
    }

    /// The words around a word that no comma or the like parts from it.
    fn clause(&self, at: usize) -> Range<usize> {
        let parted = |at: &usize| {
            let between = self
                .said
                .get(*at)
                .zip(self.said.get(at + 1))
                .and_then(|(word, next)| self.text.get(word.place.end..next.place.start));
            between.is_none_or(|between| between.contains([',', ';', ':', '(', ')', '–', '—']))
        };
        let start = (0..at).rev().find(parted).map_or(0, |before| before + 1);
        let end = (at..self.said.len()).find(parted).map_or(self.said.len(), |last| last + 1);
        start..end
    }

    /// "The repair is not covered by the warranty."
    fn state(&self) -> Option<Claim> {
        let states: Vec<_> = self
            .signs
            .iter()
            .flat_map(|(place, signs)| signs.iter().map(move |sign| (place, sign)))
            .filter_map(|(place, sign)| match sign {
                Sign::State { concept, holds, lasting } => Some((place.clone(), *concept, *holds, *lasting)),
                _ => None,
            })
            .collect();
        // "Support is included": what comes last is said of what stands before it.
        let (place, concept, holds, lasting) = states.last()?;
        let clause = self.clause(place.start);
        let nots: Vec<_> = self
            .signs
            .iter()
            .filter(|(at, signs)| signs.contains(&Sign::Not) && clause.contains(&at.start))
            .collect();
        let turned = match nots.as_slice() {
            [] => false,
            [(not, _)] => not.start < place.start + 4 && place.start < not.start + 5,
            _ => return None,
        };
        if nots.len() == 1 && !turned {
            return None;
        }
        let words: Vec<Word> = self
            .said
            .iter()
            .enumerate()
            .filter(|(at, _)| clause.contains(at))
            .filter(|(at, word)| {
                let sign = |(range, signs): &(Range<usize>, Vec<Sign>)| {
                    range.contains(at)
                        && (range == place || !signs.iter().any(|sign| matches!(sign, Sign::State { .. })))
                };
                // A day is when it holds, not what it holds of.
                let day =
                    self.days.iter().any(|day| day.start <= word.place.start && word.place.end <= day.end);
                !self.signs.iter().any(sign) && !day
            })
            .map(|(_, word)| word.clone())
            .collect();
        let own = words.iter().any(|word| OWN.contains(&word.text.as_str()));
        let thing = content(&words);
        let what = What::State { concept, holds: *holds != turned, lasting: *lasting };
        self.claim(what, thing, own)
    }

    fn claim(&self, what: What, thing: Vec<String>, own: bool) -> Option<Claim> {
        let numbers =
            thing.iter().filter(|word| word.bytes().any(|byte| byte.is_ascii_digit())).cloned().collect();
        (!thing.is_empty()).then(|| Claim {
            what,
            thing,
            numbers,
            news: self.news,
            lasts: self.lasts,
            own,
            sentence: self.sentence.text.clone(),
            place: self.sentence.place.clone(),
        })
    }
}

/// Words behind which another clause begins.
const AND: &[&str] = &["and", "but", "und", "aber", "et", "mais", "y", "pero", "e", "ma", "en", "maar"];
/// What may stand between "is" and a value.
const FILLERS: &[&str] = &[
    "the",
    "on",
    "at",
    "a",
    "an",
    "by",
    "for",
    "to",
    "of",
    "from",
    "version",
    "only",
    "exactly",
    "der",
    "die",
    "das",
    "am",
    "bei",
    "le",
    "la",
    "de",
    "el",
    "il",
    "op",
    "het",
    "den",
    "v",
    "room",
    "port",
    "no",
    "number",
    "due",
    "scheduled",
    "set",
    "planned",
    "until",
    "bis",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
];
/// Words by which people speak of their own things.
const OWN: &[&str] = &[
    "my", "mine", "your", "yours", "his", "her", "i", "you", "mein", "meine", "meiner", "dein", "deine",
    "ihr", "ihre", "mon", "ma", "mes", "votre", "ton", "ta", "mi", "mis", "tu", "su", "mio", "mia", "tuo",
    "tua", "mijn", "jouw", "uw", "mój", "moja", "min", "mitt", "din", "meu", "minha",
];
/// Stems of things that have a number for a name.
const NUMBERED: &[&str] = &[
    "room", "port", "extensi", "floor", "building", "desk", "order", "invoice", "invoic", "contrac",
    "ticket", "code", "pin", "slot", "bay", "gate", "platfor", "track", "channel", "vlan", "zimmer", "raum",
    "etage", "stock", "auftrag", "salle", "bureau", "sala", "puerta", "kamer", "limit", "quota",
];

/// The words that say something, as stems.
fn content(words: &[Word]) -> Vec<String> {
    let mut stems: Vec<String> = words
        .iter()
        .filter(|word| !Language::is_little_anywhere(&word.text))
        .map(|word| stem(&word.text).to_owned())
        .collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}
