//! All sessions of a server, and the door through which requests reach them.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;
use faff_types::Random;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::handshake::{self, Transport as Asked, Wrong};
use crate::session::{Reason, Session, Way};
use crate::transport::{FAREWELL, Transport, drive};
use crate::websocket::{self, Inbound};
use crate::{Config, Handler, polling};

/// At the end, sessions are closed a few at a time, this often.
const STEP: Duration = Duration::from_millis(10);
/// Packets of a client that polls that wait for its driver.
const INBOX: usize = 16;

/// The sessions of one handler.
#[derive(Debug)]
pub struct Server<S> {
    pub(crate) handler: S,
    pub(crate) config: Config,
    pub(crate) counters: Counters,
    sessions: Mutex<HashMap<String, Arc<Session>>>,
}

/// What a server has done, for metrics.
#[derive(Debug, Default)]
pub struct Counters {
    opened: AtomicU64,
    slow: AtomicU64,
    silent: AtomicU64,
    faulty: AtomicU64,
    panics: AtomicU64,
}

impl Counters {
    fn count(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
    pub(crate) fn count_panic(&self) {
        tracing::error!("a handler panicked");
        Self::count(&self.panics);
    }
    /// Sessions that were opened.
    pub fn opened(&self) -> u64 {
        self.opened.load(Ordering::Relaxed)
    }
    /// Sessions that were closed because the client did not take what was sent.
    pub fn slow(&self) -> u64 {
        self.slow.load(Ordering::Relaxed)
    }
    /// Sessions that were closed because the client gave no sign of life.
    pub fn silent(&self) -> u64 {
        self.silent.load(Ordering::Relaxed)
    }
    /// Sessions that were closed because the client broke the protocol or its limits.
    pub fn faulty(&self) -> u64 {
        self.faulty.load(Ordering::Relaxed)
    }
    /// Handlers that panicked; each has cost its client the session.
    pub fn panics(&self) -> u64 {
        self.panics.load(Ordering::Relaxed)
    }
}

/// A name nobody can guess.
pub(crate) fn name() -> std::io::Result<String> {
    Random.hex::<16>()
}

impl<S: Handler> Server<S> {
    /// A server without sessions.
    pub fn new(handler: S, config: Config) -> Arc<Self> {
        Arc::new(Self { handler, config, counters: Counters::default(), sessions: Mutex::default() })
    }

    /// What it does with its clients.
    pub const fn handler(&self) -> &S {
        &self.handler
    }

