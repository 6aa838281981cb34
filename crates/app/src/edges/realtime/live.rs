//! What clients ask for over a socket, and how they are answered.

use std::sync::{Arc, PoisonError};

use faff_socketio::{Event, Handler, Refusal, Socket};
use faff_types::TaskId;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::value::RawValue;
use tracing::Instrument;

use super::door::Handshake;
use super::rooms::Member;
use super::{activity, catch_up, join, nudge, say};
use crate::access::Caller;
use crate::http::{Code, Problem, Subject};
use crate::{App, trace};

/// So many requests in a row beyond a limit end the connection.
const STUBBORN: u32 = 100;
/// What clients may ask for: names that a trace may hold, since no client makes them up.
const EVENTS: [&str; 8] = [
    "join_task",
    "leave_task",
    "send_message",
    "sync",
    "watch_lists",
    "typing",
    "task_updated",
    "upload_progress",
];
/// Why an argument cannot be understood, in characters.
const LONGEST_REASON: usize = 200;

/// The handler behind the sockets.
#[derive(Debug)]
pub(crate) struct Live {
    app: App,
}

/// A request of a client that is connected.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) app: &'a App,
    pub(super) member: &'a Arc<Member>,
    pub(super) event: &'a Event,
    /// Somebody whose login is good now.
    pub(super) caller: Caller,
}

/// What a client is answered; `None` when it has been already.
pub(super) type Reply = Result<Option<Box<RawValue>>, Problem>;

/// What went well, for a client that waits for it.
pub(super) fn reply<T: Serialize>(answer: &T) -> Reply {
    #[derive(Serialize)]
    struct Ok<'a, T> {
        ok: bool,
        #[serde(flatten)]
        answer: &'a T,
    }
    serde_json::value::to_raw_value(&Ok { ok: true, answer }).map(Some).map_err(Problem::internal)
}

impl Asked<'_> {
    /// The argument of the event. What it holds beside what is known is left alone: clients differ in age.
    pub(super) fn argument<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        argument(self.event)
    }
}

fn argument<T: DeserializeOwned>(event: &Event) -> Result<T, Problem> {
    let argument = event.arguments.first().map_or("null", |argument| argument.get());
    if argument.starts_with('[') {
        let message = format!("{} cannot be understood: expected an object", event.name);
        return Err(Problem::new(Code::Validation, message));
    }
    serde_json::from_str(argument).map_err(|error| {
        let text = error.to_string();
        let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
        // It may say back all that was sent.
        let text: String = text.chars().take(LONGEST_REASON).collect();
        Problem::new(Code::Validation, format!("{} cannot be understood: {text}", event.name))
    })
}

/// A ticket as the argument of an event: its id, alone or named.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a taskId")]
pub(super) enum Ticket {
    Id(TaskId),
    #[serde(rename_all = "camelCase")]
    Named {
        task_id: TaskId,
    },
}

impl Ticket {
    pub(super) const fn id(&self) -> TaskId {
        match self {
            Self::Id(task_id) | Self::Named { task_id } => *task_id,
        }
    }
}

impl Live {
    pub(super) const fn new(app: App) -> Self {
        Self { app }
    }

    async fn let_in(
        &self,
        socket: Socket,
        handshake: &Handshake,
        auth: Option<Box<RawValue>>,
    ) -> Result<Arc<Member>, Problem> {
        #[derive(Deserialize)]
        struct Auth {
            token: Option<String>,
        }
        let app = &self.app;
        let given = match auth {
            None => None,
            Some(auth) => {
                serde_json::from_str::<Auth>(auth.get()).map_err(|_| Problem::unauthenticated())?.token
            }
        };
        let token = given.as_deref().or(handshake.token.as_ref().map(|token| token.reveal().as_str()));
        let found = match token {
            Some(token) => Caller::with_expiry(app, token).await,
            None => Err(Problem::unauthenticated()),
        };
        let (caller, until) = match found {
            Ok(found) => found,
            Err(problem) => {
                // Guessing tokens counts like any request without one.
                app.limits().anonymous.count(Subject::address(handshake.address), app.now()).await?;
                return Err(problem);
            }
        };
        app.realtime().limits.connects.count(Subject::User(caller.id), app.now())?;
        let rooms = &app.realtime().rooms;
        let member = rooms.enter(socket, caller.who(), until).ok_or_else(|| {
            Problem::new(Code::RateLimited, "You have too many connections; close some").with_retry_after(60)
        })?;
        // Whatever ends the login from here on ends this socket; what ended it before is seen now.
        if let Err(problem) = Caller::from_session(app, member.session).await {
            rooms.exit(&member);
            return Err(problem);
        }
        drop(handshake.stranger.lock().unwrap_or_else(PoisonError::into_inner).take());
        Ok(member)
    }

    /// What is refused for itself takes our time, too: it counts as something fleeting.
    fn count_wrong(&self, member: &Member, problem: Problem) -> Problem {
        if problem.code() == Code::RateLimited {
            return problem;
        }
        let subject = Subject::User(member.who().id);
        self.app.realtime().limits.nudges.count(subject, self.app.now()).err().unwrap_or(problem)
    }

    async fn handle(&self, member: &Arc<Member>, event: &Event) -> Reply {
        let caller = Caller::from_session(&self.app, member.session).await?;
        trace::user(caller.id);
        let asked = Asked { app: &self.app, member, event, caller };
        match event.name.as_str() {
            "join_task" => join::join(asked).await,
            "leave_task" => join::leave(&asked),
            "send_message" => say::send(asked).await,
            "sync" => catch_up::sync(asked).await,
            "watch_lists" => activity::watch(&asked),
            "typing" => nudge::typing(&asked),
            "task_updated" => nudge::task_updated(&asked),
            "upload_progress" => nudge::upload_progress(&asked),
            _ => {
                Err(Problem::new(Code::UnknownEvent, "There is no such event; the documentation lists them"))
            }
        }
    }
}

