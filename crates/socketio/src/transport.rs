//! Drives a session from its beginning to its end.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinHandle};
use tokio::time::error::Elapsed;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Error;

use crate::beat::Beat;
use crate::frame::Frame;
use crate::message::{self, Event, Kind, Refusal, packet};
use crate::packet::Packet;
use crate::server::{Server, name};
use crate::session::{Reason, Session};
use crate::websocket::{self, Inbound, Stream};
use crate::{Handler, Socket};

/// How long what was sent before an end in good order may take to be taken.
pub(crate) const FAREWELL: Duration = Duration::from_secs(2);

/// Where the client's packets come from. While it polls, its requests take what is queued for it.
pub(crate) enum Transport {
    Polling(mpsc::Receiver<Inbound>),
    WebSocket(Box<Stream>),
}

/// What the driver waits for while something is done for the client.
enum Done<C> {
    Connected(Socket, Result<C, Refusal>),
    Handled,
}

enum Step<C> {
    Over(Reason),
    Done(Result<Done<C>, JoinError>),
    Write,
    Read(Result<Inbound, Reason>),
    Timer,
}

/// Runs a session.
pub(crate) async fn drive<S: Handler>(
    server: Arc<Server<S>>,
    session: Arc<Session>,
    handshake: S::Handshake,
    transport: Transport,
) {
    let timer = Box::pin(tokio::time::sleep(server.config.ping_interval));
    let beat = Beat::new(&server.config, timer);
    let (handshake, busy) = (Arc::new(handshake), None);
    let mut driver =
        Driver { server, session, handshake, transport, busy, clients: Vec::new(), partial: None, beat };
    if S::ECHO {
        driver.connected();
    }
    let reason = driver.run().await;
    driver.session.close(reason);
    driver.leave();
    driver.farewell().await;
    driver.server.ended(&driver.session);
}

struct Driver<S: Handler> {
    server: Arc<Server<S>>,
    session: Arc<Session>,
    handshake: Arc<S::Handshake>,
    transport: Transport,
    /// What is being done for the client; nothing more is read until it is.
    busy: Option<JoinHandle<Done<S::Client>>>,
    clients: Vec<(Socket, Arc<S::Client>)>,
    /// An event whose attachments are still to come: its namespace, itself, and how many it has.
    partial: Option<(Box<str>, Option<Event>, usize)>,
    beat: Beat,
}

impl<S: Handler> Driver<S> {
    async fn run(&mut self) -> Reason {
        loop {
            let step = self.step().await;
            let went = match step {
                Step::Done(done) => self.done(done),
                Step::Write => self.write().await,
                Step::Read(Ok(Inbound::Packet(packet))) => self.read(packet),
                Step::Read(Ok(Inbound::Upgraded(stream))) => {
                    self.transport = Transport::WebSocket(stream);
                    if self.session.is_trusted() {
                        self.trust();
                    }
                    Ok(())
                }
                Step::Over(reason) | Step::Read(Err(reason)) => Err(reason),
                Step::Timer => self.beat.tick(&self.session, self.busy.is_some()),
            };
            if let Err(reason) = went {
                return reason;
            }
        }
    }

    async fn step(&mut self) -> Step<S::Client> {
        let Self { session, transport, busy, beat, .. } = self;
        let by_websocket = matches!(transport, Transport::WebSocket(_));
        if let Some(reason) = session.over() {
            return Step::Over(reason);
        }
        let woken = async {
            loop {
                if by_websocket && !session.is_empty() {
                    return Step::Write;
                }
                session.wake.notified().await;
                if let Some(reason) = session.over() {
                    return Step::Over(reason);
                }
            }
        };
        let idle = busy.is_none();
        let done = async {
            match busy {
                Some(work) => work.await,
                None => std::future::pending().await,
            }
        };
        let read = async {
            match transport {
                Transport::Polling(inbox) => inbox.recv().await.ok_or(Reason::Gone),
                Transport::WebSocket(stream) => websocket::next(stream).await.map(Inbound::Packet),
            }
        };
        // Reading before writing: who is sent much is heard nevertheless; while what was heard is worked on, nothing more
        // is read.
        tokio::select! {
            biased;
            () = beat.timer.as_mut() => Step::Timer,
            done = done, if !idle => Step::Done(done),
            read = read, if idle => Step::Read(read),
            step = woken => step,
        }
    }

