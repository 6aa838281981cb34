//! The load, in one thread of raw HTTP/1.1: connections that each send a request, wait for its answer, and send the next;
//! or requests that come when it is time for them.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Outcome;
use crate::seed::world::Size;
use crate::work::{self, Asker, Session, Work};

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

/// What a connection asks, one request after the other.
pub(crate) trait Source {
    /// Writes the next request; tells the status of an answer that is in order.
    fn next(&mut self, request: &mut Vec<u8>) -> Outcome<u16>;
}

/// How long to load a server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spans {
    pub(crate) warm_up: Duration,
    pub(crate) measured: Duration,
}

/// How to load a server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    pub(crate) connections: usize,
    pub(crate) size: Size,
    pub(crate) spans: Spans,
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

impl Shared {
    /// Sends a request; the latency counts from `due` if it is measured.
    async fn ask(
        &self,
        connection: &mut Connection,
        request: &[u8],
        expected: u16,
        due: Instant,
        is_measured: impl FnOnce() -> bool,
    ) -> Outcome<()> {
        let (status, body) = connection.exchange(request).await?;
        let micros = u32::try_from(due.elapsed().as_micros()).unwrap_or(u32::MAX);
        if status != expected {
            let body = String::from_utf8_lossy(body);
            self.measured.borrow_mut().errors.push(format!("{status}: {body}"));
        } else if is_measured() {
            self.measured.borrow_mut().latencies.push(micros);
        }
        Ok(())
    }

    fn ended(self, clients: Vec<Outcome<()>>, seconds: f64) -> Measured {
        let mut measured = self.measured.into_inner();
        measured.seconds = seconds;
        measured.errors.extend(clients.into_iter().filter_map(Result::err).map(|error| error.to_string()));
        measured.latencies.sort_unstable();
        measured
    }
}

/// Loads the server with one kind of request; see [`closed`].
pub(crate) fn run<P>(
    address: SocketAddr,
    work: Work,
    load: Load,
    probe: impl Fn() -> P,
) -> Outcome<(Measured, P, P)> {
    let sessions = (0..load.connections).map(|n| Session::new(work, load.size, n));
    closed(&[address], load.spans, sessions.collect::<Outcome<Vec<_>>>()?, probe)
}

/// Loads servers over one connection for each source, the servers in turn, without a pause. `probe` is asked when the
/// measuring begins and when it ends.
pub(crate) fn closed<P>(
    addresses: &[SocketAddr],
    spans: Spans,
    sources: Vec<impl Source>,
    probe: impl Fn() -> P,
) -> Outcome<(Measured, P, P)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let shared = Shared::default();
    let clients = spread(addresses, sources).map(|(address, source)| client(address, source, &shared));
    let watch = async {
        tokio::time::sleep(spans.warm_up).await;
        shared.measuring.set(true);
        let (began, before) = (Instant::now(), probe());
        tokio::time::sleep(spans.measured).await;
        shared.measuring.set(false);
        let (seconds, after) = (began.elapsed().as_secs_f64(), probe());
        shared.stopped.set(true);
        (seconds, before, after)
    };
    let (ended, (seconds, before, after)) = runtime.block_on(join(join_all(clients), watch));
    Ok((shared.ended(ended, seconds), before, after))
}

async fn client(address: SocketAddr, mut source: impl Source, shared: &Shared) -> Outcome<()> {
    let mut connection = Connection::open(address).await?;
    let mut request = Vec::new();
    while !shared.stopped.get() {
        let expected = source.next(&mut request)?;
        let now = Instant::now();
        shared.ask(&mut connection, &request, expected, now, || shared.measuring.get()).await?;
    }
    Ok(())
}

