//! A run: a place, people, tickets, senders and readers, a fault, and then quiet.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::arguments::CheckArguments;
use super::courier::{Files, carry, kept};
use super::faults::{Fault, Struck, strike};
use super::figures::Figures;
use super::history::{Clock, Heard, Op};
use super::judge::judge;
use super::place::Place;
use super::plan::{Plan, SENDERS};
use super::reader::Reader;
use super::rest::Rest;
use super::sender::{Sender, connect, whisper};
use super::stage::{Phase, Stage};
use super::truth::{Truth, ends};
use super::verdict::{Record, Rule, Verdict};
use crate::rooms::Packet;
use crate::server::Usage;
use crate::{Outcome, machine};

/// How long a busy machine may take for the least that is to be done.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long it may take until everyone has everything; with a mistake planted, it may never come to that.
const QUIET: Duration = Duration::from_mins(1);
const SHORT_QUIET: Duration = Duration::from_secs(4);
/// How long those who are gone may still be shown, when their server was killed.
const FORGOTTEN: Duration = Duration::from_secs(45);
const POLL: Duration = Duration::from_millis(50);
/// Who begins this far behind is sent everything.
const FAR_BEHIND: i64 = 4_900;
/// Characters that are added to each message, so that little of what is sent fits between a server and who stalls.
const PADDING: usize = 19_000;
/// Bytes between two cuts in an answer, in the short form.
const STRIDE: usize = 23;

/// A run that is to be carried out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run<'a> {
    pub(super) arguments: &'a CheckArguments,
    pub(super) plan: Plan,
}

/// What came of a run.
#[derive(Debug)]
pub(super) struct Ran {
    pub(super) plan: Plan,
    pub(super) redis: bool,
    pub(super) verdict: Verdict,
    pub(super) figures: Figures,
    pub(super) struck: Struck,
    pub(super) events: usize,
    /// Seconds until everyone had everything; `None` when they never had.
    pub(super) quiet: Option<f64>,
    /// Seconds until nobody was shown in a room any more.
    pub(super) empty: Option<f64>,
    /// Of all servers: bytes in memory and open files, before and after.
    pub(super) resident: (u64, u64),
    pub(super) files: (usize, usize),
    pub(super) troubles: BTreeMap<String, u64>,
    pub(super) log_lines: usize,
    pub(super) verified: String,
    /// Milliseconds that servers took to end.
    pub(super) ends: Vec<f64>,
    pub(super) load: String,
    /// Mistakes that were planted in what was heard, and whether each was found.
    pub(super) plants: Vec<(String, bool)>,
}

/// Everybody who takes part.
struct People {
    senders: Vec<String>,
    readers: Vec<String>,
    /// Filed the tickets, and is the only one who sees the secret one.
    owner: String,
}

