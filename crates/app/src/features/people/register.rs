//! Makes an account.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use faff_store::Tx;
use faff_store::log::Stream;
use faff_types::{Secret, Timestamp, UserId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::account::{NewAccount, check_email, check_name, check_password, refuse_taken};
use super::log_in::{self, Proven};
use super::sql;
use super::view::{LoginAnswer, User};
use crate::access::{Role, System};
use crate::event::{Event, record_user};
use crate::http::text::Check;
use crate::http::{Anyone, Code, Json, Problem};
use crate::{App, Registration};

/// Who wants an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Register)]
pub(crate) struct Input {
    /// 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100, example = "Bo Ek")]
    name: String,
    /// One account each.
    #[schema(format = "email", max_length = 254, example = "bo@faff.example")]
    email: String,
    /// 8 characters to 72 bytes.
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 72, example = "printer on fire 7")]
    password: Secret,
}

/// Register: an account and a first token. The role is always `user`.
#[utoipa::path(post, path = "/api/auth/register", tag = "people", security(), request_body = Input, responses(
    (status = 201, body = LoginAnswer), (status = 403, description = "Registration is not open"),
    (status = 409, description = "The address is taken")))]
pub(crate) async fn handler(
    State(app): State<App>,
    _: Anyone,
    headers: HeaderMap,
    Json(input): Json<Input>,
) -> Result<impl IntoResponse, Problem> {
    if app.settings().registration != Registration::Open {
        return Err(Problem::new(
            Code::RegistrationClosed,
            "Registration is not open here; ask an administrator",
        ));
    }
    let account = prepare(&app, &input.name, &input.email, &input.password).await?;
    let now = app.now();
    let hash = account.password_hash.clone();
    let user = System::for_reason(&app, "whoever registers is not yet anybody")
        .write(async move |tx: &mut Tx<'_>| create(tx, None, &account, Role::User, now).await)
        .await?;
    let login = log_in::begin(&app, user, Proven(hash)).await?;
    Ok((StatusCode::CREATED, log_in::cookie(&app, &headers, &login), Json(login)))
}

/// Checks what was given and hashes the password.
pub async fn prepare(app: &App, name: &str, email: &str, password: &Secret) -> Result<NewAccount, Problem> {
    let mut check = Check::default();
    let name = check_name(&mut check, name);
    let email = check_email(&mut check, email);
    check_password(&mut check, "password", password.reveal(), &email);
    check.done()?;
    Ok(NewAccount { name, email, password_hash: app.passwords().hash(password).await? })
}

/// Adds an account. `actor` is who made it, when it was not its owner.
pub async fn create(
    tx: &mut Tx<'_>,
    actor: Option<UserId>,
    account: &NewAccount,
    role: Role,
    now: Timestamp,
) -> Result<User, Problem> {
    let user = sql::insert(tx, account, role, now).await?.ok_or_else(refuse_taken)?;
    tx.begin_stream(Stream::User(user.id));
    record_user(tx, Some(actor.unwrap_or(user.id)), now, user.id, Event::UserRegistered { role }).await?;
    Ok(user)
}
