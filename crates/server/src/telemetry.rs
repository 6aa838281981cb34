//! Traces and logs to a collector, by OTLP over HTTP, if the settings name one.
//!
//! Invariants:
//! - Nobody waits for the collector: what is to be sent waits in queues that are bounded, and is dropped when they are full.
//!   Requests go out from threads of their own.
//! - Only what Faff itself says is sent, never what a library says; and nothing about sending, which would have to be sent.
//! - The end of the process waits for it as long as [`FLUSH`], and no longer.

use std::error::Error;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use faff_app::outgoing;
use faff_types::Random;
use http_body_util::{BodyExt as _, Full, Limited};
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{
    ExporterBuildError, LogExporter, Protocol, SpanExporter, WithExportConfig, WithHttpConfig,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::resource::{EnvResourceDetector, TelemetryResourceDetector};
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::runtime::{Handle, Runtime};
use tokio::time::Instant;
use tracing::Metadata;
use tracing_subscriber::filter::{FilterExt, FilterFn};
use tracing_subscriber::{EnvFilter, Layer, Registry};

use crate::failure::Failure;
use crate::settings::Collector;

/// How long the end waits for what is not sent yet: with the time that requests have to end, less than ten seconds.
const FLUSH: Duration = Duration::from_millis(1500);
/// How long the collector may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest answer that is read, in bytes.
const LARGEST: usize = 64 * 1024;
/// How often it is told at most that nothing arrives.
const QUIET: Duration = Duration::from_mins(1);
/// What the exporter may say, each of it once or twice: that a queue is full, and in the end how much was lost.
const DROPPED: [&str; 4] = [
    "BatchSpanProcessor.SpanDroppingStarted",
    "BatchSpanProcessor.SpansDropped",
    "BatchLogProcessor.LogDroppingStarted",
    "BatchLogProcessor.LogsDropped",
];

/// A part of what becomes of a line of the log, or of a span.
pub(crate) type Part = Box<dyn Layer<Registry> + Send + Sync>;

/// What sends traces and logs.
#[derive(Debug)]
pub(crate) struct Telemetry {
    spans: SdkTracerProvider,
    logs: SdkLoggerProvider,
    runtime: Runtime,
}

impl Telemetry {
    /// Begins to send to a collector. It need not be there yet.
    ///
    /// # Errors
    /// When something that the settings say cannot be.
    pub(crate) fn start(collector: &Collector) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("telemetry")
            .enable_all()
            .build()
            .map_err(|error| Failure::work(format!("no threads could be started: {error}")))?;
        let unfit = |why: String| Failure::Settings(vec![format!("OTEL_EXPORTER_OTLP_ENDPOINT: {why}")]);
        let client = outgoing::Client::new(collector.endpoint.starts_with("https://")).map_err(|error| {
            unfit(format!("there are no certificates to know {} by: {error}", collector.endpoint))
        })?;
        let sender = || Sender {
            client: client.clone(),
            runtime: runtime.handle().clone(),
            endpoint: collector.endpoint.clone(),
            failing: Mutex::default(),
        };
        // What else the environment may say is the library's to read.
        let refused = |error: ExporterBuildError| unfit(error.to_string());
        let spans = SpanExporter::builder()
            .with_http()
            .with_http_client(sender())
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{}/v1/traces", collector.endpoint))
            .with_headers(collector.headers.reveal().clone())
            .with_timeout(PATIENCE)
            .build()
            .map_err(refused)?;
        let logs = LogExporter::builder()
            .with_http()
            .with_http_client(sender())
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{}/v1/logs", collector.endpoint))
            .with_headers(collector.headers.reveal().clone())
            .with_timeout(PATIENCE)
            .build()
            .map_err(refused)?;
        let resource = resource(collector)?;
        let spans = SdkTracerProvider::builder()
            .with_sampler(collector.sampler.clone())
            .with_resource(resource.clone())
            .with_batch_exporter(spans)
            .build();
        let logs = SdkLoggerProvider::builder().with_resource(resource).with_batch_exporter(logs).build();
        Ok(Self { spans, logs, runtime })
    }

    /// What spans and lines of the log go through, the latter as far as `filter` lets them.
    pub(crate) fn parts(&self, filter: EnvFilter) -> [Part; 2] {
        let spans = tracing_opentelemetry::layer()
            .with_tracer(self.spans.tracer("faff"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(FilterFn::new(|metadata| metadata.is_span() && is_ours(metadata)));
        let logs = OpenTelemetryTracingBridge::new(&self.logs)
            .with_filter(filter.and(FilterFn::new(|metadata| !metadata.is_span() && is_ours(metadata))));
        [spans.boxed(), logs.boxed()]
    }

    /// Sends what is left, as far as there is time.
    pub(crate) fn end(self) {
        let Self { spans, logs, runtime } = self;
        let sent = std::thread::scope(|scope| {
            let logs = scope.spawn(|| logs.shutdown_with_timeout(FLUSH));
            let spans = spans.shutdown_with_timeout(FLUSH);
            spans.is_ok() && logs.join().is_ok_and(|logs| logs.is_ok())
        });
        if !sent {
            tracing::warn!("the last traces and logs have not reached the collector in time");
        }
        runtime.shutdown_background();
    }
}

/// What all traces and logs of this process have in common. `OTEL_RESOURCE_ATTRIBUTES` may add to it, and say otherwise.
fn resource(collector: &Collector) -> Result<Resource, Failure> {
    let instance = Random.hex::<16>().map_err(|error| Failure::work(format!("no randomness: {error}")))?;
    let resource = Resource::builder_empty()
        .with_attributes([
            KeyValue::new("service.name", "faff"),
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            KeyValue::new("service.instance.id", instance),
        ])
        .with_detectors(&[Box::new(TelemetryResourceDetector), Box::new(EnvResourceDetector::new())]);
    Ok(match &collector.service_name {
        Some(name) => resource.with_service_name(name.clone()).build(),
        None => resource.build(),
    })
}

/// Whether Faff itself says so, and not of sending.
fn is_ours(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    let of_faff = target == "faff" || target.starts_with("faff::") || target.starts_with("faff_");
    of_faff && target != module_path!()
}

/// Whether this is for the log of the process: lines, without what the exporter repeats about each failure.
pub(crate) fn is_for_the_log(metadata: &Metadata<'_>) -> bool {
    !metadata.is_span()
        && (!metadata.target().starts_with("opentelemetry") || DROPPED.contains(&metadata.name()))
}

/// Sends requests of the exporter by our own client.
#[derive(Debug)]
struct Sender {
    client: outgoing::Client,
    runtime: Handle,
    endpoint: String,
    failing: Mutex<Failing>,
}

/// How long nothing has arrived.
#[derive(Debug, Default)]
struct Failing {
    times: u64,
    told: Option<Instant>,
}

#[async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let exchange = async move { tokio::time::timeout(PATIENCE, exchange(&client, request)).await };
        // The exporter has threads without a runtime.
        let answer = match self.runtime.spawn(exchange).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err("no answer in time".into()),
            Err(error) => Err(error.into()),
        };
        match &answer {
            Ok(answer) if answer.status().is_success() => self.arrived(),
            Ok(answer) => self.failed(&format!("it answers {}", answer.status())),
            Err(error) => self.failed(&with_causes(error.as_ref())),
        }
        answer
    }
}

