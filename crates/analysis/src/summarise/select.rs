//! Which sentences are taken.

use super::collect::{Candidate, Gathered, Origin};
use super::cues::Mood;

/// Share of common words from which on two sentences say the same.
const SAME: f64 = 0.6;
/// How much of a sentence's weight is lost for what was said already.
const REPEATED: f64 = 0.7;
/// Sentences compared when points are chosen. Those behind them are never chosen.
const COMPARED: usize = 200;
/// Messages at the end that tell how it stands, besides the last third.
const RECENT: usize = 3;
/// Key points at least (if there are as many) and at most.
const POINTS: (usize, usize) = (3, 8);

/// The sentences taken, as positions among the candidates.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    /// With the messages that say so, in the order of the conversation.
    pub(super) points: Vec<(usize, Vec<i64>)>,
    pub(super) issue: Vec<usize>,
    pub(super) investigation: Vec<usize>,
    pub(super) next_steps: Vec<usize>,
}

/// Chooses.
pub(super) fn choose(gathered: &Gathered, scores: &[f64]) -> Chosen {
    let candidates: Vec<(usize, &Candidate, f64)> = gathered
        .candidates
        .iter()
        .zip(scores)
        .enumerate()
        .map(|(position, (candidate, score))| (position, candidate, *score))
        .collect();
    let mut chosen = Chosen::default();
    chosen.issue = issue(&candidates);
    chosen.next_steps = next_steps(gathered, &candidates);
    chosen.investigation = investigation(gathered, &candidates, &chosen);
    chosen.points = points(gathered, &candidates, &chosen);
    chosen
}

type Scored<'a> = (usize, &'a Candidate, f64);

/// The description's weightiest sentences, or the first message's.
fn issue(candidates: &[Scored<'_>]) -> Vec<usize> {
    let described: Vec<&Scored<'_>> =
        candidates.iter().filter(|(_, candidate, _)| candidate.origin == Origin::Description).collect();
    let pool: Vec<&Scored<'_>> = if described.iter().any(|(_, candidate, _)| candidate.length > 2) {
        described
    } else {
        candidates
            .iter()
            .filter(|(_, candidate, _)| candidate.origin == Origin::Message && candidate.turn == 0)
            .collect()
    };
    // People begin with what matters to them.
    let mut weighed: Vec<(usize, f64)> = pool
        .iter()
        .zip([1.6, 1.2].into_iter().chain(std::iter::repeat(1.0)))
        .filter(|((_, candidate, _), _)| {
            candidate.length > 2 && candidate.cues.small == 0 && !candidate.heading
        })
        .map(|((position, _, score), early)| (*position, score * early))
        .collect();
    weighed.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    in_order(weighed.into_iter().take(2).map(|(position, _)| position).collect())
}

