//! Mistakes that are planted in what the client has written down, one each, to see that the check finds it.

use clap::ValueEnum;

use super::history::{Deed, End, Heard, How};
use super::judge::judge;
use super::verdict::{Record, Rule};
use crate::random::Rng;

/// A mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Plant {
    /// A live event comes twice on one connection.
    EmitTwice,
    /// An event never comes to one reader.
    SkipEvent,
    /// Two live events of a ticket come in the other order.
    Reorder,
    /// A message is acknowledged, and not stored.
    LoseAck,
    /// A file that was acknowledged is there with one byte changed.
    ChangeFile,
}

impl Plant {
    pub(super) fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// The rule that it breaks.
    const fn breaks(self) -> Rule {
        match self {
            Self::EmitTwice | Self::Reorder => Rule::Ascending,
            Self::SkipEvent => Rule::Complete,
            Self::LoseAck => Rule::Kept,
            Self::ChangeFile => Rule::Files,
        }
    }

    /// Plants it in a record that breaks the rule so often, and tells whether the check finds it; `None` when so little was
    /// heard that there is nothing to plant it in.
    pub(super) fn is_caught(
        self,
        record: &Record,
        seed: u64,
        before: impl Fn(Rule) -> usize,
    ) -> Option<bool> {
        let mut record = record.clone();
        self.plant(&mut record, &mut Rng::new(seed))?;
        Some(judge(&record).count(self.breaks()) > before(self.breaks()))
    }

    /// Plants it somewhere, if there is anything to plant it in.
    fn plant(self, record: &mut Record, rng: &mut Rng) -> Option<()> {
        let mut any = |length: usize| {
            let end = i64::try_from(length).ok().filter(|end| *end > 0)?;
            usize::try_from(rng.below(end)).ok()
        };
        if self == Self::ChangeFile {
            let kept = &mut record.files.kept;
            let file = any(kept.len())?;
            let bytes = kept.get_mut(file)?.bytes.as_mut()?;
            let byte = any(bytes.len())?;
            *bytes.get_mut(byte)? ^= 1;
            return Some(());
        }
        if self == Self::LoseAck {
            let posts: Vec<usize> = (0..)
                .zip(&record.ops)
                .filter(|(_, op)| op.deed == Deed::Post && op.end == End::Ok)
                .map(|(at, _)| at)
                .collect();
            let mut op = record.ops.get(*posts.get(any(posts.len())?)?)?.clone();
            // One that was never sent.
            op.number += 1_000_000_000;
            op.message = op.message.map(|(id, seq)| (id + 1_000_000_000, seq));
            record.ops.push(op);
            return Some(());
        }
        // Who came when all was over has heard nothing live.
        let busy =
            |heard: &&mut Heard| heard.arrivals.iter().filter(|arrival| arrival.how == How::Live).count() > 0;
        let mut readers: Vec<&mut Heard> = record.heard.iter_mut().filter(busy).collect();
        let reader = any(readers.len())?;
        let arrivals = &mut readers.get_mut(reader)?.arrivals;
        let live: Vec<usize> =
            (0..).zip(&*arrivals).filter(|(_, arrival)| arrival.how == How::Live).map(|(at, _)| at).collect();
        match self {
            Self::EmitTwice => {
                let at = *live.get(any(live.len())?)?;
                let twice = arrivals.get(at)?.clone();
                arrivals.insert(at + 1, twice);
            }
            Self::Reorder => {
                let place = |at: &usize| arrivals.get(*at).map(|one| (one.connection, one.ticket));
                let pairs: Vec<(usize, usize)> = live
                    .iter()
                    .enumerate()
                    .filter_map(|(n, at)| {
                        let next = live.iter().skip(n + 1).take(500).find(|next| place(next) == place(at))?;
                        Some((*at, *next))
                    })
                    .collect();
                let (one, other) = *pairs.get(any(pairs.len())?)?;
                arrivals.swap(one, other);
            }
            Self::SkipEvent | Self::LoseAck | Self::ChangeFile => {
                let (ticket, seq) =
                    arrivals.get(any(arrivals.len())?).map(|arrival| (arrival.ticket, arrival.seq))?;
                arrivals.retain(|arrival| (arrival.ticket, arrival.seq) != (ticket, seq));
            }
        }
        Some(())
    }
}
