//! Follows the event log on this node: forgets what it makes stale, and tells the sockets.
//!
//! Invariants:
//! - Nobody else tells sockets of events, and this does one thing after the other; so a node's order is the log's.
//! - A commit of this node is told past the database where it is the very next of its room ([`realtime::deliver::fresh`]).
//!   Everything else is found by looking at the log: when this node or another has committed something that needs it, and
//!   at least every [`POLL`], which is what counts; whatever wakes it may be lost.
//! - It begins before anybody is let in: what is committed after somebody has joined lies behind its place.

use std::time::Duration;

use faff_store::Reader;
use faff_store::log;
use faff_types::{Planted, Point, Position};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::realtime::{self, bus::Note};
use crate::App;
use crate::access::System;
use crate::http::Problem;
use crate::news::Fresh;

/// How long a change of another process may go unnoticed.
const POLL: Duration = Duration::from_millis(400);
/// Between two looks at the log, so that many commits are one look.
const PAUSE: Duration = Duration::from_millis(5);
/// Events taken at once.
const PAGE: usize = 500;
/// Commits of this node taken at once.
const COMMITS: usize = 256;

/// Starts following, from where the log ends now. It ends with the runtime.
pub(crate) async fn start(app: &App) -> Result<(), Problem> {
    let system = System::for_reason(app, "who follows the log must know where it ends");
    let head = system.read(async |reader: &mut Reader<'_>| Ok::<_, Problem>(log::head(reader).await?));
    let head = head.await?;
    let Some(news) = app.news().receiver() else { return Ok(()) };
    let app = app.clone();
    tokio::spawn(async move { run(&app, head, news).await });
    Ok(())
}

async fn run(app: &App, mut position: Position, mut news: mpsc::Receiver<Fresh>) {
    let (mut looked, mut due) = (Instant::now(), Instant::now());
    let mut pause = PAUSE;
    loop {
        let mut commits = Vec::new();
        tokio::select! {
            biased;
            () = tokio::time::sleep_until(due) => {
                looked = Instant::now();
                due = looked + POLL;
                match follow(app, &mut position).await {
                    Ok(()) => app.last_word().heard(looked),
                    Err(problem) => tracing::warn!(cause = problem.cause(), "the event log could not be followed"),
                }
                // While much is unsettled, it is read again each time: not too often.
                pause = PAUSE.max(looked.elapsed() * 4).min(POLL);
            }
            _ = news.recv_many(&mut commits, COMMITS) => {
                app.realtime().bus.say(Note::Wake);
                if realtime::deliver::fresh(app, commits) {
                    due = due.min(looked + pause);
                }
            }
            () = app.realtime().wake.notified() => due = due.min(looked + pause),
        }
    }
}

/// Applies everything that is committed behind `position`, and moves it as far as the log is settled.
async fn follow(app: &App, position: &mut Position) -> Result<(), Problem> {
    let system = System::for_reason(app, "what this node remembers must follow the log");
    let mut at = *position;
    loop {
        let page = system
            .read(async move |reader: &mut Reader<'_>| Ok::<_, Problem>(log::page(reader, at, PAGE).await?))
            .await?;
        // What is not settled yet is applied too, and again once it is: forgetting twice is harmless, and sockets are
        // told once; while a transaction that stays open elsewhere would delay it for as long.
        let settled_events = page.settled.iter().map(|(_, event)| (event, true));
        let mut events: Vec<_> =
            settled_events.chain(page.ahead.iter().map(|event| (event, false))).collect();
        if Planted::LogBackwards.is_on() {
            events.reverse();
        }
        if Planted::CursorFirst.is_on()
            && let Some((last, _)) = page.settled.last()
        {
            *position = *last;
            if Planted::CursorFirst.is_due(10) {
                return Err(Problem::internal("a mistake on purpose"));
            }
        }
        for (event, _) in &events {
            app.forget(event);
            realtime::end::heard(app, event);
        }
        realtime::deliver::logged(app, &events).await?;
        if let Some((last, _)) = page.settled.last() {
            Point::BeforeMoving.pass();
            *position = *last;
        }
        let read = events.len();
        match page.end() {
            Some(end) if read == PAGE => at = end,
            _ => return Ok(()),
        }
    }
}
