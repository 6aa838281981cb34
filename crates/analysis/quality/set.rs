//! Reads the labelled set.

use faff_analysis::{Conversation, Message};
use std::collections::BTreeSet;
use std::ops::Range;

const FIRST: [&str; 6] = [
    include_str!("set/it.txt"),
    include_str!("set/money.txt"),
    include_str!("set/people.txt"),
    include_str!("set/customers.txt"),
    include_str!("set/languages.txt"),
    include_str!("set/decoys.txt"),
];
/// Written when the detectors were done, and measured once before anything was changed for it.
const LATE: &str = include_str!("set/late.txt");

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

/// Every conversation, or the late ones alone. Fails where the notation is wrong.
pub(crate) fn set(late_only: bool) -> Result<Vec<Labelled>, String> {
    let first = FIRST.into_iter().filter(|_| !late_only);
    first.chain([LATE]).flat_map(|file| file.split("\n\n")).map(conversation).collect()
}

fn conversation(text: &str) -> Result<Labelled, String> {
    let mut conversation = Conversation::default();
    let mut labels = Vec::new();
    for line in text.lines() {
        match line.split_at_checked(2) {
            Some(("= ", title)) => title.clone_into(&mut conversation.title),
            Some((": ", status)) => status.clone_into(&mut conversation.status),
            Some(("| ", more)) => {
                conversation.description.push_str(&more.replace("\\n", "\n"));
                conversation.description.push('\n');
            }
            _ => {
                let seq = conversation.messages.last().map_or(1, |last| last.seq + 1);
                let (message, label) = message(seq, line).ok_or_else(|| format!("no message: {line}"))?;
                conversation.messages.push(message);
                labels.push(label);
            }
        }
    }
    Ok(Labelled { conversation, labels })
}

fn message(seq: i64, line: &str) -> Option<(Message, Labels)> {
    let (head, text) = line.split_once(": ")?;
    let (text, marks) = unmarked(&text.replace("\\n", "\n"))?;
    let (author, words) = head.split_once(" [").unwrap_or((head, "]"));
    let words = words.strip_suffix(']')?.split(',').filter(|word| !word.is_empty());
    let labels =
        Labels { marks, words: words.map(str::to_owned).collect(), matters: author.starts_with('*') };
    let message = Message {
        id: 100 + seq,
        seq,
        author: author.trim_start_matches('*').to_owned(),
        at: seq * 600_000,
        reply_to: None,
        text,
    };
    Some((message, labels))
}

/// What is marked in a text: kinds and places.
type Marks = Vec<(String, Range<usize>)>;

/// A text without its marks, and where they were.
fn unmarked(text: &str) -> Option<(String, Marks)> {
    let mut plain = String::new();
    let mut marks = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        plain.push_str(before);
        let (kind, after) = after.split_once('|')?;
        let (marked, after) = after.split_once("}}")?;
        marks.push((kind.to_owned(), plain.len()..plain.len() + marked.len()));
        plain.push_str(marked);
        rest = after;
    }
    plain.push_str(rest);
    Some((plain, marks))
}
