//! Ends sockets whose login has ended, and takes in what a change of an account means for them.

use std::sync::Arc;
use std::time::Duration;

use faff_store::log::{Logged, Stream};
use faff_types::UserId;
use serde_json::json;

use super::presence;
use super::rooms::Member;
use crate::App;
use crate::access::Caller;
use crate::event::Event;
use crate::http::{Code, Problem};

/// How often logins that have run out are looked for.
const LOOK_EVERY: Duration = Duration::from_millis(500);

pub(super) fn start(app: &App) {
    let app = app.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            for member in app.realtime().rooms.expired(app.now()) {
                end(&app, &member);
            }
        }
    });
}

/// Takes in an event of an account.
pub(crate) fn heard(app: &App, event: &Logged) {
    let Stream::User(user) = event.stream else { return };
    if event.kind != Event::SESSION_STARTED && !app.realtime().rooms.of_user(user).is_empty() {
        let app = app.clone();
        tokio::spawn(async move { look_again(&app, user).await });
    }
}

/// Looks at each login of an account again, until the database has told of all.
async fn look_again(app: &App, user: UserId) {
    let mut left = app.realtime().rooms.of_user(user);
    while !left.is_empty() {
        let mut unknown = Vec::new();
        for member in left {
            if let Err(problem) = look(app, &member).await {
                tracing::warn!(cause = problem.cause(), "a login could not be looked at again");
                unknown.push(member);
            }
        }
        left = unknown;
        if !left.is_empty() {
            tokio::time::sleep(LOOK_EVERY).await;
            left.retain(|member| member.socket.closed().is_none());
        }
    }
}

async fn look(app: &App, member: &Arc<Member>) -> Result<(), Problem> {
    let caller = match Caller::from_session(app, member.session).await {
        Ok(caller) => caller,
        Err(problem) if problem.code() == Code::Unauthenticated => {
            end(app, member);
            return Ok(());
        }
        Err(problem) => return Err(problem),
    };
    // A change of role ends the login, so what changes here is a name.
    app.realtime().rooms.update(member, caller.who());
    Ok(())
}

/// Ends a socket: nothing more is delivered to it from now on.
fn end(app: &App, member: &Member) {
    app.realtime().rooms.exit(member);
    let problem = Problem::unauthenticated();
    member.socket.emit("error", &json!({"message": problem.message(), "code": problem.code().as_str()}));
    member.socket.disconnect();
}

/// Closes every socket, spread over `time`, and lets the other nodes know who has gone.
pub(crate) async fn end_all(app: &App, time: Duration) {
    let Some(server) = app.realtime().server() else { return };
    let served = server.sessions() > 0;
    server.close(time).await;
    if served {
        tokio::time::sleep(presence::SAID_BY).await;
    }
}
