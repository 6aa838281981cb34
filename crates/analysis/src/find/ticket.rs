//! Tickets, as `#812`.

use std::sync::LazyLock;

use regex::Regex;

use super::Found;
use super::scan::{Scan, shape};

static SHAPE: LazyLock<Regex> = LazyLock::new(|| shape(r"#[1-9][0-9]{0,8}"));

/// Searches.
pub(super) fn find(scan: &mut Scan<'_>) -> Vec<Found> {
    scan.search("ticket", &SHAPE, |scan, place| {
        let touched = scan
            .char_before(&place)
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '&' | '#' | '/' | '_'));
        let goes_on = scan.char_after(&place).is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '#'))
            || decimals(&scan.after(&place));
        // A colour has six digits as a rule, a place in a list one.
        let colour = place.len() == 7
            && super::scan::says(&scan.before(&place), &["colour", "color", "farbe", "background", "hex"]);
        let praise = place.len() == 2
            && super::scan::says(
                scan.after(&place).trim_start(),
                &["priority", "reason", "choice", "fan", "problem", "complaint", "question", "cause"],
            );
        let code = scan.reading.is_code(&place);
        (!touched && !goes_on && !colour && !praise && !code).then(|| {
            let key = scan.quote(&place).to_owned();
            (place, key)
        })
    })
}

/// Whether the number goes on behind a point.
fn decimals(after: &str) -> bool {
    let mut chars = after.chars();
    matches!(chars.next(), Some('.' | ',' | '-')) && chars.next().is_some_and(|c| c.is_ascii_digit())
}
