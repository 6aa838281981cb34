//! The HTTP edge: what is true of every request and every answer, whatever it is about.

mod body;
mod cursor;
mod edge;
pub mod idempotency;
mod limits;
pub mod mention;
mod openapi;
mod pages;
mod problem;
mod query;
mod requests;
mod rest;
mod serve;
mod sql;
pub mod text;
mod tls;

use axum::Router;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::cors::{AllowOrigin, CorsLayer};
use utoipa_axum::router::OpenApiRouter;

use crate::App;

pub use body::{Json, MAX_BODY};
pub use cursor::{Cursor, Limit};
pub use edge::{Anyone, Client};
pub(crate) use limits::Limiter;
pub use limits::{Limits, Subject};
pub use pages::Pages;
pub use problem::{Code, FieldProblem, Problem, ProblemBody};
pub use query::{Path, Query, no_page};
pub(crate) use requests::{Requests, known as known_method};
pub use serve::{DRAIN, serve, serve_over};
pub use tls::{Certificate, Tls};

/// Puts the layers around the routes. From the outside in: compression, the edge (request id, log, security
/// headers, problems rendered, panics caught), cross-origin rules, routes.
pub(crate) fn build(
    app: &App,
    routes: OpenApiRouter<App>,
    others: Router<App>,
) -> (Router, utoipa::openapi::OpenApi) {
    let (router, description) = routes.split_for_parts();
    let description = openapi::complete(description);
    let router = router.merge(openapi::pages(&description)).merge(others);
    (layer(app, router), description)
}

/// The same layers around other routes: for what is measured or tested beside ours.
pub fn layer(app: &App, routes: Router<App>) -> Router {
    routes
        .fallback(pages::show)
        .method_not_allowed_fallback(edge::no_method)
        .with_state(app.clone())
        .layer(tower::util::option_layer(cross_origin(&app.settings().origins)))
        .layer(axum::middleware::from_fn_with_state(app.clone(), edge::wrap))
        .layer(compression())
}

/// Browsers of these exact origins may call; with none, only our own pages may.
fn cross_origin(origins: &[String]) -> Option<CorsLayer> {
    let origins: Vec<HeaderValue> = origins.iter().filter_map(|origin| origin.parse().ok()).collect();
    if origins.is_empty() {
        return None;
    }
    let request_id = HeaderName::from_static("x-request-id");
    let layer = CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("idempotency-key"),
            request_id.clone(),
        ])
        .expose_headers([request_id, header::RETRY_AFTER, HeaderName::from_static("idempotency-replayed")])
        .max_age(std::time::Duration::from_mins(10));
    Some(layer)
}

/// A part of a file is a part of what is stored; the client's files are compressed once, when it is built.
fn is_no_file(_: StatusCode, _: Version, headers: &HeaderMap, extensions: &Extensions) -> bool {
    !headers.contains_key(header::ACCEPT_RANGES) && extensions.get::<pages::SameForAll>().is_none()
}

fn compression() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(SizeAbove::new(1024).and(NotForContentType::IMAGES).and(is_no_file))
}
