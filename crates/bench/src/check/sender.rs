//! Those who write: half of them by sockets, half by requests, one thing after the other. What is not answered is sent
//! again, to the next server, until it is.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::history::{Deed, End, Op, client_id, content, padded};
use super::proxy::Proxy;
use super::rest::{Answer, PATIENCE, Rest};
use super::stage::{Phase, Stage};
use crate::Outcome;
use crate::random::Rng;
use crate::rooms::{Arrival, Packet, Socket};

/// Before another attempt.
const AGAIN: Duration = Duration::from_millis(30);
/// Messages that a sender remembers as its own, to edit and delete.
const REMEMBERED: usize = 64;

/// Somebody who writes.
#[derive(Debug)]
pub(super) struct Sender {
    index: usize,
    by_socket: bool,
    /// Writes to the first server as long as it answers.
    one_sided: bool,
    token: String,
    stage: Arc<Stage>,
    rng: Rng,
    node: usize,
    /// Where the next attempt goes instead.
    door: Option<SocketAddr>,
    rest: Rest,
    socket: Option<Socket>,
    acks: u64,
    number: u64,
    own: Vec<Own>,
    ops: Vec<Op>,
}

/// A message of one's own that is there for certain.
#[derive(Debug, Clone)]
struct Own {
    number: u64,
    ticket: usize,
    message: (i64, i64),
    edition: u32,
    /// As it was sent first.
    first: String,
}

/// What to do.
struct Wish {
    deed: Deed,
    number: u64,
    ticket: usize,
    content: String,
    /// The message that it is about.
    id: i64,
}

impl Sender {
    /// Every other one writes by sockets.
    pub(super) fn new(index: usize, one_sided: bool, token: String, stage: Arc<Stage>, seed: u64) -> Self {
        let node = if one_sided { 0 } else { index / 2 % stage.addresses.len().max(1) };
        Self {
            index,
            by_socket: index.is_multiple_of(2),
            one_sided,
            token,
            stage,
            rng: Rng::new(seed),
            node,
            door: None,
            rest: Rest::default(),
            socket: None,
            acks: 0,
            number: 0,
            own: Vec::new(),
            ops: Vec::new(),
        }
    }

    /// Writes at this interval until the run is quiet, and returns what it did.
    pub(super) async fn run(mut self, interval: Duration) -> Vec<Op> {
        let mut next =
            Instant::now() + interval.mul_f64(f64::from(u32::try_from(self.index).unwrap_or(0)) / 16.0);
        while self.stage.phase() == Phase::Work {
            tokio::time::sleep_until(next).await;
            next = Instant::now().max(next + interval);
            if self.rng.below(40) == 0 {
                let node = usize::try_from(self.rng.below(1 << 20)).unwrap_or(0);
                self.move_to(if self.one_sided { 0 } else { node });
            }
            self.act().await;
        }
        self.ops
    }

    fn move_to(&mut self, node: usize) {
        self.node = node % self.stage.addresses.len().max(1);
        (self.rest, self.socket) = (Rest::default(), None);
    }

    async fn act(&mut self) {
        let dice = self.rng.below(100);
        let of_own = usize::try_from(self.rng.below(i64::try_from(self.own.len().max(1)).unwrap_or(1)));
        let own = self.own.get(of_own.unwrap_or(0)).cloned();
        let deed = match dice {
            0..14 => Deed::Edit,
            14..20 => Deed::Delete,
            20 => Deed::Again,
            21 => Deed::Clash,
            _ => Deed::Post,
        };
        match (deed, own) {
            (Deed::Post, _) | (_, None) => self.post().await,
            (deed, Some(own)) => self.change(deed, own).await,
        }
    }

