//! The two ways into the database.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use faff_store::copy::Hold;
use faff_store::{Committed, Reader, StoreError, Tx};
use faff_types::{Planted, Point, SessionId, Timestamp, UserId};
use serde::Serialize;
use tracing::Instrument;

use super::{Role, Scope, Sessions};
use crate::App;
use crate::http::idempotency::{self, Answer, Key};
use crate::http::{Client, Code, Problem, Subject};
use crate::trace::{self, step};

/// The cookie that holds a browser's token; over TLS [`session_cookie`] has another name.
pub const SESSION_COOKIE: &str = "faff_session";
/// The header that a write by cookie must carry: no other origin can set it without our leave.
pub const CSRF_HEADER: &str = "x-faff-csrf";

/// A person who is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The account.
    pub id: UserId,
    /// The name that others see.
    pub name: String,
    /// The canonical e-mail address.
    pub email: String,
    /// What the account may do, now.
    pub role: Role,
    /// The login.
    pub session: SessionId,
}

/// A request of somebody who is logged in, and their way into the database.
#[derive(Debug, Clone)]
pub struct Caller {
    app: App,
    who: Arc<Who>,
}

impl std::ops::Deref for Caller {
    type Target = Who;
    fn deref(&self) -> &Who {
        &self.who
    }
}

impl Caller {
    /// The person behind a token, if the token is good.
    pub async fn from_token(app: &App, token: &str) -> Result<Self, Problem> {
        Ok(Self::with_expiry(app, token).await?.0)
    }

    /// The person behind a token, if the token is good, and until when it is.
    pub(crate) async fn with_expiry(app: &App, token: &str) -> Result<(Self, Timestamp), Problem> {
        let claims = app.tokens().verify(token, app.now()).ok_or_else(Problem::unauthenticated)?;
        let who = Sessions::find(app, claims.sid).await?.ok_or_else(Problem::unauthenticated)?;
        if who.id != claims.user_id {
            return Err(Problem::unauthenticated());
        }
        let until = Timestamp::from_millis(claims.exp.saturating_mul(1000));
        Ok((Self { app: app.clone(), who }, until))
    }

    /// The person behind a login that was good a moment ago, if it still is.
    pub(crate) async fn from_session(app: &App, session: SessionId) -> Result<Self, Problem> {
        let who = Sessions::find(app, session).await?.ok_or_else(Problem::unauthenticated)?;
        Ok(Self { app: app.clone(), who })
    }

    /// The application, for what is not data.
    pub(crate) const fn app(&self) -> &App {
        &self.app
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.app.now()
    }

    /// The person, to take into a closure.
    pub fn who(&self) -> Arc<Who> {
        self.who.clone()
    }

    /// The tickets that exist for this person.
    pub fn scope(&self) -> Scope {
        Scope::of(&self.who)
    }

