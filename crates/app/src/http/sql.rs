//! The SQL of the HTTP edge: first answers under idempotency keys.

use faff_store::{Reader, StoreError, Tx, params};
use faff_types::{Timestamp, UserId};

/// What was answered first under a key: the request's fingerprint, the status and the body.
pub(super) async fn first_answer(
    reader: &mut Reader<'_>,
    user: UserId,
    key: &str,
) -> Result<Option<(Vec<u8>, i64, String)>, StoreError> {
    let sql = "select fingerprint, status, answer from idempotency where user_id = $1 and key = $2";
    reader.optional(sql, &params![user, key]).await
}

/// Keeps an answer's status and body under a key with the request's fingerprint.
pub(super) async fn keep_answer(
    tx: &mut Tx<'_>,
    user: UserId,
    (key, fingerprint): (&str, &[u8]),
    (status, answer): (i64, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "insert into idempotency (user_id, key, fingerprint, status, answer, created_at) \
               values ($1, $2, $3, $4, $5, $6)";
    tx.later(sql, &params![user, key, fingerprint, status, answer, now]).await
}

pub(super) async fn forget_answers(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, StoreError> {
    tx.execute("delete from idempotency where created_at < $1", &params![before]).await
}