    fn done(&mut self, done: Result<Done<S::Client>, JoinError>) -> Result<(), Reason> {
        self.busy = None;
        self.beat.worked(&self.session);
        match done {
            Ok(Done::Handled) => Ok(()),
            Ok(Done::Connected(socket, Ok(client))) => {
                self.connected();
                let frame = packet('0', socket.namespace(), None, &json!({"sid": socket.id()}));
                let client = Arc::new(client);
                self.clients.push((socket, client.clone()));
                self.push(frame)?;
                let told = self.server.tell(|handler| handler.connected(&client));
                if told { Ok(()) } else { Err(Reason::Ended) }
            }
            Ok(Done::Connected(socket, Err(refusal))) => {
                self.push(packet('4', socket.namespace(), None, &refusal))
            }
            Err(_) => {
                self.server.counters.count_panic();
                Err(Reason::Ended)
            }
        }
    }

    /// Has joined something: from now on it may stay, and send as much as anybody.
    fn connected(&mut self) {
        self.beat.connected();
        self.session.trust();
        self.trust();
    }

    fn trust(&mut self) {
        if let Transport::WebSocket(stream) = &mut self.transport {
            stream.get_mut().trust();
        }
    }

    fn push(&self, frame: Result<Frame, serde_json::Error>) -> Result<(), Reason> {
        let frame = frame.map_err(|_| Reason::Ended)?;
        self.session.push([frame]);
        Ok(())
    }

    fn read(&mut self, packet: Packet) -> Result<(), Reason> {
        match packet {
            Packet::Message(text) if S::ECHO => {
                self.session.push([Frame::text(text.to_string())]);
                Ok(())
            }
            Packet::Binary(bytes) if S::ECHO => {
                self.session.push([Frame::binary(bytes)]);
                Ok(())
            }
            Packet::Close => Err(Reason::Gone),
            Packet::Pong => {
                self.beat.heard();
                self.session.expect_life(None);
                Ok(())
            }
            Packet::Message(_) if self.partial.is_some() => Err(Reason::Faulty),
            Packet::Message(text) => {
                self.packet(message::Packet::parse(Packet::body(&text)).ok_or(Reason::Faulty)?)
            }
            Packet::Binary(bytes) => self.attachment(bytes),
        }
    }

    fn packet(&mut self, packet: message::Packet) -> Result<(), Reason> {
        let message::Packet { namespace, kind, attachments } = packet;
        if attachments > self.server.config.max_attachments {
            return Err(Reason::Faulty);
        }
        let event = match kind {
            Kind::Connect(auth) => return self.connect(namespace, auth),
            Kind::Disconnect => {
                self.leave_namespace(&namespace);
                return Ok(());
            }
            Kind::Event(event) => Some(event),
            Kind::Ack => None,
        };
        if attachments > 0 && !event.as_ref().is_none_or(|event| event.names(attachments)) {
            return Err(Reason::Faulty);
        }
        if attachments > 0 {
            self.partial = Some((namespace, event, attachments));
            return Ok(());
        }
        self.event(&namespace, event)
    }

    fn attachment(&mut self, bytes: Bytes) -> Result<(), Reason> {
        let (namespace, mut event, missing) = self.partial.take().ok_or(Reason::Faulty)?;
        if let Some(event) = &mut event {
            event.attachments.push(bytes);
        }
        if missing > 1 {
            self.partial = Some((namespace, event, missing - 1));
            return Ok(());
        }
        self.event(&namespace, event)
    }

