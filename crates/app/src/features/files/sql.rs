//! The SQL of files.

use std::fmt::Write as _;

use faff_store::{Param, Reader, StoreError, Tx, params, record};
use faff_types::{AttachmentId, MessageId, TaskId, Timestamp, UserId};

use super::MOST_FILES;
use super::clear::thumbnail_of;
use super::link::MOST_LINKS;
use super::receive::NewFile;
use crate::access::Scope;

record! {
    /// A file.
    #[derive(Debug, Clone)]
    pub(super) struct AttachmentRow {
        pub(super) id: String,
        pub(super) message_id: Option<MessageId>,
        pub(super) stored: String,
        pub(super) original_name: String,
        pub(super) mimetype: String,
        pub(super) size: i64,
        pub(super) width: Option<i64>,
        pub(super) height: Option<i64>,
        pub(super) created_at: Timestamp,
        pub(super) place: i64,
        /// The type of its thumbnail, if it has one.
        pub(super) thumbnail: Option<String>,
    }
}

const COLUMNS: &str = "a.id, a.message_id, a.stored, a.original_name, a.mimetype, a.size, a.width, a.height, a.created_at, \
                       a.place, a.thumbnail";

/// The names of all objects that hold a file or a thumbnail.
pub async fn objects(reader: &mut Reader<'_>) -> Result<Vec<String>, StoreError> {
    let sql = "select stored, thumbnail is not null from attachment order by id";
    let rows: Vec<(String, bool)> = reader.all(sql, &[]).await?;
    let names = rows.into_iter().flat_map(|(stored, has_thumbnail)| {
        let thumbnail = has_thumbnail.then(|| thumbnail_of(&stored));
        std::iter::once(stored).chain(thumbnail)
    });
    Ok(names.collect())
}

/// The files of messages, in their order.
pub(super) async fn of_messages(
    reader: &mut Reader<'_>,
    ids: &[MessageId],
) -> Result<Vec<AttachmentRow>, StoreError> {
    let listed = reader.engine().listed(1);
    let sql = format!(
        "select {COLUMNS} from attachment a where a.message_id in {listed} order by a.message_id, a.place"
    );
    reader.all(&sql, &[faff_store::ids(ids.iter().map(|id| id.get()))]).await
}

/// A file by the name of its object, if its task exists for whoever asks; a staged one only for who sent it.
pub(super) async fn stored(
    reader: &mut Reader<'_>,
    stored: &str,
    user: UserId,
    scope: Scope,
) -> Result<Option<AttachmentRow>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from attachment a join task t on t.id = a.task_id where a.stored = $1 \
         and (a.message_id is not null or a.uploader_id = $2) and {}",
        scope.condition(3)
    );
    reader.optional(&sql, &[stored.into(), user.into(), scope.param()]).await
}

/// Those of these files, [`MOST_LINKS`] at most, whose task exists for whoever asks; staged ones only for who sent them.
pub(super) async fn readable(
    reader: &mut Reader<'_>,
    ids: &[AttachmentId],
    user: UserId,
    scope: Scope,
) -> Result<Vec<AttachmentRow>, StoreError> {
    // As many placeholders each time, so that it is one statement.
    let listed: Vec<String> = (0..MOST_LINKS).map(|n| format!("${}", n + 3)).collect();
    let sql = format!(
        "select {COLUMNS} from attachment a join task t on t.id = a.task_id where a.id in ({}) \
         and (a.message_id is not null or a.uploader_id = $1) and {}",
        listed.join(", "),
        scope.condition(2)
    );
    let mut values = vec![Param::from(user), scope.param()];
    let first = ids.first().map_or("", AttachmentId::as_str);
    let padded = ids.iter().map(AttachmentId::as_str).chain(std::iter::repeat(first));
    values.extend(padded.take(MOST_LINKS).map(Param::from));
    reader.all(&sql, &values).await
}

/// Notes that an upload begins.
pub(super) async fn begin(tx: &mut Tx<'_>, upload: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.later("insert into upload (id, started_at) values ($1, $2)", &params![upload, now]).await
}

/// Ends an upload; `false` when it was ended before.
pub(super) async fn end(tx: &mut Tx<'_>, upload: &str) -> Result<bool, StoreError> {
    Ok(tx.execute("delete from upload where id = $1", &params![upload]).await? == 1)
}

pub(super) async fn is_under_way(reader: &mut Reader<'_>, upload: &str) -> Result<bool, StoreError> {
    let found: Option<String> =
        reader.optional("select id from upload where id = $1", &params![upload]).await?;
    Ok(found.is_some())
}

/// Uploads that began before.
pub(super) async fn begun_before(
    reader: &mut Reader<'_>,
    before: Timestamp,
) -> Result<Vec<String>, StoreError> {
    reader.all("select id from upload where started_at < $1 limit 100", &params![before]).await
}

