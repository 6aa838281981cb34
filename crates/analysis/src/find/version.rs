//! Versions of things.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Found;
use super::scan::{Scan, shape};

static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
    shape(
        r"(?i-u)v?[0-9]+(?:\.[0-9]+){0,4}(?:-?(?:alpha|beta|rc|pre|preview|dev|snapshot|nightly|lts|p|b)[.-]?[0-9]*|-[0-9]{1,4})?(?:\+[0-9a-z.]*[0-9a-z])?",
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
    "install",
    "installed",
    "installing",
    "aktualisiert auf",
    "mise à jour",
    "driver",
    "version is",
    "version ist",
    "version was",
    "version war",
    "versions",
    "versionen",
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

/// What is counted or measured is no version.
const UNITS: &[&str] = &[
    "hour", "minute", "day", "week", "people", "gb", "mb", "tb", "kg", "km", "m ", "cm", "mm", "user",
    "time", "percent", "file",
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
    // A figure by itself, the commonest thing of all, is a version only behind its name.
    let said = || {
        let before = scan.before(&place);
        let before = before.trim_end_matches([' ', '`', '*', '_', '"', ':', '=', '\u{a0}']);
        let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let named = PRODUCTS.contains(&word) || CALLED.iter().any(|called| before.ends_with(called));
        let after = scan.after(&place);
        named && !UNITS.iter().any(|unit| after.trim_start().starts_with(unit))
    };
    let holds = match parts {
        1 => bare.len() <= 6 && (marked && bare.len() <= 3 && !suffix || said()),
        3 => bare.len() >= 5 && !dated(bare) && !in_text(scan, &place),
        // Two figures are a number, four an address as a rule.
        2 | 4 => marked || suffix || said(),
        _ => false,
    };
    holds.then(|| (place, bare.to_owned()))
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
