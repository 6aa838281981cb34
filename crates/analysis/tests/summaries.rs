//! What a summary is made of.

use faff_analysis::{Conversation, Message, summarise};

fn conversation(messages: &[(&str, &str)]) -> Conversation {
    Conversation {
        id: 1,
        title: "VPN drops after forty minutes".to_owned(),
        description: "The VPN disconnects after 40 minutes, every time. I have to log in again.".to_owned(),
        status: "in_progress".to_owned(),
        messages: (1..)
            .zip(messages)
            .map(|(seq, (author, text))| Message {
                id: 10 + seq,
                seq,
                author: (*author).to_owned(),
                text: (*text).to_owned(),
                ..Message::default()
            })
            .collect(),
    }
}

#[test]
fn a_conversation_is_divided_into_its_parts() {
    let summary = summarise(
        &conversation(&[
            ("bo", "Which client version do you have?"),
            ("ada", "Version 5.2.0, it updated itself."),
            (
                "bo",
                "The cause is the gateway: it refuses the key that the VPN client offers after 40 minutes.",
            ),
            ("cy", "Oh no!"),
            ("bo", "I will allow the new key on the gateway tomorrow."),
        ]),
        None,
    );
    assert!(summary.issue.starts_with("The VPN disconnects after 40 minutes"), "{}", summary.issue);
    assert!(summary.investigation.contains("bo: The cause is the gateway"), "{}", summary.investigation);
    assert!(summary.next_steps.contains("I will allow the new key"), "{}", summary.next_steps);
    assert!(summary.content.contains("The cause is the gateway") && summary.content.contains("I will allow"));
    assert!(summary.key_points.iter().any(|point| point.message_ids == [13]));
    assert!(summary.key_points.iter().all(|point| !point.text.contains("Oh no")));
    assert!(summary.entities.iter().any(|entity| entity.text == "5.2.0" && entity.message_ids == [12]));
}

#[test]
fn who_says_the_same_is_cited_with_it() {
    let summary = summarise(
        &conversation(&[
            ("bo", "The gateway refuses the new key of the client."),
            ("cy", "The gateway refuses the new key of the client."),
            ("ada", "Lunch is at noon in the garden today."),
        ]),
        None,
    );
    let point = summary
        .key_points
        .iter()
        .find(|point| point.text.contains("refuses"))
        .map(|point| &point.message_ids);
    assert_eq!(point, Some(&vec![11, 12]));
}

#[test]
fn code_and_quotes_are_not_repeated() {
    let text = "> The gateway says nothing at all to us.\n\n```\nThe gateway prints a long line here.\n```\nThe gateway was restarted, because it hung.";
    let told = format!("{:?}", summarise(&conversation(&[("bo", text)]), None));
    assert!(
        told.contains("because it hung") && !told.contains("says nothing") && !told.contains("prints a long"),
        "{told}"
    );
}

#[test]
fn new_messages_are_folded_into_the_last_summary() {
    let first = conversation(&[(
        "bo",
        "The cause is the gateway, because it refuses the new key of the VPN client.",
    )]);
    let last = summarise(&first, None);
    let mut new = conversation(&[(
        "bo",
        "I replaced the gateway, the VPN works again since 10:30 at https://vpn.example/status.",
    )]);
    new.messages.iter_mut().for_each(|message| message.id = 50);
    let folded = summarise(&new, Some(&last));
    assert_eq!(folded.issue, last.issue);
    assert!(folded.investigation.contains("The cause is the gateway"), "{}", folded.investigation);
    assert!(folded.next_steps.contains("I replaced the gateway"), "{}", folded.next_steps);
    let cited: Vec<&[i64]> = folded.key_points.iter().map(|point| point.message_ids.as_slice()).collect();
    assert_eq!(cited, [&[11][..], &[50][..]]);
}

#[test]
fn names_are_merged_however_they_are_written() {
    let summary = summarise(
        &conversation(&[
            ("bo", "It costs €1,249.00, says Ada@Larkmoor.example, on 2 March 2026."),
            ("cy", "1249 EUR on 2026-03-02? ada@larkmoor.example is right, see #812."),
        ]),
        None,
    );
    let entities: Vec<(&str, &str, &[i64])> = summary
        .entities
        .iter()
        .map(|entity| (entity.kind.as_str(), entity.text.as_str(), entity.message_ids.as_slice()))
        .collect();
    assert_eq!(
        entities,
        [
            ("money", "€1,249.00", &[11, 12][..]),
            ("email", "Ada@Larkmoor.example", &[11, 12]),
            ("date", "2 March 2026", &[11, 12]),
            ("ticket", "#812", &[12]),
        ]
    );
}
