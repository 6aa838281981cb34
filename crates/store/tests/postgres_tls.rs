//! TLS to PostgreSQL: each word of `sslmode` asks what it says, of us and of the programs that copy; and addresses that ask
//! for less than they seem to are refused.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{Read as _, Seek as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use faff_store::copy::Restoring;
use faff_store::migrate::Migration;
use faff_store::{Db, Engine, Options, PostgresAddress, Reader, Security, StoreError};
use faff_testkit::{Authority, TestDatabase, Tunnel};
use tokio::sync::mpsc;

const MIGRATIONS: &[Migration] = faff_store::migrations![1 "0001_log"];
const NOW: (i32, i32) = (2020, 4000);

/// A database behind servers with TLS.
struct World {
    database: TestDatabase,
    authority: Authority,
    /// The file of the authority.
    trusted: PathBuf,
}

impl World {
    async fn new() -> Self {
        let database = TestDatabase::create(Engine::Postgres, MIGRATIONS).await;
        let authority = Authority::default();
        let trusted = database.folder().join("the authority.pem");
        std::fs::write(&trusted, authority.pem()).unwrap();
        Self { database, authority, trusted }
    }

    /// Where the server in the clear is.
    fn plain(&self) -> SocketAddr {
        let (_, place) = self.database.url.split_once('@').unwrap();
        place.split_once('/').unwrap().0.parse().unwrap()
    }

    fn url(&self, address: SocketAddr, parameters: &str) -> String {
        let (user, place) = self.database.url.split_once('@').unwrap();
        let name = place.split_once('/').unwrap().1;
        format!("{user}@localhost:{}/{name}?hostaddr=127.0.0.1&{parameters}", address.port())
    }

    fn root(&self) -> String {
        format!("sslrootcert={}", self.trusted.display().to_string().replace(' ', "%20"))
    }

    async fn server(&self, names: &[&str], years: (i32, i32)) -> Tunnel {
        self.authority.issue_for(names, "A database", years).before_postgres(self.plain()).await
    }
}

fn options(url: &str) -> Options {
    Options::Postgres { address: Box::new(url.parse().unwrap()), replica: None, pool_max: 2 }
}

