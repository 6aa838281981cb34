//! What must hold, and what was found wrong.

use std::collections::BTreeMap;

use super::courier::Files;
use super::history::{Heard, Op};
use super::truth::Truth;

/// Sentences that are kept for each rule; the rest are counted.
const KEPT: usize = 5;

/// All that is judged.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    pub(super) ops: Vec<Op>,
    pub(super) heard: Vec<Heard>,
    /// What the first server shows.
    pub(super) truth: Truth,
    pub(super) files: Files,
}

/// What must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rule {
    /// What was acknowledged is stored.
    Kept,
    /// Nothing is stored twice, however often it was sent.
    Once,
    /// What was refused is not stored, nor anything that nobody sent.
    Refused,
    /// What is stored says what was acknowledged last.
    Content,
    /// Answers name the message as it is stored, and the first one to who asks again.
    Answer,
    /// Whoever tries again is answered in the end.
    Answered,
    /// What was acknowledged before something else was sent stands before it.
    Time,
    /// Each ticket's log is 1, 2, 3 … and tells of all that was acknowledged.
    Log,
    /// Every reader ends with every event.
    Complete,
    /// No reader has the same message under two numbers.
    Single,
    /// Every reader was told what the log says, and so all the same.
    Same,
    /// On a connection, live events of a ticket come in strictly ascending order.
    Ascending,
    /// On a connection, nothing is left out: whoever has to ask again was not told.
    Unbroken,
    /// The events make up the state.
    Fold,
    /// Nobody hears of what does not exist for them.
    Private,
    /// A file that was acknowledged is there once, as it was sent, and none that was refused.
    Files,
    /// All servers show the same.
    Nodes,
    /// `faff verify` finds nothing wrong.
    Verified,
    /// No server panics, or answers that it is at fault.
    Sound,
    /// Once everyone has left, nobody sits in a room.
    Empty,
}

impl Rule {
    /// In the order of reports.
    pub(super) const ALL: [Self; 20] = [
        Self::Kept,
        Self::Once,
        Self::Refused,
        Self::Content,
        Self::Answer,
        Self::Answered,
        Self::Time,
        Self::Log,
        Self::Complete,
        Self::Single,
        Self::Same,
        Self::Ascending,
        Self::Unbroken,
        Self::Fold,
        Self::Private,
        Self::Files,
        Self::Nodes,
        Self::Verified,
        Self::Sound,
        Self::Empty,
    ];

    /// What is counted, in reports.
    pub(super) const fn broken(self) -> &'static str {
        match self {
            Self::Kept => "acknowledged and lost",
            Self::Once => "stored twice",
            Self::Refused => "stored though refused or never sent",
            Self::Content => "other content than acknowledged",
            Self::Answer => "wrong answers",
            Self::Answered => "never answered",
            Self::Time => "behind what came later",
            Self::Log => "log",
            Self::Complete => "missing",
            Self::Single => "twice after numbers",
            Self::Same => "told otherwise than logged",
            Self::Ascending => "live out of order",
            Self::Unbroken => "left out on a connection",
            Self::Fold => "events are not the state",
            Self::Private => "leaks",
            Self::Files => "files lost, doubled or changed",
            Self::Nodes => "servers differ",
            Self::Verified => "verify",
            Self::Sound => "panics and faults",
            Self::Empty => "left in rooms",
        }
    }
}

/// What was found wrong.
#[derive(Debug, Clone, Default)]
pub(super) struct Verdict {
    pub(super) broken: BTreeMap<Rule, usize>,
    pub(super) sentences: Vec<(Rule, String)>,
}

impl Verdict {
    /// Notes that a rule is broken; the sentence is only made when it is kept.
    pub(super) fn broken(&mut self, rule: Rule, sentence: impl FnOnce() -> String) {
        let count = self.broken.entry(rule).or_insert(0);
        *count += 1;
        if *count <= KEPT {
            self.sentences.push((rule, sentence()));
        }
    }

    /// How often a rule is broken.
    pub(super) fn count(&self, rule: Rule) -> usize {
        self.broken.get(&rule).copied().unwrap_or(0)
    }

    pub(super) fn is_clean(&self) -> bool {
        self.broken.is_empty()
    }
}
