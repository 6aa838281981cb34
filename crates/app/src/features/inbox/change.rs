//! Marks an entry as read or done, or not.

use faff_store::Tx;
use faff_types::EntryId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sql;
use super::view::Entry;
use crate::access::Caller;
use crate::features::people::Refs;
use crate::http::{Json, Path, Problem};

/// What to mark; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeInboxEntry)]
pub(crate) struct Input {
    /// Whether you have read it.
    read: Option<bool>,
    /// Whether you are done with it. What is done is read.
    done: Option<bool>,
}

/// One entry.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntryAnswer {
    entry: Entry,
}

/// Mark an entry of your inbox as read or done, or not.
#[utoipa::path(put, path = "/api/inbox/{id}", tag = "inbox", params(("id" = i64, Path, example = 1)), request_body = Input,
    responses((status = 200, body = EntryAnswer)))]
pub(crate) async fn handler(
    caller: Caller,
    Path(id): Path<EntryId>,
    Json(Input { read, done }): Json<Input>,
) -> Result<Json<EntryAnswer>, Problem> {
    if done == Some(true) && read == Some(false) {
        return Err(Problem::field("read", "choice", "What is done is read"));
    }
    let (scope, who, now) = (caller.scope(), caller.who(), caller.now());
    let entry = caller
        .write(async move |tx: &mut Tx<'_>| {
            // It belongs to one person, who is asked for here; nothing else depends on it.
            let entry = sql::find(tx, id, scope).await?.ok_or_else(|| Problem::not_found("Entry"));
            let mut entry = entry?;
            tx.commit_quietly("what somebody has read or put aside is theirs alone");
            let before = (entry.read_at, entry.done_at);
            match done {
                Some(true) => entry.done_at = entry.done_at.or(Some(now)),
                Some(false) => entry.done_at = None,
                None => {}
            }
            match read {
                Some(false) => entry.read_at = None,
                Some(true) => entry.read_at = entry.read_at.or(Some(now)),
                None if done == Some(true) => entry.read_at = entry.read_at.or(Some(now)),
                None => {}
            }
            if (entry.read_at, entry.done_at) != before {
                sql::update(tx, &entry).await?;
                tx.tell(who.id);
            }
            let people = Refs::read(tx, [(&*who).into()], [entry.actor_id]).await?;
            Entry::new(entry, &people)
        })
        .await?;
    Ok(Json(EntryAnswer { entry }))
}
