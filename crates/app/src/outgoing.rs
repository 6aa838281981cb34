//! Requests to other servers: over HTTP/1.1, with TLS by rustls and ring, and with a limit to every wait.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{Request, Response};
use bytes::Bytes;
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::{Body, Incoming};
use hyper_rustls::{ConfigBuilderExt, HttpsConnector};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::{Connect, HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;
use tower_http::timeout::TimeoutBody;
use tracing::Instrument;

use crate::trace::step;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);
/// How long the next bytes of an answer may take.
const BYTES: Duration = Duration::from_secs(30);
/// How long a connection waits for another request.
const IDLE: Duration = Duration::from_secs(30);

/// Whatever went wrong.
pub type Fault = Box<dyn Error + Send + Sync>;
/// A body to send.
pub type Sending = UnsyncBoxBody<Bytes, Fault>;
/// A body that comes.
pub type Coming = TimeoutBody<Incoming>;

/// Sends requests, and keeps connections for the next ones.
#[derive(Debug, Clone)]
pub struct Client(Pool<HttpsConnector<HttpConnector>, Sending>);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The server cannot be reached.
    #[error("no connection: {0}")]
    Connect(Fault),
    /// It did not answer in time. Whether it did what it was asked is unknown.
    #[error("no answer in time")]
    Late,
    /// The connection broke. Whether it did what it was asked is unknown.
    #[error("the connection broke: {0}")]
    Broken(Fault),
}

/// Connections, found by `tcp`, that wait for further requests; with `tls`, to servers with a certificate that the system
/// trusts: so a company's own count, and none grows old in the binary.
///
/// # Errors
/// With `tls`, when the system has no certificates of authorities.
pub(crate) fn pool<R, B>(
    mut tcp: HttpConnector<R>,
    tls: bool,
) -> std::io::Result<Pool<HttpsConnector<HttpConnector<R>>, B>>
where
    HttpsConnector<HttpConnector<R>>: Connect + Clone,
    B: Body<Data: Send> + Send,
{
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(std::io::Error::other)?;
    let config = if tls {
        config.with_native_roots()?
    } else {
        // Never used, and reading the system's certificates takes a moment.
        config.with_root_certificates(rustls::RootCertStore::empty())
    };
    tcp.set_connect_timeout(Some(CONNECT));
    tcp.set_nodelay(true);
    tcp.enforce_http(false);
    let connector = hyper_rustls::HttpsConnectorBuilder::new()
        .with_tls_config(config.with_no_client_auth())
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp);
    Ok(Pool::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .build(connector))
}

impl Client {
    /// A client; with `tls`, for servers with a certificate that the system trusts.
    ///
    /// # Errors
    /// With `tls`, when the system has no certificates of authorities.
    pub fn new(tls: bool) -> std::io::Result<Self> {
        Ok(Self(pool(HttpConnector::new(), tls)?))
    }

    /// Sends a request. The answer must begin within `patience`, and then keep coming.
    pub async fn send<B>(&self, request: Request<B>, patience: Duration) -> Result<Response<Coming>, Failure>
    where
        B: Body<Data = Bytes, Error: Into<Fault>> + Send + 'static,
    {
        // Its path may name what nobody else is to know of.
        let span = step!(
            "send",
            otel.kind = "client",
            http.request.method = request.method().as_str(),
            server.address = request.uri().host(),
            http.response.status_code = tracing::field::Empty,
        );
        let request = request.map(|body| body.map_err(Into::into).boxed_unsync());
        let answer = tokio::time::timeout(patience, self.0.request(request)).instrument(span.clone()).await;
        if let Ok(Ok(answer)) = &answer {
            span.record("http.response.status_code", answer.status().as_u16());
        }
        match answer {
            Ok(Ok(answer)) => Ok(answer.map(|body| TimeoutBody::new(BYTES, body))),
            Ok(Err(error)) if error.is_connect() => Err(Failure::Connect(error.into())),
            Ok(Err(error)) => Err(Failure::Broken(error.into())),
            Err(_) => Err(Failure::Late),
        }
    }
}
