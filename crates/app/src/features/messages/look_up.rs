//! Reads messages for those who are told of them.

use faff_store::{Reader, StoreError};
use faff_types::MessageId;

use super::sql;
use super::view::Message;

/// The messages with these ids, in no order, whatever became of them since; those whose task is gone are left out.
/// Whoever asks sees to who may be shown them.
pub(crate) async fn look_up(reader: &mut Reader<'_>, ids: &[MessageId]) -> Result<Vec<Message>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(sql::by_ids(reader, ids).await?.into_iter().map(Message::from).collect())
}
