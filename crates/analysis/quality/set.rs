//! Reads the labelled set.

use faff_analysis::{Conversation, Message};
use std::collections::BTreeSet;
use std::ops::Range;

const FILES: [&str; 7] = [
    include_str!("set/it.txt"),
    include_str!("set/money.txt"),
    include_str!("set/people.txt"),
    include_str!("set/customers.txt"),
    include_str!("set/languages.txt"),
    include_str!("set/decoys.txt"),
    include_str!("set/late.txt"),
];

/// A conversation, and what is to be found in each of its messages.
pub(crate) struct Labelled {
    pub(crate) conversation: Conversation,
    pub(crate) labels: Vec<Labels>,
}

/// What is to be found in a message.
#[derive(Debug, Default)]
pub(crate) struct Labels {
    /// Kinds and places of what is marked in the text.
    pub(crate) marks: Vec<(String, Range<usize>)>,
    /// What is said of the message as a whole.
    pub(crate) words: BTreeSet<String>,
    /// Whether a summary must not leave it out.
    pub(crate) matters: bool,
}

/// Every conversation.
pub(crate) fn set() -> Vec<Labelled> {
    FILES.iter().flat_map(|file| file.split("\n\n")).map(conversation).collect()
}

/// What was written when the detectors were done, and measured once before anything was changed for it.
pub(crate) fn late() -> Vec<Labelled> {
    FILES.iter().rev().take(1).flat_map(|file| file.split("\n\n")).map(conversation).collect()
}

fn conversation(text: &str) -> Labelled {
    let mut conversation = Conversation::default();
    let mut labels = Vec::new();
    for line in text.lines() {
        match line.split_at_checked(2) {
            Some(("= ", title)) => conversation.title = title.to_owned(),
            Some((": ", status)) => conversation.status = status.to_owned(),
            Some(("| ", more)) => {
                conversation.description.push_str(&format!("{}\n", more.replace("\\n", "\n")))
            }
            _ => {
                let (head, text) = line.split_once(": ").unwrap_or_else(|| panic!("no message: {line}"));
                let (text, marks) = unmarked(&text.replace("\\n", "\n"));
                let (author, words) = head.split_once(" [").unwrap_or((head, "]"));
                let words = words.trim_end_matches(']').split(',').filter(|word| !word.is_empty());
                labels.push(Labels {
                    marks,
                    words: words.map(str::to_owned).collect(),
                    matters: author.starts_with('*'),
                });
                let seq = i64::try_from(labels.len()).expect("few messages");
                conversation.messages.push(Message {
                    id: 100 + seq,
                    seq,
                    author: author.trim_start_matches('*').to_owned(),
                    at: seq * 600_000,
                    reply_to: None,
                    text,
                });
            }
        }
    }
    Labelled { conversation, labels }
}

/// A text without its marks, and where they were.
fn unmarked(text: &str) -> (String, Vec<(String, Range<usize>)>) {
    let mut plain = String::new();
    let mut marks = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        plain.push_str(before);
        let (kind, after) = after.split_once('|').unwrap_or_else(|| panic!("no kind: {text}"));
        let (marked, after) = after.split_once("}}").unwrap_or_else(|| panic!("no end: {text}"));
        marks.push((kind.to_owned(), plain.len()..plain.len() + marked.len()));
        plain.push_str(marked);
        rest = after;
    }
    plain.push_str(rest);
    (plain, marks)
}