    async fn post(&mut self) {
        self.number += 1;
        let tickets = i64::try_from(self.stage.tickets.len()).unwrap_or(1);
        let ticket = usize::try_from(self.rng.below(tickets.max(1))).unwrap_or(0);
        let (number, first) = (self.number, content(self.index, self.number, 0));
        let op =
            self.carry_out(Wish { deed: Deed::Post, number, ticket, content: first.clone(), id: 0 }).await;
        if let (End::Ok, Some(message)) = (&op.end, op.message) {
            if self.own.len() >= REMEMBERED {
                self.own.remove(0);
            }
            self.own.push(Own { number, ticket, message, edition: 0, first });
        }
        self.ops.push(op);
    }

    async fn change(&mut self, deed: Deed, own: Own) {
        let Own { number, ticket, message: (id, _), edition, ref first } = own;
        let content = match deed {
            Deed::Edit => content(self.index, number, edition + 1),
            Deed::Clash => content(self.index, number, 1_000_000 + edition),
            Deed::Delete => String::new(),
            Deed::Again | Deed::Post => first.clone(),
        };
        let op = self.carry_out(Wish { deed, number, ticket, content, id }).await;
        // What was edited in doubt is left alone: an attempt may still be on its way, and come after the next one.
        if deed == Deed::Delete || op.unanswered > 0 || op.end != End::Ok {
            self.own.retain(|own| own.number != number || deed == Deed::Clash);
        } else if let Some(own) = self.own.iter_mut().find(|own| own.number == number && deed == Deed::Edit) {
            own.edition += 1;
        }
        self.ops.push(op);
    }

    /// Posts again and again through a door that ends each time one byte further behind in the answer, until an answer fits
    /// through; what is cut off is sent again by another way. Returns what it did.
    pub(super) async fn cut_answers(mut self, door: Proxy, stride: usize) -> Vec<Op> {
        self.by_socket = false;
        for bytes in (0..).step_by(stride) {
            door.cut_after(bytes);
            (self.rest, self.door) = (Rest::default(), Some(door.address));
            self.post().await;
            if self.stage.phase() == Phase::Over || self.ops.last().is_none_or(|op| op.unanswered == 0) {
                break;
            }
        }
        self.ops
    }

    /// Tries until it is answered.
    async fn carry_out(&mut self, wish: Wish) -> Op {
        let Wish { deed, number, ticket, ref content, .. } = wish;
        let mut op = Op {
            deed,
            sender: self.index,
            number,
            ticket,
            content: content.clone(),
            invoked: self.stage.clock.now(),
            answered: 0,
            node: self.node,
            unanswered: 0,
            end: End::Unknown,
            message: None,
        };
        while self.stage.phase() < Phase::Over {
            op.node = self.node;
            match self.attempt(&wish).await {
                Answer::Done(message) => {
                    op.end = End::Ok;
                    let number = |name| message.get(name).and_then(Value::as_i64);
                    op.message = number("id").zip(number("seq"));
                    break;
                }
                // It was, by an attempt that was not answered.
                Answer::Refused(code)
                    if deed == Deed::Delete && op.unanswered > 0 && code == "message_deleted" =>
                {
                    op.end = End::Ok;
                    break;
                }
                Answer::Refused(code) => {
                    op.end = End::Refused(code);
                    break;
                }
                Answer::Unknown(why) => {
                    op.unanswered += 1;
                    self.stage.trouble(why);
                }
                Answer::Unsent(why) => self.stage.trouble(why),
            }
            self.move_to(self.node + 1);
            tokio::time::sleep(AGAIN).await;
        }
        op.answered = self.stage.clock.now();
        if op.end == End::Ok {
            self.stage.acknowledged.fetch_add(1, Ordering::Relaxed);
        }
        op
    }

