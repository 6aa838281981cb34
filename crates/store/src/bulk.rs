//! Whole tables: row by row out of one database, and in batches into another, of either engine.
//!
//! Invariants:
//! - What there is comes from the schema itself, so what a later migration adds is seen.
//! - Tables stand in an order in which none refers to one behind it, rows in the order of their keys, byte by byte: the
//!   same on both engines.
//! - No table is held in memory: a row is handed on as it comes, by one statement for each table.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use futures_util::{TryStreamExt, pin_mut};

use crate::reader::Conn;
use crate::{Engine, Param, Reader, Row, StoreError, Tx, params};

/// Values of one statement, at most: both engines take more, but gain nothing by it.
const VALUES: usize = 8000;
/// Rows of one statement, at most.
const ROWS: usize = 500;

/// What a field holds, on either engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A number of 64 bits.
    Int,
    /// True or false.
    Bool,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

impl Kind {
    /// The kind that a column was declared with.
    fn of(declared: &str) -> Option<Self> {
        match declared.to_ascii_lowercase().as_str() {
            "bigint" | "integer" => Some(Self::Int),
            "boolean" => Some(Self::Bool),
            "text" => Some(Self::Text),
            "bytea" | "blob" => Some(Self::Bytes),
            _ => None,
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Bool => "bool",
            Self::Text => "text",
            Self::Bytes => "bytes",
        }
    }
}

/// A column whose values are somebody's: none that the database makes of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may hold nothing.
    pub optional: bool,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its fields, in the order of its columns.
    pub fields: Vec<Field>,
    /// Its key: names of fields, in order.
    pub key: Vec<String>,
    /// Whether the database numbers its rows, by a field called `id`.
    pub numbered: bool,
}

/// Columns in order: table, name, declared type, whether it may be null, and the place in the key from 1.
const fn columns(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "select t.name, c.name, c.type, c.\"notnull\" = 0 and c.pk = 0, c.pk \
             from pragma_table_list t join pragma_table_xinfo(t.name) c \
             where t.schema = 'main' and t.type = 'table' and substr(t.name, 1, 7) <> 'sqlite_' and c.hidden = 0 \
             order by t.name, c.cid"
        }
        Engine::Postgres => {
            // Places in a vector count from 0.
            "select c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), not a.attnotnull, \
             coalesce(array_position(i.indkey::int2[], a.attnum), -1)::bigint + 1 \
             from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped \
             and a.attgenerated = '' left join pg_index i on i.indrelid = c.oid and i.indisprimary \
             where c.relkind = 'r' and c.relnamespace = (select oid from pg_namespace where nspname = current_schema()) order by 1, a.attnum"
        }
    }
}

/// Tables, and those that they refer to.
const fn references(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "select t.name, f.\"table\" from pragma_table_list t join pragma_foreign_key_list(t.name) f \
             where t.schema = 'main' and t.type = 'table'"
        }
        Engine::Postgres => {
            "select c.relname::text, p.relname::text from pg_constraint f join pg_class c on c.oid = f.conrelid \
             join pg_class p on p.oid = f.confrelid \
             where f.contype = 'f' and c.relnamespace = (select oid from pg_namespace where nspname = current_schema())"
        }
    }
}

/// Tables whose rows the database numbers.
const fn numbered(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "select name from sqlite_master where type = 'table' and instr(upper(sql), 'AUTOINCREMENT') > 0"
        }
        Engine::Postgres => {
            "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid \
             where a.attidentity <> '' and c.relnamespace = (select oid from pg_namespace where nspname = current_schema())"
        }
    }
}

/// All tables that hold rows of somebody's, in an order in which none refers to one behind it.
///
/// # Errors
/// When a column is of a type that the other engine may not have, or tables refer to each other in a circle.
pub async fn tables(reader: &mut Reader<'_>) -> Result<Vec<Table>, StoreError> {
    let engine = reader.engine();
    let columns: Vec<(String, String, String, bool, i64)> = reader.all(columns(engine), &[]).await?;
    let references: Vec<(String, String)> = reader.all(references(engine), &[]).await?;
    let numbered: Vec<String> = reader.all(numbered(engine), &[]).await?;
    let mut tables: BTreeMap<String, (Table, BTreeMap<i64, String>)> = BTreeMap::new();
    for (table, name, declared, optional, place) in columns {
        let kind = Kind::of(&declared).ok_or_else(|| {
            StoreError::Database(format!("column {name} of {table} is of a type of one engine: {declared}"))
        })?;
        let (of, key) = tables.entry(table.clone()).or_insert_with(|| {
            let numbered = numbered.contains(&table);
            (Table { name: table, fields: Vec::new(), key: Vec::new(), numbered }, BTreeMap::new())
        });
        if place > 0 {
            key.insert(place, name.clone());
        }
        of.fields.push(Field { name, kind, optional });
    }
    let tables = tables.into_iter().map(|(name, (table, key))| {
        let key = key.into_values().collect();
        (name, Table { key, ..table })
    });
    in_order(tables.collect(), &references)
}

