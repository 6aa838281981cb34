//! What is run: an engine, a fault, so many tickets for so long; and maybe a server that makes a mistake on purpose.

use faff_types::Planted;

use super::arguments::Stored;
use super::faults::Fault;
use super::verdict::Rule;

/// People who write.
pub(super) const SENDERS: usize = 16;
/// People who read, where nothing else is said.
pub(super) const READERS: usize = 8;

/// A run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) engine: Stored,
    pub(super) fault: Fault,
    pub(super) tickets: usize,
    /// How long the senders write.
    pub(super) seconds: u64,
    /// Requests that have to be acknowledged, however long that takes.
    pub(super) least: u64,
    /// Requests of all senders in a second; 0 is as many as are answered.
    pub(super) rate: u32,
    pub(super) readers: usize,
    /// The same number is the same plan.
    pub(super) seed: u64,
    /// What the server does wrong on purpose.
    pub(super) mistake: Option<Planted>,
    /// For CI: what takes long and tells little is left out.
    pub(super) short: bool,
}

impl Plan {
    /// What it is called in reports.
    pub(super) fn name(&self) -> String {
        let Self { engine, fault, tickets, seed, .. } = self;
        let mistake = self.mistake.map_or_else(String::new, |mistake| format!("{}: ", mistake.name()));
        format!("{mistake}{}, {}, {tickets} tickets, seed {seed}", engine.name(), fault.name())
    }
}

/// Requests in a second, so that a busy machine keeps up.
const fn rate(fault: Fault) -> u32 {
    // These messages are long.
    if matches!(fault, Fault::StallReaders) { 40 } else { 150 }
}

/// What is broken by a server that makes this mistake. That not everyone has everything after a while is none of it: a busy
/// machine may take longer.
pub(super) const fn breaks(mistake: Planted) -> &'static [Rule] {
    match mistake {
        Planted::EmitBeforeCommit => &[Rule::Same],
        Planted::NoDedup => &[Rule::Once, Rule::Answer],
        Planted::LogByPosition | Planted::EmitIgnored | Planted::CursorFirst | Planted::SeatForgets => {
            &[Rule::Unbroken]
        }
        Planted::AnswerBeforeCommit | Planted::EventWithoutRow => &[Rule::Kept],
        Planted::CatchUpOffByOne => &[Rule::Same, Rule::Unbroken],
        Planted::RowWithoutEvent => &[Rule::Log],
        Planted::EmitTwice => &[Rule::Ascending],
        Planted::LogBackwards => &[Rule::Ascending, Rule::Unbroken],
        Planted::NoLock => &[Rule::Sound],
        Planted::NoScope => &[Rule::Private],
    }
}

/// A little of everything, for CI.
pub(super) fn short(seed: u64) -> Vec<Plan> {
    let clean = [
        (Stored::Sqlite, Fault::KillNode, 3, 7),
        (Stored::Sqlite, Fault::DrainNode, 3, 5),
        (Stored::Sqlite, Fault::StallReaders, 1, 6),
        (Stored::Sqlite, Fault::CutAnswers, 2, 4),
        (Stored::Postgres, Fault::KillNode, 20, 7),
        (Stored::Postgres, Fault::PostgresStop, 20, 7),
        (Stored::Postgres, Fault::FlakyClients, 20, 7),
    ];
    let clean = clean.into_iter().map(|(engine, fault, tickets, seconds)| Plan {
        engine,
        fault,
        tickets,
        seconds,
        least: 200,
        rate: rate(fault),
        readers: if fault == Fault::StallReaders { 4 } else { READERS },
        seed,
        mistake: None,
        short: true,
    });
    // One run finds a mistake; but what a disk has not got yet is lost in another way on each engine.
    let mut found = Vec::new();
    // A sick disk wants a library that CI does not build.
    let quick = mistakes(seed).into_iter().filter(|plan| plan.fault != Fault::SickDisk);
    let once = quick.filter(move |plan| {
        let new = !found.contains(&plan.mistake);
        found.push(plan.mistake);
        new || plan.mistake == Some(Planted::AnswerBeforeCommit)
    });
    clean.chain(once).collect()
}

/// Each mistake that can be planted in a server, in runs that should find it.
pub(super) fn mistakes(seed: u64) -> Vec<Plan> {
    use Planted as P;
    use Stored::{Postgres, Sqlite};
    let runs = [
        (P::EmitBeforeCommit, Postgres, Fault::KillNode, 3),
        (P::NoDedup, Sqlite, Fault::None, 3),
        (P::NoDedup, Postgres, Fault::None, 3),
        (P::LogByPosition, Postgres, Fault::None, 20),
        (P::EmitIgnored, Sqlite, Fault::StallReaders, 1),
        (P::CursorFirst, Sqlite, Fault::None, 3),
        (P::CursorFirst, Postgres, Fault::None, 3),
        (P::AnswerBeforeCommit, Sqlite, Fault::DieAt, 3),
        (P::AnswerBeforeCommit, Sqlite, Fault::SickDisk, 3),
        (P::AnswerBeforeCommit, Postgres, Fault::PostgresStop, 20),
        (P::CatchUpOffByOne, Sqlite, Fault::None, 3),
        (P::EventWithoutRow, Sqlite, Fault::None, 3),
        (P::EventWithoutRow, Postgres, Fault::None, 3),
        (P::RowWithoutEvent, Sqlite, Fault::None, 3),
        (P::SeatForgets, Postgres, Fault::None, 1),
        (P::EmitTwice, Sqlite, Fault::None, 3),
        (P::LogBackwards, Postgres, Fault::None, 3),
        (P::NoLock, Postgres, Fault::None, 1),
        (P::NoScope, Sqlite, Fault::None, 3),
    ];
    let plans = runs.into_iter().map(|(mistake, engine, fault, tickets)| Plan {
        engine,
        fault,
        tickets,
        seconds: if fault == Fault::None { 3 } else { 8 },
        least: 200,
        rate: if fault == Fault::None { rate(fault) } else { 0 },
        readers: if fault == Fault::StallReaders { 2 } else { READERS },
        seed,
        mistake: Some(mistake),
        short: true,
    });
    plans.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_is_planted_and_every_plan_can_be_carried_out() {
        let plans = short(7);
        for mistake in Planted::ALL {
            assert!(plans.iter().any(|plan| plan.mistake == Some(mistake)), "{mistake:?}");
        }
        assert!(plans.iter().all(|plan| plan.fault.fits(plan.engine) && plan.seed == 7));
        for engine in [Stored::Sqlite, Stored::Postgres] {
            assert!(plans.iter().any(|plan| plan.engine == engine && plan.mistake.is_none()));
        }
    }
}
