//! JSON bodies, with refusals that say which field and why.

use std::time::Duration;

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Code, FieldProblem, Problem};

/// A JSON body at most, in bytes: 20,000 characters, each escaped as a surrogate pair, and something around them.
pub const MAX_BODY: usize = 256 * 1024;
/// Of a field's name that we do not know, this much is repeated.
const LONGEST_NAME: usize = 64;
/// Most answers have fewer bytes than this; the buffer of a longer one grows by doubling.
const USUAL: usize = 4096;
/// A body must have arrived within this time.
const ARRIVAL: Duration = Duration::from_secs(20);

/// A JSON body: of a request, read strictly; of an answer.
#[derive(Debug, Clone)]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        let mut body = Vec::with_capacity(USUAL);
        match serde_json::to_writer(&mut body, &self.0) {
            Ok(()) => {
                let json = HeaderValue::from_static("application/json");
                ([(header::CONTENT_TYPE, json)], body).into_response()
            }
            Err(error) => Problem::internal(error).into_response(),
        }
    }
}

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let bytes = read(request).await?;
        parse(&bytes).map(Self)
    }
}

/// Reads a body that must be JSON, whole.
pub(crate) async fn read(request: Request) -> Result<axum::body::Bytes, Problem> {
    check_headers(request.headers())?;
    let body = Limited::new(request.into_body(), MAX_BODY);
    let collected = tokio::time::timeout(ARRIVAL, body.collect()).await.map_err(|_| {
        Problem::new(
            Code::RequestTimeout,
            format!("The body did not arrive within {} seconds", ARRIVAL.as_secs()),
        )
    })?;
    match collected {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(_) => Err(Problem::new(Code::BadRequest, "The body did not arrive whole")),
    }
}

fn too_large() -> Problem {
    Problem::new(Code::TooLarge, format!("The body is larger than {MAX_BODY} bytes"))
}

fn check_headers(headers: &HeaderMap) -> Result<(), Problem> {
    let unsupported = |message: &'static str| Err(Problem::new(Code::UnsupportedMediaType, message));
    let content_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return unsupported("Send the body as JSON, with the header Content-Type: application/json");
    }
    if headers.get(header::CONTENT_ENCODING).is_some_and(|value| value != "identity") {
        return unsupported("Send the body uncompressed");
    }
    let length =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > MAX_BODY) { Err(too_large()) } else { Ok(()) }
}

/// Reads JSON strictly: unknown, missing and mistyped fields are named.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // serde would take an array for a struct, field by field.
    if bytes.trim_ascii_start().first().is_some_and(|first| *first != b'{') && is_json(bytes) {
        return Err(Problem::field("body", "type", "The body must be a JSON object"));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| describe(&error, bytes))?;
    json.end().map_err(|_| Problem::new(Code::MalformedJson, "There is something behind the JSON body"))?;
    Ok(value)
}

fn is_json(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok()
}

fn describe(error: &serde_path_to_error::Error<serde_json::Error>, bytes: &[u8]) -> Problem {
    let inner = error.inner();
    // What serde_json calls bad syntax may be JSON: a number where a word should be, half of a surrogate pair.
    let misfit = !inner.is_data();
    if misfit && !is_json(bytes) {
        return Problem::new(Code::MalformedJson, format!("The body is not valid JSON: {inner}"));
    }
    let text = inner.to_string();
    // serde ends its messages with the place, which the field's name tells better.
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
    let named = text.split('`').nth(1).unwrap_or_default();
    let named: String = named.chars().take(LONGEST_NAME).collect();
    let (field, code, message) = if text.starts_with("unknown field") {
        (named.clone(), "unknown", format!("There is no field {named:?} here"))
    } else if text.starts_with("missing field") {
        (named.clone(), "required", format!("The field {named:?} is missing"))
    } else if text.starts_with("duplicate field") {
        (named.clone(), "duplicate", format!("The field {named:?} comes twice"))
    } else {
        let path = error.path().to_string();
        let field = if path == "." { "body".to_owned() } else { path };
        let code = match text {
            _ if text.starts_with("unknown variant") => "choice",
            _ if misfit && text != "expected value" => "format",
            _ => "type",
        };
        // What was sent may be a secret, or long: only what should have been is told.
        let message = match text.rsplit_once(", expected ") {
            Some((_, expected)) => format!("{field}: expected {expected}"),
            None => format!("{field}: {text}"),
        };
        (field, code, message)
    };
    Problem::fields(vec![FieldProblem { field, code, message }])
}
