//! Counts requests and their time, for metrics.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;

/// Upper ends of the buckets, in seconds.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// What requests are told apart by: few values each, and none that a client chooses.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Labels {
    method: &'static str,
    /// The pattern of the path, empty where there is none.
    route: String,
    /// `2xx` …
    status: &'static str,
}

type Times = Family<Labels, Histogram, fn() -> Histogram>;

/// How many requests there were, and how long they took.
#[derive(Debug)]
pub(crate) struct Requests(Times);

impl Default for Requests {
    fn default() -> Self {
        Self(Family::new_with_constructor(|| Histogram::new(BUCKETS)))
    }
}

impl Requests {
    /// Counts a request that was answered.
    pub(crate) fn count(&self, method: &Method, route: Option<String>, status: StatusCode, took: Duration) {
        let labels =
            Labels { method: known(method), route: route.unwrap_or_default(), status: class(status) };
        self.0.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// The counts, which go on counting.
    pub(crate) fn times(&self) -> Times {
        self.0.clone()
    }
}

/// The name of a method, if it is a usual one.
pub(crate) fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}
