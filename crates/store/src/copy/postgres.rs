//! Copies of a PostgreSQL database, by PostgreSQL's own `pg_dump` and `pg_restore`.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt as _;
use std::process::Stdio;

use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, Command};
use tokio::task::JoinHandle;
use tokio_postgres::Client;
use tokio_postgres::config::{ChannelBinding, Host};

use crate::{Options, PostgresAddress, StoreError};

/// Of what a program says when it fails, this much is kept.
const SAID: u64 = 4 * 1024;
/// Settings of the same programs that would lead them elsewhere.
const ELSEWHERE: [&str; 7] = [
    "PGSERVICE",
    "PGSERVICEFILE",
    "PGHOSTADDR",
    "PGOPTIONS",
    "PGDATABASE",
    "PGSSLROOTCERT",
    "PGCHANNELBINDING",
];

/// What a database holds beside what every database holds.
const HELD: &str = "from pg_class c join pg_namespace n on n.oid = c.relnamespace \
    where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'";

/// The functions that it holds, without those of its extensions.
const FUNCTIONS: &str = "from pg_proc f join pg_namespace n on n.oid = f.pronamespace \
    where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%' \
    and not exists (select 1 from pg_depend d where d.objid = f.oid and d.deptype = 'e')";

/// A program of PostgreSQL, told where the database is and who asks, by its environment.
fn program(name: &str, address: &PostgresAddress) -> Command {
    let config = address.config();
    let mut command = Command::new(name);
    for name in ELSEWHERE {
        command.env_remove(name);
    }
    match config.get_hosts().first() {
        Some(Host::Tcp(host)) => command.env("PGHOST", host),
        Some(Host::Unix(folder)) => command.env("PGHOST", folder),
        None => command.env_remove("PGHOST"),
    };
    if let Some(address) = config.get_hostaddrs().first() {
        command.env("PGHOSTADDR", address.to_string());
    }
    command.env("PGPORT", config.get_ports().first().copied().unwrap_or(5432).to_string());
    if let Some(user) = config.get_user() {
        command.env("PGUSER", user);
    }
    match config.get_password() {
        Some(password) => command.env("PGPASSWORD", OsStr::from_bytes(password)),
        None => command.env_remove("PGPASSWORD"),
    };
    command.env("PGSSLMODE", address.security().word());
    if let Some(authorities) = address.authorities() {
        command.env("PGSSLROOTCERT", authorities);
    }
    if config.get_channel_binding() == ChannelBinding::Require {
        command.env("PGCHANNELBINDING", "require");
    }
    let database = config.get_dbname().or(config.get_user()).unwrap_or_default();
    command.env("PGDATABASE", database).env("PGAPPNAME", "faff backup");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

fn cannot_run(name: &str, error: &std::io::Error, major: u32) -> StoreError {
    StoreError::Program(if error.kind() == ErrorKind::NotFound {
        format!(
            "{name} is not installed; it comes with PostgreSQL's client programs (postgresql-client on Debian and \
             Ubuntu), of which version {major} or newer is needed"
        )
    } else {
        format!("{name} cannot be run: {error}")
    })
}

/// Fails unless a program is there and knows this version of the server.
async fn check_version(name: &str, address: &PostgresAddress, major: u32) -> Result<(), StoreError> {
    let asked = program(name, address).arg("--version").stdout(Stdio::piped()).output().await;
    let said = asked.map_err(|error| cannot_run(name, &error, major))?.stdout;
    let said = String::from_utf8_lossy(&said);
    // `pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
    let version = said.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let known = version.and_then(|version| {
        version.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<u32>().ok()
    });
    match known {
        Some(known) if known >= major => Ok(()),
        Some(known) => Err(StoreError::Program(format!(
            "{name} is of version {known}, but the server of {major}; install PostgreSQL's client programs of version \
             {major} or newer (postgresql-client-{major} on Debian and Ubuntu)"
        ))),
        None => Err(StoreError::Program(format!("{name} does not say its version"))),
    }
}

/// The server's major version, from `server_version_num`.
fn major(number: &str) -> Result<u32, StoreError> {
    let number: u32 =
        number.parse().map_err(|_| StoreError::Database("the server has no version".to_owned()))?;
    Ok(number / 10_000)
}

async fn server_major(client: &Client) -> Result<u32, StoreError> {
    let row = client.query_one("select current_setting('server_version_num')", &[]).await?;
    major(row.try_get(0)?)
}

/// Gathers what a program says, in a task of its own: a program that nobody listens to may wait for that.
fn listen(child: &mut Child) -> JoinHandle<String> {
    let stderr = child.stderr.take();
    tokio::spawn(async move {
        let mut said = Vec::new();
        if let Some(mut stderr) = stderr {
            let _ = (&mut stderr).take(SAID).read_to_end(&mut said).await;
            let _ = tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await;
        }
        String::from_utf8_lossy(&said).trim().to_owned()
    })
}

/// Waits for a program's end, and fails with what it said unless that was a good one.
async fn end(name: &str, mut child: Child, said: JoinHandle<String>) -> Result<(), StoreError> {
    let status = child.wait().await.map_err(|error| StoreError::Program(format!("{name}: {error}")))?;
    let said = said.await.unwrap_or_default().lines().collect::<Vec<_>>().join("; ");
    if status.success() {
        return Ok(());
    }
    Err(StoreError::Program(if said.is_empty() { format!("{name} failed: {status}") } else { said }))
}

/// Writes what a snapshot shows into a file.
pub(crate) async fn dump(
    address: &PostgresAddress,
    server_version: &str,
    snapshot: &str,
    file: std::fs::File,
) -> Result<(), StoreError> {
    const NAME: &str = "pg_dump";
    let major = major(server_version)?;
    check_version(NAME, address, major).await?;
    let mut command = program(NAME, address);
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--no-password"]);
    command.arg(format!("--snapshot={snapshot}")).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|error| cannot_run(NAME, &error, major))?;
    let said = listen(&mut child);
    // Through this process, so that the program ends with it, however that ends.
    let mut file = File::from_std(file);
    if let Some(mut dumped) = child.stdout.take() {
        tokio::io::copy(&mut dumped, &mut file).await.map_err(super::sqlite::of_disk)?;
    }
    file.flush().await.map_err(super::sqlite::of_disk)?;
    end(NAME, child, said).await
}

