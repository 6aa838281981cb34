//! Numbers of payment cards.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Found;
use super::number::{digits, luhn, value};
use super::scan::{Scan, shape};

/// 12 to 19 digits, together or in groups.
static SHAPE: LazyLock<Regex> = LazyLock::new(|| shape(r"[0-9](?:[ \u{a0}\u{202f}-]?[0-9]){11,18}"));

/// What such a number is called when it is something else.
const OTHERS: &[&str] = &[
    "tracking",
    "order",
    "invoice",
    "serial",
    "imei",
    "parcel",
    "shipment",
    "sendung",
    "rechnung",
    "bestell",
    "commande",
    "facture",
    "pedido",
    "factura",
    "request id",
    "trace",
    "barcode",
    "isbn",
    "ean",
    "account",
    "kundennummer",
];

/// Searches.
pub(super) fn find(scan: &mut Scan<'_>) -> Vec<Found> {
    scan.search("card", &SHAPE, check)
}

fn check(scan: &Scan<'_>, place: Range<usize>) -> Option<(Range<usize>, String)> {
    let quote = scan.quote(&place);
    // Single figures in a row are a table, not a number.
    let parted = quote.bytes().filter(|byte| !byte.is_ascii_digit()).count();
    if parted * 2 > quote.len() - parted {
        return None;
    }
    let digits = digits(quote);
    let apart = !scan.stands_alone(&place)
        || matches!(scan.char_before(&place), Some('.' | '-' | '+' | '/' | '#' | ','))
        || matches!(scan.char_after(&place), Some('-' | '/'));
    if apart || !grouped(quote) || !issued(&digits) || !luhn(&digits) {
        return None;
    }
    // A fixed sum and a known beginning are met by chance one time in a hundred: a name for it decides.
    let called = scan.before(&place);
    if super::scan::says(&called, OTHERS)
        && !super::scan::says(&called, &["card", "karte", "carte", "tarjeta", "visa"])
    {
        return None;
    }
    let key = quote.chars().filter(char::is_ascii_digit).collect();
    Some((place, key))
}

/// Whether the groups are such as cards are written in: none, fours, or 4-6-5 and the like.
fn grouped(quote: &str) -> bool {
    let groups: Vec<usize> =
        quote.split(|c: char| !c.is_ascii_digit()).map(str::len).filter(|length| *length > 0).collect();
    match groups.as_slice() {
        [_] | [4, 6, 4 | 5] => true,
        [first @ .., last] => {
            first.iter().all(|length| *length == 4) && (1..=4).contains(last) && first.len() >= 3
        }
        [] => false,
    }
}

/// Whether a card network gives out such numbers: beginnings and lengths of ISO/IEC 7812 as the networks publish them.
fn issued(digits: &[u32]) -> bool {
    let length = digits.len();
    let begins = |places: usize| digits.get(..places).map_or(0, value);
    let (two, three, four) = (begins(2), begins(3), begins(4));
    match (begins(1), two) {
        (4, _) => matches!(length, 13 | 16 | 19),
        (_, 51..=55 | 65 | 81 | 82) => length == 16,
        (_, 34 | 37) => length == 15,
        (_, 36) => length == 14,
        (_, 38 | 39 | 62) => (16..=19).contains(&length),
        _ => match (three, four) {
            (_, 2221..=2720 | 2200..=2204) => length == 16,
            (300..=305, _) => matches!(length, 14 | 16),
            (644..=649, _)
            | (_, 3528..=3589 | 6011 | 5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763) => {
                (16..=19).contains(&length)
            }
            _ => false,
        },
    }
}
