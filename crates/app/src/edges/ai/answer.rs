//! What a model answers, read with suspicion.
//!
//! Invariants:
//! - A citation is of a message that the model was shown, or that the summary so far cites; a quote stands in the message,
//!   byte for byte. What has neither is dropped.
//! - What lacks its one necessary field, or has another shape, is refused as a whole.

use std::collections::BTreeSet;

use faff_analysis::{Entity, Finding, Message, Point, Review, Summary, Verdict};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::AiError;
use super::plain::{cut, kind, plain};

/// The longest texts and lists that are kept. A summary that is longer is none.
const CONTENT: usize = 4_000;
const PART: usize = 2_000;
const POINT: usize = 500;
const NAME: usize = 200;
const WORD: usize = 100;
const QUOTE: usize = 500;
const POINTS: usize = 20;
const ENTITIES: usize = 60;
const FINDINGS: usize = 50;
const CITATIONS: usize = 50;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SaidSummary {
    summary: String,
    #[serde(default)]
    issue: Option<String>,
    #[serde(default)]
    investigation: Option<String>,
    #[serde(default)]
    next_steps: Option<String>,
    #[serde(default)]
    key_points: Option<Vec<SaidPoint>>,
    #[serde(default)]
    entities: Option<Vec<SaidEntity>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SaidPoint {
    text: String,
    #[serde(default)]
    message_ids: Option<Vec<Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SaidEntity {
    #[serde(default)]
    kind: Option<String>,
    text: String,
    #[serde(default)]
    message_ids: Option<Vec<Value>>,
}

#[derive(Deserialize)]
struct SaidReview {
    verdict: String,
    #[serde(default)]
    feedback: Option<String>,
    #[serde(default, deserialize_with = "word")]
    appropriateness: Option<String>,
    #[serde(default, deserialize_with = "word")]
    sentiment: Option<String>,
    #[serde(default)]
    escalate: Option<bool>,
    #[serde(default, deserialize_with = "word")]
    accuracy: Option<String>,
    #[serde(default)]
    compliance: Option<Vec<SaidFinding>>,
    #[serde(default)]
    evidence: Option<Vec<SaidFinding>>,
}

#[derive(Deserialize)]
struct SaidFinding {
    #[serde(default)]
    kind: Option<String>,
    quote: String,
}

/// A word, which some models say as a number or as yes and no.
fn word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(word) => Ok(Some(word)),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Bool(yes) => Ok(Some(yes.to_string())),
        _ => Err(serde::de::Error::custom("a word was expected")),
    }
}

/// The JSON in what a model has said: some think aloud first, or put a fence around it.
fn json<'de, T: Deserialize<'de>>(said: &'de str) -> Result<T, AiError> {
    let said = said.trim();
    let thought = said.strip_prefix("<think>").and_then(|rest| rest.split_once("</think>"));
    let said = thought.map_or(said, |(_, after)| after.trim());
    let fenced = said.strip_prefix("```").and_then(|rest| rest.strip_suffix("```"));
    let said = fenced.map_or(said, |inside| inside.strip_prefix("json").unwrap_or(inside));
    serde_json::from_str(said)
        .map_err(|_| AiError::invalid("The language model's answer is not of the form that was asked for"))
}

/// Reads a summary. `known` are the messages that it may cite.
pub(super) fn summary(said: &str, known: &BTreeSet<i64>) -> Result<Summary, AiError> {
    let said: SaidSummary = json(said)?;
    let part = |text: Option<String>| plain(&text.unwrap_or_default(), PART);
    let cited = |ids: Option<Vec<Value>>| -> Vec<i64> {
        let ids: BTreeSet<i64> = ids.unwrap_or_default().iter().filter_map(id).collect();
        ids.intersection(known).copied().take(CITATIONS).collect()
    };
    let points = said.key_points.unwrap_or_default().into_iter();
    let points =
        points.map(|point| Point { text: plain(&point.text, POINT), message_ids: cited(point.message_ids) });
    let entities = said.entities.unwrap_or_default().into_iter().map(|entity| Entity {
        kind: kind(&entity.kind.unwrap_or_default()),
        text: plain(&entity.text, NAME),
        message_ids: cited(entity.message_ids),
    });
    let summary = Summary {
        content: plain(&said.summary, CONTENT),
        issue: part(said.issue),
        investigation: part(said.investigation),
        next_steps: part(said.next_steps),
        key_points: points
            .filter(|point| !point.text.is_empty() && !point.message_ids.is_empty())
            .take(POINTS)
            .collect(),
        entities: entities
            .filter(|entity| !entity.text.is_empty() && !entity.message_ids.is_empty())
            .take(ENTITIES)
            .collect(),
    };
    if summary.content.is_empty() {
        return Err(AiError::invalid("The language model's summary is empty"));
    }
    Ok(summary)
}

