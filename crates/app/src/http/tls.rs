//! TLS of what comes in: the certificate that the settings name, read anew whenever its files change.
//!
//! Invariants:
//! - What is in use is a certificate and its key that were read together, belong together and were valid when they were read.
//!   Files that hold anything else are told of once, and what was in use stays in use.
//! - A connection ends as it has begun: only those that come later get another certificate. Nothing is resumed across that.

use std::fmt;
use std::io::Result as IoResult;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use faff_socketio::Connection;
use faff_types::{Clock, Timestamp};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use x509_cert::der::Decode;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

/// How often the files are looked at: they are a few kilobytes, and whoever renews a certificate is in no hurry.
const LOOK: Duration = Duration::from_secs(5);
/// What the first record of TLS begins with (RFC 8446, section 5.1); no request of HTTP does.
const HANDSHAKE_RECORD: u8 = 22;
/// The one protocol that the edge's limits are made for.
const ALPN: &[u8] = b"http/1.1";

/// The last second that has a text, 9999-12-30T22:00:00Z.
const END_OF_TIME: i64 = 253_402_207_200_000;

/// A certificate and its key, as two files hold them.
#[derive(Clone)]
pub struct Tls(Arc<Shared>);

struct Shared {
    cert: PathBuf,
    key: PathBuf,
    state: Mutex<State>,
    failed: AtomicU64,
}

struct State {
    used: Pair,
    /// What is wrong with the files, if they hold something else than what is used.
    refused: Option<String>,
}

struct Pair {
    /// Of what the files held.
    digest: [u8; 32],
    config: Arc<ServerConfig>,
    certificate: Certificate,
}

/// What a certificate says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Whom it names; empty if it only has names of hosts.
    pub subject: String,
    /// The hosts it is for.
    pub names: Vec<String>,
    /// Until when it is valid.
    pub expires: Timestamp,
    begins: Timestamp,
}

/// How the files stand to what is used, for metrics.
#[derive(Debug)]
pub(crate) struct Standing {
    pub(crate) expires: Timestamp,
    /// Whether the files hold something that cannot be used.
    pub(crate) refused: bool,
    /// Connections that did not get as far as a request.
    pub(crate) failed: u64,
}

impl fmt::Debug for Tls {
    /// Without the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").field("cert", &self.0.cert).finish_non_exhaustive()
    }
}

impl fmt::Display for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = if self.subject.is_empty() { "no subject" } else { &self.subject };
        write!(f, "{subject}, for {}, valid until {}", self.names.join(" "), self.expires)
    }
}

impl Tls {
    /// Reads a certificate, with those of the authorities between it and a trusted one, and its key.
    ///
    /// # Errors
    /// What is wrong with the files, a sentence each, beginning with the name of a setting.
    pub fn read(cert: &Path, key: &Path) -> Result<Self, Vec<String>> {
        let (cert, key) = (cert.to_owned(), key.to_owned());
        let used = Pair::check(&cert, &key, &read(&cert, &key)?, Clock::system().now())?;
        let state = Mutex::new(State { used, refused: None });
        Ok(Self(Arc::new(Shared { cert, key, state, failed: AtomicU64::new(0) })))
    }

    /// The certificate that is in use.
    pub fn certificate(&self) -> Certificate {
        self.state().used.certificate.clone()
    }

    pub(crate) fn standing(&self) -> Standing {
        let state = self.state();
        Standing {
            expires: state.used.certificate.expires,
            refused: state.refused.is_some(),
            failed: self.0.failed.load(Ordering::Relaxed),
        }
    }

