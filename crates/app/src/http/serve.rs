//! The server loop: connections with time limits, and an end in good order.

use std::convert::Infallible;
use std::future::Future;
use std::io::ErrorKind;
use std::time::Duration;

use axum::Router;
use axum::http::header::{CONNECTION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::IntoResponse;
use faff_socketio::Connection;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tower::ServiceExt;

use super::edge::Peer;
use super::rest::Rest;
use super::tls::Tls;

/// How long requests in flight may take to end once the server was told to stop.
pub const DRAIN: Duration = Duration::from_secs(8);
/// A request's headers must have arrived within this time; also how long an idle connection is kept.
const HEADERS: Duration = Duration::from_secs(30);
/// How long a connection may take to shake hands, where TLS is spoken.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Headers of one request, in bytes and in number.
const HEADER_BYTES: usize = 32 * 1024;
const HEADER_COUNT: usize = 100;
/// How long what was sent may stay unacknowledged, or the other end's window closed, before the connection is cut. It also
/// ends connections to hosts that have vanished.
#[cfg(target_os = "linux")]
const UNACKNOWLEDGED: Duration = Duration::from_secs(15);

/// Serves until `stop` is ready, then lets the requests in flight end, for as long as [`DRAIN`].
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    serve_over(None, listener, router, stop).await;
}

/// The same over TLS, if there is a certificate.
pub async fn serve_over(
    tls: Option<Tls>,
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()>,
) {
    let instead = Router::new().fallback(speak_tls);
    let (stopping, told) = watch::channel(());
    // Each connection holds one end; when the last has gone, all have.
    let (alive, mut all_gone) = mpsc::channel::<Infallible>(1);
    tokio::pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, most likely: wait for some to come back.
                    if !matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) {
                        tracing::error!(%error, "no connection could be accepted");
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                    continue;
                }
            },
            () = &mut stop => break,
        };
        prepare(&stream);
        let (router, mut told, alive) = (router.clone(), told.clone(), alive.clone());
        let (tls, instead) = (tls.clone(), instead.clone());
        // All of it here, hands included: whoever says nothing holds up nobody else.
        tokio::spawn(async move {
            match tls {
                None => connection(Connection::Plain(stream), Peer(peer), router, told).await,
                Some(tls) => match begin(&tls, stream, &mut told).await {
                    Some(stream @ Connection::Tls(_)) => connection(stream, Peer(peer), router, told).await,
                    Some(stream) => connection(stream, Peer(peer), instead, told).await,
                    None => {}
                },
            }
            drop(alive);
        });
    }
    drop((listener, stopping, alive));
    if tokio::time::timeout(DRAIN, all_gone.recv()).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
}

/// Shakes hands, unless the server is told to stop meanwhile. Who speaks without TLS is passed on as they are.
async fn begin(tls: &Tls, stream: TcpStream, told: &mut watch::Receiver<()>) -> Option<Connection> {
    let begun = tokio::select! {
        begun = tokio::time::timeout(HANDSHAKE, tls.accept(stream)) => begun,
        _ = told.changed() => return None,
    };
    let why = match begun {
        Ok(Ok(begun)) => return begun,
        Ok(Err(error)) => error.to_string(),
        Err(_) => "it took too long".to_owned(),
    };
    tls.count_failed();
    tracing::debug!(why, "a connection did not come about");
    None
}

/// What is answered to HTTP where TLS is spoken. No redirection: what was sent has been in the clear by now, a token too, and
/// would be again at the next request.
async fn speak_tls() -> impl IntoResponse {
    let headers = [(CONNECTION, "close"), (CONTENT_TYPE, "text/plain; charset=utf-8")];
    (StatusCode::BAD_REQUEST, headers, "This port speaks HTTPS only; ask by https://\n")
}

/// Serves one connection until it ends, or becomes a WebSocket.
async fn connection(stream: Connection, peer: Peer, router: Router, mut told: watch::Receiver<()>) {
    let rest = Rest::default();
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let (mut request, may_read) = rest.watch(request);
        request.extensions_mut().insert(peer);
        let (router, rest) = (router.clone(), rest.clone());
        async move {
            let mut response = router.oneshot(request).await.unwrap_or_else(|never| match never {});
            if !rest.is_read(may_read).await {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, Infallible>(response)
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .max_buf_size(HEADER_BYTES)
        .max_headers(HEADER_COUNT)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        // Fails once the server was told to stop.
        _ = told.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended badly");
    }
}

/// Sets what the system does not do by itself. A refusal costs speed or memory, not correctness.
fn prepare(stream: &TcpStream) {
    // Without it, a second small write waits for the client's acknowledgement of the first.
    #[cfg_attr(not(target_os = "linux"), expect(unused_mut, reason = "only Linux has more to set"))]
    let mut set = stream.set_nodelay(true);
    #[cfg(target_os = "linux")]
    if set.is_ok() {
        set = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(UNACKNOWLEDGED));
    }
    if let Err(error) = set {
        tracing::debug!(%error, "an option of a connection was refused");
    }
}
