//! Telephone numbers.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Found;
use super::number::digits;
use super::scan::{Scan, last_said, names, shape};

/// Digits in groups.
static SHAPE: LazyLock<Regex> =
    LazyLock::new(|| shape(r"(?:\+ ?|\()?[0-9](?:(?:\) ?|[ \u{a0}\u{202f}./–-]\(?|\()?[0-9]){5,16}"));

/// What people say before a telephone number, and before other numbers.
static CALLED: LazyLock<Vec<&'static str>> = LazyLock::new(|| names("phone called"));
static OTHERS: LazyLock<Vec<&'static str>> = LazyLock::new(|| names("phone other"));

/// Country codes whose numbers all have one length, and that length with the code; the other codes.
const FIXED: &[(&str, usize)] = &[
    ("1", 11),
    ("33", 11),
    ("34", 11),
    ("44", 12),
    ("48", 11),
    ("45", 10),
    ("47", 10),
    ("31", 11),
    ("41", 11),
    ("420", 12),
    ("351", 12),
    ("30", 12),
    ("7", 11),
    ("61", 11),
    ("91", 12),
];
const CODES: &[&str] = &[
    "20", "27", "32", "36", "39", "40", "43", "46", "49", "51", "52", "53", "54", "55", "56", "57", "58",
    "60", "62", "63", "64", "65", "66", "81", "82", "84", "86", "90", "92", "93", "94", "95", "98", "21",
    "22", "23", "24", "25", "26", "29", "350", "352", "353", "354", "355", "356", "357", "358", "359", "37",
    "38", "421", "423", "50", "59", "67", "68", "69", "80", "85", "87", "88", "96", "97", "99",
];

/// Searches.
pub(super) fn find(scan: &mut Scan<'_>) -> Vec<Found> {
    scan.search("phone", &SHAPE, check)
}

fn check(scan: &Scan<'_>, place: Range<usize>) -> Option<(Range<usize>, String)> {
    let part_of_more = !scan.stands_alone(&place)
        || matches!(
            scan.char_before(&place),
            Some('.' | '-' | '/' | '#' | '$' | '€' | '£' | '=' | '%' | '+' | ',')
        )
        || matches!(scan.char_after(&place), Some('-' | '/' | '%' | '€' | '$' | '@' | '°'))
        || scan.char_after(&place) == Some(':')
            && scan.after(&place).chars().nth(1).is_some_and(|c| c.is_ascii_digit())
        || scan.reading.is_code(&place);
    // Single figures in a row are a table, not a number.
    let figures = scan.quote(&place).bytes().filter(u8::is_ascii_digit).count();
    let parted = scan.quote(&place).chars().filter(|c| !c.is_ascii_digit()).count();
    if part_of_more || parted * 3 > figures * 2 {
        return None;
    }
    let place = closed(scan, place)?;
    let quote = scan.quote(&place);
    let figures = digits(quote);
    let key: String = figures.iter().filter_map(|digit| char::from_digit(*digit, 10)).collect();
    if let Some(international) =
        key.strip_prefix("00").filter(|_| quote.starts_with('0')).or(quote.starts_with('+').then_some(&key))
    {
        return abroad(scan, place, international);
    }
    // A number's nearest name counts.
    let before = scan.before(&place);
    let named = last_said(&before, &CALLED);
    // "Repair ordered, technician 044 …": what was ordered is not the number.
    let clause = before.rfind([',', ';', '.', '!', '?', '(']).map_or(0, |mark| mark + 1);
    let other = before.get(clause..).and_then(|clause| last_said(clause, &OTHERS)).map(|at| at + clause);
    if other > named {
        return None;
    }
    let groups: Vec<usize> =
        quote.split(|c: char| !c.is_ascii_digit()).map(str::len).filter(|length| *length > 0).collect();
    let dated = figures.len() == 8 && groups.len() == 3 && quote.contains('.');
    let holds = if named.is_some() {
        (6..=13).contains(&figures.len()) && !dated
    } else {
        american(quote, &figures, &groups)
            || with_trunk(&figures, &groups, quote)
            || bracketed(quote, &figures, &groups)
    };
    holds.then_some((place, key))
}

/// Without a bracket that was opened and never closed.
fn closed(scan: &Scan<'_>, place: Range<usize>) -> Option<Range<usize>> {
    let quote = scan.quote(&place);
    let opened = quote.matches('(').count();
    let ended = quote.matches(')').count();
    match (opened, ended) {
        (0 | 1, same) if same == opened => Some(place),
        (1, 0) if quote.starts_with('(') => Some(place.start + 1..place.end),
        _ => None,
    }
}

/// A number with its country's code; behind it may stand another number that the shape took for more of it.
fn abroad(scan: &Scan<'_>, place: Range<usize>, digits: &str) -> Option<(Range<usize>, String)> {
    let zero = scan.quote(&place).contains("(0)");
    let fixed = FIXED.iter().find(|(code, _)| digits.starts_with(code));
    let wanted = match fixed {
        Some((_, length)) => length + usize::from(zero),
        None if CODES.iter().any(|code| digits.starts_with(code)) && (9..=15).contains(&digits.len()) => {
            digits.len()
        }
        None => return None,
    };
    let quote = scan.quote(&place);
    let lead = if quote.starts_with('0') { 2 } else { 0 };
    let mut seen = 0;
    let end = quote.char_indices().find_map(|(at, c)| {
        seen += usize::from(c.is_ascii_digit());
        (seen == wanted + lead).then_some(at + 1)
    })?;
    let rest = quote.get(end..)?;
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let key = digits.get(..wanted)?.to_owned();
    Some((place.start..place.start + end, format!("+{key}")))
}

/// `(555) 123-4567`, `555-123-4567`: area and exchange begin with 2 to 9 (North American Numbering Plan).
fn american(quote: &str, figures: &[u32], groups: &[usize]) -> bool {
    let plan =
        figures.first().is_some_and(|digit| *digit > 1) && figures.get(3).is_some_and(|digit| *digit > 1);
    groups == [3, 3, 4] && plan && (quote.contains('-') || quote.starts_with('(') || quote.contains('.'))
}

/// `(22) 621 02 41`: nothing else has its first figures in brackets.
fn bracketed(quote: &str, figures: &[u32], groups: &[usize]) -> bool {
    let area = groups.first().is_some_and(|first| (2..=5).contains(first));
    quote.starts_with('(')
        && quote.contains(')')
        && area
        && groups.len() > 1
        && (7..=12).contains(&figures.len())
}

/// `030 901820`, `01 23 45 67 89`, `(020) 7946 0958`: begins with a zero and stands in groups.
fn with_trunk(figures: &[u32], groups: &[usize], quote: &str) -> bool {
    let begins = figures.first() == Some(&0) && figures.get(1).is_some_and(|digit| *digit > 0);
    let pairs = groups == [2, 2, 2, 2, 2];
    let area = groups.first().is_some_and(|first| (3..=5).contains(first)) && (2..=5).contains(&groups.len());
    begins && (9..=12).contains(&figures.len()) && (pairs || area) && !quote.contains('.')
}
