//! What was measured, as Markdown and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::load::Measured;
use crate::seed::world::Size;
use crate::server::{Idle, Usage, median};
use crate::work::Work;

/// A whole run.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) machine: String,
    pub(crate) load_before: String,
    pub(crate) load_after: String,
    pub(crate) size: Size,
    pub(crate) settings: String,
    pub(crate) engines: Vec<EngineReport>,
}

/// What was measured on one engine.
#[derive(Debug)]
pub(crate) struct EngineReport {
    pub(crate) name: &'static str,
    pub(crate) durability: String,
    pub(crate) works: Vec<WorkReport>,
    pub(crate) idle: Option<Idle>,
}

/// What was measured of one kind of request.
#[derive(Debug)]
pub(crate) struct WorkReport {
    pub(crate) work: Work,
    pub(crate) server: Vec<Round>,
    pub(crate) ceiling: Vec<Round>,
    pub(crate) bare: Vec<f64>,
    /// Messages in a commit.
    pub(crate) group: Option<f64>,
}

/// A round of load on a server.
#[derive(Debug)]
pub(crate) struct Round {
    per_second: f64,
    p50: f64,
    p99: f64,
    /// CPU seconds of the server for a thousand requests.
    cpu: f64,
    resident: u64,
    errors: Vec<String>,
}

impl Round {
    pub(crate) fn new(measured: Measured, before: Usage, after: Usage) -> Self {
        let per_second = measured.per_second();
        Self {
            per_second,
            p50: measured.percentile(50),
            p99: measured.percentile(99),
            cpu: (after.cpu - before.cpu) / (per_second * measured.seconds) * 1000.0,
            resident: after.resident,
            errors: measured.errors,
        }
    }

    /// For whoever waits.
    pub(crate) fn short(&self) -> String {
        let Self { per_second, p50, p99, cpu, .. } = self;
        format!("{per_second:8.0}/s  p50 {p50:.2} ms  p99 {p99:.2} ms  {cpu:.3} CPU s per 1,000")
    }
}

impl WorkReport {
    fn of(rounds: &[Round], value: impl Fn(&Round) -> f64) -> f64 {
        median(rounds.iter().map(value))
    }

    fn rates(&self) -> (f64, f64, f64) {
        let rate = |round: &Round| round.per_second;
        (Self::of(&self.server, rate), Self::of(&self.ceiling, rate), median(self.bare.iter().copied()))
    }

    fn row(&self) -> String {
        let (server, ceiling, bare) = self.rates();
        let cpu = |rounds| Self::of(rounds, |round| round.cpu);
        // A request that does first what the one side does and then what the other does.
        let both = 1.0 / (1.0 / ceiling + 1.0 / bare);
        let name = self.group.map_or_else(
            || self.work.name().to_owned(),
            |group| format!("{} ({group:.1} to a commit)", self.work.name()),
        );
        let numbers = [
            number(server, 0),
            number(Self::of(&self.server, |round| round.p50), 2),
            number(Self::of(&self.server, |round| round.p99), 2),
            number(cpu(&self.server), 3),
            number(ceiling, 0),
            number(cpu(&self.ceiling), 3),
            number(bare, 0),
            number(server / ceiling, 2),
            number(server / bare, 2),
            number(server / both, 2),
        ];
        format!("| {name} | {} | {} |", numbers.join(" | "), self.errors().count())
    }

    fn errors(&self) -> impl Iterator<Item = &String> {
        self.server.iter().chain(&self.ceiling).flat_map(|round| &round.errors)
    }

    fn json(&self) -> Value {
        let round = |round: &Round| {
            json!({
                "perSecond": round.per_second, "p50Ms": round.p50, "p99Ms": round.p99, "cpuSecondsPer1000": round.cpu,
                "residentBytes": round.resident, "errors": round.errors.len(),
            })
        };
        let rounds = |rounds: &[Round]| rounds.iter().map(round).collect::<Vec<_>>();
        let (server, ceiling, bare) = self.rates();
        json!({
            "work": self.work.name(), "server": rounds(&self.server), "ceiling": rounds(&self.ceiling),
            "barePerSecond": self.bare, "messagesPerCommit": self.group,
            "medians": { "server": server, "ceiling": ceiling, "bare": bare },
        })
    }
}

