//! Counts what was found, what was not, and what is not there.

use super::set::{Labelled, Labels};
use faff_analysis::{Conversation, Message, Review, Summary, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// What is named in messages.
const NAMED: [&str; 8] = ["link", "email", "phone", "ticket", "money", "date", "host", "version"];
/// What should not stand in messages.
const SENSITIVE: [&str; 4] = ["card", "iban", "secret", "national_id"];

/// Something that can be measured.
pub(crate) struct Engine {
    pub(crate) summarise: fn(&Conversation, Option<&Summary>) -> Summary,
    pub(crate) review: fn(&Conversation, &Message) -> Review,
}

/// How one detector did.
#[derive(Debug, Default, Clone)]
pub(crate) struct Score {
    /// What is there and was found.
    pub(crate) right: usize,
    /// What is not there and was found.
    pub(crate) wrong: Vec<String>,
    /// What is there and was not found.
    pub(crate) missed: Vec<String>,
}

impl Score {
    /// Of what was found, how much is there.
    pub(crate) fn precision(&self) -> f64 {
        share(self.right, self.wrong.len())
    }

    /// Of what is there, how much was found.
    pub(crate) fn recall(&self) -> f64 {
        share(self.right, self.missed.len())
    }

    fn count<T: Ord>(&mut self, wanted: &BTreeSet<T>, found: &BTreeSet<T>, told: impl Fn(&T) -> String) {
        self.right += wanted.intersection(found).count();
        self.wrong.extend(found.difference(wanted).map(&told));
        self.missed.extend(wanted.difference(found).map(&told));
    }

    fn flag(&mut self, wanted: bool, found: bool, message: &Message) {
        match (wanted, found) {
            (true, true) => self.right += 1,
            (true, false) => self.missed.push(message.text.clone()),
            (false, true) => self.wrong.push(message.text.clone()),
            (false, false) => {}
        }
    }
}

/// Nothing found is no precision at all: silence must not pass for accuracy.
fn share(right: usize, other: usize) -> f64 {
    let figure = |count: usize| u32::try_from(count).map_or(f64::INFINITY, f64::from);
    if right + other == 0 { 0.0 } else { figure(right) / figure(right + other) }
}

/// Every detector's score, by name.
pub(crate) fn measure(engine: &Engine, set: &[Labelled]) -> BTreeMap<&'static str, Score> {
    let mut scores: BTreeMap<&'static str, Score> = BTreeMap::new();
    for labelled in set {
        for (message, labels) in labelled.conversation.messages.iter().zip(&labelled.labels) {
            named(engine, &mut scores, message, labels);
            reviewed(engine, &mut scores, &labelled.conversation, message, labels);
        }
        points(engine, &mut scores, labelled);
    }
    scores
}

/// What the summary of this message alone names.
fn named(engine: &Engine, scores: &mut BTreeMap<&'static str, Score>, message: &Message, labels: &Labels) {
    let alone = Conversation { messages: vec![message.clone()], ..Conversation::default() };
    let entities = (engine.summarise)(&alone, None).entities;
    for kind in NAMED {
        let wanted: BTreeSet<String> = labels
            .marks
            .iter()
            .filter(|(marked, _)| marked == kind)
            .map(|(_, place)| message.text.get(place.clone()).unwrap_or_default().to_owned())
            .collect();
        let found: BTreeSet<String> =
            entities.iter().filter(|entity| entity.kind == kind).map(|entity| entity.text.clone()).collect();
        scores
            .entry(kind)
            .or_default()
            .count(&wanted, &found, |text| format!("{text}   in: {}", message.text));
    }
}

