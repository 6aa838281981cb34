//! Asks for a review of a message.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use faff_store::Tx;
use faff_types::{MessageId, ReviewId, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use super::sql;
use super::view::{Review, ReviewAnswer};
use crate::access::{self, Caller, RequestReview, Who};
use crate::event::{Event, record_task};
use crate::features::people::Refs;
use crate::http::Problem;
use crate::http::idempotency::{Answer, Keyed};
use crate::jobs::{self, Kind};

/// Which message.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = RequestReview)]
pub(crate) struct Input {
    /// A message that is not deleted.
    #[schema(value_type = i64, example = 1)]
    message_id: MessageId,
}

/// Ask for a review of a message. A message has one open review: while there is one, it is the answer (200); it is analysed
/// again if the message was edited since, or if that could not be done. What a machine thinks is told to the room by
/// `review_updated`.
#[utoipa::path(post, path = "/api/qa", tag = "reviews", request_body = Input,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again")),
    responses((status = 201, description = "It was opened", body = ReviewAnswer),
        (status = 200, description = "It was open already", body = ReviewAnswer),
        (status = 409, description = "The message was deleted"),
        (status = 422, description = "The key was used for another request")))]
pub(crate) async fn handler(caller: Caller, keyed: Keyed<Input>) -> Result<impl IntoResponse, Problem> {
    let (who, now, message) = (caller.who(), caller.now(), keyed.input.message_id);
    let asked =
        caller.answer_once(keyed.key, async move |tx: &mut Tx<'_>| request(tx, &who, message, now).await);
    let answer = asked.await?;
    caller.app().jobs().wake.notify_one();
    Ok(answer)
}

async fn request(tx: &mut Tx<'_>, who: &Who, message: MessageId, now: Timestamp) -> Result<Answer, Problem> {
    let permit = access::message::<RequestReview>(tx, who, message).await?;
    let task = permit.task_id;
    let open = sql::open(tx, permit.id).await?;
    if let Some(open) = open.as_ref().filter(|open| open.analysis.is_some() && !open.outdated) {
        tx.commit_quietly("it is open already");
        return Answer::new(StatusCode::OK, &ReviewAnswer { review: written(tx, who, open.id).await? });
    }
    let (id, status) = match open {
        Some(open) => (open.id, StatusCode::OK),
        None => (sql::insert(tx, (message, task), who.id, now).await?, StatusCode::CREATED),
    };
    if jobs::ask(tx, (Kind::Review, id.get()), task, Some(who.id), now).await? {
        let requested = Event::ReviewRequested { review_id: id, message_id: message };
        record_task(tx, who.id, now, task, requested).await?;
    } else {
        tx.commit_quietly("it is being analysed already");
    }
    Answer::new(status, &ReviewAnswer { review: written(tx, who, id).await? })
}

/// A review as this transaction leaves it.
pub(super) async fn written(tx: &mut Tx<'_>, who: &Who, id: ReviewId) -> Result<Review, Problem> {
    let row = sql::current(tx, id).await?.ok_or_else(|| Problem::not_found("Review"))?;
    let people = Refs::read(tx, [who.into()], row.people()).await?;
    let job = jobs::progress(tx, Kind::Review, id.get()).await?;
    Review::new(row, &people, job)
}
