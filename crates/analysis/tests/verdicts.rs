//! What makes the engine refuse a message, and what does not.

use faff_analysis::{Conversation, Message, Review, Verdict, review};

fn said(seq: i64, author: &str, text: &str) -> Message {
    Message {
        id: 100 + seq,
        seq,
        author: author.to_owned(),
        at: seq * 60_000,
        reply_to: None,
        text: text.to_owned(),
    }
}

fn alone(text: &str) -> Review {
    review(&Conversation::default(), &said(1, "ada", text))
}

fn kinds(review: &Review) -> Vec<&str> {
    review.compliance.iter().chain(&review.evidence).map(|finding| finding.kind.as_str()).collect()
}

#[test]
fn foul_words_insults_and_threats_are_refused() {
    for text in ["This is bullshit.", "You are an idiot, Bo.", "I know where you live."] {
        let review = alone(text);
        assert_eq!(
            (review.verdict, review.appropriateness.as_deref()),
            (Verdict::Reject, Some("inappropriate")),
            "{text}"
        );
        assert!(!review.feedback.is_empty() && !review.evidence.is_empty());
    }
}

#[test]
fn mild_words_a_bad_mood_and_urgency_are_told_and_not_refused() {
    let mild = alone("Damn, the printer again.");
    assert_eq!((mild.verdict, mild.appropriateness.as_deref()), (Verdict::Approve, Some("questionable")));
    let upset = alone("This is terrible, I am very disappointed.");
    assert_eq!((upset.verdict, upset.sentiment.as_deref()), (Verdict::Approve, Some("negative")));
    let urgent = alone("Production is down, please escalate this.");
    assert!(urgent.verdict == Verdict::Approve && urgent.escalate && kinds(&urgent).contains(&"escalation"));
    let calm = alone("It is not urgent. The meeting is at ten.");
    assert!(!calm.escalate && calm.feedback.is_empty() && calm.evidence.is_empty());
    assert_eq!(calm.sentiment.as_deref(), Some("neutral"));
}

#[test]
fn what_others_said_is_not_held_against_who_quotes_it() {
    let review =
        alone("He wrote:\n\n> You are an idiot!\n\nThat was not polite. `fuck` is the name of a tool.");
    assert_eq!(review.verdict, Verdict::Approve, "{review:?}");
}

#[test]
fn sensitive_data_is_refused_wherever_it_stands() {
    for text in [
        "card 4539 5260 1815 9083",
        "> card 4539 5260 1815 9083",
        "```\ncard=4539526018159083\n```",
        "`export TOKEN=ghp_8sKd0fJ2mQ4vXz7LrT1bN6wYcE3hUa9iGp5o`",
        "see https://ada:Tr0ub4dor3@host.example/x",
    ] {
        let review = alone(text);
        assert_eq!(review.verdict, Verdict::Reject, "{text}");
        assert!(review.feedback.contains("remove it"), "{}", review.feedback);
    }
}

#[test]
fn a_contradiction_is_quoted_from_both_sides() {
    let messages = vec![
        said(1, "ada", "The deadline is 12 March 2026."),
        said(2, "bo", "Noted. The **deadline** is 14 March 2026."),
    ];
    let conversation = Conversation { messages, ..Conversation::default() };
    let wrong = review(&conversation, &conversation.messages[1]);
    assert_eq!((wrong.verdict, wrong.accuracy.as_deref()), (Verdict::Reject, Some("contradicted")));
    assert!(
        wrong.feedback.contains("message 101") && wrong.feedback.contains("12 March 2026"),
        "{}",
        wrong.feedback
    );
    assert!(wrong.evidence.iter().any(|finding| finding.quote == "The **deadline** is 14 March 2026."));
    let first = review(&conversation, &conversation.messages[0]);
    assert_eq!(first.accuracy.as_deref(), Some("unverified"));
}

#[test]
fn who_says_the_same_is_consistent_and_who_changes_it_does_not_contradict() {
    let messages = vec![
        said(1, "ada", "The port is 8080."),
        said(2, "bo", "Yes, the port is 8080."),
        said(3, "cy", "The port has changed, it is now 8443."),
        said(4, "cy", "The port is now 8443."),
    ];
    let conversation = Conversation { messages, ..Conversation::default() };
    let words: Vec<String> = conversation
        .messages
        .iter()
        .map(|message| review(&conversation, message).accuracy.unwrap_or_default())
        .collect();
    assert_eq!(words, ["consistent", "consistent", "unverified", "unverified"]);
}

#[test]
fn an_open_ticket_is_not_closed() {
    let messages = vec![said(1, "bo", "The ticket is closed.")];
    let mut conversation =
        Conversation { status: "in_progress".to_owned(), messages, ..Conversation::default() };
    let review_of = |conversation: &Conversation| review(conversation, &conversation.messages[0]);
    assert_eq!(review_of(&conversation).accuracy.as_deref(), Some("contradicted"));
    conversation.status = "closed".to_owned();
    assert_ne!(review_of(&conversation).accuracy.as_deref(), Some("contradicted"));
}
