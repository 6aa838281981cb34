//! The log: to standard error, for people or as one JSON object a line.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::failure::Failure;
use crate::settings::Settings;

/// Starts logging, at `level` where the settings say nothing else.
pub(crate) fn start(settings: &Settings, level: &str) -> Result<(), Failure> {
    let filter = EnvFilter::builder().parse_lossy(settings.log_filter.as_deref().unwrap_or(level));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if settings.log_json {
        // A panic, too, is one line.
        std::panic::set_hook(Box::new(|panic| {
            tracing::error!(at = panic.location().map(ToString::to_string), "{panic}");
        }));
        log.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()
    } else {
        log.with_ansi(std::io::stderr().is_terminal()).try_init()
    };
    started.map_err(|error| Failure::work(format!("the log could not be started: {error}")))
}
