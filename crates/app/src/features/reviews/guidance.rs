//! What administrators ask of messages in their field; whatever analyses messages is told.

use faff_store::log::Stream;
use faff_store::{Reader, Tx};
use faff_types::{Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sql::{self, GuidanceRow};
use crate::access::{self, Administer, Caller};
use crate::event::{Audience, Event, record};
use crate::http::text::Check;
use crate::http::{Code, Json, Problem};

/// What is asked of messages.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReviewGuidance)]
pub(crate) struct Guidance {
    /// As text; empty before anybody has said anything.
    #[schema(example = "Never promise a date. Amounts are in euros.")]
    content: String,
    /// Counts its changes.
    version: i64,
    /// Who changed it last.
    #[schema(value_type = Option<i64>)]
    updated_by_id: Option<UserId>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    updated_at: Option<Timestamp>,
}

/// What is asked of messages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GuidanceAnswer {
    guidance: Guidance,
}

/// What shall be asked of messages.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeGuidance)]
pub(crate) struct Input {
    /// Up to 10,000 characters; empty to ask for nothing in particular.
    #[schema(max_length = 10000, example = "Never promise a date. Amounts are in euros.")]
    content: String,
    /// The `version` you have read. When somebody was faster, the answer is 409 and nothing changes.
    version: Option<i64>,
}

impl From<GuidanceRow> for Guidance {
    fn from(row: GuidanceRow) -> Self {
        let GuidanceRow { content, version, updated_by_id, updated_at } = row;
        Self { content, version, updated_by_id: Some(updated_by_id), updated_at: Some(updated_at) }
    }
}

/// What is asked of messages in your field. Only for administrators.
#[utoipa::path(get, path = "/api/qa/guidance", tag = "reviews",
    responses((status = 200, body = GuidanceAnswer), (status = 403, description = "Only for administrators")))]
pub(crate) async fn show(caller: Caller) -> Result<Json<GuidanceAnswer>, Problem> {
    if !caller.is_admin() {
        return Err(Problem::forbidden("Only an administrator may read what is asked of messages"));
    }
    let row = caller.look_up(async |reader: &mut Reader<'_>| Ok(sql::guidance(reader).await?)).await?;
    Ok(Json(GuidanceAnswer { guidance: row.map(Guidance::from).unwrap_or_default() }))
}

/// Say what is asked of messages in your field. Analyses from now on go by it. Only for administrators; the audit tells who
/// changed it and when, not the words.
#[utoipa::path(put, path = "/api/qa/guidance", tag = "reviews", request_body = Input,
    responses((status = 200, body = GuidanceAnswer), (status = 409, description = "Somebody changed it since you read it")))]
pub(crate) async fn change(
    caller: Caller,
    Json(input): Json<Input>,
) -> Result<Json<GuidanceAnswer>, Problem> {
    let mut check = Check::default();
    let content = check.text("content", "Content", &input.content, 0..=10_000);
    check.done()?;
    let (who, now, expected) = (caller.who(), caller.now(), input.version);
    let guidance = caller
        .write(async move |tx: &mut Tx<'_>| {
            // Roles change under the same lock, so this is still true at the commit.
            let permit = access::user::<Administer>(tx, &who, who.id).await?;
            let before = sql::guidance(tx).await?;
            let version = before.as_ref().map_or(0, |row| row.version);
            if expected.is_some_and(|expected| expected != version) {
                let message = "Somebody changed this since you read it; read it again and repeat your change";
                return Err(Problem::new(Code::VersionConflict, message));
            }
            if before.as_ref().map_or("", |row| row.content.as_str()) == content {
                tx.commit_quietly("it says so already");
                return Ok(before.map(Guidance::from).unwrap_or_default());
            }
            let version = version + 1;
            sql::set_guidance(tx, &content, version, permit.id, now).await?;
            let changed = Event::GuidanceChanged { version };
            record(tx, Some(who.id), now, Stream::Workspace, Audience::People(Vec::new()), &changed).await?;
            Ok(GuidanceRow { content: content.clone(), version, updated_by_id: who.id, updated_at: now }
                .into())
        })
        .await?;
    Ok(Json(GuidanceAnswer { guidance }))
}
