//! What was measured, as Markdown and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::plan::{Arrival, Sit, Talk, Window};
use super::side::Side;
use crate::report::{mib, number};
use crate::server::median;

/// Which sides are compared.
const PAIRS: [(Side, Side); 4] = [
    (Side::Faff, Side::Socketio),
    (Side::Faff, Side::Limit),
    (Side::Faff, Side::Batching),
    (Side::Socketio, Side::Limit),
];

/// A whole run.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) machine: String,
    pub(super) load_before: String,
    pub(super) load_after: String,
    pub(super) settings: String,
    pub(super) versions: String,
    pub(super) rooms: Vec<Room>,
    pub(super) seats: Vec<Seats>,
}

/// What was measured in a room of one size.
#[derive(Debug)]
pub(super) struct Room {
    sockets: usize,
    pub(super) sides: Vec<Measured>,
}

/// What was measured of a side.
#[derive(Debug)]
pub(super) struct Measured {
    side: Side,
    pub(super) rounds: Vec<Talk>,
    /// Rounds that came to nothing.
    pub(super) failures: Vec<String>,
}

/// What idle sockets cost a side.
#[derive(Debug)]
pub(super) struct Seats {
    pub(super) side: Side,
    pub(super) arrival: Arrival,
    pub(super) sit: Result<Sit, String>,
}

/// For whoever waits.
pub(super) fn short(talk: &Talk) -> String {
    let Talk { full, half, missing, errors } = talk;
    format!(
        "{:>9}/s  {:6.2} us  half load: {:>9}/s  p50 {:.2} ms  p99 {:.2} ms  client {:.2} cores  {missing} missing  {} errors",
        number(full.per_second(), 0),
        full.micros(),
        number(half.per_second(), 0),
        half.p50,
        half.p99,
        full.client_cores(),
        errors.len(),
    )
}

impl Measured {
    fn full(&self, value: impl Fn(&Window) -> f64) -> f64 {
        median(self.rounds.iter().map(|talk| value(&talk.full)))
    }

    fn half(&self, value: impl Fn(&Window) -> f64) -> f64 {
        median(self.rounds.iter().map(|talk| value(&talk.half)))
    }

    fn errors(&self) -> impl Iterator<Item = &String> {
        self.rounds.iter().flat_map(|talk| &talk.errors).chain(&self.failures)
    }

    fn row(&self) -> String {
        let numbers = [
            number(self.full(Window::per_second), 0),
            number(self.full(Window::micros), 2),
            number(self.full(Window::kernel_micros), 2),
            number(self.full(|window| window.server / window.seconds), 2),
            number(self.full(Window::client_cores), 2),
            number(self.full(|window| window.p50), 2),
            number(self.full(|window| window.p99), 2),
            number(self.half(Window::per_second), 0),
            number(self.half(|window| window.p50), 2),
            number(self.half(|window| window.p99), 2),
            number(self.full(Window::bytes_each), 0),
            number(self.full(Window::others_each), 2),
        ];
        let missing: i64 = self.rounds.iter().map(|talk| talk.missing).sum();
        format!("| {} | {} | {missing} | {} |", self.side.name(), numbers.join(" | "), self.errors().count())
    }
}

impl Room {
    pub(super) fn new(sockets: usize, sides: &[Side]) -> Self {
        let measured = |&side| Measured { side, rounds: Vec::new(), failures: Vec::new() };
        Self { sockets, sides: sides.iter().map(measured).collect() }
    }

    /// What one side reaches for one of another: in a second, and in a second of CPU time.
    fn ratio(&self, side: Side, of: Side) -> Option<(f64, f64)> {
        let find =
            |side| self.sides.iter().find(|measured| measured.side == side && !measured.rounds.is_empty());
        let (side, of) = (find(side)?, find(of)?);
        let rate = side.full(Window::per_second) / of.full(Window::per_second);
        // Less time for a delivery is more deliveries in that time.
        Some((rate, of.full(Window::micros) / side.full(Window::micros)))
    }

    fn ratios(&self) -> String {
        let ratios = PAIRS.into_iter().filter_map(|(side, of)| {
            let (rate, cpu) = self.ratio(side, of)?;
            let name = format!("{}/{}", side.name(), of.name());
            Some(format!("**{name}** {} per CPU second, {} per second", number(cpu, 2), number(rate, 2)))
        });
        ratios.collect::<Vec<_>>().join("; ")
    }

