//! Joins a ticket's room, with everything that was missed, and leaves it.

use faff_store::log::{self, Stream};
use faff_types::{Planted, TaskId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::live::{Asked, Reply, Ticket, reply};
use super::presence;
use super::rooms::NoSeat;
use super::tell::{Told, fitting, render};
use crate::features::people::UserRef;
use crate::features::tasks;
use crate::http::{Code, Problem, Subject};

/// Events in one answer.
pub(super) const PAGE: usize = 200;
/// A client that has missed more reads the ticket anew.
const FAR_BEHIND: i64 = 5_000;

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a taskId, or {taskId, afterSeq}")]
pub(super) enum Input {
    Task(TaskId),
    #[serde(rename_all = "camelCase")]
    After {
        task_id: TaskId,
        after_seq: Option<i64>,
    },
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Joined {
    task_id: TaskId,
    /// Where the ticket's log ends.
    seq: i64,
    /// What came after `afterSeq`, in order.
    events: Vec<Told>,
    /// More than these came: ask again after the last one's `seq`.
    has_more: bool,
    /// Too much came, or `afterSeq` was never reached: read the ticket anew.
    resync: bool,
    /// Who has it open.
    viewers: Vec<UserRef>,
}

pub(super) async fn join(asked: Asked<'_>) -> Reply {
    let (task, after) = match asked.argument()? {
        Input::Task(task) => (task, None),
        Input::After { task_id, after_seq } => (task_id, after_seq),
    };
    if after.is_some_and(|after| after < 0) {
        return Err(Problem::field("afterSeq", "range", "afterSeq must be 0 or the seq of an event"));
    }
    let (app, member, rooms) = (asked.app, asked.member, &asked.app.realtime().rooms);
    app.realtime().limits.joins.count(Subject::User(asked.caller.id), app.now())?;
    rooms.sit(member, task).map_err(|no_seat| match no_seat {
        NoSeat::TooMany => Problem::new(Code::TooManyJoined, "You have joined too many tasks; leave some"),
        NoSeat::Gone => Problem::unauthenticated(),
    })?;
    let joined = read(&asked, task, after).await.inspect_err(|_| {
        rooms.leave(member, task);
    })?;
    let last = joined.events.last().map_or(0, |told| told.seq);
    let reached = if joined.has_more { joined.seq } else { joined.seq.max(last) };
    let answer = reply(&Joined { seq: reached, ..joined })?;
    let answered = rooms.reach(member, task, (reached, after.is_some()), || {
        if let (Some(ack), Some(answer)) = (asked.event.ack, &answer) {
            member.socket.acknowledge(ack, answer);
        }
    });
    if answered { Ok(None) } else { Err(Problem::not_found("Task")) }
}

async fn read(asked: &Asked<'_>, task: TaskId, after: Option<i64>) -> Result<Joined, Problem> {
    let scope = asked.caller.scope();
    let off = i64::from(Planted::CatchUpOffByOne.is_on());
    let (seq, missed) = asked
        .caller
        .read(async move |reader| {
            let seq = tasks::head(reader, task, scope).await?.ok_or_else(|| Problem::not_found("Task"))?;
            let near = after.filter(|after| (seq - FAR_BEHIND..seq).contains(after));
            let missed = match near {
                Some(after) => log::of_stream(reader, Stream::Task(task), after + off, PAGE + 1).await?,
                None => Vec::new(),
            };
            Ok((seq, missed))
        })
        .await?;
    if !asked.app.realtime().rooms.admit_to(asked.member, task, seq) {
        return Err(Problem::not_found("Task"));
    }
    let resync = after.is_some_and(|after| after > seq || after < seq - FAR_BEHIND);
    let mut events = render(asked.app, &missed).await?;
    events.truncate(fitting(&events).min(PAGE));
    let has_more = events.len() < missed.len();
    Ok(Joined { task_id: task, seq, events, has_more, resync, viewers: presence::people(asked.app, task) })
}

pub(super) fn leave(asked: &Asked<'_>) -> Reply {
    let task = asked.argument::<Ticket>()?.id();
    asked.app.realtime().rooms.leave(asked.member, task);
    reply(&json!({"taskId": task}))
}
