//! The kinds of requests that are measured, and single requests of each.

use std::io::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;

use crate::load::Source;
use crate::random::{self, Rng};
use crate::seed::world::{self, Size, USERS};
use crate::seed::{EXPIRY, email};
use crate::{Outcome, SECRET};

/// A kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Work {
    /// Read a task.
    Get,
    /// List the open tasks of somebody, 20 to a page.
    List,
    /// Read the first page of what was said in a task.
    Messages,
    /// Say something in a task.
    Post,
}

impl Work {
    pub(crate) const ALL: [Self; 4] = [Self::Get, Self::List, Self::Messages, Self::Post];

    /// What it is called in reports.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Get => "get task",
            Self::List => "list 20, filtered",
            Self::Messages => "messages of a task",
            Self::Post => "post message",
        }
    }

    /// Its index in [`Work::ALL`].
    pub(crate) const fn index(self) -> usize {
        self as usize
    }

    /// The status of an answer in order.
    pub(crate) const fn status(self) -> u16 {
        if matches!(self, Self::Post) { 201 } else { 200 }
    }
}

/// The particulars of a request.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) user: i64,
    pub(crate) task: i64,
    pub(crate) assignee: i64,
    pub(crate) content: String,
    pub(crate) client_id: String,
}

/// Somebody who asks, at random.
#[derive(Debug)]
pub(crate) struct Asker {
    pub(crate) user: i64,
    work: Work,
    tasks: i64,
    rng: Rng,
}

impl Asker {
    /// The `n`th, each with a login of their own; none is the administrator, who may see everything.
    pub(crate) fn new(work: Work, size: Size, n: usize) -> Self {
        static ROUNDS: AtomicU64 = AtomicU64::new(0);
        let user = 2 + i64::try_from(n).unwrap_or(0) % (USERS - 1);
        Self { user, work, tasks: size.tasks, rng: Rng::new(ROUNDS.fetch_add(1, Ordering::Relaxed)) }
    }

    /// What they ask next.
    pub(crate) fn ask(&mut self) -> Ask {
        static NAMES: AtomicU64 = AtomicU64::new(0);
        let mut task = 1 + self.rng.below(self.tasks);
        while world::is_private(task) {
            task = 1 + self.rng.below(self.tasks);
        }
        let (mut content, mut client_id) = (String::new(), String::new());
        if self.work == Work::Post {
            content = random::message(&mut self.rng);
            client_id = format!("bench-{}", NAMES.fetch_add(1, Ordering::Relaxed));
        }
        Ask { user: self.user, task, assignee: 1 + self.rng.below(USERS), content, client_id }
    }
}

/// Somebody who asks over a connection, logged in.
#[derive(Debug)]
pub(crate) struct Session {
    asker: Asker,
    token: String,
}

impl Session {
    /// The `n`th.
    pub(crate) fn new(work: Work, size: Size, n: usize) -> Outcome<Self> {
        let asker = Asker::new(work, size, n);
        let token = token(asker.user)?;
        Ok(Self { asker, token })
    }
}

impl Source for Session {
    fn next(&mut self, request: &mut Vec<u8>) -> Outcome<u16> {
        let work = self.asker.work;
        write(request, work, &self.asker.ask(), &self.token)?;
        Ok(work.status())
    }
}

/// Writes a request as HTTP/1.1.
pub(crate) fn write(request: &mut Vec<u8>, work: Work, ask: &Ask, token: &str) -> std::io::Result<()> {
    request.clear();
    let Ask { task, assignee, content, client_id, .. } = ask;
    match work {
        Work::Get => write!(request, "GET /api/tasks/{task}")?,
        Work::List => write!(request, "GET /api/tasks?status=open&assigneeId={assignee}&limit=20")?,
        Work::Messages => write!(request, "GET /api/tasks/{task}/messages")?,
        Work::Post => write!(request, "POST /api/tasks/{task}/messages")?,
    }
    write!(request, " HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n")?;
    if work != Work::Post {
        return request.write_all(b"\r\n");
    }
    // Words and digits need no escapes.
    let body = format!(r#"{{"content":"{content}","clientId":"{client_id}"}}"#);
    let length = body.len();
    write!(request, "content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
}

/// The token of a seeded login.
pub(crate) fn token(user: i64) -> Outcome<String> {
    let (iat, exp) = (1_760_000_000, EXPIRY.as_seconds());
    let claims = json!({
        "userId": user, "email": email(user), "role": "user", "sid": user, "iat": iat, "nbf": iat, "exp": exp,
    });
    let key = jsonwebtoken::EncodingKey::from_secret(SECRET.as_bytes());
    Ok(jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key)?)
}
