//! The analysis finds what is in the labelled set, and little else; and the measure itself would notice if it did not.

#[path = "../quality/mod.rs"]
mod quality;

use faff_analysis::{
    Conversation, Entity, Finding, Message, Point, Review, Summary, Verdict, review, summarise,
};
use quality::measure::{Engine, floors, measure, misses};
use quality::set::{Labelled, set};

fn labelled() -> Vec<Labelled> {
    set(false).unwrap_or_else(|wrong| unreachable!("{wrong}"))
}

#[test]
fn every_detector_keeps_its_floor() {
    let set = labelled();
    let below = misses(&measure(&Engine { summarise, review }, &set));
    assert!(below.is_empty(), "{below:#?}");
}

#[test]
fn the_set_is_large_enough_to_mean_something() {
    let set = labelled();
    let messages: usize = set.iter().map(|labelled| labelled.conversation.messages.len()).sum();
    assert!(set.len() >= 40 && messages >= 120, "{} conversations, {messages} messages", set.len());
    for kind in [
        "link",
        "email",
        "phone",
        "money",
        "date",
        "host",
        "version",
        "card",
        "iban",
        "secret",
        "national_id",
        "rude",
    ] {
        let marks = set.iter().flat_map(|labelled| &labelled.labels).flat_map(|labels| &labels.marks);
        assert!(marks.filter(|(marked, _)| marked == kind).count() >= 6, "too few of {kind}");
    }
}

#[test]
fn who_finds_nothing_fails_every_floor() {
    let nothing = Engine {
        summarise: |_, _| Summary::default(),
        review: |_, _| judged(Verdict::Approve, Vec::new(), Vec::new(), "neutral", false, "unverified"),
    };
    assert_eq!(misses(&measure(&nothing, &labelled())).len(), floors().len());
}

#[test]
fn who_finds_everything_fails_every_floor() {
    let everything = Engine { summarise: name_all, review: suspect_all };
    let mut below = misses(&measure(&everything, &labelled()));
    // A message sounds one way only: who calls all of them negative calls none positive.
    let other = Engine {
        summarise: name_all,
        review: |conversation, message| Review {
            sentiment: Some("positive".to_owned()),
            ..suspect_all(conversation, message)
        },
    };
    below.extend(misses(&measure(&other, &labelled())));
    for name in floors().keys() {
        assert!(below.iter().any(|miss| miss.starts_with(&format!("{name}:"))), "{name} passed");
    }
}

fn judged(
    verdict: Verdict,
    compliance: Vec<Finding>,
    evidence: Vec<Finding>,
    sentiment: &str,
    escalate: bool,
    accuracy: &str,
) -> Review {
    Review {
        verdict,
        feedback: String::new(),
        appropriateness: None,
        sentiment: Some(sentiment.to_owned()),
        escalate,
        accuracy: Some(accuracy.to_owned()),
        compliance,
        evidence,
    }
}

fn name_all(conversation: &Conversation, _: Option<&Summary>) -> Summary {
    let kinds = ["link", "email", "phone", "ticket", "money", "date", "host", "version"];
    let ids: Vec<i64> = conversation.messages.iter().map(|message| message.id).collect();
    let words = conversation.messages.iter().flat_map(|message| message.text.split_whitespace());
    Summary {
        key_points: vec![Point { text: String::new(), message_ids: ids.clone() }],
        entities: words
            .flat_map(|word| {
                kinds.map(|kind| Entity {
                    kind: kind.to_owned(),
                    text: word.to_owned(),
                    message_ids: ids.clone(),
                })
            })
            .collect(),
        ..Summary::default()
    }
}

fn suspect_all(_: &Conversation, message: &Message) -> Review {
    let of = |kind: &str| -> Vec<Finding> {
        let words = message.text.split(' ').scan(0, |start, word| {
            let place = *start..*start + word.len();
            *start = place.end + 1;
            Some(Finding { kind: kind.to_owned(), quote: word.to_owned(), place })
        });
        words.collect()
    };
    let compliance = ["card", "iban", "secret", "national_id"].into_iter().flat_map(of).collect();
    judged(Verdict::Reject, compliance, of("insult"), "negative", true, "contradicted")
}
