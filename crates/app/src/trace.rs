//! What a collector is told of a request's way: spans, if the process sends any.
//!
//! Invariants:
//! - A span holds ids, choices and times: never a query, a header, a word, a token or an address of a client.
//! - Without a collector no span is made: what is left is a look at whether there is one.
//! - What happens by itself, such as a look for work, begins no trace; only a request that is no probe, an event of a socket and a job do.

use axum::http::{HeaderMap, Method};
use faff_types::UserId;
use opentelemetry::Context;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::TraceContextExt;
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing::field::Empty;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// A span of a part of what is traced. What is not, or by itself, has none.
macro_rules! step {
    ($($span:tt)*) => {
        if tracing::Span::current().is_none() {
            tracing::Span::none()
        } else {
            tracing::info_span!($($span)*)
        }
    };
}
pub(crate) use step;

/// What is asked every few seconds for as long as the server runs: among its traces nobody would find another.
const PROBES: [&str; 4] = ["/health", "/health/live", "/health/ready", "/metrics"];

/// The span of a request, which goes on with the trace that its `traceparent` tells of. Probes have none.
pub(crate) fn request(method: &Method, route: Option<&str>, id: &str, headers: &HeaderMap) -> Span {
    if route.is_some_and(|route| PROBES.contains(&route)) {
        return Span::none();
    }
    let method = known(method);
    let span = tracing::info_span!(
        parent: None,
        "request",
        otel.name = %route.map_or_else(|| method.to_owned(), |route| format!("{method} {route}")),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        request.id = id,
        user.id = Empty,
        faff.code = Empty,
        "error.type" = Empty,
    );
    if !span.is_disabled() {
        let before =
            TraceContextPropagator::new().extract_with_context(&Context::new(), &HeaderExtractor(headers));
        if before.span().span_context().is_valid() {
            // Refused only to a span that has begun.
            let _ = span.set_parent(before);
        }
    }
    span
}

/// The span of what a socket's client asks for, by the name of an event that there is.
pub(crate) fn socket(event: Option<&'static str>) -> Span {
    let event = event.unwrap_or("_OTHER");
    tracing::info_span!(
        parent: None,
        "socket",
        otel.name = %format_args!("socket {event}"),
        otel.kind = "server",
        otel.status_code = Empty,
        faff.event = event,
        user.id = Empty,
        faff.code = Empty,
        "error.type" = Empty,
    )
}

/// The span of an attempt at a job.
pub(crate) fn job(kind: &str, subject: i64, attempt: i64) -> Span {
    tracing::info_span!(
        parent: None,
        "job",
        otel.name = %format_args!("job {kind}"),
        otel.kind = "consumer",
        otel.status_code = Empty,
        faff.job.kind = kind,
        faff.job.subject = subject,
        faff.job.attempt = attempt,
        faff.code = Empty,
        "error.type" = Empty,
    )
}

/// Notes who asks.
pub(crate) fn user(id: UserId) {
    Span::current().record("user.id", id.get());
}

/// Notes that it was refused, or failed by our own fault.
pub(crate) fn refused(code: &str, by_our_fault: bool) {
    let span = Span::current();
    span.record("faff.code", code);
    if by_our_fault {
        span.record("error.type", code);
        span.record("otel.status_code", "ERROR");
    }
}

/// The trace that is under way, as other systems write its id.
pub(crate) fn id() -> Option<String> {
    let span = Span::current();
    // To ask begins the span, so it is asked only where there is one.
    if span.is_none() {
        return None;
    }
    let context = span.context();
    let trace = context.span().span_context().trace_id();
    (trace != opentelemetry::TraceId::INVALID).then(|| trace.to_string())
}

/// A method as a trace names it: one that a client made up may say anything.
fn known(method: &Method) -> &'static str {
    match crate::http::known_method(method) {
        "other" => "_OTHER",
        known => known,
    }
}