fn in_order(
    mut waiting: BTreeMap<String, Table>,
    references: &[(String, String)],
) -> Result<Vec<Table>, StoreError> {
    let mut parents: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (table, parent) in references.iter().filter(|(table, parent)| table != parent) {
        parents.entry(table).or_default().insert(parent);
    }
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let is_free = |name: &&String| {
            let parents = parents.get(name.as_str());
            parents.is_none_or(|parents| !parents.iter().any(|parent| waiting.contains_key(*parent)))
        };
        let free = waiting.keys().find(is_free).cloned();
        let Some(table) = free.and_then(|name| waiting.remove(&name)) else {
            return Err(StoreError::Database("tables refer to each other in a circle".to_owned()));
        };
        ordered.push(table);
    }
    Ok(ordered)
}

fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

impl Table {
    fn names(&self) -> String {
        listed(self.fields.iter().map(|field| field.name.as_str()))
    }

    /// The order of its key, in which text counts byte by byte.
    fn order(&self, engine: Engine) -> String {
        let is_text =
            |name: &str| self.fields.iter().any(|field| field.name == name && field.kind == Kind::Text);
        let part = |name: &String| {
            let bytewise = if engine == Engine::Postgres && is_text(name) { " collate \"C\"" } else { "" };
            format!("\"{name}\"{bytewise}")
        };
        self.key.iter().map(part).collect::<Vec<_>>().join(", ")
    }

    /// How many rows [`insert`] takes at once.
    pub fn batch(&self) -> usize {
        (VALUES / self.fields.len().max(1)).clamp(1, ROWS)
    }

    fn row(&self, row: &Row<'_>) -> Result<Vec<Param<'static>>, StoreError> {
        let mut values = Vec::with_capacity(self.fields.len());
        for (column, field) in self.fields.iter().enumerate() {
            values.push(match field.kind {
                Kind::Int => row.get::<Option<i64>>(column)?.map_or(Param::Null, Param::Int),
                Kind::Bool => row.get::<Option<bool>>(column)?.map_or(Param::Null, Param::Bool),
                Kind::Text => row.get::<Option<String>>(column)?.into(),
                Kind::Bytes => row
                    .get::<Option<Vec<u8>>>(column)?
                    .map_or(Param::Null, |bytes| Param::Bytes(bytes.into())),
            });
        }
        Ok(values)
    }
}

/// Hands on the rows of a table, in the order of its key, until there are no more or one is not taken.
pub async fn each<E: From<StoreError>>(
    reader: &mut Reader<'_>,
    table: &Table,
    mut take: impl FnMut(Vec<Param<'static>>) -> Result<(), E>,
) -> Result<(), E> {
    let of = |error: StoreError| E::from(StoreError::Database(format!("table {}: {error}", table.name)));
    let order = table.order(reader.engine());
    let sql = format!("select {} from \"{}\" order by {order}", table.names(), table.name);
    reader.counters.count_query(&sql, &[]);
    match &mut reader.conn {
        Conn::Sqlite(conn) => {
            let mut statement = conn.prepare_cached(&sql).map_err(StoreError::from)?;
            let mut rows = statement.query([]).map_err(StoreError::from)?;
            while let Some(row) = rows.next().map_err(StoreError::from)? {
                take(table.row(&Row::Sqlite(row)).map_err(of)?)?;
            }
        }
        Conn::Postgres(conn) => {
            let rows = conn.stream(&sql).await?;
            pin_mut!(rows);
            while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
                take(table.row(&Row::Postgres(&row)).map_err(of)?)?;
            }
        }
    }
    Ok(())
}

/// Whether a table has no rows.
pub async fn is_empty(reader: &mut Reader<'_>, table: &Table) -> Result<bool, StoreError> {
    let sql = format!("select cast(1 as bigint) from \"{}\" limit 1", table.name);
    Ok(reader.optional::<i64>(&sql, &[]).await?.is_none())
}

/// Adds rows, whose values are given one after the other; at most [`Table::batch`].
pub async fn insert(tx: &mut Tx<'_>, table: &Table, values: &[Param<'_>]) -> Result<(), StoreError> {
    let width = table.fields.len().max(1);
    let mut sql = format!("insert into \"{}\" ({}) values ", table.name, table.names());
    for place in 1..=values.len() {
        let before = match (place, place % width) {
            (1, _) => "(",
            (_, 1) => "), (",
            _ if width == 1 => "), (",
            _ => ", ",
        };
        // Writing to a String cannot fail.
        let _ = write!(sql, "{before}${place}");
    }
    sql.push(')');
    tx.execute(&sql, values).await.map(drop)
}

