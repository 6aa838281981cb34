//! Changes one's own password.

use axum::http::StatusCode;
use faff_store::Tx;
use faff_types::Secret;
use serde::Deserialize;
use utoipa::ToSchema;

use super::account::{check_password, could_be_password};
use super::sql;
use crate::access::{self, Caller, ChangeOwn};
use crate::event::{Event, record_user};
use crate::http::text::Check;
use crate::http::{Code, Json, Problem, Subject};

/// The old password and the new one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = ChangePassword)]
pub(crate) struct Input {
    #[schema(value_type = String, format = Password, example = "printer on fire 7")]
    current_password: Secret,
    /// 8 characters to 72 bytes.
    #[schema(value_type = String, format = Password, example = "printer put out 8")]
    new_password: Secret,
}

/// Change your password. Every other login of yours ends.
#[utoipa::path(put, path = "/api/auth/password", tag = "people", request_body = Input, responses(
    (status = 204, description = "Changed"), (status = 401, description = "The current password is wrong")))]
pub(crate) async fn handler(caller: Caller, Json(input): Json<Input>) -> Result<StatusCode, Problem> {
    let mut check = Check::default();
    check_password(&mut check, "newPassword", input.new_password.reveal(), &caller.email);
    check.done()?;
    let app = caller.app();
    // Guessing here is guessing too.
    let subject = Subject::Account(caller.email.clone());
    let guess = app.limits().login.count(subject, app.now()).await?;
    let id = caller.id;
    let old = caller.read(async move |reader| Ok(sql::password_hash(reader, id).await?)).await?;
    let old = old.ok_or_else(Problem::unauthenticated)?;
    let fits = could_be_password(input.current_password.reveal())
        && app.passwords().fits(&input.current_password, Some(&old)).await?;
    if !fits {
        return Err(refuse());
    }
    app.limits().login.forgive(guess).await;
    let hash = app.passwords().hash(&input.new_password).await?;
    let (who, now) = (caller.who(), caller.now());
    caller
        .write(async move |tx: &mut Tx<'_>| {
            let permit = access::user::<ChangeOwn>(tx, &who, who.id).await?;
            // Another login may have changed it since it was compared.
            if sql::password_hash(tx, permit.id).await?.as_ref() != Some(&old) {
                return Err(refuse());
            }
            sql::set_password(tx, permit.id, &hash, now).await?;
            sql::end_sessions(tx, permit.id, Some(who.session), now).await?;
            record_user(tx, Some(who.id), now, permit.id, Event::PasswordChanged {}).await?;
            Ok(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn refuse() -> Problem {
    Problem::new(Code::InvalidCredentials, "The current password is wrong")
}
