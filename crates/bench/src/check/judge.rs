//! Whether what is stored is what was acknowledged, and whether every reader was told of it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::courier::{self, Fate, Files, Kept};
use super::history::{Arrival, Deed, End, Heard, How, Kind, Micros, Op, client_id, mark};
use super::truth::{Stored, Ticket};
use super::verdict::{Record, Rule, Verdict};

/// What is known of a message from those who sent it.
#[derive(Debug, Default)]
struct Said<'a> {
    ticket: usize,
    /// As the first answer named it.
    message: Option<(i64, i64)>,
    posted: Sure,
    /// What it may say: what was acknowledged last, and what was tried since.
    contents: Vec<&'a str>,
    edits: (usize, usize),
    deleted: Sure,
}

/// Whether something was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Sure {
    #[default]
    No,
    Maybe,
    Yes,
}

impl Sure {
    const fn of(end: &End, unanswered: u32) -> Self {
        match end {
            End::Ok => Self::Yes,
            End::Refused(_) if unanswered == 0 => Self::No,
            End::Refused(_) | End::Unknown => Self::Maybe,
        }
    }
}

/// Judges what was sent, stored and heard.
pub(super) fn judge(record: &Record) -> Verdict {
    let mut verdict = Verdict::default();
    let said = said(record, &mut verdict);
    let owners: HashMap<i64, (usize, u64)> =
        said.iter().filter_map(|(key, said)| Some((said.message?.0, *key))).collect();
    stored(record, &said, &mut verdict);
    logs(record, &said, &owners, &mut verdict);
    time(record, &mut verdict);
    files(&record.files, &mut verdict);
    for (reader, heard) in record.heard.iter().enumerate() {
        for leak in &heard.leaks {
            verdict.broken(Rule::Private, || format!("reader {reader}: {leak}"));
        }
        for oddity in &heard.oddities {
            verdict.broken(Rule::Same, || format!("reader {reader}: {oddity}"));
        }
        for (connection, ticket, reached, next) in &heard.gaps {
            verdict.broken(Rule::Unbroken, || {
                format!(
                    "reader {reader}, connection {connection}, ticket {ticket}: {next} came after {reached}"
                )
            });
        }
        ascending(reader, heard, &mut verdict);
        for (place, ticket) in record.truth.0.iter().enumerate() {
            told((reader, heard), (place, ticket), &owners, &mut verdict);
        }
    }
    verdict
}

/// Gathers what became of each message, and checks the answers.
fn said<'a>(record: &'a Record, verdict: &mut Verdict) -> BTreeMap<(usize, u64), Said<'a>> {
    let mut all: BTreeMap<(usize, u64), Said<'_>> = BTreeMap::new();
    for op in &record.ops {
        let Op { deed, sender, number, end, unanswered, message, .. } = op;
        let said = all.entry((*sender, *number)).or_default();
        let sure = Sure::of(end, *unanswered);
        match deed {
            Deed::Post => {
                (said.ticket, said.posted, said.message) = (op.ticket, sure, *message);
                said.contents = vec![&op.content];
            }
            Deed::Edit if sure == Sure::Yes => {
                said.contents = vec![&op.content];
                said.edits.0 += 1;
            }
            Deed::Edit if sure == Sure::Maybe => {
                said.contents.push(&op.content);
                said.edits.1 += 1;
            }
            Deed::Delete => said.deleted = sure,
            Deed::Edit | Deed::Again | Deed::Clash => {}
        }
        let wrong = match (deed, end) {
            (Deed::Clash, End::Refused(code)) => code != "idempotency_key_reused",
            (Deed::Clash, End::Ok) | (_, End::Refused(_)) => true,
            (_, End::Unknown) | (Deed::Delete, End::Ok) => false,
            (_, End::Ok) => *message != said.message || message.is_none(),
        };
        if *end == End::Unknown {
            verdict.broken(Rule::Answered, || format!("message {number} of sender {sender}: {deed:?}"));
        }
        if wrong {
            verdict.broken(Rule::Answer, || {
                format!(
                    "message {number} of sender {sender}: {deed:?} was answered with {end:?}, {message:?}"
                )
            });
        }
    }
    all
}

