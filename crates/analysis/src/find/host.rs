//! Machines by name and by address.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Found;
use super::scan::{Scan, shape};

static V4: LazyLock<Regex> = LazyLock::new(|| shape(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"));
static V6: LazyLock<Regex> = LazyLock::new(|| shape(r"(?i-u)[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}"));
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    shape(r"(?-u)[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+")
});
/// A name without a domain, behind a word that says what it is.
static CALLED: LazyLock<Regex> = LazyLock::new(|| {
    shape(concat!(
        r"(?i)\b(?:host|hostname|server|node|machine|vm|router|switch|gateway|rechner|serveur|servidor|maschine)",
        r"(?: (?:named?|called|is|namens))?[ :]{1,2}[\x22'`*_]{0,2}(?P<value>[a-z][a-z0-9]*(?:-[a-z0-9]+)+|[a-z]+-?[0-9]+(?:-[a-z0-9]+)*)",
    ))
});

/// Endings of names that nothing else ends with.
const ENDINGS: &[&str] = &[
    "com",
    "net",
    "org",
    "edu",
    "gov",
    "mil",
    "int",
    "info",
    "biz",
    "cloud",
    "online",
    "site",
    "tech",
    "store",
    "shop",
    "dev",
    "eu",
    "local",
    "internal",
    "intranet",
    "lan",
    "corp",
    "home",
    "localdomain",
    "example",
    "test",
    "invalid",
    "localhost",
    "arpa",
    "onion",
    "consul",
    "de",
    "uk",
    "fr",
    "nl",
    "es",
    "pl",
    "se",
    "dk",
    "fi",
    "ch",
    "cz",
    "sk",
    "pt",
    "ie",
    "lu",
    "gr",
    "hu",
    "ro",
    "bg",
    "hr",
    "lt",
    "lv",
    "ee",
    "us",
    "ca",
    "au",
    "nz",
    "jp",
    "cn",
    "kr",
    "br",
    "mx",
    "ar",
    "cl",
    "za",
    "tr",
    "ua",
    "ru",
    "sg",
    "hk",
    "tw",
    "io",
    "ai",
];
/// Endings that files and words have too: three labels are asked for.
const DOUBTFUL: &[&str] = &[
    "at", "it", "be", "no", "is", "in", "so", "me", "to", "rs", "py", "sh", "md", "app", "co", "tv", "cc",
    "zip", "page",
];
/// What ends like a host and is a thing of programmers.
const PRODUCTS: &[&str] =
    &["socket.io", "asp.net", "ado.net", "vb.net", "ml.net", "draw.io", "monday.com", "booking.com"];

/// Searches.
pub(super) fn find(scan: &mut Scan<'_>) -> Vec<Found> {
    let mut found = scan.search("host", &V4, v4);
    found.extend(scan.search("host", &V6, v6));
    found.extend(scan.search("host", &NAME, name));
    let called: Vec<Range<usize>> = CALLED
        .captures_iter(scan.text)
        .filter_map(|hit| hit.name("value").map(|value| value.range()))
        .collect();
    for place in called {
        let goes_on = scan
            .char_after(&place)
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | '@'))
            && !ends_sentence(scan, &place);
        // "machine-readable", "server-side": words, not names. A name of a machine has a figure in it.
        let named = scan.quote(&place).bytes().any(|byte| byte.is_ascii_digit());
        if named && !goes_on && !scan.is_taken(&place) {
            scan.take(place.clone());
            found.push(Found { kind: "host", key: scan.quote(&place).to_lowercase(), place });
        }
    }
    found
}

fn ends_sentence(scan: &Scan<'_>, place: &Range<usize>) -> bool {
    let mut after = scan.text.get(place.end..).unwrap_or_default().chars();
    after.next() == Some('.') && after.next().is_none_or(char::is_whitespace)
}

fn v4(scan: &Scan<'_>, place: Range<usize>) -> Option<(Range<usize>, String)> {
    let address: Ipv4Addr = scan.quote(&place).parse().ok()?;
    let touched = !scan.stands_alone(&place)
        || matches!(scan.char_before(&place), Some('.' | '-'))
        || scan.char_after(&place) == Some('.') && !ends_sentence(scan, &place)
        || scan.char_after(&place) == Some('-');
    // Four figures are a version when somebody says so; and no machine has an address below 1.
    let version = scan.introduced(&place, &["version", "ver.", "release", "firmware", "build", "update"]);
    (!touched && !version && address.octets().first() != Some(&0) && !address.is_broadcast()
        || address.is_unspecified() && !touched)
        .then(|| (place, address.to_string()))
}

fn v6(scan: &Scan<'_>, place: Range<usize>) -> Option<(Range<usize>, String)> {
    let quote = scan.quote(&place);
    let address: Ipv6Addr = quote.parse().ok()?;
    let touched = !scan.stands_alone(&place)
        || matches!(scan.char_before(&place), Some(':' | '.' | '-'))
        || scan.char_after(&place) == Some(':');
    // `a::b` is a path in code; an address has figures and more than a word at each side, but for the one of oneself.
    let groups = quote.split(':').filter(|group| !group.is_empty()).count();
    let figures = quote.bytes().filter(u8::is_ascii_digit).count();
    let own = address.is_loopback();
    let global = quote.starts_with(['2', '3', 'f', 'F']) && groups >= 2 && figures >= 1 && quote.len() >= 6;
    (!touched && (own || global)).then(|| (place, address.to_string()))
}

fn name(scan: &Scan<'_>, place: Range<usize>) -> Option<(Range<usize>, String)> {
    let quote = scan.quote(&place);
    let lower = quote.to_lowercase();
    let labels: Vec<&str> = lower.split('.').collect();
    let ending = labels.last()?;
    let known = ENDINGS.contains(ending) || DOUBTFUL.contains(ending) && labels.len() > 2;
    let short = labels.iter().rev().skip(1).any(|label| label.len() < 2) && labels.len() < 3;
    let sizes = lower.len() <= 253 && labels.iter().all(|label| label.len() <= 63);
    let lettered =
        labels.iter().rev().skip(1).any(|label| label.bytes().any(|byte| byte.is_ascii_alphabetic()));
    // "done.It" is a sentence without its space.
    let cased = quote.rsplit('.').next().is_some_and(|end| end.bytes().all(|byte| byte.is_ascii_lowercase()))
        || quote.bytes().all(|byte| !byte.is_ascii_lowercase());
    let touched = scan
        .char_before(&place)
        .is_some_and(|c| c.is_alphanumeric() || matches!(c, '@' | '/' | '\\' | '.' | '-' | '_'))
        || scan
            .char_after(&place)
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '@' | '(' | '_' | '\\'));
    (known && !short && sizes && lettered && cased && !touched && !PRODUCTS.contains(&lower.as_str()))
        .then_some((place, lower))
}