impl Sender {
    fn arrived(&self) {
        let failing = std::mem::take(&mut *self.failing.lock().unwrap_or_else(PoisonError::into_inner));
        if failing.told.is_some() {
            tracing::info!(
                collector = self.endpoint,
                failures = failing.times,
                "the collector takes what is sent again"
            );
        }
    }

    fn failed(&self, why: &str) {
        let mut failing = self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        failing.times += 1;
        let now = Instant::now();
        if failing.told.is_none_or(|told| now.duration_since(told) >= QUIET) {
            failing.told = Some(now);
            let failures = failing.times;
            drop(failing);
            tracing::warn!(
                collector = self.endpoint,
                why,
                failures,
                "traces or logs do not reach the collector"
            );
        }
    }
}

async fn exchange(client: &outgoing::Client, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let answer = client.send(request.map(Full::new), PATIENCE).await.map_err(|failure| match failure {
        // Why is behind what the client says of it.
        outgoing::Failure::Connect(why) => format!("no connection: {}", with_causes(why.as_ref())),
        outgoing::Failure::Broken(why) => format!("the connection broke: {}", with_causes(why.as_ref())),
        outgoing::Failure::Late => failure.to_string(),
    })?;
    let (head, body) = answer.into_parts();
    let body = Limited::new(body, LARGEST).collect().await?.to_bytes();
    Ok(Response::from_parts(head, body))
}

/// An error and what is behind it: the reason is at the end.
fn with_causes(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    let mut texts: Vec<String> = causes.map(ToString::to_string).collect();
    texts.dedup();
    texts.join(": ")
}
