//! Opens what the settings name.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use faff_app::features::files::Storage;
use faff_app::http::Tls;
use faff_app::{App, MIGRATIONS, Parts};
use faff_store::{Db, Options, migrate};
use faff_types::{Clock, Random, Secret};

use crate::client;
use crate::failure::Failure;
use crate::settings::{Database, Settings, Storage as Place};

/// The application on its database, whose schema is brought up to date.
pub(crate) async fn app(settings: &Settings, jwt_secret: Secret<Vec<u8>>) -> Result<App, Failure> {
    app_over(None, settings, jwt_secret).await
}

/// The same, to be served over TLS if there is a certificate.
pub(crate) async fn app_over(
    tls: Option<Tls>,
    settings: &Settings,
    jwt_secret: Secret<Vec<u8>>,
) -> Result<App, Failure> {
    let db = replicated(settings).await?;
    let applied = migrate::run(&db, MIGRATIONS).await?;
    if !applied.is_empty() {
        tracing::info!(migrations = applied.join(", "), "the schema is up to date now");
    }
    Ok(on(db, storage(settings)?, settings, (jwt_secret, tls)))
}

/// The application on its database as that is.
pub(crate) async fn app_as_it_is(settings: &Settings, jwt_secret: Secret<Vec<u8>>) -> Result<App, Failure> {
    there(settings)?;
    Ok(on(database(settings).await?, storage(settings)?, settings, (jwt_secret, None)))
}

/// Refuses where there is no database yet: opening it would make an empty one.
pub(crate) fn there(settings: &Settings) -> Result<(), Failure> {
    match &settings.database {
        Database::Sqlite(path) if !path.exists() => {
            Err(Failure::work(format!("there is no database at {}", path.display())))
        }
        _ => Ok(()),
    }
}

/// The application on a database and a store of files.
pub(crate) fn on(
    db: Db,
    storage: Storage,
    settings: &Settings,
    (jwt_secret, tls): (Secret<Vec<u8>>, Option<Tls>),
) -> App {
    let settings = faff_app::Settings { tls, ..settings.for_app(jwt_secret) };
    App::new(Parts { db, clock: Clock::system(), random: Random, storage, settings, pages: client::pages() })
}

/// The folder of files, made if it is missing, or the bucket; with the keys that files are sealed with.
pub(crate) fn storage(settings: &Settings) -> Result<Storage, Failure> {
    let keys = settings.files_keys().map_err(|why| Failure::Settings(vec![why]))?;
    let opened = match &settings.storage {
        Place::Folder(folder) => Storage::folder(folder).map_err(|error| {
            Failure::work(format!("the folder {} cannot be opened: {error}", folder.display()))
        }),
        Place::Bucket(bucket) => {
            make_data_dir(&settings.data_dir)?;
            Storage::bucket(bucket, &settings.data_dir).map_err(|error| {
                Failure::work(format!("the bucket {} cannot be reached: {error}", bucket.name))
            })
        }
    };
    Ok(opened?.sealed_with(keys))
}

/// The database as it is.
pub(crate) async fn database(settings: &Settings) -> Result<Db, Failure> {
    open(settings, options(settings)?).await
}

/// The same, for statements that may take as long as they do: one may be a whole table.
pub(crate) async fn patient(settings: &Settings) -> Result<Db, Failure> {
    open(settings, options(settings)?.patient()).await
}

/// The database, with its replica.
async fn replicated(settings: &Settings) -> Result<Db, Failure> {
    let mut options = options(settings)?;
    if let Options::Postgres { replica, .. } = &mut options {
        replica.clone_from(&settings.replica);
    }
    open(settings, options).await
}

async fn open(settings: &Settings, options: Options) -> Result<Db, Failure> {
    let opened = Db::open(options).await;
    opened.map_err(|error| Failure::work(format!("{} cannot be opened: {error}", settings.database)))
}

/// How to open the database, in whose folder something may be made.
pub(crate) fn options(settings: &Settings) -> Result<Options, Failure> {
    Ok(match &settings.database {
        Database::Sqlite(path) => {
            if path.starts_with(&settings.data_dir) {
                make_data_dir(&settings.data_dir)?;
            }
            let readers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get).clamp(2, 8);
            Options::Sqlite { path: path.clone(), readers: readers.min(settings.pool_max) }
        }
        Database::Postgres(address) => {
            Options::Postgres { address: address.clone(), replica: None, pool_max: settings.pool_max }
        }
    })
}

/// Makes the data folder, for its owner only, if it is missing.
pub(crate) fn make_data_dir(path: &Path) -> Result<(), Failure> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|error| Failure::work(format!("the data folder {} cannot be made: {error}", path.display())))
}
