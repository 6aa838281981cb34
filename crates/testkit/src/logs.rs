//! What is logged, kept to be searched.

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

/// Everything that this process has logged, at any level, as JSON.
#[derive(Debug, Clone, Default)]
pub struct Logs(Arc<Mutex<Vec<u8>>>);

impl Logs {
    /// Begins to keep, once in a process. Call it before an application starts, which then sets no subscriber of its own.
    pub fn keep() -> Self {
        static KEPT: OnceLock<Logs> = OnceLock::new();
        let start = || {
            let kept = Self::default();
            let writer = kept.clone();
            let trace = tracing_subscriber::filter::LevelFilter::TRACE;
            tracing_subscriber::fmt().json().with_max_level(trace).with_writer(move || writer.clone()).init();
            kept
        };
        KEPT.get_or_init(start).clone()
    }

    /// What was logged so far.
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Logs {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(line);
        Ok(line.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
