//! What the requests, the senders and the driver of one session share: the queue to the client, and whether it is over.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use faff_types::Planted;
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;

use crate::Config;
use crate::frame::Frame;
use crate::packet::size_in_body;
use crate::websocket::Inbound;

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The client left, or its connection broke.
    Gone,
    /// It gave no sign of life.
    Silent,
    /// It did not take what was sent to it.
    Slow,
    /// It broke the protocol or its limits.
    Faulty,
    /// It joined nothing in time.
    Unconnected,
    /// We ended it.
    Ended,
}

/// How long a request is held back that comes while the client goes over to a WebSocket.
const HESITATION: Duration = Duration::from_millis(100);

/// How the client is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Polling,
    /// A WebSocket is being tried; requests are not kept waiting, so that the client can go over.
    Upgrading,
    WebSocket,
}

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) sid: String,
    limits: (usize, usize),
    state: Mutex<State>,
    /// Wakes the driver: there is something to write, or it is over.
    pub(crate) wake: Notify,
    /// Wakes the request that waits for something to be sent.
    poll: Notify,
}

#[derive(Debug)]
struct State {
    queue: VecDeque<Frame>,
    bytes: usize,
    way: Way,
    /// A request waits for what is sent.
    polled: bool,
    /// A request brings something.
    posted: bool,
    /// The client has joined a namespace once.
    trusted: bool,
    over: Option<Reason>,
    /// When the client has been silent for too long.
    silent_at: Option<Instant>,
    /// Takes what comes by requests to the driver.
    inbox: Option<mpsc::Sender<Inbound>>,
}

/// Why a request for what is sent got nothing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NoPoll {
    /// Another request waits already.
    Twice,
    /// This session is not, or no longer, for requests.
    Closed,
}

impl Session {
    pub(crate) fn new(sid: String, way: Way, config: &Config, inbox: Option<mpsc::Sender<Inbound>>) -> Self {
        let state = State {
            queue: VecDeque::new(),
            bytes: 0,
            way,
            polled: false,
            posted: false,
            trusted: false,
            over: None,
            silent_at: None,
            inbox,
        };
        Self {
            sid,
            limits: (config.max_queued, config.max_queued_bytes),
            state: Mutex::new(state),
            wake: Notify::new(),
            poll: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues frames that belong together. A client whose queue is full is closed; `false` when it is over.
    pub(crate) fn push(&self, frames: impl IntoIterator<Item = Frame>) -> bool {
        let mut state = self.state();
        if state.over.is_some() {
            return false;
        }
        let (queued, bytes) = (state.queue.len(), state.bytes);
        for frame in frames {
            state.bytes += frame.size();
            state.queue.push_back(frame);
        }
        let (most, most_bytes) = self.limits;
        if state.queue.len() > most || state.bytes > most_bytes {
            if Planted::EmitIgnored.is_on() {
                state.queue.truncate(queued);
                state.bytes = bytes;
                return false;
            }
            drop(state);
            self.close(Reason::Slow);
            return false;
        }
        let way = state.way;
        drop(state);
        if way != Way::WebSocket {
            self.poll.notify_one();
        }
        self.wake.notify_one();
        true
    }

    /// Ends the session; the first reason stays. What is queued for a client that is slow is forgotten.
    pub(crate) fn close(&self, reason: Reason) {
        let mut state = self.state();
        if state.over.is_some() {
            return;
        }
        state.over = Some(reason);
        state.inbox = None;
        let forgotten =
            if reason == Reason::Slow { std::mem::take(&mut state.queue) } else { VecDeque::new() };
        drop(state);
        drop(forgotten);
        self.poll.notify_one();
        self.wake.notify_one();
    }

    pub(crate) fn over(&self) -> Option<Reason> {
        self.state().over
    }

    pub(crate) fn trust(&self) {
        self.state().trusted = true;
    }

    pub(crate) fn is_trusted(&self) -> bool {
        self.state().trusted
    }

    /// Says that a request brings something; `None` when another one does already, as their order would be left to
    /// chance.
    pub(crate) fn begin_post(&self) -> Option<Posted<'_>> {
        let already = std::mem::replace(&mut self.state().posted, true);
        (!already).then_some(Posted(self))
    }

    pub(crate) fn inbox(&self) -> Option<mpsc::Sender<Inbound>> {
        self.state().inbox.clone()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.state().queue.is_empty()
    }

    /// Everything that is queued.
    pub(crate) fn take(&self) -> VecDeque<Frame> {
        let mut state = self.state();
        state.bytes = 0;
        std::mem::take(&mut state.queue)
    }

    /// Says that a WebSocket is being tried. `false` when that is so already.
    pub(crate) fn begin_upgrade(&self) -> bool {
        let mut state = self.state();
        let fits = state.way == Way::Polling && state.over.is_none();
        if fits {
            state.way = Way::Upgrading;
            drop(state);
            self.poll.notify_one();
        }
        fits
    }

    /// Says how the attempt ended.
    pub(crate) fn end_upgrade(&self, done: bool) {
        let mut state = self.state();
        state.way = if done { Way::WebSocket } else { Way::Polling };
        if done {
            state.inbox = None;
        }
        drop(state);
        self.poll.notify_one();
    }

    /// Says until when a client must have given a sign of life.
    pub(crate) fn expect_life(&self, by: Option<Instant>) {
        self.state().silent_at = by;
    }

    /// Waits for something to send, and takes as much as fits into a body of `most` bytes. Empty when the client is to
    /// go on at once without anything.
    ///
    /// # Errors
    /// When there is nothing to wait for.
    pub(crate) async fn polled(&self, most: usize) -> Result<Vec<Frame>, NoPoll> {
        let mut at_once = Instant::now();
        {
            let mut state = self.state();
            if state.polled {
                return Err(NoPoll::Twice);
            }
            // The driver may be a moment behind.
            if state.silent_at.is_some_and(|at| at <= at_once) {
                drop(state);
                self.close(Reason::Silent);
                return Err(NoPoll::Closed);
            }
            if state.way == Way::Upgrading {
                // The client may have gone over already, and we be a moment behind.
                at_once += HESITATION;
            }
            if state.way == Way::WebSocket || (state.over.is_some() && state.queue.is_empty()) {
                return Err(NoPoll::Closed);
            }
            state.polled = true;
        }
        // A client that breaks off its request is gone: what it would have got might be lost with it.
        let guard = Polled(self);
        loop {
            let woken = self.poll.notified();
            {
                let mut state = self.state();
                if state.way == Way::WebSocket && state.over.is_none() {
                    state.polled = false;
                    std::mem::forget(guard);
                    return Err(NoPoll::Closed);
                }
                let released = state.way == Way::Upgrading && Instant::now() >= at_once;
                if !state.queue.is_empty() || released || state.over.is_some() {
                    let mut frames = Vec::with_capacity(state.queue.len());
                    let mut size = 0;
                    while let Some(frame) = state.queue.front() {
                        size += size_in_body(frame);
                        if size > most && !frames.is_empty() {
                            break;
                        }
                        frames.extend(state.queue.pop_front());
                    }
                    state.bytes = state.queue.iter().map(Frame::size).sum();
                    state.polled = false;
                    std::mem::forget(guard);
                    drop(state);
                    self.wake.notify_one();
                    return Ok(frames);
                }
            }
            if self.over().is_none() && at_once > Instant::now() {
                let _ = tokio::time::timeout_at(at_once, woken).await;
            } else {
                woken.await;
            }
        }
    }
}

/// A request that brings something, until it is answered.
pub(crate) struct Posted<'s>(&'s Session);

