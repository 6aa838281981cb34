//! Keys, tokens and passwords.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Found;
use super::scan::{Scan, shape};

/// What is a secret by its shape alone: the beginnings that the issuers publish so that they can be found.
static TOKENS: LazyLock<Regex> = LazyLock::new(|| {
    shape(concat!(
        r"(?-u)(?:",
        r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b",
        r"|\bgh[pousr]_[A-Za-z0-9]{36,255}",
        r"|\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}",
        r"|\bglpat-[A-Za-z0-9_-]{20,}",
        r"|\bxox[abeoprs]-[A-Za-z0-9-]{10,}",
        r"|\bxapp-[0-9]-[A-Z0-9]+-[0-9]+-[a-z0-9]+",
        r"|https://hooks\.slack\.com/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]{20,}",
        r"|\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}",
        r"|\bwhsec_[A-Za-z0-9]{24,}",
        r"|\bAIza[A-Za-z0-9_-]{35}",
        r"|\bya29\.[A-Za-z0-9_-]{30,}",
        r"|\bsk-(?:ant-|proj-|svcacct-)?[A-Za-z0-9_-]{32,}",
        r"|\bhf_[A-Za-z0-9]{30,}",
        r"|\bnpm_[A-Za-z0-9]{36}\b",
        r"|\bpypi-[A-Za-z0-9_-]{50,}",
        r"|\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}",
        r"|\bdop_v1_[a-f0-9]{64}",
        r"|\bshpat_[a-fA-F0-9]{32}",
        r"|\bkey-[a-f0-9]{32}\b",
        r"|\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}",
        r"|-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:[\\rn \r\n]*(?:[A-Za-z-]+: [ -~]*[\r\n]+)*)[A-Za-z0-9+/=]{16,}(?:[A-Za-z0-9+/=:,. \r\n\\-]*?-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----)?",
        r")",
    ))
});

