//! Where words are looked for on behalf of somebody.
//!
//! What an index of all words finds has to be held against a scope one by one: whoever may see next to nothing of it would wait
//! for thousands of rows that are not theirs, and learn from the time that there are some. So the words of private tickets are
//! indexed apart from the others, and somebody's own private tickets, which are few, are looked through without an index.

use faff_store::{Param, Reader, StoreError, ids};

use super::{Scope, sql};

/// The words of a ticket, of its columns.
pub(crate) const TASK_TEXT: &str = "title || ' ' || description";
/// The words of a message.
pub(crate) const MESSAGE_TEXT: &str = "content";
/// What holds of the ticket `w` if it is not private: the condition of PostgreSQL's index of such.
pub(crate) const OPEN_TASK: &str = "w.visibility = 'team'";
/// What holds of the message `w` unless it is known to be in a private ticket, likewise.
pub(crate) const OPEN_MESSAGE: &str = "w.private is not true";

/// Where words are looked for on behalf of somebody. Wherever it is, what is found is held against their scope.
#[derive(Debug)]
pub(crate) enum Reach {
    /// By the index of all words: for whom everything exists, or so much that is private that the index is quicker.
    All,
    /// By the index of what is not private, and one by one in private tickets of their own.
    Open {
        /// The ids of these, for [`faff_store::Engine::listed`].
        own: Param<'static>,
    },
}

impl Reach {
    /// How far a scope reaches now.
    pub(crate) async fn of(reader: &mut Reader<'_>, scope: Scope) -> Result<Self, StoreError> {
        /// Texts that are looked through one by one, at most: as many as take 50 ms among ten million on PostgreSQL.
        const TEXTS: usize = 4000;
        let Some(own) = sql::own_private(reader, scope, TEXTS).await? else { return Ok(Self::All) };
        let texts: i64 = own.iter().map(|task| 1 + task.message_count).sum();
        if usize::try_from(texts).is_ok_and(|texts| texts <= TEXTS) {
            Ok(Self::Open { own: ids(own.iter().map(|task| task.id.get())) })
        } else {
            Ok(Self::All)
        }
    }
}