impl Run<'_> {
    /// Carries it out.
    pub(super) async fn carry_out(&self, folder: PathBuf) -> Outcome<Ran> {
        let Plan { fault, seconds, seed, .. } = self.plan;
        let mut place = Place::start(self.arguments, self.plan, folder).await?;
        let addresses = place.addresses(fault);
        let first = place.nodes.first().ok_or("no servers")?.address;
        let (people, tickets) = provide(first, self.plan).await?;
        let clock = Clock::start();
        let padding = if fault == Fault::StallReaders { PADDING } else { 0 };
        let readers = self.plan.readers;
        let stage = Arc::new(Stage::new(clock, addresses, tickets, readers + place.nodes.len(), padding));
        let before = usage(&place);

        let mut readers = self.readers(&stage, &people.readers);
        let senders = self.senders(&stage, &people);
        let cutting = place.door().filter(|_| fault == Fault::CutAnswers).map(|door| {
            let seed = seed.wrapping_mul(1_000).wrapping_add(SENDERS as u64);
            let cut = Sender::new(SENDERS, false, people.owner.clone(), stage.clone(), seed);
            let stride = if self.plan.short { STRIDE } else { 1 };
            tokio::spawn(cut.cut_answers(door, stride))
        });
        let courier = tokio::spawn(carry(stage.clone(), people.owner.clone(), seed));
        let struck = strike((fault, seed), &mut place, &stage, Duration::from_secs(seconds)).await?;

        let cut = match cutting {
            Some(cutting) => cutting.await?,
            None => Vec::new(),
        };
        let patience = clock.now() + u64::try_from(PATIENCE.as_micros())?;
        while stage.acknowledged.load(Ordering::Relaxed) < self.plan.least && clock.now() < patience {
            tokio::time::sleep(POLL).await;
        }
        let healed = clock.now();
        stage.phase.send_replace(Phase::Quiet);
        let mut ops = gather(senders, &stage, self.patience()).await;
        ops.extend(cut);
        let sent = courier.await?;
        let quiet = reached(&stage, self.plan.readers, &people.owner, self.patience()).await?;
        let quiet = quiet.map(|at| Duration::from_micros(at.saturating_sub(healed)).as_secs_f64());
        let mut heard = Vec::new();
        let ends = ends(first, &people.owner, &stage.tickets).await?;
        self.newcomers(&stage, &people, &ends, &mut readers);
        reached(&stage, usize::MAX, &people.owner, self.patience()).await?;
        let mut truths = Vec::new();
        for node in 0..stage.addresses.len() {
            truths.push(Truth::read(&stage, node, &people.owner).await?);
        }
        let files = Files { sent, kept: kept(&stage, first, &people.owner).await? };
        stage.phase.send_replace(Phase::Over);
        while let Some(one) = readers.join_next().await {
            heard.push(one?);
        }
        heard.sort_by_key(|(index, _)| *index);
        let heard: Vec<Heard> = heard.into_iter().map(|(_, heard)| heard).collect();
        let (empty, seen) =
            if self.plan.short { (None, Vec::new()) } else { emptied(&stage, &people.owner).await? };
        let after = usage(&place);

        let record = Record { ops, heard, truth: truths.first().cloned().unwrap_or_default(), files };
        let mut verdict = judge(&record);
        let plants = self.plants(&record, &verdict);
        for (node, _) in (0..).zip(&truths).filter(|(_, truth)| **truth != record.truth) {
            verdict.broken(Rule::Nodes, || format!("server {node} does not show what server 0 shows"));
        }
        for viewer in seen {
            verdict.broken(Rule::Empty, || format!("{viewer} is shown in a room"));
        }
        let verified = match place.verify()? {
            Ok(said) => said,
            Err(faults) => {
                verdict.broken(Rule::Verified, || faults.clone());
                faults
            }
        };
        let troubles = stage.troubles();
        let (panics, log_lines) = place.logs();
        let at_fault = |what: &&String| what.contains(" 500") || what.contains("internal");
        for fault in panics.iter().chain(&struck.wrongs).chain(troubles.keys().filter(at_fault)) {
            verdict.broken(Rule::Sound, || fault.clone());
        }
        let (redis, load) = (place.redis.is_some(), machine::load());
        let ends =
            place.end(self.arguments.keep || (!verdict.is_clean() && self.plan.mistake.is_none())).await?;
        Ok(Ran {
            plan: self.plan,
            redis,
            figures: Figures::new(&record, &struck.heals),
            verdict,
            struck,
            events: record.truth.events(),
            quiet,
            empty,
            resident: (before.0.resident, after.0.resident),
            files: (before.1, after.1),
            troubles,
            log_lines,
            verified,
            ends,
            load,
            plants,
        })
    }

    fn readers(&self, stage: &Arc<Stage>, tokens: &[String]) -> JoinSet<(usize, Heard)> {
        let mut readers = JoinSet::new();
        for (index, token) in tokens.iter().enumerate() {
            let seed = self.plan.seed.wrapping_mul(1_000).wrapping_add(500 + index as u64);
            let stalls = self.plan.fault == Fault::StallReaders && index % 2 == 1;
            let reader = Reader::new(index, token.clone(), stage.clone(), seed, None).that_stalls(stalls);
            readers.spawn(async move { (index, reader.run().await) });
        }
        readers
    }

    /// Those who come when all is over, one to each server, and must be told the same.
    fn newcomers(
        &self,
        stage: &Arc<Stage>,
        people: &People,
        ends: &[i64],
        readers: &mut JoinSet<(usize, Heard)>,
    ) {
        let from: Vec<i64> = ends.iter().map(|end| (end - FAR_BEHIND).max(0)).collect();
        for (node, token) in (0..stage.addresses.len()).zip(people.readers.iter().cycle()) {
            let (index, home) = (self.plan.readers + node, Some((node, from.clone())));
            let reader = Reader::new(index, token.clone(), stage.clone(), self.plan.seed, home);
            readers.spawn(async move { (index, reader.run().await) });
        }
    }

    fn senders(&self, stage: &Arc<Stage>, people: &People) -> JoinSet<(usize, Vec<Op>)> {
        let interval = match self.plan.rate {
            0 => Duration::ZERO,
            rate => Duration::from_secs(SENDERS as u64) / rate,
        };
        let mut senders = JoinSet::new();
        for (index, token) in people.senders.iter().enumerate() {
            let seed = self.plan.seed.wrapping_mul(1_000).wrapping_add(index as u64);
            let sender = Sender::new(index, self.arguments.one_sided, token.clone(), stage.clone(), seed);
            senders.spawn(async move { (index, sender.run(interval).await) });
        }
        tokio::spawn(whisper(stage.clone(), people.owner.clone()));
        senders
    }

    /// How long it may take until everyone has everything.
    const fn patience(&self) -> Duration {
        if self.plan.mistake.is_some() { SHORT_QUIET } else { QUIET }
    }

    fn plants(&self, record: &Record, verdict: &Verdict) -> Vec<(String, bool)> {
        // Where the server makes mistakes, those are to be found.
        let plants = self.arguments.plant.iter().filter(|_| self.plan.mistake.is_none());
        plants
            .filter_map(|plant| {
                let caught = plant.is_caught(record, self.plan.seed, |rule| verdict.count(rule))?;
                Some((plant.name(), caught))
            })
            .collect()
    }
}

