//! Tells the sockets of this node what has happened. Only the log's follower calls this, one page after the other: that
//! is what keeps the order.

use std::collections::HashMap;

use faff_socketio::Frame;
use faff_store::log::{Logged, Stream};
use faff_types::TaskId;
use serde_json::json;
use serde_json::value::RawValue;

use super::end;
use super::tell::{Reach, Told, is_for_lists, render, told};
use crate::App;
use crate::event::{Audience, Event};
use crate::http::Problem;
use crate::news::Fresh;

/// Tells of commits of this node, past the database: messages that are the very next of a room. Returns whether the log
/// must be looked at for the rest.
pub(crate) fn fresh(app: &App, commits: Vec<Fresh>) -> bool {
    let rooms = &app.realtime().rooms;
    let mut rest = false;
    for Fresh { events, views } in commits {
        let mut views: HashMap<(Stream, i64), String> =
            views.into_iter().map(|view| ((view.stream, view.seq), view.json)).collect();
        for event in events {
            end::heard(app, &event);
            let Stream::Task(task) = event.stream else { continue };
            if event.kind != Event::MESSAGE_POSTED {
                rest = true;
                continue;
            }
            let view = views.remove(&(event.stream, event.seq));
            match (rooms.is_next(task, event.seq), view.and_then(|json| RawValue::from_string(json).ok())) {
                // Nobody looks.
                (None, _) => {}
                (Some(true), Some(data)) => {
                    let told = told(task, event.seq, "new_message", data);
                    rest |= tell(app, &told).is_err();
                }
                _ => rest = true,
            }
        }
    }
    rest
}

/// Tells of events of the log, each with whether it is settled.
pub(crate) async fn logged(app: &App, events: &[(&Logged, bool)]) -> Result<(), Problem> {
    let rooms = &app.realtime().rooms;
    let of_task = |event: &Logged| match event.stream {
        Stream::Task(task) => Some(task),
        _ => None,
    };
    let wanted = events.iter().filter(|(event, _)| {
        of_task(event).is_some_and(|task| rooms.wants(task, event.seq, is_for_lists(&event.kind)))
    });
    let wanted: Vec<Logged> = wanted.map(|(event, _)| (*event).clone()).collect();
    for told in render(app, &wanted).await? {
        tell(app, &told)?;
    }
    for (event, _) in events.iter().filter(|(event, settled)| *settled && event.kind == Event::MESSAGE_POSTED)
    {
        if let Some(task) = of_task(event) {
            app.realtime().activity.note(task);
        }
    }
    for (event, settled) in events.iter().filter(|(event, _)| is_for_lists(&event.kind)) {
        if let Some(task) = of_task(event) {
            rooms.passed(task, event.seq, *settled);
        }
    }
    Ok(())
}

/// Tells of one event. Whoever has lost the right to the ticket is out before the rest of it is told.
fn tell(app: &App, told: &Told) -> Result<(), Problem> {
    let rooms = &app.realtime().rooms;
    let Told { task_id: task, seq, .. } = *told;
    match &told.reach {
        Reach::Room => rooms.tell_room(task, seq, Some(&told.frame()?)),
        Reach::Past(lost) => {
            let gone = gone(task, seq)?;
            rooms.tell_people(|who| lost.includes(who).then_some(&gone));
            rooms.tell_room(task, seq, None);
        }
        Reach::Task(about, lost) => {
            rooms.evict(task, seq, |who| about.is_for(who));
            let (frame, gone) = (told.frame()?, gone(task, seq)?);
            rooms.tell_people(|who| {
                if about.is_for(who) {
                    return Some(&frame);
                }
                lost.includes(who).then_some(&gone)
            });
            let look = Frame::event("refresh_task", &json!({"taskId": task, "seq": seq}));
            rooms.tell_room(task, seq, Some(&look.map_err(Problem::internal)?));
        }
        Reach::Gone(audience) => {
            let frame = told.frame()?;
            rooms.tell_people(|who| audience.includes(who).then_some(&frame));
            rooms.evict(task, seq, |_| false);
        }
    }
    Ok(())
}

fn gone(task: TaskId, seq: i64) -> Result<Frame, Problem> {
    Frame::event("task_deleted", &json!({"taskId": task, "id": task, "seq": seq})).map_err(Problem::internal)
}

impl Audience {
    /// Whether somebody is told of a ticket that is gone.
    fn includes(&self, who: &crate::access::Who) -> bool {
        use crate::access::rules::is_among;
        match self {
            Self::Everyone => true,
            Self::People(people) => is_among(who, false, people.iter().copied()),
            Self::Ticket | Self::Account => is_among(who, false, std::iter::empty()),
        }
    }
}
