//! Tells people of something, within the transaction that does it; and takes it back.

use faff_store::{StoreError, Tx};
use faff_types::{MessageId, TaskId, Timestamp, UserId};

use super::{Kind, sql};

/// What the sockets of somebody hear whose inbox has changed.
pub(crate) const CHANGED: &str = "inbox_changed";

/// What people are told of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Notice<'a> {
    /// Why.
    pub(crate) kind: Kind,
    /// Whom. Left out is who does not see the ticket, is not active, has done it, or knows of this place already.
    pub(crate) people: &'a [UserId],
    /// The ticket, and the place in it: of a message its own, otherwise the number of the event.
    pub(crate) place: (TaskId, i64),
    /// The message that it is about.
    pub(crate) message: Option<MessageId>,
    /// Who did it.
    pub(crate) actor: UserId,
}

/// Tells people of something, once.
pub(crate) async fn notify(tx: &mut Tx<'_>, notice: Notice<'_>, now: Timestamp) -> Result<(), StoreError> {
    if notice.people.iter().all(|person| *person == notice.actor) {
        return Ok(());
    }
    for person in sql::insert(tx, notice, now).await? {
        tx.tell(person);
    }
    Ok(())
}

/// Takes back what a message told, because it is deleted.
pub(crate) async fn withdraw(tx: &mut Tx<'_>, message: MessageId) -> Result<(), StoreError> {
    for person in sql::delete_of_message(tx, message).await? {
        tx.tell(person);
    }
    Ok(())
}

/// Notes that somebody has read a ticket up to a place.
pub(crate) async fn read_up_to(
    tx: &mut Tx<'_>,
    person: UserId,
    (task, seq): (TaskId, i64),
    now: Timestamp,
) -> Result<(), StoreError> {
    if sql::read_up_to(tx, person, (task, seq), now).await? > 0 {
        tx.tell(person);
    }
    Ok(())
}