/// Loads servers at a fixed rate, whatever became of the requests before. Latencies count from when a request was due, not
/// from when a connection was free for it: otherwise an answer that takes long would hide all those that had to wait for it.
/// Timers are exact to a millisecond.
pub(crate) fn open<P>(
    addresses: &[SocketAddr],
    per_second: f64,
    spans: Spans,
    sources: Vec<impl Source>,
    probe: impl Fn() -> P,
) -> Outcome<(Measured, P, P)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let shared = Shared::default();
    let start = Instant::now();
    let begin = start + spans.warm_up;
    let end = begin + spans.measured;
    let arrivals = Arrivals {
        start,
        begin,
        end,
        interval: Duration::from_secs_f64(1.0 / per_second),
        next: Cell::new(0),
        late: Cell::new(0),
    };
    let clients =
        spread(addresses, sources).map(|(address, source)| arriving(address, source, &arrivals, &shared));
    let watch = async {
        tokio::time::sleep_until(begin.into()).await;
        probe()
    };
    let (ended, before) = runtime.block_on(join(join_all(clients), watch));
    let (seconds, after) = (begin.elapsed().as_secs_f64(), probe());
    let mut measured = shared.ended(ended, seconds);
    if arrivals.late.get() > 0 {
        measured
            .errors
            .push(format!("{} requests were not sent: nothing was free for them", arrivals.late.get()));
    }
    Ok((measured, before, after))
}

/// Who asks whom.
fn spread<S>(addresses: &[SocketAddr], sources: Vec<S>) -> impl Iterator<Item = (SocketAddr, S)> {
    addresses.iter().copied().cycle().zip(sources)
}

/// When requests are due.
struct Arrivals {
    start: Instant,
    /// Those from here to the end are measured.
    begin: Instant,
    end: Instant,
    interval: Duration,
    next: Cell<u32>,
    /// Those that were given up.
    late: Cell<u32>,
}

/// How long after the last was due there is still somebody to send it.
const PATIENCE: Duration = Duration::from_secs(5);

async fn arriving(
    address: SocketAddr,
    mut source: impl Source,
    arrivals: &Arrivals,
    shared: &Shared,
) -> Outcome<()> {
    let mut connection = Connection::open(address).await?;
    let mut request = Vec::new();
    loop {
        let turn = arrivals.next.replace(arrivals.next.get() + 1);
        let due = arrivals.start + arrivals.interval * turn;
        if due >= arrivals.end {
            return Ok(());
        }
        if arrivals.end.elapsed() > PATIENCE {
            arrivals.late.set(arrivals.late.get() + 1);
            continue;
        }
        let expected = source.next(&mut request)?;
        tokio::time::sleep_until(due.into()).await;
        shared.ask(&mut connection, &request, expected, due, || due >= arrivals.begin).await?;
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    struct Same;

    impl Source for Same {
        fn next(&mut self, request: &mut Vec<u8>) -> Outcome<u16> {
            request.clear();
            request.extend_from_slice(b"GET / HTTP/1.1\r\n\r\n");
            Ok(200)
        }
    }

    /// Answers one request after the other, over all connections, each after a pause.
    #[expect(clippy::disallowed_methods, reason = "threads of its own, which nothing else waits for")]
    fn serve(pause: Duration) -> SocketAddr {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let turn = std::sync::Arc::new(std::sync::Mutex::new(()));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let turn = turn.clone();
                std::thread::spawn(move || {
                    use std::io::{Read as _, Write as _};
                    let mut stream = stream;
                    let mut bytes = [0; 1024];
                    while stream.read(&mut bytes).is_ok_and(|read| read > 0) {
                        let turn = turn.lock().unwrap();
                        std::thread::sleep(pause);
                        drop(turn);
                        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").unwrap();
                    }
                });
            }
        });
        address
    }

    #[test]
    fn a_request_that_had_to_wait_for_its_turn_was_under_way_since_it_was_due() {
        let spans = Spans { warm_up: Duration::ZERO, measured: Duration::from_millis(200) };
        // Each takes twice the time in which the next one is due; however busy the machine, the last waits for the others.
        let address = serve(Duration::from_millis(20));
        let (measured, ..) = open(&[address], 100.0, spans, vec![Same, Same], || ()).unwrap();
        assert!(measured.errors.is_empty(), "{:?}", measured.errors);
        assert_eq!(measured.latencies.len(), 20);
        assert!(measured.percentile(99) >= 190.0, "{:?}", measured.latencies);
    }
}