    fn write(&self, text: &mut String) {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "\n## Room of {}\n\n| side | deliveries/s | CPU us for each | in the kernel | its cores | client's cores | p50 ms | p99 ms \
             | half load/s | p50 ms | p99 ms | bytes | other events for each | missing | errors |\n\
             |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
            self.sockets
        );
        for side in &self.sides {
            let _ = writeln!(text, "{}", side.row());
        }
        let ratios = self.ratios();
        if !ratios.is_empty() {
            let _ = writeln!(text, "\n{ratios}.");
        }
        for side in &self.sides {
            for error in side.errors().take(3) {
                let _ = writeln!(text, "\nError, {}: {error}", side.side.name());
            }
        }
    }

    fn json(&self) -> Value {
        let side = |measured: &Measured| json!({ "side": measured.side.name(), "rounds": measured.rounds, "failures": measured.failures });
        let ratios = PAIRS.into_iter().filter_map(|(side, of)| {
            let (rate, cpu) = self.ratio(side, of)?;
            let (side, of) = (side.name(), of.name());
            Some(json!({ "side": side, "of": of, "perSecond": rate, "perCpuSecond": cpu }))
        });
        json!({
            "sockets": self.sockets,
            "sides": self.sides.iter().map(side).collect::<Vec<_>>(),
            "ratios": ratios.collect::<Vec<_>>(),
        })
    }
}

impl Arrival {
    const fn name(self) -> &'static str {
        match self {
            Self::WebSocket => "WebSocket",
            Self::Browser => "polling, then WebSocket",
        }
    }
}

impl Seats {
    pub(super) fn row(&self) -> String {
        let Self { side, arrival, sit } = self;
        let (side, arrival) = (side.name(), arrival.name());
        match sit {
            Ok(sit) => {
                let (before, with, each) = (mib(sit.before), mib(sit.with), number(sit.each(), 1));
                format!("| {side} | {arrival} | {before} | {with} | {each} |")
            }
            Err(error) => format!("| {side} | {arrival} | {error} | - | - |"),
        }
    }

    fn json(&self) -> Value {
        let Self { side, arrival, sit } = self;
        json!({
            "side": side.name(), "arrival": arrival.name(), "sit": sit.as_ref().ok(), "error": sit.as_ref().err(),
            "kibEach": sit.as_ref().ok().map(|sit| sit.each()),
        })
    }
}

impl Report {
    pub(super) fn markdown(&self) -> String {
        let Self { machine, load_before, load_after, settings, versions, .. } = self;
        let mut text = format!(
            "{machine}; load average {load_before} before, {load_after} after; {versions}; {settings}.\n\
             A delivery is a message that came to a socket. At full load 8 messages are under way, each until it was \
             acknowledged and came to everyone; at half load they are sent at half that side's rate. Latencies are from \
             sent to delivered. The limit does nothing but write, a system call for each delivery; the batching one puts \
             what waits for a socket into one.\n"
        );
        for room in &self.rooms {
            room.write(&mut text);
        }
        if !self.seats.is_empty() {
            text.push_str(
                "\n## Idle sockets\n\nLogged in, and joined to rooms of 50.\n\n\
                 | side | arrival | before | with them | KiB for each |\n|---|---|--:|--:|--:|\n",
            );
            for seats in &self.seats {
                let _ = writeln!(text, "{}", seats.row());
            }
        }
        text
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "machine": self.machine, "loadBefore": self.load_before, "loadAfter": self.load_after,
            "settings": self.settings, "versions": self.versions,
            "rooms": self.rooms.iter().map(Room::json).collect::<Vec<_>>(),
            "seats": self.seats.iter().map(Seats::json).collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_compared_by_rate_and_by_cpu_time() {
        let talk = |deliveries, server| {
            let full = Window { seconds: 2.0, deliveries, server, ..Window::default() };
            Talk { full, half: Window::default(), missing: 0, errors: Vec::new() }
        };
        let mut room = Room::new(50, &[Side::Faff, Side::Socketio, Side::Limit]);
        for (side, round) in room.sides.iter_mut().zip([talk(1000, 1.0), talk(500, 2.0)]) {
            side.rounds.push(round);
        }
        assert_eq!(room.ratios(), "**Faff/Node** 4.00 per CPU second, 2.00 per second");
        room.sides[1].failures.push("it did not answer".to_owned());
        let mut text = String::new();
        room.write(&mut text);
        assert!(text.contains("| Faff | 500 | 1,000.00 |"), "{text}");
        assert!(text.contains("| limit | - | - |"), "{text}");
        assert!(text.contains("Error, Node: it did not answer"), "{text}");
    }
}
