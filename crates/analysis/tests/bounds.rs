//! Whatever is given, the work and the answer stay within bounds. Times are measured by `cargo xtask bench words`.

use faff_analysis::{Conversation, Message, review, summarise};

fn conversation(count: i64, text: &str) -> Conversation {
    let messages =
        (1..=count).map(|id| Message { id, seq: id, text: text.to_owned(), ..Message::default() }).collect();
    let description = "The gate does not open.".to_owned();
    Conversation { title: "Bounds".to_owned(), description, messages, ..Conversation::default() }
}

#[test]
fn hostile_conversations_give_short_summaries() {
    let sentences = (0..10_000).map(|at| format!("Order {at} is late.")).collect::<Vec<_>>().join(" ");
    for text in [
        "ä".repeat(20_000),
        "4 ".repeat(10_000),
        sentences,
        "> ".repeat(10_000),
        "[*_`(".repeat(4_000),
        "#1 ".repeat(7_000),
    ] {
        let conversation = conversation(12, &text);
        let summary = summarise(&conversation, None);
        assert!(summary.content.len() < 4_000, "{}", summary.content.len());
        assert!(summary.key_points.len() <= 8 && summary.entities.len() <= 200);
        assert!(summary.key_points.iter().all(|point| point.text.chars().count() <= 301));
        review(&conversation, &conversation.messages[0]);
    }
}

#[test]
fn folding_over_and_over_does_not_grow() {
    let mut last = None;
    for round in 0..40 {
        let mut new = conversation(
            3,
            &format!(
                "The cause of fault {round} is relay {round}, because it is worn. We will replace it on {}.03.2026.",
                round % 28 + 1
            ),
        );
        for message in &mut new.messages {
            message.id += round * 3;
        }
        let summary = summarise(&new, last.as_ref());
        assert!(
            summary.content.len() < 4_000
                && summary.investigation.len() < 2_000
                && summary.key_points.len() <= 8
        );
        last = Some(summary);
    }
}

#[test]
fn nothing_new_keeps_the_last_summary() {
    let all =
        conversation(1, "The cause is relay 7, because it is worn. I will replace it on 12 March 2026.");
    let last = summarise(&all, None);
    assert!(!last.key_points.is_empty() && !last.investigation.is_empty() && !last.next_steps.is_empty());
    let again = summarise(&conversation(0, ""), Some(&last));
    assert_eq!(again.issue, last.issue);
    assert_eq!(again.next_steps, last.next_steps);
    assert_eq!(again.entities, last.entities);
    assert_eq!(again.key_points, last.key_points);
    assert!(again.investigation.contains("relay 7"));
}

#[test]
fn an_empty_conversation_gives_an_empty_summary() {
    let summary = summarise(&Conversation::default(), None);
    assert_eq!(summary, faff_analysis::Summary::default());
}
