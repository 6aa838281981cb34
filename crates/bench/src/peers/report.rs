//! What was measured, as Markdown and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::report::{counted, mib, number};
use crate::seed::world::Size;
use crate::server::{Idle, median};
use crate::window::Window;

/// A whole run.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) machine: String,
    pub(super) load_before: String,
    pub(super) load_after: String,
    pub(super) size: Size,
    pub(super) peer: String,
    pub(super) durability: String,
    pub(super) settings: String,
    pub(super) asked: Vec<Asked>,
    pub(super) idle: Option<[Idle; 2]>,
}

/// What was measured of one kind of request; Faff's rounds, and the peer's.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) name: &'static str,
    pub(super) closed: [Vec<Window>; 2],
    /// Requests a second that came to both.
    pub(super) rate: f64,
    pub(super) open: [Vec<Window>; 2],
}

fn of(rounds: &[Window], value: impl Fn(&Window) -> f64) -> f64 {
    median(rounds.iter().map(value))
}

impl Asked {
    /// What the slower side answers in a second.
    pub(super) fn slower(&self) -> f64 {
        let [ours, theirs] = self.both(|window| window.per_second);
        ours.min(theirs)
    }

    fn both(&self, value: impl Fn(&Window) -> f64) -> [f64; 2] {
        self.closed.each_ref().map(|rounds| of(rounds, &value))
    }

    fn errors(&self) -> impl Iterator<Item = (&'static str, &String)> {
        [&self.closed, &self.open].into_iter().flat_map(|sides| {
            let named = ["Faff", "Node"].into_iter().zip(sides);
            named.flat_map(|(name, rounds)| {
                rounds.iter().flat_map(|window| &window.errors).map(move |error| (name, error))
            })
        })
    }

    fn row(&self) -> String {
        let [our_rate, their_rate] = self.both(|window| window.per_second);
        let [our_p50, their_p50] = self.both(|window| window.p50);
        let [our_p99, their_p99] = self.both(|window| window.p99);
        let [our_cpu, their_cpu] = self.both(Window::cpu);
        let [our_database, their_database] = self.both(|window| window.database_cpu);
        let cells = [
            number(our_rate, 0),
            number(their_rate, 0),
            format!("**{}**", number(our_rate / their_rate, 1)),
            number(our_p50, 2),
            number(their_p50, 2),
            number(our_p99, 2),
            number(their_p99, 2),
            format!("**{}**", number(their_p99 / our_p99, 1)),
            number(our_cpu, 3),
            number(our_database, 3),
            number(their_cpu, 3),
            number(their_database, 3),
            format!("**{}**", number(their_cpu / our_cpu, 1)),
        ];
        format!("| {} | {} | {} |", self.name, cells.join(" | "), self.errors().count())
    }

    fn open_row(&self) -> String {
        let [ours, theirs] = &self.open;
        let (our_p99, their_p99) = (of(ours, |window| window.p99), of(theirs, |window| window.p99));
        let cells = [
            number(self.rate, 0),
            number(of(ours, |window| window.p50), 2),
            number(of(theirs, |window| window.p50), 2),
            number(our_p99, 2),
            number(their_p99, 2),
            format!("**{}**", number(their_p99 / our_p99, 1)),
            number(of(ours, Window::cpu), 3),
            number(of(theirs, Window::cpu), 3),
        ];
        format!("| {} | {} |", self.name, cells.join(" | "))
    }

    fn json(&self) -> Value {
        let [our_rate, their_rate] = self.both(|window| window.per_second);
        let [our_p99, their_p99] = self.both(|window| window.p99);
        let [our_cpu, their_cpu] = self.both(Window::cpu);
        let [closed, theirs] = &self.closed;
        let [open, their_open] = &self.open;
        let errors: Vec<String> =
            self.errors().take(20).map(|(side, error)| format!("{side}: {error}")).collect();
        json!({
            "request": self.name,
            "fullLoad": { "faff": closed, "peer": theirs },
            "ratios": { "perSecond": our_rate / their_rate, "p99": their_p99 / our_p99, "cpu": their_cpu / our_cpu },
            "fixedRate": { "perSecond": self.rate, "faff": open, "peer": their_open },
            "errors": errors,
        })
    }
}

