//! HTTP long-polling: what is sent to the client waits for its GET, what it sends comes by POST.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use http_body_util::{BodyExt, Limited};

use crate::Config;
use crate::frame::Frame;
use crate::handshake::Wrong;
use crate::packet::{Packet, write_all};
use crate::session::{NoPoll, Reason, Session};
use crate::websocket::Inbound;

pub(crate) fn text(body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    let plain = HeaderValue::from_static("text/plain; charset=UTF-8");
    response.headers_mut().insert(header::CONTENT_TYPE, plain);
    response
}

/// Answers with what is sent to the client, once there is something.
pub(crate) async fn give(session: &Session, config: &Config) -> Response {
    match session.polled(config.max_payload).await {
        Ok(frames) if !frames.is_empty() => text(write_all(&frames)),
        // It closed the session itself, or is on its way to a WebSocket: it need not come again for this.
        Ok(_) if matches!(session.over(), None | Some(Reason::Gone)) => text("6"),
        Ok(_) => text("1"),
        Err(NoPoll::Twice) => {
            session.close(Reason::Faulty);
            Wrong::Request.answer()
        }
        Err(NoPoll::Closed) => Wrong::Request.answer(),
    }
}

/// Takes what the client sends.
pub(crate) async fn take(session: &Session, config: &Config, body: Body) -> Response {
    let Some(inbox) = session.inbox() else {
        return Wrong::Request.answer();
    };
    let Some(_posted) = session.begin_post() else {
        session.close(Reason::Faulty);
        return Wrong::Request.answer();
    };
    let most = if session.is_trusted() { config.max_payload } else { config.max_payload_before };
    let body = tokio::select! {
        body = Limited::new(body, most).collect() => body,
        // Its session does not wait for a body that never ends, nor that for its session.
        () = inbox.closed() => return Wrong::Request.answer(),
    };
    let Ok(body) = body else {
        session.close(Reason::Faulty);
        return Wrong::TooLarge.answer();
    };
    let body = body.to_bytes();
    let Ok(body) = std::str::from_utf8(&body) else {
        session.close(Reason::Faulty);
        return Wrong::Request.answer();
    };
    // One by one: thousands of small packets take many times their bytes.
    for packet in Packet::parse_all(body) {
        let Some(packet) = packet else {
            session.close(Reason::Faulty);
            return Wrong::Request.answer();
        };
        if inbox.send(Inbound::Packet(packet)).await.is_err() {
            return Wrong::Request.answer();
        }
    }
    // The protocol's own word for it.
    text("ok")
}

/// What a session begins with: its name and its times, for the client.
pub(crate) fn opening(sid: &str, upgrades: &[&str], config: &Config) -> Frame {
    let opening = serde_json::json!({
        "sid": sid,
        "upgrades": upgrades,
        "pingInterval": u64::try_from(config.ping_interval.as_millis()).unwrap_or(u64::MAX),
        "pingTimeout": u64::try_from(config.ping_timeout.as_millis()).unwrap_or(u64::MAX),
        "maxPayload": config.max_payload,
    });
    Frame::text(format!("0{opening}"))
}
