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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use bytes::Bytes;

    /// Reads all parts of a form, as a form of files is read; returns how many there were, and their bytes.
    async fn read(form: &[u8], chunk: usize, most: u64) -> Result<(usize, u64), multer::Error> {
        let chunks: Vec<Result<Bytes, std::io::Error>> =
            form.chunks(chunk).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
        let body = Body::from_stream(futures_util::stream::iter(chunks));
        let (meter, stream) = Meter::new(body.into_data_stream(), most);
        let mut parts = multer::Multipart::new(stream, "X");
        let (mut count, mut bytes) = (0, 0);
        while let Some(mut part) = parts.next_field().await? {
            meter.used();
            count += 1;
            assert!(part.name().is_none_or(|name| name.len() <= form.len()));
            while let Some(chunk) = part.chunk().await? {
                meter.used();
                bytes += chunk.len() as u64;
            }
        }
        Ok((count, bytes))
    }

    #[test]
    fn whatever_comes_as_a_form_is_read_or_refused() {
        const CORPUS: &[&str] = &[
            "--X\r\nContent-Disposition: form-data; name=\"taskId\"\r\n\r\n7\r\n--X\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nwords\r\n--X--\r\n",
            "--X\r\nContent-Disposition: form-data; name=\"files\"; filename*=UTF-8''%e2%82%ac.txt\r\n\r\n\r\n--X\r\n\r\n--X--",
            "preamble\r\n--X\r\ncontent-disposition:form-data;name=a\r\n\r\n--X inside\r\n--Xy\r\n\r\n--X--epilogue",
            "--X--\r\n",
            "",
        ];
        const WORDS: &[&str] = &[
            "--X",
            "--X--",
            "\r\n",
            "\r\n--X\r\n",
            "\r\n\r\n",
            "\n",
            "\r",
            "Content-Disposition: form-data; name=\"files\"",
            "; filename=\"",
            "\"",
            ";",
            ":",
            "=",
            "\\\"",
            "Content-Type: text/html",
            "Content-Transfer-Encoding: base64",
            "Content-Length: 99999999999",
            "\0",
            "é",
            "name=",
            "--",
            "X",
        ];
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        faff_fuzz::Target { name: "forms", source: file!(), corpus: CORPUS, words: WORDS }.check(|input| {
            let mut read_once = None;
            for chunk in [input.len().max(1), 7, 1] {
                // A byte at a time only what is short.
                if chunk == 1 && input.len() > 2000 {
                    continue;
                }
                let outcome = runtime.block_on(async {
                    let reading = read(input, chunk, input.len() as u64);
                    tokio::time::timeout(Duration::from_mins(1), reading).await.expect("it comes to an end")
                });
                if let Ok((_, bytes)) = outcome {
                    assert!(bytes <= input.len() as u64);
                }
                // However it was cut on its way, it is the same form.
                let outcome = outcome.ok();
                assert_eq!(*read_once.get_or_insert(outcome), outcome, "in chunks of {chunk}");
            }
            if !input.is_empty() {
                let cut = runtime.block_on(read(input, 64, input.len() as u64 - 1));
                // With one byte more than allowed it is refused, if it is read so far at all.
                assert!(cut.is_err() || read_once.flatten().is_some());
            }
        });
    }
}
