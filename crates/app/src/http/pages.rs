//! The web client's files, from memory, as browsers want them.
//!
//! Invariants:
//! - They are the same for everybody, cost no query and tell nothing, so they are not counted against any limit.
//! - A path of the API, of files, of sockets or of health is never the client's, whatever a browser says it accepts.
//! - What a browser may keep for good has its digest in its name, below `assets/`; everything else is asked for again each
//!   time, and answered by its tag.

use std::collections::HashMap;

use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::edge::{Anyone, no_route};
use crate::App;

/// What the client's pages may do. Scripts are files of ours, and what becomes HTML goes through one of two policies: that of
/// the framework's own templates, and that of the one component that shows what the server has rendered.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; \
    connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types svelte-trusted-html faff-html";
/// What no page of ours needs.
const PERMISSIONS: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
/// The first parts of paths that are never the client's.
const NOT_OURS: [&str; 6] = ["api", "uploads", "socket.io", "health", "metrics", "assets"];
/// The page that every address of the client begins with.
const INDEX: &str = "index.html";
/// Files that a browser may keep for good.
const KEPT: &str = "assets/";

/// An answer that is the same for everybody: caches may share it, and it comes compressed already.
#[derive(Debug, Clone, Copy)]
pub(super) struct SameForAll;

/// The web client's files, by their paths; none when the server was built without it.
#[derive(Debug, Default)]
pub struct Pages(HashMap<String, File>);

#[derive(Debug)]
struct File {
    content_type: &'static str,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    digest: String,
}

impl Pages {
    /// Takes files by their paths, such as `assets/app-1a2b.js`. What ends in `.br` or `.gz` is the compressed form of the file
    /// without that ending.
    pub fn new(files: impl IntoIterator<Item = (String, Bytes)>) -> Self {
        let mut files: HashMap<String, Bytes> = files.into_iter().collect();
        let mut plain: Vec<String> = files.keys().cloned().collect();
        plain.retain(|path| !matches!(ending(path), "br" | "gz"));
        let mut pages = HashMap::with_capacity(plain.len());
        for path in plain {
            let (brotli, gzip) = (files.remove(&format!("{path}.br")), files.remove(&format!("{path}.gz")));
            let Some(plain) = files.remove(&path) else { continue };
            let digest = Sha256::digest(&plain)
                .iter()
                .take(8)
                .fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
            let content_type = content_type(&path);
            pages.insert(path, File { content_type, plain, brotli, gzip, digest });
        }
        Self(pages)
    }

    /// Whether there is a client to show.
    pub fn has_client(&self) -> bool {
        self.0.contains_key(INDEX)
    }

    /// What changes with every change of the client: the digest of its index page, which names the others by theirs.
    pub(crate) fn version(&self) -> Option<&str> {
        self.0.get(INDEX).map(|file| file.digest.as_str())
    }

    /// The file that a request is answered with; every address that is not another's begins with the index page.
    fn find(&self, path: &str, headers: &HeaderMap) -> Option<(&str, &File)> {
        let path = path.strip_prefix('/')?;
        let get = |path| self.0.get_key_value(path).map(|(path, file)| (path.as_str(), file));
        match path {
            "" => get(INDEX),
            path => get(path).or_else(|| get(INDEX).filter(|_| is_address(path) && wants_page(headers))),
        }
    }
}

/// Whether a path may be an address within the client.
fn is_address(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    !NOT_OURS.contains(&first)
}

/// Whether a browser asks for a page, rather than a program for whatever there is.
fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// Answers whatever no route is for: with the client, with a notice where there is none, or that there is nothing.
pub(super) async fn show(State(app): State<App>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    if matches!(parts.method, Method::GET | Method::HEAD) {
        if let Some((path, file)) = app.pages().find(parts.uri.path(), &parts.headers) {
            return file.answer(path, &parts);
        }
        let path = parts.uri.path().trim_start_matches('/');
        if !app.pages().has_client() && is_address(path) && wants_page(&parts.headers) {
            return notice(path.is_empty());
        }
    }
    match Anyone::from_request_parts(&mut parts, &app).await {
        Ok(anyone) => no_route(anyone).await.into_response(),
        Err(problem) => problem.into_response(),
    }
}

