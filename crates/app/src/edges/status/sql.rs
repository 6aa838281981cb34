//! The SQL of the status.

use faff_store::{Reader, StoreError, record};

record! {
    /// What the database holds.
    #[derive(Debug)]
    pub(super) struct Extent {
        pub(super) bytes: i64,
        /// The last step of the schema.
        pub(super) schema: i64,
        /// The last event of the log.
        pub(super) head: i64,
        pub(super) files: i64,
        pub(super) file_bytes: i64,
    }
}

/// Files are counted row by row, which takes a moment when there are very many.
pub(super) async fn extent(reader: &mut Reader<'_>) -> Result<Extent, StoreError> {
    let size = reader.engine().size();
    let sql = format!(
        "select ({size}) as bytes, (select coalesce(max(number), 0) from migration) as schema, \
         (select coalesce(max(id), 0) from event) as head, count(*) as files, \
         cast(coalesce(sum(size), 0) as bigint) as file_bytes from attachment"
    );
    reader.one(&sql, &[]).await
}
