//! How far a backup has come, and a way to end it.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::watch;

use super::Fault;

/// What is seen of a backup from outside.
#[derive(Debug)]
pub struct Watch {
    bytes: AtomicU64,
    files: AtomicU64,
    all_files: AtomicU64,
    stopped: watch::Sender<bool>,
}

impl Default for Watch {
    fn default() -> Self {
        let (stopped, _) = watch::channel(false);
        Self { bytes: 0.into(), files: 0.into(), all_files: 0.into(), stopped }
    }
}

impl Watch {
    /// Ends it at the next opportunity, with a fault, and with all cleared away.
    pub fn stop(&self) {
        self.stopped.send_replace(true);
    }

    /// Fails when it was told to end.
    ///
    /// # Errors
    /// Says that it was.
    pub fn go_on(&self) -> Result<(), Fault> {
        if self.is_stopped() { Err(stopped()) } else { Ok(()) }
    }

    /// Whether it was told to end.
    pub fn is_stopped(&self) -> bool {
        *self.stopped.borrow()
    }

    /// Waits until it is told to end.
    pub async fn stopped(&self) {
        let mut told = self.stopped.subscribe();
        // It is told by whoever holds this, so there is somebody to tell.
        let _ = told.wait_for(|stopped| *stopped).await;
    }

    /// Bytes of content so far, files so far, and how many files there are.
    pub fn seen(&self) -> (u64, u64, u64) {
        let [bytes, files, all] =
            [&self.bytes, &self.files, &self.all_files].map(|number| number.load(Ordering::Relaxed));
        (bytes, files, all)
    }

    pub(in crate::edges) fn expect(&self, files: u64) {
        self.bytes.store(0, Ordering::Relaxed);
        self.files.store(0, Ordering::Relaxed);
        self.all_files.store(files, Ordering::Relaxed);
    }

    pub(in crate::edges) fn passed(&self, bytes: usize) -> Result<(), Fault> {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        self.go_on()
    }

    pub(in crate::edges) fn file(&self) {
        self.files.fetch_add(1, Ordering::Relaxed);
    }

    /// Does something unless it is stopped before.
    pub(super) async fn unless_stopped<T>(
        &self,
        work: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        tokio::select! {
            done = work => done,
            () = self.stopped() => Err(stopped()),
        }
    }
}

fn stopped() -> Fault {
    Fault::new("stopped before the end")
}