/// The highest number that a row of a numbered table ever had, also one that is gone; 0 when there was none. On PostgreSQL
/// also one whose transaction failed.
pub async fn last_id(reader: &mut Reader<'_>, table: &Table) -> Result<i64, StoreError> {
    let sql = match reader.engine() {
        Engine::Sqlite => "select coalesce(max(seq), 0) from sqlite_sequence where name = $1",
        Engine::Postgres => {
            "select coalesce(pg_sequence_last_value(pg_get_serial_sequence($1, 'id')::regclass), 0)::bigint"
        }
    };
    reader.one(sql, &params![&table.name]).await
}

/// Makes the next row of a numbered table come behind this number. PostgreSQL keeps it even if the transaction fails.
pub async fn set_last_id(tx: &mut Tx<'_>, table: &Table, last: i64) -> Result<(), StoreError> {
    match tx.engine() {
        Engine::Sqlite => {
            tx.execute("delete from sqlite_sequence where name = $1", &params![&table.name]).await?;
            let sql = "insert into sqlite_sequence (name, seq) values ($1, $2)";
            tx.execute(sql, &params![&table.name, last]).await?;
        }
        // What was never used stays so: a sequence counts from 1.
        Engine::Postgres if last > 0 => {
            let sql = "select setval(pg_get_serial_sequence($1, 'id')::regclass, $2)";
            tx.one::<i64>(sql, &params![&table.name, last]).await?;
        }
        Engine::Postgres => {}
    }
    Ok(())
}

/// Makes the rows of a table findable. Only for a table none of whose rows is indexed yet.
pub async fn index_texts(tx: &mut Tx<'_>, table: &str) -> Result<(), StoreError> {
    // PostgreSQL's index follows the row by itself.
    if tx.engine() == Engine::Sqlite {
        let sql = format!(
            "insert into {table}_text (rowid, content) select id, words from {table}_words order by id"
        );
        tx.execute(&sql, &[]).await?;
    }
    Ok(())
}

/// Tells the planner what the tables hold. SQLite learns it by itself, soon.
pub async fn analyze(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    if tx.engine() == Engine::Postgres {
        tx.execute("analyze", &[]).await?;
    }
    Ok(())
}

/// How many events the ends of all streams tell of.
pub async fn events(reader: &mut Reader<'_>) -> Result<i64, StoreError> {
    reader.one("select cast(coalesce(sum(seq), 0) as bigint) from stream", &[]).await
}

/// The number of the last migration that was applied.
pub async fn schema(reader: &mut Reader<'_>) -> Result<i64, StoreError> {
    reader.one("select coalesce(max(number), 0) from migration", &[]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(names: &[&str], references: &[(&str, &str)]) -> Result<Vec<String>, StoreError> {
        let table = |name: &&str| {
            let name = (*name).to_owned();
            (name.clone(), Table { name, fields: Vec::new(), key: Vec::new(), numbered: false })
        };
        let references: Vec<_> = references.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let tables = in_order(names.iter().map(table).collect(), &references)?;
        Ok(tables.into_iter().map(|table| table.name).collect())
    }

    #[test]
    fn a_table_comes_behind_those_that_it_refers_to() {
        let references = [("a", "c"), ("b", "b"), ("c", "d"), ("c", "b")];
        assert_eq!(ordered(&["a", "b", "c", "d"], &references).unwrap(), ["b", "d", "c", "a"]);
        assert!(ordered(&["a", "b"], &[("a", "b"), ("b", "a")]).is_err());
    }
}
