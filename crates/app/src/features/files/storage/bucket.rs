//! A bucket of a server that speaks S3. An object is one request whose address is signed together with the SHA-256 of what
//! comes: the server itself refuses what does not fit, and has it whole or not at all.

use std::io::SeekFrom;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use faff_types::Secret;
use futures_util::{Stream, TryStreamExt, stream};
use http_body_util::{BodyExt, Limited, StreamBody};
use hyper::body::Frame;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::client::{
    ClientOptions, HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse,
    HttpResponseBody, HttpService,
};
use object_store::path::Path as Key;
use object_store::signer::{SignedUrlOptions, Signer};
use object_store::{ObjectStore, RetryConfig};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio::sync::Semaphore;

use super::{away, full, of_disk, refused};
use crate::http::Problem;
use crate::outgoing::{Client, Coming, Failure};

/// What is read of a file at once, in bytes.
const CHUNK: usize = 64 * 1024;
/// Objects on their way to the server at once; each holds a few chunks and a connection.
const TRANSFERS: usize = 8;
/// How often an object is sent, at most.
const ATTEMPTS: u32 = 3;
/// How long one attempt may take, and any other answer may take to begin.
const SENDING: Duration = Duration::from_mins(2);
const ANSWER: Duration = Duration::from_secs(20);
/// For how long the address of an object that is sent is good.
const SIGNED: Duration = Duration::from_mins(5);
/// The pause before an object is sent again.
const PAUSE: Duration = Duration::from_millis(200);
/// Of an answer that refuses, this much is logged.
const REASON: usize = 4 * 1024;
const CHECKSUM: HeaderName = HeaderName::from_static("x-amz-checksum-sha256");

/// A bucket, and how to get in.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// What names of objects begin with, without slashes at its ends; empty for nothing.
    pub prefix: String,
    /// Where it is, such as `eu-central-1`.
    pub region: String,
    /// The server's address, if it is not Amazon's.
    pub endpoint: Option<String>,
    /// The name of the key.
    pub key_id: String,
    /// The key.
    pub secret: Secret,
    /// What goes with a key that is only good for a while.
    pub session_token: Option<Secret>,
}

/// Why the store of files cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// It does not let us in: what it was told by the settings is wrong.
    #[error("{0}")]
    Refused(String),
    /// It cannot be reached, which may pass.
    #[error("{0}")]
    Away(String),
}

/// The server of a bucket.
#[derive(Debug)]
pub(super) struct Server {
    store: Arc<AmazonS3>,
    client: Client,
    prefix: Key,
    spool: PathBuf,
    turns: Semaphore,
}