/// A number for people to read; a dash where there is none.
pub(crate) fn number(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return "-".to_owned();
    }
    let text = format!("{value:.digits$}");
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(whole, f)| (whole, Some(f)));
    let grouped = grouped(whole);
    fraction.map_or(grouped.clone(), |fraction| format!("{grouped}.{fraction}"))
}

/// A count for people to read.
pub(crate) fn counted(count: i64) -> String {
    let digits = count.unsigned_abs().to_string();
    grouped(&digits)
}

/// Digits in groups of three.
fn grouped(digits: &str) -> String {
    let mut grouped = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Bytes for people to read.
pub(crate) fn mib(bytes: u64) -> String {
    let tenths = bytes * 10 / (1024 * 1024);
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}

impl Report {
    pub(crate) fn markdown(&self) -> String {
        let Self { machine, load_before, load_after, size, settings, .. } = self;
        let mut text = format!(
            "{machine}; load average {load_before} before, {load_after} after; {} tasks, {} messages; {settings}.\n",
            size.tasks, size.messages
        );
        for engine in &self.engines {
            // Writing to a String cannot fail.
            let _ = write!(text, "\n## {}\n\n{}.\n\n", engine.name, engine.durability);
            if !engine.works.is_empty() {
                text.push_str(
                    "| request | server/s | p50 ms | p99 ms | CPU s per 1,000 | ceiling/s | its CPU s | bare/s | server/ceiling \
                     | server/bare | server/both in a row | errors |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
                );
                for work in &engine.works {
                    let _ = writeln!(text, "{}", work.row());
                }
                let resident =
                    engine.works.iter().flat_map(|work| &work.server).map(|round| round.resident).max();
                let _ = writeln!(
                    text,
                    "\nThe server's memory under load: at most {}.",
                    mib(resident.unwrap_or(0))
                );
            }
            for error in engine.works.iter().flat_map(WorkReport::errors).take(5) {
                let _ = writeln!(text, "\nError: {error}");
            }
            if let Some(Idle { usage, first_answer, first_task, program }) = engine.idle {
                let _ = writeln!(
                    text,
                    "\nIdle after 10 s: {} resident, {} of it anonymous. Cold start: {first_answer:.0} ms to the first \
                     answer, {first_task:.0} ms to the first from the database. Binary: {}.",
                    mib(usage.resident),
                    mib(usage.anonymous),
                    mib(program)
                );
            }
        }
        text
    }

    pub(crate) fn json(&self) -> Value {
        let idle = |idle: &Idle| {
            json!({
                "residentBytes": idle.usage.resident, "anonymousBytes": idle.usage.anonymous,
                "firstAnswerMs": idle.first_answer, "firstTaskMs": idle.first_task, "programBytes": idle.program,
            })
        };
        let engine = |engine: &EngineReport| {
            json!({
                "engine": engine.name, "durability": engine.durability, "idle": engine.idle.as_ref().map(idle),
                "works": engine.works.iter().map(WorkReport::json).collect::<Vec<_>>(),
            })
        };
        json!({
            "machine": self.machine, "loadBefore": self.load_before, "loadAfter": self.load_after, "size": self.size,
            "settings": self.settings, "engines": self.engines.iter().map(engine).collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_readable() {
        assert_eq!(number(1_234_567.0, 0), "1,234,567");
        assert_eq!(number(999.994, 2), "999.99");
        assert_eq!(number(0.614, 2), "0.61");
        assert_eq!(number(f64::NAN, 2), "-");
        assert_eq!(mib(27_000_000), "25.7 MiB");
        assert_eq!((counted(0), counted(100_000)), ("0".to_owned(), "100,000".to_owned()));
    }
}
