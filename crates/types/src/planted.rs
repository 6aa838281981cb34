//! Mistakes that are made on purpose, one at a time, to see that the fault checker (`cargo xtask check`) finds each.
//!
//! Only a build with the Cargo feature `planted` makes any; no other feature turns it on, and the server says aloud that it
//! is such a build. Everywhere else [`Planted::is_on`] is a constant, and nothing is left of what asks it.

/// A mistake. What each does stands where it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planted {
    /// Sockets are told of a change before it is committed.
    EmitBeforeCommit,
    /// A message that is sent again is stored again.
    NoDedup,
    /// The log is followed by position alone, as if PostgreSQL committed in that order.
    LogByPosition,
    /// A client that does not take what is sent to it stays, and is not sent some of it.
    EmitIgnored,
    /// The follower moves on before it has told of what it passed, and sometimes fails in between.
    CursorFirst,
    /// SQLite's writer answers before the commit; PostgreSQL is told that it need not wait for its disk.
    AnswerBeforeCommit,
    /// Who joins with the last number that they have is sent what comes one behind the next.
    CatchUpOffByOne,
    /// Sometimes a message is not kept, though its event is.
    EventWithoutRow,
    /// Sometimes an edit is kept without its event.
    RowWithoutEvent,
    /// What happens while somebody joins is not sent to them afterwards.
    SeatForgets,
    /// Sometimes an event is sent twice.
    EmitTwice,
    /// A page of the log is told from its end.
    LogBackwards,
    /// Tickets are not locked.
    NoLock,
    /// Who asks to join is not asked who they are.
    NoScope,
}

impl Planted {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::EmitBeforeCommit,
        Self::NoDedup,
        Self::LogByPosition,
        Self::EmitIgnored,
        Self::CursorFirst,
        Self::AnswerBeforeCommit,
        Self::CatchUpOffByOne,
        Self::EventWithoutRow,
        Self::RowWithoutEvent,
        Self::SeatForgets,
        Self::EmitTwice,
        Self::LogBackwards,
        Self::NoLock,
        Self::NoScope,
    ];

    /// The environment variable that names the mistake to make.
    pub const VARIABLE: &str = "PLANTED_MISTAKE";

    /// Whether this build can make any.
    pub const BUILT_IN: bool = cfg!(feature = "planted");

    /// Its name, for [`Planted::VARIABLE`].
    pub const fn name(self) -> &'static str {
        match self {
            Self::EmitBeforeCommit => "emit-before-commit",
            Self::NoDedup => "no-dedup",
            Self::LogByPosition => "log-by-position",
            Self::EmitIgnored => "emit-ignored",
            Self::CursorFirst => "cursor-first",
            Self::AnswerBeforeCommit => "answer-before-commit",
            Self::CatchUpOffByOne => "catch-up-off-by-one",
            Self::EventWithoutRow => "event-without-row",
            Self::RowWithoutEvent => "row-without-event",
            Self::SeatForgets => "seat-forgets",
            Self::EmitTwice => "emit-twice",
            Self::LogBackwards => "log-backwards",
            Self::NoLock => "no-lock",
            Self::NoScope => "no-scope",
        }
    }

    /// Whether this mistake is to be made.
    #[cfg(not(feature = "planted"))]
    pub const fn is_on(self) -> bool {
        false
    }

    /// Whether this mistake is to be made.
    #[cfg(feature = "planted")]
    pub fn is_on(self) -> bool {
        Self::chosen() == Some(self.name())
    }

    /// The name of the mistake that was asked for.
    #[cfg(feature = "planted")]
    #[expect(clippy::disallowed_methods, reason = "this is no setting, and no build for users has it")]
    fn chosen() -> Option<&'static str> {
        static CHOSEN: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
        CHOSEN.get_or_init(|| std::env::var(Self::VARIABLE).ok()).as_deref()
    }

    /// Whether this mistake is to be made now: one time in so many.
    pub fn is_due(self, one_in: u64) -> bool {
        static TIMES: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
        self.is_on() && TIMES.fetch_add(1, std::sync::atomic::Ordering::Relaxed).is_multiple_of(one_in)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_build_makes_no_mistake() {
        let names: std::collections::BTreeSet<&str> = Planted::ALL.map(Planted::name).into();
        assert_eq!(names.len(), Planted::ALL.len());
        assert!(Planted::ALL.iter().all(|mistake| !mistake.is_on() && !mistake.is_due(1)));
    }
}
