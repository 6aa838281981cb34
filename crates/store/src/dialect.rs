//! Everything in which the two engines truly differ, by name, each with a test that runs on both.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::text::MARK;

/// A raw value of SQLite, for [`crate::Column`] implementations.
pub type SqliteValue<'a> = rusqlite::types::ValueRef<'a>;
/// A raw row of PostgreSQL, for [`crate::Column`] implementations.
pub type PostgresRow = tokio_postgres::Row;

/// Which database stands behind a [`crate::Db`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded database: a file.
    Sqlite,
    /// A PostgreSQL server, 13 or later.
    Postgres,
}

impl Engine {
    /// Its name for people and tests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// The condition that `event e` lies behind the position `($1, $2)`.
    ///
    /// On SQLite the first number is 0 everywhere, and its planner would use no more than that of a comparison of
    /// pairs whose second is the row's own id: it would read the whole log.
    pub(crate) const fn behind(self) -> &'static str {
        match self {
            Self::Sqlite => "e.tx = $1 and e.id > $2",
            Self::Postgres => "(e.tx, e.id) > ($1, $2)",
        }
    }

    /// The condition that nothing can come before `event e` any more.
    ///
    /// PostgreSQL shows commits out of the order of their transaction ids, so an event is settled once every
    /// transaction before its own has ended. SQLite's single writer commits in order.
    pub(crate) const fn settled(self) -> &'static str {
        match self {
            Self::Sqlite => "true",
            Self::Postgres => "e.tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
        }
    }

    /// The position up to which everything is settled now.
    pub(crate) const fn head(self) -> &'static str {
        match self {
            Self::Sqlite => "select cast(0 as bigint), coalesce(max(id), 0) from event",
            // No event of this or a later transaction is settled, none of an earlier one is still to come.
            Self::Postgres => "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint, 0::bigint",
        }
    }

    /// A query for the bytes of the whole database: of its file without what waits beside it, or of all that the server keeps for
    /// it.
    pub const fn size(self) -> &'static str {
        match self {
            Self::Sqlite => "select p.page_count * s.page_size from pragma_page_count p, pragma_page_size s",
            Self::Postgres => "select pg_database_size(current_database())",
        }
    }

    /// What keeps several workers from taking one row, at the end of the query that looks for it: PostgreSQL passes over
    /// rows of `alias` that another transaction is about to change. SQLite has one writer at a time.
    pub(crate) fn skip_locked(self, alias: &str) -> String {
        match self {
            Self::Sqlite => String::new(),
            Self::Postgres => format!(" for update of {alias} skip locked"),
        }
    }

    /// The rows of one column that a list of ids in placeholder `$n` gives, as [`crate::ids`] writes it: one statement
    /// for lists of any length.
    pub fn listed(self, n: usize) -> String {
        match self {
            Self::Sqlite => format!("(select value from json_each(${n}))"),
            Self::Postgres => {
                format!("(select value::bigint from json_array_elements_text(cast(${n} as text)::json))")
            }
        }
    }

    /// A condition that holds when a row of `table`, called `alias` in the query, is among these texts and matches every word of
    /// the text query in placeholder `$n`; see [`Engine::text_query`]. Its text is indexed by [`crate::Tx::index_text`].
    pub fn matches_text(self, table: &str, alias: &str, n: usize, texts: Texts<'_>) -> String {
        match self {
            Self::Sqlite => {
                let query = sqlite_query(n, texts);
                format!("{alias}.id in (select rowid from {table}_text where {table}_text match {query})")
            }
            Self::Postgres => {
                format!("{alias}.text_index @@ to_tsquery('simple', ${n}){}", postgres_texts(texts))
            }
        }
    }

    /// The same, asked of a single row without an index: `words` is the text of it that is indexed.
    pub fn has_words(self, words: &str, alias: &str, n: usize) -> String {
        match self {
            Self::Sqlite => format!("has_words({words}, ${n})"),
            // As a subquery it is evaluated once, not for each row.
            Self::Postgres => format!("{alias}.text_index @@ (select to_tsquery('simple', ${n}))"),
        }
    }

    /// Those of the newest rows of a table that match a text query, newest first: a query of its own.
    ///
    /// An index of words gives all that begin with what was typed before the newest of them is known: long lists, for what is
    /// common. So the newest rows are looked through one by one, which ends as soon as there are enough, and only where
    /// they do not hold enough, the index need be asked ([`Engine::indexed`]), which then has little to list.
    pub fn newest(self, search: &Search<'_>) -> String {
        let Search { table, alias, before, .. } = *search;
        // Rows that are looked through: as many as take a few milliseconds. That is enough for a page of what is in every fiftieth
        // of them on SQLite, and in every two hundredth on PostgreSQL, whose index is the slower one.
        let (rows, among) = match self {
            Self::Sqlite => {
                let first = format!("min(${before}, (select max(id) + 1 from {table})) - 1000");
                (format!("{table} {alias}"), format!("{alias}.id >= {first}"))
            }
            Self::Postgres => {
                let newest =
                    format!("select * from {table} where id < ${before} order by id desc limit 4000");
                (format!("({newest}) {alias}"), "true".to_owned())
            }
        };
        self.one_by_one(search, &rows, &among)
    }

    /// The newest rows that match, among those of which another condition holds: a query of its own, which looks at each of those.
    pub fn among(self, search: &Search<'_>, among: &str) -> String {
        self.one_by_one(search, &format!("{} {}", search.table, search.alias), among)
    }

    fn one_by_one(self, search: &Search<'_>, rows: &str, among: &str) -> String {
        let Search { columns, alias, join, words, text, before, condition, limit, .. } = *search;
        let has_words = self.has_words(words, alias, text);
        format!(
            "select {columns} from {rows} {join} where {among} and {alias}.id < ${before} and {has_words} and {condition} \
             order by {alias}.id desc limit {limit}"
        )
    }

    /// The newest rows that match, among these texts, by the index of words: a query of its own.
    pub fn indexed(self, search: &Search<'_>, texts: Texts<'_>) -> String {
        let Search { columns, table, alias, join, words, text, before, condition, limit } = *search;
        match self {
            Self::Sqlite => format!(
                "select {columns} from {table}_text cross join {table} {alias} on {alias}.id = {table}_text.rowid {join} \
                 where {table}_text match {} and {table}_text.rowid < ${before} and {condition} \
                 order by {table}_text.rowid desc limit {limit}",
                sqlite_query(text, texts)
            ),
            // PostgreSQL would take every word for a common one, and look for it through the whole table: the sums keep the index
            // of ids out of that.
            Self::Postgres => format!(
                "select {columns} from (select w.id + 0 as place from {table} w where {}{} and w.id + 0 < ${before} \
                 order by place desc) f join {table} {alias} on {alias}.id = f.place {join} where {condition} \
                 order by f.place desc limit {limit}",
                self.has_words(words, "w", text),
                postgres_texts(texts)
            ),
        }
    }

    /// What people typed, as a query of this engine's text index: every word must occur, the words may be the
    /// beginnings of longer ones. Anything but letters and digits only separates words, so there is no syntax
    /// to inject into. `None` when nothing remains to search for.
    pub fn text_query(self, typed: &str) -> Option<String> {
        let words = typed.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(16);
        let terms: Vec<String> = match self {
            Self::Sqlite => words.map(|word| format!("\"{word}\"*")).collect(),
            Self::Postgres => words.map(|word| format!("'{word}':*")).collect(),
        };
        let and = if self == Self::Sqlite { " " } else { " & " };
        (!terms.is_empty()).then(|| terms.join(and))
    }

    /// The statement that shows how a query would run, for tests of plans.
    pub fn explain(self, sql: &str) -> String {
        match self {
            Self::Sqlite => format!("explain query plan {sql}"),
            Self::Postgres => format!("explain (costs off) {sql}"),
        }
    }
}

