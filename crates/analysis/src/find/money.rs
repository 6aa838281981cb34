//! Sums of money.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Found;
use super::scan::{Scan, shape};

/// Currencies by sign and by code of ISO 4217, and what people call them.
const CURRENCIES: &[(&str, &str)] = &[
    ("us$", "USD"),
    ("a$", "AUD"),
    ("c$", "CAD"),
    ("nz$", "NZD"),
    ("hk$", "HKD"),
    ("r$", "BRL"),
    ("€", "EUR"),
    ("$", "USD"),
    ("£", "GBP"),
    ("¥", "JPY"),
    ("₹", "INR"),
    ("₽", "RUB"),
    ("₺", "TRY"),
    ("₩", "KRW"),
    ("₴", "UAH"),
    ("eur", "EUR"),
    ("usd", "USD"),
    ("gbp", "GBP"),
    ("chf", "CHF"),
    ("jpy", "JPY"),
    ("sek", "SEK"),
    ("nok", "NOK"),
    ("dkk", "DKK"),
    ("pln", "PLN"),
    ("czk", "CZK"),
    ("huf", "HUF"),
    ("cad", "CAD"),
    ("aud", "AUD"),
    ("nzd", "NZD"),
    ("inr", "INR"),
    ("cny", "CNY"),
    ("brl", "BRL"),
    ("mxn", "MXN"),
    ("zar", "ZAR"),
    ("sgd", "SGD"),
    ("hkd", "HKD"),
    ("try", "TRY"),
    ("ils", "ILS"),
    ("aed", "AED"),
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("dollar", "USD"),
    ("dollars", "USD"),
    ("dólares", "USD"),
    ("bucks", "USD"),
    ("pound", "GBP"),
    ("pounds", "GBP"),
    ("pfund", "GBP"),
    ("quid", "GBP"),
    ("pence", "GBP"),
    ("cent", "EUR"),
    ("cents", "EUR"),
    ("franken", "CHF"),
    ("francs", "CHF"),
    ("yen", "JPY"),
    ("kr", "SEK"),
    ("kronor", "SEK"),
    ("kroner", "DKK"),
    ("zł", "PLN"),
    ("złotych", "PLN"),
    ("złote", "PLN"),
    ("rupees", "INR"),
    ("reais", "BRL"),
];

const AMOUNT: &str = r"(?:[0-9]{1,3}(?:[.,'’ \u{a0}\u{202f}][0-9]{3})+(?:[.,](?:[0-9]{1,2}|[-–]{1,2}))?|[0-9]+(?:[.,](?:[0-9]{1,2}|[-–]{1,2}))?)";
const SCALE: &str =
    r"(?:[ \u{a0}]?(?:k|m|bn|mio|mrd|million|millions|billion|thousand|Millionen|Mio\.|Tsd\.))?";
const NAMES: &str = r"(?:US\$|[€$£¥₹₽₺₩₴]|EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|HUF|CAD|AUD|NZD|INR|CNY|BRL|MXN|ZAR|SGD|HKD|ILS|AED|euros?|Euros?|dollars?|Dollars?|dólares|bucks|pounds?|Pfund|quid|pence|[Cc]ents?|Franken|francs|yen|kr|kronor|kroner|zł|złotych|złote|rupees|reais)";
const SIGNS: &str = r"(?:(?:US|A|C|NZ|HK|R)?\$|[€£¥₹₽₺₩₴]|(?-u:\b)(?:EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|CAD|AUD|NZD|INR|CNY|BRL|SGD|HKD|AED))";

static BEFORE: LazyLock<Regex> =
    LazyLock::new(|| shape(&format!(r"{SIGNS}[ \u{{a0}}]?-?{AMOUNT}(?:{SCALE}(?-u:\b))?")));
static BEHIND: LazyLock<Regex> =
    LazyLock::new(|| shape(&format!(r"{AMOUNT}{SCALE}(?:,-|[ \u{{a0}}\u{{202f}}])?{NAMES}")));

/// Searches.
pub(super) fn find(scan: &mut Scan<'_>) -> Vec<Found> {
    let mut found = scan.search("money", &BEFORE, check);
    found.extend(scan.search("money", &BEHIND, check));
    found
}

fn check(scan: &Scan<'_>, place: Range<usize>) -> Option<(Range<usize>, String)> {
    let quote = scan.quote(&place);
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let begins_in_word =
        letter(scan.char_before(&place)) || matches!(scan.char_before(&place), Some('$' | '_' | '.' | ','));
    let ends_in_word = letter(scan.char_after(&place)) || scan.char_after(&place) == Some('_');
    if begins_in_word || ends_in_word || scan.reading.is_code(&place) {
        return None;
    }
    let first = quote.find(|c: char| c.is_ascii_digit())?;
    let last = quote.rfind(|c: char| c.is_ascii_digit())? + 1;
    let amount = amount(quote.get(first..last)?);
    let before = quote.get(..first)?.trim_end_matches(['-', ' ', '\u{a0}']);
    let behind = quote.get(last..)?.trim_matches(['-', ' ', ',', '\u{a0}', '\u{202f}']);
    let mut words = behind.split([' ', '\u{a0}']);
    let (name, scale) = if before.is_empty() {
        (words.next_back().unwrap_or_default(), words.next().unwrap_or_default())
    } else {
        (before, behind)
    };
    let name = name.to_lowercase();
    // "5k€" has no space between the scale and the sign.
    let bare = name.trim_start_matches(['k', 'm']);
    let code = CURRENCIES
        .iter()
        .find(|(known, _)| *known == name)
        .or_else(|| CURRENCIES.iter().find(|(known, _)| *known == bare));
    code.map(|(_, code)| {
        let key = format!("{code} {amount}{}", scale.to_lowercase());
        (place, key)
    })
}

/// An amount with a point before its cents and nothing else.
fn amount(text: &str) -> String {
    let cents = text.rfind(['.', ',']).filter(|mark| (1..=2).contains(&(text.len() - mark - 1)));
    let (whole, cents) = match cents {
        Some(mark) => (text.get(..mark).unwrap_or_default(), text.get(mark + 1..).unwrap_or_default()),
        None => (text, ""),
    };
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    match cents.trim_end_matches('0') {
        "" => whole,
        cents => format!("{whole}.{cents}"),
    }
}
