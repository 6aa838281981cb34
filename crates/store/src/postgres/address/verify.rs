//! Which certificates a server may have.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::Security;

/// What is spoken over a connection that begins with TLS ("TLS Connection Setup" in PostgreSQL's manual).
const PROTOCOL: &[u8] = b"postgresql";

/// The file of the authorities that the system trusts.
pub(super) fn of_the_system() -> Result<PathBuf, String> {
    openssl_probe::probe().cert_file.ok_or_else(|| {
        "no certificates of authorities are found on this system (ca-certificates on Debian and Ubuntu); install them, \
         or name a file by sslrootcert=PATH"
            .to_owned()
    })
}

/// How to talk to servers; with `is_direct`, without asking before whether they speak TLS.
pub(super) fn client(
    security: Security,
    authorities: Option<&Path>,
    is_direct: bool,
) -> Result<ClientConfig, String> {
    let provider = Arc::new(ring::default_provider());
    let client = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let verifier: Arc<dyn ServerCertVerifier> = match authorities.filter(|_| security.is_verified()) {
        None => Arc::new(AnyName { authorities: None, provider }),
        Some(path) => {
            let trusted = Arc::new(read(path)?);
            let verifier = WebPkiServerVerifier::builder_with_provider(trusted, provider.clone())
                .build()
                .map_err(|error| format!("sslrootcert: {}: {error}", path.display()))?;
            if security == Security::VerifyFull {
                verifier
            } else {
                Arc::new(AnyName { authorities: Some(verifier), provider })
            }
        }
    };
    let mut client = client.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    if is_direct {
        client.alpn_protocols = vec![PROTOCOL.to_vec()];
    }
    Ok(client)
}

fn read(path: &Path) -> Result<RootCertStore, String> {
    let wrong = |why: &dyn std::fmt::Display| format!("sslrootcert: {}: {why}", path.display());
    let pem = std::fs::read(path).map_err(|error| wrong(&error))?;
    let mut trusted = RootCertStore::empty();
    let certificates: Vec<_> =
        CertificateDer::pem_slice_iter(&pem).collect::<Result<_, _>>().map_err(|error| wrong(&error))?;
    // A bundle of the system may hold some that nobody can use any more.
    let (usable, _) = trusted.add_parsable_certificates(certificates);
    if usable == 0 {
        return Err(wrong(&"it holds no certificate of an authority in PEM"));
    }
    Ok(trusted)
}

/// Takes a certificate of the authorities whatever name it is for, or without any authorities every one. The server must have
/// its key in any case.
#[derive(Debug)]
struct AnyName {
    authorities: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        server: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(authorities) = &self.authorities else { return Ok(ServerCertVerified::assertion()) };
        match authorities.verify_server_cert(server, between, name, ocsp, now) {
            // The name is looked at last: everything else is as it should be.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
