//! National numbers of persons. Where a number's own shape says little, its name has to stand near.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Found;
use super::number::{digits, is_day, luhn, remainder, value, weighted};
use super::scan::{Scan, says, shape};

/// A kind of number.
struct Kind {
    shape: LazyLock<Regex>,
    /// Whether a number of this shape is one of this kind.
    holds: fn(&str) -> bool,
    /// Whether the shape alone is enough.
    telling: fn(&str) -> bool,
    /// What people call it.
    names: &'static [&'static str],
}

/// What numbers are called that are none of these.
const OTHERS: &[&str] = &[
    "part", "serial", "order", "invoice", "tracking", "sku", "model", "artikel", "rechnung", "bestell",
    "case", "batch", "build", "phone", "tel",
];

static KINDS: [Kind; 10] = [
    // United States, social security number: no check digit; parts that were never given out (SSA, "SSN randomization").
    Kind {
        shape: LazyLock::new(|| shape(r"[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}")),
        holds: social_security,
        telling: |quote| quote.bytes().filter(|byte| *byte == b'-').count() == 2,
        names: &["ssn", "social security", "social sec"],
    },
    // United Kingdom, National Insurance number: no check digit; letters as in HMRC's manual NIM39110.
    Kind {
        shape: LazyLock::new(|| {
            shape(r"(?i-u)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]")
        }),
        holds: national_insurance,
        telling: |quote| quote.bytes().all(|byte| !byte.is_ascii_lowercase()),
        names: &["nino", "national insurance", "ni number", "ni no", "insurance number"],
    },
    // Netherlands, burgerservicenummer: the sum of eleven.
    Kind {
        shape: LazyLock::new(|| {
            shape(r"[0-9]{4}[. ]?[0-9]{2}[. ]?[0-9]{3}|[0-9]{3}[. ][0-9]{3}[. ][0-9]{3}")
        }),
        holds: |quote| {
            let digits = digits(quote);
            // The last digit is subtracted: ten times it is as good, modulo eleven.
            value(&digits) > 0 && weighted(&digits, &[9, 8, 7, 6, 5, 4, 3, 2, 10]).is_multiple_of(11)
        },
        telling: |_| false,
        names: &["bsn", "burgerservice", "sofi", "citizen service"],
    },
    // Germany, Steuer-Identifikationsnummer: ISO 7064 MOD 11,10, and one digit of the first ten twice or three times.
    Kind {
        shape: LazyLock::new(|| shape(r"[1-9][0-9](?: ?[0-9]{3}){3}")),
        holds: tax_identity,
        telling: |quote| quote.contains(' '),
        names: &["steuer", "idnr", "id-nr", "identifikationsnummer", "tax id", "tin"],
    },
    // Spain, DNI and NIE: a letter for the remainder by 23.
    Kind {
        shape: LazyLock::new(|| {
            shape(r"(?i-u)(?:[XYZ][ -]?[0-9]{7}|[0-9]{8}|[0-9]{2}\.[0-9]{3}\.[0-9]{3})[ -]?[A-Z]")
        }),
        holds: spanish,
        telling: |quote| !quote.contains(' ') && quote.bytes().all(|byte| !byte.is_ascii_lowercase()),
        names: &["dni", "nie", "nif", "documento"],
    },
    // Poland, PESEL: a birthday, with the century in the month, and a weighted sum.
    Kind {
        shape: LazyLock::new(|| shape(r"[0-9]{11}")),
        holds: pesel,
        telling: |_| false,
        names: &["pesel"],
    },
    // Sweden, personnummer and samordningsnummer: a birthday (60 added for the latter), and Luhn over the last ten.
    Kind {
        shape: LazyLock::new(|| shape(r"(?:19|20)?[0-9]{6}[-+ ]?[0-9]{4}")),
        holds: swedish,
        telling: |quote| quote.contains(['-', '+']),
        names: &["personnummer", "personnr", "pnr", "samordningsnummer", "person number", "personal number"],
    },
    // France, NIR (numéro de sécurité sociale): sex, month, place, and 97 minus the remainder as key.
    Kind {
        shape: LazyLock::new(|| {
            shape(r"[1278] ?[0-9]{2} ?[0-9]{2} ?(?:[0-9]{2}|2[AB]) ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}")
        }),
        holds: french,
        telling: |_| true,
        names: &[],
    },
    // Italy, codice fiscale: letters and digits with a letter that checks them.
    Kind {
        shape: LazyLock::new(|| {
            shape(r"(?i-u)[A-Z]{6} ?[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2} ?[A-Z][0-9LMNP-V]{3}[A-Z]")
        }),
        holds: italian,
        telling: |_| true,
        names: &[],
    },
    // Finland, henkilötunnus: a birthday, a mark for the century, and a sign for the remainder by 31.
    Kind {
        shape: LazyLock::new(|| shape(r"[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Y]")),
        holds: finnish,
        telling: |_| true,
        names: &[],
    },
];

