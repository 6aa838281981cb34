//! What somebody should look at soon.

use std::ops::Range;
use std::sync::LazyLock;

use crate::text::{Phrases, Reading, entries};

const LEXICON: &str = include_str!("../../lexicon/urgency.txt");

/// Words before a phrase in which a "not" takes it back.
const BEFORE: usize = 3;

/// With whether it is a grievance, which sounds so, and not an event.
static PHRASES: LazyLock<Phrases<bool>> = LazyLock::new(|| {
    let grievance = |key: &str| matches!(key, "manager" | "legal" | "leave" | "repeat");
    Phrases::of(
        entries(LEXICON).filter(|(key, _)| *key != "turns").map(|(key, phrase)| (phrase, grievance(key))),
    )
});

static TURNS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::of(entries(LEXICON).filter(|(key, _)| *key == "turns").map(|(_, phrase)| (phrase, ())))
});

/// Where a message says that it cannot wait, each with whether it is a grievance.
pub(super) fn find(text: &str, reading: &Reading) -> Vec<(bool, Range<usize>)> {
    let mut found = Vec::new();
    for sentence in reading.sentences.iter().filter(|sentence| !sentence.quoted) {
        let said = super::placed(text, &sentence.place);
        let hits = PHRASES.find(&said);
        if hits.is_empty() {
            continue;
        }
        let turns = TURNS.find(&said);
        // "Is it urgent?" asks; "how many times do I have to ask?" does not.
        let asks = sentence.text.ends_with('?');
        for (place, grievance) in hits {
            let before = place.start.saturating_sub(BEFORE)..place.start;
            let turned =
                turns.iter().any(|(turn, ())| before.contains(&turn.start) && turn.end <= place.start);
            if turned || asks && place.len() == 1 {
                continue;
            }
            if let (Some(first), Some(last)) = (said.get(place.start), said.get(place.end - 1)) {
                found.push((grievance, first.place.start..last.place.end));
            }
        }
    }
    found
}
