//! Certificates of an authority of a test's own, and clients that trust it.

use std::io::Result;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig, crypto};
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// PostgreSQL's `SSLRequest`: its length, and a number that is no version ("Message Formats" in its manual).
const ASKS_FOR_TLS: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// An authority that only the clients of its test trust.
#[derive(Debug)]
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate by it, and its key.
#[derive(Debug, Clone)]
pub struct Issued {
    /// In PEM, as a file holds it.
    pub cert: String,
    /// In PEM.
    pub key: String,
    /// As a client sees it.
    pub der: Vec<u8>,
}

/// Passes connections on from one side in the clear to another over TLS, or the other way round; gone with this value.
#[derive(Debug)]
pub struct Tunnel {
    /// The side that clients come to.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Default for Authority {
    fn default() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "The authority of a test");
        let key = KeyPair::generate().unwrap();
        Self { issuer: CertifiedIssuer::self_signed(params, key).unwrap() }
    }
}

impl Authority {
    /// A certificate for localhost with this subject, valid in the years from one to before the other.
    pub fn issue(&self, subject: &str, years: (i32, i32)) -> Issued {
        self.issue_for(&["localhost", "127.0.0.1"], subject, years)
    }

    /// The same for other names.
    pub fn issue_for(&self, names: &[&str], subject: &str, (from, to): (i32, i32)) -> Issued {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.distinguished_name.push(DnType::CommonName, subject);
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(to, 1, 1);
        let key = KeyPair::generate().unwrap();
        let cert = params.signed_by(&key, &self.issuer).unwrap();
        Issued { cert: cert.pem(), key: key.serialize_pem(), der: cert.der().to_vec() }
    }

    /// Its own certificate, in PEM.
    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// A client that trusts it alone, and offers these protocols.
    fn client(&self, protocols: &[&str], only_tls12: bool) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).unwrap();
        let versions = if only_tls12 { vec![&TLS12] } else { vec![&TLS13, &TLS12] };
        let mut config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_protocol_versions(&versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        Arc::new(config).into()
    }

    /// Connects to a server over TLS, and checks that its certificate is of this authority and for localhost.
    ///
    /// # Errors
    /// Why there is no connection.
    pub async fn connect(&self, url: &str) -> Result<TlsStream<TcpStream>> {
        self.connect_with(url, &["http/1.1"], false).await
    }

    /// The same with protocols of one's own, and perhaps by TLS 1.2 alone.
    ///
    /// # Errors
    /// Why there is no connection.
    pub async fn connect_with(
        &self,
        url: &str,
        protocols: &[&str],
        only_tls12: bool,
    ) -> Result<TlsStream<TcpStream>> {
        let stream = TcpStream::connect(address(url)).await?;
        let name = ServerName::try_from("localhost").unwrap();
        self.client(protocols, only_tls12).connect(name, stream).await
    }

    /// A side in the clear before a server that speaks TLS: whatever clients come to it are clients of that server.
    pub async fn before(&self, url: &str) -> Tunnel {
        let (client, target) = (self.client(&["http/1.1"], false), address(url).to_owned());
        Tunnel::open(move |mut near| {
            let (client, target) = (client.clone(), target.clone());
            async move {
                let name = ServerName::try_from("localhost").unwrap();
                let far = TcpStream::connect(target).await?;
                let mut far = client.connect(name, far).await?;
                copy_bidirectional(&mut near, &mut far).await.map(drop)
            }
        })
        .await
    }

    /// A side with TLS before a server that speaks in the clear.
    pub async fn shield(&self, target: SocketAddr) -> Tunnel {
        let server = self.issue("A shield", (2020, 4000)).acceptor();
        Tunnel::open(move |near| {
            let server = server.clone();
            async move {
                let mut near = server.accept(near).await?;
                let mut far = TcpStream::connect(target).await?;
                copy_bidirectional(&mut near, &mut far).await.map(drop)
            }
        })
        .await
    }
}

impl Tunnel {
    async fn open<F>(pass: impl Fn(TcpStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(async move {
            loop {
                let Ok((near, _)) = listener.accept().await else { continue };
                // However it ends, whoever is at either side sees the end.
                tokio::spawn(pass(near));
            }
        });
        Self { address, task }
    }

    /// Where clients of HTTP come to.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Issued {
    fn acceptor(&self) -> TlsAcceptor {
        let chain = vec![CertificateDer::from(self.der.clone())];
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }

    /// A PostgreSQL server with this certificate that hangs up on whoever does not ask for TLS first, before one that speaks
    /// in the clear.
    pub async fn before_postgres(&self, target: SocketAddr) -> Tunnel {
        let server = self.acceptor();
        Tunnel::open(move |mut near| {
            let server = server.clone();
            async move {
                let mut asked = [0; ASKS_FOR_TLS.len()];
                near.read_exact(&mut asked).await?;
                if asked != ASKS_FOR_TLS {
                    return Ok(());
                }
                near.write_all(b"S").await?;
                let mut near = server.accept(near).await?;
                let mut far = TcpStream::connect(target).await?;
                copy_bidirectional(&mut near, &mut far).await.map(drop)
            }
        })
        .await
    }

    /// Writes the two files into a folder, over those that are there, and returns their paths.
    pub fn write(&self, folder: &Path) -> (PathBuf, PathBuf) {
        let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
        std::fs::write(&cert, &self.cert).unwrap();
        std::fs::write(&key, &self.key).unwrap();
        (cert, key)
    }
}

fn address(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, address)| address)
}
