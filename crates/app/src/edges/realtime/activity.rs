//! That something was said, for lists. Messages go to their rooms only; who watches lists is told which tickets they were in,
//! at most once a second and in few frames, however much is said: one for all tickets of the team, and one for each private
//! ticket that exists for them. It may be lost.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use faff_socketio::Frame;
use faff_types::{TaskId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::live::{Asked, Reply, reply};
use crate::App;
use crate::features::tasks::{self, Told, Visibility};
use crate::http::Problem;

const TOLD_EVERY: Duration = Duration::from_secs(1);
/// Tickets told at once, at most; those beyond are left out, since it may be lost.
const MOST: usize = 500;

/// Tickets in which something was said since it was told last.
#[derive(Debug, Default)]
pub(crate) struct Activity(Mutex<HashSet<TaskId>>);

impl Activity {
    /// Notes that something was said.
    pub(super) fn note(&self, task: TaskId) {
        let mut tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tasks.len() < MOST {
            tasks.insert(task);
        }
    }

    fn take(&self) -> Vec<TaskId> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_iter().collect()
    }
}

/// What is told of a ticket.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    task_id: TaskId,
    seq: i64,
    message_count: i64,
    last_message_at: Option<Timestamp>,
}

impl Line {
    fn new(told: &Told) -> Self {
        let task = &told.task;
        let (seq, message_count, last_message_at) = (task.seq, task.message_count, task.last_message_at);
        Self { task_id: task.id, seq, message_count, last_message_at }
    }
}

/// Begins or ends to be told.
pub(super) fn watch(asked: &Asked<'_>) -> Reply {
    #[derive(Deserialize)]
    struct Input {
        on: bool,
    }
    let Input { on } = asked.argument()?;
    asked.member.watch(on);
    reply(&json!({"on": on}))
}

pub(super) fn start(app: &App) {
    let app = app.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(TOLD_EVERY).await;
            let tasks = app.realtime().activity.take();
            if tasks.is_empty() || !app.realtime().rooms.is_watched() {
                continue;
            }
            if let Err(problem) = tell(&app, tasks).await {
                tracing::debug!(cause = problem.cause(), "what was said could not be told to lists");
            }
        }
    });
}

async fn tell(app: &App, tasks: Vec<TaskId>) -> Result<(), Problem> {
    let told = tasks::look_up(app, tasks).await?;
    let (team, private): (Vec<Told>, Vec<Told>) =
        told.into_iter().partition(|told| told.task.visibility == Visibility::Team);
    let rooms = &app.realtime().rooms;
    if !team.is_empty() {
        let frame = frame(&team.iter().map(Line::new).collect::<Vec<_>>())?;
        rooms.tell_watchers(|_| Some(&frame));
    }
    for told in private {
        let frame = frame(&[Line::new(&told)])?;
        rooms.tell_watchers(|who| told.is_for(who).then_some(&frame));
    }
    Ok(())
}

fn frame(lines: &[Line]) -> Result<Frame, Problem> {
    Frame::event("task_activity", &json!({"tasks": lines})).map_err(Problem::internal)
}