    /// Looks at the files every few seconds from now on.
    pub(crate) fn start(&self) {
        let tls = self.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK).await;
                tls.look().await;
            }
        });
    }

    /// Looks at the files once, and uses what they hold if it can be used.
    pub async fn look(&self) {
        let tls = self.clone();
        // Files may be on a disk that is slow. A panic costs one look.
        let _ = tokio::task::spawn_blocking(move || tls.look_now()).await;
    }

    fn look_now(&self) {
        let Shared { cert, key, .. } = &*self.0;
        let found = read(cert, key).and_then(|files| {
            if self.state().used.digest == files.digest {
                return Ok(None);
            }
            Pair::check(cert, key, &files, Clock::system().now()).map(Some)
        });
        let mut state = self.state();
        match found {
            Ok(None) => state.refused = None,
            Ok(Some(pair)) => {
                tracing::info!(certificate = %pair.certificate, "another certificate is used from now on");
                *state = State { used: pair, refused: None };
            }
            Err(problems) => {
                let why = problems.join("; ");
                if state.refused.as_ref() != Some(&why) {
                    let kept = &state.used.certificate;
                    tracing::error!(why, %kept, "the files of the certificate cannot be used; what was in use stays");
                }
                state.refused = Some(why);
            }
        }
    }

    /// Shakes hands. A connection that speaks without TLS is returned as it is, and one that has ended without a word is
    /// `None`.
    pub(super) async fn accept(&self, stream: TcpStream) -> IoResult<Option<Connection>> {
        let mut first = [0];
        if stream.peek(&mut first).await? == 0 {
            return Ok(None);
        }
        if first != [HANDSHAKE_RECORD] {
            return Ok(Some(Connection::Plain(stream)));
        }
        let config = self.state().used.config.clone();
        let stream = TlsAcceptor::from(config).accept(stream).await?;
        Ok(Some(Connection::Tls(Box::new(stream))))
    }

    pub(super) fn count_failed(&self) {
        self.0.failed.fetch_add(1, Ordering::Relaxed);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the two files hold.
struct Files {
    cert: Vec<u8>,
    key: Vec<u8>,
    digest: [u8; 32],
}

fn read(cert: &Path, key: &Path) -> Result<Files, Vec<String>> {
    let read = |name: &str, path: &Path| {
        let read = std::fs::read(path);
        read.map_err(|error| format!("{name}: {} cannot be read: {error}", path.display()))
    };
    match (read("TLS_CERT", cert), read("TLS_KEY", key)) {
        (Ok(cert), Ok(key)) => {
            let mut digest = Sha256::new();
            digest.update((cert.len() as u64).to_be_bytes());
            digest.update(&cert);
            digest.update(&key);
            Ok(Files { digest: digest.finalize().into(), cert, key })
        }
        (cert, key) => Err(cert.err().into_iter().chain(key.err()).collect()),
    }
}

impl Pair {
    /// Puts together what was read, if it belongs together.
    fn check(cert: &Path, key: &Path, files: &Files, now: Timestamp) -> Result<Self, Vec<String>> {
        let (cert, key) = (cert.display(), key.display());
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&files.cert).collect();
        let chain = match chain {
            Ok(chain) if !chain.is_empty() => Ok(chain),
            _ => Err(format!("TLS_CERT: {cert} holds no certificate in PEM (-----BEGIN CERTIFICATE-----)")),
        };
        let certificate = chain.as_ref().ok().and_then(|chain| chain.first()).map_or(Ok(None), |first| {
            let certificate = Certificate::parse(first);
            let certificate = certificate
                .ok_or_else(|| format!("TLS_CERT: the certificate in {cert} cannot be understood"))?;
            let Certificate { begins, expires, .. } = certificate;
            if expires <= now {
                Err(format!("TLS_CERT: the certificate in {cert} has expired at {expires}"))
            } else if begins > now {
                Err(format!("TLS_CERT: the certificate in {cert} is not valid before {begins}"))
            } else {
                Ok(Some(certificate))
            }
        });
        let secret = PrivateKeyDer::from_pem_slice(&files.key)
            .map_err(|_| format!("TLS_KEY: {key} holds no private key in PEM without a passphrase"));
        let (chain, certificate, secret) = match (chain, certificate, secret) {
            (Ok(chain), Ok(Some(certificate)), Ok(secret)) => (chain, certificate, secret),
            (chain, certificate, secret) => {
                let problems = [chain.err(), certificate.err(), secret.err()];
                return Err(problems.into_iter().flatten().collect());
            }
        };
        let config = configure(chain, secret).map_err(|error| {
            vec![match error {
                rustls::Error::InconsistentKeys(_) => {
                    format!("TLS_KEY: the key in {key} does not belong to the certificate in {cert}")
                }
                error => format!(
                    "TLS_KEY: the key in {key} cannot be used with the certificate in {cert}: {error}"
                ),
            }]
        })?;
        Ok(Self { digest: files.digest, config: Arc::new(config), certificate })
    }
}

/// TLS 1.2 and 1.3 with rustls's own choices, by ring as everywhere.
fn configure(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![ALPN.to_vec()];
    Ok(config)
}

impl Certificate {
    /// A name by which a client that checks it may ask.
    pub fn host(&self) -> Option<String> {
        self.names.iter().find(|name| !name.contains(['*', ':'])).cloned()
    }

    fn parse(der: &CertificateDer<'_>) -> Option<Self> {
        let parsed = x509_cert::Certificate::from_der(der).ok()?.tbs_certificate;
        let at = |time: x509_cert::time::Time| moment(time.to_unix_duration());
        let names = parsed.get::<SubjectAltName>().ok()?.map(|(_, names)| names.0).unwrap_or_default();
        let names = names.into_iter().filter_map(|name| match name {
            GeneralName::DnsName(name) => Some(name.to_string()),
            GeneralName::IpAddress(bytes) => address(bytes.as_bytes()).map(|address| address.to_string()),
            _ => None,
        });
        Some(Self {
            subject: parsed.subject.to_string(),
            names: names.collect(),
            begins: at(parsed.validity.not_before),
            expires: at(parsed.validity.not_after),
        })
    }
}

/// A moment that can be told, unlike the one that says that a certificate does not expire (RFC 5280, section 4.1.2.5).
fn moment(since: Duration) -> Timestamp {
    let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(millis.min(END_OF_TIME))
}

fn address(bytes: &[u8]) -> Option<std::net::IpAddr> {
    let v4 = <[u8; 4]>::try_from(bytes).map(std::net::IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(std::net::IpAddr::from)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_for_ever_ends_at_the_last_moment_that_can_be_told() {
        let for_ever = moment(Duration::from_secs(253_402_300_799));
        assert_eq!(for_ever.to_string(), "9999-12-30T22:00:00.000Z");
        assert_eq!(moment(Duration::from_secs(1_795_000_000)).to_string(), "2026-11-18T11:06:40.000Z");
    }

    #[test]
    fn addresses_are_told_as_they_are_written() {
        assert_eq!(address(&[127, 0, 0, 1]).unwrap().to_string(), "127.0.0.1");
        assert_eq!(address(&std::net::Ipv6Addr::LOCALHOST.octets()).unwrap().to_string(), "::1");
        assert_eq!(address(&[1, 2, 3]), None);
    }
}
