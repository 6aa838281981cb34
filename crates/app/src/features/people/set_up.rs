//! The first administrator: from the settings, or by the one-time set-up link.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use faff_store::log::Stream;
use faff_store::{Reader, Tx};
use faff_types::Secret;
use serde::Deserialize;
use utoipa::ToSchema;

use super::log_in::{self, Proven};
use super::register::{create, prepare};
use super::view::{LoginAnswer, User};
use super::{NewAccount, sql};
use crate::App;
use crate::access::{Role, System};
use crate::http::{Anyone, Code, Json, Problem, Subject};

/// Who becomes the first administrator.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SetUp)]
pub(crate) struct Input {
    /// What the server printed at its start.
    #[schema(value_type = String, example = "0123456789abcdef0123456789abcdef")]
    token: Secret,
    #[schema(min_length = 1, max_length = 100, example = "Ada Lind")]
    name: String,
    #[schema(format = "email", max_length = 254, example = "ada@faff.example")]
    email: String,
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 72, example = "printer on fire 7")]
    password: Secret,
}

/// Become the first administrator, with the token that the server printed at its start.
#[utoipa::path(post, path = "/api/auth/setup", tag = "people", security(), request_body = Input, responses(
    (status = 201, body = LoginAnswer), (status = 403, description = "Not the token of this start"),
    (status = 409, description = "There is an administrator already, or the address is taken")))]
pub(crate) async fn handler(
    State(app): State<App>,
    anyone: Anyone,
    headers: HeaderMap,
    Json(input): Json<Input>,
) -> Result<impl IntoResponse, Problem> {
    let subject = Subject::address(anyone.client.address);
    app.limits().login.count(subject, app.now()).await?;
    if !app.set_up().is(input.token.reveal()) {
        return Err(Problem::forbidden("This is not the set-up token that the server printed at its start"));
    }
    let account = prepare(&app, &input.name, &input.email, &input.password).await?;
    let hash = account.password_hash.clone();
    let user = first_administrator(&app, account).await?.ok_or_else(|| {
        Problem::new(Code::AlreadySetUp, "There is an administrator already; ask them for an account")
    })?;
    app.set_up().use_up();
    let login = log_in::begin(&app, user, Proven(hash)).await?;
    Ok((StatusCode::CREATED, log_in::cookie(&app, &headers, &login), Json(login)))
}

/// Whether anybody can administer. Asks the database until somebody can: at least one administrator remains ever after.
pub(crate) async fn is_administered(app: &App) -> Result<bool, Problem> {
    if app.set_up().is_administered() {
        return Ok(true);
    }
    let there = System::for_reason(app, "whoever comes first must know whether to set up or to log in")
        .look_up(async |reader: &mut Reader<'_>| Ok::<_, Problem>(sql::has_administrator(reader).await?))
        .await?;
    if there {
        app.set_up().note_administrator();
    }
    Ok(there)
}

/// Makes the administrator that the settings name, when there is none. Says whether there is one now.
pub async fn ensure_administrator(app: &App, named: Option<(&str, &Secret)>) -> Result<bool, Problem> {
    if is_administered(app).await? {
        return Ok(true);
    }
    let Some((email, password)) = named else {
        return Ok(false);
    };
    let account = prepare(app, "Administrator", email, password).await?;
    first_administrator(app, account).await?;
    Ok(true)
}

/// Adds an administrator if there is none; several at once add one.
async fn first_administrator(app: &App, account: NewAccount) -> Result<Option<User>, Problem> {
    let now = app.now();
    System::for_reason(app, "nobody can administer yet")
        .write(async move |tx: &mut Tx<'_>| {
            tx.lock(Stream::Workspace).await?;
            if sql::has_administrator(tx).await? {
                tx.commit_quietly("another was first");
                return Ok(None);
            }
            create(tx, None, &account, Role::Admin, now).await.map(Some)
        })
        .await
}
