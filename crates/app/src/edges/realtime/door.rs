//! The way in: who may open a connection, before anything is known of them.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use faff_socketio::{Config, Server};
use faff_types::Secret;

use super::live::Live;
use super::strangers::Stranger;
use crate::App;
use crate::access::{credentials, session_cookie};
use crate::http::{Client, Code, Problem};

/// What is known of a client from its first request.
#[derive(Debug)]
pub(crate) struct Handshake {
    pub(super) address: IpAddr,
    /// The session cookie of a page that may ask, or an `Authorization` header; `auth.token` counts before it.
    pub(super) token: Option<Secret>,
    /// Its place among those who are not logged in; given up at login.
    pub(super) stranger: Mutex<Option<Stranger>>,
}

/// The route of Socket.IO.
pub(crate) fn router(app: &App) -> Router<App> {
    let server = Server::new(Live::new(app.clone()), Config::default());
    // A second router of the same application would be drained with its process.
    let _ = app.realtime().server.set(Arc::downgrade(&server));
    let handler = move |State(app): State<App>, request: Request| answer(app, server, request);
    Router::new().route("/socket.io/", any(handler))
}

async fn answer(app: App, server: Arc<Server<Live>>, request: Request) -> Response {
    if !may_ask(request.headers(), &app.settings().origins) {
        let message = "Sockets of this origin are not allowed; FRONTEND_URL names those that are";
        return Problem::new(Code::OriginForbidden, message).into_response();
    }
    server.answer(request, |request| open(&app, request)).await
}

/// A browser names the page that asks. Only our own pages, and those of the origins in the settings, may: the browser
/// sends our cookie along with a WebSocket of any page.
fn may_ask(headers: &HeaderMap, allowed: &[String]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let own = origin.split_once("://").is_some_and(|(scheme, authority)| {
        matches!(scheme, "http" | "https") && Some(authority) == host && !authority.is_empty()
    });
    own || allowed.iter().any(|allowed| allowed == origin)
}

/// Whether a browser says that a page asks which may ([`may_ask`] has looked at whose). It names the origin with every
/// WebSocket and every POST; with a GET to its own origin, by which polling begins, it only says that it is the same.
fn is_page(headers: &HeaderMap) -> bool {
    let same = |site: &HeaderValue| site.as_bytes() == b"same-origin";
    headers.contains_key(header::ORIGIN) || headers.get("sec-fetch-site").is_some_and(same)
}

fn open(app: &App, request: &Request) -> Result<Handshake, Box<Response>> {
    let address = Client::of_request(request, app).address;
    let Some(stranger) = app.realtime().rooms.strangers.admit(address) else {
        let message = "Too many connections of your address are not logged in yet";
        let problem = Problem::new(Code::RateLimited, message).with_retry_after(10);
        return Err(Box::new(problem.into_response()));
    };
    let credentials = credentials(request.headers(), session_cookie(app));
    let token = credentials.filter(|(_, by_cookie)| !by_cookie || is_page(request.headers()));
    let token = token.map(|(token, _)| Secret::new(token.to_owned()));
    Ok(Handshake { address, token, stranger: Mutex::new(Some(stranger)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_pages_may_ask() {
        let asks = |origin: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("faff.example:3000"));
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            may_ask(&headers, &["https://app.example".to_owned()])
        };
        for good in [
            None,
            Some("http://faff.example:3000"),
            Some("https://faff.example:3000"),
            Some("https://app.example"),
        ] {
            assert!(asks(good), "{good:?}");
        }
        for bad in [
            "null",
            "",
            "http://faff.example",
            "http://faff.example:3000.evil.example",
            "https://app.example.evil.example",
            "http://app.example",
            "https://evil.example/faff.example:3000",
            "file://faff.example:3000",
            "faff.example:3000",
        ] {
            assert!(!asks(Some(bad)), "{bad:?}");
        }
    }
}
