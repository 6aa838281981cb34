//! The binary with a collector: what it sends, what it never sends, and that nobody waits for a collector that is away.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use faff_testkit::{Engine, Live, PASSWORD, TestDatabase, on_both_stores};
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use prost::Message as _;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::process;

const PATIENCE: Duration = Duration::from_mins(1);
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";
const KEY: &str = "a key to the collector";

/// Attributes as text.
type Attributes = BTreeMap<String, String>;

/// A span that has arrived.
#[derive(Debug, Clone)]
struct Span {
    name: String,
    trace: String,
    id: String,
    parent: String,
    failed: bool,
    attributes: Attributes,
    resource: Attributes,
}

/// A line of the log that has arrived.
#[derive(Debug, Clone)]
struct Line {
    target: String,
    level: String,
    message: String,
    trace: String,
    attributes: Attributes,
    resource: Attributes,
}

/// What a collector has got.
#[derive(Debug, Default)]
struct Got {
    bytes: Vec<u8>,
    spans: Vec<Span>,
    lines: Vec<Line>,
    requests: usize,
}

/// A collector.
#[derive(Debug, Clone)]
struct Collector {
    url: String,
    got: Arc<Mutex<Got>>,
    answers: StatusCode,
}

impl Collector {
    async fn start(answers: StatusCode) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let collector = Self { url, got: Arc::default(), answers };
        let router = Router::new().fallback(take).with_state(collector.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        collector
    }

    /// Looks until there is something.
    async fn find<T>(&self, what: &str, find: impl Fn(&Got) -> Option<T>) -> T {
        let found = async {
            loop {
                let found = find(&self.got.lock().unwrap());
                match found {
                    Some(found) => return found,
                    None => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            }
        };
        let found = tokio::time::timeout(PATIENCE, found).await;
        found.unwrap_or_else(|_| panic!("{what} has not arrived: {:#?}", self.got.lock().unwrap().spans))
    }

    async fn span(&self, name: &str, is: impl Fn(&Span) -> bool) -> Span {
        self.find(name, |got| got.spans.iter().find(|span| span.name == name && is(span)).cloned()).await
    }

    async fn line(&self, message: &str, is: impl Fn(&Line) -> bool) -> Line {
        self.find(message, |got| got.lines.iter().find(|line| line.message == message && is(line)).cloned())
            .await
    }
}

async fn take(State(collector): State<Collector>, uri: Uri, headers: HeaderMap, body: Bytes) -> StatusCode {
    assert_eq!(headers["content-type"], "application/x-protobuf");
    assert_eq!(headers["x-key"], KEY);
    let mut got = collector.got.lock().unwrap();
    got.requests += 1;
    got.bytes.extend_from_slice(&body);
    match uri.path() {
        "/v1/traces" => got.spans.extend(spans(&body)),
        "/v1/logs" => got.lines.extend(lines(&body)),
        other => panic!("sent to {other}"),
    }
    collector.answers
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn text(value: Option<&AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(Any::StringValue(text)) => text.clone(),
        Some(Any::IntValue(number)) => number.to_string(),
        Some(Any::BoolValue(is)) => is.to_string(),
        other => format!("{other:?}"),
    }
}

fn attributes(list: &[KeyValue]) -> Attributes {
    list.iter().map(|pair| (pair.key.clone(), text(pair.value.as_ref()))).collect()
}

fn spans(body: &[u8]) -> Vec<Span> {
    let mut spans = Vec::new();
    for group in ExportTraceServiceRequest::decode(body).unwrap().resource_spans {
        let resource = attributes(&group.resource.unwrap().attributes);
        for span in group.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            assert!(span.events.is_empty(), "lines of the log are sent once: {span:?}");
            spans.push(Span {
                trace: hex(&span.trace_id),
                id: hex(&span.span_id),
                parent: hex(&span.parent_span_id),
                failed: span.status.as_ref().is_some_and(|status| status.code == 2),
                attributes: attributes(&span.attributes),
                resource: resource.clone(),
                name: span.name,
            });
        }
    }
    spans
}

fn lines(body: &[u8]) -> Vec<Line> {
    let mut lines = Vec::new();
    for group in ExportLogsServiceRequest::decode(body).unwrap().resource_logs {
        let resource = attributes(&group.resource.unwrap().attributes);
        for scope in group.scope_logs {
            let target = scope.scope.unwrap_or_default().name;
            for line in scope.log_records {
                lines.push(Line {
                    target: target.clone(),
                    level: line.severity_text,
                    message: text(line.body.as_ref()),
                    trace: hex(&line.trace_id),
                    attributes: attributes(&line.attributes),
                    resource: resource.clone(),
                });
            }
        }
    }
    lines
}

