//! A client's socket: raw Engine.IO over a WebSocket.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::Utf8Bytes;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use super::browser;
use super::packet::Packet;
use super::plan::Arrival;
use crate::Outcome;

/// The number of the acknowledgement that joining asks for.
const JOIN: u64 = 0;
/// Bytes that wait to be read from a narrow socket.
const NARROW: u32 = 256 * 1024;

/// A socket whose login was taken.
#[derive(Debug)]
pub(crate) struct Socket {
    stream: WebSocketStream<TcpStream>,
}

impl Socket {
    /// Connects and logs in.
    pub(crate) async fn connect(address: SocketAddr, token: &str, arrival: Arrival) -> Outcome<Self> {
        match arrival {
            Arrival::WebSocket => Self::directly(TcpStream::connect(address).await?, token).await,
            Arrival::Browser => browser::arrive(address, token).await,
        }
    }

    /// The same with room for little that has come and was not read yet.
    pub(crate) async fn connect_narrow(address: SocketAddr, token: &str) -> Outcome<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(NARROW)?;
        Self::directly(socket.connect(address).await?, token).await
    }

    async fn directly(stream: TcpStream, token: &str) -> Outcome<Self> {
        let mut socket = Self::over(stream, "", &[]).await?;
        let Packet::Open(_) = Packet::read(&socket.receive().await?) else {
            return Err("the server opened no session".into());
        };
        socket.send(format!("40{{\"token\":\"{token}\"}}")).await?;
        loop {
            let text = socket.receive().await?;
            match Packet::read(&text) {
                Packet::Connected => return Ok(socket),
                Packet::Refused(why) => return Err(format!("a login was refused: {why}").into()),
                _ => {}
            }
        }
    }

    /// A WebSocket, and no more. `query` comes behind `transport=websocket`.
    pub(super) async fn open(address: SocketAddr, query: &str, headers: &[(&str, &str)]) -> Outcome<Self> {
        Self::over(TcpStream::connect(address).await?, query, headers).await
    }

    async fn over(stream: TcpStream, query: &str, headers: &[(&str, &str)]) -> Outcome<Self> {
        stream.set_nodelay(true)?;
        let address = stream.peer_addr()?;
        let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket{query}");
        let mut request: Request = url.into_client_request()?;
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes())?;
            request.headers_mut().insert(name, HeaderValue::from_str(value)?);
        }
        // Small, since there are thousands.
        let config = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(0);
        let (stream, _) = client_async_with_config(request, stream, Some(config)).await?;
        Ok(Self { stream })
    }

    pub(crate) async fn send(&mut self, packet: String) -> Outcome<()> {
        Ok(self.stream.send(Message::text(packet)).await?)
    }

    /// The next packet. It may be waited for and given up.
    pub(crate) async fn receive(&mut self) -> Outcome<Utf8Bytes> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => return Ok(text),
                Some(Ok(Message::Close(frame))) => {
                    let why =
                        frame.map_or_else(String::new, |frame| format!(": {} {}", frame.code, frame.reason));
                    return Err(format!("the server closed a socket{why}").into());
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.into()),
                None => return Err("the server closed a socket".into()),
            }
        }
    }

    /// Answers a packet that wants it; others are the caller's.
    pub(crate) async fn answer(&mut self, packet: &Packet<'_>) -> Outcome<()> {
        match packet {
            Packet::Ping(probe) => self.send(format!("3{probe}")).await,
            _ => Ok(()),
        }
    }

    /// Enters the room of a task. `others` is told what comes in between.
    pub(crate) async fn join(&mut self, task: i64, mut others: impl FnMut(&Packet<'_>)) -> Outcome<()> {
        self.send(format!("42{JOIN}[\"join_task\",{task}]")).await?;
        loop {
            let text = self.receive().await?;
            let packet = Packet::read(&text);
            match packet {
                Packet::Ack { id: JOIN, answer } if Packet::is_fine(answer) => return Ok(()),
                Packet::Ack { id: JOIN, answer } => {
                    return Err(format!("a room could not be joined: {answer}").into());
                }
                _ => others(&packet),
            }
            self.answer(&packet).await?;
        }
    }
}
