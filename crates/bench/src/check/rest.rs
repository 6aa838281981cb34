//! Requests over HTTP, with what may become of them.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;

use crate::Outcome;
use crate::load::Connection;

/// How long an answer is waited for.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// How often what only asks is asked again.
const TRIES: u32 = 50;

/// What became of an attempt.
#[derive(Debug)]
pub(super) enum Answer {
    Done(Value),
    /// With the code of the refusal.
    Refused(String),
    /// It may have been done, or not; why that is not known.
    Unknown(String),
    /// It was never sent.
    Unsent(String),
}

/// A keep-alive connection that is made anew when it breaks.
#[derive(Debug, Default)]
pub(super) struct Rest(Option<Connection>);

impl Rest {
    /// Sends a request and waits for its answer.
    pub(super) async fn ask(
        &mut self,
        address: SocketAddr,
        (method, path): (&str, &str),
        token: &str,
        body: Option<&Value>,
    ) -> Answer {
        let body = body.map(Value::to_string).unwrap_or_default();
        self.send(address, (method, path), token, ("application/json", body.as_bytes())).await
    }

    /// The same, with a body of any kind.
    pub(super) async fn send(
        &mut self,
        address: SocketAddr,
        what: (&str, &str),
        token: &str,
        body: (&str, &[u8]),
    ) -> Answer {
        match self.exchange(address, what, token, body).await {
            Ok((status, body)) => read(status, &body),
            Err(answer) => answer,
        }
    }

    /// What is at a path; `None` if it cannot be had.
    pub(super) async fn bytes(&mut self, address: SocketAddr, path: &str, token: &str) -> Option<Vec<u8>> {
        for _ in 0..TRIES {
            match self.exchange(address, ("GET", path), token, ("application/json", b"")).await {
                Ok((200, body)) => return Some(body),
                Ok((408 | 429 | 500.., _)) | Err(_) => {}
                Ok(_) => return None,
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        None
    }

    async fn exchange(
        &mut self,
        address: SocketAddr,
        (method, path): (&str, &str),
        token: &str,
        (kind, body): (&str, &[u8]),
    ) -> Result<(u16, Vec<u8>), Answer> {
        let mut connection = match self.0.take() {
            Some(connection) => connection,
            None => match tokio::time::timeout(PATIENCE, Connection::open(address)).await {
                Ok(Ok(connection)) => connection,
                Ok(Err(error)) => return Err(Answer::Unsent(format!("connect: {error}"))),
                Err(_) => return Err(Answer::Unsent("connect: no answer in time".to_owned())),
            },
        };
        let login =
            if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: check\r\n{login}content-type: {kind}\r\n\
             content-length: {}\r\n\r\n",
            body.len()
        );
        let request = [head.as_bytes(), body].concat();
        let answered = match tokio::time::timeout(PATIENCE, connection.exchange(&request)).await {
            Ok(Ok((status, body))) => (status, body.to_vec()),
            Ok(Err(error)) => return Err(Answer::Unknown(format!("HTTP: {error}"))),
            Err(_) => return Err(Answer::Unknown("HTTP: no answer in time".to_owned())),
        };
        self.0 = Some(connection);
        Ok(answered)
    }

    /// Sends a request that has to be answered well.
    pub(super) async fn must(
        &mut self,
        address: SocketAddr,
        (method, path): (&str, &str),
        token: &str,
        body: Option<&Value>,
    ) -> Outcome<Value> {
        let mut tries = 0;
        loop {
            match self.ask(address, (method, path), token, body).await {
                Answer::Done(value) => return Ok(value),
                // Whatever was done to the servers is over, but not everyone may have noticed.
                Answer::Unknown(_) | Answer::Unsent(_) if method == "GET" && tries < TRIES => tries += 1,
                other => return Err(format!("{method} {path}: {other:?}").into()),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

fn read(status: u16, body: &[u8]) -> Answer {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let code = value.get("code").and_then(Value::as_str).unwrap_or("no code");
    match status {
        200..300 => Answer::Done(value),
        408 | 429 | 500.. => Answer::Unknown(format!("HTTP {status} {code}")),
        _ => Answer::Refused(code.to_owned()),
    }
}
