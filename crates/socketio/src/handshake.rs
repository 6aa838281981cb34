//! What a request's address asks for, and how it is refused.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

/// The transport that a request speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    Polling,
    WebSocket,
}

/// What a request asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asked<'q> {
    pub(crate) transport: Transport,
    pub(crate) sid: Option<&'q str>,
}

/// Why a request is refused, in the protocol's own numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    Transport,
    Session,
    Method,
    Request,
    Version,
    TooLarge,
}

impl Wrong {
    pub(crate) fn answer(self) -> Response {
        let (code, message) = match self {
            Self::Transport => (0, "Transport unknown"),
            Self::Session => (1, "Session ID unknown"),
            Self::Method => (2, "Bad handshake method"),
            Self::Request | Self::TooLarge => (3, "Bad request"),
            Self::Version => (5, "Unsupported protocol version"),
        };
        let status =
            if self == Self::TooLarge { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST };
        let mut response = Response::new(Body::from(format!(r#"{{"code":{code},"message":"{message}"}}"#)));
        *response.status_mut() = status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }
}

/// Reads the query of a request.
pub(crate) fn asked(query: Option<&str>) -> Result<Asked<'_>, Wrong> {
    let value = |name: &str| {
        let mut pairs = query.unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        pairs.find_map(|(key, value)| (key == name).then_some(value))
    };
    if value("EIO") != Some("4") {
        return Err(Wrong::Version);
    }
    let transport = match value("transport") {
        Some("polling") => Transport::Polling,
        Some("websocket") => Transport::WebSocket,
        _ => return Err(Wrong::Transport),
    };
    Ok(Asked { transport, sid: value("sid") })
}

/// The key of a request that wants to become a WebSocket (RFC 6455, section 4.2.1).
pub(crate) fn websocket_key(headers: &HeaderMap) -> Option<&[u8]> {
    let names = |header, wanted: &str| {
        let values = headers.get_all(header).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|list| list.split(',')).any(|name| name.trim().eq_ignore_ascii_case(wanted))
    };
    let version = headers.get(header::SEC_WEBSOCKET_VERSION).is_some_and(|version| version == "13");
    let asks = names(header::CONNECTION, "upgrade") && names(header::UPGRADE, "websocket") && version;
    asks.then(|| headers.get(header::SEC_WEBSOCKET_KEY)).flatten().map(HeaderValue::as_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_read() {
        let polling = Asked { transport: Transport::Polling, sid: None };
        assert_eq!(asked(Some("EIO=4&transport=polling&t=abc")), Ok(polling));
        let known = Asked { transport: Transport::WebSocket, sid: Some("x") };
        assert_eq!(asked(Some("transport=websocket&EIO=4&sid=x&sid=y")), Ok(known));
        for (query, wrong) in [
            (None, Wrong::Version),
            (Some("transport=polling"), Wrong::Version),
            (Some("EIO=3&transport=polling"), Wrong::Version),
            (Some("EIO=4"), Wrong::Transport),
            (Some("EIO=4&transport=abc"), Wrong::Transport),
        ] {
            assert_eq!(asked(query), Err(wrong), "{query:?}");
        }
    }

    #[test]
    fn only_a_whole_request_becomes_a_websocket() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "keep-alive, Upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ] {
            assert_eq!(websocket_key(&headers), None);
            headers.insert(name, HeaderValue::from_static(value));
        }
        assert!(websocket_key(&headers).is_some());
        headers.insert("sec-websocket-version", HeaderValue::from_static("8"));
        assert_eq!(websocket_key(&headers), None);
    }
}
