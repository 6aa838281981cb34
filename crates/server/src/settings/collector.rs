//! Where traces and logs go, by the variables that OpenTelemetry has for it.

use std::collections::HashMap;

use faff_types::Secret;
use opentelemetry_http::Request;
use opentelemetry_sdk::trace::Sampler;

use super::Checks;
use super::value::{self, Read, expected};

/// A collector that takes OTLP over HTTP, and what it is to be told.
#[derive(Debug, Clone)]
pub(crate) struct Collector {
    /// Its address, without what tells traces from logs.
    pub(crate) endpoint: String,
    /// What goes with each request: keys, mostly.
    pub(crate) headers: Secret<HashMap<String, String>>,
    /// What this service is called, if not faff.
    pub(crate) service_name: Option<String>,
    /// Which traces are sent.
    pub(crate) sampler: Sampler,
}

/// The collector, if an address names one. Without, the rest may be for other programs, whatever it says.
pub(super) fn read(checks: &mut Checks<'_>) -> Option<Collector> {
    checks.given.get("OTEL_EXPORTER_OTLP_ENDPOINT")?;
    let endpoint = checks.optional("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
    checks.read("OTEL_EXPORTER_OTLP_PROTOCOL", protocol);
    let headers = checks.optional("OTEL_EXPORTER_OTLP_HEADERS", headers);
    let service_name = checks.optional("OTEL_SERVICE_NAME", value::model);
    let share = checks.optional("OTEL_TRACES_SAMPLER_ARG", share);
    let sampler = checks.read("OTEL_TRACES_SAMPLER", |text| sampler(text, share.unwrap_or(1.0)));
    Some(Collector {
        endpoint: endpoint?,
        headers: headers.unwrap_or_else(|| Secret::new(HashMap::new())),
        service_name,
        sampler: sampler?,
    })
}

/// The address of a collector. A refusal does not repeat it: it may hold a password.
fn endpoint(text: &str) -> Read<String> {
    let address = value::base_url(text).map_err(|_| {
        "expected an address such as http://127.0.0.1:4318; keys go into OTEL_EXPORTER_OTLP_HEADERS"
            .to_owned()
    })?;
    if ["/v1/traces", "/v1/logs"].iter().any(|path| address.ends_with(path)) {
        return Err("leave out /v1/traces and /v1/logs; they are put behind it".to_owned());
    }
    Ok(address)
}

fn protocol(text: &str) -> Read<()> {
    match text {
        "http/protobuf" => Ok(()),
        _ => Err(format!(
            "only http/protobuf is spoken, not {text:?}; most collectors take it at port 4318, and gRPC at 4317"
        )),
    }
}

/// Names and values, the latter percent-encoded. A refusal does not repeat them: they are keys, mostly.
fn headers(text: &str) -> Read<Secret<HashMap<String, String>>> {
    let wrong = || "expected NAME=VALUE,NAME=VALUE, with values percent-encoded".to_owned();
    let header = |item: &str| {
        let (name, value) = item.split_once('=').ok_or_else(wrong)?;
        let value = percent_encoding::percent_decode_str(value.trim()).decode_utf8().map_err(|_| wrong())?;
        let (name, value) = (name.trim().to_owned(), value.into_owned());
        Request::builder().header(&name, &value).body(()).map_err(|_| wrong())?;
        Ok((name, value))
    };
    value::items(text).map(header).collect::<Result<_, _>>().map(Secret::new)
}

fn share(text: &str) -> Read<f64> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.map_or_else(|| expected("a share from 0 to 1", text), Ok)
}

fn sampler(text: &str, share: f64) -> Read<Sampler> {
    let by_parent = |root| Ok(Sampler::ParentBased(Box::new(root)));
    match text {
        "always_on" => Ok(Sampler::AlwaysOn),
        "always_off" => Ok(Sampler::AlwaysOff),
        "traceidratio" => Ok(Sampler::TraceIdRatioBased(share)),
        "parentbased_always_on" => by_parent(Sampler::AlwaysOn),
        "parentbased_always_off" => by_parent(Sampler::AlwaysOff),
        "parentbased_traceidratio" => by_parent(Sampler::TraceIdRatioBased(share)),
        _ => expected("always_on, always_off or traceidratio, or one of these behind parentbased_", text),
    }
}
