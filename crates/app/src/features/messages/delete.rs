//! Takes back a message.

use faff_store::Tx;
use faff_types::{MessageId, Timestamp};

use super::sql;
use super::view::Done;
use crate::access::{self, Caller, Remove, Who};
use crate::event::{Event, record_task};
use crate::features::{files, inbox};
use crate::http::{Json, Path, Problem};
use crate::jobs::{self, Kind};

/// Delete a message: your own, or any as an administrator. Where it was answered, a tombstone stays.
#[utoipa::path(delete, path = "/api/messages/{id}", tag = "messages", params(("id" = i64, Path, example = 9)),
    responses((status = 200, body = Done), (status = 409, description = "It was deleted")))]
pub(crate) async fn handler(caller: Caller, Path(id): Path<MessageId>) -> Result<Json<Done>, Problem> {
    let (who, now) = (caller.who(), caller.now());
    caller.write(async move |tx: &mut Tx<'_>| delete(tx, &who, id, now).await).await?;
    caller.app().files_removed();
    caller.app().jobs().wake.notify_one();
    Ok(Json(Done { message: "Message deleted" }))
}

/// Deletes a message. What a machine made of its words goes with it.
pub async fn delete(tx: &mut Tx<'_>, who: &Who, id: MessageId, now: Timestamp) -> Result<(), Problem> {
    let permit = access::message::<Remove>(tx, who, id).await?;
    files::remove_all(tx, &permit, now).await?;
    sql::bury(tx, &permit, now).await?;
    inbox::withdraw(tx, id).await?;
    let task = permit.task_id;
    let summary = sql::withdraw_summary(tx, task, id).await?;
    record_task(tx, who.id, now, task, Event::MessageDeleted { message_id: id }).await?;
    for review_id in sql::withdraw_reviews(tx, id, now).await? {
        record_task(tx, who.id, now, task, Event::ReviewWithdrawn { review_id }).await?;
        jobs::take_back(tx, (Kind::Review, review_id.get())).await?;
    }
    if let Some(summary_id) = summary {
        record_task(tx, who.id, now, task, Event::SummaryWithdrawn { summary_id }).await?;
        jobs::ask(tx, (Kind::Summary, task.get()), task, None, now).await?;
    }
    Ok(())
}
