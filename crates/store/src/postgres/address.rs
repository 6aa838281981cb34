//! Where a PostgreSQL server is, as whom it is asked, and by which TLS.
//!
//! The words of `sslmode` mean what they mean to PostgreSQL's own programs, which are told the same ("SSL Support", table
//! "SSL Mode Descriptions"), with one exception: `verify-full` without `sslrootcert` trusts the authorities that the system
//! trusts.

mod verify;

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use percent_encoding::percent_decode_str;
use tokio_postgres::config::{Host, SslMode, SslNegotiation};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config, Connection, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

/// `sslrootcert`, if it names the authorities that the system trusts.
const SYSTEM: &str = "system";

/// A connection, to be polled by whoever wants answers.
pub(crate) type Wire = Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>;

/// A PostgreSQL server, a database on it, and who asks. May hold a password, and does not print it.
#[derive(Clone)]
pub struct PostgresAddress {
    config: Config,
    security: Security,
    /// A file of the authorities that may have signed the server's certificate.
    authorities: Option<PathBuf>,
    tls: MakeRustlsConnect,
}

/// How much is asked of the way to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Everything goes in the clear.
    Disable,
    /// TLS where the server offers it, whoever that is. What is not said otherwise.
    Prefer,
    /// TLS with whoever it is: against those who listen, not against those who answer instead.
    Require,
    /// TLS with a server whose certificate one of the authorities has signed.
    VerifyCa,
    /// The same, and the certificate is for the name that the server is asked for by.
    VerifyFull,
}

impl Security {
    const ALL: [Self; 5] = [Self::Disable, Self::Prefer, Self::Require, Self::VerifyCa, Self::VerifyFull];

    /// The word for `sslmode`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }

    const fn is_verified(self) -> bool {
        matches!(self, Self::VerifyCa | Self::VerifyFull)
    }
}

impl PostgresAddress {
    /// A server by what it is called and who asks, over TLS if it offers that.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(config: Config) -> Result<Self, String> {
        Self::with(config, Security::Prefer, None)
    }

    fn with(mut config: Config, mut security: Security, authorities: Option<&str>) -> Result<Self, String> {
        let is_local = |host: &Host| matches!(host, Host::Unix(_));
        let authorities = if !config.get_hosts().is_empty() && config.get_hosts().iter().all(is_local) {
            // The way does not leave the machine, and PostgreSQL has no TLS there.
            security = Security::Disable;
            None
        } else {
            if security == Security::Require && authorities.is_some() {
                security = Security::VerifyCa;
            }
            trusted(security, authorities)?
        };
        if config.get_hosts().is_empty() {
            // Certificates are for what a server is called.
            for address in config.get_hostaddrs().to_vec() {
                config.host(address.to_string());
            }
        }
        config.ssl_mode(match security {
            Security::Disable => SslMode::Disable,
            Security::Prefer => SslMode::Prefer,
            Security::Require | Security::VerifyCa | Security::VerifyFull => SslMode::Require,
        });
        let is_direct = config.get_ssl_negotiation() == SslNegotiation::Direct;
        let tls = MakeRustlsConnect::new(verify::client(security, authorities.as_deref(), is_direct)?);
        Ok(Self { config, security, authorities, tls })
    }

    /// Where it is and who asks; its `ssl_mode` is not all that is to be known of its TLS.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// How much is asked of the way there.
    pub const fn security(&self) -> Security {
        self.security
    }

    /// The file with the certificates of those who may have signed the server's.
    pub fn authorities(&self) -> Option<&Path> {
        self.authorities.as_deref()
    }

    /// Asks the server for more of its settings, such as `-c statement_timeout=0`; they come after those that were asked for.
    pub fn add_options(&mut self, options: &str) {
        let options = match self.config.get_options() {
            Some(own) => format!("{own} {options}"),
            None => options.to_owned(),
        };
        self.config.options(options);
    }

    /// The same, with something of its own for one's connections.
    pub(crate) fn changed(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(&mut self.config);
        self
    }

    pub(crate) fn tls(&self) -> MakeRustlsConnect {
        self.tls.clone()
    }

    /// A connection beside the pool's.
    pub(crate) async fn connect(&self) -> Result<(Client, Wire), tokio_postgres::Error> {
        self.config.connect(self.tls()).await
    }
}

