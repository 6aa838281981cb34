//! What was found, as Markdown and as JSON.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use super::plan::{SENDERS, breaks};
use super::run::Ran;
use super::verdict::Rule;
use crate::report::{mib, number};
use crate::server::median;

/// All runs.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) machine: String,
    pub(super) load: String,
    pub(super) runs: Vec<Ran>,
}

impl Ran {
    /// How many planted mistakes were found.
    fn caught(&self) -> usize {
        self.plants.iter().filter(|(_, caught)| *caught).count()
    }

    /// Whether nothing is wrong, with the servers or with the check: where a server makes a mistake on purpose, that it was
    /// found.
    pub(super) fn is_fine(&self) -> bool {
        match self.plan.mistake {
            Some(mistake) => self.count(breaks(mistake)) > 0,
            None => self.verdict.is_clean() && self.caught() == self.plants.len(),
        }
    }

    /// What it was.
    fn name(&self) -> String {
        let redis =
            if self.redis && !self.plan.fault.name().starts_with("redis") { ", with Redis" } else { "" };
        format!("{}{redis}", self.plan.name())
    }

    /// What is broken, the most telling first.
    fn broken(&self) -> String {
        let broken = self.verdict.broken.iter().map(|(rule, count)| format!("{} {count}", rule.broken()));
        let broken: Vec<String> = broken.collect();
        if broken.is_empty() { "nothing".to_owned() } else { broken.join(", ") }
    }

    fn count(&self, rules: &[Rule]) -> usize {
        rules.iter().map(|rule| self.verdict.count(*rule)).sum()
    }

    /// For whoever waits.
    pub(super) fn short(&self) -> String {
        let figures = &self.figures;
        if self.plan.mistake.is_some() {
            let verdict = if self.is_fine() { "caught" } else { "NOT CAUGHT" };
            return format!("{}: {verdict}: {}", self.name(), self.broken());
        }
        let deaths = self.struck.deaths.iter().map(|(point, times)| format!("{} {times}", point.name()));
        let deaths = deaths.collect::<Vec<_>>().join(", ");
        format!(
            "{}: {} acknowledged and {} files, {} strikes{}, {} deliveries; broken: {}; planted {}/{} caught",
            self.name(),
            figures.acknowledged,
            figures.files,
            self.struck.heals.len(),
            if deaths.is_empty() { deaths } else { format!(" (died {deaths})") },
            figures.arrivals,
            self.broken(),
            self.caught(),
            self.plants.len(),
        )
    }

    fn safety(&self) -> String {
        let figures = &self.figures;
        let told: [&[Rule]; 4] = [
            &[Rule::Kept],
            &[Rule::Once, Rule::Single],
            &[Rule::Complete],
            &[Rule::Time, Rule::Ascending, Rule::Unbroken],
        ];
        let told = told.map(|rules| self.count(rules));
        let other = self.count(&Rule::ALL) - told.iter().sum::<usize>();
        let [lost, doubled, missing, order] = told;
        format!(
            "| {} | {} | {} | {} | {} | {} | {} | {lost} | {doubled} | {missing} | {order} | {other} | {}/{} |",
            self.name(),
            figures.acknowledged,
            figures.files,
            figures.refused,
            figures.unanswered,
            figures.open,
            self.struck.heals.len(),
            self.caught(),
            self.plants.len(),
        )
    }