    fn connect(
        &mut self,
        namespace: Box<str>,
        auth: Option<Box<serde_json::value::RawValue>>,
    ) -> Result<(), Reason> {
        if self.clients.iter().any(|(socket, _)| socket.namespace() == &*namespace) {
            // Said twice; the first counts.
            return Ok(());
        }
        if !self.server.handler.has_namespace(&namespace) {
            return self.push(packet('4', &namespace, None, &json!({"message": "Invalid namespace"})));
        }
        let id = name().map_err(|_| Reason::Ended)?;
        let socket = Socket::new(self.session.clone(), namespace, id);
        let (server, handshake) = (self.server.clone(), self.handshake.clone());
        self.busy = Some(tokio::spawn(async move {
            let let_in = server.handler.connect(socket.clone(), &handshake, auth).await;
            Done::Connected(socket, let_in)
        }));
        Ok(())
    }

    fn event(&mut self, namespace: &str, event: Option<Event>) -> Result<(), Reason> {
        let client = self.clients.iter().find(|(socket, _)| socket.namespace() == namespace);
        // Nobody may say anything before they were let in.
        let (_, client) = client.ok_or(Reason::Faulty)?;
        if let Some(event) = event {
            let (server, client) = (self.server.clone(), client.clone());
            self.busy = Some(tokio::spawn(async move {
                server.handler.event(&client, event).await;
                Done::Handled
            }));
        }
        Ok(())
    }

    fn leave_namespace(&mut self, namespace: &str) {
        if let Some(place) = self.clients.iter().position(|(socket, _)| socket.namespace() == namespace) {
            let (_, client) = self.clients.swap_remove(place);
            self.server.disconnected(&client);
        }
        if self.clients.is_empty() {
            self.beat.left(self.server.config.connect_timeout);
        }
    }

    fn leave(&mut self) {
        for (_, client) in self.clients.drain(..) {
            self.server.disconnected(&client);
        }
        // A client that is let in only now has not been counted among them.
        if let Some(work) = self.busy.take() {
            let server = self.server.clone();
            tokio::spawn(async move {
                match work.await {
                    Ok(Done::Connected(_, Ok(client))) => server.disconnected(&client),
                    Ok(_) => {}
                    Err(_) => server.counters.count_panic(),
                }
            });
        }
    }

    async fn write(&mut self) -> Result<(), Reason> {
        let Transport::WebSocket(stream) = &mut self.transport else { return Ok(()) };
        let session = &self.session;
        let over = async {
            loop {
                if let Some(reason) = session.over() {
                    return reason;
                }
                session.wake.notified().await;
            }
        };
        let frames = session.take();
        tokio::select! {
            biased;
            wrote = write(stream, frames, self.server.config.write_timeout) => wrote,
            reason = over => Err(reason),
        }
    }

    /// Lets the client have what was sent before the end, unless it is the reason for it.
    async fn farewell(&mut self) {
        let session = &self.session;
        if !matches!(session.over(), Some(Reason::Ended | Reason::Unconnected | Reason::Faulty)) {
            return;
        }
        let said = async {
            match &mut self.transport {
                Transport::WebSocket(stream) => part(stream, session.take()).await,
                Transport::Polling(_) => {
                    while !session.is_empty() {
                        session.wake.notified().await;
                    }
                }
            }
        };
        let _ = timeout(FAREWELL, said).await;
    }
}

/// Says the last words, and that they are.
pub(crate) async fn part(stream: &mut Stream, frames: VecDeque<Frame>) {
    let _ = write(stream, frames, FAREWELL).await;
    let _ = stream.close(None).await;
    // A connection that is closed while something of the client lies unread takes our last words along.
    while let Some(Ok(_)) = stream.next().await {}
}

/// Writes frames, all that are there with one flush, and gives each of them `limit`. An error is why the session ends.
pub(crate) async fn write(
    stream: &mut Stream,
    frames: VecDeque<Frame>,
    limit: Duration,
) -> Result<(), Reason> {
    let in_time = |written: Result<Result<(), Error>, Elapsed>| match written {
        Ok(written) => written.map_err(|_| Reason::Gone),
        Err(_) => Err(Reason::Slow),
    };
    for frame in frames {
        in_time(timeout(limit, stream.feed(frame.into_message())).await)?;
    }
    in_time(timeout(limit, stream.flush()).await)
}
