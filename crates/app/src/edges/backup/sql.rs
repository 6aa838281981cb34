//! The SQL of backups: what a database holds, and which objects it names.

use faff_store::{Reader, StoreError, params, record};
use sha2::{Digest as _, Sha256};

use super::head::{Counts, Log, hex};
use crate::features::files::thumbnail_of;

/// Rows that one query reads.
const PAGE: usize = 2000;

/// What a database holds.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) schema: i64,
    pub(super) log: Log,
    pub(super) counts: Counts,
    /// The objects that it names, in order.
    pub(super) objects: Vec<String>,
}

record! {
    #[derive(Debug)]
    struct CountsRow {
        schema_number: i64,
        accounts: i64,
        tasks: i64,
        messages: i64,
        events: i64,
        attachments: i64,
        streams: i64,
        last_event: i64,
    }
}

record! {
    #[derive(Debug)]
    struct EndRow {
        id: i64,
        seq: i64,
        chain: Vec<u8>,
    }
}

/// Looks at everything that a backup says of the database.
pub(super) async fn survey(reader: &mut Reader<'_>) -> Result<Survey, StoreError> {
    let sql = "select (select coalesce(max(number), 0) from migration) as schema_number, \
               (select count(*) from account) as accounts, (select count(*) from task) as tasks, \
               (select count(*) from message) as messages, (select count(*) from event) as events, \
               (select count(*) from attachment) as attachments, (select count(*) from stream) as streams, \
               (select coalesce(max(id), 0) from event) as last_event";
    let row: CountsRow = reader.one(sql, &[]).await?;
    let log = Log {
        events: row.events,
        streams: row.streams,
        last_event: row.last_event,
        digest: digest(reader).await?,
    };
    let counts = Counts {
        accounts: row.accounts,
        tasks: row.tasks,
        messages: row.messages,
        events: row.events,
        attachments: row.attachments,
        missing: 0,
    };
    Ok(Survey { schema: row.schema_number, log, counts, objects: objects(reader).await? })
}

/// The digest of the ends of all streams.
async fn digest(reader: &mut Reader<'_>) -> Result<String, StoreError> {
    let sql = format!("select id, seq, chain from stream where id > $1 order by id limit {PAGE}");
    let (mut hash, mut after) = (Sha256::new(), i64::MIN);
    loop {
        let ends: Vec<EndRow> = reader.all(&sql, &params![after]).await?;
        for EndRow { id, seq, chain } in &ends {
            hash.update(id.to_be_bytes());
            hash.update(seq.to_be_bytes());
            hash.update(chain);
            after = *id;
        }
        if ends.len() < PAGE {
            return Ok(hex(&hash.finalize()));
        }
    }
}

/// The objects of files and thumbnails, in the order of bytes.
async fn objects(reader: &mut Reader<'_>) -> Result<Vec<String>, StoreError> {
    let sql = format!(
        "select stored, thumbnail is not null from attachment where stored > $1 order by stored limit {PAGE}"
    );
    let (mut objects, mut after) = (Vec::new(), String::new());
    loop {
        let page: Vec<(String, bool)> = reader.all(&sql, &params![after.as_str()]).await?;
        let full = page.len() == PAGE;
        if let Some((last, _)) = page.last() {
            after.clone_from(last);
        }
        for (stored, has_thumbnail) in page {
            objects.extend(has_thumbnail.then(|| thumbnail_of(&stored)));
            objects.push(stored);
        }
        if !full {
            objects.sort_unstable();
            return Ok(objects);
        }
    }
}