/// Checks the messages that there are.
fn stored(record: &Record, said: &BTreeMap<(usize, u64), Said<'_>>, verdict: &mut Verdict) {
    let mut found: HashMap<(usize, u64), Vec<(usize, &Stored)>> = HashMap::new();
    for (place, ticket) in record.truth.0.iter().enumerate() {
        for stored in &ticket.messages {
            match mark(&stored.content).filter(|key| said.contains_key(key)) {
                Some(key) => {
                    if stored.client_id != client_id(key.0, key.1) {
                        verdict.broken(Rule::Answer, || format!("{stored:?} has lost its client id"));
                    }
                    found.entry(key).or_default().push((place, stored));
                }
                None => verdict.broken(Rule::Refused, || format!("nobody sent {stored:?}")),
            }
        }
    }
    for ((sender, number), said) in said {
        let name = || format!("message {number} of sender {sender}, {:?}", said.message);
        let found = found.remove(&(*sender, *number)).unwrap_or_default();
        if found.len() > 1 {
            verdict.broken(Rule::Once, || format!("{}: stored as {found:?}", name()));
        }
        match (found.first(), said.posted, said.deleted) {
            (None, Sure::Yes, Sure::No) => {
                verdict.broken(Rule::Kept, || format!("{}: acknowledged, and not there", name()));
            }
            (Some(_), Sure::No, _) => {
                verdict.broken(Rule::Refused, || format!("{}: refused, and stored", name()));
            }
            (Some(_), _, Sure::Yes) => {
                verdict.broken(Rule::Content, || format!("{}: deleted, and still there", name()));
            }
            (Some((place, Stored { id, seq, content, .. })), ..) => {
                if !said.contents.contains(&content.as_str()) {
                    verdict.broken(Rule::Content, || {
                        format!("{}: says {content:?} instead of {:?}", name(), said.contents)
                    });
                }
                let other = said.message.is_some_and(|message| message != (*id, *seq));
                if other || *place != said.ticket {
                    verdict.broken(Rule::Answer, || format!("{}: stored as {id}, {seq}", name()));
                }
            }
            (None, ..) => {}
        }
    }
}

/// Checks that the logs are whole, and tell of what was acknowledged.
fn logs(
    record: &Record,
    said: &BTreeMap<(usize, u64), Said<'_>>,
    owners: &HashMap<i64, (usize, u64)>,
    verdict: &mut Verdict,
) {
    let mut counts: HashMap<i64, [usize; 3]> = HashMap::new();
    for (place, ticket) in record.truth.0.iter().enumerate() {
        for (expected, event) in (1_i64..).zip(&ticket.log) {
            if event.seq != expected {
                verdict.broken(Rule::Log, || format!("ticket {place}: {event:?} stands at {expected}"));
            }
            let count = counts.entry(event.message).or_default();
            match event.kind {
                Kind::Posted => count[0] += 1,
                Kind::Edited => count[1] += 1,
                Kind::Deleted => count[2] += 1,
                Kind::Ticket => {}
            }
        }
    }
    for (key, said) in said {
        let Some((id, _)) = said.message else { continue };
        let [posted, edited, deleted] = counts.get(&id).copied().unwrap_or_default();
        let edits = said.edits.0..=said.edits.0 + said.edits.1;
        let deletions = usize::from(said.deleted == Sure::Yes)..=usize::from(said.deleted != Sure::No);
        if posted == 0 && said.posted == Sure::Yes {
            verdict
                .broken(Rule::Kept, || format!("message {key:?}: acknowledged as {id}, and not in the log"));
        } else if posted > 1 || !edits.contains(&edited) || !deletions.contains(&deleted) {
            verdict.broken(Rule::Log, || {
                format!(
                    "message {key:?}, {id}: in the log {posted} times, edited {edited}, deleted {deleted}"
                )
            });
        }
    }
    let doubtful = said.values().filter(|said| said.message.is_none() && said.posted == Sure::Maybe).count();
    let nobodys = counts.iter().filter(|(id, count)| count[0] > 0 && !owners.contains_key(id)).count();
    for _ in doubtful..nobodys {
        verdict.broken(Rule::Once, || "the log tells of a message that nobody was answered".to_owned());
    }
}

/// Checks that nothing stands before what was acknowledged when it was sent.
fn time(record: &Record, verdict: &mut Verdict) {
    let mut posts: Vec<(usize, i64, Micros, Micros)> = record
        .ops
        .iter()
        .filter(|op| op.deed == Deed::Post && op.end == End::Ok)
        .filter_map(|op| Some((op.ticket, op.message?.1, op.invoked, op.answered)))
        .collect();
    posts.sort_unstable();
    let mut earliest: Option<(usize, i64, Micros)> = None;
    for (ticket, seq, invoked, answered) in posts.into_iter().rev() {
        let behind = earliest.filter(|(of, ..)| *of == ticket);
        if let Some((_, later, before)) = behind.filter(|(.., before)| *before < invoked) {
            verdict.broken(Rule::Time, || {
                format!(
                    "ticket {ticket}: {later} was acknowledged at {before} us, {seq} was sent at {invoked} us"
                )
            });
        }
        earliest = match behind {
            Some((_, _, before)) if before < answered => behind,
            _ => Some((ticket, seq, answered)),
        };
    }
}

