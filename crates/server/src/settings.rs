//! The settings: gathered from flags, environment and `.env`, all checked before anything is done.

mod collector;
mod database;
mod given;
mod show;
mod storage;
mod table;
#[cfg(test)]
mod tests;
mod value;

use std::ffi::OsString;
use std::io::{ErrorKind, IsTerminal};
use std::path::PathBuf;
use std::time::Duration;

use faff_app::features::tasks::Priority;
use faff_app::http::Tls;
use faff_app::{InEffect, OpenAi, Rate, Registration};
use faff_seal::{Key, Keys};
use faff_types::Secret;
use ipnet::IpNet;

use crate::schedule::Schedule;

pub(crate) use collector::Collector;
pub(crate) use database::Database;
pub(crate) use given::Given;
pub(crate) use show::show;
pub(crate) use storage::Storage;
pub(crate) use table::{SETTINGS, Setting};

/// All settings, checked.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Address or name to listen on.
    pub(crate) host: String,
    /// Port to listen on; 0 picks a free one.
    pub(crate) port: u16,
    /// Where the embedded database and generated secrets are kept.
    pub(crate) data_dir: PathBuf,
    /// The files of the certificate and of its key, if this server speaks TLS itself.
    tls: Option<(PathBuf, PathBuf)>,
    /// Which database.
    pub(crate) database: Database,
    /// A replica of it.
    pub(crate) replica: Option<Box<faff_store::PostgresAddress>>,
    /// Connections to it, at most.
    pub(crate) pool_max: usize,
    /// Where files are.
    pub(crate) storage: Storage,
    files_key: Option<Keys>,
    /// The file that holds those keys.
    files_key_file: Option<PathBuf>,
    /// Seals backups, if it was given.
    pub(crate) backup_key: Option<Key>,
    /// When the server makes backups by itself, if it does.
    pub(crate) schedule: Option<Schedule>,
    /// Signs tokens, if it was given.
    pub(crate) jwt_secret: Option<Secret<Vec<u8>>>,
    /// The first administrator, if one was named.
    pub(crate) admin: Option<(String, Secret)>,
    /// Whether the log is JSON, one object a line.
    pub(crate) log_json: bool,
    /// What to log, if that was given.
    pub(crate) log_filter: Option<String>,
    /// Where traces and logs go, if they go anywhere else.
    pub(crate) collector: Option<Collector>,
    production: bool,
    session_lifetime: Duration,
    redis_url: Option<Secret>,
    metrics_token: Option<Secret>,
    registration: Registration,
    bcrypt_cost: u32,
    origins: Vec<String>,
    trusted_proxies: Vec<IpNet>,
    rate_anonymous: Rate,
    rate_user: Rate,
    rate_login: Rate,
    rate_upload: Rate,
    escalation_priority: Option<Priority>,
    worker: bool,
    api_base_url: Option<String>,
    openai: Option<OpenAi>,
    in_effect: Vec<InEffect>,
}

impl Settings {
    /// Whether people depend on it.
    pub(crate) const fn is_production(&self) -> bool {
        self.production
    }

    /// The certificate, if this server speaks TLS itself. Its files are read only where they are needed: whoever makes an account
    /// on the command line need not be able to read a key.
    ///
    /// # Errors
    /// What is wrong with the files.
    pub(crate) fn certificate(&self) -> Result<Option<Tls>, Vec<String>> {
        self.tls.as_ref().map(|(cert, key)| Tls::read(cert, key)).transpose()
    }

    /// The keys that files are sealed with, if there are any. A file that holds them is read only where they are needed.
    ///
    /// # Errors
    /// What is wrong with that file.
    pub(crate) fn files_keys(&self) -> Result<Option<Keys>, String> {
        let Some(path) = &self.files_key_file else { return Ok(self.files_key.clone()) };
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("FILES_KEY_FILE: {} cannot be read: {error}", path.display()))?;
        let keys = Keys::parse(&text).map_err(|why| format!("FILES_KEY_FILE: {}: {why}", path.display()))?;
        Ok(Some(keys))
    }

    /// The part that the application is told.
    pub(crate) fn for_app(&self, jwt_secret: Secret<Vec<u8>>) -> faff_app::Settings {
        faff_app::Settings {
            production: self.production,
            jwt_secret,
            session_lifetime: self.session_lifetime,
            bcrypt_cost: self.bcrypt_cost,
            registration: self.registration,
            origins: self.origins.clone(),
            redis_url: self.redis_url.clone(),
            metrics_token: self.metrics_token.clone(),
            tls: None,
            trusted_proxies: self.trusted_proxies.clone(),
            rate_anonymous: self.rate_anonymous,
            rate_user: self.rate_user,
            rate_login: self.rate_login,
            rate_upload: self.rate_upload,
            escalation_priority: self.escalation_priority,
            worker: self.worker,
            api_base_url: self.api_base_url.clone(),
            openai: self.openai.clone(),
            in_effect: self.in_effect.clone(),
        }
    }
}

