//! What conversations say: the vocabulary that every engine of analysis speaks, whether it is built in or a language
//! model somewhere else.
//!
//! Invariants:
//! - Pure: no I/O, no clock, no randomness. The same conversation gives the same answer.
//! - Whatever is said of a message can be checked: by the ids of messages, or by a quote with its place.
//! - This crate knows no database and nobody's rights: it sees what it is given, and nothing else.

mod conversation;
mod find;
mod judge;
mod review;
mod summarise;
mod summary;
mod text;

pub use conversation::{Conversation, Message};
pub use judge::review;
pub use review::{Finding, Review, Verdict};
pub use summarise::summarise;
pub use summary::{Entity, Point, Summary};
