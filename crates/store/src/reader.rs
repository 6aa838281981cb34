//! Reading: the queries that both a read and a transaction may make.

use rusqlite::CachedStatement;

use crate::db::Counters;
use crate::dialect::{Engine, for_sqlite};
use crate::postgres::PgConn;
use crate::{FromRow, Param, Row, StoreError};

/// Something to send queries to: a read outside a transaction, or the inside of a [`crate::Tx`].
#[derive(Debug)]
pub struct Reader<'r> {
    pub(crate) conn: Conn<'r>,
    pub(crate) counters: &'r Counters,
}

#[derive(Debug)]
pub(crate) enum Conn<'r> {
    Sqlite(&'r mut rusqlite::Connection),
    Postgres(PgConn<'r>),
}

impl Reader<'_> {
    /// The engine behind this reader, for the few statements that differ.
    pub const fn engine(&self) -> Engine {
        match self.conn {
            Conn::Sqlite(_) => Engine::Sqlite,
            Conn::Postgres(_) => Engine::Postgres,
        }
    }

    /// All rows of a query. Write `limit` as a literal: as a parameter it keeps PostgreSQL from a generic plan.
    pub async fn all<T: FromRow>(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<T>, StoreError> {
        self.counters.count_query(sql, params);
        match &mut self.conn {
            Conn::Sqlite(conn) => {
                let mut statement = prepare::<T>(conn, sql)?;
                let mut rows = statement.query(rusqlite::params_from_iter(params))?;
                let mut found = Vec::new();
                while let Some(row) = rows.next()? {
                    found.push(T::from_row(&Row::Sqlite(row))?);
                }
                Ok(found)
            }
            Conn::Postgres(conn) => conn.query::<T>(sql, params).await,
        }
    }

    /// The first row of a query, if there is one.
    pub async fn optional<T: FromRow>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<Option<T>, StoreError> {
        // A query with `returning` must run to its end, so every row is read.
        Ok(self.all(sql, params).await?.into_iter().next())
    }

    /// The first row of a query that must have one.
    ///
    /// # Errors
    /// [`StoreError::NoRow`] when it has none.
    pub async fn one<T: FromRow>(&mut self, sql: &str, params: &[Param<'_>]) -> Result<T, StoreError> {
        self.optional(sql, params).await?.ok_or(StoreError::NoRow)
    }
}

/// A prepared statement whose columns are those that `T` reads.
pub(crate) fn prepare<'c, T: FromRow>(
    conn: &'c rusqlite::Connection,
    sql: &str,
) -> Result<CachedStatement<'c>, StoreError> {
    let statement = conn.prepare_cached(&for_sqlite(sql))?;
    if cfg!(debug_assertions) {
        check_columns::<T>(statement.column_names())?;
    }
    Ok(statement)
}

/// Fails when a statement's columns are not the fields it is read into.
pub(crate) fn check_columns<'n, T: FromRow>(names: impl Iterator<Item = &'n str>) -> Result<(), StoreError> {
    let names: Vec<&str> = names.collect();
    if T::COLUMNS.is_empty() || names == T::COLUMNS {
        return Ok(());
    }
    Err(StoreError::Database(format!("columns {names:?} are read into {:?}", T::COLUMNS)))
}
