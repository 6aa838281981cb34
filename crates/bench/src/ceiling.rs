//! The most that the HTTP edge could do: the application's routes and logins, with answers from memory in place of the
//! database.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderValue, StatusCode, header};
use axum::routing::get;
use faff_app::access::Caller;
use faff_app::features::files::Storage;
use faff_app::http::{Pages, Path as PathOf};
use faff_app::{App, Parts, Rate, Registration, Settings};
use faff_store::{Db, Options};
use faff_types::{Clock, Random, Secret, TaskId};
use tokio::net::TcpListener;

use crate::work::Work;
use crate::{Outcome, SECRET};

type Samples = Arc<Vec<Vec<Bytes>>>;

/// Serves until it is ended.
pub(crate) async fn serve(database: &str, samples: &Path) -> Outcome<()> {
    let samples: Vec<Vec<String>> = serde_json::from_slice(&std::fs::read(samples)?)?;
    let samples = samples.into_iter().map(|of_work| of_work.into_iter().map(Bytes::from).collect()).collect();
    let app = app(database).await?;
    faff_app::start(&app).await.map_err(|problem| problem.message().to_owned())?;
    let router = faff_app::http::layer(&app, routes(Arc::new(samples)));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    crate::say(&format!("listening on http://{}", listener.local_addr()?));
    faff_app::http::serve(listener, router, std::future::pending()).await;
    Ok(())
}

fn routes(samples: Samples) -> Router<App> {
    let answer = move |work: Work, which: i64| {
        let bodies = samples.get(work.index()).map(Vec::as_slice).unwrap_or_default();
        let at = usize::try_from(which).unwrap_or(0) % bodies.len().max(1);
        let json = HeaderValue::from_static("application/json");
        let status = StatusCode::from_u16(work.status()).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, json)], bodies.get(at).cloned().unwrap_or_default())
    };
    let (task, tasks, messages, post) = (answer.clone(), answer.clone(), answer.clone(), answer);
    Router::new()
        .route("/api/tasks", get(async move |caller: Caller| tasks(Work::List, caller.id.get())))
        .route(
            "/api/tasks/{id}",
            get(async move |_: Caller, PathOf(id): PathOf<TaskId>| task(Work::Get, id.get())),
        )
        .route(
            "/api/tasks/{id}/messages",
            get(async move |_: Caller, PathOf(id): PathOf<TaskId>| messages(Work::Messages, id.get())).post(
                async move |_: Caller, PathOf(id): PathOf<TaskId>, _: Bytes| post(Work::Post, id.get()),
            ),
        )
}

/// The application, for its logins.
async fn app(database: &str) -> Outcome<App> {
    let options = match database.strip_prefix("sqlite:") {
        Some(path) => Options::Sqlite { path: path.into(), readers: 1 },
        None => Options::Postgres { address: Box::new(database.parse()?), replica: None, pool_max: 2 },
    };
    let settings = Settings {
        production: false,
        jwt_secret: Secret::new(SECRET.as_bytes().to_vec()),
        session_lifetime: std::time::Duration::from_hours(24),
        bcrypt_cost: 10,
        registration: Registration::Closed,
        origins: Vec::new(),
        redis_url: None,
        tls: None,
        metrics_token: None,
        trusted_proxies: Vec::new(),
        rate_anonymous: Rate(None),
        rate_user: Rate(None),
        rate_login: Rate(None),
        rate_upload: Rate(None),
        api_base_url: None,
        worker: false,
        escalation_priority: None,
        openai: None,
        in_effect: Vec::new(),
    };
    let (db, storage) = (Db::open(options).await?, Storage::memory());
    Ok(App::new(Parts {
        db,
        clock: Clock::system(),
        random: Random,
        storage,
        settings,
        pages: Pages::default(),
    }))
}