/// A process that is told to stop, and listened to.
#[derive(Debug)]
struct Process {
    child: Child,
    log: PathBuf,
    first: String,
}

impl Process {
    fn start(mut command: Command, log: PathBuf) -> Self {
        let stderr = File::create(&log).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(stderr).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        Self { child, log, first }
    }

    fn url(&self) -> String {
        let url = self.first.trim().strip_prefix("listening on ");
        url.unwrap_or_else(|| panic!("started with {:?}: {}", self.first, self.said())).to_owned()
    }

    fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Tells it to stop, and waits for its end.
    async fn stop(&mut self) -> Option<i32> {
        Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        let ended = async {
            loop {
                match self.child.try_wait().unwrap() {
                    Some(status) => return status.code(),
                    None => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            }
        };
        tokio::time::timeout(PATIENCE, ended).await.unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program, as told to send everything that there is to a collector, soon.
fn command(database: &TestDatabase, bucket: Option<&faff_testkit::TestBucket>, url: &str) -> Command {
    let mut command = process::command(database, bucket, database.folder());
    command
        .env("RUST_LOG", "trace")
        .env("LOG_FORMAT", "json")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        .env("OTEL_EXPORTER_OTLP_HEADERS", format!("x-key={}", KEY.replace(' ', "%20")))
        .env("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test")
        .env("OTEL_BSP_SCHEDULE_DELAY", "100")
        .env("OTEL_BLRP_SCHEDULE_DELAY", "100");
    command
}

fn post(url: &str, token: &str, body: &Value) -> reqwest::RequestBuilder {
    reqwest::Client::new().post(url).bearer_auth(token).json(body)
}

async fn answered(request: reqwest::RequestBuilder, status: u16) -> Value {
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), status);
    answer.json().await.unwrap()
}

/// Registers somebody: their token and id.
async fn register(url: &str) -> (String, String) {
    let account = json!({"name": "Bo Ek", "email": "bo@faff.example", "password": PASSWORD});
    let login = reqwest::Client::new().post(format!("{url}/api/auth/register")).json(&account);
    let login = answered(login, 201).await;
    (login["token"].as_str().unwrap().to_owned(), login["user"]["id"].to_string())
}

on_both_stores! {
    async fn a_trace_of_a_request_an_event_and_a_job_arrives_with_its_log_and_without_a_word_of_anybody(place) {
        let database = TestDatabase::create(place.engine, faff_app::MIGRATIONS).await;
        let bucket = process::bucket(place, &database).await;
        let collector = Collector::start(StatusCode::OK).await;
        let log = database.folder().join("log");
        let mut server = Process::start(command(&database, bucket.as_ref(), &collector.url), log);
        let url = server.url();
        let (token, id) = register(&url).await;

        let body = json!({"title": "kettledrum", "description": "xylophone"});
        let request = post(&format!("{url}/api/tasks?glockenspiel=1"), &token, &body)
            .header("x-request-id", "named-here")
            .header("cookie", "faff_session=harpsichord")
            .header("traceparent", format!("00-{TRACE}-{PARENT}-01"));
        let task = answered(request, 201).await["task"]["id"].clone();

        let span = collector.span("POST /api/tasks", |_| true).await;
        assert_eq!((span.trace.as_str(), span.parent.as_str(), span.failed), (TRACE, PARENT, false));
        for (name, value) in [
            ("http.request.method", "POST"),
            ("http.route", "/api/tasks"),
            ("http.response.status_code", "201"),
            ("request.id", "named-here"),
            ("user.id", id.as_str()),
        ] {
            assert_eq!(span.attributes.get(name).map(String::as_str), Some(value), "{name}: {span:#?}");
        }
        for (name, value) in [
            ("service.name", "faff"),
            ("service.version", env!("CARGO_PKG_VERSION")),
            ("deployment.environment.name", "test"),
        ] {
            assert_eq!(span.resource.get(name).map(String::as_str), Some(value), "{name}: {span:#?}");
        }
        assert_eq!(span.resource["service.instance.id"].len(), 32);
        let write = collector.span("write", |write| write.trace == TRACE).await;
        assert_eq!(write.parent, span.id);
        let line = collector.line("answered", |line| line.trace == TRACE).await;
        assert_eq!((line.target.as_str(), line.level.as_str()), ("faff_app::http::edge", "DEBUG"));
        assert_eq!(line.attributes["request_id"], "named-here");
        assert_eq!(line.resource, span.resource);
        let here = server.said();
        let here = here.lines().find(|line| line.contains("named-here")).unwrap();
        assert_eq!(serde_json::from_str::<Value>(here).unwrap()["trace_id"], TRACE);

        // A refusal, by a method that somebody made up.
        let odd = reqwest::Method::from_bytes(b"BASSOON").unwrap();
        let odd = reqwest::Client::new().request(odd, format!("{url}/api/tasks")).send().await.unwrap();
        assert_eq!(odd.status(), 405);
        let odd = collector.span("_OTHER /api/tasks", |_| true).await;
        assert_eq!((odd.attributes["faff.code"].as_str(), odd.failed), ("method_not_allowed", false));
        assert!(odd.trace != TRACE && !format!("{odd:?}").contains("BASSOON"), "{odd:#?}");

        let mut live = Live::connect(&url, &token).await.unwrap();
        let said = live.ask("send_message", &json!({"taskId": task, "content": "marimba"})).await;
        assert_eq!(said["ok"], true, "{said}");
        live.ask("bagpipe", &json!({})).await;
        let socket = collector.span("socket send_message", |_| true).await;
        assert_eq!(socket.attributes["user.id"], id);
        let written = collector.span("write", |write| write.parent == socket.id).await;
        assert_eq!(written.trace, socket.trace);
        let unknown = collector.span("socket _OTHER", |_| true).await;
        assert_eq!(unknown.attributes["faff.code"], "unknown_event");

        answered(post(&format!("{url}/api/summaries/generate/{task}"), &token, &json!({})), 202).await;
        let job = collector.span("job summary", |_| true).await;
        assert_eq!((&job.attributes["faff.job.subject"], job.failed), (&task.to_string(), false));
        collector.span("snapshot", |read| read.parent == job.id).await;
        collector.line("a job is done", |line| line.trace == job.trace).await;

        if place.store == Store::Bucket {
            let form = reqwest::multipart::Form::new().text("taskId", task.to_string()).text("content", "oboe");
            let file = reqwest::multipart::Part::bytes(process::bytes(1, 1000)).file_name("sousaphone.png");
            let form = reqwest::Client::new()
                .post(format!("{url}/api/messages"))
                .bearer_auth(&token)
                .multipart(form.part("files", file));
            answered(form, 201).await;
            let request = collector.span("POST /api/messages", |_| true).await;
            let sent = collector.span("send", |sent| sent.parent == request.id).await;
            assert_eq!(sent.attributes["http.request.method"], "PUT");
            assert_eq!(sent.attributes["http.response.status_code"], "200");
        }

        drop(live);
        assert_eq!(server.stop().await, Some(0));
        let got = collector.got.lock().unwrap();
        assert!(got.lines.iter().any(|line| line.message == "stopped"), "the last line is not lost");
        let foreign = |target: &str| !target.starts_with("faff") || target == "faff::telemetry";
        let foreign: Vec<_> = got.lines.iter().filter(|line| foreign(&line.target)).collect();
        assert!(foreign.is_empty(), "{foreign:#?}");
        let alone = got.spans.iter().filter(|span| span.parent.is_empty());
        let alone: Vec<_> = alone.filter(|span| matches!(span.name.as_str(), "read" | "write" | "send")).collect();
        assert!(alone.is_empty(), "only what somebody asked for begins a trace: {alone:#?}");
        let sent = String::from_utf8_lossy(&got.bytes);
        for secret in [
            PASSWORD, &token, KEY, "Bo Ek", "bo@faff.example", "kettledrum", "xylophone", "glockenspiel",
            "harpsichord", "marimba", "oboe", "sousaphone", "a secret of at least 32 bytes",
        ] {
            assert!(!sent.contains(secret), "{secret} was sent");
        }
    }
}

#[tokio::test]
async fn a_worker_sends_its_traces_too_under_the_name_that_it_was_given() {
    let database = TestDatabase::create(Engine::Postgres, faff_app::MIGRATIONS).await;
    let collector = Collector::start(StatusCode::OK).await;
    let mut server = process::command(&database, None, database.folder());
    server.env("WORKER", "off");
    let mut server = Process::start(server, database.folder().join("log"));
    let url = server.url();
    let (token, _) = register(&url).await;
    let task =
        answered(post(&format!("{url}/api/tasks"), &token, &json!({"title": "a", "description": "b"})), 201);
    let task = task.await["task"]["id"].clone();
    answered(post(&format!("{url}/api/summaries/generate/{task}"), &token, &json!({})), 202).await;
    let mut worker = command(&database, None, &collector.url);
    worker.arg("worker").env("OTEL_SERVICE_NAME", "desk-worker");
    let mut worker = Process::start(worker, database.folder().join("log of the worker"));
    let job = collector.span("job summary", |_| true).await;
    assert_eq!(job.resource["service.name"], "desk-worker");
    assert_eq!((worker.stop().await, server.stop().await), (Some(0), Some(0)));
    collector.line("stopped", |_| true).await;
}

#[tokio::test]
async fn nothing_is_sent_of_what_is_not_sampled() {
    let database = TestDatabase::create(Engine::Sqlite, faff_app::MIGRATIONS).await;
    let collector = Collector::start(StatusCode::OK).await;
    let mut command = command(&database, None, &collector.url);
    command.args(["--otel-traces-sampler", "always_off"]);
    let mut server = Process::start(command, database.folder().join("log"));
    register(&server.url()).await;
    collector.line("answered", |_| true).await;
    assert_eq!(server.stop().await, Some(0));
    assert!(collector.got.lock().unwrap().spans.is_empty());
}

#[tokio::test]
async fn probes_begin_no_trace() {
    let database = TestDatabase::create(Engine::Sqlite, faff_app::MIGRATIONS).await;
    let collector = Collector::start(StatusCode::OK).await;
    let mut server = Process::start(command(&database, None, &collector.url), database.folder().join("log"));
    let url = server.url();
    for path in ["/health", "/health/live", "/health/ready", "/metrics", "/api/meta"] {
        // Metrics are refused to strangers, which is an answer, too.
        assert!(reqwest::get(format!("{url}{path}")).await.unwrap().status().as_u16() < 500, "{path}");
    }
    // It was asked for last, and spans go out in order.
    let asked = collector.span("GET /api/meta", |_| true).await;
    assert_eq!(server.stop().await, Some(0));
    let got = collector.got.lock().unwrap();
    assert!(got.spans.iter().all(|span| span.trace == asked.trace), "{:#?}", got.spans);
}

#[tokio::test]
async fn a_collector_that_hangs_holds_up_neither_requests_nor_the_end() {
    let database = TestDatabase::create(Engine::Sqlite, faff_app::MIGRATIONS).await;
    // It takes connections, as the system does for it, and never answers.
    let hangs = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", hangs.local_addr().unwrap());
    let mut command = command(&database, None, &url);
    command.env("OTEL_BSP_MAX_QUEUE_SIZE", "10").env("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "5");
    let mut server = Process::start(command, database.folder().join("log"));
    let url = server.url();
    let (token, _) = register(&url).await;
    for _ in 0..50 {
        let request = post(&format!("{url}/api/tasks"), &token, &json!({"title": "a", "description": "b"}));
        answered(request, 201).await;
    }
    assert_eq!(server.stop().await, Some(0));
    let said = server.said();
    assert_eq!(said.matches("dropped a Span due to queue full").count(), 1, "{said}");
    assert_eq!(said.matches("have not reached the collector in time").count(), 1, "{said}");
    drop(hangs);
}

#[tokio::test]
async fn a_collector_that_refuses_is_told_of_once_and_not_to_itself() {
    let database = TestDatabase::create(Engine::Sqlite, faff_app::MIGRATIONS).await;
    let collector = Collector::start(StatusCode::BAD_REQUEST).await;
    let mut server = Process::start(command(&database, None, &collector.url), database.folder().join("log"));
    let url = server.url();
    while collector.got.lock().unwrap().requests < 10 {
        assert_eq!(reqwest::get(format!("{url}/api/meta")).await.unwrap().status(), 200);
    }
    assert_eq!(server.stop().await, Some(0));
    let said = server.said();
    // Once for traces and once for logs.
    let told = said.matches("traces or logs do not reach the collector").count();
    assert!((1..=2).contains(&told) && said.contains("it answers 400"), "{said}");
    let got = collector.got.lock().unwrap();
    assert!(got.lines.iter().all(|line| line.target != "faff::telemetry"), "{:#?}", got.lines);
}
