//! What a conversation comes to.

/// A conversation in short.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// The whole in a few sentences.
    pub content: String,
    /// What it is about; empty when nothing was said of it.
    pub issue: String,
    /// What was found out; empty when nothing was.
    pub investigation: String,
    /// How it stands, and what comes next; empty when nobody said.
    pub next_steps: String,
    /// What matters, each with the messages that say so.
    pub key_points: Vec<Point>,
    /// What is named, each with the messages that name it.
    pub entities: Vec<Entity>,
}

/// Something that matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// In a sentence.
    pub text: String,
    /// The messages that say so; never empty.
    pub message_ids: Vec<i64>,
}

/// Something that is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// What it is, in a word: `link`, `email`, `phone`, `ticket`, `money`, `date`, `host`, `version`; a model may have others.
    pub kind: String,
    /// As it is named.
    pub text: String,
    /// The messages that name it; never empty.
    pub message_ids: Vec<i64>,
}
