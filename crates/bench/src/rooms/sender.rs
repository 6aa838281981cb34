//! A socket that talks.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::client::SENDERS;
use super::packet::Packet;
use super::shared::Shared;
use super::socket::Socket;
use crate::Outcome;

/// After that, a message is held for lost and the next one is sent.
const LOST: Duration = Duration::from_secs(10);

/// How to talk.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mode {
    /// Not at all.
    Silent,
    /// The next as soon as the last was acknowledged and came to everyone.
    Full,
    /// One of all senders at each interval, whatever became of the last.
    Paced { start: Instant, interval: Duration },
}

/// A socket that talks.
#[derive(Debug)]
pub(super) struct Sender {
    index: usize,
    task: i64,
    run: u64,
    socket: Socket,
    shared: Arc<Shared>,
    mode: watch::Receiver<Mode>,
    /// The number of the latest message, from 1, and whether it was acknowledged.
    number: u64,
    acknowledged: bool,
    /// When the present pace began, and the messages since.
    pace: (Option<Instant>, u32),
}

/// What to do next.
enum Next {
    Send,
    GiveUp,
    Change,
    Hear(Utf8Bytes),
}

impl Sender {
    pub(super) fn new(
        index: usize,
        task: i64,
        run: u64,
        socket: Socket,
        shared: Arc<Shared>,
        mode: watch::Receiver<Mode>,
    ) -> Self {
        Self { index, task, run, socket, shared, mode, number: 0, acknowledged: true, pace: (None, 0) }
    }

    /// Talks until the mode is no more, or the socket.
    pub(super) async fn run(mut self) -> Outcome<()> {
        let mut sent = Instant::now();
        loop {
            match self.next(sent).await? {
                Next::Hear(text) => self.hear(&text).await?,
                Next::Change => {}
                next => {
                    if matches!(next, Next::GiveUp) {
                        let Self { number, acknowledged, .. } = self;
                        self.shared.fail(format!("message {number} was lost (acknowledged: {acknowledged})"));
                    }
                    self.pace.1 += 1;
                    sent = Instant::now();
                    self.send().await?;
                }
            }
        }
    }

    /// Waits for what is to be done next.
    async fn next(&mut self, sent: Instant) -> Outcome<Next> {
        let Self { socket, shared, mode, index, acknowledged, number, pace, .. } = self;
        let now = *mode.borrow_and_update();
        if let Mode::Paced { start, .. } = now
            && pace.0 != Some(start)
        {
            *pace = (Some(start), 0);
        }
        let turn = async {
            match now {
                Mode::Full if *number == 0 => {}
                Mode::Full if *acknowledged => shared.everywhere(*index).await,
                Mode::Full | Mode::Silent => std::future::pending().await,
                Mode::Paced { start, interval } => {
                    tokio::time::sleep_until(turn(start, interval, pace.1, *index).into()).await;
                }
            }
        };
        let lost = async {
            match now {
                Mode::Full if *number > 0 => tokio::time::sleep_until((sent + LOST).into()).await,
                _ => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = turn => Ok(Next::Send),
            changed = mode.changed() => { changed?; Ok(Next::Change) }
            () = lost => Ok(Next::GiveUp),
            text = socket.receive() => Ok(Next::Hear(text?)),
        }
    }

    async fn hear(&mut self, text: &str) -> Outcome<()> {
        let Some(packet) = self.shared.hear(text) else { return Ok(()) };
        match packet {
            Packet::Ack { id, answer } => {
                if Packet::is_fine(answer) {
                    self.shared.acknowledge();
                } else {
                    self.shared
                        .fail(format!("a message was refused: {}", answer.get(..300).unwrap_or(answer)));
                }
                self.acknowledged |= id == self.number;
                Ok(())
            }
            packet => self.socket.answer(&packet).await,
        }
    }

    async fn send(&mut self) -> Outcome<()> {
        self.number += 1;
        self.acknowledged = false;
        let Self { index, task, run, number, .. } = *self;
        let content = self.shared.send(index, number).content();
        // Words and digits need no escapes.
        let packet = format!(
            "42{number}[\"send_message\",{{\"taskId\":{task},\"content\":\"{content}\",\"replyToId\":null,\
             \"clientId\":\"bench-{run}-{index}-{number}\"}}]"
        );
        self.socket.send(packet).await
    }
}

/// When a sender's turn comes for the `n`th time, from 0: one after the other.
fn turn(start: Instant, interval: Duration, n: u32, index: usize) -> Instant {
    let senders = u32::try_from(SENDERS).unwrap_or(u32::MAX);
    start + interval * (n * senders + u32::try_from(index).unwrap_or(0))
}
