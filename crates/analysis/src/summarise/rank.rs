//! How much each sentence matters.
//!
//! TextRank without its graph: the walk from a sentence to its neighbours goes through the words they share, sentence → word
//! → sentence. A word is taken the more often the rarer it is, and leads to each of its sentences alike. This is the walk over
//! the graph of all pairs, at the cost of the words. Now and then it starts anew, at sentences that speak the ticket's own
//! words (those of its title and description).

use std::collections::HashMap;

use super::collect::{Candidate, Gathered, Origin};
use super::cues::Mood;

/// How often the walk goes on instead of starting anew; TextRank's usual value.
const GOES_ON: f64 = 0.85;
/// Rounds. The order of sentences no longer changes after about ten.
const ROUNDS: usize = 12;

/// A figure from 0 to about 1 for each candidate.
pub(super) fn scores(gathered: &Gathered) -> Vec<f64> {
    let walked = walk(gathered);
    let busy = busy(gathered);
    let most = walked.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    gathered
        .candidates
        .iter()
        .zip(walked)
        .map(|(candidate, score)| {
            let cues = &candidate.cues;
            let mut weight = (0.15 + score / most) * by_length(candidate.length);
            let purpose = cues.found.min(2) + cues.next.min(1) + cues.done.min(1);
            weight *= 1.0 + 0.2 * small(purpose);
            weight *= 1.0 + 0.6 * on_topic(gathered, candidate);
            weight *= 1.0 + 0.3 * busy.get(candidate.author.as_str()).copied().unwrap_or(0.0);
            for (holds, factor) in [
                (cues.mood == Mood::Asks, 0.4),
                (cues.small > 0, 0.6),
                (cues.leans, 0.6),
                (cues.mood == Mood::Cries, 0.75),
                (cues.exact, 1.15),
                (candidate.heading, 0.2),
                (candidate.origin == Origin::Point, 1.1),
            ] {
                if holds {
                    weight *= factor;
                }
            }
            weight
        })
        .collect()
}

fn walk(gathered: &Gathered) -> Vec<f64> {
    let sentences = gathered.candidates.len();
    let mut uses = vec![0_usize; gathered.terms];
    for candidate in &gathered.candidates {
        for term in &candidate.terms {
            if let Some(count) = uses.get_mut(*term) {
                *count += 1;
            }
        }
    }
    // What only one sentence says leads nowhere.
    let rarity: Vec<f64> = uses
        .iter()
        .map(|count| if *count < 2 { 0.0 } else { (1.0 + small(sentences) / small(*count)).ln() })
        .collect();
    let rare = |term: &usize| rarity.get(*term).copied().unwrap_or(0.0);
    let is_topic = |term: &usize| gathered.topic.get(*term).copied().unwrap_or(false);

    let mut start: Vec<f64> = Vec::with_capacity(sentences);
    let mut leaving: Vec<f64> = Vec::with_capacity(sentences);
    for candidate in &gathered.candidates {
        let topic: f64 = candidate.terms.iter().filter(|term| is_topic(term)).map(rare).sum();
        start.push(0.25 + topic / small(candidate.terms.len().max(4)));
        leaving.push(candidate.terms.iter().map(rare).sum());
    }
    let whole: f64 = start.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    for share in &mut start {
        *share /= whole;
    }

    let mut score = start.clone();
    let mut words = vec![0.0; gathered.terms];
    for _ in 0..ROUNDS {
        words.fill(0.0);
        for ((candidate, score), leaving) in gathered.candidates.iter().zip(&score).zip(&leaving) {
            if *leaving <= 0.0 {
                continue;
            }
            for term in &candidate.terms {
                if let Some(word) = words.get_mut(*term) {
                    *word += score * rare(term) / leaving;
                }
            }
        }
        for (word, uses) in words.iter_mut().zip(&uses) {
            *word /= small((*uses).max(1));
        }
        for ((candidate, score), start) in gathered.candidates.iter().zip(&mut score).zip(&start) {
            let arrived: f64 = candidate.terms.iter().filter_map(|term| words.get(*term)).sum();
            *score = (1.0 - GOES_ON) * start + GOES_ON * arrived;
        }
    }
    // Long sentences have more ways in; that alone is no merit.
    for (score, candidate) in score.iter_mut().zip(&gathered.candidates) {
        *score /= small(candidate.terms.len().max(4)).sqrt();
    }
    score
}

/// How much of a sentence's own words are the ticket's, from 0 to 1; half of them is all one can ask for.
fn on_topic(gathered: &Gathered, candidate: &Candidate) -> f64 {
    let shared =
        candidate.terms.iter().filter(|term| gathered.topic.get(**term).copied().unwrap_or(false)).count();
    (2.0 * small(shared) / small(candidate.terms.len().max(3))).min(1.0)
}

/// Each person's share of the messages: who works on a ticket says more of what matters.
fn busy(gathered: &Gathered) -> HashMap<&str, f64> {
    let mut turns: HashMap<&str, (usize, Option<usize>)> = HashMap::new();
    for candidate in gathered.candidates.iter().filter(|candidate| candidate.origin == Origin::Message) {
        let (count, last) = turns.entry(candidate.author.as_str()).or_default();
        if *last != Some(candidate.turn) {
            *count += 1;
            *last = Some(candidate.turn);
        }
    }
    let all = small(gathered.turns.max(1));
    turns.into_iter().map(|(author, (count, _))| (author, small(count) / all)).collect()
}

/// What is too short says nothing by itself, what is too long is not read.
fn by_length(words: usize) -> f64 {
    match words {
        0..=2 => 0.1,
        3..=4 => 0.4,
        5..=6 => 0.75,
        7..=28 => 1.0,
        29..=40 => 0.8,
        _ => 0.6,
    }
}

/// A count as a number to reckon with. Counts here are far below 2^32.
fn small(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
