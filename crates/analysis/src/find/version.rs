//! Versions of things.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Found;
use super::scan::{Scan, shape};

static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
    shape(
        r"(?i-u)v?[0-9]+(?:\.[0-9]+){0,4}(?:-?(?:alpha|beta|rc|pre|preview|dev|snapshot|nightly|lts|p|b)[.-]?[0-9]*)?(?:\+[0-9a-z.]*[0-9a-z])?",
    )
});

/// What comes before a version in several languages.
const CALLED: &[&str] = &[
    "version",
    "versión",
    "versione",
    "versie",
    "wersja",
    "wersji",
    "versão",
    "ver.",
    "release",
    "firmware",
    "build",
    "update to",
    "updated to",
    "upgrade to",
    "upgraded to",
    "downgrade to",
    "downgraded to",
    "rolled back to",
    "aktualisiert auf",
    "mise à jour",
    "driver",
    "treiber",
    "patch",
    "client is",
    "bios",
];
/// Software that people name with its version.
const PRODUCTS: &[&str] = &[
    "windows",
    "macos",
    "ios",
    "android",
    "ubuntu",
    "debian",
    "fedora",
    "rhel",
    "centos",
    "linux",
    "kernel",
    "firefox",
    "chrome",
    "safari",
    "edge",
    "outlook",
    "office",
    "excel",
    "word",
    "teams",
    "python",
    "node",
    "java",
    "jdk",
    "php",
    "ruby",
    "rust",
    "go",
    "perl",
    "postgres",
    "postgresql",
    "mysql",
    "mariadb",
    "sqlite",
    "redis",
    "nginx",
    "apache",
    "docker",
    "kubernetes",
    "openssl",
    "openssh",
    "tls",
    "ssl",
    "gcc",
    "glibc",
    "react",
    "django",
    "rails",
    "spring",
    "angular",
    "vue",
    "svelte",
    "elasticsearch",
    "kafka",
    "rabbitmq",
    "terraform",
    "ansible",
    "jenkins",
    "gitlab",
    "grafana",
    "prometheus",
    "wordpress",
    "typo3",
    "sap",
    "acrobat",
    "citrix",
    "vmware",
    "vsphere",
    "proxmox",
    "samba",
    "exchange",
    "sharepoint",
    "zoom",
    "slack",
    "openvpn",
    "wireguard",
    "libreoffice",
    "thunderbird",
    "npm",
    "git",
];

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
    let before = scan.before(&place);
    let before = before.trim_end_matches([' ', '`', '*', '_', '"', '\u{a0}']);
    let product =
        before.rsplit(|c: char| !c.is_alphanumeric()).next().is_some_and(|word| PRODUCTS.contains(&word));
    let called = CALLED.iter().any(|word| {
        before.ends_with(word)
            || before.strip_suffix([':', '=']).is_some_and(|b| b.trim_end().ends_with(word))
    }) || ["version is", "version ist", "version was", "version war", "versions", "versionen"]
        .iter()
        .any(|said| before.ends_with(said));
    let measured = [
        "hours", "hour", "minutes", "days", "weeks", "people", "gb", "mb", "tb", "kg", "km", "m ", "cm",
        "mm", "users", "times", "percent", "files",
    ]
    .iter()
    .any(|unit| scan.after(&place).trim_start().starts_with(unit));
    // "§ 3.2.1", "section 4.1.2" and "chapter 2.1.1" are places in a text.
    let place_in_text = [
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
        "appendix",
    ]
    .iter()
    .any(|word| before.ends_with(word));
    let holds = !place_in_text
        && match parts {
            0 => false,
            1 => {
                (marked && bare.len() <= 3 && bare.bytes().all(|byte| byte.is_ascii_digit())
                    || called
                    || product)
                    && bare.len() <= 6
                    && !measured
            }
            2 => marked || suffix || (called || product) && !measured,
            3 => bare.len() >= 5,
            _ => true,
        };
    holds.then(|| (place, bare.to_owned()))
}

/// Whether the number goes on with a point or dash and something more, as in a file's name.
fn goes_on(scan: &Scan<'_>, place: &Range<usize>) -> bool {
    let mut after = scan.text.get(place.end..).unwrap_or_default().chars();
    matches!(after.next(), Some('.' | '-' | ',' | '/')) && after.next().is_some_and(char::is_alphanumeric)
}
