//! A conversation in short: its own sentences, chosen, divided and cited.
//!
//! Invariants:
//! - Nothing is made up: every sentence was said, or stood in the last summary.
//! - Every point cites messages of the conversation, or those that the last summary cited.
//! - The work is bounded, whatever is given: see `collect`.

mod collect;
mod compose;
mod cues;
mod rank;
mod select;

use crate::conversation::Conversation;
use crate::summary::Summary;

/// Summarises a conversation. `conversation.messages` holds only what came after `last`, if there is a last summary: it is
/// folded in.
pub fn summarise(conversation: &Conversation, last: Option<&Summary>) -> Summary {
    let gathered = collect::gather(conversation, last);
    let scores = rank::scores(&gathered);
    let chosen = select::choose(&gathered, &scores);
    let mut summary = compose::compose(&gathered, &chosen, last);
    summary.entities = gathered.entities.finish();
    summary
}