impl Handler for Live {
    type Handshake = Handshake;
    type Client = Arc<Member>;

    async fn connect(
        &self,
        socket: Socket,
        handshake: &Handshake,
        auth: Option<Box<RawValue>>,
    ) -> Result<Arc<Member>, Refusal> {
        self.let_in(socket, handshake, auth).await.map_err(|problem| {
            note(&problem, "connect");
            Refusal {
                message: format!("Authentication error: {}", problem.message()),
                data: json!({"code": problem.code().as_str(), "message": problem.message()}),
            }
        })
    }

    async fn event(&self, member: &Arc<Member>, event: Event) {
        let known = EVENTS.into_iter().find(|known| *known == event.name);
        self.see_to(member, event).instrument(trace::socket(known)).await;
    }

    fn connected(&self, member: &Arc<Member>) {
        member.greet();
    }

    fn disconnect(&self, member: &Arc<Member>) {
        self.app.realtime().rooms.exit(member);
    }
}

impl Live {
    /// Does what an event asks for, and answers.
    async fn see_to(&self, member: &Arc<Member>, event: Event) {
        let reply = self.handle(member, &event).await;
        match (reply, event.ack) {
            (Ok(answer), ack) => {
                member.refused.store(0, std::sync::atomic::Ordering::Relaxed);
                if let (Some(answer), Some(ack)) = (answer, ack) {
                    member.socket.acknowledge(ack, &answer);
                }
            }
            (Err(problem), ack) => {
                let problem = self.count_wrong(member, problem);
                note(&problem, &event.name);
                refuse(member, &problem, ack);
            }
        }
    }
}

/// Tells a client what went wrong, as an answer or, when it does not wait for one, as an event.
fn refuse(member: &Member, problem: &Problem, ack: Option<u64>) {
    let (code, message) = (problem.code(), problem.message());
    match ack {
        Some(ack) => member.socket.acknowledge(
            ack,
            &json!({"ok": false, "error": {"code": code.as_str(), "message": message, "retryAfter": problem.retry_after()}}),
        ),
        None => member.socket.emit("error", &json!({"message": message, "code": code.as_str()})),
    };
    match code {
        Code::Unauthenticated => member.socket.disconnect(),
        Code::RateLimited if member.count_refused() >= STUBBORN => member.socket.disconnect(),
        _ => {}
    }
}

/// Logs a refusal, as the edge does for requests. The event's name is the client's own, so it is cut.
fn note(problem: &Problem, event: &str) {
    let (code, cause) = (problem.code(), problem.cause());
    trace::refused(code.as_str(), code.status().is_server_error());
    let event: String = event.chars().take(32).collect();
    if code.status().is_server_error() {
        tracing::error!(event, code = code.as_str(), cause, "a socket's request failed");
    } else {
        tracing::debug!(event, code = code.as_str(), "a socket's request was refused");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_stands_in_an_event_is_understood_or_refused_in_a_few_words() {
        const CORPUS: &[&str] = &[
            "7",
            "{\"taskId\":7}",
            "{\"taskId\":7,\"afterSeq\":12}",
            "{\"after\":\"1-2\"}",
            "null",
            "{\"taskId\":1e3}",
            "{\"taskId\":9007199254740992}",
            "{\"taskId\":7,\"content\":\"hi\",\"replyToId\":null,\"clientId\":\"m-1\",\"attachments\":[{\"id\":\"0f8fad5b-d9cb-469f-a165-70867728950e\"}]}",
            "{\"taskId\":{\"$ne\":0},\"content\":[\"x\"],\"__proto__\":{}}",
            "[[[[[[[[]]]]]]]]",
            "\"\\ud800\"",
            "-0.0",
        ];
        const WORDS: &[&str] = &[
            "\"taskId\":",
            "\"content\":",
            "\"attachments\":",
            "\"id\":",
            "\"afterSeq\":",
            "\"after\":",
            "\"replyToId\":",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "null",
            "true",
            "-1",
            "0",
            "9223372036854775808",
            "1e400",
            "\\u0000",
            "\\ud83d",
            "é",
            "[[[[[[[[[[[[[[[[",
            "{\"a\":",
        ];
        faff_fuzz::Target { name: "events", source: file!(), corpus: CORPUS, words: WORDS }.check(|input| {
            let text = String::from_utf8_lossy(input).into_owned();
            // Sockets hand on what is JSON.
            let Ok(given) = RawValue::from_string(text) else { return };
            let event = Event {
                name: "an_event".to_owned(),
                arguments: vec![given],
                attachments: Vec::new(),
                ack: None,
            };
            let mut refusals: Vec<Problem> = Vec::new();
            if let Err(problem) = argument::<Ticket>(&event).map(|ticket| assert!(ticket.id().get() > 0)) {
                refusals.push(problem);
            }
            refusals.extend(argument::<say::Input>(&event).err());
            refusals.extend(argument::<join::Input>(&event).err());
            refusals.extend(argument::<Option<catch_up::Input>>(&event).err());
            for problem in refusals {
                assert_eq!(problem.code(), Code::Validation);
                assert!(problem.message().chars().count() < LONGEST_REASON + 60, "{}", problem.message());
            }
        });
    }
}