/// Searches.
pub(super) fn find(scan: &mut Scan<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for kind in &KINDS {
        found.extend(scan.search("national_id", &kind.shape, |scan, place| check(scan, place, kind)));
    }
    found
}

fn check(scan: &Scan<'_>, place: Range<usize>, kind: &Kind) -> Option<(Range<usize>, String)> {
    let quote = scan.quote(&place);
    let part_of_more = !scan.stands_alone(&place)
        || matches!(scan.char_before(&place), Some('+' | '-' | '.' | '/' | '#'))
        || matches!(scan.char_after(&place), Some('-' | '/' | '@'));
    if part_of_more || !(kind.holds)(quote) {
        return None;
    }
    let before = scan.before(&place);
    let named = says(&before, kind.names) || says(&scan.after(&place), kind.names);
    if !named && (!(kind.telling)(quote) || says(&before, OTHERS)) {
        return None;
    }
    let key = quote.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    Some((place, key))
}

fn social_security(quote: &str) -> bool {
    let digits = digits(quote);
    let part = |range: Range<usize>| digits.get(range).map_or(0, value);
    let (area, group, serial) = (part(0..3), part(3..5), part(5..9));
    // Two numbers that were printed on specimens, and given out never again.
    let printed = matches!((area, group, serial), (78, 5, 1120) | (219, 9, 9999));
    !matches!(area, 0 | 666 | 900..) && group != 0 && serial != 0 && !printed && same_separators(quote)
}

/// Whether all separators are the same one, or there are none.
fn same_separators(quote: &str) -> bool {
    let mut separators = quote.chars().filter(|c| !c.is_ascii_digit());
    match separators.next() {
        None => true,
        Some(first) => separators.next() == Some(first),
    }
}

fn national_insurance(quote: &str) -> bool {
    let prefix = quote.get(..2).unwrap_or_default().to_ascii_uppercase();
    !matches!(prefix.as_str(), "BG" | "GB" | "KN" | "NK" | "NT" | "TN" | "ZZ")
}

fn tax_identity(quote: &str) -> bool {
    let digits = digits(quote);
    let (Some(first), Some(last)) = (digits.get(..10), digits.get(10)) else { return false };
    let mut counts = [0_u32; 10];
    for digit in first {
        if let Some(count) = usize::try_from(*digit).ok().and_then(|digit| counts.get_mut(digit)) {
            *count += 1;
        }
    }
    let repeated: Vec<u32> = counts.into_iter().filter(|count| *count > 1).collect();
    if !matches!(repeated.as_slice(), [2 | 3]) {
        return false;
    }
    let product = first.iter().fold(10, |product, digit| {
        let sum = match (digit + product) % 10 {
            0 => 10,
            sum => sum,
        };
        sum * 2 % 11
    });
    (11 - product) % 10 == *last
}

fn spanish(quote: &str) -> bool {
    const LETTERS: &[u8] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let quote = quote.to_ascii_uppercase();
    let mut figures = digits(&quote);
    match quote.chars().next() {
        Some('Y') => figures.insert(0, 1),
        Some('Z') => figures.insert(0, 2),
        _ => {}
    }
    let expected = usize::try_from(remainder(&figures, 23)).ok().and_then(|rest| LETTERS.get(rest));
    expected == quote.as_bytes().last()
}

