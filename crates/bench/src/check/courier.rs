//! Somebody who sends files beside those who write: into a ticket that nobody reads meanwhile, one message with one file after
//! the other, each to any server. What is not answered is sent again under the same name until it is.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::rest::{Answer, Rest};
use super::stage::{Phase, Stage};
use super::truth::pages;
use crate::Outcome;
use crate::random::{Rng, prose};

/// Between two messages.
const INTERVAL: Duration = Duration::from_millis(150);
/// Before another attempt.
const AGAIN: Duration = Duration::from_millis(30);
/// What a file has at most: more than is read or sealed at once.
const LARGEST: i64 = 200_000;

/// What became of a file that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Acknowledged,
    Refused,
    /// The run was over before it was answered.
    Unknown,
}

/// A file as it is kept: of which message, and what is in it, if it could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) client_id: String,
    pub(super) bytes: Option<Vec<u8>>,
}

/// What was sent and what is there.
#[derive(Debug, Clone, Default)]
pub(super) struct Files {
    /// What became of each, from the first.
    pub(super) sent: Vec<Fate>,
    pub(super) kept: Vec<Kept>,
}

/// What the courier calls the message of a file.
pub(super) fn client_id(number: usize) -> String {
    format!("courier-{number}")
}

/// What is in a file.
pub(super) fn content(number: usize) -> Vec<u8> {
    let mut rng = Rng::new(number as u64);
    let length = rng.skewed(LARGEST, 3);
    format!("File number {number}. {}", prose(&mut rng, length)).into_bytes()
}

/// Sends files until the run is quiet; what became of each.
pub(super) async fn carry(stage: Arc<Stage>, token: String, seed: u64) -> Vec<Fate> {
    let (mut rest, mut rng) = (Rest::default(), Rng::new(seed));
    let mut sent = Vec::new();
    while stage.phase() == Phase::Work {
        let node = usize::try_from(rng.below(1 << 20)).unwrap_or(0);
        sent.push(send(&stage, &mut rest, &token, (sent.len(), node)).await);
        tokio::time::sleep(INTERVAL).await;
    }
    sent
}

async fn send(stage: &Stage, rest: &mut Rest, token: &str, (number, mut node): (usize, usize)) -> Fate {
    const BOUNDARY: &str = "faff-check";
    let mut form = Vec::new();
    let name = client_id(number);
    for (field, value) in [("taskId", stage.drop.to_string()), ("content", name.clone()), ("clientId", name)]
    {
        let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n");
        form.extend([head.as_bytes(), value.as_bytes(), b"\r\n"].concat());
    }
    let head = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{number}.txt\"\r\n\
         content-type: text/plain\r\n\r\n"
    );
    let end = format!("\r\n--{BOUNDARY}--\r\n");
    form.extend([head.as_bytes(), &content(number), end.as_bytes()].concat());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    while stage.phase() < Phase::Over {
        let address = stage.address(node % stage.addresses.len().max(1));
        match rest.send(address, ("POST", "/api/messages"), token, (&kind, &form)).await {
            Answer::Done(_) => return Fate::Acknowledged,
            Answer::Refused(code) => {
                stage.trouble(format!("a file was refused: {code}"));
                return Fate::Refused;
            }
            Answer::Unknown(why) | Answer::Unsent(why) => stage.trouble(format!("a file: {why}")),
        }
        *rest = Rest::default();
        node += 1;
        tokio::time::sleep(AGAIN).await;
    }
    Fate::Unknown
}

/// Reads all files that there are.
pub(super) async fn kept(stage: &Stage, address: SocketAddr, token: &str) -> Outcome<Vec<Kept>> {
    let mut rest = Rest::default();
    let mut kept = Vec::new();
    for message in pages(&mut rest, address, token, stage.drop).await? {
        let client_id = message.get("clientId").and_then(Value::as_str).unwrap_or_default().to_owned();
        let files = message.get("attachments").and_then(Value::as_array).cloned().unwrap_or_default();
        for file in &files {
            let url = file.get("url").and_then(Value::as_str).unwrap_or_default();
            let bytes = rest.bytes(address, url, token).await;
            kept.push(Kept { client_id: client_id.clone(), bytes });
        }
        if files.is_empty() {
            kept.push(Kept { client_id, bytes: None });
        }
    }
    Ok(kept)
}
