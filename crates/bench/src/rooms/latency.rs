//! Latencies, counted by size: exact below 64 us, within a thirtieth above.

use std::sync::atomic::{AtomicU64, Ordering};

/// Steps between a power of two and the next.
const STEPS: u64 = 32;
/// Enough for twelve days.
const BUCKETS: usize = 1216;

/// How many there were of each size.
#[derive(Debug)]
pub(crate) struct Latencies {
    counts: Vec<AtomicU64>,
}

impl Latencies {
    pub(crate) fn new() -> Self {
        Self { counts: (0..BUCKETS).map(|_| AtomicU64::new(0)).collect() }
    }

    pub(crate) fn add(&self, micros: u64) {
        if let Some(count) = self.counts.get(bucket(micros).min(BUCKETS - 1)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn clear(&self) {
        for count in &self.counts {
            count.store(0, Ordering::Relaxed);
        }
    }

    /// The latency that so many of a thousand stay below, in milliseconds.
    pub(crate) fn quantile(&self, thousandths: u64) -> f64 {
        let counts: Vec<u64> = self.counts.iter().map(|count| count.load(Ordering::Relaxed)).collect();
        let below = counts.iter().sum::<u64>() * thousandths / 1000;
        let mut seen = 0;
        let at = counts.iter().position(|count| {
            seen += count;
            seen > below
        });
        at.map_or(0.0, |at| millis(largest(at)))
    }
}

#[expect(clippy::cast_precision_loss, reason = "no latency has 2^52 microseconds")]
const fn millis(micros: u64) -> f64 {
    micros as f64 / 1000.0
}

/// Where a latency is counted.
fn bucket(micros: u64) -> usize {
    let power = u64::from((micros | STEPS).ilog2() - STEPS.ilog2());
    usize::try_from(power * STEPS + (micros >> power)).unwrap_or(usize::MAX)
}

/// The largest latency that is counted there.
fn largest(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    let power = (bucket / STEPS).saturating_sub(1);
    ((bucket - power * STEPS + 1) << power) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_latency_is_within_a_thirtieth_of_its_bucket() {
        for micros in (0..5000).chain((0..40).map(|power| 1_u64 << power)) {
            let most = largest(bucket(micros));
            assert!(micros <= most && most - micros <= micros / 30, "{micros} is said to be {most}");
            assert_eq!(bucket(most), bucket(micros));
            assert_eq!(bucket(most + 1), bucket(micros) + 1);
        }
        assert!(bucket(1 << 40) < BUCKETS);
    }

    #[test]
    fn quantiles_are_where_they_belong() {
        let latencies = Latencies::new();
        assert!(latencies.quantile(500).abs() < f64::EPSILON);
        (1..=50).for_each(|micros| latencies.add(micros));
        assert!((latencies.quantile(500) - 0.026).abs() < 1e-9);
        assert!((latencies.quantile(990) - 0.050).abs() < 1e-9);
    }
}