/// Waits for the senders to end what they have begun, and tells them to give up when that takes too long.
async fn gather(mut senders: JoinSet<(usize, Vec<Op>)>, stage: &Stage, patience: Duration) -> Vec<Op> {
    let mut all = Vec::new();
    let gathered = tokio::time::timeout(patience, async {
        while let Some(ops) = senders.join_next().await {
            all.extend(ops);
        }
    });
    if gathered.await.is_err() {
        stage.trouble("senders that did not come to an end");
        stage.phase.send_replace(Phase::Over);
        while let Some(ops) = senders.join_next().await {
            all.extend(ops);
        }
    }
    all.sort_by_key(|(index, _)| *index);
    all.into_iter().flat_map(|(_, ops)| ops).collect()
}

/// Waits until the first readers, so many, have everything; when, unless they never have.
async fn reached(stage: &Stage, readers: usize, token: &str, patience: Duration) -> Outcome<Option<u64>> {
    let until = stage.clock.now() + u64::try_from(patience.as_micros())?;
    loop {
        // A server may still find out that connections of its pool have ended.
        if let Ok(ends) = ends(stage.address(0), token, &stage.tickets).await
            && stage.all_reached(readers, &ends)
        {
            return Ok(Some(stage.clock.now()));
        }
        if stage.clock.now() > until {
            return Ok(None);
        }
        tokio::time::sleep(POLL).await;
    }
}

/// Waits until nobody is shown in the first ticket's room of any server, but who looks; when, and else who is.
async fn emptied(stage: &Stage, token: &str) -> Outcome<(Option<f64>, Vec<String>)> {
    let started = stage.clock.now();
    loop {
        let mut seen = Vec::new();
        for node in 0..stage.addresses.len() {
            let mut socket = connect(stage, node, token).await?;
            socket.send(format!("421[\"join_task\",{}]", stage.ticket(0))).await?;
            let viewers: Value = loop {
                let text = socket.receive().await?;
                if let Packet::Ack { id: 1, answer } = Packet::read(&text) {
                    let answer: Value = serde_json::from_str(answer)?;
                    break answer.pointer("/0/viewers").cloned().unwrap_or_default();
                }
            };
            let viewers = viewers.as_array().cloned().unwrap_or_default();
            let names = viewers.iter().filter_map(|viewer| viewer.get("name")?.as_str().map(str::to_owned));
            seen.extend(names.filter(|name| name != OWNER));
        }
        let waited = Duration::from_micros(stage.clock.now() - started);
        if seen.is_empty() {
            return Ok((Some(waited.as_secs_f64()), seen));
        }
        if waited > FORGOTTEN {
            return Ok((None, seen));
        }
        tokio::time::sleep(POLL * 5).await;
    }
}

const OWNER: &str = "Owner of the tickets";

/// Makes the accounts and the tickets.
async fn provide(address: SocketAddr, plan: Plan) -> Outcome<(People, (Vec<i64>, i64, i64))> {
    let mut rest = Rest::default();
    let mut tokens = Vec::new();
    for number in 0..=SENDERS + plan.readers {
        let name = if number == 0 { OWNER.to_owned() } else { format!("Person number {number}") };
        let email = format!("person{number}@check.example");
        let person = json!({ "name": name, "email": email, "password": "printer on fire 7" });
        let answer = rest.must(address, ("POST", "/api/auth/register"), "", Some(&person)).await?;
        let token = answer.get("token").and_then(Value::as_str).ok_or("no token")?;
        tokens.push(token.to_owned());
    }
    let mut tokens = tokens.into_iter();
    let owner = tokens.next().ok_or("no owner")?;
    let (senders, readers) = (tokens.by_ref().take(SENDERS).collect(), tokens.collect());
    let mut ids = Vec::new();
    for number in 0..=plan.tickets + 1 {
        let visibility = if number == 0 { "private" } else { "team" };
        let ticket = json!({ "title": format!("Room number {number}"), "description": "Smoke.", "visibility": visibility });
        let answer = rest.must(address, ("POST", "/api/tasks"), &owner, Some(&ticket)).await?;
        ids.push(answer.pointer("/task/id").and_then(Value::as_i64).ok_or("no ticket")?);
    }
    let mut ids = ids.into_iter();
    let (secret, drop) = ids.next().zip(ids.next()).ok_or("no secret ticket")?;
    Ok((People { senders, readers, owner }, (ids.collect(), secret, drop)))
}

/// Of all servers: what they use, and how many files they have open.
fn usage(place: &Place) -> (Usage, usize) {
    place.nodes.iter().fold((Usage::default(), 0), |(mut all, files), node| {
        let (usage, open) = node.usage();
        all.resident += usage.resident;
        (all, files + open)
    })
}
