//! What holds for any text whatever: quotes are exact, citations exist, nothing panics, and the same gives the same.

use faff_analysis::{Conversation, Message, Summary, review, summarise};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Pieces that detectors look for, and pieces that confuse them.
const PIECES: &[&str] = &[
    "4539 5260 1815 9083",
    "DE45 6563 2122 3307 9244 02",
    "password=Tr0ub4dor&3 ",
    "AKIAZ5Q7RT2LMN4XWJ6P",
    "536-90-4399",
    "BSN 805888718",
    "+44 20 7946 0321",
    "#812",
    "€1,249.00",
    "12 March 2026",
    "10.20.0.17",
    "fd12::1",
    "v1.2.3-rc.1",
    "https://a.example/ä?b=(c)",
    "ada@larkmoor.example",
    "fuck",
    "f*ck",
    "s h i t ",
    "you idiot",
    "urgent",
    "not ",
    "very ",
    "great",
    "terrible",
    "The port is 8080.",
    "The port is 8081.",
    "The export is fixed.",
    "The export is still not fixed. ",
    "```\n",
    "`",
    "> ",
    "- ",
    "**",
    "_",
    "[x](",
    ")",
    "\n\n",
    "\n",
    "&amp;",
    "\\",
    "\u{200b}",
    "\u{301}",
    "ß",
    "İ",
    "ﬁ",
    "日本",
    "🙂",
    "\u{202e}",
    "z. B. ",
    "e.g. ",
    "... ",
    "? ",
    "! ",
    " ",
    "{{",
    "}}",
    "\r\n",
    "\t",
    "|a|b|\n|-|-|\n",
    "<b>",
    "\0",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[a-zA-Z0-9äöü .,:;#@/-]{0,30}",
    ];
    prop::collection::vec(piece, 0..25).prop_map(|pieces| pieces.concat())
}

fn conversation() -> impl Strategy<Value = Conversation> {
    let messages = prop::collection::vec((text(), prop::sample::select(&["ada", "bo", ""][..])), 0..8);
    (text(), text(), prop::sample::select(&["open", "resolved", "?"][..]), messages).prop_map(
        |(title, description, status, messages)| Conversation {
            id: 7,
            title,
            description,
            status: status.to_owned(),
            messages: (1..)
                .zip(messages)
                .map(|(seq, (text, author))| Message {
                    id: 1000 + seq,
                    seq,
                    author: author.to_owned(),
                    at: seq * 60_000,
                    reply_to: None,
                    text,
                })
                .collect(),
        },
    )
}

/// Whether everything in a summary cites only these messages, and something.
fn cites_only(summary: &Summary, known: &BTreeSet<i64>) -> bool {
    let points = summary.key_points.iter().map(|point| &point.message_ids);
    let entities = summary.entities.iter().map(|entity| &entity.message_ids);
    points.chain(entities).all(|ids| !ids.is_empty() && ids.iter().all(|id| known.contains(id)))
}

fn ids(conversation: &Conversation) -> BTreeSet<i64> {
    conversation.messages.iter().map(|message| message.id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn findings_quote_the_message(conversation in conversation()) {
        for message in &conversation.messages {
            let review = review(&conversation, message);
            for finding in review.compliance.iter().chain(&review.evidence) {
                prop_assert!(!finding.quote.is_empty());
                prop_assert_eq!(message.text.get(finding.place.clone()), Some(finding.quote.as_str()));
            }
        }
    }

    #[test]
    fn citations_exist_and_the_same_gives_the_same(conversation in conversation()) {
        let summary = summarise(&conversation, None);
        prop_assert!(cites_only(&summary, &ids(&conversation)), "{summary:?}");
        prop_assert_eq!(&summary, &summarise(&conversation, None));
        for entity in &summary.entities {
            let first = conversation.messages.iter().find(|message| message.id == entity.message_ids[0]).unwrap();
            prop_assert!(first.text.contains(&entity.text));
        }
    }

    #[test]
    fn folding_keeps_what_was_cited(conversation in conversation(), split in 0_usize..8) {
        let mut first = conversation.clone();
        let mut second = conversation.clone();
        first.messages.truncate(split);
        second.messages.drain(..split.min(conversation.messages.len()));
        let last = summarise(&first, None);
        let folded = summarise(&second, Some(&last));
        prop_assert!(cites_only(&folded, &ids(&conversation)));
        // A point of before that is still there cites what it cited, and perhaps more.
        for point in &folded.key_points {
            for old in last.key_points.iter().filter(|old| old.text == point.text) {
                let kept = old.message_ids.iter().all(|id| point.message_ids.contains(id));
                let again = point.message_ids.iter().any(|id| ids(&second).contains(id));
                prop_assert!(kept || again);
            }
        }
        for old in &last.entities {
            prop_assert!(folded.entities.iter().any(|entity| entity.kind == old.kind && entity.text == old.text));
        }
    }

    #[test]
    fn what_should_not_stand_there_is_not_repeated(words in "[a-z]{3,9} [a-z]{3,9}", at in 0_usize..5) {
        let secrets = ["4539 5260 1815 9083", "DE45656321223307924402", "AKIAZ5Q7RT2LMN4XWJ6P", "536-90-4399", "https://ada:Tr0ub4dor3@host.example/"];
        let text = format!("The {words} needs {} because the {words} is broken.", secrets[at]);
        let message = Message { id: 1, seq: 1, text, ..Message::default() };
        let conversation = Conversation { messages: vec![message], ..Conversation::default() };
        let summary = summarise(&conversation, None);
        prop_assert!(!format!("{summary:?}").contains(secrets[at]), "{summary:?}");
    }

    #[test]
    fn a_card_with_one_wrong_digit_is_none(at in 0_usize..16, other in 1_u32..10, number in prop::sample::select(&["4539526018159083", "5105529170342365", "2720913909960303", "6011993518190939"][..])) {
        prop_assert!(kinds(number).contains("card"));
        prop_assert!(!kinds(&changed(number, at, other)).contains("card"));
    }

    #[test]
    fn an_account_with_one_wrong_digit_is_none(at in 2_usize..18, other in 1_u32..10, number in prop::sample::select(&["DE45656321223307924402", "AT701590139624595711", "BE73215901092860", "CH3177774121547280385"][..])) {
        prop_assert!(kinds(number).contains("iban"));
        let at = at.min(number.len() - 1);
        prop_assert!(!kinds(&changed(number, at, other)).contains("iban"));
    }
}

/// With one digit raised by `other`, modulo ten.
fn changed(number: &str, at: usize, other: u32) -> String {
    let raised = |c: char| c.to_digit(10).and_then(|digit| char::from_digit((digit + other) % 10, 10));
    let chars = number.chars().enumerate();
    chars.map(|(place, c)| if place == at { raised(c).unwrap_or(c) } else { c }).collect()
}

fn kinds(number: &str) -> BTreeSet<String> {
    let message =
        Message { id: 1, seq: 1, text: format!("It is {number}, as I said."), ..Message::default() };
    review(&Conversation::default(), &message).compliance.into_iter().map(|finding| finding.kind).collect()
}