/// A file of the working directory with its whole path: who changes accounts may be in somebody else's folder.
fn whole(name: &str) -> String {
    std::path::absolute(name).map_or_else(|_| name.to_owned(), |path| path.display().to_string())
}

/// Gathers what was given: the flags, the environment, and the file `.env` in the working directory.
pub(crate) fn gather(flags: impl IntoIterator<Item = (&'static str, String)>) -> (Given, Vec<String>) {
    let (pairs, mut problems) = match std::fs::read_to_string(".env") {
        Ok(text) => given::read_dotenv(&text),
        Err(error) if error.kind() == ErrorKind::NotFound => Default::default(),
        Err(error) => (Vec::new(), vec![format!("{} cannot be read: {error}", whole(".env"))]),
    };
    let (given, more) = Given::collect(flags, environment(), pairs);
    problems.extend(more);
    (given, problems)
}

#[expect(clippy::disallowed_methods, reason = "this is where settings are read, once")]
fn environment() -> impl Iterator<Item = (OsString, OsString)> {
    std::env::vars_os()
}

/// Checks everything and says all that is wrong, a sentence each. No sentence holds a secret.
pub(crate) fn check(given: &Given) -> Result<Settings, Vec<String>> {
    let mut checks = Checks { given, problems: Vec::new() };
    let data_dir = checks.read("FAFF_DATA_DIR", |path| Ok(PathBuf::from(path)));
    let database = data_dir
        .as_deref()
        .and_then(|folder| database::read(given, folder).map_err(|why| checks.problems.push(why)).ok());
    let replica = database.as_ref().and_then(|database| {
        database::read_replica(given, database).map_err(|why| checks.problems.push(why)).ok()
    });
    let storage = data_dir
        .as_deref()
        .and_then(|folder| storage::read(given, folder).map_err(|why| checks.problems.extend(why)).ok());
    let development = checks.read("FAFF_ENV", value::production);
    let alias = checks.optional("NODE_ENV", value::production);
    let production = if given.get("FAFF_ENV").is_some() { development } else { alias.or(development) };
    let mut settings = (|| {
        let checks = &mut checks;
        // Each is read before any is missed, so that all that is wrong is told at once.
        let (host, port) = (checks.read("HOST", value::host), checks.read("PORT", value::port));
        let tls = checks.together("TLS_CERT", "TLS_KEY");
        let pool_max = checks.read("DATABASE_POOL_MAX", value::pool);
        let jwt_secret = checks.optional("JWT_SECRET", value::key);
        let files_key = checks.optional("FILES_KEY", |text| Keys::parse(text).map_err(|why| why.to_string()));
        let files_key_file = checks.optional("FILES_KEY_FILE", |path| Ok(PathBuf::from(path)));
        if given.get("FILES_KEY").is_some() && files_key_file.is_some() {
            checks.problems.push("FILES_KEY and FILES_KEY_FILE say the same; give one of them".to_owned());
        }
        let backup_key =
            checks.optional("BACKUP_KEY", |text| Key::parse(text).map_err(|why| why.to_string()));
        let schedule = checks.schedule();
        let session_lifetime = checks.read("JWT_EXPIRATION", value::duration);
        let registration = checks.read("REGISTRATION", value::registration);
        let bcrypt_cost = checks.read("BCRYPT_COST", value::bcrypt_cost);
        checks.together("FAFF_ADMIN_EMAIL", "FAFF_ADMIN_PASSWORD");
        let admin = checks.optional("FAFF_ADMIN_EMAIL", value::email);
        let password = given.get("FAFF_ADMIN_PASSWORD").map(|password| Secret::new(password.to_owned()));
        let trusted_proxies = checks.read("TRUSTED_PROXIES", value::networks);
        let origins = checks.read("FRONTEND_URL", value::origins);
        let rate_anonymous = checks.read("RATE_LIMIT_ANONYMOUS", value::rate);
        let rate_user = checks.read("RATE_LIMIT_USER", value::rate);
        let rate_login = checks.read("RATE_LIMIT_LOGIN", value::rate);
        let rate_upload = checks.read("RATE_LIMIT_UPLOAD", value::rate);
        let escalation_priority = checks.read("QA_ESCALATION_PRIORITY", value::priority);
        let worker = checks.read("WORKER", value::on);
        let api_base_url = checks.optional("API_BASE_URL", value::base_url);
        let redis_url = checks.optional("REDIS_URL", value::redis);
        let metrics_token = checks.optional("METRICS_TOKEN", value::token);
        let openai = checks.language_model();
        let log_json = checks.optional("LOG_FORMAT", value::json);
        let log_filter = checks.optional("RUST_LOG", value::filter);
        let collector = collector::read(checks);
        Some(Settings {
            host: host?,
            port: port?,
            tls: tls.map(|(cert, key)| (PathBuf::from(cert), PathBuf::from(key))),
            data_dir: data_dir?,
            database: database?,
            replica: replica?,
            pool_max: pool_max?,
            jwt_secret,
            files_key,
            files_key_file,
            backup_key,
            schedule,
            admin: admin.zip(password),
            log_json: log_json.unwrap_or_else(|| !std::io::stderr().is_terminal()),
            log_filter,
            collector,
            production: production?,
            session_lifetime: session_lifetime?,
            redis_url,
            metrics_token,
            registration: registration?,
            bcrypt_cost: bcrypt_cost?,
            origins: origins?,
            trusted_proxies: trusted_proxies?,
            rate_anonymous: rate_anonymous?,
            rate_user: rate_user?,
            rate_login: rate_login?,
            rate_upload: rate_upload?,
            escalation_priority: escalation_priority?,
            worker: worker?,
            api_base_url,
            openai,
            in_effect: Vec::new(),
            storage: storage?,
        })
    })();
    if let Some(settings) = &mut settings {
        settings.in_effect = show::in_effect(given, settings);
        checks.problems.extend(unfit_for_production(settings));
    }
    settings.filter(|_| checks.problems.is_empty()).ok_or(checks.problems)
}

/// What is well formed but only good enough for development.
fn unfit_for_production(settings: &Settings) -> Vec<String> {
    let mut problems = Vec::new();
    if settings.production && settings.bcrypt_cost < 10 {
        problems.push(format!(
            "BCRYPT_COST: {} is too low for production; 10 is the least",
            settings.bcrypt_cost
        ));
    }
    // Several nodes share that database, and each would make a secret of its own.
    if settings.production
        && settings.jwt_secret.is_none()
        && matches!(settings.database, Database::Postgres(_))
    {
        problems.push("JWT_SECRET: production with PostgreSQL needs one of 32 bytes or more".to_owned());
    }
    problems
}

/// Reads settings and gathers what is wrong with them.
struct Checks<'a> {
    given: &'a Given,
    problems: Vec<String>,
}

