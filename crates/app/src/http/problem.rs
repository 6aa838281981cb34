//! Everything that an answer can refuse with: one shape, stable codes.

use std::borrow::Cow;
use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use faff_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $code:literal, $status:ident;)+) => {
        /// Why a request was refused. The codes are stable: programs may decide by them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code { $($(#[doc = $doc])+ $variant),+ }
        impl Code {
            /// The code on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
            /// The status that goes with it.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status),+ }
            }
            /// Each code with its status and its meaning, for the documentation.
            pub const ALL: &'static [(&'static str, StatusCode, &'static str)] =
                &[$(($code, StatusCode::$status, concat!($($doc),+))),+];
        }
    };
}

codes! {
    /// A value is missing, unknown, of the wrong kind or out of range; `fields` says which.
    Validation = "validation_failed", BAD_REQUEST;
    /// The body is not JSON.
    MalformedJson = "malformed_json", BAD_REQUEST;
    /// The body is not a form in parts.
    MalformedForm = "malformed_form", BAD_REQUEST;
    /// An id in the path is not an integer from 1 to 2^53-1.
    InvalidId = "invalid_id", BAD_REQUEST;
    /// The cursor is not one that this list gave out for this query.
    InvalidCursor = "invalid_cursor", BAD_REQUEST;
    /// The request line, a header or the body's framing is not valid.
    BadRequest = "bad_request", BAD_REQUEST;
    /// No login, or one that has ended.
    Unauthenticated = "unauthenticated", UNAUTHORIZED;
    /// Unknown e-mail address or wrong password; which of them is not told.
    InvalidCredentials = "invalid_credentials", UNAUTHORIZED;
    /// You may see it, but not do this to it.
    Forbidden = "forbidden", FORBIDDEN;
    /// A write by session cookie lacks the `X-Faff-CSRF` header.
    CsrfHeaderMissing = "csrf_header_missing", FORBIDDEN;
    /// Accounts are not open to everyone here.
    RegistrationClosed = "registration_closed", FORBIDDEN;
    /// The invitation was used, has expired, was withdrawn, or is for another address.
    InvitationInvalid = "invitation_invalid", FORBIDDEN;
    /// A page of this origin may not open sockets here.
    OriginForbidden = "origin_forbidden", FORBIDDEN;
    /// Join the task first.
    NotJoined = "not_joined", FORBIDDEN;
    /// You have as many views as anybody may have; delete some.
    TooManyViews = "too_many_views", CONFLICT;
    /// A socket is in as many rooms as it may be; leave some.
    TooManyJoined = "too_many_joined", CONFLICT;
    /// There is no event of this name.
    UnknownEvent = "unknown_event", BAD_REQUEST;
    /// It does not exist, or not for you.
    NotFound = "not_found", NOT_FOUND;
    /// The path exists, but not with this method.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED;
    /// The body did not arrive in time.
    RequestTimeout = "request_timeout", REQUEST_TIMEOUT;
    /// There is an account with this e-mail address.
    EmailTaken = "email_taken", CONFLICT;
    /// Somebody changed it since you read it; read it again.
    VersionConflict = "version_conflict", CONFLICT;
    /// There must remain one active administrator.
    LastAdministrator = "last_administrator", CONFLICT;
    /// There is an administrator already, so the set-up link is void.
    AlreadySetUp = "already_set_up", CONFLICT;
    /// The message was deleted meanwhile.
    MessageDeleted = "message_deleted", CONFLICT;
    /// The review was decided meanwhile; read it again.
    ReviewDecided = "review_decided", CONFLICT;
    /// Another review of the message is open.
    ReviewOpen = "review_open", CONFLICT;
    /// No machine has said yet what it thinks of the message.
    AnalysisMissing = "analysis_missing", CONFLICT;
    /// The message was edited since a machine said what it thinks of it.
    AnalysisOutdated = "analysis_outdated", CONFLICT;
    /// The body is larger than allowed.
    TooLarge = "too_large", PAYLOAD_TOO_LARGE;
    /// A file is larger than allowed; nothing was stored.
    FileTooLarge = "file_too_large", PAYLOAD_TOO_LARGE;
    /// There are more files than allowed; nothing was stored.
    TooManyFiles = "too_many_files", PAYLOAD_TOO_LARGE;
    /// A file is, by its content, of a kind that is not taken; nothing was stored.
    UnsupportedFileType = "unsupported_file_type", UNSUPPORTED_MEDIA_TYPE;
    /// The file has no such part; `Content-Range` says how long it is.
    RangeNotSatisfiable = "range_not_satisfiable", RANGE_NOT_SATISFIABLE;
    /// The body must be JSON, or a form where files are taken, uncompressed.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE;
    /// This key was used for another request before.
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY;
    /// Too many requests; wait as long as `Retry-After` says.
    RateLimited = "rate_limited", TOO_MANY_REQUESTS;
    /// What was asked for could not be done: whoever worked on it ended before.
    WorkerLost = "worker_lost", SERVICE_UNAVAILABLE;
    /// A fault of the server. It is in the log under the request id.
    Internal = "internal", INTERNAL_SERVER_ERROR;
    /// Too much at once; try again shortly.
    Busy = "busy", SERVICE_UNAVAILABLE;
    /// The database cannot be reached; try again shortly.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE;
    /// Files cannot be reached; try again shortly.
    StorageUnavailable = "storage_unavailable", SERVICE_UNAVAILABLE;
    /// The file is there, but cannot be opened: the server was not given its key, or the file is damaged.
    FileUnreadable = "file_unreadable", INTERNAL_SERVER_ERROR;
    /// The disk is full; nothing was stored.
    StorageFull = "storage_full", SERVICE_UNAVAILABLE;
    /// The language model's endpoint cannot be reached or fails; try again later.
    AiUnavailable = "ai_unavailable", SERVICE_UNAVAILABLE;
    /// The language model has not answered in time; try again later.
    AiTimeout = "ai_timeout", SERVICE_UNAVAILABLE;
    /// The language model's endpoint has had too many requests; try again later.
    AiRateLimited = "ai_rate_limited", SERVICE_UNAVAILABLE;
    /// The language model's endpoint does not take our requests, or the model declines: something is to be mended first.
    AiRefused = "ai_refused", SERVICE_UNAVAILABLE;
    /// The language model's answer is not what it was asked for; nothing of it was kept.
    AiAnswerInvalid = "ai_answer_invalid", SERVICE_UNAVAILABLE;
    /// This is longer than the language model can look at.
    AiTooLong = "ai_too_long", SERVICE_UNAVAILABLE;
}

