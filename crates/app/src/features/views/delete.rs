//! Deletes a view.

use axum::http::StatusCode;
use faff_store::Tx;
use faff_types::ViewId;

use super::{sql, tell};
use crate::access::{self, Caller, Keep};
use crate::event::{Event, record_user};
use crate::http::{Path, Problem};

/// Delete your view, or as an administrator one that is shared.
#[utoipa::path(delete, path = "/api/views/{id}", tag = "views", params(("id" = i64, Path, example = 9)),
    responses((status = 204, description = "Deleted")))]
pub(crate) async fn handler(caller: Caller, Path(id): Path<ViewId>) -> Result<StatusCode, Problem> {
    let (who, now) = (caller.who(), caller.now());
    let (owner, shared) = caller
        .write(async move |tx: &mut Tx<'_>| {
            let permit = access::view::<Keep>(tx, &who, id).await?;
            sql::delete(tx, permit.id).await?;
            record_user(tx, Some(who.id), now, permit.owner_id, Event::ViewDeleted { view_id: id }).await?;
            Ok((permit.owner_id, permit.shared))
        })
        .await?;
    tell(caller.app(), owner, shared);
    Ok(StatusCode::NO_CONTENT)
}
