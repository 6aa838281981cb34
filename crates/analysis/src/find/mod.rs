//! What stands in a text: things that are named, and things that should not stand there.
//!
//! Invariants:
//! - A place is a range of bytes between characters, and what is quoted is what stands there.
//! - Nothing is found twice: a card's number is no telephone number, a link's host no host.

mod card;
mod date;
mod entity;
mod host;
mod iban;
mod identity;
mod link;
mod money;
mod number;
mod phone;
mod scan;
mod secret;
mod ticket;
mod version;

use std::ops::Range;

pub(crate) use entity::Entities;
pub(crate) use scan::Scan;

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// What it is, in a word.
    pub(crate) kind: &'static str,
    /// Where it stands.
    pub(crate) place: Range<usize>,
    /// What it says, however it is written: equal for "€5" and "5 EUR".
    pub(crate) key: String,
}

/// What a text names.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// In order.
    pub(crate) things: Vec<Found>,
    /// What should not stand there. It is not named either, in a summary least of all.
    pub(crate) sensitive: Vec<Range<usize>>,
}

/// Everything that is named, in order.
pub(crate) fn named(scan: &mut Scan<'_>) -> Named {
    let sensitive = sensitive(scan).into_iter().map(|found| found.place).collect();
    let mut found = link::find(scan);
    if !scan.has_figures && !scan.text.contains('.') {
        return Named { things: found, sensitive };
    }
    if scan.has_figures {
        found.extend(money::find(scan));
        found.extend(date::find(scan));
        found.extend(phone::find(scan));
    }
    found.extend(host::find(scan));
    if scan.has_figures {
        found.extend(version::find(scan));
        found.extend(ticket::find(scan));
    }
    found.sort_by_key(|found| found.place.start);
    Named { things: found, sensitive }
}

/// Everything that should not stand there, in order.
pub(crate) fn sensitive(scan: &mut Scan<'_>) -> Vec<Found> {
    let mut found = secret::find(scan);
    if scan.has_figures {
        found.extend(iban::find(scan));
        found.extend(card::find(scan));
        found.extend(identity::find(scan));
    }
    found.sort_by_key(|found| found.place.start);
    found
}