async fn open(address: &PostgresAddress) -> Result<Client, StoreError> {
    let (client, connection) = address.connect().await?;
    // It ends with the client.
    tokio::spawn(connection);
    Ok(client)
}

pub(super) async fn is_empty(address: &PostgresAddress) -> Result<bool, StoreError> {
    let found = format!(
        "select 1 {HELD} and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') union all select 1 {FUNCTIONS} limit 1"
    );
    Ok(open(address).await?.query(&found, &[]).await?.is_empty())
}

/// Removes every table and function. Only for a database that was empty before.
pub(super) async fn clear(address: &PostgresAddress) -> Result<(), StoreError> {
    let client = open(address).await?;
    let tables = format!("select format('%I.%I', n.nspname, c.relname) {HELD} and c.relkind in ('r', 'p')");
    for row in client.query(&tables, &[]).await? {
        let table: String = row.try_get(0)?;
        // What belongs to a table that is gone is gone with it.
        client.batch_execute(&format!("drop table if exists {table} cascade")).await?;
    }
    for row in client.query(&format!("select f.oid::regprocedure::text {FUNCTIONS}"), &[]).await? {
        let function: String = row.try_get(0)?;
        client.batch_execute(&format!("drop routine if exists {function} cascade")).await?;
    }
    Ok(())
}

/// A `pg_restore` at work.
#[derive(Debug)]
pub(super) struct Restore {
    child: Child,
    stdin: Option<ChildStdin>,
    said: JoinHandle<String>,
}

const RESTORE: &str = "pg_restore";

impl Restore {
    pub(super) async fn begin(address: &PostgresAddress) -> Result<Self, StoreError> {
        let major = server_major(&open(address).await?).await?;
        check_version(RESTORE, address, major).await?;
        let mut command = program(RESTORE, address);
        command.args([
            "--exit-on-error",
            "--single-transaction",
            "--no-owner",
            "--no-privileges",
            "--no-password",
        ]);
        // It writes a script unless it is told a database; which one, its environment says.
        command.args(["--dbname", ""]).stdin(Stdio::piped());
        let mut child = command.spawn().map_err(|error| cannot_run(RESTORE, &error, major))?;
        let said = listen(&mut child);
        Ok(Self { stdin: child.stdin.take(), child, said })
    }

    /// A program that has ended takes nothing more; why it has is found at the end.
    pub(super) async fn push(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        if let Some(stdin) = &mut self.stdin
            && stdin.write_all(bytes).await.is_err()
        {
            self.stdin = None;
        }
        Ok(())
    }

    /// Ends it before it has seen the end, so that it commits nothing.
    pub(super) async fn abort(mut self) {
        let _ = self.child.kill().await;
    }

    pub(super) async fn finish(self, options: Options) -> Result<(), StoreError> {
        let Self { child, stdin, said } = self;
        drop(stdin);
        end(RESTORE, child, said).await?;
        match options {
            Options::Postgres { address, .. } => settle(&address).await,
            Options::Sqlite { .. } => Ok(()),
        }
    }
}

/// Puts the log behind what this server has counted.
///
/// Readers follow the log by ids of transactions, which each server counts for itself: on one that has counted less, what comes
/// would stand before what was restored, and that would seem to be still under way. So then it is numbered as on SQLite:
/// all of it before any transaction of this server, in the order of ids. Cursors go back to the last place before which they
/// have seen everything.
async fn settle(address: &PostgresAddress) -> Result<(), StoreError> {
    let mut client = open(address).await?;
    let transaction = client.transaction().await?;
    let ahead = "select exists (select 1 from event \
                 where tx >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint)";
    if transaction.query_one(ahead, &[]).await?.try_get::<_, bool>(0)? {
        transaction
            .batch_execute(
                "update consumer c set tx = 0, id = coalesce(\
                    (select min(e.id) - 1 from event e where (e.tx, e.id) > (c.tx, c.id)), \
                    (select max(e.id) from event e), 0); \
                 update event set tx = 0",
            )
            .await?;
    }
    transaction.commit().await?;
    client.batch_execute("analyze").await?;
    Ok(())
}
