//! What is to be said of one message before people decide.
//!
//! Invariants:
//! - Whatever is claimed is quoted: the words and their place in the message.
//! - Code and what is quoted from others is not the author's own tone. Sensitive data counts wherever it stands.
//!
//! The verdict. A message is rejected when, and only when, one of these holds:
//! 1. it is inappropriate: a foul word, an insult against a person, or a threat, in the author's own words;
//! 2. it holds sensitive data: a payment card, a bank account, a secret, or a national number of a person;
//! 3. it contradicts what else the ticket says, and both sides can be quoted.
//!
//! Mild language, a bad mood and urgency are told, and never a reason to reject.

mod accuracy;
mod claims;
mod rude;
mod tone;
mod urgency;

use std::ops::Range;

use crate::conversation::{Conversation, Message};
use crate::find::{self, Scan};
use crate::review::{Finding, Review, Verdict};
use crate::text::{Reading, words};

pub(crate) use rude::Degree;

/// Bytes of a message that are looked at: more than a message may have.
const LOOKED_AT: usize = 128 * 1024;

/// Reviews `message`. `conversation` is what else the ticket says; the message itself may be among it.
pub fn review(conversation: &Conversation, message: &Message) -> Review {
    let text = crate::text::head(&message.text, LOOKED_AT);
    let reading = Reading::of(text);
    let mut scan = Scan::thorough(text, &reading);
    let finding = |kind: &str, place: Range<usize>| Finding {
        kind: kind.to_owned(),
        quote: text.get(place.clone()).unwrap_or_default().to_owned(),
        place,
    };

    let compliance: Vec<Finding> =
        find::sensitive(&mut scan).into_iter().map(|found| finding(found.kind, found.place)).collect();
    let rude = rude::find(text, &reading);
    let worst = rude.iter().map(|(degree, _)| *degree).max();
    let urgent = urgency::find(text, &reading);
    let tone = tone::of(text, &reading, burden(&rude, &urgent));
    let accuracy = accuracy::compare(conversation, message, &reading);

    let mut evidence: Vec<Finding> =
        rude.iter().map(|(degree, place)| finding(degree.name(), place.clone())).collect();
    evidence.extend(urgent.iter().map(|(_, place)| finding("escalation", place.clone())));
    evidence.extend(tone.places.iter().map(|place| finding(tone.word, place.clone())));
    evidence
        .extend(accuracy.contradicted.iter().map(|against| finding("contradicted", against.place.clone())));
    evidence.sort_by_key(|finding| (finding.place.start, finding.place.end));
    evidence.dedup();

    let inappropriate = worst.is_some_and(|degree| degree > Degree::Mild);
    let wrong = !accuracy.contradicted.is_empty();
    Review {
        verdict: if inappropriate || wrong || !compliance.is_empty() {
            Verdict::Reject
        } else {
            Verdict::Approve
        },
        feedback: feedback(worst, &compliance, &accuracy),
        appropriateness: Some(
            match worst {
                None => "appropriate",
                Some(Degree::Mild) => "questionable",
                Some(_) => "inappropriate",
            }
            .to_owned(),
        ),
        sentiment: Some(tone.word.to_owned()),
        escalate: !urgent.is_empty() || tone.desperate || worst == Some(Degree::Threat),
        accuracy: Some(accuracy.word.to_owned()),
        compliance,
        evidence,
    }
}

/// What foul words and grievances add to a bad mood.
fn burden(rude: &[(Degree, Range<usize>)], urgent: &[(bool, Range<usize>)]) -> f64 {
    let foul = rude.iter().filter(|(degree, _)| *degree > Degree::Mild).count();
    let grievances = urgent.iter().filter(|(grievance, _)| *grievance).count();
    let weigh = |count: usize| f64::from(u32::try_from(count.min(4)).unwrap_or(4));
    -2.0 * weigh(foul) - weigh(grievances)
}

/// What the author could do about it.
fn feedback(worst: Option<Degree>, compliance: &[Finding], accuracy: &accuracy::Accuracy) -> String {
    let mut told: Vec<String> = Vec::new();
    match worst {
        Some(Degree::Threat) => told.push("It threatens somebody.".to_owned()),
        Some(Degree::Foul | Degree::Insult) => {
            told.push("Its language is not fit for a colleague or a customer.".to_owned());
        }
        _ => {}
    }
    let mut kinds: Vec<&str> = compliance.iter().map(|finding| finding.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let names: Vec<&str> = kinds
        .into_iter()
        .map(|kind| match kind {
            "card" => "the number of a payment card",
            "iban" => "a bank account",
            "national_id" => "a national number of a person",
            _ => "a password or key",
        })
        .collect();
    if !names.is_empty() {
        let change = if compliance.iter().any(|finding| finding.kind == "secret") {
            ", and change the secret"
        } else {
            ""
        };
        told.push(format!("It holds {}: remove it{change}.", names.join(" and ")));
    }
    told.extend(accuracy.contradicted.first().map(|against| {
        let said = match against.message {
            Some(id) => format!("message {id} says"),
            None => "the ticket says".to_owned(),
        };
        format!("It contradicts what else is known: {said} “{}”.", against.other)
    }));
    told.join(" ")
}

/// The words of a sentence with their places in the message.
fn placed(text: &str, place: &Range<usize>) -> Vec<crate::text::Word> {
    let mut words = words(text.get(place.clone()).unwrap_or_default());
    for word in &mut words {
        word.place = word.place.start + place.start..word.place.end + place.start;
    }
    words
}