    async fn attempt(&mut self, wish: &Wish) -> Answer {
        let address = self.door.take().unwrap_or_else(|| self.stage.address(self.node));
        let ticket = self.stage.ticket(wish.ticket);
        let path = format!("/api/messages/{}", wish.id);
        let answer = match wish.deed {
            Deed::Edit => {
                let body = json!({ "content": padded(&wish.content, self.stage.padding) });
                self.rest.ask(address, ("PUT", &path), &self.token, Some(&body)).await
            }
            Deed::Delete => self.rest.ask(address, ("DELETE", &path), &self.token, None).await,
            Deed::Post | Deed::Again | Deed::Clash => {
                let name = client_id(self.index, wish.number);
                let body = json!({ "taskId": ticket, "content": padded(&wish.content, self.stage.padding), "clientId": name });
                if self.by_socket {
                    return self.say(&body).await;
                }
                self.rest.ask(address, ("POST", "/api/messages"), &self.token, Some(&body)).await
            }
        };
        match answer {
            Answer::Done(mut value) => {
                Answer::Done(value.get_mut("data").map(Value::take).unwrap_or_default())
            }
            answer => answer,
        }
    }

    /// Posts over the socket.
    async fn say(&mut self, body: &Value) -> Answer {
        let mut socket = match self.socket.take() {
            Some(socket) => socket,
            None => match connect(&self.stage, self.node, &self.token).await {
                Ok(socket) => socket,
                Err(why) => return Answer::Unsent(why),
            },
        };
        self.acks += 1;
        match tokio::time::timeout(PATIENCE, exchange(&mut socket, self.acks, body)).await {
            Ok(Ok(answer)) => {
                self.socket = Some(socket);
                answer
            }
            Ok(Err(error)) => Answer::Unknown(format!("socket: {error}")),
            Err(_) => Answer::Unknown("socket: no answer in time".to_owned()),
        }
    }
}

/// A socket that is logged in, or why there is none.
pub(super) async fn connect(stage: &Stage, node: usize, token: &str) -> Result<Socket, String> {
    let socket = Socket::connect(stage.address(node), token, Arrival::WebSocket);
    match tokio::time::timeout(PATIENCE, socket).await {
        Ok(socket) => socket.map_err(|error| format!("connect: {error}")),
        Err(_) => Err("connect: no answer in time".to_owned()),
    }
}

async fn exchange(socket: &mut Socket, ack: u64, body: &Value) -> Outcome<Answer> {
    socket.send(format!("42{ack}[\"send_message\",{body}]")).await?;
    loop {
        let text = socket.receive().await?;
        match Packet::read(&text) {
            Packet::Ack { id, answer } if id == ack => return Ok(read(answer)),
            packet => socket.answer(&packet).await?,
        }
    }
}

fn read(answer: &str) -> Answer {
    let mut answers: Value = serde_json::from_str(answer).unwrap_or_default();
    let mut answer = answers.get_mut(0).map(Value::take).unwrap_or_default();
    if answer.get("ok").and_then(Value::as_bool) == Some(true) {
        return Answer::Done(answer.get_mut("message").map(Value::take).unwrap_or_default());
    }
    let code = answer.pointer("/error/code").and_then(Value::as_str).unwrap_or("no code");
    match code {
        "internal" | "busy" | "unavailable" | "storage_full" | "rate_limited" | "no code" => {
            Answer::Unknown(format!("socket {code}"))
        }
        code => Answer::Refused(code.to_owned()),
    }
}

/// Writes into the ticket that no reader may see, twice a second, until the run is quiet.
pub(super) async fn whisper(stage: Arc<Stage>, token: String) {
    let mut rest = Rest::default();
    let mut node = 0;
    while stage.phase() == Phase::Work {
        let body = json!({ "taskId": stage.secret, "content": "the printer is mine" });
        let post = ("POST", "/api/messages");
        if !matches!(rest.ask(stage.address(node), post, &token, Some(&body)).await, Answer::Done(_)) {
            node = (node + 1) % stage.addresses.len().max(1);
            rest = Rest::default();
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_sockets_are_told_apart() {
        let told = |text| format!("{:?}", read(text));
        assert!(told(r#"[{"ok":true,"message":{"id":1,"seq":2}}]"#).starts_with("Done(Object {\"id\""));
        assert!(told(r#"[{"ok":false,"error":{"code":"idempotency_key_reused"}}]"#).starts_with("Refused"));
        assert!(told(r#"[{"ok":false,"error":{"code":"busy"}}]"#).starts_with("Unknown"));
    }
}