/// A refusal on its way to the client. The edge renders it, adds the request id, and logs what is internal.
#[derive(Debug, Clone)]
pub struct Problem {
    code: Code,
    message: Cow<'static, str>,
    fields: Vec<FieldProblem>,
    retry_after: Option<u64>,
    headers: Vec<(&'static str, String)>,
    cause: Option<Arc<str>>,
}

/// What is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field's name as sent.
    #[schema(example = "title")]
    pub field: String,
    /// What is wrong with it: `required`, `unknown`, `type`, `length`, `range`, `format`, `choice`, `reference`.
    #[schema(example = "length")]
    pub code: &'static str,
    /// The same for people.
    #[schema(example = "Title must have 1 to 255 characters")]
    pub message: String,
}

/// The body of every answer that refuses.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProblemBody<'a> {
    /// What went wrong and what to do, for people.
    #[schema(example = "Title must have 1 to 255 characters")]
    error: &'a str,
    /// The same as `error`.
    message: &'a str,
    /// `fail` for 4xx, `error` for 5xx.
    #[schema(example = "fail")]
    status: &'static str,
    /// What went wrong, for programs.
    #[schema(example = "validation_failed")]
    code: &'static str,
    /// The request, in the server's log.
    request_id: &'a str,
    /// The fields that are wrong; empty when it is not about fields.
    fields: &'a [FieldProblem],
}

impl Problem {
    /// A refusal with a message for people.
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            message: message.into(),
            fields: Vec::new(),
            retry_after: None,
            headers: Vec::new(),
            cause: None,
        }
    }

    /// Refused values.
    pub fn fields(fields: Vec<FieldProblem>) -> Self {
        let message = fields.first().map_or_else(String::new, |field| field.message.clone());
        Self { fields, ..Self::new(Code::Validation, message) }
    }

    /// One refused value.
    pub fn field(field: &str, code: &'static str, message: impl Into<String>) -> Self {
        Self::fields(vec![FieldProblem { field: field.to_owned(), code, message: message.into() }])
    }

    /// No login, or one that has ended.
    pub fn unauthenticated() -> Self {
        Self::new(Code::Unauthenticated, "Log in first: the token is missing, wrong, expired or revoked")
            .with_header("www-authenticate", "Bearer".to_owned())
    }

    /// It does not exist, or not for this caller; which of them is not told.
    pub fn not_found(what: &'static str) -> Self {
        Self::new(Code::NotFound, format!("{what} not found"))
    }

    /// Visible but not allowed.
    pub fn forbidden(message: &'static str) -> Self {
        Self::new(Code::Forbidden, message)
    }

    /// A fault of ours. The client sees nothing of the cause; the log holds it once.
    #[expect(clippy::needless_pass_by_value, reason = "so that it fits `map_err`")]
    pub fn internal(cause: impl ToString) -> Self {
        Self { cause: Some(cause.to_string().into()), ..Self::new(Code::Internal, "Internal server error") }
    }

    /// Come back in `seconds`.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// A header that belongs to this refusal.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Why, for programs.
    pub const fn code(&self) -> Code {
        self.code
    }

    /// Why, for people.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// How many seconds to wait before another attempt.
    pub const fn retry_after(&self) -> Option<u64> {
        self.retry_after
    }

    /// What is not for the client but for the log.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The answer, in full.
    pub(crate) fn render(&self, request_id: &str) -> Response {
        let status = self.code.status();
        let body = ProblemBody {
            error: &self.message,
            message: &self.message,
            status: if status.is_server_error() { "error" } else { "fail" },
            code: self.code.as_str(),
            request_id,
            fields: &self.fields,
        };
        let mut response = (status, axum::Json(body)).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        for (name, value) in &self.headers {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(*name, value);
            }
        }
        response
    }
}

impl IntoResponse for Problem {
    /// A bare status that carries the problem; the edge makes the answer of it.
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let (code, message) = match &error {
            StoreError::Busy(_) | StoreError::Conflict(_) => {
                (Code::Busy, "Too much at once; try again shortly")
            }
            StoreError::Unavailable(_) => {
                (Code::Unavailable, "The database cannot be reached; try again shortly")
            }
            StoreError::Full(_) => (Code::StorageFull, "The server's disk is full; nothing was stored"),
            _ => return Self::internal(error),
        };
        Self { cause: Some(error.to_string().into()), ..Self::new(code, message).with_retry_after(1) }
    }
}