impl File {
    /// The form of the file that this client takes.
    fn form(&self, headers: &HeaderMap) -> (Option<&'static str>, &Bytes) {
        let takes = |coding| accepts(headers, coding);
        match (&self.brotli, &self.gzip) {
            (Some(bytes), _) if takes("br") => (Some("br"), bytes),
            (_, Some(bytes)) if takes("gzip") => (Some("gzip"), bytes),
            _ => (None, &self.plain),
        }
    }

    fn answer(&self, path: &str, parts: &Parts) -> Response {
        let (coding, bytes) = self.form(&parts.headers);
        let tag =
            format!("\"{}{}\"", self.digest, coding.map_or_else(String::new, |coding| format!("-{coding}")));
        let keep = if path.starts_with(KEPT) { "public, max-age=31536000, immutable" } else { "no-cache" };
        let known = parts.headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
        let known = known
            .is_some_and(|tags| tags.split(',').any(|known| known.trim().trim_start_matches("W/") == tag));
        let head = parts.method == Method::HEAD;
        let body = if known || head { Body::empty() } else { Body::from(bytes.clone()) };
        let mut response = Response::new(body);
        response.extensions_mut().insert(SameForAll);
        let headers = response.headers_mut();
        guard(headers);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Ok(tag) = HeaderValue::try_from(tag) {
            headers.insert(header::ETAG, tag);
        }
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        if let Some(coding) = coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    }
}

/// What holds for every file of the client; the edge adds what holds for every answer.
fn guard(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(HeaderName::from_static("permissions-policy"), HeaderValue::from_static(PERMISSIONS));
}

/// Whether a client takes a coding: `Accept-Encoding` names it, and not with the weight zero (RFC 9110, section 12.5.3).
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let lists = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|item| {
        let (name, weight) = item.split_once(';').unwrap_or((item, ""));
        let weight = weight.trim().strip_prefix("q=").map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
        name.trim().eq_ignore_ascii_case(coding) && weight > 0.0
    })
}

/// What is behind the last dot of a name.
fn ending(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// By the endings that a client's build makes.
fn content_type(path: &str) -> &'static str {
    match ending(path) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

/// The page of a server that was built without the client.
fn notice(at_root: bool) -> Response {
    const NOTICE: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
        <meta name=\"viewport\" content=\"width=device-width\">\n<title>Faff without its web client</title>\n\
        <h1>Faff runs, but was built without its web client</h1>\n\
        <p>Its API works: see <a href=\"/api/docs\">the documentation</a>.</p>\n\
        <p>To have the client, too, install Node 20.19 or newer and start the server by <code>cargo xtask run</code>, \
        which builds both.</p>\n</html>\n";
    let status = if at_root { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let mut response = (status, [(header::CONTENT_TYPE, content_type(INDEX))], NOTICE).into_response();
    guard(response.headers_mut());
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coding_is_taken_when_it_is_named_with_a_weight() {
        let takes = |list: &'static str, coding| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(list));
            accepts(&headers, coding)
        };
        assert!(takes("gzip, deflate, br", "br") && takes("BR;q=0.1", "br") && takes("x, gzip;q=1", "gzip"));
        for list in ["", "gzip", "br;q=0", "br;q=0.000", "br;q=x", "brotli", "*"] {
            assert!(!takes(list, "br"), "{list}");
        }
        assert!(!accepts(&HeaderMap::new(), "gzip"));
    }

    #[test]
    fn a_path_of_another_is_never_an_address_of_the_client() {
        for path in [
            "api",
            "api/nothing",
            "uploads/messages/x",
            "socket.io/",
            "health",
            "health/x",
            "metrics",
            "assets/x.js",
        ] {
            assert!(!is_address(path), "{path}");
        }
        for path in ["tickets", "t/812", "t/812/thread/4", "apiary", "admin/users", "a.b"] {
            assert!(is_address(path), "{path}");
        }
    }
}
