//! Everything that one may see and has missed, in all tickets, from a position of the log on.

use faff_store::log::{self, Logged, Stream};
use faff_types::{Position, TaskId};
use serde::{Deserialize, Serialize};

use super::join::PAGE;
use super::live::{Asked, Reply, reply};
use super::tell::{Reach, Told, fitting, render};
use crate::access::rules::is_among;
use crate::event::Audience;
use crate::features::tasks;
use crate::http::{Problem, Subject};

/// Whoever has missed more events, seen or unseen, reads the lists anew.
const FAR_BEHIND: usize = 10_000;

#[derive(Debug, Deserialize)]
pub(super) struct Input {
    /// A position that an earlier answer gave; without one, the answer is where the log ends now.
    after: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Missed {
    events: Vec<Told>,
    /// Ask again from here.
    position: String,
    /// There is more: ask again at once.
    has_more: bool,
    /// Too much happened: read the lists anew, and go on from `position`.
    resync: bool,
}

pub(super) async fn sync(asked: Asked<'_>) -> Reply {
    let input: Option<Input> = asked.argument()?;
    let app = asked.app;
    app.realtime().limits.joins.count(Subject::User(asked.caller.id), app.now())?;
    let after = input.and_then(|input| input.after);
    let after = after.map(|text| parse(&text)).transpose()?;
    let scope = asked.caller.scope();
    let (events, visible, position, far) = asked
        .caller
        .read(async move |reader| {
            let far = match after {
                // The log was longer once: it is another one, from a backup.
                Some(after) if after > log::head(reader).await? => true,
                Some(after) => {
                    log::behind(reader, after, FAR_BEHIND + 1).await?
                        > i64::try_from(FAR_BEHIND).unwrap_or(i64::MAX)
                }
                None => false,
            };
            let Some(after) = after.filter(|_| !far) else {
                return Ok((Vec::new(), Vec::new(), log::head(reader).await?, far));
            };
            let events = log::after(reader, after, PAGE).await?;
            let position = events.last().map_or(after, |(position, _)| *position);
            let tasks: Vec<TaskId> = events.iter().filter_map(|(_, event)| task_of(event)).collect();
            let visible = tasks::visible(reader, &tasks, scope).await?;
            Ok((events, visible, position, far))
        })
        .await?;
    let mut has_more = events.len() == PAGE;
    let who = asked.caller.who();
    let concerns = |event: &Logged| {
        task_of(event).is_some_and(|task| visible.contains(&task) || event.kind == "task_deleted")
    };
    let (positions, events): (Vec<Position>, Vec<Logged>) =
        events.into_iter().filter(|(_, event)| concerns(event)).unzip();
    let mut events = render(app, &events).await?;
    let (fits, mut position) = (fitting(&events), position);
    if fits < events.len() {
        has_more = true;
        position = fits.checked_sub(1).and_then(|last| positions.get(last)).copied().unwrap_or(position);
        events.truncate(fits);
    }
    events.retain(|told| match &told.reach {
        Reach::Gone(Audience::Everyone) | Reach::Room => true,
        Reach::Gone(Audience::People(people)) => is_among(&who, false, people.iter().copied()),
        // It may have become another's between the two reads.
        Reach::Task(about, _) => about.is_for(&who),
        Reach::Gone(_) | Reach::Past(_) => false,
    });
    reply(&Missed { events, position: print(position), has_more, resync: far })
}

fn task_of(event: &Logged) -> Option<TaskId> {
    match event.stream {
        Stream::Task(task) => Some(task),
        Stream::User(_) | Stream::Workspace => None,
    }
}

fn print(position: Position) -> String {
    format!("{}-{}", position.tx, position.id)
}

fn parse(text: &str) -> Result<Position, Problem> {
    let position = text.split_once('-').and_then(|(tx, id)| {
        let number = |text: &str| text.parse::<i64>().ok().filter(|number| *number >= 0);
        Some(Position { tx: number(tx)?, id: number(id)? })
    });
    position.ok_or_else(|| Problem::field("after", "format", "after must be a position that sync has given"))
}