impl Checks<'_> {
    /// The value of a setting, or its default.
    fn read<T>(&mut self, name: &str, read: impl FnOnce(&str) -> value::Read<T>) -> Option<T> {
        let default =
            SETTINGS.iter().find(|setting| setting.name == name).map_or("", |setting| setting.default);
        self.keep(name, read(self.given.get(name).unwrap_or(default)))
    }

    /// The value of a setting that may be absent.
    fn optional<T>(&mut self, name: &str, read: impl FnOnce(&str) -> value::Read<T>) -> Option<T> {
        let text = self.given.get(name)?;
        self.keep(name, read(text))
    }

    /// The values of two settings, of which neither is anything without the other.
    fn together(&mut self, one: &str, other: &str) -> Option<(String, String)> {
        let (first, second) = (self.given.get(one), self.given.get(other));
        if first.is_some() != second.is_some() {
            self.problems.push(format!("{one} and {other} belong together; give both or neither"));
        }
        Some((first?.to_owned(), second?.to_owned()))
    }

    /// Backups that the server makes by itself, if it is to.
    fn schedule(&mut self) -> Option<Schedule> {
        let folder = self.optional("BACKUP_DIR", |path| Ok(PathBuf::from(path)));
        let every = self.read("BACKUP_EVERY", |text| match text {
            "off" => Ok(None),
            text => value::duration(text).map(Some),
        });
        let keep = self.read("BACKUP_KEEP", value::pool);
        let (every, keep) = (every.flatten()?, keep?);
        if folder.is_none() {
            self.problems.push("BACKUP_EVERY: needs BACKUP_DIR, a folder for the backups".to_owned());
        }
        Some(Schedule { folder: folder?, every, keep })
    }

    /// The language model, if a key or an address asks for one.
    fn language_model(&mut self) -> Option<OpenAi> {
        let api_key = self.optional("OPENAI_API_KEY", value::api_key);
        let endpoint = self.optional("OPENAI_BASE_URL", value::endpoint);
        let model = self.read("OPENAI_MODEL", value::model);
        let context_tokens = self.read("OPENAI_CONTEXT_TOKENS", value::context_tokens);
        let timeout = self.read("OPENAI_TIMEOUT", value::patience);
        let concurrency = self.read("OPENAI_CONCURRENCY", value::concurrency);
        // With a key alone, it is OpenAI's own; a malformed address is a problem by now.
        let usual = || api_key.as_ref().and_then(|_| value::endpoint("https://api.openai.com/v1").ok());
        Some(OpenAi {
            endpoint: endpoint.or_else(usual)?,
            api_key,
            model: model?,
            context_tokens: context_tokens?,
            timeout: timeout?,
            concurrency: concurrency?,
            rest: OpenAi::REST,
        })
    }

    fn keep<T>(&mut self, name: &str, read: value::Read<T>) -> Option<T> {
        read.map_err(|why| self.problems.push(format!("{name}: {why}"))).ok()
    }
}
