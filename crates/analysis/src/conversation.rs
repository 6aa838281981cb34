//! What is looked at.

/// A ticket and what was said in it, in the order it was said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conversation {
    /// The ticket.
    pub id: i64,
    /// What the ticket is called.
    pub title: String,
    /// What it is about, as markdown.
    pub description: String,
    /// `open`, `in_progress`, `resolved` or `closed`.
    pub status: String,
    /// What was said. Deleted messages are not among it.
    pub messages: Vec<Message>,
}

/// Something that was said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// The message.
    pub id: i64,
    /// Its place in the ticket.
    pub seq: i64,
    /// Who said it.
    pub author: String,
    /// When, in milliseconds since the epoch.
    pub at: i64,
    /// What it answers.
    pub reply_to: Option<i64>,
    /// What was said, as markdown.
    pub text: String,
}
