//! Decides about a message, and takes a decision back.

use faff_store::Tx;
use faff_types::{ReviewId, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use super::analysis::Feedback;
use super::request::written;
use super::sql::{self, ReviewRow};
use super::view::{ReviewAnswer, Status};
use crate::access::{self, Caller, Decide, TakeBack, Who};
use crate::event::{Event, record_task};
use crate::features::inbox::{self, Kind, Notice};
use crate::http::text::{Check, render};
use crate::http::{Code, Json, Path, Problem};

/// What you decide.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = DecideReview)]
pub(crate) struct Input {
    /// `approved` or `rejected`; `pending` takes a decision back. With `useAI` it may be left out.
    status: Option<Status>,
    /// What to say to whoever wrote the message: up to 5,000 characters of markdown. A rejection needs it.
    #[schema(max_length = 5000, example = "Thank them for waiting first.")]
    feedback: Option<String>,
    /// Take the machine's verdict, and what it says, unless you say something yourself.
    #[serde(rename = "useAI")]
    use_ai: Option<bool>,
}

/// A checked decision.
#[derive(Debug, Clone)]
enum Decision {
    /// One's own.
    Own(Status, Option<Feedback>),
    /// The machine's, which must be this one if one is given.
    Machine(Option<Status>, Option<Feedback>),
    /// None, after all.
    Reopen,
}

/// Decide about a message: approve it, or reject it with feedback; by the machine's verdict with `useAI`. Of several who decide
/// at once, one does. Whoever wrote the message may not, unless as an administrator.
#[utoipa::path(put, path = "/api/qa/{id}", tag = "reviews", params(("id" = i64, Path, example = 9)), request_body = Input,
    responses((status = 200, body = ReviewAnswer),
        (status = 409, description = "It was decided; or there is no analysis of the message as it is now; or another review is open")))]
pub(crate) async fn handler(
    caller: Caller,
    Path(id): Path<ReviewId>,
    Json(input): Json<Input>,
) -> Result<Json<ReviewAnswer>, Problem> {
    let decision = Decision::check(input).await?;
    let (who, now) = (caller.who(), caller.now());
    let review = caller
        .write(async move |tx: &mut Tx<'_>| {
            match &decision {
                Decision::Reopen => reopen(tx, &who, id, now).await?,
                decision => decide(tx, &who, id, decision, now).await?,
            }
            written(tx, &who, id).await
        })
        .await?;
    Ok(Json(ReviewAnswer { review }))
}

impl Decision {
    async fn check(input: Input) -> Result<Self, Problem> {
        let Input { status, feedback, use_ai } = input;
        let mut check = Check::default();
        let feedback = feedback.map(|feedback| check.text("feedback", "Feedback", &feedback, 0..=5000));
        let feedback = feedback.filter(|feedback| !feedback.is_empty());
        let by_machine = use_ai == Some(true);
        match status {
            None if !by_machine => check.refuse("status", "required", "status must be approved or rejected"),
            Some(Status::Pending) if by_machine || feedback.is_some() => {
                check.refuse(
                    "status",
                    "choice",
                    "To take a decision back, send status pending and nothing else",
                );
            }
            Some(Status::Rejected) if !by_machine && feedback.is_none() => {
                check.refuse("feedback", "required", "A rejection needs feedback: say what is wrong");
            }
            _ => {}
        }
        check.done()?;
        let feedback = match feedback {
            Some(text) => Some((text.clone(), render(&text).await?)),
            None => None,
        };
        Ok(match status {
            status if by_machine => Self::Machine(status, feedback),
            Some(Status::Pending) | None => Self::Reopen,
            Some(status) => Self::Own(status, feedback),
        })
    }

    /// What it comes to: the status, what is said, and whether it is the machine's.
    fn resolve(&self, row: &ReviewRow) -> Result<(Status, Option<Feedback>, bool), Problem> {
        match self {
            Self::Own(status, feedback) => Ok((*status, feedback.clone(), false)),
            Self::Reopen => Ok((Status::Pending, None, false)),
            Self::Machine(wanted, feedback) => {
                let analysis = row.analysis()?.ok_or_else(|| {
                    let text =
                        "There is no analysis whose verdict could be taken; wait for it, or decide yourself";
                    Problem::new(Code::AnalysisMissing, text)
                })?;
                if row.outdated {
                    let text = "The message was edited since it was analysed; ask for the review again, or decide yourself";
                    return Err(Problem::new(Code::AnalysisOutdated, text));
                }
                let status = analysis.decision();
                if wanted.is_some_and(|wanted| wanted != status) {
                    let text =
                        "status differs from the machine's verdict; leave it out, or decide without useAI";
                    return Err(Problem::field("status", "choice", text));
                }
                Ok((status, feedback.clone().or_else(|| analysis.says()), true))
            }
        }
    }
}

async fn decide(
    tx: &mut Tx<'_>,
    who: &Who,
    id: ReviewId,
    decision: &Decision,
    now: Timestamp,
) -> Result<(), Problem> {
    let permit = access::review::<Decide>(tx, who, id).await?;
    let row = sql::current(tx, permit.id).await?.ok_or_else(|| Problem::not_found("Review"))?;
    let resolved = decision.resolve(&row);
    if row.status != Status::Pending {
        let same = resolved.is_ok_and(|(status, feedback, used_ai)| {
            let says = feedback.map(|(text, _)| text);
            (row.status, row.reviewer_id, &row.feedback, row.used_ai)
                == (status, Some(who.id), &says, used_ai)
        });
        if same {
            tx.commit_quietly("it was decided so, by the same person");
            return Ok(());
        }
        let text = format!("This review was {} meanwhile; read it again", row.status.as_str());
        return Err(Problem::new(Code::ReviewDecided, text));
    }
    let (status, feedback, used_ai) = resolved?;
    sql::decide(tx, id, (status, feedback.as_ref(), used_ai), who.id, now).await?;
    let decided = Event::ReviewDecided { review_id: id, status, used_ai };
    let seq = record_task(tx, who.id, now, permit.task_id, decided).await?;
    let (place, message) = ((permit.task_id, seq), Some(permit.message_id));
    let people = &[permit.sender_id, row.requested_by_id];
    let notice = Notice { kind: Kind::ReviewDecided, people, place, message, actor: who.id };
    inbox::notify(tx, notice, now).await?;
    Ok(())
}

async fn reopen(tx: &mut Tx<'_>, who: &Who, id: ReviewId, now: Timestamp) -> Result<(), Problem> {
    let permit = access::review::<TakeBack>(tx, who, id).await?;
    let row = sql::current(tx, permit.id).await?.ok_or_else(|| Problem::not_found("Review"))?;
    if row.status == Status::Pending {
        tx.commit_quietly("it is open");
        return Ok(());
    }
    if permit.message_deleted {
        return Err(Problem::new(
            Code::MessageDeleted,
            "The message was deleted; there is nothing left to review",
        ));
    }
    if sql::open(tx, permit.message_id).await?.is_some() {
        let text = "Another review of this message is open; decide that one";
        return Err(Problem::new(Code::ReviewOpen, text));
    }
    sql::reopen(tx, id, now).await?;
    record_task(tx, who.id, now, permit.task_id, Event::ReviewReopened { review_id: id }).await?;
    Ok(())
}
