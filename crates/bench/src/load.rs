//! The load: connections that each send a request, wait for its answer, and send the next. One thread, raw HTTP/1.1.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Outcome;
use crate::seed::world::Size;
use crate::work::{self, Asker, Work};

/// A keep-alive connection.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and reads its answer: the status and the body.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Outcome<(u16, &[u8])> {
        self.received.clear();
        self.stream.write_all(request).await?;
        let head = loop {
            if self.stream.read_buf(&mut self.received).await? == 0 {
                return Err("the server closed the connection".into());
            }
            if let Some(end) = self.received.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = std::str::from_utf8(self.received.get(..head).unwrap_or_default())?;
        let status = text.get(9..12).and_then(|digits| digits.parse().ok()).ok_or("no status")?;
        let length = text.split_once("content-length: ").or_else(|| text.split_once("Content-Length: "));
        let (_, length) = length.ok_or("an answer without a content-length")?;
        let length: usize = length.split('\r').next().unwrap_or_default().parse()?;
        while self.received.len() < head + length {
            if self.stream.read_buf(&mut self.received).await? == 0 {
                return Err("an answer was cut off".into());
            }
        }
        Ok((status, self.received.get(head..head + length).unwrap_or_default()))
    }
}

/// How to load a server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    pub(crate) connections: usize,
    pub(crate) size: Size,
    pub(crate) warm_up: Duration,
    pub(crate) measured: Duration,
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    pub(crate) seconds: f64,
    /// In microseconds, sorted.
    pub(crate) latencies: Vec<u32>,
    pub(crate) errors: Vec<String>,
}

impl Measured {
    #[expect(clippy::cast_precision_loss, reason = "there are no 2^52 requests")]
    pub(crate) fn per_second(&self) -> f64 {
        self.latencies.len() as f64 / self.seconds
    }

    /// The latency that so many hundredths stay below, in milliseconds.
    pub(crate) fn percentile(&self, hundredths: usize) -> f64 {
        let at = self.latencies.len() * hundredths / 100;
        let at = at.min(self.latencies.len().saturating_sub(1));
        f64::from(self.latencies.get(at).copied().unwrap_or(0)) / 1000.0
    }
}

#[derive(Default)]
struct Shared {
    measuring: Cell<bool>,
    stopped: Cell<bool>,
    measured: RefCell<Measured>,
}

/// Loads the server. `probe` is asked when the measuring begins and when it ends.
pub(crate) fn run<P>(
    address: SocketAddr,
    work: Work,
    load: Load,
    probe: impl Fn() -> P,
) -> Outcome<(Measured, P, P)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let shared = Shared::default();
    let clients =
        (0..load.connections).map(|n| client(address, Asker::new(work, load.size, n), work, &shared));
    let watch = async {
        tokio::time::sleep(load.warm_up).await;
        shared.measuring.set(true);
        let (began, before) = (Instant::now(), probe());
        tokio::time::sleep(load.measured).await;
        shared.measuring.set(false);
        let (seconds, after) = (began.elapsed().as_secs_f64(), probe());
        shared.stopped.set(true);
        (seconds, before, after)
    };
    let (ended, (seconds, before, after)) = runtime.block_on(join(join_all(clients), watch));
    let mut measured = shared.measured.into_inner();
    measured.seconds = seconds;
    measured.errors.extend(ended.into_iter().filter_map(Result::err).map(|error| error.to_string()));
    measured.latencies.sort_unstable();
    Ok((measured, before, after))
}

async fn client(address: SocketAddr, mut asker: Asker, work: Work, shared: &Shared) -> Outcome<()> {
    let token = work::token(asker.user)?;
    let mut connection = Connection::open(address).await?;
    let mut request = Vec::new();
    while !shared.stopped.get() {
        work::write(&mut request, work, &asker.ask(), &token)?;
        let sent = Instant::now();
        let (status, body) = connection.exchange(&request).await?;
        let micros = u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX);
        if status != work.status() {
            let body = String::from_utf8_lossy(body);
            shared.measured.borrow_mut().errors.push(format!("{status}: {body}"));
        } else if shared.measuring.get() {
            shared.measured.borrow_mut().latencies.push(micros);
        }
    }
    Ok(())
}

/// Bodies of answers to requests like those of the load.
pub(crate) fn sample(address: SocketAddr, work: Work, size: Size, count: usize) -> Outcome<Vec<String>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut connection = Connection::open(address).await?;
        let (mut bodies, mut request) = (Vec::new(), Vec::new());
        for n in 0..count {
            let mut asker = Asker::new(work, size, n);
            work::write(&mut request, work, &asker.ask(), &work::token(asker.user)?)?;
            let (status, body) = connection.exchange(&request).await?;
            let body = String::from_utf8(body.to_vec())?;
            if status != work.status() {
                return Err(format!("{}: {status}: {body}", work.name()).into());
            }
            bodies.push(body);
        }
        Ok(bodies)
    })
}
