//! WebSockets: from an HTTP request, or over from polling.

use std::io::ErrorKind;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::{SinkExt, StreamExt};
use hyper_util::rt::TokioIo;
use socket2::SockRef;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::Config;
use crate::connection::Connection;
use crate::frame::{Frame, Kind};
use crate::handshake::websocket_key;
use crate::metered::Metered;
use crate::packet::Packet;
use crate::session::{Reason, Session};
use crate::transport::FAREWELL;

pub(crate) type Stream = WebSocketStream<Metered>;

/// What reaches the driver of a session.
#[derive(Debug)]
pub(crate) enum Inbound {
    Packet(Packet),
    /// The client has gone over.
    Upgraded(Box<Stream>),
}

/// Read at once from a connection that is idle most of the time.
const READ_BUFFER: usize = 1024;
/// Written at once, as long as there is more.
const WRITE_BUFFER: usize = 16 * 1024;
/// What the system may hold for a client that does not read. It would grow to megabytes by itself.
const SEND_BUFFER: usize = 128 * 1024;

/// Answers a request that asks for a WebSocket, and gives the stream to `then`.
pub(crate) fn accept<F>(
    mut request: Request,
    config: &Config,
    then: impl FnOnce(Stream) -> F + Send + 'static,
) -> Option<Response>
where
    F: Future<Output = ()> + Send,
{
    let accept = derive_accept_key(websocket_key(request.headers())?);
    let limits = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_message_size(Some(config.max_payload))
        .max_frame_size(Some(config.max_payload));
    let before = config.max_payload_before;
    let upgrade = hyper::upgrade::on(&mut request);
    // Its headers hold on to the connection's first read buffer.
    drop(request);
    tokio::spawn(async move {
        let upgraded = match upgrade.await {
            Ok(upgraded) => upgraded,
            Err(error) => return tracing::debug!(%error, "a connection did not become a WebSocket"),
        };
        let Ok(parts) = upgraded.downcast::<TokioIo<Connection>>() else {
            return tracing::error!("WebSockets need the server's own connections");
        };
        let (stream, begun) = (parts.io.into_inner(), parts.read_buf);
        if let Err(error) = SockRef::from(stream.tcp()).set_send_buffer_size(SEND_BUFFER) {
            tracing::debug!(%error, "SO_SNDBUF was refused");
        }
        let stream = Metered::new(stream, before);
        let stream = if begun.is_empty() {
            Stream::from_raw_socket(stream, Role::Server, Some(limits)).await
        } else {
            Stream::from_partially_read(stream, begun.into(), Role::Server, Some(limits)).await
        };
        then(stream).await;
    });
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, HeaderValue::from_str(&accept).ok()?);
    Some(response)
}

/// Takes a session over from polling, as the protocol has it: the client probes, is answered, stops polling, and says
/// that it has.
pub(crate) async fn upgrade(session: Arc<Session>, mut stream: Stream, limit: std::time::Duration) {
    if !session.begin_upgrade() {
        let _ = stream.close(None).await;
        return;
    }
    let probed = async {
        expect(&mut stream, "2probe").await?;
        stream.send(Frame::PROBED.into_message()).await.ok()?;
        expect(&mut stream, "5").await
    };
    let done = tokio::time::timeout(limit, probed).await.ok().flatten().is_some();
    let inbox = session.inbox().filter(|_| done);
    session.end_upgrade(done);
    match inbox {
        Some(inbox) => drop(inbox.send(Inbound::Upgraded(Box::new(stream))).await),
        // It may go on polling.
        None => drop(stream.close(None).await),
    }
}

async fn expect(stream: &mut Stream, wanted: &str) -> Option<()> {
    loop {
        match stream.next().await?.ok()? {
            Message::Text(text) => return (text.as_str() == wanted).then_some(()),
            Message::Ping(_) | Message::Pong(_) => stream.flush().await.ok()?,
            _ => return None,
        }
    }
}

/// The next packet.
pub(crate) async fn next(stream: &mut Stream) -> Result<Packet, Reason> {
    match hear(stream).await? {
        Kind::Text(text) => Packet::parse(text).ok_or(Reason::Faulty),
        Kind::Binary(bytes) => Ok(Packet::Binary(bytes)),
    }
}

/// The next message, whatever it says.
pub(crate) async fn hear(stream: &mut Stream) -> Result<Kind, Reason> {
    loop {
        let heard = stream.next().await;
        stream.get_mut().refill();
        return match heard {
            Some(Ok(Message::Text(text))) => Ok(Kind::Text(text)),
            Some(Ok(Message::Binary(bytes))) => Ok(Kind::Binary(bytes)),
            // Its answer goes out before more is read: the answers to a flood would pile up without bounds.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => match stream.flush().await {
                Ok(()) => continue,
                Err(_) => Err(Reason::Gone),
            },
            // They wait for the answer, as the protocol has it (RFC 6455, section 5.5.1).
            Some(Ok(Message::Close(_))) => {
                let _ = tokio::time::timeout(FAREWELL, stream.flush()).await;
                Err(Reason::Gone)
            }
            Some(Err(Error::Io(error))) if error.kind() == ErrorKind::QuotaExceeded => Err(Reason::Faulty),
            // Most clients go without a word.
            Some(
                Ok(_)
                | Err(
                    Error::ConnectionClosed
                    | Error::Io(_)
                    | Error::Protocol(ProtocolError::ResetWithoutClosingHandshake),
                ),
            )
            | None => Err(Reason::Gone),
            Some(Err(_)) => Err(Reason::Faulty),
        };
    }
}
