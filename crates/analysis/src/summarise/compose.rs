//! A summary of the sentences that were taken.

use super::collect::{Candidate, Gathered};
use super::select::Chosen;
use crate::summary::{Point, Summary};

/// Writes it down. What the last summary said is kept where nothing newer was said.
pub(super) fn compose(gathered: &Gathered, chosen: &Chosen, last: Option<&Summary>) -> Summary {
    let kept = |part: fn(&Summary) -> &String| {
        last.map(part).map(|text| text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let described = match kept(|last| &last.issue) {
        Some(issue) => issue,
        None => told(gathered, &chosen.issue),
    };
    let issue = if described.is_empty() { gathered.title.clone() } else { described };
    let investigation = told(gathered, &chosen.investigation);
    let newest = told(gathered, &chosen.next_steps);
    let next_steps =
        if newest.is_empty() { kept(|last| &last.next_steps).unwrap_or_default() } else { newest };
    let found = told(gathered, chosen.investigation.get(..2).unwrap_or(&chosen.investigation));
    let content = [issue.as_str(), found.as_str(), next_steps.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let key_points = chosen
        .points
        .iter()
        .filter_map(|(position, cites)| {
            let text = gathered.candidates.get(*position)?.text.clone();
            Some(Point { text, message_ids: cites.clone() })
        })
        .collect();
    Summary { content, issue, investigation, next_steps, key_points, entities: Vec::new() }
}

/// Sentences one after the other, each with who said it unless the same person goes on.
fn told(gathered: &Gathered, positions: &[usize]) -> String {
    let mut told = String::new();
    let mut speaker = "";
    for candidate in positions.iter().filter_map(|position| gathered.candidates.get(*position)) {
        if !told.is_empty() {
            told.push(' ');
        }
        if candidate.author != speaker {
            speaker = &candidate.author;
            if !speaker.is_empty() {
                told.push_str(speaker);
                told.push_str(": ");
            }
        }
        told.push_str(&ended(candidate));
    }
    told
}

/// A sentence with its full stop.
fn ended(candidate: &Candidate) -> String {
    let text = candidate.text.trim_end_matches([',', ';', ' ']);
    let closed = text.ends_with(['.', '!', '?', '…', ':', '。', '！', '？', ')', '"', '”', '»', '’']);
    if closed { text.to_owned() } else { format!("{text}.") }
}
