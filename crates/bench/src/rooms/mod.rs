//! Rooms of sockets: how fast a message comes to everyone in a room, and what a socket costs, beside Node's socket.io
//! and the least that a server can do. All speak to the same client, and each is a process of its own.

mod accounts;
mod arguments;
mod browser;
mod client;
mod files;
mod latency;
mod limit;
mod packet;
mod plan;
mod report;
mod sender;
mod shared;
mod side;
mod socket;

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde::de::DeserializeOwned;

use crate::server::Server;
use crate::{Outcome, lock, machine, run};
use plan::{Plan, Sit, Talk, Work};
use report::{Report, Room, Seats};
use side::{Place, Side};

pub(crate) use arguments::RoomsArguments;
pub(crate) use client::run as client;
pub(crate) use limit::serve as limit;
pub(crate) use packet::Packet;
pub(crate) use plan::Arrival;
pub(crate) use socket::Socket;

/// Sockets in a room while its members are silent.
const QUIET_ROOM: usize = 50;
/// Before memory is looked at, in seconds.
const SETTLE: f64 = 5.0;
/// Before a side is measured, in seconds.
const WARM_UP: f64 = 2.0;

/// A side that is running, and who is known there.
struct Running {
    side: Side,
    server: Server,
    tokens: Vec<String>,
    tasks: Vec<i64>,
}

/// Measures what was asked for, and reports.
pub(crate) fn measure(arguments: &RoomsArguments) -> Outcome<()> {
    files::allow(arguments.most_sockets())?;
    let target = run::target()?;
    let folder = target.join("bench");
    let _alone = lock::hold(&folder)?;
    let sides: Vec<Side> = arguments.sides().collect();
    let place = Place::prepare(&sides, &target, arguments.server.as_deref())?;
    let load_before = machine::load();
    let mut bench = Bench { arguments, place, runs: 0 };
    let rooms = if arguments.rounds > 0 { bench.rooms(&sides)? } else { Vec::new() };
    let seats = if arguments.sockets > 0 { bench.seats(&sides)? } else { Vec::new() };
    let report = Report {
        machine: machine::description(),
        load_before,
        load_after: machine::load(),
        settings: format!(
            "medians of {} rounds of {} s at full and at half load; the client is one thread on the same cores",
            arguments.rounds, arguments.seconds
        ),
        versions: bench.place.versions(&sides),
        rooms,
        seats,
    };
    crate::publish(&report.markdown(), &report.json(), arguments.out.as_deref())
}

struct Bench<'a> {
    arguments: &'a RoomsArguments,
    place: Place,
    /// Plans that were carried out.
    runs: u64,
}

impl Bench<'_> {
    /// The sides in turn, round by round, in every room.
    fn rooms(&mut self, sides: &[Side]) -> Outcome<Vec<Room>> {
        let sizes = &self.arguments.room;
        let running = sides.iter().map(|&side| self.place.start(side, sizes.len()));
        let running = running.collect::<Outcome<Vec<_>>>()?;
        let mut rooms = Vec::new();
        for (at, &sockets) in sizes.iter().enumerate() {
            let mut room = Room::new(sockets, sides);
            for _ in 0..self.arguments.rounds {
                for (side, measured) in running.iter().zip(&mut room.sides) {
                    let task = *side.tasks.get(at).ok_or("too few tasks")?;
                    let seconds = f64::from(self.arguments.seconds);
                    let work = Work::Talk { task, sockets, warm_up: WARM_UP, seconds };
                    match self.carry_out::<Talk>(side, work) {
                        Ok(talk) => {
                            eprintln!("room of {sockets}: {:15}{}", side.side.name(), report::short(&talk));
                            measured.rounds.push(talk);
                        }
                        Err(error) => {
                            eprintln!("room of {sockets}: {:15}{error}", side.side.name());
                            measured.failures.push(error.to_string());
                        }
                    }
                }
            }
            rooms.push(room);
        }
        Ok(rooms)
    }

    /// What sockets cost that do nothing, each time on a new server.
    fn seats(&mut self, sides: &[Side]) -> Outcome<Vec<Seats>> {
        let sockets = self.arguments.sockets;
        let mut all = Vec::new();
        for &side in sides {
            for arrival in [Arrival::WebSocket, Arrival::Browser] {
                if side == Side::Batching || (side, arrival) == (Side::Limit, Arrival::Browser) {
                    continue;
                }
                let running = self.place.start(side, sockets.div_ceil(QUIET_ROOM))?;
                let tasks = running.tasks.clone();
                let work = Work::Sit { tasks, sockets, room: QUIET_ROOM, arrival, settle: SETTLE };
                let sit = self.carry_out::<Sit>(&running, work).map_err(|error| error.to_string());
                let seats = Seats { side, arrival, sit };
                eprintln!("{}", seats.row());
                all.push(seats);
            }
        }
        Ok(all)
    }

    /// Has the client do something, in a process of its own.
    fn carry_out<T: DeserializeOwned>(&mut self, running: &Running, work: Work) -> Outcome<T> {
        self.runs += 1;
        let Running { server, tokens, .. } = running;
        let plan = Plan {
            address: server.address,
            server: server.id(),
            run: self.runs,
            tokens: tokens.clone(),
            work,
        };
        let mut client = Command::new(std::env::current_exe()?)
            .arg("rooms-client")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        client.stdin.take().ok_or("no input")?.write_all(&serde_json::to_vec(&plan)?)?;
        let output = client.wait_with_output()?;
        if output.status.success() {
            Ok(serde_json::from_slice(&output.stdout)?)
        } else {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(said.trim().trim_start_matches("faff-bench: ").into())
        }
    }
}
