//! What was measured, as Markdown and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::question::Question;
use crate::report::{counted, number};
use crate::seed::world::Size;

/// A whole run.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) machine: String,
    pub(super) load_before: String,
    pub(super) load_after: String,
    pub(super) settings: String,
    pub(super) durability: Vec<String>,
    pub(super) stages: Vec<Stage>,
    /// Databases for which there was no time.
    pub(super) left_out: Vec<String>,
}

/// What was measured on one database.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) engine: &'static str,
    pub(super) size: Size,
    pub(super) figures: Vec<(Question, Figure)>,
}

/// What was measured of one kind of request.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Figure {
    pub(super) count: usize,
    /// In milliseconds.
    pub(super) p50: f64,
    pub(super) p99: f64,
    /// CPU milliseconds of server and database for one.
    pub(super) cpu: f64,
}

impl Figure {
    #[expect(clippy::cast_precision_loss, reason = "there are no 2^52 requests")]
    pub(super) fn new(mut millis: Vec<f64>, cpu_seconds: f64) -> Self {
        millis.sort_by(f64::total_cmp);
        let count = millis.len();
        let at = |hundredths: usize| {
            let at = (count * hundredths / 100).min(count.saturating_sub(1));
            millis.get(at).copied().unwrap_or(f64::NAN)
        };
        Self { count, p50: at(50), p99: at(99), cpu: cpu_seconds * 1000.0 / count.max(1) as f64 }
    }

    /// For whoever waits.
    pub(super) fn short(&self) -> String {
        let Self { count, p50, p99, cpu } = self;
        format!("p50 {p50:9.2} ms  p99 {p99:9.2} ms  {cpu:9.2} ms of CPU  ({count} times)")
    }
}

impl Stage {
    pub(super) fn figure(&self, question: Question) -> Option<Figure> {
        self.figures.iter().find(|(asked, _)| *asked == question).map(|(_, figure)| *figure)
    }
}

/// The stages of each engine, smallest first.
pub(super) fn by_engine(stages: &[Stage]) -> BTreeMap<&'static str, Vec<&Stage>> {
    let mut engines: BTreeMap<&'static str, Vec<&Stage>> = BTreeMap::new();
    for stage in stages {
        engines.entry(stage.engine).or_default().push(stage);
    }
    engines
}

impl Report {
    pub(super) fn markdown(&self) -> String {
        let Self { machine, load_before, load_after, settings, durability, .. } = self;
        let mut text = format!(
            "{machine}; load average {load_before} before, {load_after} after; {settings}. {}. A task has ten messages. Each cell: \
             p50 / p99 in ms, and in brackets CPU ms of the server with its database. *Growth*: p99 and CPU on the \
             largest database, of those on the smallest one.\n",
            durability.join(". ")
        );
        for (engine, stages) in by_engine(&self.stages) {
            // Writing to a String cannot fail.
            let _ = write!(text, "\n| on {engine} |");
            for stage in &stages {
                let _ = write!(text, " {} tasks |", counted(stage.size.tasks));
            }
            text.push_str(" growth of p99 | of CPU |\n|---|");
            text.push_str(&"--:|".repeat(stages.len() + 2));
            text.push('\n');
            for question in Question::ALL {
                let _ = write!(text, "| {} |", question.name());
                for figure in stages.iter().map(|stage| stage.figure(question)) {
                    let cell = |Figure { p50, p99, cpu, .. }| {
                        format!(" {} / {} ({}) |", number(p50, 2), number(p99, 2), number(cpu, 2))
                    };
                    text.push_str(&figure.map_or_else(|| " - |".to_owned(), cell));
                }
                let growth = |value| number(growth(&stages, question, value), 2);
                let _ =
                    writeln!(text, " {} | {} |", growth(|figure| figure.p99), growth(|figure| figure.cpu));
            }
        }
        if !self.left_out.is_empty() {
            let _ = writeln!(text, "\nThere was no time for: {}.", self.left_out.join(", "));
        }
        text
    }

    pub(super) fn json(&self) -> Value {
        let figure = |(question, figure): &(Question, Figure)| json!({ "request": question.name(), "measured": figure });
        let stage = |stage: &Stage| {
            json!({
                "engine": stage.engine, "size": stage.size, "figures": stage.figures.iter().map(figure).collect::<Vec<_>>(),
            })
        };
        json!({
            "machine": self.machine, "loadBefore": self.load_before, "loadAfter": self.load_after, "settings": self.settings,
            "durability": self.durability, "stages": self.stages.iter().map(stage).collect::<Vec<_>>(),
            "leftOut": self.left_out,
        })
    }
}

/// A figure of the largest database, of the smallest one's.
fn growth(stages: &[&Stage], question: Question, value: fn(Figure) -> f64) -> f64 {
    let figure =
        |stage: Option<&&Stage>| stage.and_then(|stage| stage.figure(question)).map_or(f64::NAN, value);
    if stages.len() < 2 { f64::NAN } else { figure(stages.last()) / figure(stages.first()) }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn stages() -> Vec<Stage> {
        let stage = |engine, tasks, p99| Stage {
            engine,
            size: Size { tasks, messages: tasks * 10 },
            figures: vec![(Question::Get, Figure { count: 9, p50: 0.5, p99, cpu: 0.25 })],
        };
        vec![stage("sqlite", 10_000, 1.0), stage("postgres", 10_000, 2.0), stage("sqlite", 1_000_000, 1.5)]
    }

    #[test]
    fn each_engine_has_a_table_with_the_growth() {
        let report = Report {
            machine: String::new(),
            load_before: String::new(),
            load_after: String::new(),
            settings: String::new(),
            durability: vec![],
            stages: stages(),
            left_out: vec!["1000000 tasks on postgres".to_owned()],
        };
        let text = report.markdown();
        assert!(
            text.contains("| on sqlite | 10,000 tasks | 1,000,000 tasks | growth of p99 | of CPU |\n|---|--:|--:|--:|--:|\n"),
            "{text}"
        );
        assert!(
            text.contains("| get task | 0.50 / 1.00 (0.25) | 0.50 / 1.50 (0.25) | 1.50 | 1.00 |"),
            "{text}"
        );
        assert!(text.contains("| get task | 0.50 / 2.00 (0.25) | - | - |"), "{text}");
        assert!(text.contains("There was no time for: 1000000 tasks on postgres."));
    }

    #[test]
    fn a_figure_is_of_sorted_latencies() {
        let Figure { count, p50, p99, cpu } = Figure::new((1..=200).rev().map(f64::from).collect(), 0.4);
        assert_eq!((count, p50, p99, cpu), (200, 101.0, 199.0, 2.0));
    }
}
