//! SQLite's text index, kept beside the rows.
//!
//! Changes wait until the end of a group of transactions and are made at once: the index writes what it has gathered
//! at every savepoint, so a change inside each transaction's own would cost a segment of the index, and its merging.

/// A row whose text is to be found from now on, or no more.
#[derive(Debug)]
pub(crate) struct TextChange {
    /// The row's table; its index is the table with `_text` behind the name.
    pub(crate) table: &'static str,
    /// The row.
    pub(crate) id: i64,
    /// What is to be found.
    pub(crate) text: Option<String>,
}

impl TextChange {
    /// Makes the change.
    pub(crate) fn apply(&self, conn: &rusqlite::Connection) -> rusqlite::Result<()> {
        let Self { table, id, text } = self;
        match text {
            Some(text) => {
                let sql = format!("insert or replace into {table}_text (rowid, content) values (?1, ?2)");
                conn.prepare_cached(&sql)?.execute((id, text))?;
            }
            None => {
                conn.prepare_cached(&format!("delete from {table}_text where rowid = ?1"))?.execute((id,))?;
            }
        }
        Ok(())
    }
}