impl Server {
    pub(super) fn new(bucket: &Bucket, spool: &Path) -> std::io::Result<Self> {
        let tls = bucket.endpoint.as_deref().is_none_or(|endpoint| endpoint.starts_with("https://"));
        let client = Client::new(tls)?;
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&bucket.name)
            .with_region(&bucket.region)
            .with_access_key_id(&bucket.key_id)
            .with_secret_access_key(bucket.secret.reveal())
            .with_allow_http(!tls)
            .with_retry(RetryConfig {
                max_retries: 3,
                retry_timeout: Duration::from_secs(20),
                ..RetryConfig::default()
            })
            .with_http_connector(Connector(client.clone()));
        if let Some(endpoint) = &bucket.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        if let Some(token) = &bucket.session_token {
            builder = builder.with_token(token.reveal());
        }
        let store = builder.build().map_err(std::io::Error::other)?;
        let prefix = Key::from(bucket.prefix.as_str());
        let turns = Semaphore::new(TRANSFERS);
        Ok(Self { store: Arc::new(store), client, prefix, spool: spool.to_owned(), turns })
    }

    pub(super) fn store(&self) -> Arc<dyn ObjectStore> {
        self.store.clone()
    }

    pub(super) fn spool(&self) -> &Path {
        &self.spool
    }

    /// What all names begin with, if they do.
    pub(super) fn prefix(&self) -> Option<&Key> {
        (!self.prefix.as_ref().is_empty()).then_some(&self.prefix)
    }

    /// The key of a name, which may be one that is not ours, but was listed.
    pub(super) fn key(&self, name: &str) -> Key {
        let key = format!("{}/{name}", self.prefix);
        Key::parse(&key).unwrap_or_else(|_| Key::from(key))
    }

    /// The name that has this key.
    pub(super) fn name(&self, key: &Key) -> String {
        let key = key.as_ref();
        let name = key.strip_prefix(self.prefix.as_ref()).unwrap_or(key);
        name.trim_start_matches('/').to_owned()
    }

    /// Sends an object of this size and SHA-256.
    pub(super) async fn send(
        &self,
        name: &str,
        file: &std::fs::File,
        size: u64,
        digest: &[u8; 32],
    ) -> Result<(), Problem> {
        let _turn = self.turns.acquire().await.map_err(Problem::internal)?;
        let key = self.key(name);
        let checksum = HeaderValue::try_from(STANDARD.encode(digest)).map_err(Problem::internal)?;
        let signed = SignedUrlOptions::default().with_signed_header(CHECKSUM, checksum.clone());
        for attempt in 1..=ATTEMPTS {
            let url = self.store.signed_url_opts(Method::PUT, &key, SIGNED, &signed);
            let url = url.await.map_err(refused)?;
            let body = StreamBody::new(chunks(file).await.map_err(of_disk)?.map_ok(Frame::data));
            let request = Request::put(url.as_str())
                .header(header::CONTENT_LENGTH, size)
                .header(CHECKSUM, &checksum)
                .body(body)
                .map_err(Problem::internal)?;
            let fault = match self.client.send(request, SENDING).await {
                Ok(answer) if answer.status().is_success() => return Ok(()),
                Ok(answer) if answer.status() == StatusCode::INSUFFICIENT_STORAGE => return Err(full()),
                Ok(answer) => {
                    let (status, reason) = (answer.status(), reason(answer.into_body()).await);
                    let passes = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
                    if !passes {
                        tracing::error!(%status, reason, "the store of files refused an object");
                        return Err(away());
                    }
                    format!("{status}: {reason}")
                }
                // Whether it has arrived is unknown, and another attempt as slow helps nobody.
                Err(Failure::Late) => return Err(lost(&Failure::Late)),
                Err(failure) => failure.to_string(),
            };
            if attempt == ATTEMPTS {
                return Err(lost(&fault));
            }
            tracing::warn!(fault, attempt, "an object is sent to the store of files again");
            tokio::time::sleep(PAUSE * attempt).await;
        }
        Err(away())
    }

    /// Whether the bucket is there and lets us in: a list that holds nothing, since no object has such a name.
    pub(super) async fn check(&self) -> Result<(), Unfit> {
        use object_store::Error;
        let mut behind = self.store.list_with_offset(self.prefix(), &self.key("~"));
        match behind.try_next().await {
            Ok(_) => Ok(()),
            Err(Error::NotFound { .. }) => Err(Unfit::Refused("there is no such bucket".to_owned())),
            Err(Error::PermissionDenied { .. } | Error::Unauthenticated { .. }) => {
                Err(Unfit::Refused("the key is not let in; it must read, write, delete and list".to_owned()))
            }
            Err(error) => Err(Unfit::Away(error.to_string())),
        }
    }
}

fn lost(fault: &impl std::fmt::Display) -> Problem {
    tracing::error!(%fault, "an object did not reach the store of files");
    away()
}

/// A file from its beginning, a chunk at a time.
async fn chunks(
    file: &std::fs::File,
) -> std::io::Result<impl Stream<Item = std::io::Result<Bytes>> + Send + use<>> {
    let mut file = File::from_std(file.try_clone()?);
    file.seek(SeekFrom::Start(0)).await?;
    Ok(stream::try_unfold(file, async |mut file: File| {
        let mut chunk = BytesMut::with_capacity(CHUNK);
        let read = file.read_buf(&mut chunk).await?;
        Ok((read > 0).then(|| (chunk.freeze(), file)))
    }))
}

/// Why the server refused, in its words.
async fn reason(body: Coming) -> String {
    let bytes = Limited::new(body, REASON).collect().await;
    bytes.map_or_else(|_| String::new(), |bytes| String::from_utf8_lossy(&bytes.to_bytes()).into_owned())
}

/// Lets the library send its requests as we send ours.
#[derive(Debug)]
struct Connector(Client);

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.0.clone()))
    }
}

#[async_trait]
impl HttpService for Client {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answer = self.send(request, ANSWER).await.map_err(|failure| {
            let kind = match failure {
                Failure::Connect(_) => HttpErrorKind::Connect,
                Failure::Late => HttpErrorKind::Timeout,
                Failure::Broken(_) => HttpErrorKind::Interrupted,
            };
            HttpError::new(kind, failure)
        })?;
        Ok(answer.map(|body| {
            HttpResponseBody::new(
                body.map_err(|error| HttpError::new_boxed(HttpErrorKind::Interrupted, error)),
            )
        }))
    }
}
