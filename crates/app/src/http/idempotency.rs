//! `Idempotency-Key`: the same key by the same user gives the first answer again.
//!
//! Invariant: the key is stored in the transaction of the effect, so there is either both or neither, and of
//! several requests with one key at the same time one has the effect and the others get its answer.
//!
//! What else is to be done once ([`is_first`]) is remembered beside the keys.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use faff_store::Tx;
use faff_types::{Timestamp, UserId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::{Code, Problem, body, sql};

/// How long a first answer is kept.
pub const KEPT_MILLIS: i64 = 7 * 24 * 3600 * 1000;

/// A key, with a digest of the request that came under it.
#[derive(Debug, Clone)]
pub struct Key {
    key: String,
    fingerprint: [u8; 32],
}

impl Key {
    /// The key of a request whose body was read in parts, with a digest of them.
    pub(crate) fn of_parts(
        headers: &HeaderMap,
        method: &Method,
        path: &str,
        parts: Sha256,
    ) -> Result<Option<Self>, Problem> {
        let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
        let mut hash = Sha256::new();
        hash.update(method.as_str());
        hash.update(path);
        hash.update(parts.finalize());
        Ok(Some(Self { key: check(key)?, fingerprint: hash.finalize().into() }))
    }
}

/// A JSON body that may come with an `Idempotency-Key`.
#[derive(Debug, Clone)]
pub struct Keyed<T> {
    /// The body.
    pub input: T,
    /// The key, if there is one.
    pub key: Option<Key>,
}

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Keyed<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let given = request.headers().get("idempotency-key").cloned();
        let mut hash = Sha256::new();
        hash.update(request.method().as_str());
        hash.update(request.uri().path());
        let bytes = body::read(request).await?;
        let key = given.map(|key| check(&key)).transpose()?.map(|key| {
            hash.update(&bytes);
            Key { key, fingerprint: hash.finalize().into() }
        });
        Ok(Self { input: body::parse(&bytes)?, key })
    }
}

/// The `Idempotency-Key` of a request whose path says everything; a body is not looked at.
#[derive(Debug, Clone)]
pub struct Unbodied(pub Option<Key>);

impl<S: Sync> FromRequestParts<S> for Unbodied {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let key = Key::of_parts(&parts.headers, &parts.method, parts.uri.path(), Sha256::new())?;
        Ok(Self(key))
    }
}

fn check(key: &HeaderValue) -> Result<String, Problem> {
    key.to_str().ok().filter(|key| (1..=255).contains(&key.len())).map(ToOwned::to_owned).ok_or_else(|| {
        Problem::field(
            "Idempotency-Key",
            "format",
            "Idempotency-Key must have 1 to 255 visible ASCII characters",
        )
    })
}

/// An answer that may be that of an earlier request.
#[derive(Debug)]
pub struct Answer {
    status: StatusCode,
    body: String,
    replayed: bool,
}

impl Answer {
    /// A first answer.
    pub(crate) fn new(status: StatusCode, body: &impl Serialize) -> Result<Self, Problem> {
        Ok(Self { status, body: serde_json::to_string(body).map_err(Problem::internal)?, replayed: false })
    }

    /// The answer, first or again, with what must not be kept.
    pub(crate) fn completed<Kept: DeserializeOwned, Whole: Serialize>(
        self,
        complete: impl FnOnce(Kept) -> Whole,
    ) -> Result<Self, Problem> {
        let whole = complete(serde_json::from_str(&self.body).map_err(Problem::internal)?);
        Ok(Self { body: serde_json::to_string(&whole).map_err(Problem::internal)?, ..self })
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let json = HeaderValue::from_static("application/json");
        let mut response = (self.status, [(header::CONTENT_TYPE, json)], self.body).into_response();
        if self.replayed {
            response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
        }
        response
    }
}

/// The first answer under this key, if there was one. Takes a lock, so call it before anything else.
pub(crate) async fn first_answer(
    tx: &mut Tx<'_>,
    user: UserId,
    key: &Key,
) -> Result<Option<Answer>, Problem> {
    tx.lock_name(&format!("{user}:{}", key.key)).await?;
    let Some((fingerprint, status, body)) = sql::first_answer(tx, user, &key.key).await? else {
        return Ok(None);
    };
    if fingerprint != key.fingerprint {
        let message = "This Idempotency-Key was used for another request; take a new key for each request";
        return Err(Problem::new(Code::IdempotencyKeyReused, message));
    }
    tx.commit_quietly("the first request has made the change");
    let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    Ok(Some(Answer { status: status.unwrap_or_default(), body, replayed: true }))
}

/// Keeps an answer under its key.
pub(crate) async fn keep(
    tx: &mut Tx<'_>,
    user: UserId,
    key: &Key,
    now: Timestamp,
    answer: &Answer,
) -> Result<(), Problem> {
    let status = i64::from(answer.status.as_u16());
    Ok(sql::keep_answer(tx, user, (&key.key, &key.fingerprint), (status, &answer.body), now).await?)
}

/// Whether something is done for the first time in a user's name; then that is remembered for a week beyond `until`. Call it
/// under a lock.
pub(crate) async fn is_first(
    tx: &mut Tx<'_>,
    user: UserId,
    what: &str,
    until: Timestamp,
) -> Result<bool, Problem> {
    // No header holds a line break, so it is nobody's `Idempotency-Key`.
    let key = format!("\n{what}");
    if sql::first_answer(tx, user, &key).await?.is_some() {
        return Ok(false);
    }
    let status = i64::from(StatusCode::NO_CONTENT.as_u16());
    sql::keep_answer(tx, user, (&key, &[]), (status, ""), until).await?;
    Ok(true)
}

/// Forgets first answers that are older than promised. Returns how many.
pub(crate) async fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, Problem> {
    tx.commit_quietly("what was promised for a week is kept for a week");
    Ok(sql::forget_answers(tx, now.plus_millis(-KEPT_MILLIS)).await?)
}
