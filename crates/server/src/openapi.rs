//! `faff openapi`.

use std::time::Duration;

use faff_app::features::files::Storage;
use faff_app::http::Pages;
use faff_app::{App, Parts, Rate, Registration};
use faff_store::{Db, Options};
use faff_types::{Clock, Random};

use crate::failure::{Failure, say};
use crate::key;

/// Prints the description of the HTTP API. It needs neither settings nor a database: what it describes is the same
/// for every configuration.
pub(crate) async fn run() -> Result<(), Failure> {
    let db = Db::open(Options::Sqlite { path: ":memory:".into(), readers: 1 }).await?;
    let off = Rate(None);
    let settings = faff_app::Settings {
        production: false,
        jwt_secret: key::throwaway()?,
        session_lifetime: Duration::from_secs(1),
        bcrypt_cost: 4,
        registration: Registration::Closed,
        redis_url: None,
        tls: None,
        metrics_token: None,
        origins: Vec::new(),
        trusted_proxies: Vec::new(),
        rate_anonymous: off,
        rate_user: off,
        rate_login: off,
        rate_upload: off,
        api_base_url: None,
        worker: false,
        escalation_priority: None,
        openai: None,
        in_effect: Vec::new(),
    };
    let (storage, pages) = (Storage::memory(), Pages::default());
    let app = App::new(Parts { db, clock: Clock::system(), random: Random, storage, settings, pages });
    let (_, description) = faff_app::build(&app);
    say(&description.to_pretty_json().map_err(|error| Failure::work(error.to_string()))?);
    Ok(())
}