fn pesel(quote: &str) -> bool {
    let digits = digits(quote);
    let part = |range: Range<usize>| digits.get(range).map_or(0, value);
    let (year, month, day) = (part(0..2), part(2..4), part(4..6));
    // 1900s as they are, 2000s with 20 added, and so on up to the 2200s; the 1800s with 80.
    let century = match month / 20 {
        4 => 1800,
        centuries => 1900 + 100 * centuries,
    };
    is_day(century + year, month % 20, day)
        && weighted(&digits, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).is_multiple_of(10)
}

fn swedish(quote: &str) -> bool {
    let digits = digits(quote);
    let Some(ten) = digits.len().checked_sub(10).and_then(|start| digits.get(start..)) else { return false };
    let part = |range: Range<usize>| ten.get(range).map_or(0, value);
    let (year, month, day) = (part(0..2), part(2..4), part(4..6));
    let day = if day > 60 { day - 60 } else { day };
    is_day(2000 + year, month, day) && luhn(ten)
}

fn french(quote: &str) -> bool {
    let quote = quote.replace(' ', "").to_ascii_uppercase();
    // Corsica: 2A counts as 19, 2B as 18.
    let figures = digits(&quote.replace("2A", "19").replace("2B", "18"));
    let (Some(number), Some(key)) = (figures.get(..13), figures.get(13..15)) else { return false };
    let month = number.get(3..5).map_or(0, value);
    figures.len() == 15
        && matches!(month, 1..=12 | 20..=42 | 50..=99)
        && value(key) + remainder(number, 97) == 97
}

fn italian(quote: &str) -> bool {
    const ODD: [u32; 36] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12,
        14, 16, 10, 22, 25, 24, 23,
    ];
    let figures: Vec<u32> = quote.chars().filter_map(|c| c.to_digit(36)).collect();
    let (Some(number), Some(last)) = (figures.get(..15), figures.get(15)) else { return false };
    let sum: u32 = number
        .iter()
        .enumerate()
        .map(|(place, figure)| {
            if place % 2 == 0 {
                usize::try_from(*figure).ok().and_then(|figure| ODD.get(figure)).copied().unwrap_or(0)
            } else if *figure >= 10 {
                *figure - 10
            } else {
                *figure
            }
        })
        .sum();
    sum % 26 + 10 == *last
}

fn finnish(quote: &str) -> bool {
    const SIGNS: &[u8] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
    let (Some(birth), Some(serial)) = (quote.get(..6), quote.get(7..10)) else { return false };
    let figures = digits(birth);
    let part = |range: Range<usize>| figures.get(range).map_or(0, value);
    let number: Vec<u32> = figures.iter().copied().chain(digits(serial)).collect();
    let expected = usize::try_from(remainder(&number, 31)).ok().and_then(|rest| SIGNS.get(rest));
    is_day(2000 + part(4..6), part(2..4), part(0..2)) && expected == quote.as_bytes().last()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_hold() {
        assert!(
            tax_identity("86 095 742 719") && tax_identity("47036892816") && !tax_identity("86 095 742 718")
        );
        assert!(
            spanish("12345678Z") && spanish("X1234567L") && spanish("Y1234567X") && !spanish("12345678A")
        );
        assert!(pesel("44051401359") && pesel("02070803628") && !pesel("44051401358"));
        assert!(swedish("811228-9874") && swedish("19811228-9874") && !swedish("811228-9875"));
        assert!(
            french("2 55 08 14 168 025 38") && french("1 85 05 78 006 084 91") == french("185057800608491")
        );
        assert!(italian("RSSMRA85T10A562S") && !italian("RSSMRA85T10A562T"));
        assert!(finnish("131052-308T") && !finnish("131052-308U"));
        assert!(
            social_security("536-90-4399")
                && !social_security("666-12-1234")
                && !social_security("078-05-1120")
        );
        assert!(national_insurance("AB123456C") && !national_insurance("BG123456C"));
    }

    #[test]
    fn a_weak_shape_needs_its_name() {
        let reading = crate::text::Reading::default();
        let kinds = |text: &str| find(&mut Scan::of(text, &reading)).len();
        assert_eq!(kinds("BSN 111222333"), 1);
        assert_eq!(kinds("nummer 111222333"), 0);
        assert_eq!(kinds("BSN 111222334"), 0);
    }
}
