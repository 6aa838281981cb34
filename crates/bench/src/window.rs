//! What a load cost and how it was answered, between two looks at what the kernel has counted.

use std::collections::BTreeMap;

use crate::backends;
use crate::load::Measured;
use crate::seed::postgres::RUN;
use crate::server::Server;

/// What was measured of one load.
#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Window {
    pub(crate) per_second: f64,
    /// In milliseconds.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// CPU seconds for a thousand requests: of all servers, and of their database.
    pub(crate) server_cpu: f64,
    pub(crate) database_cpu: f64,
    /// Of all servers, in bytes.
    pub(crate) resident: u64,
    #[serde(skip)]
    pub(crate) errors: Vec<String>,
}

impl Window {
    #[expect(clippy::cast_precision_loss, reason = "there are no 2^52 requests")]
    pub(crate) fn new((measured, before, after): (Measured, Look, Look)) -> Self {
        let thousands = measured.latencies.len() as f64 / 1000.0;
        Self {
            per_second: measured.per_second(),
            p50: measured.percentile(50),
            p99: measured.percentile(99),
            server_cpu: (after.cpu - before.cpu) / thousands,
            database_cpu: backends::used(&before.database, &after.database) / thousands,
            resident: after.resident,
            errors: measured.errors,
        }
    }

    /// For whoever waits.
    pub(crate) fn short(&self) -> String {
        let Self { per_second, p50, p99, server_cpu, database_cpu, errors, .. } = self;
        format!(
            "{per_second:8.0}/s  p50 {p50:.2} ms  p99 {p99:.2} ms  CPU s per 1,000: {server_cpu:.3} and {database_cpu:.3} of \
             PostgreSQL's  {} errors",
            errors.len()
        )
    }

    pub(crate) fn cpu(&self) -> f64 {
        self.server_cpu + self.database_cpu
    }
}

/// What the kernel has counted: for servers, and for their database's processes.
pub(crate) struct Look {
    cpu: f64,
    resident: u64,
    database: BTreeMap<u32, f64>,
}

impl Look {
    pub(crate) fn at(servers: &[Server]) -> Self {
        let usages: Vec<_> = servers.iter().map(Server::usage).collect();
        Self {
            cpu: usages.iter().map(|usage| usage.cpu).sum(),
            resident: usages.iter().map(|usage| usage.resident).sum(),
            database: backends::seconds(RUN),
        }
    }
}