/// Adds a file: staged, or of a message.
pub(super) async fn insert(
    tx: &mut Tx<'_>,
    file: &NewFile,
    (task, uploader, message): (TaskId, UserId, Option<MessageId>),
    (place, now): (i64, Timestamp),
) -> Result<(), StoreError> {
    let sql = "insert into attachment (id, task_id, uploader_id, message_id, place, stored, original_name, mimetype, \
               size, width, height, created_at, thumbnail) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let NewFile { id, stored, original_name, mimetype, size, width, height, thumbnail, .. } = file;
    tx.later(
        sql,
        &params![
            id.as_str(),
            task,
            uploader,
            message,
            place,
            stored,
            original_name,
            *mimetype,
            *size,
            *width,
            *height,
            now,
            *thumbnail
        ],
    )
    .await
}

/// Gives a message those of these files, [`MOST_FILES`] at most, that its sender has staged for its task since, and returns them.
pub(super) async fn claim(
    tx: &mut Tx<'_>,
    ids: &[AttachmentId],
    (task, sender, message): (TaskId, UserId, MessageId),
    (first_place, since): (i64, Timestamp),
) -> Result<Vec<AttachmentRow>, StoreError> {
    // As many placeholders each time, so that it is one statement: those left over repeat the first.
    let (mut listed, mut places) = (String::new(), String::new());
    for n in 0..MOST_FILES {
        let (comma, placeholder) = (if n == 0 { "" } else { ", " }, n + 6);
        // Writing to a String cannot fail.
        let _ = write!(listed, "{comma}${placeholder}");
        let _ = write!(places, " when ${placeholder} then {n}");
    }
    let sql = format!(
        "update attachment as a set message_id = $1, place = cast($2 as bigint) + case a.id{places} end \
         where a.id in ({listed}) and a.task_id = $3 and a.uploader_id = $4 and a.message_id is null and a.created_at > $5 \
         returning {}",
        COLUMNS.replace("a.", "")
    );
    let mut values = params![message, first_place, task, sender, since].to_vec();
    let first = ids.first().map_or("", AttachmentId::as_str);
    let padded = ids.iter().map(AttachmentId::as_str).chain(std::iter::repeat(first));
    values.extend(padded.take(MOST_FILES).map(Param::from));
    let mut rows: Vec<AttachmentRow> = tx.all(&sql, &values).await?;
    rows.sort_by_key(|row| row.place);
    Ok(rows)
}

/// The place behind the last file of a message.
pub(super) async fn next_place(reader: &mut Reader<'_>, message: MessageId) -> Result<i64, StoreError> {
    let sql = "select coalesce(max(place) + 1, 0) from attachment where message_id = $1";
    reader.one(sql, &params![message]).await
}

/// Takes a file from a message; `false` when it has no such file.
pub(super) async fn take(
    tx: &mut Tx<'_>,
    message: MessageId,
    id: &AttachmentId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let sql = "delete from attachment where id = $1 and message_id = $2 returning stored";
    let stored: Option<String> = tx.optional(sql, &params![id.as_str(), message]).await?;
    if let Some(stored) = &stored {
        note_removal(tx, stored, now).await?;
    }
    Ok(stored.is_some())
}

/// Takes all files from a message.
pub(super) async fn take_all(tx: &mut Tx<'_>, message: MessageId, now: Timestamp) -> Result<(), StoreError> {
    let sql = "insert into file_removal (stored, since) select stored, cast($2 as bigint) from attachment \
               where message_id = $1 on conflict (stored) do nothing";
    tx.later(sql, &params![message, now]).await?;
    tx.later("delete from attachment where message_id = $1", &params![message]).await
}

/// Forgets files that were staged before and never attached. Returns how many.
pub(super) async fn unstage(tx: &mut Tx<'_>, before: Timestamp, now: Timestamp) -> Result<usize, StoreError> {
    let sql = "delete from attachment where message_id is null and created_at < $1 returning stored";
    let stored: Vec<String> = tx.all(sql, &params![before]).await?;
    for stored in &stored {
        note_removal(tx, stored, now).await?;
    }
    Ok(stored.len())
}

/// Notes that nothing refers to an object.
pub(super) async fn note_removal(tx: &mut Tx<'_>, stored: &str, now: Timestamp) -> Result<(), StoreError> {
    let sql = "insert into file_removal (stored, since) values ($1, $2) on conflict (stored) do nothing";
    tx.later(sql, &params![stored, now]).await
}

/// Some of the objects that are to be removed.
pub(super) async fn to_remove(reader: &mut Reader<'_>) -> Result<Vec<String>, StoreError> {
    reader.all("select stored from file_removal order by since limit 100", &[]).await
}

/// Forgets objects that were removed.
pub(super) async fn removed(tx: &mut Tx<'_>, stored: &[String]) -> Result<(), StoreError> {
    for stored in stored {
        tx.later("delete from file_removal where stored = $1", &params![stored]).await?;
    }
    Ok(())
}
