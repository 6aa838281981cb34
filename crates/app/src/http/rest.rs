//! What is left of a request's body once its answer is known.
//!
//! A refusal is often known before the body has come, and a client that is still writing reads its answer only afterwards. A
//! connection closed with bytes unread is reset, and the reset may overtake the answer (RFC 9112, section 9.6); one that is not
//! closed would take the rest for the next request. So the rest is read and thrown away within limits, and a connection with
//! more to come than that says so (`Connection: close`) before it is closed: no client sends its next request into it.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::Request;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::EXPECT;

/// The most that is thrown away, in bytes: of a body whose length was told, more than any that is taken; of one that may never
/// end, what is on its way.
const MOST: u64 = 64 * 1024 * 1024;
const MOST_UNTOLD: u64 = 1024 * 1024;
/// How long the next bytes may take, and all of them.
const SILENCE: Duration = Duration::from_secs(1);
const WHOLE: Duration = Duration::from_secs(10);

/// The rest of the body of a connection's present request, left here by whoever stopped reading it.
#[derive(Debug, Clone, Default)]
pub(super) struct Rest(Arc<Mutex<Left>>);

#[derive(Debug, Default)]
enum Left {
    /// It has been read to its end.
    #[default]
    Nothing,
    /// Whoever has it may still read it.
    Reading,
    /// Nobody reads it any more.
    Body(Incoming),
}

impl Rest {
    /// Watches over a request's body, and tells whether anything may be thrown away of it: a client that waits to be told to
    /// send it (`Expect: 100-continue`) has not sent it yet, and reading would tell it to.
    pub(super) fn watch(&self, request: Request<Incoming>) -> (Request<axum::body::Body>, bool) {
        let waits = request.headers().contains_key(EXPECT);
        let request = request.map(|body| {
            if body.is_end_stream() {
                return axum::body::Body::empty();
            }
            self.set(Left::Reading);
            axum::body::Body::new(Watched { body: Some(body), rest: self.clone() })
        });
        (request, !waits)
    }

    /// Throws the rest away, if it may. `false` if there is more to come, so that the connection must be closed.
    pub(super) async fn is_read(&self, may_read: bool) -> bool {
        match self.take() {
            Left::Nothing => true,
            Left::Body(body) if may_read => {
                tokio::time::timeout(WHOLE, throw_away(body)).await.unwrap_or(false)
            }
            Left::Reading | Left::Body(_) => false,
        }
    }

    fn set(&self, left: Left) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = left;
    }

    fn take(&self) -> Left {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn throw_away(mut body: Incoming) -> bool {
    let most = match body.size_hint().upper() {
        Some(rest) if rest > MOST => return false,
        Some(rest) => rest,
        None => MOST_UNTOLD,
    };
    let mut thrown = 0;
    while let Ok(next) = tokio::time::timeout(SILENCE, body.frame()).await {
        match next {
            None => return true,
            Some(Err(_)) => return false,
            Some(Ok(frame)) => thrown += frame.data_ref().map_or(0, |bytes| bytes.len() as u64),
        }
        if thrown > most {
            return false;
        }
    }
    false
}

/// A body that leaves what was not read of it.
struct Watched {
    body: Option<Incoming>,
    rest: Rest,
}

impl Body for Watched {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let frame = std::task::ready!(Pin::new(body).poll_frame(cx));
        if frame.is_none() {
            self.body = None;
            self.rest.set(Left::Nothing);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if let Some(body) = self.body.take() {
            self.rest.set(if body.is_end_stream() { Left::Nothing } else { Left::Body(body) });
        }
    }
}
