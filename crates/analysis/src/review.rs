//! What is to be said of one message.

use std::ops::Range;

/// An engine's opinion of a message. What people decide is another matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// What the engine would decide.
    pub verdict: Verdict,
    /// Why, in a sentence or two; empty when there is nothing to say.
    pub feedback: String,
    /// How fit it is to be said to a colleague: `appropriate`, `questionable`, `inappropriate`; a model may have other words.
    pub appropriateness: Option<String>,
    /// How it sounds: `positive`, `neutral`, `negative`; a model may have other words.
    pub sentiment: Option<String>,
    /// Whether somebody should look at it soon.
    pub escalate: bool,
    /// Whether it agrees with what else the ticket says: `consistent`, `contradicted`, `unverified`; a model may have other
    /// words.
    pub accuracy: Option<String>,
    /// What should not stand there, such as `card`, `iban`, `secret`.
    pub compliance: Vec<Finding>,
    /// What the opinion rests on.
    pub evidence: Vec<Finding>,
}

/// What an engine would decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Good as it is.
    Approve,
    /// Something is wrong with it.
    Reject,
}

/// A part of the message that was reviewed, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is, in a word.
    pub kind: String,
    /// The very words.
    pub quote: String,
    /// Where they stand in the message, in bytes.
    pub place: Range<usize>,
}
