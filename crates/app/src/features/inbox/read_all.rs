//! Marks everything as read.

use faff_store::Tx;
use faff_types::{EntryId, MAX_ID};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::list::COUNTED;
use super::sql;
use crate::access::Caller;
use crate::http::{Json, Problem};

/// How far.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = ReadInbox)]
pub(crate) struct Input {
    /// The newest entry that you have seen; null for all there are.
    #[schema(value_type = Option<i64>)]
    up_to_id: Option<EntryId>,
}

/// What is left.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReadAnswer {
    /// Entries that are still unread, because they came later.
    unread_count: i64,
}

/// Mark everything in your inbox as read.
#[utoipa::path(post, path = "/api/inbox/read-all", tag = "inbox", request_body = Input,
    responses((status = 200, body = ReadAnswer)))]
pub(crate) async fn handler(caller: Caller, Json(input): Json<Input>) -> Result<Json<ReadAnswer>, Problem> {
    let up_to = input.up_to_id.unwrap_or(EntryId::from_db(MAX_ID));
    let (scope, who, now) = (caller.scope(), caller.who(), caller.now());
    let unread_count = caller
        .write(async move |tx: &mut Tx<'_>| {
            tx.commit_quietly("what somebody has read is theirs alone");
            if sql::read_all(tx, who.id, up_to, now).await? > 0 {
                tx.tell(who.id);
            }
            Ok(sql::unread(tx, scope, COUNTED).await?)
        })
        .await?;
    Ok(Json(ReadAnswer { unread_count }))
}