impl Report {
    pub(super) fn markdown(&self) -> String {
        let Self { machine, load_before, load_after, size, peer, durability, settings, .. } = self;
        let mut text = format!(
            "{machine}; load average {load_before} before, {load_after} after; {} tasks, {} messages; {settings}. {durability}. \
             Beside {peer}.\n\n\
             At full load, each connection asks again as soon as it was answered. CPU is the server's with that of the \
             PostgreSQL processes that serve it, of which the second figure is the latter's share. Ratios say how many times \
             better Faff is.\n\n\
             | request | Faff/s | Node/s | ratio | Faff p50 ms | Node p50 | Faff p99 ms | Node p99 | ratio | Faff CPU s per 1,000 \
             | PostgreSQL's | Node CPU s | PostgreSQL's | ratio | errors |\n\
             |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
            counted(size.tasks),
            counted(size.messages),
        );
        for asked in &self.asked {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{}", asked.row());
        }
        text.push_str(
            "\nAt a fixed rate, half of what the slower side reaches, the same for both. Latencies count from when a request was \
             due, whether or not anything was free to send it; timers are exact to a millisecond.\n\n\
             | request | requests/s | Faff p50 ms | Node p50 | Faff p99 ms | Node p99 | ratio | Faff CPU s per 1,000 | Node CPU s |\n\
             |---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
        );
        for asked in &self.asked {
            let _ = writeln!(text, "{}", asked.open_row());
        }
        let [ours, theirs] = [0, 1].map(|side| self.resident(side));
        let _ = writeln!(text, "\nMemory under load, at most: Faff {}, Node {}.", mib(ours), mib(theirs));
        if let Some([ours, theirs]) = &self.idle {
            let _ = writeln!(
                text,
                "Idle after 10 s: Faff {}, Node {}. From the start to the first answer from the database: Faff {:.0} ms, Node \
                 {:.0} ms.",
                mib(ours.usage.resident),
                mib(theirs.usage.resident),
                ours.first_task,
                theirs.first_task
            );
        }
        for (side, error) in self.asked.iter().flat_map(Asked::errors).take(5) {
            let _ = writeln!(text, "\nError, {side}: {error}");
        }
        text
    }

    fn resident(&self, side: usize) -> u64 {
        let rounds = self
            .asked
            .iter()
            .flat_map(|asked| asked.closed.get(side).into_iter().chain(asked.open.get(side)));
        rounds.flatten().map(|window| window.resident).max().unwrap_or(0)
    }

    pub(super) fn json(&self) -> Value {
        let idle =
            |idle: &Idle| json!({ "residentBytes": idle.usage.resident, "firstTaskMs": idle.first_task });
        let both = self.idle.as_ref().map(|both| both.each_ref().map(idle));
        json!({
            "machine": self.machine, "loadBefore": self.load_before, "loadAfter": self.load_after, "size": self.size,
            "peer": self.peer, "durability": self.durability, "settings": self.settings,
            "asked": self.asked.iter().map(Asked::json).collect::<Vec<_>>(),
            "memoryUnderLoad": [self.resident(0), self.resident(1)],
            "idle": both,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_say_how_many_times_better_faff_is() {
        let window = |per_second, p99, server_cpu| Window {
            per_second,
            p50: 1.0,
            p99,
            server_cpu,
            database_cpu: 0.1,
            resident: 0,
            errors: vec![],
        };
        let asked = Asked {
            name: "get task",
            closed: [vec![window(1000.0, 2.0, 0.1)], vec![window(100.0, 50.0, 2.1)]],
            rate: 50.0,
            open: [vec![window(50.0, 1.0, 0.1)], vec![window(50.0, 4.0, 2.1)]],
        };
        assert!((asked.slower() - 100.0).abs() < f64::EPSILON);
        let row = asked.row();
        assert!(row.starts_with("| get task | 1,000 | 100 | **10.0** |"), "{row}");
        assert!(
            row.ends_with("| 2.00 | 50.00 | **25.0** | 0.200 | 0.100 | 2.200 | 0.100 | **11.0** | 0 |"),
            "{row}"
        );
        assert!(asked.open_row().contains("| 50 | 1.00 | 1.00 | 1.00 | 4.00 | **4.0** |"));
    }
}