/// What was found out: sentences that say so, and in longer conversations the weightiest ones before the end.
fn investigation(gathered: &Gathered, candidates: &[Scored<'_>], chosen: &Chosen) -> Vec<usize> {
    let middle = |candidate: &Candidate| {
        candidate.origin == Origin::Message
            && gathered.turns >= 5
            && candidate.turn * 4 < gathered.turns * 3
            && candidate.cues.next == 0
            && !candidate.cues.leans
            && candidate.cues.mood != Mood::Cries
    };
    let mut weighed: Vec<(usize, f64)> = candidates
        .iter()
        .filter(|(position, candidate, _)| {
            matches!(candidate.origin, Origin::Message | Origin::Investigation)
                && (candidate.cues.found > 0
                    || candidate.origin == Origin::Investigation
                    || middle(candidate))
                && candidate.cues.mood != Mood::Asks
                && !candidate.heading
                && candidate.length > 4
                && !chosen.next_steps.contains(position)
                && !chosen.issue.contains(position)
        })
        .map(|(position, candidate, score)| {
            let more = match candidate.cues.found {
                0 => 0.6,
                1 => 1.0,
                _ => 1.25,
            };
            (*position, score * more)
        })
        .collect();
    weighed.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    let mut taken: Vec<usize> = Vec::new();
    for (position, _) in weighed.into_iter().take(COMPARED) {
        let new = taken.iter().all(|other| likeness(at(candidates, *other), at(candidates, position)) < SAME);
        if new {
            taken.push(position);
        }
        if taken.len() == 3 {
            break;
        }
    }
    in_order(taken)
}

/// How it stands: the last sentences that say what was done or is to be done.
fn next_steps(gathered: &Gathered, candidates: &[Scored<'_>]) -> Vec<usize> {
    let over = matches!(gathered.status.as_str(), "resolved" | "closed");
    let turns = f64::from(u32::try_from(gathered.turns.max(1)).unwrap_or(u32::MAX));
    let mut weighed: Vec<(usize, f64)> = candidates
        .iter()
        .filter(|(_, candidate, _)| {
            candidate.origin == Origin::Message && !candidate.heading && candidate.length > 2
        })
        .filter_map(|(position, candidate, score)| {
            let cues = &candidate.cues;
            let purpose = match (over, cues.done > 0, cues.next > 0) {
                (true, true, _) | (false, _, true) => 1.0,
                (true, false, true) | (false, true, false) => 0.7,
                (_, false, false) => return None,
            };
            // Only what was said towards the end tells how it stands.
            let turn = f64::from(u32::try_from(candidate.turn + 1).unwrap_or(u32::MAX));
            let late = turn / turns;
            let recent = candidate.turn + RECENT >= gathered.turns || late > 0.7;
            recent.then_some((*position, score * purpose * late.powi(4)))
        })
        .collect();
    if weighed.is_empty() {
        let last = candidates.iter().rev().find(|(_, candidate, _)| {
            candidate.origin == Origin::Message
                && candidate.length > 3
                && !candidate.heading
                && candidate.cues.found == 0
        });
        weighed.extend(last.map(|(position, _, score)| (*position, *score)));
    }
    weighed.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    in_order(weighed.into_iter().take(2).map(|(position, _)| position).collect())
}

/// The weightiest sentences that say something new. Who says the same again is cited with it.
fn points(gathered: &Gathered, candidates: &[Scored<'_>], chosen: &Chosen) -> Vec<(usize, Vec<i64>)> {
    let mut pool: Vec<(usize, &Candidate, f64)> = candidates
        .iter()
        .filter(|(_, candidate, _)| {
            matches!(candidate.origin, Origin::Message | Origin::Point)
                && !candidate.heading
                && candidate.length > 2
        })
        .map(|(position, candidate, score)| {
            // What the parts rest on should be found among the points, with its citation.
            let part = chosen.investigation.contains(position) || chosen.next_steps.contains(position);
            (*position, *candidate, if part { score * 1.5 } else { *score })
        })
        .collect();
    pool.sort_by(|one, other| other.2.total_cmp(&one.2).then(one.0.cmp(&other.0)));
    pool.truncate(COMPARED);
    let old = candidates.iter().filter(|(_, candidate, _)| candidate.origin == Origin::Point).count();
    let wanted = (2 + gathered.turns / 5).max(old).clamp(POINTS.0, POINTS.1);

    let mut taken: Vec<(usize, Vec<i64>)> = Vec::new();
    while taken.len() < wanted {
        let best = pool
            .iter()
            .enumerate()
            .map(|(place, (_, candidate, score))| {
                let repeated = taken
                    .iter()
                    .map(|(other, _)| likeness(at(candidates, *other), Some(candidate)))
                    .fold(0.0, f64::max);
                (place, score * (1.0 - REPEATED * repeated), repeated)
            })
            .max_by(|one, other| one.1.total_cmp(&other.1).then(other.0.cmp(&one.0)));
        let Some((place, _, _)) = best else { break };
        let (position, candidate, _) = pool.remove(place);
        let same =
            taken.iter_mut().find(|(other, _)| likeness(at(candidates, *other), Some(candidate)) >= SAME);
        match same {
            Some((_, cites)) => cite(cites, &candidate.cites),
            None => taken.push((position, candidate.cites.clone())),
        }
    }
    taken.sort_by_key(|(position, _)| *position);
    taken
}

fn cite(cites: &mut Vec<i64>, more: &[i64]) {
    for id in more {
        if !cites.contains(id) {
            cites.push(*id);
        }
    }
}

fn at<'a>(candidates: &[Scored<'a>], position: usize) -> Option<&'a Candidate> {
    candidates.get(position).map(|(_, candidate, _)| *candidate)
}

/// The share of words that two sentences have in common (cosine).
fn likeness(one: Option<&Candidate>, other: Option<&Candidate>) -> f64 {
    let (Some(one), Some(other)) = (one, other) else { return 0.0 };
    if one.text == other.text {
        return 1.0;
    }
    let common = one.terms.iter().filter(|term| other.terms.binary_search(term).is_ok()).count();
    let size =
        |candidate: &Candidate| f64::from(u32::try_from(candidate.terms.len().max(1)).unwrap_or(u32::MAX));
    f64::from(u32::try_from(common).unwrap_or(u32::MAX)) / (size(one) * size(other)).sqrt()
}

fn in_order(mut positions: Vec<usize>) -> Vec<usize> {
    positions.sort_unstable();
    positions
}
