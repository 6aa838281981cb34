//! Which database: an address, five settings, or the file in the data folder.

use std::fmt;
use std::path::{Path, PathBuf};

use faff_store::{PostgresAddress, Security};
use tokio_postgres::Config;
use tokio_postgres::config::Host;

use super::Given;
use super::value::Read;

/// Where the database is.
#[derive(Debug, Clone)]
pub(crate) enum Database {
    /// A file.
    Sqlite(PathBuf),
    /// A server; the password is inside and is not printed.
    Postgres(Box<PostgresAddress>),
}

const PARTS: [&str; 5] = ["DB_HOST", "DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD"];

/// Reads the settings that name a database. A refusal begins with their names.
pub(super) fn read(given: &Given, data_dir: &Path) -> Read<Database> {
    let parts = PARTS.map(|name| given.get(name));
    match (given.get("DATABASE_URL"), parts) {
        (None, [None, None, None, None, None]) => Ok(Database::Sqlite(data_dir.join("faff.sqlite"))),
        (Some(url), [None, None, None, None, None]) => {
            address(url).map_err(|why| format!("DATABASE_URL: {why}"))
        }
        (None, [Some(host), port, Some(name), Some(user), Some(password)]) => {
            let port = super::value::port(port.unwrap_or("5432")).map_err(|why| format!("DB_PORT: {why}"))?;
            let mut config = Config::new();
            config.host(host).port(port).dbname(name).user(user).password(password);
            let address = PostgresAddress::new(config).map_err(|why| format!("DB_HOST: {why}"))?;
            Ok(Database::Postgres(Box::new(address)))
        }
        (None, _) => {
            let missing = PARTS.iter().filter(|name| **name != "DB_PORT" && given.get(name).is_none());
            let missing: Vec<&str> = missing.copied().collect();
            Err(format!(
                "DB_HOST, DB_NAME, DB_USER and DB_PASSWORD belong together; missing: {}",
                missing.join(", ")
            ))
        }
        (Some(_), _) => {
            Err("DATABASE_URL and DB_HOST and the like both name a database; give one of them".to_owned())
        }
    }
}

/// Reads the setting that names a replica of the database. A refusal begins with its name.
pub(super) fn read_replica(given: &Given, database: &Database) -> Read<Option<Box<PostgresAddress>>> {
    let Some(url) = given.get("DATABASE_REPLICA_URL") else { return Ok(None) };
    let named = |why: &str| format!("DATABASE_REPLICA_URL: {why}");
    if matches!(database, Database::Sqlite(_)) {
        return Err(named("only a database on PostgreSQL has replicas, and this one is not"));
    }
    match address(url).map_err(|why| named(&why))? {
        Database::Postgres(address) => Ok(Some(address)),
        Database::Sqlite(_) => Err(named("expected postgres://USER:PASSWORD@HOST:PORT/NAME")),
    }
}

/// Reads `sqlite:PATH`, `sqlite://PATH`, `postgres://…` or `postgresql://…`. A refusal quotes nothing: the address
/// may hold a password.
fn address(url: &str) -> Read<Database> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() || path.contains('?') || path.contains(":memory:") {
            return Err("expected sqlite:PATH with the path of a file and nothing behind it".to_owned());
        }
        return Ok(Database::Sqlite(PathBuf::from(path)));
    }
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err("expected sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME".to_owned());
    }
    Ok(Database::Postgres(Box::new(url.parse()?)))
}

impl Database {
    /// Reads an address. A refusal quotes nothing of it.
    pub(crate) fn parse(url: &str) -> Read<Self> {
        address(url)
    }
}

impl fmt::Display for Database {
    /// The address without the password, and what is asked of TLS if anything is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(address) => {
                let config = address.config();
                f.write_str("postgres://")?;
                if let Some(user) = config.get_user() {
                    write!(f, "{user}@")?;
                }
                match config.get_hosts().first() {
                    Some(Host::Tcp(host)) => f.write_str(host)?,
                    Some(Host::Unix(path)) => write!(f, "{}", path.display())?,
                    None => {}
                }
                if let Some(port) = config.get_ports().first() {
                    write!(f, ":{port}")?;
                }
                write!(f, "/{}", config.get_dbname().unwrap_or_default())?;
                match address.security() {
                    Security::Prefer => Ok(()),
                    asked => write!(f, "?sslmode={}", asked.word()),
                }
            }
        }
    }
}
