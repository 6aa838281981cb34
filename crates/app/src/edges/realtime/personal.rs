//! What concerns one person, or everybody, and is no matter of a room: that there is something to read anew. It may be lost;
//! whoever comes back asks anyway.

use faff_socketio::Frame;
use faff_types::UserId;
use serde_json::Value;

use super::bus::Note;
use crate::App;

/// Tells the sockets of somebody, or of everybody, here and on other nodes.
pub(crate) fn tell(app: &App, person: Option<UserId>, event: &str, data: Value) {
    heard(app, person, event, &data);
    app.realtime().bus.say(Note::Personal { person, event: event.to_owned(), data });
}

/// Tells the sockets of this node.
pub(super) fn heard(app: &App, person: Option<UserId>, event: &str, data: &Value) {
    let rooms = &app.realtime().rooms;
    match Frame::event(event, data) {
        Ok(frame) => {
            rooms.tell_people(|who| person.is_none_or(|person| person == who.id).then_some(&frame));
        }
        Err(error) => tracing::error!(%error, event, "an event could not be written"),
    }
}
