//! Whether a client is there, and whether it has connected in time.

use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, Sleep};

use crate::Config;
use crate::frame::Frame;
use crate::session::{Reason, Session};

/// How long a client that may not have been heard is waited for.
const GRACE: Duration = Duration::from_secs(1);

/// The signs of life of a client, and the time it has to connect.
pub(crate) struct Beat {
    pub(crate) timer: Pin<Box<Sleep>>,
    interval: Duration,
    patience: Duration,
    next_ping: Instant,
    /// Until when an answer must have come.
    pong_by: Option<Instant>,
    connect_by: Option<Instant>,
}

impl Beat {
    pub(crate) fn new(config: &Config, timer: Pin<Box<Sleep>>) -> Self {
        let now = Instant::now();
        let mut beat = Self {
            timer,
            interval: config.ping_interval,
            patience: config.ping_timeout,
            next_ping: now + config.ping_interval,
            pong_by: None,
            connect_by: Some(now + config.connect_timeout),
        };
        beat.arm();
        beat
    }

    fn arm(&mut self) {
        let due = self.pong_by.unwrap_or(self.next_ping);
        let due = self.connect_by.map_or(due, |connect_by| connect_by.min(due));
        self.timer.as_mut().reset(due);
    }

    pub(crate) fn connected(&mut self) {
        self.connect_by = None;
        self.arm();
    }

    /// Has left everything. It may join again, as in the beginning.
    pub(crate) fn left(&mut self, connect_timeout: Duration) {
        self.connect_by.get_or_insert(Instant::now() + connect_timeout);
        self.arm();
    }

    /// Something was done for it. What it has sent meanwhile lies unread, a sign of life maybe among it.
    pub(crate) fn worked(&mut self, session: &Session) {
        let grace = Instant::now() + GRACE;
        if self.pong_by.is_some_and(|due| due < grace) {
            self.pong_by = Some(grace);
            session.expect_life(self.pong_by);
            self.arm();
        }
    }

    pub(crate) fn heard(&mut self) {
        self.pong_by = None;
        self.next_ping = Instant::now() + self.interval;
        self.arm();
    }

    pub(crate) fn tick(&mut self, session: &Session, busy: bool) -> Result<(), Reason> {
        let now = Instant::now();
        if self.connect_by.is_some_and(|due| due <= now) {
            return Err(Reason::Unconnected);
        }
        match self.pong_by {
            Some(due) if due <= now => {
                if !busy {
                    return Err(Reason::Silent);
                }
                // Its answer may wait unread behind what is being done for it.
                self.pong_by = Some(now + GRACE);
                session.expect_life(self.pong_by);
            }
            None if self.next_ping <= now => {
                session.push([Frame::PING]);
                // Being late is our own fault; a little of it does not matter.
                let late = now - self.next_ping > self.patience / 2;
                self.pong_by = Some(if late { now } else { self.next_ping } + self.patience);
                session.expect_life(self.pong_by);
            }
            _ => {}
        }
        self.arm();
        Ok(())
    }
}