    /// What it has done.
    pub const fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Sessions that are open.
    pub fn sessions(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Session>>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a request. One that begins a session first asks `open` for what is to be known of the client, or for
    /// the refusal.
    pub async fn answer(
        self: &Arc<Self>,
        request: Request,
        open: impl FnOnce(&Request) -> Result<S::Handshake, Box<Response>>,
    ) -> Response {
        self.try_answer(request, open).await.unwrap_or_else(Wrong::answer)
    }

    async fn try_answer(
        self: &Arc<Self>,
        request: Request,
        open: impl FnOnce(&Request) -> Result<S::Handshake, Box<Response>>,
    ) -> Result<Response, Wrong> {
        let asked = handshake::asked(request.uri().query())?;
        let transport = asked.transport;
        let session = match asked.sid {
            Some(sid) => Some(self.lock().get(sid).cloned().ok_or(Wrong::Session)?),
            None => None,
        };
        match (session, transport, request.method()) {
            (None, Asked::Polling, &Method::GET) => match open(&request) {
                Ok(handshake) => self.open_polling(handshake),
                Err(refusal) => Ok(*refusal),
            },
            (None, Asked::WebSocket, &Method::GET) => {
                handshake::websocket_key(request.headers()).ok_or(Wrong::Request)?;
                match open(&request) {
                    Ok(handshake) => self.open_websocket(request, handshake),
                    Err(refusal) => Ok(*refusal),
                }
            }
            (None, ..) => Err(Wrong::Method),
            (Some(session), Asked::Polling, &Method::GET) => Ok(polling::give(&session, &self.config).await),
            (Some(session), Asked::Polling, &Method::POST) => {
                Ok(polling::take(&session, &self.config, request.into_body()).await)
            }
            (Some(session), Asked::WebSocket, &Method::GET) => {
                let limit = self.config.upgrade_timeout;
                let then = move |stream| websocket::upgrade(session, stream, limit);
                websocket::accept(request, &self.config, then).ok_or(Wrong::Request)
            }
            (Some(_), ..) => Err(Wrong::Request),
        }
    }

    fn open_polling(self: &Arc<Self>, handshake: S::Handshake) -> Result<Response, Wrong> {
        let (inbox, received) = mpsc::channel(INBOX);
        let session = self.open(Way::Polling, Some(inbox))?;
        let opening = polling::opening(&session.sid, &["websocket"], &self.config);
        tokio::spawn(drive(self.clone(), session, handshake, Transport::Polling(received)));
        Ok(polling::text(crate::packet::write_all(&[opening])))
    }

    fn open_websocket(
        self: &Arc<Self>,
        request: Request,
        handshake: S::Handshake,
    ) -> Result<Response, Wrong> {
        let server = self.clone();
        let then = move |stream| async move {
            let Ok(session) = server.open(Way::WebSocket, None) else { return };
            session.push([polling::opening(&session.sid, &[], &server.config)]);
            // In a task of its own, which is smaller than this one with all that led here.
            tokio::spawn(drive(server, session, handshake, Transport::WebSocket(Box::new(stream))));
        };
        websocket::accept(request, &self.config, then).ok_or(Wrong::Request)
    }

    fn open(&self, way: Way, inbox: Option<mpsc::Sender<Inbound>>) -> Result<Arc<Session>, Wrong> {
        let sid = name().map_err(|_| Wrong::Request)?;
        let session = Arc::new(Session::new(sid.clone(), way, &self.config, inbox));
        self.lock().insert(sid, session.clone());
        Counters::count(&self.counters.opened);
        Ok(session)
    }

    /// Tells the handler that a client is gone.
    pub(crate) fn disconnected(&self, client: &S::Client) {
        self.tell(|handler| handler.disconnect(client));
    }

    /// Tells the handler something, and returns whether it took it. A panic in it must not keep a session from its end.
    pub(crate) fn tell(&self, tell: impl FnOnce(&S)) -> bool {
        let told = std::panic::catch_unwind(AssertUnwindSafe(|| tell(&self.handler))).is_ok();
        if !told {
            self.counters.count_panic();
        }
        told
    }

    pub(crate) fn ended(&self, session: &Session) {
        self.lock().remove(&session.sid);
        match session.over() {
            Some(Reason::Slow) => Counters::count(&self.counters.slow),
            Some(Reason::Silent) => Counters::count(&self.counters.silent),
            Some(Reason::Faulty) => Counters::count(&self.counters.faulty),
            _ => {}
        }
    }

    /// Closes every session, spread over `time`, so that the clients do not all come back at once, and returns when each
    /// has had its last word, or its time for it.
    pub async fn close(&self, time: Duration) {
        let sessions: Vec<_> = self.lock().values().cloned().collect();
        let steps = usize::try_from(time.as_millis() / STEP.as_millis()).unwrap_or(usize::MAX).max(1);
        for some in sessions.chunks(sessions.len().div_ceil(steps).max(1)) {
            for session in some {
                session.close(Reason::Ended);
            }
            tokio::time::sleep(STEP).await;
        }
        let deadline = Instant::now() + FAREWELL;
        while self.sessions() > 0 && Instant::now() < deadline {
            // Those that were opened meanwhile, too.
            for session in self.lock().values() {
                session.close(Reason::Ended);
            }
            tokio::time::sleep(STEP).await;
        }
    }
}
