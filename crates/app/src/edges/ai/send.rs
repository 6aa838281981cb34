//! One request to an endpoint, and one answer.
//!
//! Invariants:
//! - Only to the address of the settings: redirects are answers like others, and no proxy of the environment is asked.
//! - At most [`LARGEST`] of an answer are read, and for no longer than the caller waits.
//! - What the endpoint says about a failure is looked at here and goes no further: it may repeat the key or the prompt.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use bytes::Bytes;
use faff_types::Secret;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use serde::Deserialize;

use super::address::Resolver;
use super::endpoint::Endpoint;
use crate::outgoing;

/// The longest answer that is read, in bytes.
const LARGEST: usize = 1024 * 1024;

/// The way to an endpoint.
#[derive(Debug)]
pub(super) struct Line {
    endpoint: Endpoint,
    key: Option<Secret<HeaderValue>>,
    /// None where the system has no certificates to know a server by.
    client: Option<Client<HttpsConnector<HttpConnector<Resolver>>, Full<Bytes>>>,
}

/// What an endpoint has answered.
#[derive(Debug)]
pub(super) struct Reply {
    /// What the model says.
    pub(super) said: String,
    /// Tokens of the question, if the endpoint tells.
    pub(super) prompt_tokens: u64,
    /// Tokens of the answer, if the endpoint tells.
    pub(super) answer_tokens: u64,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// No certificates to know a server by.
    NoCertificates,
    /// No connection, or one that broke.
    Unreachable,
    /// Nothing in time.
    TimedOut,
    /// Not asked, since it has failed too often.
    Resting,
    /// Too many requests, or tokens; with the time to wait, if the endpoint tells.
    RateLimited(Option<Duration>),
    /// It fails, with this status.
    Failing(StatusCode),
    /// It points elsewhere.
    Redirecting,
    /// It refuses the question, with this status.
    Refusing(StatusCode),
    /// It does not know this part of the question.
    Unknown(Part),
    /// The question is longer than the model's context.
    TooLong,
    /// The answer is too large.
    TooLarge,
    /// The answer is not of the protocol.
    Unreadable,
    /// The model does not want to answer.
    Declined,
    /// The answer ends in the middle.
    Cut,
}

/// A part of a question that not every endpoint knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The shape of the answer.
    Schema,
    /// The temperature.
    Temperature,
}

impl Line {
    pub(super) fn to(endpoint: Endpoint, api_key: Option<&Secret>) -> Self {
        let key = api_key.and_then(|key| {
            let mut value = HeaderValue::from_str(&format!("Bearer {}", key.reveal())).ok()?;
            value.set_sensitive(true);
            Some(Secret::new(value))
        });
        let connector = HttpConnector::new_with_resolver(Resolver::new());
        let client = outgoing::pool(connector, endpoint.is_secure());
        let client = client.inspect_err(|error| {
            tracing::error!(%error, "there are no certificates to know the language model's endpoint by");
        });
        let client = client.ok();
        Self { endpoint, key, client }
    }

    /// Sends a question and reads the answer. Nothing is repeated, and time is the caller's.
    pub(super) async fn send(&self, question: Bytes) -> Result<Reply, Failure> {
        let client = self.client.as_ref().ok_or(Failure::NoCertificates)?;
        let mut request = Request::new(Full::new(question));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.endpoint.completions().clone();
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(
            header::USER_AGENT,
            HeaderValue::from_static(concat!("faff/", env!("CARGO_PKG_VERSION"))),
        );
        if let Some(key) = &self.key {
            headers.insert(header::AUTHORIZATION, key.reveal().clone());
        }
        let response = client.request(request).await.map_err(|_| Failure::Unreachable)?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, LARGEST).collect().await;
        let body = body.map(http_body_util::Collected::to_bytes).map_err(|error| {
            if error.is::<LengthLimitError>() { Failure::TooLarge } else { Failure::Unreachable }
        });
        if head.status == StatusCode::OK {
            return read(&body?);
        }
        // What a refusal says only helps to tell refusals apart.
        Err(refusal(head.status, &head.headers, &body.unwrap_or_default()))
    }
}

/// The parts of an answer that are looked at.
#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Choice {
    message: Said,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    refusal: Option<String>,
}

#[derive(Deserialize, Default)]
struct Usage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

fn read(body: &[u8]) -> Result<Reply, Failure> {
    let completion: Completion = serde_json::from_slice(body).map_err(|_| Failure::Unreadable)?;
    let choice = completion.choices.into_iter().next().ok_or(Failure::Unreadable)?;
    match choice.finish_reason.as_deref() {
        Some("length") => return Err(Failure::Cut),
        Some("content_filter") => return Err(Failure::Declined),
        _ => {}
    }
    let declined = choice.message.refusal.is_some();
    let said =
        choice.message.content.ok_or(if declined { Failure::Declined } else { Failure::Unreadable })?;
    let usage = completion.usage.unwrap_or_default();
    Ok(Reply { said, prompt_tokens: usage.prompt_tokens, answer_tokens: usage.completion_tokens })
}

fn refusal(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failure {
    let says = |word: &str| memchr::memmem::find(&body.to_ascii_lowercase(), word.as_bytes()).is_some();
    match status.as_u16() {
        300..400 => Failure::Redirecting,
        429 => Failure::RateLimited(retry_after(headers)),
        // Some servers say that they are starting, or shedding load, and for how long.
        503 if retry_after(headers).is_some() => Failure::RateLimited(retry_after(headers)),
        408 | 409 | 500.. => Failure::Failing(status),
        400 | 413 | 422 if says("context_length") || says("context length") || says("context size") => {
            Failure::TooLong
        }
        400 | 422 if says("response_format") || says("json_schema") => Failure::Unknown(Part::Schema),
        400 | 422 if says("temperature") => Failure::Unknown(Part::Temperature),
        _ => Failure::Refusing(status),
    }
}

/// The seconds of `Retry-After`; its other form, a date, is rare and not worth a clock.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}
