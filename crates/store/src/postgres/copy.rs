//! Holds a database while it is copied, and lets `pg_dump` see the moment that we see.

use std::path::Path;

use super::{Guard, PgConn, Postgres, PostgresAddress};
use crate::copy::postgres::dump;
use crate::db::Counters;
use crate::reader::Conn;
use crate::{Reader, StoreError};

/// The lock of whoever copies the database: a pair, so that it is none of the streams' locks.
const LOCK: &str = "(1717659238, 2)";

/// A connection that has the lock. It is closed afterwards, never reused.
pub(crate) struct Held {
    guard: Guard,
    address: Box<PostgresAddress>,
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Held").finish_non_exhaustive()
    }
}

impl Postgres {
    pub(crate) async fn hold(&self) -> Result<Option<Held>, StoreError> {
        let guard = Guard(Some(self.get().await?));
        let asked = format!("select pg_try_advisory_lock{LOCK}");
        let got: bool = guard.object()?.query_one(&asked, &[]).await?.try_get(0)?;
        if !got {
            guard.done();
            return Ok(None);
        }
        Ok(Some(Held { guard, address: self.own.clone() }))
    }

    pub(crate) async fn is_held(&self) -> Result<bool, StoreError> {
        let object = self.get().await?;
        // For the moment of the statement, together with whoever else asks.
        let asked = object.prepare_cached(&format!("select pg_try_advisory_xact_lock_shared{LOCK}")).await?;
        Ok(!object.query_one(&asked, &[]).await?.try_get::<_, bool>(0)?)
    }
}

impl Held {
    pub(crate) async fn copy<T, E, F>(
        &self,
        folder: &Path,
        counters: &Counters,
        read: F,
    ) -> Result<(T, std::fs::File), E>
    where
        F: AsyncFn(&mut Reader<'_>) -> Result<T, E>,
        E: From<StoreError>,
    {
        let file =
            tempfile::tempfile_in(folder).map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let copied = file.try_clone().map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let object = self.guard.object()?;
        let begin = "begin isolation level repeatable read read only; \
                     set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0";
        object.batch_execute(begin).await.map_err(StoreError::from)?;
        let exported = "select pg_export_snapshot(), current_setting('server_version_num')";
        let row = object.query_one(exported, &[]).await.map_err(StoreError::from)?;
        let (snapshot, version): (String, String) =
            (row.try_get(0).map_err(StoreError::from)?, row.try_get(1).map_err(StoreError::from)?);
        let conn = PgConn::new(object, None);
        let value = read(&mut Reader { conn: Conn::Postgres(conn), counters }).await?;
        dump(&self.address, &version, &snapshot, file).await?;
        object.batch_execute("commit").await.map_err(StoreError::from)?;
        Ok((value, copied))
    }
}
