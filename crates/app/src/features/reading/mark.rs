//! Moves somebody's place in a ticket.

use faff_store::Tx;
use faff_types::TaskId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ReadingAnswer, sql};
use crate::access::{self, Caller, ReadOn};
use crate::features::inbox;
use crate::http::{Json, Path, Problem};

/// How far.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MarkRead)]
pub(crate) struct Input {
    /// The number of the last event that you have seen; a message has it as its `seq`.
    #[schema(minimum = 0, example = 12)]
    seq: i64,
    /// `true` to go back, so that what is behind is unread again. Left out, a place only goes forward: of several windows, the
    /// one that is furthest counts.
    back: Option<bool>,
}

/// Say how far you have read a ticket. What your inbox holds of it up to there is read as well.
#[utoipa::path(put, path = "/api/tasks/{id}/read", tag = "reading", params(("id" = i64, Path, example = 1)), request_body = Input,
    responses((status = 200, body = ReadingAnswer)))]
pub(crate) async fn handler(
    caller: Caller,
    Path(id): Path<TaskId>,
    Json(Input { seq, back }): Json<Input>,
) -> Result<Json<ReadingAnswer>, Problem> {
    let (scope, who, now, back) = (caller.scope(), caller.who(), caller.now(), back == Some(true));
    let reading = caller
        .write(async move |tx: &mut Tx<'_>| {
            let permit = access::beside::<ReadOn>(tx, &who, id).await?;
            if !(0..=permit.seq()).contains(&seq) {
                let message = format!("seq must be from 0 to {}, where the task's log ends", permit.seq());
                return Err(Problem::field("seq", "range", message));
            }
            tx.commit_quietly("a place moves with every glance, and is nobody else's business");
            sql::mark(tx, who.id, (permit.id, seq), back).await?;
            if !back {
                inbox::read_up_to(tx, who.id, (permit.id, seq), now).await?;
            }
            let found = sql::of_tasks(tx, &[id], scope).await?.into_iter().next();
            found.ok_or_else(|| Problem::not_found("Task"))
        })
        .await?;
    let told = serde_json::to_value(&reading).map_err(Problem::internal)?;
    caller.app().tell_person(caller.id, "reading_changed", told);
    Ok(Json(ReadingAnswer { reading }))
}
