//! Those who read: they join every ticket, go and come back to any server with the last number that they have, and ask
//! again when a number is missing, as the documentation of the sockets says.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::{Instant, sleep_until};

use super::history::{Arrival, Connection, Heard, How, Kind, bare};
use super::sender::connect;
use super::stage::{Phase, Stage, until};
use crate::Outcome;
use crate::random::Rng;
use crate::rooms::{Packet, Socket};

/// How often the same missing number is asked for.
const TRIES: u32 = 5;
/// Sentences that are kept of what is odd.
const KEPT: usize = 20;

/// Somebody who reads.
#[derive(Debug)]
pub(super) struct Reader {
    index: usize,
    token: String,
    stage: Arc<Stage>,
    rng: Rng,
    /// Stays on this server as long as it can.
    home: Option<usize>,
    /// Stops reading for a while, again and again.
    stalls: bool,
    places: HashMap<i64, usize>,
    tickets: Vec<Progress>,
    asks: u64,
    heard: Heard,
}

/// How far a reader is in a ticket.
#[derive(Debug, Clone, Default)]
struct Progress {
    /// Has everything up to here.
    reached: i64,
    /// Has these besides.
    beyond: BTreeSet<i64>,
    /// The acknowledgement that is waited for.
    asking: Option<(u64, How)>,
    /// How often the next number was asked for.
    tries: u32,
}

/// The answer to joining.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Joined<'a> {
    ok: bool,
    seq: Option<i64>,
    #[serde(default, borrow)]
    events: Vec<Told<'a>>,
    #[serde(default)]
    has_more: bool,
    #[serde(default)]
    resync: bool,
    error: Option<serde_json::Value>,
}

/// An event in that answer.
#[derive(Debug, Deserialize)]
struct Told<'a> {
    event: String,
    seq: i64,
    #[serde(borrow)]
    data: &'a RawValue,
}

/// What comes with an event, as far as it matters here.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Particulars {
    task_id: Option<i64>,
    id: Option<i64>,
    seq: Option<i64>,
    event_seq: Option<i64>,
    content: Option<Box<str>>,
    deleted_at: Option<String>,
}

impl Reader {
    /// With `home`, it begins at these numbers and stays there; otherwise it comes and goes.
    pub(super) fn new(
        index: usize,
        token: String,
        stage: Arc<Stage>,
        seed: u64,
        home: Option<(usize, Vec<i64>)>,
    ) -> Self {
        let places = stage.tickets.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        let (home, from) = match home {
            Some((node, from)) => (Some(node), from),
            None => (None, vec![0; stage.tickets.len()]),
        };
        for (ticket, seq) in from.iter().enumerate() {
            stage.reach(index, ticket, *seq);
        }
        let tickets = from.iter().map(|&reached| Progress { reached, ..Progress::default() }).collect();
        let heard = Heard { from, ..Heard::default() };
        Self {
            index,
            token,
            stage,
            rng: Rng::new(seed),
            home,
            stalls: false,
            places,
            tickets,
            asks: 0,
            heard,
        }
    }

    /// Makes it one that stops reading for a while, again and again.
    pub(super) const fn that_stalls(mut self, stalls: bool) -> Self {
        self.stalls = stalls;
        self
    }