/// An id, which some models put in quotes.
fn id(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// Keeps the entities of an earlier summary beside those of a later one.
pub(super) fn gather(earlier: Vec<Entity>, later: Vec<Entity>) -> Vec<Entity> {
    let mut gathered = earlier;
    for entity in later {
        let same = |other: &&mut Entity| {
            other.kind == entity.kind && other.text.to_lowercase() == entity.text.to_lowercase()
        };
        if let Some(known) = gathered.iter_mut().find(same) {
            let ids: BTreeSet<i64> = known.message_ids.drain(..).chain(entity.message_ids).collect();
            known.message_ids = ids.into_iter().take(CITATIONS).collect();
        } else if gathered.len() < ENTITIES {
            gathered.push(entity);
        }
    }
    gathered
}

/// Reads an opinion of a message.
pub(super) fn review(said: &str, message: &Message) -> Result<Review, AiError> {
    let said: SaidReview = json(said)?;
    let verdict = match said.verdict.trim().to_lowercase().as_str() {
        "approve" => Verdict::Approve,
        "reject" => Verdict::Reject,
        _ => return Err(AiError::invalid("The language model's verdict is neither approve nor reject")),
    };
    let word = |said: Option<String>| said.map(|word| plain(&word, WORD)).filter(|word| !word.is_empty());
    let found = |said: Option<Vec<SaidFinding>>| {
        let said = said.unwrap_or_default().into_iter();
        said.filter_map(|finding| find(finding, &message.text)).take(FINDINGS).collect()
    };
    Ok(Review {
        verdict,
        feedback: plain(&said.feedback.unwrap_or_default(), PART),
        appropriateness: word(said.appropriateness),
        sentiment: word(said.sentiment),
        escalate: said.escalate.unwrap_or_default(),
        accuracy: word(said.accuracy),
        compliance: found(said.compliance),
        evidence: found(said.evidence),
    })
}

/// Where the quote stands in the text, if it does.
fn find(said: SaidFinding, text: &str) -> Option<Finding> {
    let quote = cut(said.quote.trim(), QUOTE);
    let start = text.find(quote).filter(|_| !quote.is_empty())?;
    Some(Finding {
        kind: kind(&said.kind.unwrap_or_default()),
        quote: quote.to_owned(),
        place: start..start + quote.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn message(text: &str) -> Message {
        Message { id: 7, text: text.to_owned(), ..Message::default() }
    }

    fn summed_up(said: &Value) -> Summary {
        summary(&said.to_string(), &BTreeSet::from([1, 2, 3])).unwrap()
    }

    #[test]
    fn what_is_missing_is_tolerated_and_what_is_unknown_ignored() {
        let least = summed_up(&json!({"summary": "In short."}));
        assert_eq!(least, Summary { content: "In short.".to_owned(), ..Summary::default() });
        let nulls =
            json!({"summary": "S", "issue": null, "keyPoints": null, "entities": null, "mood": {"x": [1]}});
        assert_eq!(summed_up(&nulls).content, "S");
        let least = review(r#"{"verdict": " Approve "}"#, &message("hi")).unwrap();
        assert_eq!((least.verdict, least.escalate, least.sentiment), (Verdict::Approve, false, None));
        let more =
            r#"{"verdict": "reject", "sentiment": "negative", "accuracy": 0.4, "escalate": true, "x": 1}"#;
        let more = review(more, &message("hi")).unwrap();
        assert_eq!((more.verdict, more.escalate), (Verdict::Reject, true));
        assert_eq!((more.sentiment.as_deref(), more.accuracy.as_deref()), (Some("negative"), Some("0.4")));
    }

    #[test]
    fn answers_in_a_fence_or_after_a_thought_are_read() {
        for said in [
            "```json\n{\"summary\": \"S\"}\n```",
            "<think>hm {</think>\n{\"summary\": \"S\"}",
            " {\"summary\":\"S\"}\n",
        ] {
            assert_eq!(summary(said, &BTreeSet::new()).unwrap().content, "S", "{said}");
        }
    }

    #[test]
    fn whatever_else_is_refused() {
        for wrong in [
            "",
            "no",
            "null",
            "[]",
            "7",
            "{}",
            "{\"summary\":",
            "{\"summary\": 7}",
            "{\"summary\": \"S\"} and more",
            "{\"summary\": \" \\u0000 \"}",
            "{\"summary\": \"S\", \"keyPoints\": \"none\"}",
            "{\"summary\": \"S\", \"keyPoints\": [{\"messageIds\": [1]}]}",
            "{\"summary\": \"S\", \"entities\": [7]}",
            "Here you are: {\"summary\": \"S\"}",
        ] {
            let refused = summary(wrong, &BTreeSet::new()).expect_err(wrong);
            assert_eq!((refused.code, refused.retry), (crate::http::Code::AiAnswerInvalid, true), "{wrong}");
        }
        for wrong in [
            "{}",
            "{\"verdict\": \"maybe\"}",
            "{\"verdict\": true}",
            "{\"verdict\": \"approve\", \"escalate\": \"no\"}",
        ] {
            assert!(review(wrong, &message("hi")).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_messages_that_were_shown_are_cited() {
        let summary = summed_up(&json!({
            "summary": "S",
            "keyPoints": [
                {"text": "both", "messageIds": [2, 99, 1, 2, "3", "x", null, 1.5, -1]},
                {"text": "none of ours", "messageIds": [99]},
                {"text": "no source"},
            ],
            "entities": [
                {"kind": "Host name", "text": "db-1", "messageIds": [3]},
                {"text": "nothing", "messageIds": []},
            ],
        }));
        assert_eq!(summary.key_points, [Point { text: "both".into(), message_ids: vec![1, 2, 3] }]);
        let host = Entity { kind: "host-name".into(), text: "db-1".into(), message_ids: vec![3] };
        assert_eq!(summary.entities, [host]);
    }

    #[test]
    fn only_what_stands_in_the_message_is_quoted() {
        let said = json!({
            "verdict": "reject",
            "compliance": [{"kind": "card", "quote": " 4111 1111 "}, {"kind": "card", "quote": "4111-1111"}],
            "evidence": [{"quote": "Größe"}, {"kind": "x", "quote": ""}, {"kind": "x", "quote": "größe"}],
        });
        let text = "Die Größe ist 4111 1111, ja.";
        let review = review(&said.to_string(), &message(text)).unwrap();
        let found = |findings: &[Finding]| -> Vec<(String, String)> {
            findings
                .iter()
                .map(|finding| (finding.kind.clone(), text[finding.place.clone()].to_owned()))
                .collect()
        };
        assert_eq!(found(&review.compliance), [("card".into(), "4111 1111".into())]);
        assert_eq!(found(&review.evidence), [("other".into(), "Größe".into())]);
    }

    #[test]
    fn lengths_and_numbers_are_bounded() {
        let long = "x".repeat(10_000);
        let many: Vec<Value> = (0..500)
            .map(|n| json!({"kind": long, "text": format!("{n}{long}"), "messageIds": [1]}))
            .collect();
        let summary =
            summed_up(&json!({"summary": long, "issue": long, "keyPoints": many, "entities": many}));
        let lengths =
            (summary.content.len(), summary.issue.len(), summary.key_points.len(), summary.entities.len());
        assert_eq!(lengths, (CONTENT, PART, POINTS, ENTITIES));
        assert!(summary.key_points.iter().all(|point| point.text.len() == POINT));
        let quotes: Vec<Value> = (0..500).map(|_| json!({"kind": "x", "quote": long})).collect();
        let said = json!({"verdict": "reject", "feedback": long, "sentiment": long, "evidence": quotes});
        let review = review(&said.to_string(), &message(&long)).unwrap();
        assert_eq!((review.feedback.len(), review.evidence.len()), (PART, FINDINGS));
        assert!(review.evidence.iter().all(|finding| finding.place == (0..QUOTE)));
    }

    #[test]
    fn entities_are_gathered_once_each() {
        let entity = |kind: &str, text: &str, ids: &[i64]| Entity {
            kind: kind.to_owned(),
            text: text.to_owned(),
            message_ids: ids.to_vec(),
        };
        let earlier = vec![entity("host", "db-1", &[1, 4]), entity("link", "https://a.example", &[2])];
        let later = vec![entity("host", "DB-1", &[3, 4]), entity("person", "db-1", &[5])];
        let gathered = gather(earlier, later);
        let expected = [
            entity("host", "db-1", &[1, 3, 4]),
            entity("link", "https://a.example", &[2]),
            entity("person", "db-1", &[5]),
        ];
        assert_eq!(gathered, expected);
    }

    proptest! {
        #[test]
        fn no_answer_brings_more_than_was_asked_for(said in r#"(\{|\}|"|:|,|\[|\]|summary|verdict|approve|quote|evidence|[0-9]|[a-z<! ]|\PC){0,80}"#) {
            let _ = summary(&said, &BTreeSet::from([1]));
            let text = "some message";
            if let Ok(review) = review(&said, &message(text)) {
                for finding in review.evidence.iter().chain(&review.compliance) {
                    prop_assert_eq!(&text[finding.place.clone()], finding.quote.as_str());
                }
            }
        }
    }
}
