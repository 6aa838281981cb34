//! The log: to standard error, for people or as one JSON object a line; and to a collector, if there is one.

use std::io::IsTerminal;

use tracing_subscriber::filter::{FilterExt, FilterFn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::failure::Failure;
use crate::settings::Settings;
use crate::telemetry::{self, Part, Telemetry};

/// Starts logging, at `level` where the settings say nothing else.
pub(crate) fn start(settings: &Settings, level: &str, telemetry: Option<&Telemetry>) -> Result<(), Failure> {
    if settings.log_json {
        // A panic, too, is one line.
        std::panic::set_hook(Box::new(|panic| {
            tracing::error!(at = panic.location().map(ToString::to_string), "{panic}");
        }));
    }
    let started = tracing_subscriber::registry().with(parts(settings, level, telemetry)).try_init();
    started.map_err(|error| Failure::work(format!("the log could not be started: {error}")))
}

fn parts(settings: &Settings, level: &str, telemetry: Option<&Telemetry>) -> Vec<Part> {
    let filter = || EnvFilter::builder().parse_lossy(settings.log_filter.as_deref().unwrap_or(level));
    let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    // Without a collector nobody wants spans, so that none is made.
    let wanted = filter().and(FilterFn::new(telemetry::is_for_the_log));
    let log: Part = if settings.log_json {
        let log = log.json().flatten_event(true).with_current_span(false).with_span_list(false);
        log.with_filter(wanted).boxed()
    } else {
        log.with_ansi(std::io::stderr().is_terminal()).with_filter(wanted).boxed()
    };
    let mut parts = vec![log];
    parts.extend(telemetry.into_iter().flat_map(|telemetry| telemetry.parts(filter())));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Given, check};

    #[test]
    fn without_a_collector_no_span_is_made_whatever_is_logged() {
        let given = Given::collect([("RUST_LOG", "trace".to_owned())], [], []).0;
        let settings = check(&given).unwrap();
        let parts = parts(&settings, "info", None);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(parts), || {
            assert!(tracing::info_span!("anything").is_disabled());
            assert!(tracing::enabled!(tracing::Level::TRACE), "lines are");
        });
    }
}
