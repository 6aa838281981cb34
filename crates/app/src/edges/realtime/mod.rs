//! Live conversations: Socket.IO (protocol 5) at `/socket.io/`, by WebSocket and by polling.
//!
//! A client connects with `auth: { token }`, joins tickets, and is sent what happens in them. What lasts comes from the
//! event log, whichever door or node it was written through: [`deliver`] is called by the log's follower and nobody else
//! sends an event that lasts. What is fleeting (typing, who is there, progress of uploads) goes to the room at once and to
//! the other nodes by the [`bus`]; it may be lost, and is never stored.
//!
//! Invariants:
//! - Per ticket and node, events go out in the order of `seq`, each once ([`rooms`]).
//! - What is sent to a client is for that client at the moment it is sent: an event that takes somebody's right away is
//!   followed before those behind it in the ticket's log, and ends their seat ([`deliver`]).
//! - Whoever sends has a login that is good now: each event asks for it, by the same [`crate::access::Caller`] as a
//!   request.
//! - An end of a login ends its sockets ([`end`]).

mod activity;
pub(crate) mod bus;
mod catch_up;
pub(crate) mod deliver;
mod door;
pub(crate) mod end;
mod join;
mod live;
mod nudge;
pub(crate) mod personal;
mod presence;
mod rooms;
mod say;
mod strangers;
mod tell;

use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use faff_socketio::Server;
use tokio::sync::Notify;

use live::Live;

use crate::http::Limiter;
use crate::{App, Rate, Settings};

pub(crate) use door::router;

/// What this node knows of its sockets.
#[derive(Debug)]
pub(crate) struct Realtime {
    pub(crate) rooms: rooms::Rooms,
    pub(crate) elsewhere: presence::Elsewhere,
    pub(crate) bus: bus::Bus,
    pub(crate) activity: activity::Activity,
    /// Somebody has committed something: the log is worth a look.
    pub(crate) wake: Notify,
    limits: Limits,
    /// The server holds the application, so this must not hold the server.
    server: OnceLock<Weak<Server<Live>>>,
}

/// The sockets of this node, in numbers.
#[derive(Debug)]
pub(crate) struct Census {
    /// Connected now.
    pub(crate) sockets: usize,
    pub(crate) rooms: usize,
    /// Lasting events sent to rooms, once for each socket.
    pub(crate) deliveries: u64,
    /// Connected since the start.
    pub(crate) opened: u64,
    /// Closed by this node since the start, by reason.
    pub(crate) closed: [(&'static str, u64); 4],
}

/// How often one user may do what, by sockets.
#[derive(Debug)]
struct Limits {
    connects: Limiter,
    messages: Limiter,
    joins: Limiter,
    nudges: Limiter,
}

impl Realtime {
    pub(crate) fn new(settings: &Settings) -> Self {
        // Who is free of the limit on requests is free of these.
        let rate = |count, seconds| {
            Limiter::new(Rate(settings.rate_user.0.map(|_| (count, Duration::from_secs(seconds)))))
        };
        let limits = Limits {
            connects: rate(200, 20),
            messages: rate(30, 3),
            joins: rate(200, 20),
            nudges: rate(20, 5),
        };
        Self {
            rooms: rooms::Rooms::default(),
            elsewhere: presence::Elsewhere::default(),
            bus: bus::Bus::default(),
            activity: activity::Activity::default(),
            wake: Notify::new(),
            limits,
            server: OnceLock::new(),
        }
    }

    /// What metrics tell of sockets, as long as there are any.
    pub(crate) fn census(&self) -> Option<Census> {
        let server = self.server()?;
        let (counted, (rooms, deliveries)) = (server.counters(), self.rooms.census());
        Some(Census {
            sockets: server.sessions(),
            rooms,
            deliveries,
            opened: counted.opened(),
            closed: [
                ("slow", counted.slow()),
                ("silent", counted.silent()),
                ("faulty", counted.faulty()),
                ("panic", counted.panics()),
            ],
        })
    }

    /// The server of the sockets, as long as there is one.
    fn server(&self) -> Option<Arc<Server<Live>>> {
        self.server.get()?.upgrade()
    }
}

/// Starts what runs beside the sockets.
pub(crate) fn start(app: &App) {
    bus::start(app);
    presence::start(app);
    activity::start(app);
    end::start(app);
}
