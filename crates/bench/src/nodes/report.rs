//! What was measured, as Markdown and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::median;
use crate::report::{counted, number};
use crate::seed::world::Size;
use crate::window::Window;
use crate::work::Work;

/// A whole run.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) machine: String,
    pub(super) load_before: String,
    pub(super) load_after: String,
    pub(super) size: Size,
    pub(super) settings: String,
    /// The first is one server without Redis.
    pub(super) stages: Vec<Stage>,
}

/// So many servers, with Redis or without.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) servers: usize,
    pub(super) redis: bool,
    /// Of each kind of request, all rounds.
    pub(super) asked: Vec<Asked>,
}

/// A round of one kind of request: at full load, and at the rate that is the same for all stages.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) work: Work,
    pub(super) rate: f64,
    pub(super) full: Window,
    pub(super) fixed: Window,
}

/// Medians over the rounds of one kind of request.
struct Row {
    work: Work,
    rate: f64,
    full: f64,
    p50: f64,
    p99: f64,
    server_cpu: f64,
    database_cpu: f64,
    errors: usize,
}

impl Stage {
    pub(super) fn name(&self) -> String {
        let servers =
            if self.servers == 1 { "1 server".to_owned() } else { format!("{} servers", self.servers) };
        if self.redis { format!("{servers}, Redis") } else { servers }
    }

    pub(super) fn add(&mut self, asked: Asked) {
        self.asked.push(asked);
    }

    fn row(&self, work: Work) -> Row {
        let rounds = || self.asked.iter().filter(move |asked| asked.work == work);
        let fixed = |value: fn(&Window) -> f64| median(rounds().map(|asked| value(&asked.fixed)));
        Row {
            work,
            rate: median(rounds().map(|asked| asked.rate)),
            full: median(rounds().map(|asked| asked.full.per_second)),
            p50: fixed(|window| window.p50),
            p99: fixed(|window| window.p99),
            server_cpu: fixed(|window| window.server_cpu),
            database_cpu: fixed(|window| window.database_cpu),
            errors: rounds().map(|asked| asked.full.errors.len() + asked.fixed.errors.len()).sum(),
        }
    }

    fn rows(&self) -> impl Iterator<Item = Row> {
        Work::ALL.into_iter().map(|work| self.row(work))
    }
}

impl Report {
    pub(super) fn markdown(&self) -> String {
        let Self { machine, load_before, load_after, size, settings, .. } = self;
        let mut text = format!(
            "{machine}; load average {load_before} before, {load_after} after; {} tasks, {} messages; {settings}.\n\n\
             Full load: each connection asks again as soon as it was answered. The rest is at the same rate for all, half of what \
             one server reaches. CPU is that of all servers, and of the PostgreSQL processes that serve them; the ratio is of \
             both together to that of one server without Redis.\n\n\
             | request | servers | full load/s | at a rate of/s | p50 ms | p99 ms | servers' CPU s per 1,000 | PostgreSQL's | \
             ratio | errors |\n\
             |---|---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
            counted(size.tasks),
            counted(size.messages),
        );
        for work in Work::ALL {
            let one = self.stages.first().map(|stage| stage.row(work));
            let one = one.map_or(f64::NAN, |row| row.server_cpu + row.database_cpu);
            for stage in &self.stages {
                let Row { rate, full, p50, p99, server_cpu, database_cpu, errors, .. } = stage.row(work);
                let cells = [
                    number(full, 0),
                    number(rate, 0),
                    number(p50, 2),
                    number(p99, 2),
                    number(server_cpu, 3),
                    number(database_cpu, 3),
                    format!("**{}**", number((server_cpu + database_cpu) / one, 2)),
                ];
                // Writing to a String cannot fail.
                let _ = writeln!(
                    text,
                    "| {} | {} | {} | {errors} |",
                    work.name(),
                    stage.name(),
                    cells.join(" | ")
                );
            }
        }
        for error in self.errors().take(5) {
            let _ = writeln!(text, "\nError: {error}");
        }
        text
    }

    fn errors(&self) -> impl Iterator<Item = &String> {
        let asked = self.stages.iter().flat_map(|stage| &stage.asked);
        asked.flat_map(|asked| asked.full.errors.iter().chain(&asked.fixed.errors))
    }

    pub(super) fn json(&self) -> Value {
        let row = |row: Row| {
            json!({
                "request": row.work.name(), "rate": row.rate, "fullLoad": row.full, "p50": row.p50, "p99": row.p99,
                "serversCpu": row.server_cpu, "databaseCpu": row.database_cpu, "errors": row.errors,
            })
        };
        let stage = |stage: &Stage| json!({ "servers": stage.servers, "redis": stage.redis, "asked": stage.rows().map(row).collect::<Vec<_>>() });
        json!({
            "machine": self.machine, "loadBefore": self.load_before, "loadAfter": self.load_after, "size": self.size,
            "settings": self.settings, "stages": self.stages.iter().map(stage).collect::<Vec<_>>(),
            "errors": self.errors().take(20).collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_request_costs_is_compared_with_that_of_one_server() {
        let window = |server_cpu| Window {
            per_second: 1000.0,
            p50: 1.0,
            p99: 2.0,
            server_cpu,
            database_cpu: 0.1,
            resident: 0,
            errors: vec![],
        };
        let asked = |cpu| {
            let asked = |work| Asked { work, rate: 500.0, full: window(cpu), fixed: window(cpu) };
            Work::ALL.into_iter().map(asked).collect()
        };
        let report = Report {
            machine: "a machine".to_owned(),
            load_before: "0".to_owned(),
            load_after: "0".to_owned(),
            size: Size { tasks: 10, messages: 100 },
            settings: "none".to_owned(),
            stages: vec![
                Stage { servers: 1, redis: false, asked: asked(0.1) },
                Stage { servers: 2, redis: true, asked: asked(0.3) },
            ],
        };
        let text = report.markdown();
        assert!(
            text.contains(
                "| get task | 1 server | 1,000 | 500 | 1.00 | 2.00 | 0.100 | 0.100 | **1.00** | 0 |"
            ),
            "{text}"
        );
        assert!(
            text.contains(
                "| get task | 2 servers, Redis | 1,000 | 500 | 1.00 | 2.00 | 0.300 | 0.100 | **2.00** | 0 |"
            ),
            "{text}"
        );
    }
}
