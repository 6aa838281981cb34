//! Numbers of bank accounts.

use std::ops::Range;
use std::sync::LazyLock;

use iban::Iban;
use regex::Regex;

use super::Found;
use super::scan::{Scan, shape};

static SHAPE: LazyLock<Regex> =
    LazyLock::new(|| shape(r"(?i-u)(?:\b)[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]){11,30}"));

/// Searches. Which countries give out account numbers, how long, and made of what, `iban_validate` knows from the registry.
pub(super) fn find(scan: &mut Scan<'_>) -> Vec<Found> {
    scan.search("iban", &SHAPE, check)
}

fn check(scan: &Scan<'_>, place: Range<usize>) -> Option<(Range<usize>, String)> {
    let quote = scan.quote(&place);
    // The words behind the number look like more of it: the shortest beginning that is a number is meant, since a country's
    // numbers have one length.
    let mut key = String::new();
    for (at, byte) in quote.bytes().enumerate() {
        if !byte.is_ascii_alphanumeric() {
            continue;
        }
        key.push(char::from(byte.to_ascii_uppercase()));
        let part = place.start..place.start + at + 1;
        if key.len() >= 15 && key.parse::<Iban>().is_ok() && scan.stands_alone(&part) {
            return Some((part, key));
        }
    }
    None
}
