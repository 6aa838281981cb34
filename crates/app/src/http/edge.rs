//! What wraps every request: its id, its log line, its security headers, the rendering of refusals; and that a
//! change once begun runs to its end, whether or not the client waits for it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::panic::AssertUnwindSafe;

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::FutureExt;
use tracing::{Instrument, Span};

use super::pages::SameForAll;
use super::{Code, Problem, Subject};
use crate::{App, trace};

const REQUEST_ID: &str = "x-request-id";

/// The connection's other end, put into every request by the server loop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// The layer around everything.
pub(crate) async fn wrap(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = request_id(&app, request.headers());
    if let Ok(value) = HeaderValue::from_str(&id) {
        request.headers_mut().insert(REQUEST_ID, value);
    }
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let span = trace::request(request.method(), route.as_deref(), &id, request.headers());
    answer(app, id, route, request, next).instrument(span).await
}

async fn answer(app: App, id: String, route: Option<String>, request: Request, next: Next) -> Response {
    let started = tokio::time::Instant::now();
    let method = request.method().clone();
    let trace_id = trace::id();
    let answered = if method.is_safe() {
        AssertUnwindSafe(next.run(request)).catch_unwind().await.map_err(|_| ())
    } else {
        // In a task of its own: a client that goes away cancels nothing half-way.
        tokio::spawn(next.run(request).in_current_span()).await.map_err(|_| ())
    };
    let mut response = answered.unwrap_or_else(|()| {
        axum::response::IntoResponse::into_response(Problem::internal("the handler panicked"))
    });

    let micros = || u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    Span::current().record("http.response.status_code", status);
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let (code, cause) = (problem.code().as_str(), problem.cause());
        trace::refused(code, status >= 500);
        if status >= 500 {
            tracing::error!(request_id = %id, trace_id, %method, route, status, code, cause, micros = micros(), "failed");
        } else {
            tracing::info!(request_id = %id, trace_id, %method, route, status, code, micros = micros(), "refused");
        }
        // What the layers inside have added, such as the cross-origin headers and `Allow`, stays.
        let mut headers = std::mem::take(response.headers_mut());
        headers.remove(header::CONTENT_LENGTH);
        headers.remove(header::CONTENT_TYPE);
        response = problem.render(&id);
        response.headers_mut().extend(headers);
    } else {
        tracing::debug!(request_id = %id, trace_id, %method, route, status, micros = micros(), "answered");
    }
    let same_for_all = response.extensions().get::<SameForAll>().is_some();
    add_headers(&app, &id, same_for_all, response.headers_mut());
    app.requests().count(&method, route, response.status(), started.elapsed());
    response
}

fn request_id(app: &App, headers: &HeaderMap) -> String {
    let sane = |id: &str| {
        (1..=64).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok()).filter(|id| sane(id));
    given.map_or_else(|| app.random().hex::<8>().unwrap_or_default(), ToOwned::to_owned)
}

/// Sets what an answer has not set itself.
fn add_headers(app: &App, id: &str, same_for_all: bool, headers: &mut HeaderMap) {
    const ALWAYS: [(&str, &str); 7] = [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ("cache-control", "private, no-store"),
    ];
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    let settings = app.settings();
    if settings.is_over_tls() || settings.origins.iter().any(|origin| origin.starts_with("https://")) {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.entry("strict-transport-security").or_insert(year);
    }
    if !same_for_all {
        headers.append(header::VARY, HeaderValue::from_static("authorization, cookie"));
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}

/// The answer of a path that does not exist.
pub(crate) async fn no_route(_: Anyone) -> Problem {
    Problem::new(Code::NotFound, "There is nothing at this path; see /api/docs")
}

/// The answer of a path that exists, but not with this method.
pub(crate) async fn no_method(_: Anyone) -> Problem {
    Problem::new(
        Code::MethodNotAllowed,
        "This path does not take this method; the Allow header lists those it takes",
    )
}

/// Where a request comes from, as far as it can be believed.
#[derive(Debug, Clone, Copy)]
pub struct Client {
    /// The client's address: the connection's, or what a trusted proxy says.
    pub address: IpAddr,
}

impl Client {
    pub(crate) fn of(parts: &Parts, app: &App) -> Self {
        Self::from(&parts.extensions, &parts.headers, app)
    }

    pub(crate) fn of_request(request: &Request, app: &App) -> Self {
        Self::from(request.extensions(), request.headers(), app)
    }

    fn from(extensions: &Extensions, headers: &HeaderMap, app: &App) -> Self {
        let peer = extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip());
        let trusted = |address: IpAddr| {
            app.settings().trusted_proxies.iter().any(|net| net.contains(&address.to_canonical()))
        };
        // From the right: each trusted hop vouches for the one before it, as long as it can be read.
        let lists = headers.get_all("x-forwarded-for").iter().rev();
        let mut hops = lists.flat_map(|list| list.to_str().unwrap_or_default().rsplit(','));
        let mut address = peer;
        while trusted(address)
            && let Some(hop) = hops.next().and_then(parse_hop)
        {
            address = hop;
        }
        Self { address }
    }
}

/// Reads an address of `X-Forwarded-For`, to which some proxies add a port.
fn parse_hop(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let address = bare.unwrap_or(text).parse().ok();
    address.or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

/// A request that needs no login; counted by address.
#[derive(Debug, Clone, Copy)]
pub struct Anyone {
    /// Where it comes from.
    pub client: Client,
}

impl FromRequestParts<App> for Anyone {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let client = Client::of(parts, app);
        app.limits().anonymous.count(Subject::address(client.address), app.now()).await?;
        Ok(Self { client })
    }
}
