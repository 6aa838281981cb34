//! Shows an account.

use faff_types::UserId;

use super::sql;
use super::view::UserAnswer;
use crate::access::Caller;
use crate::http::{Json, Path, Problem};

/// Who am I.
#[utoipa::path(get, path = "/api/auth/me", tag = "people", responses((status = 200, body = UserAnswer)))]
pub(crate) async fn me(caller: Caller) -> Result<Json<UserAnswer>, Problem> {
    let id = caller.id;
    let user = caller.look_up(async move |reader| Ok(sql::find(reader, id).await?)).await?;
    Ok(Json(UserAnswer { user: user.ok_or_else(Problem::unauthenticated)? }))
}

/// An account, for administrators; everyone may look at their own.
#[utoipa::path(get, path = "/api/users/{id}", tag = "people", params(("id" = i64, Path, example = 1)),
    responses((status = 200, body = UserAnswer), (status = 403, description = "Only for administrators")))]
pub(crate) async fn account(caller: Caller, Path(id): Path<UserId>) -> Result<Json<UserAnswer>, Problem> {
    if !caller.is_admin() && caller.id != id {
        return Err(Problem::forbidden("Only an administrator may look at other accounts"));
    }
    let user = caller.look_up(async move |reader| Ok(sql::find(reader, id).await?)).await?;
    Ok(Json(UserAnswer { user: user.ok_or_else(|| Problem::not_found("User"))? }))
}
