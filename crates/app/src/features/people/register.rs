//! Makes an account.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use faff_store::Tx;
use faff_store::log::Stream;
use faff_types::{Secret, Timestamp, UserId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::account::{NewAccount, canonical_email, check_email, check_name, check_password, refuse_taken};
use super::invite;
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
    /// The token of an invitation for this address, good once.
    #[schema(value_type = Option<String>)]
    invitation: Option<Secret>,
}

/// Register: an account and a first token. The role is always `user`. Where `REGISTRATION` is `invite`, an invitation is needed.
#[utoipa::path(post, path = "/api/auth/register", tag = "people", security(), request_body = Input, responses(
    (status = 201, body = LoginAnswer), (status = 403, description = "Registration is not open, or the invitation is not good"),
    (status = 409, description = "The address is taken")))]
pub(crate) async fn handler(
    State(app): State<App>,
    _: Anyone,
    headers: HeaderMap,
    Json(input): Json<Input>,
) -> Result<impl IntoResponse, Problem> {
    let registration = app.settings().registration;
    let may = match registration {
        Registration::Open => true,
        Registration::Invite => input.invitation.is_some(),
        Registration::Closed => false,
    };
    if !may {
        let message = "Registration is not open here; ask an administrator";
        return Err(Problem::new(Code::RegistrationClosed, message));
    }
    // Before the password is hashed: that is work, and for whom?
    let shown = match (&input.invitation, canonical_email(&input.email)) {
        (Some(token), Some(email)) => invite::show(&app, token, &email).await?,
        _ => None,
    };
    // Where anybody may register, an invitation that is not good is none.
    let needed = registration != Registration::Open;
    if needed && shown.is_none() {
        return Err(invite::refuse());
    }
    let account = prepare(&app, &input.name, &input.email, &input.password).await?;
    let now = app.now();
    let hash = account.password_hash.clone();
    let user = System::for_reason(&app, "whoever registers is not yet anybody")
        .write(async move |tx: &mut Tx<'_>| {
            let inviter = match &shown {
                Some(invitation) => invitation.use_up(tx, now).await?,
                None => None,
            };
            if needed && inviter.is_none() {
                // Who sends it twice, or opens it again, is told that they can log in.
                let taken = sql::find_by_email(tx, &account.email).await?.is_some();
                return Err(if taken { refuse_taken() } else { invite::refuse() });
            }
            create(tx, inviter, &account, Role::User, now).await
        })
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
