//! Cursors: how far each consumer of the log has come.
//!
//! A consumer moves its cursor in the transaction of its own effects, so each event has its effect once.

use faff_types::Position;

use crate::{Reader, StoreError, Tx, params};

/// How far `consumer` has come; the beginning of the log when it never ran.
pub async fn load(reader: &mut Reader<'_>, consumer: &str) -> Result<Position, StoreError> {
    let row: Option<(i64, i64)> =
        reader.optional("select tx, id from consumer where name = $1", &params![consumer]).await?;
    Ok(row.map_or_else(Position::default, |(tx, id)| Position { tx, id }))
}

/// Moves the cursor of `consumer` from `from` to `to`.
///
/// # Errors
/// [`StoreError::Conflict`] when the cursor is no longer at `from`: another process works as this consumer, and
/// its effects stand; the transaction is rolled back and tried anew from the new position.
pub async fn advance(
    tx: &mut Tx<'_>,
    consumer: &str,
    from: Position,
    to: Position,
) -> Result<(), StoreError> {
    let insert = "insert into consumer (name, tx, id) values ($1, 0, 0) on conflict (name) do nothing";
    tx.later(insert, &params![consumer]).await?;
    let update = "update consumer set tx = $4, id = $5 where name = $1 and tx = $2 and id = $3";
    let moved = tx.execute(update, &params![consumer, from.tx, from.id, to.tx, to.id]).await?;
    if moved == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("the cursor of {consumer} has moved"))) }
}
