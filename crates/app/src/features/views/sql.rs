//! The SQL of views.

use faff_store::{Reader, StoreError, Tx, params, record};
use faff_types::{Timestamp, UserId, ViewId};

record! {
    /// A view.
    #[derive(Debug)]
    pub(super) struct ViewRow {
        pub(super) id: ViewId,
        pub(super) owner_id: UserId,
        pub(super) name: String,
        pub(super) query: String,
        pub(super) shared: bool,
        pub(super) place: i64,
        pub(super) created_at: Timestamp,
        pub(super) updated_at: Timestamp,
    }
}

const SELECT: &str = "select v.id, v.owner_id, v.name, v.query, v.shared, v.place, v.created_at, v.updated_at from saved_view v";

/// What somebody may see: their own, and what others share.
pub(super) async fn list(
    reader: &mut Reader<'_>,
    user: UserId,
    after: ViewId,
    fetch: usize,
) -> Result<Vec<ViewRow>, StoreError> {
    let sql =
        format!("{SELECT} where (v.owner_id = $1 or v.shared) and v.id > $2 order by v.id limit {fetch}");
    reader.all(&sql, &params![user, after]).await
}

pub(super) async fn find(reader: &mut Reader<'_>, id: ViewId) -> Result<ViewRow, StoreError> {
    reader.one(&format!("{SELECT} where v.id = $1"), &params![id]).await
}

/// How many views somebody has, and where the next one stands.
pub(super) async fn count(reader: &mut Reader<'_>, owner: UserId) -> Result<(i64, i64), StoreError> {
    let sql = "select count(*), coalesce(max(v.place) + 1, 0) from saved_view v where v.owner_id = $1";
    reader.one(sql, &params![owner]).await
}

pub(super) async fn insert(
    tx: &mut Tx<'_>,
    owner: UserId,
    (name, query): (&str, &str),
    (shared, place): (bool, i64),
    now: Timestamp,
) -> Result<ViewId, StoreError> {
    let sql = "insert into saved_view (owner_id, name, query, shared, place, created_at, updated_at) \
               values ($1, $2, $3, $4, $5, $6, $6) returning id";
    tx.one(sql, &params![owner, name, query, shared, place, now]).await
}

pub(super) async fn update(tx: &mut Tx<'_>, view: &ViewRow) -> Result<(), StoreError> {
    let sql =
        "update saved_view set name = $2, query = $3, shared = $4, place = $5, updated_at = $6 where id = $1";
    tx.later(sql, &params![view.id, &view.name, &view.query, view.shared, view.place, view.updated_at]).await
}

pub(super) async fn delete(tx: &mut Tx<'_>, id: ViewId) -> Result<(), StoreError> {
    tx.later("delete from saved_view where id = $1", &params![id]).await
}
