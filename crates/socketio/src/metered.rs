//! Connections from which strangers may send only so much at once.

use std::io::{Error, ErrorKind, Result};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::connection::Connection;

/// A connection that counts what is read from it, until its client is trusted. An unfinished message of a stranger holds
/// no more memory than that, whatever it announces.
#[derive(Debug)]
pub(crate) struct Metered {
    stream: Connection,
    /// Bytes that may be read before a message must be complete.
    left: usize,
    most: usize,
}

impl Metered {
    pub(crate) const fn new(stream: Connection, most: usize) -> Self {
        Self { stream, left: most, most }
    }

    /// Begins to count anew: a message is complete.
    pub(crate) const fn refill(&mut self) {
        self.left = self.most;
    }

    /// Counts no longer.
    pub(crate) const fn trust(&mut self) {
        (self.left, self.most) = (usize::MAX, usize::MAX);
    }
}

impl AsyncRead for Metered {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        let Self { stream, left, .. } = self.get_mut();
        if *left == 0 {
            return Poll::Ready(Err(Error::from(ErrorKind::QuotaExceeded)));
        }
        let before = buf.filled().len();
        let read = Pin::new(stream).poll_read(cx, buf);
        *left = left.saturating_sub(buf.filled().len() - before);
        read
    }
}

impl AsyncWrite for Metered {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, buf)
    }
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
