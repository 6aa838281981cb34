//! What there is in the end, read by requests.

use std::net::SocketAddr;

use serde_json::Value;

use super::history::{Kind, bare};
use super::rest::Rest;
use super::stage::Stage;
use crate::Outcome;

/// The tickets, in the order of the run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Truth(pub(super) Vec<Ticket>);

/// A ticket's log, and what is said in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ticket {
    pub(super) log: Vec<Logged>,
    pub(super) messages: Vec<Stored>,
}

/// An event of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Logged {
    pub(super) seq: i64,
    pub(super) kind: Kind,
    /// The message's id; 0 when it is about none.
    pub(super) message: i64,
}

/// A message that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) id: i64,
    pub(super) seq: i64,
    pub(super) client_id: String,
    pub(super) content: String,
}

impl Truth {
    /// Reads all that a server shows to somebody.
    pub(super) async fn read(stage: &Stage, node: usize, token: &str) -> Outcome<Self> {
        let mut rest = Rest::default();
        let mut all = Vec::new();
        let address = stage.address(node);
        for id in &stage.tickets {
            let log = log(&mut rest, address, token, *id).await?;
            let messages = messages(&mut rest, address, (token, *id), stage.padding).await?;
            all.push(Ticket { log, messages });
        }
        Ok(Self(all))
    }

    /// How many events there are.
    pub(super) fn events(&self) -> usize {
        self.0.iter().map(|ticket| ticket.log.len()).sum()
    }
}

/// Where the logs of tickets end.
pub(super) async fn ends(address: SocketAddr, token: &str, tickets: &[i64]) -> Outcome<Vec<i64>> {
    let mut rest = Rest::default();
    let mut ends = Vec::new();
    for id in tickets {
        let path = format!("/api/tasks/{id}/events?limit=1");
        let page = rest.must(address, ("GET", &path), token, None).await?;
        ends.push(number(&page, "seq"));
    }
    Ok(ends)
}

fn number(value: &Value, name: &str) -> i64 {
    value.get(name).and_then(Value::as_i64).unwrap_or(0)
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn list(page: &Value, name: &str) -> Vec<Value> {
    page.get(name).and_then(Value::as_array).cloned().unwrap_or_default()
}

async fn log(rest: &mut Rest, address: SocketAddr, token: &str, id: i64) -> Outcome<Vec<Logged>> {
    let mut log: Vec<Logged> = Vec::new();
    loop {
        let after = log.last().map_or(0, |last| last.seq);
        let path = format!("/api/tasks/{id}/events?limit=100&after={after}");
        let page = rest.must(address, ("GET", &path), token, None).await?;
        let events = list(&page, "events");
        log.extend(events.iter().map(|event| {
            let kind = match text(event, "kind").as_str() {
                "message_posted" => Kind::Posted,
                "message_edited" => Kind::Edited,
                "message_deleted" => Kind::Deleted,
                _ => Kind::Ticket,
            };
            let message = event.pointer("/data/messageId").and_then(Value::as_i64).unwrap_or(0);
            Logged { seq: number(event, "seq"), kind, message }
        }));
        if events.is_empty() || page.get("hasMore").and_then(Value::as_bool) != Some(true) {
            return Ok(log);
        }
    }
}

async fn messages(
    rest: &mut Rest,
    address: SocketAddr,
    (token, id): (&str, i64),
    padding: usize,
) -> Outcome<Vec<Stored>> {
    let there = pages(rest, address, token, id).await?;
    let there = there.iter().filter(|message| message.get("deletedAt").is_none_or(Value::is_null));
    let stored = there.map(|message| Stored {
        id: number(message, "id"),
        seq: number(message, "seq"),
        client_id: text(message, "clientId"),
        content: bare(&text(message, "content"), padding).to_owned(),
    });
    Ok(stored.collect())
}

/// All messages of a ticket as they are shown.
pub(super) async fn pages(rest: &mut Rest, address: SocketAddr, token: &str, id: i64) -> Outcome<Vec<Value>> {
    let (mut messages, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/tasks/{id}/messages?limit=100{cursor}");
        let page = rest.must(address, ("GET", &path), token, None).await?;
        messages.extend(list(&page, "messages"));
        match page.get("nextCursor").and_then(Value::as_str) {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(messages),
        }
    }
}
