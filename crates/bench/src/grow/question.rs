//! What is asked of databases of every size.

use std::io::Write as _;

use serde_json::Value;

use crate::Outcome;
use crate::load::Connection;
use crate::random::{self, Rng};
use crate::seed::HIDDEN;
use crate::seed::world::{NEWCOMER, Size};
use crate::work::{self, Asker, Work};

/// A kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    Get,
    List,
    Urgent,
    Deep,
    Messages,
    Common,
    Beginning,
    Rare,
    Hidden,
    Holding,
    HoldingRare,
    Post,
}

impl Question {
    pub(super) const ALL: [Self; 12] = [
        Self::Get,
        Self::List,
        Self::Urgent,
        Self::Deep,
        Self::Messages,
        Self::Common,
        Self::Beginning,
        Self::Rare,
        Self::Hidden,
        Self::Holding,
        Self::HoldingRare,
        Self::Post,
    ];

    /// What it is called in reports.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Get => "get task",
            Self::List => "list, by status and assignee",
            Self::Urgent => "list, most urgent first",
            Self::Deep => "the same, from far down",
            Self::Messages => "messages of a task",
            Self::Common => "search, common word",
            Self::Beginning => "search, beginning of words",
            Self::Rare => "search, rare word",
            Self::Hidden => "search, all but nothing visible",
            Self::Holding => "list, holding a common word",
            Self::HoldingRare => "list, holding a rare word",
            Self::Post => "post message",
        }
    }

    /// Somebody who asks it.
    pub(super) async fn prepare(self, connection: &mut Connection, size: Size) -> Outcome<Asking> {
        let work = match self {
            Self::List => Work::List,
            Self::Messages => Work::Messages,
            Self::Post => Work::Post,
            _ => Work::Get,
        };
        let asker = Asker::new(work, size, 0);
        let token = work::token(if self == Self::Hidden { NEWCOMER } else { asker.user })?;
        let cursor = if self == Self::Deep { middle(connection, &token, size).await? } else { String::new() };
        Ok(Asking { question: self, work, asker, token, rng: Rng::new(7), cursor })
    }
}

/// The list from which `Deep` reads on.
const URGENT: &str = "/api/tasks?sort=-priority&limit=20";

/// A cursor to the middle of the list, or to its 200,000th task.
async fn middle(connection: &mut Connection, token: &str, size: Size) -> Outcome<String> {
    let mut request = Vec::new();
    // Pages with numbers end there.
    let page = (size.tasks / 40).min(10_000);
    get(&mut request, &format!("{URGENT}&page={page}"), token)?;
    let (status, body) = connection.exchange(&request).await?;
    let answer: Value = serde_json::from_slice(body)?;
    match answer.get("nextCursor").and_then(Value::as_str) {
        Some(cursor) => Ok(cursor.to_owned()),
        None => Err(format!("no way to the middle of the list: {status}: {answer}").into()),
    }
}

fn get(request: &mut Vec<u8>, path: &str, token: &str) -> std::io::Result<()> {
    request.clear();
    write!(request, "GET {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\r\n")
}

/// Somebody who asks.
#[derive(Debug)]
pub(super) struct Asking {
    question: Question,
    work: Work,
    asker: Asker,
    token: String,
    rng: Rng,
    cursor: String,
}

impl Asking {
    /// Writes the next request; tells the status of an answer in order.
    pub(super) fn write(&mut self, request: &mut Vec<u8>) -> Outcome<u16> {
        let search = |word: &str| format!("/api/search?q={word}");
        let list = |word: &str| format!("/api/tasks?search={word}&sort=-updatedAt");
        let mut rare = || random::word(self.rng.below(50) + random::WORDS - 56);
        let path = match self.question {
            Question::Get | Question::List | Question::Messages | Question::Post => {
                work::write(request, self.work, &self.asker.ask(), &self.token)?;
                return Ok(self.work.status());
            }
            Question::Urgent => URGENT.to_owned(),
            Question::Deep => format!("{URGENT}&cursor={}", self.cursor),
            Question::Common => search(&random::word(0)),
            // What a sixteenth of all words begins with.
            Question::Beginning => search(random::word(0).get(..3).unwrap_or_default()),
            Question::Rare => search(&rare()),
            Question::Hidden => search(HIDDEN),
            Question::Holding => list(&random::word(0)),
            Question::HoldingRare => list(&rare()),
        };
        get(request, &path, &self.token)?;
        Ok(200)
    }
}