    fn delivery(&self) -> String {
        let seconds = Duration::from_secs(self.plan.seconds).as_secs_f64();
        let figures = &self.figures;
        let three = |times: &super::figures::Times| {
            [500, 990, 1000].map(|at| number(times.thousandths(at), 1)).join(" / ")
        };
        let at = |thousandths| number(figures.delivered.thousandths(thousandths), 1);
        let quiet = self.quiet.map_or_else(|| "never".to_owned(), |seconds| number(seconds, 2));
        format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            self.name(),
            number(per_second(figures.acknowledged, seconds), 0),
            self.events,
            figures.arrivals,
            figures.connections,
            figures.again_here,
            figures.again,
            figures.gaps,
            figures.skipped,
            at(500),
            at(950),
            at(990),
            at(1000),
            three(&figures.across),
            three(&figures.sent),
            quiet,
        )
    }

    fn servers(&self) -> String {
        let heals = &self.struck.heals;
        let ready = super::figures::Times::new(heals.iter().map(|heal| heal.ready).collect());
        let drains =
            super::figures::Times::new(self.struck.drains.iter().chain(&self.ends).copied().collect());
        let two = |times: &super::figures::Times| {
            [500, 1000].map(|at| number(times.thousandths(at), 0)).join(" / ")
        };
        let empty = match self.empty {
            Some(seconds) => number(seconds, 1),
            None if self.plan.short => "not looked".to_owned(),
            None => "never".to_owned(),
        };
        format!(
            "| {} | {} | {} | {} | {} | {} → {} | {} → {} | {} | {} | {} | {} |",
            self.name(),
            heals.len(),
            two(&ready),
            two(&self.figures.after_heal),
            two(&drains),
            mib(self.resident.0),
            mib(self.resident.1),
            self.files.0,
            self.files.1,
            empty,
            self.log_lines,
            self.troubles.values().sum::<u64>(),
            self.load,
        )
    }

    fn json(&self) -> Value {
        let broken: Value = self
            .verdict
            .broken
            .iter()
            .map(|(rule, count)| (rule.broken().to_owned(), json!(count)))
            .collect();
        let figures = &self.figures;
        let times = |times: &super::figures::Times| {
            json!({ "p50": times.thousandths(500), "p95": times.thousandths(950), "p99": times.thousandths(990),
                "max": times.thousandths(1000) })
        };
        json!({
            "engine": self.plan.engine.name(), "tickets": self.plan.tickets, "fault": self.plan.fault.name(), "redis": self.redis,
            "seconds": self.plan.seconds, "seed": self.plan.seed, "rate": self.plan.rate, "readers": self.plan.readers,
            "deaths": self.struck.deaths.iter().map(|(point, times)| (point.name().to_owned(), json!(times))).collect::<Value>(),
            "mistake": self.plan.mistake.map(faff_types::Planted::name), "strikes": self.struck.heals.len(),
            "acknowledged": figures.acknowledged, "files_acknowledged": figures.files, "refused": figures.refused, "unanswered": figures.unanswered,
            "open": figures.open, "broken": broken, "events": self.events, "arrivals": figures.arrivals,
            "connections": figures.connections, "again_on_a_connection": figures.again_here, "again": figures.again,
            "gaps": figures.gaps, "unhealed": figures.unhealed, "skipped": figures.skipped,
            "delivered_ms": times(&figures.delivered), "across_ms": times(&figures.across), "sent_ms": times(&figures.sent),
            "after_heal_ms": times(&figures.after_heal), "quiet_s": self.quiet, "empty_s": self.empty,
            "resident": [self.resident.0, self.resident.1], "files": [self.files.0, self.files.1],
            "troubles": self.troubles, "verified": self.verified, "ends_ms": self.ends, "load": self.load,
            "planted": self.plants.iter().map(|(name, caught)| (name.clone(), json!(caught))).collect::<Value>(),
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "there are no 2^52 requests")]
fn per_second(count: usize, seconds: f64) -> f64 {
    count as f64 / seconds
}

impl Report {
    pub(super) fn markdown(&self) -> String {
        let Self { machine, load, runs } = self;
        let (wrong, runs): (Vec<&Ran>, Vec<&Ran>) = runs.iter().partition(|run| run.plan.mistake.is_some());
        let mut text = format!(
            "{machine}; load average {load} before. {SENDERS} senders, half by sockets and half by requests, a fifth of them \
             edits and deletions; readers that come and go.\n\n"
        );
        text.push_str(
            "| run | acknowledged | files | refused as they must | attempts without an answer | never answered | strikes | lost | \
             doubled | missing | order | anything else | planted in the intake, caught |\n",
        );
        let _ = writeln!(text, "|---|{}", "--:|".repeat(12));
        for run in &runs {
            let _ = writeln!(text, "{}", run.safety());
        }
        text.push_str(
            "\n| run | acknowledged/s | events | deliveries | connections | again on a connection | again to a reader | \
             numbers missed and asked for | told to read anew | delivered p50 ms | p95 | p99 | max | to another server p50 / \
             p99 / max | since sent p50 / p99 / max | quiet after s |\n",
        );
        let _ = writeln!(text, "|---|{}", "--:|".repeat(15));
        for run in &runs {
            let _ = writeln!(text, "{}", run.delivery());
        }
        text.push_str(
            "\n| run | faults | ready p50 / max ms | first delivery after a heal p50 / max ms | end p50 / max ms | resident, \
             all servers | open files | rooms empty after s | lines in their logs | client's troubles | load average |\n",
        );
        let _ = writeln!(text, "|---|{}", "--:|".repeat(10));
        for run in &runs {
            let _ = writeln!(text, "{}", run.servers());
        }
        bound(&runs, &mut text);
        mistakes(&wrong, &mut text);
        for run in runs {
            for (what, count) in &run.troubles {
                let _ = writeln!(text, "- {}: {count} × {what}", run.name());
            }
            for (rule, sentence) in &run.verdict.sentences {
                let _ = writeln!(text, "- **{}** {}: {sentence}", run.name(), rule.broken());
            }
            for (name, _) in run.plants.iter().filter(|(_, caught)| !caught) {
                let _ = writeln!(text, "- **{}**: {name} was planted and not found", run.name());
            }
        }
        text
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "machine": self.machine, "load": self.load,
            "runs": self.runs.iter().map(Ran::json).collect::<Vec<_>>(),
        })
    }
}

/// How often it may still go wrong, by the rule of three: with 0 in n, below 3/n at 95 %.
fn bound(runs: &[&Ran], text: &mut String) {
    let acknowledged: usize = runs.iter().map(|run| run.figures.acknowledged).sum();
    let lost: usize = runs.iter().map(|run| run.verdict.count(Rule::Kept)).sum();
    let arrivals: usize = runs.iter().map(|run| run.figures.arrivals).sum();
    let (caught, planted) = runs
        .iter()
        .fold((0, 0), |(caught, planted), run| (caught + run.caught(), planted + run.plants.len()));
    let after = median(runs.iter().map(|run| run.figures.across.thousandths(500)));
    let _ = writeln!(
        text,
        "\n{lost} of {acknowledged} acknowledged requests were lost{}; {arrivals} deliveries were looked at; planted \
         {caught}/{planted} caught; the median of the runs' medians to another server is {} ms.\n",
        if lost == 0 && acknowledged > 0 {
            format!(" (below 1 in {} at 95 %)", acknowledged / 3)
        } else {
            String::new()
        },
        number(after, 1),
    );
}

/// Which mistakes of servers were found, and by what.
fn mistakes(runs: &[&Ran], text: &mut String) {
    if runs.is_empty() {
        return;
    }
    let caught = runs.iter().filter(|run| run.is_fine()).count();
    let _ = writeln!(
        text,
        "Mistakes planted in the server: {caught} of {} caught.\n\n| run | found |\n|---|---|",
        runs.len()
    );
    for run in runs {
        let _ = writeln!(text, "| {} | {} |", run.name(), run.broken());
    }
    text.push('\n');
}
