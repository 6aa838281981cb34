//! Versions of things.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Found;
use super::scan::{Scan, names, shape};

static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
    shape(
        r"(?i-u)v?[0-9]+(?:\.[0-9]+){0,4}(?:-?(?:alpha|beta|rc|pre|preview|dev|snapshot|nightly|lts|p|b)[.-]?[0-9]*|-[0-9]{1,4})?(?:\+[0-9a-z.]*[0-9a-z])?",
    )
});

static CALLED: LazyLock<Vec<&'static str>> = LazyLock::new(|| names("version called"));
static DOTTED: LazyLock<Vec<&'static str>> = LazyLock::new(|| names("version dotted"));
static WHOLE: LazyLock<Vec<&'static str>> = LazyLock::new(|| names("version whole"));
static UNITS: LazyLock<Vec<&'static str>> = LazyLock::new(|| names("version unit"));

/// Searches.
pub(super) fn find(scan: &mut Scan<'_>) -> Vec<Found> {
    scan.search("version", &SHAPE, check)
}

fn check(scan: &Scan<'_>, place: Range<usize>) -> Option<(Range<usize>, String)> {
    let quote = scan.quote(&place);
    if !scan.stands_alone(&place)
        || matches!(
            scan.char_before(&place),
            Some('.' | ',' | '-' | '/' | '#' | '$' | '€' | '£' | ':' | '+' | '\\' | '=')
        )
        || matches!(scan.char_after(&place), Some('%' | '°' | '€' | '£' | '$' | ':' | '@' | '\'' | '"'))
        || goes_on(scan, &place)
    {
        return None;
    }
    let lower = quote.to_lowercase();
    let bare = lower.strip_prefix('v').unwrap_or(&lower);
    let marked = bare.len() < lower.len();
    let parts = bare.split('.').count();
    let suffix = bare.bytes().any(|byte| byte.is_ascii_alphabetic());
    // A figure by itself, the commonest thing of all, is a version only behind its name.
    let said = |dotted: bool| {
        let before = scan.before(&place);
        let before = before.trim_end_matches([' ', '`', '*', '_', '"', ':', '=', '\u{a0}']);
        let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let named = CALLED.iter().any(|called| before.ends_with(called))
            || WHOLE.contains(&word) && (dotted || is_name(scan, &place))
            || dotted && DOTTED.iter().any(|called| before.ends_with(called));
        let after = scan.after(&place);
        let unit =
            after.trim_start().split(|c: char| !c.is_alphabetic() && c != '\'').next().unwrap_or_default();
        named && !UNITS.contains(&unit.strip_suffix('s').unwrap_or(unit))
    };
    let holds = match parts {
        1 => bare.len() <= 6 && (marked && bare.len() <= 3 && !suffix || said(false)),
        3 => bare.len() >= 5 && !dated(bare) && !in_text(scan, &place),
        // Two figures are a number, four an address as a rule.
        2 | 4 => marked || suffix || said(true),
        _ => false,
    };
    holds.then(|| (place, bare.to_owned()))
}

/// Whether the word before a place is written as names are: "Windows 11", not "windows 3 to 5".
fn is_name(scan: &Scan<'_>, place: &Range<usize>) -> bool {
    let before = scan.text.get(..place.start).unwrap_or_default().trim_end();
    before
        .rsplit(|c: char| !c.is_alphanumeric())
        .next()
        .is_some_and(|word| word.chars().any(char::is_uppercase))
}

/// Whether a place in a text is meant: "§ 3.2.1", "section 4.1.2".
fn in_text(scan: &Scan<'_>, place: &Range<usize>) -> bool {
    let before = scan.before(place);
    let before = before.trim_end();
    let names = [
        "section",
        "chapter",
        "§",
        "clause",
        "kapitel",
        "abschnitt",
        "art.",
        "step",
        "table",
        "figure",
        "page",
    ];
    names.iter().any(|name| before.ends_with(name))
}

/// Whether it looks like a day, even one that the calendar does not have.
fn dated(bare: &str) -> bool {
    let last = bare.rsplit('.').next().unwrap_or_default();
    last.len() == 4 && (last.starts_with("19") || last.starts_with("20"))
}

/// Whether the number goes on with a point or dash and something more, as in a file's name.
fn goes_on(scan: &Scan<'_>, place: &Range<usize>) -> bool {
    let mut after = scan.text.get(place.end..).unwrap_or_default().chars();
    matches!(after.next(), Some('.' | '-' | ',' | '/')) && after.next().is_some_and(char::is_alphanumeric)
}
