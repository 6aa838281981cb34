//! Fuzzing on the stable toolchain: good inputs, broken in every way that comes to mind, for whatever reads what strangers send.
//! Tests only.
//!
//! A target is a test that calls [`Target::check`]. In CI it does a few thousand executions, the same each time, so that what is
//! found there was brought by the change; with `FAFF_FUZZ_SECONDS` it goes on for so long, with others each time, and tells how
//! many there were (`cargo xtask fuzz`). What fails is made small, told, and kept in
//! `proptest-regressions` beside the source, where later runs begin.

use std::cell::Cell;
use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed, TestCaseError, TestError, TestRunner};

/// Executions where no time is set.
const CASES: u32 = 2000;
/// What they begin with, then.
const SAME: RngSeed = RngSeed::Fixed(2026);
/// An input at most, in bytes.
const LONGEST: usize = 64 * 1024;

/// Something that reads what strangers send.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// What it is called in reports.
    pub name: &'static str,
    /// The source file of the test, as `file!()` says.
    pub source: &'static str,
    /// Inputs that are good, or that broke something once: what is tried first, each as it is.
    pub corpus: &'static [&'static str],
    /// Pieces that mean something to the reader.
    pub words: &'static [&'static str],
}

impl Target {
    /// Runs `reads` with one input after the other. It panics at what must not be.
    ///
    /// # Panics
    /// When `reads` does; with the smallest input for which it does.
    #[expect(clippy::panic, reason = "a target that finds something fails its test")]
    pub fn check(self, reads: impl Fn(&[u8])) {
        for seed in self.corpus {
            reads(seed.as_bytes());
        }
        let seconds = seconds();
        let started = Instant::now();
        let until = started + Duration::from_secs(seconds.unwrap_or(0));
        let executions = Cell::new(self.corpus.len());
        loop {
            let mut runner = TestRunner::new(Config {
                cases: CASES,
                rng_seed: if seconds.is_some() { RngSeed::Random } else { SAME },
                source_file: Some(self.source),
                failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel(
                    "proptest-regressions",
                ))),
                ..Config::default()
            });
            let outcome = runner.run(&self.inputs(), |input| {
                executions.set(executions.get() + 1);
                reads(&input);
                Ok::<(), TestCaseError>(())
            });
            if let Err(TestError::Fail(reason, input)) = &outcome {
                let text = String::from_utf8_lossy(input);
                panic!("{}: {reason}; with {input:?}, which is {text:?}", self.name);
            }
            assert!(outcome.is_ok(), "{}: {outcome:?}", self.name);
            if Instant::now() >= until {
                break;
            }
        }
        if seconds.is_some() {
            let took = started.elapsed().as_secs();
            println!("fuzz: {}: {} executions in {took} s, no findings", self.name, executions.get());
        }
    }

    /// A good input with up to a dozen changes, or bytes that were never one.
    fn inputs(self) -> impl Strategy<Value = Vec<u8>> {
        let seed = select(self.corpus).prop_map(|seed| seed.as_bytes().to_vec());
        let piece = prop_oneof![
            3 => select(self.words).prop_map(|word| word.as_bytes().to_vec()),
            1 => vec(any::<u8>(), 1..8),
            1 => any::<char>().prop_map(|c| c.to_string().into_bytes()),
            1 => select(self.corpus).prop_map(|seed| seed.as_bytes().to_vec()),
        ];
        let change = (0..7_u8, any::<Index>(), any::<Index>(), piece, 1..200_usize);
        let changed = (seed, vec(change, 0..12)).prop_map(|(mut input, changes)| {
            for (kind, at, to, piece, times) in changes {
                apply(&mut input, kind, (at, to), &piece, times);
                input.truncate(LONGEST);
            }
            input
        });
        prop_oneof![9 => changed, 1 => vec(any::<u8>(), 0..300)]
    }
}

/// Changes an input in one of seven ways.
fn apply(input: &mut Vec<u8>, kind: u8, (at, to): (Index, Index), piece: &[u8], times: usize) {
    let (at, to) = (at.index(input.len() + 1), to.index(input.len() + 1));
    let range = at.min(to)..at.max(to);
    match kind {
        0 => {
            input.splice(at..at, piece.iter().copied());
        }
        1 => {
            input.splice(range, piece.iter().copied());
        }
        2 => {
            input.drain(range);
        }
        3 => {
            let copy = input.get(range).unwrap_or_default().to_vec();
            input.splice(to..to, copy);
        }
        4 => {
            let many = piece.repeat(times);
            input.splice(at..at, many);
        }
        5 => {
            if let Some(byte) = input.get_mut(at) {
                *byte ^= 1 << (times % 8);
            }
        }
        _ => input.truncate(at),
    }
}

/// For how long to go on, if that is told.
#[expect(clippy::disallowed_methods, reason = "how long to fuzz is no setting of the server")]
fn seconds() -> Option<u64> {
    std::env::var("FAFF_FUZZ_SECONDS").ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGET: Target =
        Target { name: "planted", source: file!(), corpus: &["[1,2]", "{}"], words: &["[", "]", "!!"] };

    #[test]
    fn a_planted_fault_is_found_and_made_small() {
        let found = std::panic::catch_unwind(|| {
            // Nothing is kept of this one.
            let mut runner = TestRunner::new(Config {
                cases: 5000,
                rng_seed: SAME,
                failure_persistence: None,
                ..Config::default()
            });
            let outcome = runner.run(&TARGET.inputs(), |input| {
                let twice = input.windows(4).any(|window| window == b"!!!!");
                if twice && input.starts_with(b"[1") { Err(TestCaseError::fail("planted")) } else { Ok(()) }
            });
            match outcome {
                Err(TestError::Fail(_, input)) => input,
                other => panic!("{other:?}"),
            }
        });
        assert!(found.unwrap().len() < 40);
    }

    #[test]
    fn what_reads_everything_passes() {
        let longest = Cell::new(0);
        TARGET.check(|input| longest.set(longest.get().max(input.len())));
        assert!(longest.get() > 100 && longest.get() <= LONGEST, "{}", longest.get());
    }

    #[test]
    #[should_panic(expected = "in the corpus")]
    fn a_fault_in_the_corpus_is_told() {
        TARGET.check(|input| assert!(input != b"{}", "in the corpus"));
    }
}