    /// Reads.
    pub async fn read<T, F>(&self, read: F) -> Result<T, Problem>
    where
        F: AsyncFn(&mut Reader<'_>) -> Result<T, Problem> + Send + Sync + 'static,
        T: Send + 'static,
    {
        self.app.db().browse(read).instrument(step!("read")).await
    }

    /// Reads what is found by its key: a row or a few, at once.
    pub async fn look_up<T, F>(&self, read: F) -> Result<T, Problem>
    where
        F: AsyncFn(&mut Reader<'_>) -> Result<T, Problem> + Send + Sync + 'static,
        T: Send + 'static,
    {
        self.app.db().look_up(read).instrument(step!("look_up")).await
    }

    /// Changes something, in one transaction.
    pub async fn write<T, F>(&self, change: F) -> Result<T, Problem>
    where
        F: AsyncFn(&mut Tx<'_>) -> Result<T, Problem> + Send + Sync + 'static,
        T: Send + 'static,
    {
        commit(&self.app, change).await
    }

    /// Changes something once under an idempotency key, and answers with `status` and what the change returns.
    pub async fn write_once<T, F>(
        &self,
        key: Option<Key>,
        status: StatusCode,
        change: F,
    ) -> Result<Answer, Problem>
    where
        F: AsyncFn(&mut Tx<'_>) -> Result<T, Problem> + Send + Sync + 'static,
        T: Serialize + Send + Sync + 'static,
    {
        if key.is_none() {
            // Nothing is kept, so the answer need not be written while others wait for the transaction.
            return Answer::new(status, &self.write(change).await?);
        }
        self.answer_once(key, async move |tx: &mut Tx<'_>| Answer::new(status, &change(tx).await?)).await
    }

    /// Changes something once under an idempotency key, and answers as the change says.
    pub async fn answer_once<F>(&self, key: Option<Key>, change: F) -> Result<Answer, Problem>
    where
        F: AsyncFn(&mut Tx<'_>) -> Result<Answer, Problem> + Send + Sync + 'static,
    {
        let Some(key) = key else { return self.write(change).await };
        let (user, now) = (self.id, self.now());
        self.write(async move |tx: &mut Tx<'_>| {
            if let Some(answer) = idempotency::first_answer(tx, user, &key).await? {
                return Ok(answer);
            }
            let answer = change(tx).await?;
            idempotency::keep(tx, user, &key, now, &answer).await?;
            Ok(answer)
        })
        .await
    }
}

/// The server itself at work, and why.
#[derive(Debug, Clone)]
pub struct System {
    app: App,
}

impl System {
    /// Opens the database for work that no person asked for, or before anybody is logged in. The reason is for the
    /// reader of the code.
    pub fn for_reason(app: &App, _reason: &'static str) -> Self {
        Self { app: app.clone() }
    }

    /// Reads.
    pub async fn read<T, E, F>(&self, read: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Reader<'_>) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.app.db().read(read).instrument(step!("read")).await
    }

    /// Reads what is found by its key: a row or a few, at once.
    pub async fn look_up<T, E, F>(&self, read: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Reader<'_>) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.app.db().look_up(read).instrument(step!("look_up")).await
    }

    /// Reads several things as they were at one moment.
    pub async fn snapshot<T, E, F>(&self, read: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Reader<'_>) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.app.db().snapshot(read).instrument(step!("snapshot")).await
    }

    /// Changes something, in one transaction.
    pub async fn write<T, F>(&self, change: F) -> Result<T, Problem>
    where
        F: AsyncFn(&mut Tx<'_>) -> Result<T, Problem> + Send + Sync + 'static,
        T: Send + 'static,
    {
        commit(&self.app, change).await
    }

    /// Takes the right to copy the whole database; `None` when somebody has it.
    pub async fn hold(&self) -> Result<Option<Hold>, StoreError> {
        self.app.db().hold().await
    }

    /// Whether somebody copies the database.
    pub async fn is_held(&self) -> Result<bool, StoreError> {
        self.app.db().is_held().await
    }
}

/// Commits, and lets this node forget what the change made stale before anybody is answered.
async fn commit<T, F>(app: &App, change: F) -> Result<T, Problem>
where
    F: AsyncFn(&mut Tx<'_>) -> Result<T, Problem> + Send + Sync + 'static,
    T: Send + 'static,
{
    let committed = if Planted::EmitBeforeCommit.is_on() {
        Box::pin(commit_told_before(app, change)).await?
    } else {
        app.db().write(change).instrument(step!("write")).await?
    };
    for event in &committed.events {
        app.forget(event);
    }
    for person in &committed.told {
        app.tell_of_inbox(*person);
    }
    Point::BeforeTelling.pass();
    let value = app.news().tell(committed);
    Point::BeforeAnswer.pass();
    Ok(value)
}

/// A mistake on purpose ([`Planted::EmitBeforeCommit`]).
async fn commit_told_before<T, F>(app: &App, change: F) -> Result<Committed<T>, Problem>
where
    F: AsyncFn(&mut Tx<'_>) -> Result<T, Problem> + Send + Sync + 'static,
    T: Send + 'static,
{
    let early = app.clone();
    let told = async move |tx: &mut Tx<'_>| {
        let value = change(tx).await?;
        let (events, views) = tx.recorded();
        let (events, views) = (events.to_vec(), views.to_vec());
        early.news().tell(Committed { value: (), events, views, told: BTreeSet::default() });
        Ok::<_, Problem>(value)
    };
    app.db().write(told).await
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let found = match credentials(&parts.headers, session_cookie(app)) {
            Some((token, by_cookie)) => Self::from_token(app, token).await.map(|caller| (caller, by_cookie)),
            None => Err(Problem::unauthenticated()),
        };
        match found {
            Ok((caller, by_cookie)) => {
                trace::user(caller.id);
                app.limits().user.count(Subject::User(caller.id), app.now())?;
                if by_cookie && !parts.method.is_safe() && !parts.headers.contains_key(CSRF_HEADER) {
                    let message = "A write by session cookie needs the header X-Faff-CSRF: 1";
                    return Err(Problem::new(Code::CsrfHeaderMissing, message));
                }
                Ok(caller)
            }
            Err(problem) => {
                // Guessing tokens counts like any request without one.
                let client = Client::of(parts, app);
                app.limits().anonymous.count(Subject::address(client.address), app.now()).await?;
                Err(problem)
            }
        }
    }
}

/// Somebody, or nobody who is logged in: for what everybody may ask.
impl OptionalFromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Problem> {
        match <Self as FromRequestParts<App>>::from_request_parts(parts, app).await {
            Err(problem) if problem.code() == Code::Unauthenticated => Ok(None),
            found => found.map(Some),
        }
    }
}

/// The name of the cookie here. With the prefix that it has over TLS a browser takes it only over TLS, from this very host and for
/// all its paths, so that no other host of the domain can plant one.
pub(crate) fn session_cookie(app: &App) -> &'static str {
    if app.settings().is_over_tls() { "__Host-faff_session" } else { SESSION_COOKIE }
}

/// The token of a request, and whether it came by the cookie of this name. A header counts before a cookie.
pub(crate) fn credentials<'a>(headers: &'a HeaderMap, cookie: &str) -> Option<(&'a str, bool)> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then_some((token.trim(), false));
    }
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|list| list.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(name, value)| (name == cookie).then_some((value, true)))
}