/// `scheme://name:password@host`.
static LOGINS: LazyLock<Regex> = LazyLock::new(|| {
    shape(r#"(?i)(?-u:\b)[a-z][a-z0-9+.-]{1,20}://[^\s/:@<>"']{0,64}:([^\s/@<>"']{3,128})@"#)
});

/// What is called a secret.
static NAMES: LazyLock<Regex> = LazyLock::new(|| {
    shape(concat!(
        r"(?i)password|passwd|passphrase|passcode|passwort|kennwort|wachtwoord|contraseña|senha|hasło|lösenord",
        r"|adgangskode|secret|api[_ -]?key|(?:access|account|private|secret)[_ -]?key|token|bearer|pwd|mot de passe",
        r"|(?-u:\b)(?:mdp|clave|pw|pin code)(?-u:\b)",
    ))
});

/// What follows the name: perhaps the rest of a longer name, then "=", ":", "is" or nothing, and the value.
static VALUE: LazyLock<Regex> = LazyLock::new(|| {
    shape(concat!(
        r"(?i)\A(?:[_-][a-z0-9_-]{1,20})?[\x22'`*_]{0,3}",
        r"(?P<by>[ \t]*(?:=>|:=|=|:)[ \t]*|[ \t]+(?:is|was|now|ist|lautet|war|est|es|è|is nu|to|jest|är|é|er)[ \t:]+|[ \t]+)",
        r"[\x22'`*_„“]{0,3}(?P<value>[^\s\x22'`<>„“”]{4,200})",
    ))
});

/// Values that stand for values.
const PLACEHOLDERS: &[&str] = &[
    "password",
    "passwort",
    "secret",
    "token",
    "null",
    "none",
    "nil",
    "true",
    "false",
    "undefined",
    "required",
    "optional",
    "redacted",
    "hidden",
    "removed",
    "changeme",
    "example",
    "string",
    "your",
    "xxxx",
    "****",
    "....",
    "value",
    "test",
    "bearer",
    "basic",
];

/// Searches.
pub(super) fn find(scan: &mut Scan<'_>) -> Vec<Found> {
    let mut found = scan.search("secret", &TOKENS, |scan, place| {
        let quote = scan.quote(&place);
        (!placeholder(quote)).then(|| (place, quote.to_owned()))
    });
    if scan.text.contains("://") {
        found.extend(logins(scan));
    }
    found.extend(values(scan));
    found
}

/// Passwords within links.
fn logins(scan: &mut Scan<'_>) -> Vec<Found> {
    let values = LOGINS.captures_iter(scan.text).filter_map(|hit| hit.get(1)).map(|value| value.range());
    let values: Vec<Range<usize>> = values.collect();
    values
        .into_iter()
        .filter_map(|place| keep(scan, place, |value| !placeholder(value) && !value.starts_with('$')))
        .collect()
}

/// Values behind names.
fn values(scan: &mut Scan<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for name in NAMES.find_iter(scan.text) {
        let rest = scan.text.get(name.end()..).unwrap_or_default();
        let Some(hit) = VALUE.captures(rest) else { continue };
        let (Some(by), Some(value)) = (hit.name("by"), hit.name("value")) else { continue };
        let start = name.end() + value.start();
        let place = start..start + trimmed(value.as_str()).len();
        found.extend(keep(scan, place, |value| is_secret(value, by.as_str().trim())));
    }
    found
}

fn keep(scan: &mut Scan<'_>, place: Range<usize>, holds: impl Fn(&str) -> bool) -> Option<Found> {
    let quote = scan.quote(&place);
    if scan.is_taken(&place) || !holds(quote) {
        return None;
    }
    scan.take(place.clone());
    Some(Found { kind: "secret", key: quote.to_owned(), place })
}

/// Without what belongs to the sentence around it.
fn trimmed(value: &str) -> &str {
    value.trim_end_matches(['.', ',', ';', ':', ')', ']', '}', '*', '_', '?', '…'])
}

/// Whether a value of a named secret is one. What follows "=" or ":" is meant to be; in running text it has to look like one.
fn is_secret(value: &str, by: &str) -> bool {
    let length = value.chars().count();
    if placeholder(value)
        || value.contains("://")
        || value.starts_with(['$', '%', '{', '[', '(', '<', '@', '/', '#', '-', ':', '&'])
    {
        return false;
    }
    let kinds = [
        value.chars().any(char::is_lowercase),
        value.chars().any(char::is_uppercase),
        value.chars().any(|c| c.is_ascii_digit()),
        value.chars().any(|c| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.' | ',' | '/')),
    ];
    let kinds = kinds.into_iter().filter(|holds| *holds).count();
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let symbols = value
        .chars()
        .any(|c| matches!(c, '!' | '$' | '%' | '&' | '*' | '+' | '#' | '?' | '@' | '^' | '~' | '='));
    // "reset:", "word;", a function's call or a path are prose and code, not passwords.
    let code = value.contains('(') || value.contains("::");
    if code {
        return false;
    }
    let mixed = digits > 0 && digits < length && kinds >= 2 || symbols && kinds >= 2 && length >= 8;
    match by {
        "=" | ":" | ":=" | "=>" => length >= 6 && (mixed || length >= 10 && shuffled(value)),
        "" => length >= 8 && mixed && kinds >= 3,
        _ => length >= 6 && mixed,
    }
}

/// Whether a value only stands for one.
fn placeholder(value: &str) -> bool {
    let value = value.to_lowercase();
    let mut letters: Vec<char> = value.chars().filter(|c| c.is_alphanumeric()).collect();
    letters.sort_unstable();
    letters.dedup();
    letters.len() < 3 && !value.starts_with("-----")
        || PLACEHOLDERS
            .iter()
            .any(|stands| value == *stands || value.starts_with(stands) && value.len() <= stands.len() + 2)
        || value.contains("xxxx")
        || value.contains("****")
        || value.contains("example")
        || value.contains("your_")
        || value.contains("your-")
}

/// Whether small and capital letters change too often for a name in a program.
fn shuffled(text: &str) -> bool {
    let pairs = text.chars().zip(text.chars().skip(1));
    let changes = pairs.filter(|(one, other)| one.is_lowercase() && other.is_uppercase()).count();
    changes * 4 >= text.chars().count()
}

/// Where a place lies in a secret, for tests.
#[cfg(test)]
fn places(text: &str) -> Vec<Range<usize>> {
    let reading = crate::text::Reading::of(text);
    find(&mut Scan::of(text, &reading)).into_iter().map(|found| found.place).collect()
}

#[cfg(test)]
mod tests {
    use super::places;

    fn quotes(text: &str) -> Vec<&str> {
        places(text).into_iter().map(|place| &text[place]).collect()
    }

    #[test]
    fn values_are_found_and_words_are_not() {
        assert_eq!(quotes("The password is Tr0ub4dor&3."), ["Tr0ub4dor&3"]);
        assert_eq!(
            quotes("DB_PASSWORD=s3cr3t-W1nter `api_key: \"9f8e7d6c5b4a\"`"),
            ["s3cr3t-W1nter", "9f8e7d6c5b4a"]
        );
        let pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIBftnHPp22Se\n-----END PRIVATE KEY-----";
        assert_eq!(quotes(&format!("key:\n{pem}\nthanks")), [pem]);
        assert_eq!(quotes("password=qWeRtZuIoPaS"), ["qWeRtZuIoPaS"]);
        assert_eq!(quotes("postgres://app:hunter22@db/x"), ["hunter22"]);
        for none in [
            "I forgot my password again.",
            "password: ********",
            "The password is required",
            "token expired yesterday",
            "password=<your password>",
            "Passwort: bitte neu setzen",
            "The password is at least 12 characters long",
            "password reset at 10:30",
            "impl secret::from_components and private key: DecodePrivateKey",
            "begins with -----BEGIN RSA PRIVATE KEY----- and ends with the same",
        ] {
            assert_eq!(quotes(none), Vec::<&str>::new(), "{none}");
        }
    }
}