impl FromStr for PostgresAddress {
    type Err = String;

    /// Reads `postgres://USER:PASSWORD@HOST:PORT/NAME`, with the parameters that libpq knows (`sslmode`, `sslrootcert`,
    /// `sslnegotiation`, `channel_binding`, `options` and others), and the file of authorities.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence that quotes nothing of the address but the path of that file.
    fn from_str(url: &str) -> Result<Self, String> {
        let (url, mode, authorities) = without_tls(url)?;
        let config: Config = url.parse().map_err(|_| {
            "expected postgres://USER:PASSWORD@HOST:PORT/NAME, with special characters percent-encoded"
                .to_owned()
        })?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err("the address of the PostgreSQL server names no host".to_owned());
        }
        // What is spelt so that only tokio-postgres reads it is not forgotten for that.
        let mode = mode.unwrap_or(match config.get_ssl_mode() {
            SslMode::Disable => Security::Disable,
            SslMode::Prefer => Security::Prefer,
            _ => Security::Require,
        });
        Self::with(config, mode, authorities.as_deref())
    }
}

impl fmt::Debug for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresAddress")
            .field("config", &self.config)
            .field("security", &self.security)
            .field("authorities", &self.authorities)
            .finish_non_exhaustive()
    }
}

/// The file of authorities, for what is asked and what was given.
fn trusted(security: Security, given: Option<&str>) -> Result<Option<PathBuf>, String> {
    match (security, given) {
        (Security::VerifyFull, None | Some(SYSTEM)) => verify::of_the_system().map(Some),
        (_, Some(SYSTEM)) => {
            Err("sslrootcert=system wants sslmode=verify-full: anybody can have a certificate that one of \
                                  the system's authorities has signed"
                .to_owned())
        }
        (Security::VerifyCa, None) => {
            Err("sslmode=verify-ca wants the file of an authority: add sslrootcert=PATH".to_owned())
        }
        (_, Some(path)) if security.is_verified() => Ok(Some(PathBuf::from(path))),
        (_, Some(_)) => Err(
            "sslrootcert says whom to trust, which is asked only with sslmode=verify-full or verify-ca; add \
                             one of them"
                .to_owned(),
        ),
        (_, None) => Ok(None),
    }
}

/// An address without what it says of TLS, and that.
type Split = (String, Option<Security>, Option<String>);

/// Takes out of an address what only we read: tokio-postgres knows neither the words that verify nor files.
fn without_tls(url: &str) -> Result<Split, String> {
    let credentials = url.find('@').unwrap_or_default();
    let Some(at) = url.get(credentials..).and_then(|rest| rest.find('?')).map(|at| at + credentials) else {
        return Ok((url.to_owned(), None, None));
    };
    let (address, query) = url.split_at(at);
    let (mut mode, mut authorities) = (None, None);
    let mut kept = Vec::new();
    for pair in query.trim_start_matches('?').split('&') {
        match pair.split_once('=') {
            Some(("sslmode", word)) => mode = Some(word),
            Some(("sslrootcert", path)) => authorities = Some(path),
            _ => kept.push(pair),
        }
    }
    let mode = match mode {
        None => None,
        Some(word) => Some(Security::ALL.into_iter().find(|mode| mode.word() == word).ok_or_else(|| {
            format!("sslmode: expected one of {}", Security::ALL.map(Security::word).join(", "))
        })?),
    };
    let authorities = match authorities {
        None | Some("") => None,
        Some(path) => Some(
            percent_decode_str(path)
                .decode_utf8()
                .map_err(|_| "sslrootcert: expected the path of a file in UTF-8".to_owned())?
                .into_owned(),
        ),
    };
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    Ok((format!("{address}{query}"), mode, authorities))
}
