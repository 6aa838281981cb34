//! What is fleeting: typing, "look again", the progress of an upload. Only for rooms one is in.

use faff_socketio::Frame;
use faff_types::TaskId;
use serde::Deserialize;
use serde_json::json;

use super::bus::Note;
use super::live::{Asked, Reply, Ticket, reply};
use super::rooms::Member;
use crate::App;
use crate::http::{Code, Problem, Subject};

/// A file's name, in characters.
const LONGEST_NAME: usize = 255;

pub(super) fn typing(asked: &Asked<'_>) -> Reply {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Input {
        task_id: TaskId,
        #[serde(default)]
        is_typing: bool,
    }
    let Input { task_id, is_typing } = asked.argument()?;
    check(asked, task_id)?;
    let (user, name) = (asked.caller.id, asked.caller.name.clone());
    say(asked, Note::Typing { task: task_id, user, name, typing: is_typing })
}

pub(super) fn task_updated(asked: &Asked<'_>) -> Reply {
    let task = asked.argument::<Ticket>()?.id();
    check(asked, task)?;
    let seq = asked.app.realtime().rooms.told(task).unwrap_or(0);
    say(asked, Note::Look { task, seq })
}

pub(super) fn upload_progress(asked: &Asked<'_>) -> Reply {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Input {
        task_id: TaskId,
        progress: f64,
        filename: String,
    }
    let Input { task_id, progress, filename } = asked.argument()?;
    if !(0.0..=100.0).contains(&progress) {
        return Err(Problem::field("progress", "range", "progress must be from 0 to 100"));
    }
    if filename.chars().count() > LONGEST_NAME {
        return Err(Problem::field("filename", "length", "filename must have 1 to 255 characters"));
    }
    check(asked, task_id)?;
    let (user, name) = (asked.caller.id, asked.caller.name.clone());
    say(asked, Note::Progress { task: task_id, user, name, progress, filename })
}

fn check(asked: &Asked<'_>, task: TaskId) -> Result<(), Problem> {
    if !asked.app.realtime().rooms.is_in(asked.member, task) {
        return Err(Problem::new(Code::NotJoined, "Join the task first"));
    }
    asked.app.realtime().limits.nudges.count(Subject::User(asked.caller.id), asked.app.now())
}

fn say(asked: &Asked<'_>, note: Note) -> Reply {
    heard(asked.app, &note, Some(asked.member))?;
    asked.app.realtime().bus.say(note);
    reply(&json!({}))
}

/// Tells the room of this node.
pub(super) fn heard(app: &App, note: &Note, except: Option<&Member>) -> Result<(), Problem> {
    let (task, frame) = match note {
        Note::Typing { task, user, name, typing } => {
            let told = json!({"taskId": task, "userId": user, "userName": name, "isTyping": typing});
            (*task, Frame::event("user_typing", &told))
        }
        Note::Look { task, seq } => {
            (*task, Frame::event("refresh_task", &json!({"taskId": task, "seq": seq})))
        }
        Note::Progress { task, user, name, progress, filename } => {
            let told = json!({"taskId": task, "userId": user, "userName": name, "progress": progress, "filename": filename});
            (*task, Frame::event("file_upload_progress", &told))
        }
        Note::Wake | Note::People { .. } | Note::Personal { .. } => return Ok(()),
    };
    app.realtime().rooms.whisper(task, &frame.map_err(Problem::internal)?, except);
    Ok(())
}
