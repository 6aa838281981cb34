//! Every setting, in one table: the command line, the environment, the help and `config check` follow it.

/// A setting of this version.
#[derive(Debug)]
pub(crate) struct Setting {
    /// Its environment variable.
    pub(crate) name: &'static str,
    /// Its flag: the same in small letters and with hyphens.
    pub(crate) flag: &'static str,
    /// What holds when it is not given; empty where that is nothing, or depends.
    pub(crate) default: &'static str,
    /// Whether its value must never be shown.
    pub(crate) secret: bool,
    /// What it is for, in a few words.
    pub(crate) help: &'static str,
}

const fn open(name: &'static str, flag: &'static str, default: &'static str, help: &'static str) -> Setting {
    Setting { name, flag, default, secret: false, help }
}

const fn secret(name: &'static str, flag: &'static str, help: &'static str) -> Setting {
    Setting { name, flag, default: "", secret: true, help }
}

/// The settings of this version, in the order in which they are shown.
pub(crate) const SETTINGS: &[Setting] = &[
    open("HOST", "host", "127.0.0.1", "Address to listen on"),
    open("PORT", "port", "3000", "Port to listen on; 0 picks a free one"),
    open(
        "TLS_CERT",
        "tls-cert",
        "",
        "With TLS_KEY: a certificate in PEM, to serve HTTPS; read anew when it changes",
    ),
    open("TLS_KEY", "tls-key", "", "See TLS_CERT"),
    open("FAFF_ENV", "faff-env", "development", "development, production or test"),
    open("NODE_ENV", "node-env", "", "Another name for FAFF_ENV, which counts before it"),
    open(
        "FAFF_DATA_DIR",
        "faff-data-dir",
        "./faff-data",
        "Folder of the embedded database and of generated secrets",
    ),
    // Not secret as a whole: it is shown without its password.
    open(
        "DATABASE_URL",
        "database-url",
        "",
        "sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME; faff.sqlite in the data folder",
    ),
    open(
        "DB_HOST",
        "db-host",
        "",
        "With DB_PORT (5432), DB_NAME, DB_USER and DB_PASSWORD: a PostgreSQL server",
    ),
    open("DB_PORT", "db-port", "", "See DB_HOST"),
    open("DB_NAME", "db-name", "", "See DB_HOST"),
    open("DB_USER", "db-user", "", "See DB_HOST"),
    secret("DB_PASSWORD", "db-password", "See DB_HOST"),
    secret(
        "DATABASE_REPLICA_URL",
        "database-replica-url",
        "postgres://USER:PASSWORD@HOST:PORT/NAME of a replica of the database, which then serves pages and searches",
    ),
    open("DATABASE_POOL_MAX", "database-pool-max", "20", "Database connections at most"),
    secret(
        "REDIS_URL",
        "redis-url",
        "redis://:PASSWORD@HOST:PORT, or rediss:// over TLS, through which several servers tell each other what is fleeting, and count limits together",
    ),
    secret(
        "JWT_SECRET",
        "jwt-secret",
        "Signs tokens, 32 bytes or more; generated and kept in the data folder",
    ),
    open("JWT_EXPIRATION", "jwt-expiration", "24h", "How long a login lasts, such as 12h or 7d"),
    open("REGISTRATION", "registration", "open", "Who may make an account: open, invite or closed"),
    open(
        "BCRYPT_COST",
        "bcrypt-cost",
        "12",
        "Work factor of password hashes, 4 to 15; at least 10 in production",
    ),
    open(
        "FAFF_ADMIN_EMAIL",
        "faff-admin-email",
        "",
        "With FAFF_ADMIN_PASSWORD: made at start when there is no administrator",
    ),
    secret("FAFF_ADMIN_PASSWORD", "faff-admin-password", "See FAFF_ADMIN_EMAIL"),
    open(
        "TRUSTED_PROXIES",
        "trusted-proxies",
        "",
        "Networks whose X-Forwarded-For counts, such as 10.0.0.0/8,::1",
    ),
    open(
        "FRONTEND_URL",
        "frontend-url",
        "",
        "Exact origins that may call from a browser, such as https://desk.example",
    ),
    open(
        "RATE_LIMIT_ANONYMOUS",
        "rate-limit-anonymous",
        "100/15m",
        "Requests of one address without a login, or off",
    ),
    open("RATE_LIMIT_USER", "rate-limit-user", "3000/15m", "Requests of one user, or off"),
    open(
        "RATE_LIMIT_LOGIN",
        "rate-limit-login",
        "10/15m",
        "Failed logins of one account and one address, or off",
    ),
    open("RATE_LIMIT_UPLOAD", "rate-limit-upload", "20/1h", "Requests of one user that carry files, or off"),
    open(
        "STORAGE_URL",
        "storage-url",
        "",
        "file:///PATH or s3://BUCKET/PREFIX, for the files of messages; files in the data folder",
    ),
    open("AWS_REGION", "aws-region", "", "Where the bucket is; another server than Amazon's need not know"),
    open(
        "AWS_DEFAULT_REGION",
        "aws-default-region",
        "",
        "Another name for AWS_REGION, which counts before it",
    ),
    open(
        "AWS_ENDPOINT_URL",
        "aws-endpoint-url",
        "",
        "The server of the bucket, such as https://s3.desk.example, if it is not Amazon's",
    ),
    open(
        "AWS_ALLOW_HTTP",
        "aws-allow-http",
        "",
        "true lets that server be one without TLS on another machine",
    ),
    secret("AWS_ACCESS_KEY_ID", "aws-access-key-id", "With AWS_SECRET_ACCESS_KEY: the key to the bucket"),
    secret("AWS_SECRET_ACCESS_KEY", "aws-secret-access-key", "See AWS_ACCESS_KEY_ID"),
    secret("AWS_SESSION_TOKEN", "aws-session-token", "Goes with a key that is only good for a while"),
    secret(
        "FILES_KEY",
        "files-key",
        "Seals the files of messages where they are kept: one key or several, as `faff key new` prints; the first seals, each opens",
    ),
    open("FILES_KEY_FILE", "files-key-file", "", "A file that holds what FILES_KEY would"),
    open("BACKUP_DIR", "backup-dir", "", "Folder into which the server puts backups by itself"),
    open("BACKUP_EVERY", "backup-every", "off", "How often it does, such as 24h, or off"),
    open("BACKUP_KEEP", "backup-keep", "7", "How many of them are kept, 1 to 1000"),
    secret(
        "BACKUP_KEY",
        "backup-key",
        "Seals backups, and opens them: 32 bytes in base64 or hexadecimal, as `faff key new` prints",
    ),
    open(
        "API_BASE_URL",
        "api-base-url",
        "",
        "Where clients reach this server, such as https://desk.example; file addresses begin with it",
    ),
    secret(
        "OPENAI_API_KEY",
        "openai-api-key",
        "Key of the endpoint below; without both, the built-in engine serves",
    ),
    // No default here: an address alone says that a model is to be used, of an endpoint that asks for no key.
    open(
        "OPENAI_BASE_URL",
        "openai-base-url",
        "",
        "Endpoint of a language model; with a key alone, https://api.openai.com/v1",
    ),
    open("OPENAI_MODEL", "openai-model", "gpt-4o-mini", "Which model to ask"),
    open(
        "OPENAI_CONTEXT_TOKENS",
        "openai-context-tokens",
        "16000",
        "How much the model can look at, in tokens, 8000 to 2000000",
    ),
    open(
        "OPENAI_TIMEOUT",
        "openai-timeout",
        "60s",
        "How long one answer of the model is waited for, 1s to 10m",
    ),
    open("OPENAI_CONCURRENCY", "openai-concurrency", "4", "Questions to the model at once, 1 to 100"),
    open(
        "QA_ESCALATION_PRIORITY",
        "qa-escalation-priority",
        "off",
        "Priority that a review's escalation raises a task to: medium, high, urgent, or off",
    ),
    secret(
        "METRICS_TOKEN",
        "metrics-token",
        "Lets a scraper that sends it as a bearer token read /metrics, 16 bytes or more; administrators may without",
    ),
    open("WORKER", "worker", "on", "Whether the server works on jobs, too: on or off"),
    open("LOG_FORMAT", "log-format", "", "text or json; text on a terminal, json elsewhere"),
    open(
        "RUST_LOG",
        "rust-log",
        "",
        "What to log: info, debug, faff_app=debug,info …; info for the server, warn for commands",
    ),
    open(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "otel-exporter-otlp-endpoint",
        "",
        "A collector that takes OTLP over HTTP, such as http://127.0.0.1:4318, to which the server and the worker send traces and logs",
    ),
    open(
        "OTEL_EXPORTER_OTLP_PROTOCOL",
        "otel-exporter-otlp-protocol",
        "http/protobuf",
        "http/protobuf, which is all that is spoken",
    ),
    secret(
        "OTEL_EXPORTER_OTLP_HEADERS",
        "otel-exporter-otlp-headers",
        "What the collector wants with each request: NAME=VALUE,NAME=VALUE, with values percent-encoded",
    ),
    open("OTEL_SERVICE_NAME", "otel-service-name", "", "What traces and logs call this service, if not faff"),
    open(
        "OTEL_TRACES_SAMPLER",
        "otel-traces-sampler",
        "parentbased_always_on",
        "Which traces are sent: always_on, always_off or traceidratio, or one of these behind parentbased_",
    ),
    open(
        "OTEL_TRACES_SAMPLER_ARG",
        "otel-traces-sampler-arg",
        "",
        "The share of traces that traceidratio sends, from 0 to 1; all",
    ),
];

/// Names that begin so are ours, so that one we do not know is a mistake.
pub(crate) const OURS: [&str; 2] = ["FAFF_", "RATE_LIMIT_"];
/// The tests' own; the server leaves them alone.
pub(crate) const OF_TESTS: &str = "FAFF_TEST_";
