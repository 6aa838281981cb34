//! A body on its way to the reader of its parts: counted, and handed on chunk by chunk.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::BodyDataStream;
use bytes::Bytes;
use futures_util::Stream;
use tokio::time::Instant;

/// What may arrive without a part, or the next bytes of one, coming of it: longer headers are nobody's.
const BETWEEN: u64 = 64 * 1024;
/// A body has this long to begin with, and then must come at [`SLOWEST`] at least.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes a second.
const SLOWEST: u64 = 4 * 1024;
/// The longest that a body may take.
const LONGEST: Duration = Duration::from_mins(30);

/// What has arrived.
#[derive(Debug, Default)]
struct Arrived {
    bytes: AtomicU64,
    /// How much had arrived when the last part or chunk came of it.
    used: AtomicU64,
}

/// Tells how much has arrived, and how long the rest may take.
#[derive(Debug)]
pub(super) struct Meter {
    arrived: Arc<Arrived>,
    started: Instant,
}

/// The body, chunk by chunk.
#[derive(Debug)]
pub(super) struct Metered {
    body: BodyDataStream,
    arrived: Arc<Arrived>,
    most: u64,
    /// A chunk was just handed over.
    resting: bool,
}

/// Why a body is not read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Cut {
    /// There is more of it than allowed.
    #[error("the body is too large")]
    TooLarge,
    /// The headers of a part do not end.
    #[error("the headers of a part are too long")]
    Headers,
    /// The connection ended before the body did.
    #[error("the body did not arrive whole")]
    Broken,
}

impl Meter {
    /// Reads a body of at most so many bytes.
    pub(super) fn new(body: BodyDataStream, most: u64) -> (Self, Metered) {
        let arrived = Arc::new(Arrived::default());
        let metered = Metered { body, arrived: arrived.clone(), most, resting: false };
        (Self { arrived, started: Instant::now() }, metered)
    }

    /// Something came of what has arrived.
    pub(super) fn used(&self) {
        self.arrived.used.store(self.arrived.bytes.load(Ordering::Relaxed), Ordering::Relaxed);
    }

    /// Until when the next bytes must be here.
    pub(super) fn deadline(&self) -> Instant {
        let earned = Duration::from_secs(self.arrived.bytes.load(Ordering::Relaxed) / SLOWEST);
        self.started + (PATIENCE + earned).min(LONGEST)
    }
}

impl Stream for Metered {
    type Item = Result<Bytes, Cut>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.resting) {
            // The reader of parts takes all there is at once; this way, it uses each chunk before it gets another.
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        match Pin::new(&mut self.body).poll_next(context) {
            Poll::Ready(Some(Ok(chunk))) => {
                self.resting = true;
                let length = chunk.len() as u64;
                let bytes = self.arrived.bytes.fetch_add(length, Ordering::Relaxed) + length;
                if bytes > self.most {
                    return Poll::Ready(Some(Err(Cut::TooLarge)));
                }
                let unused = bytes - self.arrived.used.load(Ordering::Relaxed);
                if unused > BETWEEN + length {
                    return Poll::Ready(Some(Err(Cut::Headers)));
                }
                Poll::Ready(Some(Ok(chunk)))
            }
            Poll::Ready(Some(Err(_))) => Poll::Ready(Some(Err(Cut::Broken))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}