fn reviewed(
    engine: &Engine,
    scores: &mut BTreeMap<&'static str, Score>,
    conversation: &Conversation,
    message: &Message,
    labels: &Labels,
) {
    let review = (engine.review)(conversation, message);
    let marked = |kind: &str| -> BTreeSet<(usize, usize)> {
        labels.marks.iter().filter(|(is, _)| is == kind).map(|(_, place)| (place.start, place.end)).collect()
    };
    let told = |place: &(usize, usize)| {
        format!("{}   in: {}", message.text.get(place.0..place.1).unwrap_or("?"), message.text)
    };
    for kind in SENSITIVE {
        let findings = review.compliance.iter().filter(|finding| finding.kind == kind);
        let found = findings.map(|finding| (finding.place.start, finding.place.end)).collect();
        scores.entry(kind).or_default().count(&marked(kind), &found, told);
    }
    let rude = |kind: &str| matches!(kind, "inappropriate" | "insult" | "threat");
    let found = review
        .evidence
        .iter()
        .filter(|finding| rude(&finding.kind))
        .map(|finding| (finding.place.start, finding.place.end))
        .collect();
    scores.entry("inappropriate").or_default().count(&marked("rude"), &found, told);

    let says = |word: &str| labels.words.contains(word);
    for tone in ["positive", "negative"] {
        let found = review.sentiment.as_deref() == Some(tone);
        scores.entry(tone).or_default().flag(says(tone), found, message);
    }
    scores.entry("escalate").or_default().flag(says("escalate"), review.escalate, message);
    let contradicted = review.accuracy.as_deref() == Some("contradicted");
    scores.entry("contradicted").or_default().flag(says("contradicted"), contradicted, message);
    let sensitive = labels.marks.iter().any(|(kind, _)| SENSITIVE.contains(&kind.as_str()) || kind == "rude");
    let reject = sensitive || says("contradicted");
    scores.entry("reject").or_default().flag(reject, review.verdict == Verdict::Reject, message);
}

/// Whether the key points cite what matters, and nothing else.
fn points(engine: &Engine, scores: &mut BTreeMap<&'static str, Score>, labelled: &Labelled) {
    let matters: BTreeSet<i64> = labelled
        .conversation
        .messages
        .iter()
        .zip(&labelled.labels)
        .filter(|(_, labels)| labels.matters)
        .map(|(message, _)| message.id)
        .collect();
    if matters.is_empty() {
        return;
    }
    let summary = (engine.summarise)(&labelled.conversation, None);
    let cited: BTreeSet<i64> =
        summary.key_points.iter().flat_map(|point| point.message_ids.clone()).collect();
    let text = |id: &i64| {
        let message = labelled.conversation.messages.iter().find(|message| message.id == *id);
        message.map_or_else(String::new, |message| message.text.clone())
    };
    scores.entry("key points").or_default().count(&matters, &cited, text);
}

/// What no detector may fall below: precision and recall, somewhat under what was measured (docs/analysis.md).
pub(crate) fn floors() -> BTreeMap<&'static str, (f64, f64)> {
    [
        ("link", (0.95, 0.95)),
        ("email", (0.95, 0.95)),
        ("phone", (0.95, 0.9)),
        ("ticket", (0.95, 0.95)),
        ("money", (0.95, 0.95)),
        ("date", (0.95, 0.95)),
        ("host", (0.95, 0.95)),
        ("version", (0.95, 0.9)),
        ("card", (0.95, 0.95)),
        ("iban", (0.95, 0.95)),
        ("secret", (0.95, 0.95)),
        ("national_id", (0.95, 0.95)),
        ("inappropriate", (0.95, 0.95)),
        ("positive", (0.9, 0.9)),
        ("negative", (0.9, 0.9)),
        ("escalate", (0.8, 0.9)),
        ("contradicted", (0.9, 0.75)),
        ("reject", (0.95, 0.9)),
        ("key points", (0.6, 0.7)),
    ]
    .into()
}

/// What is below its floor, in words. A detector without a floor, or a floor without a detector, is wrong too.
pub(crate) fn misses(scores: &BTreeMap<&'static str, Score>) -> Vec<String> {
    let floors = floors();
    let mut misses: Vec<String> = Vec::new();
    for name in scores.keys().chain(floors.keys()).collect::<BTreeSet<_>>() {
        match (scores.get(name), floors.get(name)) {
            (Some(score), Some((precision, recall))) => {
                if score.precision() < *precision || score.recall() < *recall {
                    misses.push(format!(
                        "{name}: precision {:.3} (floor {precision}), recall {:.3} (floor {recall})",
                        score.precision(),
                        score.recall()
                    ));
                }
            }
            _ => misses.push(format!("{name}: measured or bounded, not both")),
        }
    }
    misses
}