impl Drop for Posted<'_> {
    fn drop(&mut self) {
        self.0.state().posted = false;
    }
}

struct Polled<'s>(&'s Session);

impl Drop for Polled<'_> {
    fn drop(&mut self) {
        self.0.state().polled = false;
        self.0.close(Reason::Gone);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(max_queued: usize, max_queued_bytes: usize) -> Session {
        let config = Config { max_queued, max_queued_bytes, ..Config::default() };
        Session::new("s".to_owned(), Way::Polling, &config, None)
    }

    fn frame(text: &str) -> Frame {
        Frame::text(text.to_owned())
    }

    #[test]
    fn a_full_queue_closes_the_session_and_frees_the_memory() {
        for session in [session(2, 1000), session(1000, 10)] {
            assert!(session.push([frame("4abcd")]));
            assert!(session.push([frame("4abcd")]));
            assert!(!session.push([frame("4abcd")]));
            assert_eq!(session.over(), Some(Reason::Slow));
            assert!(session.is_empty());
            assert!(!session.push([frame("4")]));
            session.close(Reason::Gone);
            assert_eq!(session.over(), Some(Reason::Slow), "the first reason stays");
        }
    }

    #[tokio::test]
    async fn a_poll_takes_what_fits_and_a_second_at_once_is_refused() {
        let session = session(100, 1000);
        session.push([frame("4aaaa"), frame("4bbbb"), frame("4cccc")]);
        assert_eq!(session.polled(12).await.unwrap().len(), 2);
        assert_eq!(session.polled(12).await.unwrap().len(), 1);
        let (first, second) = tokio::join!(
            tokio::time::timeout(Duration::from_millis(10), session.polled(12)),
            session.polled(12)
        );
        assert!(first.is_err());
        assert_eq!(second.unwrap_err(), NoPoll::Twice);
        assert_eq!(session.over(), Some(Reason::Gone), "a poll that is broken off ends the session");
    }

    #[tokio::test]
    async fn an_upgrade_releases_the_poll() {
        let session = session(100, 1000);
        let (poll, began) = tokio::join!(session.polled(12), async {
            tokio::task::yield_now().await;
            session.begin_upgrade()
        });
        assert!(began && poll.unwrap().is_empty());
        assert!(!session.begin_upgrade());
        session.end_upgrade(true);
        assert_eq!(session.polled(12).await.unwrap_err(), NoPoll::Closed);
    }
}