/// What comes of asking a server something.
async fn ask(url: &str) -> Result<(), String> {
    let address = url.parse().map_err(|why: String| why)?;
    let options = Options::Postgres { address: Box::new(address), replica: None, pool_max: 2 };
    let db = Db::open(options).await.map_err(|error| error.to_string())?;
    let two: Result<i64, StoreError> =
        db.read(async |reader: &mut Reader<'_>| reader.one("select cast(2 as bigint)", &[]).await).await;
    assert_eq!(two.map_err(|error| error.to_string())?, 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_word_asks_what_it_says() {
    let world = World::new().await;
    let good = world.server(&["localhost"], NOW).await;
    let renamed = world.server(&["database.example"], NOW).await;
    let expired = world.server(&["localhost"], (2020, 2021)).await;
    let stranger = Authority::default().issue("A stranger", NOW).before_postgres(world.plain()).await;
    let (good, renamed, expired, stranger) =
        (good.address, renamed.address, expired.address, stranger.address);
    let plain = world.plain();
    let root = world.root();
    let (require, ca, full) = (
        format!("sslmode=require&{root}"),
        format!("sslmode=verify-ca&{root}"),
        format!("sslmode=verify-full&{root}"),
    );
    let no_tls = "does not support TLS";
    for (server, parameters, refused) in [
        (plain, "sslmode=disable", None),
        (plain, "", None),
        (plain, "sslmode=prefer", None),
        (plain, "sslmode=require", Some(no_tls)),
        (plain, &ca, Some(no_tls)),
        (plain, &full, Some(no_tls)),
        (good, "sslmode=disable", Some("the database is unavailable")),
        (good, "", None),
        (good, "sslmode=require", None),
        (good, "sslmode=require&channel_binding=disable", None),
        (good, &ca, None),
        (good, &full, None),
        (good, "sslmode=verify-full", Some("UnknownIssuer")),
        (good, "sslmode=verify-full&sslrootcert=system", Some("UnknownIssuer")),
        (renamed, "sslmode=require", None),
        (renamed, &require, None),
        (renamed, &ca, None),
        (renamed, &full, Some("not valid for name \"localhost\"")),
        (expired, "", None),
        (expired, &ca, Some("expired")),
        (expired, &full, Some("expired")),
        (stranger, "", None),
        (stranger, "sslmode=require", None),
        (stranger, &require, Some("invalid peer certificate")),
        (stranger, &ca, Some("invalid peer certificate")),
        (stranger, &full, Some("invalid peer certificate")),
    ] {
        let said = ask(&world.url(server, parameters)).await;
        match (&said, refused) {
            (Ok(()), None) => {}
            (Err(why), Some(part)) if why.contains(part) => {}
            _ => panic!("{parameters} of {server}: {said:?}, not {refused:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn listening_goes_by_it_too() {
    let world = World::new().await;
    let server = world.server(&["localhost"], NOW).await;
    let db = Db::open(options(&world.url(server.address, &format!("sslmode=verify-full&{}", world.root()))))
        .await
        .unwrap();
    let (said, mut heard) = mpsc::channel(8);
    assert!(db.listen("faff_tls", said));
    let word = async {
        loop {
            // Nobody knows when it has begun to listen.
            db.notify("faff_tls", "hello").await.unwrap();
            if let Ok(word) = tokio::time::timeout(Duration::from_millis(50), heard.recv()).await {
                return word;
            }
        }
    };
    assert_eq!(tokio::time::timeout(Duration::from_secs(30), word).await.unwrap().as_deref(), Some("hello"));
}

async fn copy(db: &Db, folder: &Path) -> Result<Vec<u8>, String> {
    let mut hold = db.hold().await.unwrap().unwrap();
    let copied = hold.copy(folder, async |_: &mut Reader<'_>| Ok::<_, StoreError>(())).await;
    let mut bytes = Vec::new();
    let mut file = copied.map_err(|error: StoreError| error.to_string())?.1;
    file.rewind().unwrap();
    file.read_to_end(&mut bytes).unwrap();
    Ok(bytes)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_that_copy_verify_the_server_as_we_do() {
    let world = World::new().await;
    let server = world.server(&["localhost"], NOW).await;
    let parameters = format!("sslmode=verify-full&{}", world.root());
    let url = world.url(server.address, &parameters);
    let db = Db::open(options(&url)).await.unwrap();
    let bytes = copy(&db, world.database.folder()).await.unwrap();

    let to = TestDatabase::nothing(Engine::Postgres).await;
    let name = to.url.rsplit_once('/').unwrap().1;
    let (start, rest) = url.split_once('?').unwrap();
    let into = format!("{}/{name}?{rest}", start.rsplit_once('/').unwrap().0);
    let mut restoring = Restoring::begin(&options(&into)).await.unwrap();
    restoring.push(&bytes).await.unwrap();
    restoring.finish().await.unwrap().accept().unwrap();
    let restored = to.open().await;
    let found: Result<i64, StoreError> = restored
        .read(async |reader: &mut Reader<'_>| reader.one("select count(*) from event", &[]).await)
        .await;
    assert_eq!(found.unwrap(), 0, "the table is there");

    // They read the file by themselves: somebody else's authority in it is theirs to refuse.
    std::fs::write(&world.trusted, Authority::default().pem()).unwrap();
    let refused = copy(&db, world.database.folder()).await.unwrap_err();
    assert!(refused.starts_with("pg_dump: ") && refused.contains("SSL error"), "{refused}");
}

#[test]
fn an_address_that_cannot_keep_its_word_is_refused() {
    let folder = std::env::temp_dir();
    let nothing = folder.join(format!("faff-no-authority-{}", std::process::id()));
    std::fs::write(&nothing, "hello").unwrap();
    let (missing, nothing_in_it) = (
        format!("sslmode=verify-ca&sslrootcert={}.no", nothing.display()),
        format!("sslmode=verify-ca&sslrootcert={}", nothing.display()),
    );
    for (parameters, part) in [
        ("sslmode=allow", "expected one of disable, prefer, require, verify-ca, verify-full"),
        ("sslmode=", "expected one of"),
        ("sslmode=VERIFY-FULL", "expected one of"),
        ("sslmode=verify-ca", "add sslrootcert=PATH"),
        ("sslmode=verify-ca&sslrootcert=", "add sslrootcert=PATH"),
        ("sslmode=verify-ca&sslrootcert=system", "wants sslmode=verify-full"),
        ("sslmode=require&sslrootcert=system", "wants sslmode=verify-full"),
        ("sslrootcert=/etc/ssl/certs/ca-certificates.crt", "add one of them"),
        ("sslmode=prefer&sslrootcert=system", "wants sslmode=verify-full"),
        ("sslmode=verify-ca&sslrootcert=%ff", "UTF-8"),
        (&missing, "No such file"),
        (&nothing_in_it, "no certificate"),
        ("sslmode=require&hunter2=1", "expected postgres://"),
    ] {
        let said =
            format!("postgres://faff:hunter2@db/desk?{parameters}").parse::<PostgresAddress>().unwrap_err();
        assert!(said.contains(part), "{parameters}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    std::fs::remove_file(&nothing).unwrap();
}

#[test]
fn what_is_not_of_tls_is_left_as_it_is() {
    let parsed = |url: &str| url.parse::<PostgresAddress>().unwrap();
    let address = parsed(
        "postgres://faff:a?sslmode=disable@db/desk?options=-c%20a%3Db&sslmode=require&connect_timeout=5",
    );
    assert_eq!(address.security(), Security::Require);
    assert_eq!(address.config().get_password(), Some(b"a?sslmode=disable".as_slice()));
    assert_eq!(address.config().get_options(), Some("-c a=b"));
    assert_eq!(address.config().get_connect_timeout(), Some(&Duration::from_secs(5)));
    assert_eq!(parsed("postgres://faff@db/desk").security(), Security::Prefer);
    // The last word counts, as everywhere in such addresses.
    assert_eq!(parsed("postgres://db/desk?sslmode=require&sslmode=disable").security(), Security::Disable);
    assert_eq!(parsed("postgres://db/desk?ssl%6Dode=require").security(), Security::Require);
    // A socket of this machine has no TLS, and needs none.
    assert_eq!(
        parsed("postgres://%2Frun%2Fpostgresql/desk?sslmode=verify-full").security(),
        Security::Disable
    );
    let printed = format!("{:?}", parsed("postgres://faff:hunter2@db/desk?sslmode=require"));
    assert!(!printed.contains("hunter2"), "{printed}");
}