/// Checks the files that there are.
fn files(files: &Files, verdict: &mut Verdict) {
    let mut kept: HashMap<&str, Vec<&Kept>> = HashMap::new();
    for file in &files.kept {
        kept.entry(&file.client_id).or_default().push(file);
    }
    for (number, fate) in files.sent.iter().enumerate() {
        let found = kept.remove(courier::client_id(number).as_str()).unwrap_or_default();
        let wrong = match (fate, found.as_slice()) {
            (Fate::Acknowledged, []) => Some("acknowledged, and not there"),
            (Fate::Refused, [_, ..]) => Some("refused, and there"),
            (_, [_, _, ..]) => Some("there more than once"),
            (_, [one]) if one.bytes.is_none() => Some("cannot be read"),
            (_, [one]) if one.bytes != Some(courier::content(number)) => Some("other than it was sent"),
            _ => None,
        };
        if let Some(wrong) = wrong {
            verdict.broken(Rule::Files, || format!("file {number}: {wrong}"));
        }
    }
    for name in kept.keys() {
        verdict.broken(Rule::Files, || format!("nobody sent the file of {name:?}"));
    }
}

/// Checks the order in which live events came on each connection.
fn ascending(reader: usize, heard: &Heard, verdict: &mut Verdict) {
    let mut last: HashMap<(usize, usize), i64> = HashMap::new();
    for arrival in heard.arrivals.iter().filter(|arrival| arrival.how == How::Live) {
        let Arrival { connection, ticket, seq, .. } = *arrival;
        if let Some(before) = last.insert((connection, ticket), seq)
            && before >= seq
        {
            verdict.broken(Rule::Ascending, || {
                format!(
                    "reader {reader}, connection {connection}, ticket {ticket}: {seq} came after {before}"
                )
            });
        }
    }
}

/// Checks what a reader was told of a ticket.
fn told(
    (reader, heard): (usize, &Heard),
    (place, ticket): (usize, &Ticket),
    owners: &HashMap<i64, (usize, u64)>,
    verdict: &mut Verdict,
) {
    let name = || format!("reader {reader}, ticket {place}");
    let from = heard.from.get(place).copied().unwrap_or(0);
    let mut first: BTreeMap<i64, &Arrival> = BTreeMap::new();
    for arrival in heard.arrivals.iter().filter(|arrival| arrival.ticket == place) {
        first.entry(arrival.seq).or_insert(arrival);
        let index = usize::try_from(arrival.seq - 1).ok();
        let logged = index.and_then(|index| ticket.log.get(index));
        let same =
            logged.is_some_and(|logged| logged.kind == arrival.kind && is_about(arrival, logged.message));
        let owner = arrival.content.as_deref().filter(|_| arrival.kind != Kind::Ticket).map(mark);
        let known = owners.get(&arrival.message);
        if !same || owner.is_some_and(|owner| known.is_some() && owner.as_ref() != known) {
            verdict.broken(Rule::Same, || format!("{}: {arrival:?} is logged as {logged:?}", name()));
        }
    }
    let is_skipped = |seq: i64| {
        heard.skipped.iter().any(|(of, after, to)| *of == place && (after + 1..=*to).contains(&seq))
    };
    for event in ticket.log.iter().filter(|event| event.seq > from) {
        if !first.contains_key(&event.seq) && !is_skipped(event.seq) {
            verdict.broken(Rule::Complete, || format!("{}: {event:?} never came", name()));
        }
    }
    let mut posted = HashSet::new();
    for arrival in first.values().filter(|arrival| arrival.kind == Kind::Posted) {
        if !posted.insert(arrival.message) {
            verdict.broken(Rule::Single, || format!("{}: {arrival:?} came as another one", name()));
        }
    }
    if from == 0 && !heard.skipped.iter().any(|(of, ..)| *of == place) {
        fold(&name(), first.values().copied(), ticket, verdict);
    }
}

fn is_about(arrival: &Arrival, message: i64) -> bool {
    arrival.kind == Kind::Ticket || arrival.message == message
}

/// Applies events in their order, and compares what comes of it with what is stored.
fn fold<'a>(name: &str, events: impl Iterator<Item = &'a Arrival>, ticket: &Ticket, verdict: &mut Verdict) {
    let mut state: BTreeMap<i64, &str> = BTreeMap::new();
    for event in events.filter(|event| event.kind != Kind::Ticket) {
        match event.content.as_deref() {
            Some(content) if event.kind != Kind::Deleted => _ = state.insert(event.message, content),
            _ => _ = state.remove(&event.message),
        }
    }
    for stored in &ticket.messages {
        let folded = state.remove(&stored.id);
        if folded != Some(&stored.content) {
            verdict
                .broken(Rule::Fold, || format!("{name}: message {} is {folded:?} by its events", stored.id));
        }
    }
    for (id, content) in state {
        verdict
            .broken(Rule::Fold, || format!("{name}: message {id} is not there, {content:?} by its events"));
    }
}
