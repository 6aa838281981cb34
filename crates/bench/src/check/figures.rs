//! What a run says besides whether all was right.

use std::collections::{HashMap, HashSet};

use super::courier::Fate;
use super::history::{Connection, Deed, End, Heal, How, Kind, Micros};
use super::verdict::Record;

/// How long something took each time, in milliseconds, sorted.
#[derive(Debug, Clone, Default)]
pub(super) struct Times(Vec<f64>);

impl Times {
    pub(super) fn new(mut times: Vec<f64>) -> Self {
        times.retain(|time| time.is_finite());
        times.sort_by(f64::total_cmp);
        Self(times)
    }

    /// The time that so many thousandths stay below; 1000 is the longest.
    pub(super) fn thousandths(&self, thousandths: usize) -> f64 {
        let at = (self.0.len() * thousandths / 1000).min(self.0.len().saturating_sub(1));
        self.0.get(at).copied().unwrap_or(f64::NAN)
    }
}

/// Counts and times of a run.
#[derive(Debug, Default)]
pub(super) struct Figures {
    pub(super) acknowledged: usize,
    /// Files that were acknowledged, beside that.
    pub(super) files: usize,
    pub(super) refused: usize,
    /// Attempts that were not answered, and what was never answered in the end.
    pub(super) unanswered: u64,
    pub(super) open: usize,
    pub(super) arrivals: usize,
    /// Events that came again on the same connection, and to the same reader.
    pub(super) again_here: usize,
    pub(super) again: usize,
    pub(super) connections: usize,
    pub(super) gaps: usize,
    pub(super) unhealed: u64,
    pub(super) skipped: usize,
    /// From acknowledged to delivered; of these, to who sits on another server; from sent to delivered.
    pub(super) delivered: Times,
    pub(super) across: Times,
    pub(super) sent: Times,
    /// From the end of a fault to the first delivery that shows it.
    pub(super) after_heal: Times,
}

impl Figures {
    pub(super) fn new(record: &Record, heals: &[Heal]) -> Self {
        let files = record.files.sent.iter().filter(|fate| **fate == Fate::Acknowledged).count();
        let mut figures = Self { files, ..Self::default() };
        let mut posts: HashMap<(usize, i64), (usize, Micros, Micros)> = HashMap::new();
        for op in &record.ops {
            figures.unanswered += u64::from(op.unanswered);
            match &op.end {
                End::Ok => figures.acknowledged += 1,
                End::Refused(_) => figures.refused += 1,
                End::Unknown => figures.open += 1,
            }
            if let (Deed::Post, End::Ok, Some((_, seq))) = (op.deed, &op.end, op.message) {
                posts.insert((op.ticket, seq), (op.node, op.invoked, op.answered));
            }
        }
        let (mut delivered, mut across, mut sent) = (Vec::new(), Vec::new(), Vec::new());
        let mut first: Vec<Option<(Micros, Micros)>> = vec![None; heals.len()];
        for heard in &record.heard {
            figures.arrivals += heard.arrivals.len();
            figures.connections += heard.connections.len();
            figures.gaps += heard.gaps.len();
            figures.unhealed += heard.unhealed;
            figures.skipped += heard.skipped.len();
            let (mut here, mut ever) = (HashSet::new(), HashSet::new());
            for arrival in &heard.arrivals {
                let event = (arrival.ticket, arrival.seq);
                figures.again_here += usize::from(!here.insert((arrival.connection, event)));
                figures.again += usize::from(!ever.insert(event));
                let connection = heard.connections.get(arrival.connection);
                let post = posts.get(&event).filter(|_| arrival.kind == Kind::Posted);
                let (Some(&Connection { node, at }), Some(&(from, invoked, answered))) = (connection, post)
                else {
                    continue;
                };
                if arrival.how == How::CaughtUp {
                    continue;
                }
                let time = millis(arrival.at.saturating_sub(answered));
                delivered.push(time);
                sent.push(millis(arrival.at.saturating_sub(invoked)));
                if node != from {
                    across.push(time);
                }
                for (heal, first) in heals.iter().zip(&mut first) {
                    // Of a server that came back, anything on it; of what was between servers, what came between them.
                    let shows = heal.node.map_or(node != from, |back| back == node);
                    if shows && invoked >= heal.at && first.is_none_or(|(first, _)| arrival.at < first) {
                        // Whoever came later could not hear of it sooner.
                        *first = Some((arrival.at, arrival.at.saturating_sub(heal.at.max(at))));
                    }
                }
            }
        }
        let after = first.into_iter().filter_map(|first| Some(millis(first?.1)));
        figures.after_heal = Times::new(after.collect());
        (figures.delivered, figures.across) = (Times::new(delivered), Times::new(across));
        figures.sent = Times::new(sent);
        figures
    }
}

#[expect(clippy::cast_precision_loss, reason = "no run takes 2^52 microseconds")]
fn millis(micros: Micros) -> f64 {
    micros as f64 / 1e3
}
