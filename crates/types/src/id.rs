//! Ids are integers from 1 to 2^53-1, so that every JavaScript client reads them exactly.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The largest id: 2^53-1, the largest integer that a JavaScript number holds exactly.
pub const MAX_ID: i64 = (1 << 53) - 1;

/// The id of a row of kind `K`. Ids of different kinds do not mix: the compiler refuses it.
pub struct Id<K> {
    value: i64,
    kind: PhantomData<fn() -> K>,
}

/// Kinds of rows that have an id. Never constructed.
pub mod kind {
    /// An account of a person.
    #[derive(Debug)]
    pub enum User {}
    /// A ticket.
    #[derive(Debug)]
    pub enum Task {}
    /// A message in a ticket.
    #[derive(Debug)]
    pub enum Message {}
    /// A login.
    #[derive(Debug)]
    pub enum Session {}
    /// A summary of a ticket.
    #[derive(Debug)]
    pub enum Summary {}
    /// A review of a message.
    #[derive(Debug)]
    pub enum Review {}
    /// Something that somebody is to be told of.
    #[derive(Debug)]
    pub enum Entry {}
    /// A list of tickets that somebody has saved.
    #[derive(Debug)]
    pub enum View {}
}

/// The id of an account.
pub type UserId = Id<kind::User>;
/// The id of a ticket.
pub type TaskId = Id<kind::Task>;
/// The id of a message.
pub type MessageId = Id<kind::Message>;
/// The id of a login; a token names it and dies with it.
pub type SessionId = Id<kind::Session>;
/// The id of a summary of a ticket.
pub type SummaryId = Id<kind::Summary>;
/// The id of a review of a message.
pub type ReviewId = Id<kind::Review>;
/// The id of an entry of somebody's inbox.
pub type EntryId = Id<kind::Entry>;
/// The id of a saved view.
pub type ViewId = Id<kind::View>;

/// A number that cannot be an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is an integer from 1 to {MAX_ID}")]
pub struct InvalidId;

impl<K> Id<K> {
    /// Takes an id that the database gave.
    pub const fn from_db(value: i64) -> Self {
        Self { value, kind: PhantomData }
    }

    /// The number itself.
    pub const fn get(self) -> i64 {
        self.value
    }
}

impl<K> TryFrom<i64> for Id<K> {
    type Error = InvalidId;

    /// Takes a number that a client sent.
    fn try_from(value: i64) -> Result<Self, InvalidId> {
        if (1..=MAX_ID).contains(&value) { Ok(Self::from_db(value)) } else { Err(InvalidId) }
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.value.cmp(&other.value)
    }
}
impl<K> std::hash::Hash for Id<K> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}
impl<K> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.value, f)
    }
}
impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.value, f)
    }
}
impl<K> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.value)
    }
}
impl<'de, K> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = i64::deserialize(deserializer)?;
        Self::try_from(value).map_err(serde::de::Error::custom)
    }
}

/// A place in the global event log, in the order in which a reader sees events.
///
/// `tx` is the writing transaction's id on PostgreSQL (rows become visible out of the order of their `id`,
/// so a reader follows the pair) and 0 on SQLite, whose single writer is ordered already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Position {
    /// Transaction id, or 0.
    pub tx: i64,
    /// The event's own id.
    pub id: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_integers_that_javascript_holds_are_ids() {
        for refused in [i64::MIN, -1, 0, MAX_ID + 1, i64::MAX] {
            assert_eq!(TaskId::try_from(refused), Err(InvalidId), "{refused}");
        }
        for taken in [1, 42, MAX_ID] {
            assert_eq!(TaskId::try_from(taken).map(TaskId::get), Ok(taken));
        }
    }
}
