//! What the application's edge does to every request, done again: its own layers are not public.

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use faff_app::App;
use faff_types::Random;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::cors::CorsLayer;

/// The routes within layers like the application's.
pub(crate) fn layer(app: &App, routes: Router<App>) -> Router {
    let compression = CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(SizeAbove::new(1024).and(NotForContentType::IMAGES));
    routes
        .with_state(app.clone())
        .layer(CorsLayer::new())
        .layer(from_fn_with_state(app.clone(), wrap))
        .layer(compression)
}

async fn wrap(State(_): State<App>, mut request: Request, next: Next) -> Response {
    let id = Random.hex::<8>().unwrap_or_default();
    let value = HeaderValue::from_str(&id).ok();
    if let Some(value) = &value {
        request.headers_mut().insert("x-request-id", value.clone());
    }
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let mut response = if request.method().is_safe() {
        next.run(request).await
    } else {
        tokio::spawn(next.run(request)).await.unwrap_or_default()
    };
    drop(route);
    let headers = response.headers_mut();
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ("cache-control", "private, no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.append(header::VARY, HeaderValue::from_static("authorization, cookie"));
    if let Some(value) = value {
        headers.insert("x-request-id", value);
    }
    response
}
