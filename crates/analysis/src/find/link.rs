//! Links and e-mail addresses.

use linkify::{LinkFinder, LinkKind};

use super::Found;
use super::scan::Scan;

/// Searches.
pub(super) fn find(scan: &mut Scan<'_>) -> Vec<Found> {
    let mut finder = LinkFinder::new();
    finder.url_must_have_scheme(true).kinds(&[LinkKind::Url, LinkKind::Email]);
    let mut found = Vec::new();
    for link in finder.links(scan.text) {
        // Markup that touches a link is not part of it.
        let quote = link.as_str().trim_end_matches(['*', '_', '~', '`', '|', '\\']);
        let place = link.start()..link.start() + quote.len();
        let (kind, key) = match link.kind() {
            LinkKind::Email => ("email", quote.to_lowercase()),
            _ if quote.contains("://") => ("link", quote.trim_end_matches('/').to_owned()),
            _ => continue,
        };
        // A password within a link is not to be named with it.
        if scan.is_taken(&place) {
            continue;
        }
        scan.take(place.clone());
        found.push(Found { kind, place, key });
    }
    found
}
