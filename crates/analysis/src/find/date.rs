//! Days of the calendar. Days that depend on today ("tomorrow", "on Friday") are not among them.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Found;
use super::number::is_day;
use super::scan::{Scan, shape};

/// Months by their beginnings, in lower case, in ten languages.
const MONTHS: &[(&str, u32)] = &[
    ("january", 1),
    ("januari", 1),
    ("januar", 1),
    ("janvier", 1),
    ("janeiro", 1),
    ("enero", 1),
    ("gennaio", 1),
    ("stycznia", 1),
    ("jan", 1),
    ("ene", 1),
    ("february", 2),
    ("februari", 2),
    ("februar", 2),
    ("février", 2),
    ("fevereiro", 2),
    ("febrero", 2),
    ("febbraio", 2),
    ("lutego", 2),
    ("févr", 2),
    ("febr", 2),
    ("feb", 2),
    ("march", 3),
    ("märz", 3),
    ("mars", 3),
    ("março", 3),
    ("marzo", 3),
    ("maart", 3),
    ("marts", 3),
    ("marca", 3),
    ("mar", 3),
    ("mär", 3),
    ("mrt", 3),
    ("april", 4),
    ("avril", 4),
    ("abril", 4),
    ("aprile", 4),
    ("kwietnia", 4),
    ("apr", 4),
    ("avr", 4),
    ("may", 5),
    ("mai", 5),
    ("maj", 5),
    ("mayo", 5),
    ("maggio", 5),
    ("maio", 5),
    ("mei", 5),
    ("maja", 5),
    ("june", 6),
    ("juni", 6),
    ("juin", 6),
    ("junio", 6),
    ("giugno", 6),
    ("junho", 6),
    ("czerwca", 6),
    ("jun", 6),
    ("july", 7),
    ("juli", 7),
    ("juillet", 7),
    ("julio", 7),
    ("luglio", 7),
    ("julho", 7),
    ("lipca", 7),
    ("jul", 7),
    ("juil", 7),
    ("august", 8),
    ("augusti", 8),
    ("augustus", 8),
    ("août", 8),
    ("agosto", 8),
    ("sierpnia", 8),
    ("aug", 8),
    ("september", 9),
    ("septembre", 9),
    ("septiembre", 9),
    ("settembre", 9),
    ("setembro", 9),
    ("września", 9),
    ("sept", 9),
    ("sep", 9),
    ("october", 10),
    ("oktober", 10),
    ("octobre", 10),
    ("octubre", 10),
    ("ottobre", 10),
    ("outubro", 10),
    ("października", 10),
    ("oct", 10),
    ("okt", 10),
    ("november", 11),
    ("novembre", 11),
    ("noviembre", 11),
    ("novembro", 11),
    ("listopada", 11),
    ("nov", 11),
    ("december", 12),
    ("dezember", 12),
    ("décembre", 12),
    ("diciembre", 12),
    ("dicembre", 12),
    ("dezembro", 12),
    ("grudnia", 12),
    ("déc", 12),
    ("dec", 12),
    ("dez", 12),
];

static FIGURES: LazyLock<Regex> = LazyLock::new(|| {
    shape(concat!(
        r"(?:19|20)[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}",
        r"|[0-9]{1,2}[./-][0-9]{1,2}[./-](?:(?:19|20)[0-9]{2}|[0-9]{2})",
        r"|(?:19|20)[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日",
    ))
});
/// "12 March 2026", "12. März", "3 de mayo de 2026", "1er mars".
static DAY_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    shape(&format!(
        r"(?i)[0-3]?[0-9](?:st|nd|rd|th|er|º|\.)?[ \u{{a0}}](?:of |de |d'|den )?(?:{})\b(?:\.?,? (?:de |del )?(?:19|20)[0-9]{{2}})?",
        names()
    ))
});
/// "March 12, 2026", "Mar 12th".
static MONTH_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    shape(&format!(r"(?i)\b(?:{})\.? [0-3]?[0-9](?:st|nd|rd|th)?(?:,? (?:19|20)[0-9]{{2}})?", names()))
});

/// Searches.
pub(super) fn find(scan: &mut Scan<'_>) -> Vec<Found> {
    let mut found = scan.search("date", &FIGURES, in_figures);
    found.extend(scan.search("date", &DAY_FIRST, in_words));
    found.extend(scan.search("date", &MONTH_FIRST, in_words));
    found
}

fn names() -> String {
    MONTHS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join("|")
}

fn in_figures(scan: &Scan<'_>, place: Range<usize>) -> Option<(Range<usize>, String)> {
    let quote = scan.quote(&place);
    let mut separators = quote.chars().filter(|c| !c.is_ascii_digit());
    let same = separators.next() == separators.next() || quote.contains('年');
    let numbers: Vec<u32> =
        quote.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect();
    // A time may follow with a T; anything else makes it part of something longer, such as a version.
    let inner = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '/'));
    let before =
        inner(scan.char_before(&place)) || matches!(scan.char_before(&place), Some('.' | '-' | '+' | '='));
    let behind = scan.after(&place);
    let mut behind = behind.chars();
    let (next, then) = (behind.next(), behind.next());
    let goes_on = match next {
        Some('t') => !then.is_some_and(|c| c.is_ascii_digit()),
        Some('.' | '-') => then.is_some_and(char::is_alphanumeric),
        next => inner(next),
    };
    let &[one, two, three] = numbers.as_slice() else { return None };
    let (year, month, day) = if one > 1900 {
        (one, two, three)
    } else {
        let year = if three < 100 { 2000 + three } else { three };
        // The month comes first in the United States; where both readings hold, the rest of the world is believed.
        if two > 12 { (year, one, two) } else { (year, two, one) }
    };
    // "1.2.21" and "4-2-11" are versions and places as often as days.
    let short = three < 100 && one < 1900 && (quote.len() < 8 || quote.contains('-'));
    let goes_on = goes_on && !quote.ends_with('日');
    (same && !before && !goes_on && !short && is_day(year, month, day))
        .then(|| (place, format!("{year:04}-{month:02}-{day:02}")))
}

fn in_words(scan: &Scan<'_>, place: Range<usize>) -> Option<(Range<usize>, String)> {
    let quote = scan.quote(&place);
    let lower = quote.to_lowercase();
    let month = MONTHS
        .iter()
        .filter(|(name, _)| super::scan::says(&lower, &[name]) || lower.contains(&format!("'{name}")))
        .max_by_key(|(name, _)| name.len())?;
    // "may", "march" and "mar" are other words in lower case.
    let doubtful = matches!(month.0, "may" | "march" | "mar" | "jun" | "dec" | "sep" | "set");
    if doubtful && quote.contains(month.0) {
        return None;
    }
    let numbers: Vec<u32> =
        quote.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect();
    let (day, year) = match numbers.as_slice() {
        [day] => (*day, None),
        [day, year] => (*day, Some(*year)),
        _ => return None,
    };
    let inner = scan.char_after(&place).is_some_and(|c| c.is_alphanumeric() || matches!(c, ':' | '%' | '€'))
        || scan
            .char_before(&place)
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | ',' | ':' | '#' | '-' | '$'));
    if inner || !is_day(year.unwrap_or(2024), month.1, day) {
        return None;
    }
    let key = match year {
        Some(year) => format!("{year:04}-{:02}-{day:02}", month.1),
        None => format!("{:02}-{day:02}", month.1),
    };
    Some((place, key))
}