/// The text query in placeholder `$n`, of these texts.
fn sqlite_query(n: usize, texts: Texts<'_>) -> String {
    match texts {
        Texts::All => format!("${n}"),
        Texts::Open(_) => format!("('(' || ${n} || ') NOT \"{MARK}\"')"),
    }
}

/// What else holds of a row `w` that is among these texts.
fn postgres_texts(texts: Texts<'_>) -> String {
    match texts {
        Texts::All => String::new(),
        Texts::Open(condition) => format!(" and {condition}"),
    }
}

/// Which texts an index of words is asked about.
#[derive(Debug, Clone, Copy)]
pub enum Texts<'q> {
    /// All of them.
    All,
    /// Those that are not private. PostgreSQL has an index of the rows `w` of which this condition holds; in SQLite's all
    /// others have a mark.
    Open(&'q str),
}

/// What [`Engine::newest`], [`Engine::among`] and [`Engine::indexed`] look for.
#[derive(Debug, Clone, Copy)]
pub struct Search<'q> {
    /// What is selected; one of it is `ALIAS.id`.
    pub columns: &'q str,
    /// The table, and what it is called in the other parts.
    pub table: &'q str,
    /// See `table`.
    pub alias: &'q str,
    /// What it is joined with, or nothing.
    pub join: &'q str,
    /// The text in which words are looked for: what is indexed.
    pub words: &'q str,
    /// The placeholder of the text query; see [`Engine::text_query`].
    pub text: usize,
    /// The placeholder of the id that those of all rows are below.
    pub before: usize,
    /// What else must be true.
    pub condition: &'q str,
    /// How many rows.
    pub limit: usize,
}

/// A list of ids as one parameter, for [`Engine::listed`].
pub fn ids(ids: impl IntoIterator<Item = i64>) -> crate::Param<'static> {
    let mut list = String::from("[");
    for (n, id) in ids.into_iter().enumerate() {
        let comma = if n == 0 { "" } else { "," };
        // Writing to a String cannot fail.
        let _ = write!(list, "{comma}{id}");
    }
    list.push(']');
    list.into()
}

/// The SQL text as SQLite wants it: `?1` for `$1`, which SQLite would number by first appearance. String literals
/// in our SQL hold no `$`.
pub(crate) fn for_sqlite(sql: &str) -> Cow<'_, str> {
    if sql.contains('$') { Cow::Owned(sql.replace('$', "?")) } else { Cow::Borrowed(sql) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_gets_numbered_placeholders() {
        assert_eq!(for_sqlite("select $2, $1"), "select ?2, ?1");
        assert_eq!(for_sqlite("select 1"), "select 1");
    }

    #[test]
    fn typed_text_cannot_carry_query_syntax() {
        let typed = r#"printer* OR "x' : & ! (b) NEAR/2"#;
        assert_eq!(
            Engine::Sqlite.text_query(typed).as_deref(),
            Some(r#""printer"* "OR"* "x"* "b"* "NEAR"* "2"*"#)
        );
        assert_eq!(
            Engine::Postgres.text_query(typed).as_deref(),
            Some("'printer':* & 'OR':* & 'x':* & 'b':* & 'NEAR':* & '2':*")
        );
        assert_eq!(Engine::Sqlite.text_query(" *\"' "), None);
    }
}
