//! Saves a view.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use faff_store::Tx;
use faff_store::log::Stream;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::{View, ViewAnswer, check_name, check_place, check_query};
use super::{MOST, sql, tell};
use crate::access::Caller;
use crate::event::{Event, record_user};
use crate::http::idempotency::Keyed;
use crate::http::text::Check;
use crate::http::{Code, Problem};

/// What to save.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SaveView)]
pub(crate) struct Input {
    /// 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100, example = "Printers on fire")]
    name: String,
    /// Parameters of `GET /api/tasks` without `limit`, `cursor` and `page`; and `group`, one of `status`, `priority`,
    /// `assignee` and `none`.
    #[schema(max_length = 2000, example = "status=open&tag=printer&sort=-updatedAt")]
    query: String,
    /// Whether everybody is to see it; `false` when left out.
    shared: Option<bool>,
    /// Where it stands among yours; last when left out.
    #[schema(minimum = 0, maximum = 1_000_000)]
    place: Option<i64>,
}

/// Save a view. With an `Idempotency-Key` it is safe to send again.
#[utoipa::path(post, path = "/api/views", tag = "views", request_body = Input,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again")),
    responses((status = 201, body = ViewAnswer), (status = 409, description = "You have as many as you may"),
        (status = 422, description = "The key was used for another request")))]
pub(crate) async fn handler(caller: Caller, keyed: Keyed<Input>) -> Result<impl IntoResponse, Problem> {
    let Input { name, query, shared, place } = keyed.input;
    let mut check = Check::default();
    let name = check_name(&mut check, &name);
    let query = check_query(&mut check, &caller, &query);
    let place = place.map(|place| check_place(&mut check, place));
    check.done()?;
    let (who, now, shared) = (caller.who(), caller.now(), shared == Some(true));
    let answer = caller
        .write_once(keyed.key, StatusCode::CREATED, async move |tx: &mut Tx<'_>| {
            tx.lock(Stream::User(who.id)).await?;
            let (count, next) = sql::count(tx, who.id).await?;
            if count >= MOST {
                let message =
                    format!("You have {MOST} views, which is as many as anybody may have; delete some");
                return Err(Problem::new(Code::TooManyViews, message));
            }
            let place = place.unwrap_or(next);
            let id = sql::insert(tx, who.id, (&name, &query), (shared, place), now).await?;
            record_user(tx, Some(who.id), now, who.id, Event::ViewSaved { view_id: id }).await?;
            let (name, query) = (name.clone(), query.clone());
            let owner = (&*who).into();
            let view = View {
                id,
                owner_id: who.id,
                owner,
                name,
                query,
                shared,
                place,
                created_at: now,
                updated_at: now,
            };
            Ok(ViewAnswer { view })
        })
        .await?;
    tell(caller.app(), caller.id, shared);
    Ok(answer)
}
