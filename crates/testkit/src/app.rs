//! A running application on a database of its own, and people who use it over HTTP.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use faff_app::features::files::Storage;
use faff_app::http::Pages;
use faff_app::{App, Parts, Rate, Registration, Settings};
use faff_seal::Keys;
use faff_types::{Clock, Random, Secret, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::{Live, Place, Store, TestBucket, TestDatabase};

/// The password of everybody in the tests.
pub const PASSWORD: &str = "printer on fire 7";

/// A running application.
#[derive(Debug)]
pub struct TestApp {
    /// The application inside, for counters and the like.
    pub app: App,
    /// The clock it goes by; it stands still until moved.
    pub clock: Clock,
    /// Where it listens. Over TLS, clients come to it by a [`crate::Tunnel`] whose address is put here.
    pub url: String,
    /// The folder of its files, which is its bucket's if it has one.
    pub files: PathBuf,
    /// Its bucket, if its files are in one.
    pub bucket: Option<Arc<TestBucket>>,
    /// Its database, to open again or to look into.
    pub database: TestDatabase,
    http: reqwest::Client,
    stop: Option<oneshot::Sender<()>>,
}

impl TestApp {
    /// Starts one with settings fit for tests.
    pub async fn start(place: impl Into<Place>) -> Self {
        Self::start_with(place, |_| {}).await
    }

    /// Starts one with settings of its own.
    pub async fn start_with(place: impl Into<Place>, set: impl FnOnce(&mut Settings)) -> Self {
        Self::start_with_pages(place, set, Pages::default()).await
    }

    /// Starts one with settings and a web client of its own.
    pub async fn start_with_pages(
        place: impl Into<Place>,
        set: impl FnOnce(&mut Settings),
        pages: Pages,
    ) -> Self {
        let Place { engine, store } = place.into();
        let database = TestDatabase::create(engine, faff_app::MIGRATIONS).await;
        let clock = Clock::manual(Timestamp::from_millis(1_795_000_000_000));
        let bucket = match store {
            Store::Folder => None,
            Store::Bucket => Some(Arc::new(TestBucket::start(database.folder()).await)),
        };
        let folder = database.folder().join("files");
        let files = bucket.as_ref().map_or(folder, |bucket| bucket.objects.clone());
        Self::serve(database, (files, bucket), clock, set, pages).await
    }

    /// Starts one that seals files with the first of these keys, and opens what each has sealed.
    pub async fn start_sealed(place: impl Into<Place>, keys: &str) -> Self {
        let app = Self::start(place).await;
        app.another_node_sealed(Some(keys)).await.instead_of(app)
    }

    /// This one, on the database of another that ends.
    fn instead_of(mut self, mut other: Self) -> Self {
        other.stop();
        std::mem::swap(&mut self.database, &mut other.database);
        self
    }

    /// Starts a second node on the same database, with other keys to files.
    pub async fn another_node_sealed(&self, keys: Option<&str>) -> Self {
        let files = (self.files.clone(), self.bucket.clone());
        let keys = keys.map(|keys| Keys::parse(keys).unwrap());
        let (database, clock) = (self.database.borrowed(), self.clock.clone());
        Self::serve_sealed(database, (files, keys), clock, |_| {}, Pages::default()).await
    }

    /// Starts one on what a server process has left: its database, and the bucket or the folder of its files.
    pub async fn on(database: TestDatabase, bucket: Option<Arc<TestBucket>>, clock: Clock) -> Self {
        let folder = database.folder().join("files");
        let files = bucket.as_ref().map_or(folder, |bucket| bucket.objects.clone());
        Self::serve(database, (files, bucket), clock, |_| {}, Pages::default()).await
    }

    /// Starts a second node on the same database.
    pub async fn another_node(&self) -> Self {
        self.another_node_with(|_| {}).await
    }

    /// Starts a second node with settings of its own.
    pub async fn another_node_with(&self, set: impl FnOnce(&mut Settings)) -> Self {
        self.another_node_by(self.clock.clone(), set).await
    }

    /// Starts a second node that goes by a clock of its own.
    pub async fn another_node_by(&self, clock: Clock, set: impl FnOnce(&mut Settings)) -> Self {
        let files = (self.files.clone(), self.bucket.clone());
        Self::serve(self.database.borrowed(), files, clock, set, Pages::default()).await
    }

    async fn serve(
        database: TestDatabase,
        files: (PathBuf, Option<Arc<TestBucket>>),
        clock: Clock,
        set: impl FnOnce(&mut Settings),
        pages: Pages,
    ) -> Self {
        Self::serve_sealed(database, (files, None), clock, set, pages).await
    }

    async fn serve_sealed(
        database: TestDatabase,
        ((files, bucket), keys): ((PathBuf, Option<Arc<TestBucket>>), Option<Keys>),
        clock: Clock,
        set: impl FnOnce(&mut Settings),
        pages: Pages,
    ) -> Self {
        // What went wrong inside is in the output of a test that fails.
        let _ = tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
            .with_test_writer()
            .try_init();
        let mut settings = settings();
        set(&mut settings);
        let tls = settings.tls.clone();
        let storage = storage(&files, bucket.as_deref()).unwrap().sealed_with(keys);
        let (db, clock_of_app) = (database.open().await, clock.clone());
        let app = App::new(Parts { db, clock: clock_of_app, random: Random, storage, settings, pages });
        faff_app::start(&app).await.unwrap();
        let (router, _) = faff_app::build(&app);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(faff_app::http::serve_over(tls, listener, router, async move {
            let _ = stopped.await;
        }));
        let http = reqwest::Client::new();
        Self { app, clock, url, files, bucket, database, http, stop: Some(stop) }
    }

    /// Works on all jobs that are due, and returns how many there were.
    pub async fn work(&self) -> usize {
        faff_app::edges::jobs::run_due(&self.app).await.unwrap()
    }

    /// Stops as the server does: sockets are closed, requests in flight end.
    pub async fn drain(&mut self) {
        self.stop();
        faff_app::drain(&self.app).await;
    }

    /// Stops accepting; requests in flight end.
    pub fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }

    /// Somebody who is not logged in.
    pub fn anyone(&self) -> Client {
        Client { url: self.url.clone(), http: self.http.clone(), token: None }
    }

    /// Registers a person called so.
    pub async fn register(&self, name: &str) -> Person {
        let email = format!("{}@faff.example", name.to_lowercase());
        let body = json!({"name": name, "email": email, "password": PASSWORD});
        let answer = self.anyone().post("/api/auth/register", &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        self.person(&answer)
    }

    /// Makes the first administrator, by the set-up token.
    pub async fn set_up(&self, name: &str) -> Person {
        let token = self.app.set_up().issue(Random).unwrap().reveal().clone();
        let email = format!("{}@faff.example", name.to_lowercase());
        let body = json!({"token": token, "name": name, "email": email, "password": PASSWORD});
        let answer = self.anyone().post("/api/auth/setup", &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        self.person(&answer)
    }

    /// Logs in once more.
    pub async fn log_in(&self, email: &str) -> Person {
        let answer =
            self.anyone().post("/api/auth/login", &json!({"email": email, "password": PASSWORD})).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        self.person(&answer)
    }

    /// The person that an answer with a token is about.
    pub fn person(&self, answer: &Answer) -> Person {
        let token = answer.body["token"].as_str().unwrap().to_owned();
        let user = &answer.body["user"];
        let client = Client { token: Some(token.clone()), ..self.anyone() };
        let text = |key: &str| user[key].as_str().unwrap().to_owned();
        Person { id: user["id"].as_i64().unwrap(), name: text("name"), email: text("email"), token, client }
    }

    /// The named world: ada the administrator, bo and cy who work together, eve the stranger.
    pub async fn world(&self) -> World {
        World {
            ada: self.set_up("Ada").await,
            bo: self.register("Bo").await,
            cy: self.register("Cy").await,
            eve: self.register("Eve").await,
        }
    }
}

/// The store of files in a folder or a bucket.
fn storage(files: &Path, bucket: Option<&TestBucket>) -> std::io::Result<Storage> {
    match bucket {
        Some(bucket) => Storage::bucket(&bucket.bucket(), &std::env::temp_dir()),
        None => Storage::folder(files),
    }
}

/// Settings fit for tests: cheap passwords, no limits.
fn settings() -> Settings {
    Settings {
        production: false,
        jwt_secret: Secret::new(b"a secret of at least 32 bytes for tests".to_vec()),
        session_lifetime: Duration::from_hours(24),
        bcrypt_cost: 4,
        registration: Registration::Open,
        origins: Vec::new(),
        redis_url: None,
        tls: None,
        metrics_token: None,
        trusted_proxies: Vec::new(),
        rate_anonymous: Rate(None),
        rate_user: Rate(None),
        rate_login: Rate(None),
        rate_upload: Rate(None),
        // Tests say when jobs are worked on.
        worker: false,
        escalation_priority: None,
        api_base_url: None,
        openai: None,
        in_effect: Vec::new(),
    }
}

/// People with names.
#[derive(Debug)]
pub struct World {
    /// The administrator.
    pub ada: Person,
    /// Files tickets.
    pub bo: Person,
    /// Works on them.
    pub cy: Person,
    /// Belongs to nobody's private ticket.
    pub eve: Person,
}

/// Somebody who is logged in.
#[derive(Debug, Clone)]
pub struct Person {
    /// The account.
    pub id: i64,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The token of this login.
    pub token: String,
    client: Client,
}

impl std::ops::Deref for Person {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Person {
    /// Connects a socket.
    pub async fn connect(&self) -> Live {
        Live::connect(&self.url, &self.token).await.expect("a good token is let in")
    }

    /// Connects a socket that has joined a task.
    pub async fn watch(&self, task: &Value) -> Live {
        let mut live = self.connect().await;
        let joined = live.ask("join_task", &task["id"]).await;
        assert_eq!(joined["ok"], true, "{joined}");
        live
    }

    /// Files a task with this title and whatever else is given, and returns it.
    pub async fn files(&self, title: &str, more: Value) -> Value {
        let mut body = json!({"title": title, "description": "As the title says."});
        body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        let answer = self.post("/api/tasks", &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.body["task"].clone()
    }

    /// Says something in a task, and returns the message.
    pub async fn says(&self, task: &Value, content: &str) -> Value {
        self.answers(task, content, &Value::Null).await
    }

    /// Answers a message in a task, and returns the answer.
    pub async fn answers(&self, task: &Value, content: &str, to: &Value) -> Value {
        let body = json!({"content": content, "replyToId": to["id"]});
        let answer = self.post(&format!("/api/tasks/{}/messages", task["id"]), &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.body["data"].clone()
    }
}

/// A client of the application.
#[derive(Debug, Clone)]
pub struct Client {
    url: String,
    http: reqwest::Client,
    token: Option<String>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: reqwest::header::HeaderMap,
    /// The body as JSON; null when it is empty or something else.
    pub body: Value,
    /// The body as text.
    pub text: String,
}

impl Answer {
    /// The stable code of a refusal.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// Status and code, for short assertions.
    pub fn refusal(&self) -> (u16, &str) {
        (self.status, self.code())
    }

    /// Which fields were refused, and why.
    pub fn fields(&self) -> Vec<(&str, &str)> {
        let fields = self.body["fields"].as_array().map(Vec::as_slice);
        fields
            .unwrap_or_default()
            .iter()
            .filter_map(|field| Some((field["field"].as_str()?, field["code"].as_str()?)))
            .collect()
    }

    /// The ids of the things in a list.
    pub fn ids(&self, list: &str) -> Vec<i64> {
        let things = self.body[list].as_array().expect("there is a list");
        things.iter().filter_map(|thing| thing["id"].as_i64()).collect()
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Client {
    /// A request to build on.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends a request. A fault of the server fails the test.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let answer = self.send_any(request).await;
        assert!(answer.status < 500, "a fault of the server: {answer:?}");
        answer
    }

    /// Sends a request, whatever comes back.
    pub async fn send_any(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.expect("the server answers");
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.expect("the answer is whole");
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status: StatusCode::as_u16(&status), headers, body, text }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// Everything in a list, page by page as its cursors lead.
    pub async fn walk(&self, path: &str, list: &str) -> Vec<Value> {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let sign = if path.contains('?') { '&' } else { '?' };
            let answer = self.get(&format!("{path}{sign}{cursor}")).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            found.extend(answer.body[list].as_array().cloned().expect("there is a list"));
            let next = answer.body["nextCursor"].as_str();
            assert_eq!(answer.body["hasMore"], next.is_some(), "{answer:?}");
            let Some(next) = next else { return found };
            cursor = format!("cursor={next}");
        }
    }

    /// POST with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// PUT with a JSON body.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(body)).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }
}
