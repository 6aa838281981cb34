//! Logs in.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::IntoResponse;
use faff_store::Tx;
use faff_store::log::Stream;
use faff_types::Secret;
use serde::Deserialize;
use utoipa::ToSchema;

use super::account::could_be_password;
use super::view::{LoginAnswer, User};
use super::{canonical_email, sql};
use crate::App;
use crate::access::{self, CSRF_HEADER, Claims, System};
use crate::event::{Event, record_user};
use crate::http::{Anyone, Code, Json, Problem, Subject};

/// Who wants in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LogIn)]
pub(crate) struct Input {
    #[schema(example = "bo@faff.example")]
    email: String,
    #[schema(value_type = String, format = Password, example = "printer on fire 7")]
    password: Secret,
}

/// Log in. A browser that sends `X-Faff-CSRF: 1` also gets the session cookie.
#[utoipa::path(post, path = "/api/auth/login", tag = "people", security(), request_body = Input, responses(
    (status = 200, body = LoginAnswer), (status = 401, description = "Unknown address or wrong password")))]
pub(crate) async fn handler(
    State(app): State<App>,
    anyone: Anyone,
    headers: HeaderMap,
    Json(input): Json<Input>,
) -> Result<impl IntoResponse, Problem> {
    // An address that cannot exist goes the same way as one that does not.
    let email = canonical_email(&input.email).unwrap_or_default();
    // The address first: one that has used up its guesses uses up none of an account's.
    let subjects = [Subject::address(anyone.client.address), Subject::Account(email.clone())];
    let mut guesses = Vec::with_capacity(subjects.len());
    for subject in subjects {
        guesses.push(app.limits().login.count(subject, app.now()).await?);
    }
    let found = System::for_reason(&app, "whoever logs in is not yet anybody")
        .read(async move |reader| Ok::<_, Problem>(sql::find_by_email(reader, &email).await?))
        .await?
        .filter(|found| found.active);
    let password =
        if could_be_password(input.password.reveal()) { input.password } else { Secret::new(String::new()) };
    let hash = found.as_ref().map(|found| found.password_hash.as_str());
    let fits = app.passwords().fits(&password, hash).await;
    if !matches!(fits, Ok(false)) {
        // Right, or not looked at for want of time: no guess.
        for guess in guesses {
            app.limits().login.forgive(guess).await;
        }
    }
    let fits = fits?;
    let Some(found) = found.filter(|_| fits) else {
        return Err(refuse());
    };
    let user = System::for_reason(&app, "the account that has just proven itself")
        .read(async move |reader| sql::find(reader, found.id).await?.ok_or_else(refuse))
        .await?;
    let login = begin(&app, user, Proven(found.password_hash)).await?;
    end_replaced(&app, &headers).await?;
    Ok((cookie(&app, &headers, &login), Json(login)))
}

/// Ends the login whose cookie a browser is about to exchange for another: nobody holds it any more but who has stolen it.
async fn end_replaced(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    let by_cookie = access::credentials(headers, access::session_cookie(app)).filter(|(_, cookie)| *cookie);
    let replaced = by_cookie.filter(|_| headers.contains_key(CSRF_HEADER));
    let Some(old) = replaced.and_then(|(token, _)| app.tokens().verify(token, app.now())) else {
        return Ok(());
    };
    let now = app.now();
    System::for_reason(app, "whoever logs in anew has left the login before")
        .write(async move |tx: &mut Tx<'_>| {
            tx.lock(Stream::User(old.user_id)).await?;
            if sql::end_session(tx, old.sid, now).await? {
                let ended = Event::SessionEnded { session_id: old.sid };
                record_user(tx, Some(old.user_id), now, old.user_id, ended).await?;
            } else {
                tx.commit_quietly("it had ended already");
            }
            Ok(())
        })
        .await
}

fn refuse() -> Problem {
    Problem::new(Code::InvalidCredentials, "Email or password is wrong")
}

/// The hash that a password was compared with, so that a login begins only if it is still the account's.
pub(super) struct Proven(pub(super) String);

/// Begins a login and signs its token.
pub(super) async fn begin(app: &App, user: User, Proven(hash): Proven) -> Result<LoginAnswer, Problem> {
    let (id, now) = (user.id, app.now());
    let expires_at = app.tokens().expiry(now);
    let session = System::for_reason(app, "a login begins for whoever has proven to be this account")
        .write(async move |tx: &mut Tx<'_>| {
            tx.lock(Stream::User(id)).await?;
            let session = sql::begin_session(tx, id, &hash, now, expires_at).await?.ok_or_else(refuse)?;
            record_user(tx, Some(id), now, id, Event::SessionStarted { session_id: session }).await?;
            Ok(session)
        })
        .await?;
    let claims = Claims {
        user_id: id,
        email: user.email.clone(),
        role: user.role,
        sid: session,
        iat: now.as_seconds(),
        exp: expires_at.as_seconds(),
        nbf: None,
    };
    Ok(LoginAnswer { token: app.tokens().sign(&claims)?, user })
}

/// The session cookie, for a browser that asked for it by sending the CSRF header.
pub(super) fn cookie(app: &App, headers: &HeaderMap, login: &LoginAnswer) -> [(HeaderName, HeaderValue); 1] {
    let nothing = [(header::VARY, HeaderValue::from_static(CSRF_HEADER))];
    if !headers.contains_key(CSRF_HEADER) {
        return nothing;
    }
    let age = app.settings().session_lifetime.as_secs();
    set_cookie(app, &login.token, age).map_or(nothing, |value| [(header::SET_COOKIE, value)])
}

pub(super) fn set_cookie(app: &App, token: &str, age: u64) -> Option<HeaderValue> {
    let secure = if app.settings().is_over_tls() { "; Secure" } else { "" };
    let name = access::session_cookie(app);
    let cookie = format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}{secure}");
    let mut value = HeaderValue::from_str(&cookie).ok()?;
    value.set_sensitive(true);
    Some(value)
}