    /// Reads until the run is over, and returns what came.
    pub(super) async fn run(mut self) -> Heard {
        let mut phases = self.stage.phase.subscribe();
        let mut node = self.home.unwrap_or(self.index);
        let mut storms = 0;
        loop {
            node %= self.stage.addresses.len().max(1);
            let stay = tokio::select! {
                ended = self.sit(node) => ended,
                () = until(&mut phases, Phase::Over) => return self.heard,
            };
            match stay {
                Ok(()) => node = self.below(self.stage.addresses.len()),
                Err(why) => {
                    self.stage.trouble(format!("reader: {why}"));
                    node += 1;
                }
            }
            for progress in &mut self.tickets {
                progress.asking = None;
                progress.tries = 0;
            }
            let mut away = Duration::from_millis(u64::try_from(self.below(1500)).unwrap_or(0));
            if *self.stage.storm.borrow() > storms {
                storms = *self.stage.storm.borrow();
                away = Duration::ZERO;
            }
            tokio::select! {
                () = tokio::time::sleep(away) => {}
                () = until(&mut phases, Phase::Quiet) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.rng.below(i64::try_from(end).unwrap_or(1).max(1))).unwrap_or(0)
    }

    /// Sits on a server for a while, or for good once the run is quiet.
    async fn sit(&mut self, node: usize) -> Outcome<()> {
        let mut storm = self.stage.storm.subscribe();
        let mut socket = if self.stalls {
            Socket::connect_narrow(self.stage.address(node), &self.token).await?
        } else {
            connect(&self.stage, node, &self.token).await?
        };
        self.heard.connections.push(Connection { node, at: self.stage.clock.now() });
        for ticket in 0..self.tickets.len() {
            self.ask(&mut socket, ticket, How::CaughtUp).await?;
        }
        self.asks += 1;
        let secret = self.asks;
        socket.send(format!("42{secret}[\"join_task\",{}]", self.stage.secret)).await?;
        let mut phases = self.stage.phase.subscribe();
        let stay = Duration::from_millis(500 + u64::try_from(self.below(6000))?);
        let leave = Instant::now() + stay;
        let mut stall = Instant::now() + stay / 4;
        loop {
            let quiet = *phases.borrow_and_update() != Phase::Work;
            // One that stalls stays until it is thrown out.
            let stays = self.home.is_some() || self.stalls || quiet;
            if self.stalls && !quiet && Instant::now() > stall {
                let time = Duration::from_millis(3_500 + u64::try_from(self.below(1_000))?);
                tokio::time::sleep(time).await;
                stall = Instant::now() + time;
            }
            let text = tokio::select! {
                text = socket.receive() => text?,
                () = sleep_until(leave), if !stays => return Ok(()),
                _ = phases.changed() => continue,
                _ = storm.changed() => return Ok(()),
            };
            self.hear(&mut socket, &text, secret).await?;
        }
    }

    /// Joins a ticket, or joins it once more, with what it has.
    async fn ask(&mut self, socket: &mut Socket, ticket: usize, how: How) -> Outcome<()> {
        self.asks += 1;
        let (ack, id) = (self.asks, self.stage.ticket(ticket));
        let Some(progress) = self.tickets.get_mut(ticket) else { return Ok(()) };
        progress.asking = Some((ack, how));
        let after = progress.reached;
        socket.send(format!("42{ack}[\"join_task\",{{\"taskId\":{id},\"afterSeq\":{after}}}]")).await
    }

    async fn hear(&mut self, socket: &mut Socket, text: &str, secret: u64) -> Outcome<()> {
        let ticket = match Packet::read(text) {
            Packet::Ack { id, answer } if id == secret => {
                if Packet::is_fine(answer) {
                    self.heard
                        .leaks
                        .push(format!("a ticket that does not exist for it was joined: {answer}"));
                }
                return Ok(());
            }
            Packet::Ack { id, answer } => {
                let asked = |progress: &Progress| progress.asking.is_some_and(|(ack, _)| ack == id);
                let Some(ticket) = self.tickets.iter().position(asked) else { return Ok(()) };
                self.answered(socket, ticket, answer).await?;
                Some(ticket)
            }
            Packet::Message(_) | Packet::Event { .. } => self.live(text),
            packet => return socket.answer(&packet).await,
        };
        match ticket {
            Some(ticket) => self.mend(socket, ticket).await,
            None => Ok(()),
        }
    }

    /// Takes the answer to joining.
    async fn answered(&mut self, socket: &mut Socket, ticket: usize, answer: &str) -> Outcome<()> {
        let (joined,): (Joined<'_>,) = serde_json::from_str(answer)?;
        let how = self.tickets.get_mut(ticket).and_then(|progress| progress.asking.take());
        let how = how.map_or(How::CaughtUp, |(_, how)| how);
        if !joined.ok {
            let code = joined.error.unwrap_or_default();
            return Err(format!("a room could not be joined: {}", code.get("code").unwrap_or(&code)).into());
        }
        for Told { event, seq, data } in joined.events {
            let particulars: Particulars = serde_json::from_str(data.get())?;
            self.take(how, ticket, &event, seq, particulars);
        }
        let Some(progress) = self.tickets.get_mut(ticket) else { return Ok(()) };
        if joined.resync {
            let to = joined.seq.unwrap_or(progress.reached);
            self.heard.skipped.push((ticket, progress.reached, to));
            progress.reached = to;
            progress.beyond = progress.beyond.split_off(&(to + 1));
        } else if joined.has_more {
            return self.ask(socket, ticket, how).await;
        } else if joined.seq > Some(progress.reached) && progress.beyond.is_empty() {
            self.odd(format!("an answer ends at {:?} and does not reach there", joined.seq));
        }
        Ok(())
    }

    /// Takes an event that came live; returns its ticket when it is one that lasts.
    fn live(&mut self, text: &str) -> Option<usize> {
        let text = text.get(2..)?;
        let (event, data): (String, &RawValue) = serde_json::from_str(text).ok()?;
        let particulars: Particulars = serde_json::from_str(data.get()).ok()?;
        let id = particulars.task_id?;
        let Some(&ticket) = self.places.get(&id) else {
            self.heard.leaks.push(format!("{event} of a ticket that does not exist for it: {}", data.get()));
            return None;
        };
        let seq = match event.as_str() {
            "new_message" | "message_deleted" | "refresh_task" => particulars.seq?,
            "message_updated" => particulars.event_seq?,
            _ => return None,
        };
        self.take(How::Live, ticket, &event, seq, particulars);
        Some(ticket)
    }

    fn take(&mut self, how: How, ticket: usize, event: &str, seq: i64, particulars: Particulars) {
        let Particulars { id, content, deleted_at, seq: own, event_seq, .. } = particulars;
        let kind = match event {
            "new_message" => Kind::Posted,
            "message_updated" => Kind::Edited,
            "message_deleted" => Kind::Deleted,
            _ => Kind::Ticket,
        };
        let said = if kind == Kind::Edited { event_seq } else { own };
        if kind != Kind::Ticket && said != Some(seq) {
            self.odd(format!("{event} is number {seq}, and says {said:?}"));
        }
        self.heard.arrivals.push(Arrival {
            at: self.stage.clock.now(),
            connection: self.heard.connections.len().saturating_sub(1),
            how,
            ticket,
            seq,
            kind,
            message: id.unwrap_or(0),
            content: content
                .filter(|_| deleted_at.is_none())
                .map(|content| bare(&content, self.stage.padding).into()),
        });
        let Some(progress) = self.tickets.get_mut(ticket) else { return };
        if seq > progress.reached {
            progress.beyond.insert(seq);
        }
        while progress.beyond.remove(&(progress.reached + 1)) {
            progress.reached += 1;
            progress.tries = 0;
        }
        self.stage.reach(self.index, ticket, progress.reached);
    }

    /// Asks again when a number is missing.
    async fn mend(&mut self, socket: &mut Socket, ticket: usize) -> Outcome<()> {
        let Some(progress) = self.tickets.get_mut(ticket) else { return Ok(()) };
        if progress.beyond.is_empty() || progress.asking.is_some() || progress.tries > TRIES {
            return Ok(());
        }
        progress.tries += 1;
        if progress.tries > TRIES {
            self.heard.unhealed += 1;
            return Ok(());
        }
        let next = progress.beyond.first().copied().unwrap_or(0);
        let connection = self.heard.connections.len().saturating_sub(1);
        self.heard.gaps.push((connection, ticket, progress.reached, next));
        self.ask(socket, ticket, How::AskedAgain).await
    }

    fn odd(&mut self, sentence: String) {
        if self.heard.oddities.len() < KEPT {
            self.heard.oddities.push(sentence);
        }
    }
}
