//! The event log: every change, in order, written in the transaction of the change.
//!
//! Invariants:
//! - Each stream (a ticket, or a person's account) numbers its events 1, 2, 3 … without gaps, in the order of
//!   commits, because `seq` is taken under the stream's lock, which the transaction holds until it ends.
//! - A transaction locks its streams before it writes anything. PostgreSQL gives it its id at its first write,
//!   so ids, too, follow the order of each stream, and a reader by transaction id sees each stream in order.
//! - Each event carries the SHA-256 of the event before it in its stream and of itself: a chain that shows any
//!   event that was altered, removed or put between ([`Logged::link`]).
//! - A reader that follows [`after`] from any position sees every event once, in one order, and misses none:
//!   what might still be overtaken by an open transaction stays hidden until it cannot be.
//! - Nothing but a commit appends, nothing updates or deletes.

use faff_types::{Planted, Position, TaskId, Timestamp, UserId};
use sha2::{Digest, Sha256};

use crate::{Param, Reader, StoreError, Tx, params};

/// What an event belongs to, and is numbered within. Its lock orders the transactions that write to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stream {
    /// A ticket with all that is said in it.
    Task(TaskId),
    /// A person's account.
    User(UserId),
    /// The workspace as a whole; the lock for rules that span accounts.
    Workspace,
}

impl Stream {
    /// The number that the database holds: a ticket's id, an account's id below zero, or 0.
    pub const fn to_db(self) -> i64 {
        match self {
            Self::Task(id) => id.get(),
            Self::User(id) => -id.get(),
            Self::Workspace => 0,
        }
    }

    /// The stream of a number that the database gave.
    pub const fn from_db(number: i64) -> Self {
        match number {
            0 => Self::Workspace,
            1.. => Self::Task(TaskId::from_db(number)),
            _ => Self::User(UserId::from_db(-number)),
        }
    }
}

/// A SHA-256 digest that ties an event to all before it in its stream.
pub type Chain = [u8; 32];

/// The end of a stream: the number and the digest of its last event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Head {
    /// How many events the stream has.
    pub seq: i64,
    /// The last event's digest; zeroes before the first.
    pub chain: Chain,
}

/// An event about to be recorded.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// What it belongs to.
    pub stream: Stream,
    /// What happened, as a past tense: `message_posted`.
    pub kind: &'static str,
    /// Who did it; `None` when the system did.
    pub actor: Option<UserId>,
    /// When, by the server's clock. Order is told by `seq`, never by this.
    pub at: Timestamp,
    /// Who may see it, in the words of the application.
    pub audience: String,
    /// The particulars, as JSON.
    pub payload: String,
}

/// An event as the log holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// What it belongs to.
    pub stream: Stream,
    /// Its number in the stream.
    pub seq: i64,
    /// What happened.
    pub kind: String,
    /// Who did it.
    pub actor: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// Who may see it.
    pub audience: String,
    /// The particulars, as JSON.
    pub payload: String,
    /// Its digest.
    pub chain: Chain,
}

impl Head {
    /// A head as the database holds it.
    pub(crate) fn new(stream: Stream, seq: i64, chain: &[u8]) -> Result<Self, StoreError> {
        let chain = Chain::try_from(chain)
            .map_err(|_| StoreError::Database(format!("{stream:?} has a damaged digest")))?;
        Ok(Self { seq, chain })
    }

    /// Puts an event behind this head, which then is the new one.
    pub(crate) fn append(&mut self, event: NewEvent) -> Logged {
        let mut logged = Logged {
            stream: event.stream,
            seq: self.seq + 1,
            kind: event.kind.to_owned(),
            actor: event.actor,
            at: event.at,
            audience: event.audience,
            payload: event.payload,
            chain: Chain::default(),
        };
        logged.chain = logged.link(&self.chain);
        *self = Self { seq: logged.seq, chain: logged.chain };
        logged
    }
}

impl Logged {
    /// The digest that this event must have behind one with the digest `before`: SHA-256 over `before`, the
    /// numbers in big-endian order, and each text behind its length.
    pub fn link(&self, before: &Chain) -> Chain {
        let mut hash = Sha256::new();
        hash.update(before);
        for number in [self.stream.to_db(), self.seq, self.actor.map_or(0, UserId::get), self.at.as_millis()]
        {
            hash.update(number.to_be_bytes());
        }
        for text in [&self.kind, &self.audience, &self.payload] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        hash.finalize().into()
    }
}

crate::record! {
    /// A row of the log.
    #[derive(Debug)]
    struct EventRow {
        tx: i64,
        id: i64,
        stream: i64,
        seq: i64,
        kind: String,
        actor_id: Option<UserId>,
        at: Timestamp,
        audience: String,
        payload: String,
        chain: Vec<u8>,
        settled: bool,
    }
}

impl EventRow {
    fn into_logged(self) -> Result<(Position, Logged), StoreError> {
        let chain = Chain::try_from(self.chain.as_slice())
            .map_err(|_| StoreError::Database(format!("event {} has a damaged digest", self.id)))?;
        let logged = Logged {
            stream: Stream::from_db(self.stream),
            seq: self.seq,
            kind: self.kind,
            actor: self.actor_id,
            at: self.at,
            audience: self.audience,
            payload: self.payload,
            chain,
        };
        Ok((Position { tx: self.tx, id: self.id }, logged))
    }
}

const COLUMNS: &str = "e.tx, e.id, e.stream, e.seq, e.kind, e.actor_id, e.at, e.audience, e.payload, e.chain";

/// Reads where a stream ends; zero when nothing happened in it yet. The caller holds its lock.
pub(crate) async fn read_head(reader: &mut Reader<'_>, stream: Stream) -> Result<Head, StoreError> {
    let head: Option<(i64, Vec<u8>)> =
        reader.optional("select seq, chain from stream where id = $1", &params![stream.to_db()]).await?;
    let Some((seq, chain)) = head else {
        return Ok(Head::default());
    };
    Head::new(stream, seq, &chain)
}

/// Appends the events of a transaction and moves the heads of their streams.
pub(crate) async fn append(tx: &mut Tx<'_>, events: &[Logged]) -> Result<(), StoreError> {
    const EVENT: &str = "insert into event (stream, seq, kind, actor_id, at, audience, payload, chain) \
                         values ($1, $2, $3, $4, $5, $6, $7, $8)";
    const HEAD: &str = "insert into stream (id, seq, chain) values ($1, $2, $3) \
                        on conflict (id) do update set seq = excluded.seq, chain = excluded.chain";
    let mut moved: Vec<Stream> = Vec::with_capacity(1);
    for event in events {
        let params: [Param<'_>; 8] = params![
            event.stream.to_db(),
            event.seq,
            &event.kind,
            event.actor,
            event.at,
            &event.audience,
            &event.payload,
            &event.chain[..],
        ];
        tx.later(EVENT, &params).await?;
        if !moved.contains(&event.stream) {
            moved.push(event.stream);
        }
    }
    for stream in moved {
        let head = tx.heads.get(&stream).copied().unwrap_or_default();
        tx.later(HEAD, &params![stream.to_db(), head.seq, &head.chain[..]]).await?;
    }
    Ok(())
}

/// Events behind a position, in the order in which every reader sees them.
#[derive(Debug, Default)]
pub struct Page {
    /// Those before which nothing can come any more, each with its position: what a reader may move on to.
    pub settled: Vec<(Position, Logged)>,
    /// Those that are committed, but may yet be overtaken. They come again, settled.
    pub ahead: Vec<Logged>,
    end: Option<Position>,
}

impl Page {
    /// The last event's position, settled or not: to read on from, not to remember.
    pub const fn end(&self) -> Option<Position> {
        self.end
    }
}

/// The settled events behind `position`, at most `limit`, in the order in which every reader sees them.
pub async fn after(
    reader: &mut Reader<'_>,
    position: Position,
    limit: usize,
) -> Result<Vec<(Position, Logged)>, StoreError> {
    Ok(page(reader, position, limit).await?.settled)
}

/// The events behind `position`, at most `limit`, settled or not.
pub async fn page(reader: &mut Reader<'_>, position: Position, limit: usize) -> Result<Page, StoreError> {
    let behind = reader.engine().behind();
    let settled = if Planted::LogByPosition.is_on() { "true" } else { reader.engine().settled() };
    let sql = format!(
        "select {COLUMNS}, {settled} as settled from event e where {behind} order by e.tx, e.id limit {limit}"
    );
    let rows: Vec<EventRow> = reader.all(&sql, &params![position.tx, position.id]).await?;
    let mut page = Page::default();
    for row in rows {
        let settled = row.settled;
        let (position, logged) = row.into_logged()?;
        page.end = Some(position);
        if settled {
            page.settled.push((position, logged));
        } else {
            page.ahead.push(logged);
        }
    }
    Ok(page)
}

/// The events of one stream behind `seq`, at most `limit`, in order.
pub async fn of_stream(
    reader: &mut Reader<'_>,
    stream: Stream,
    seq: i64,
    limit: usize,
) -> Result<Vec<Logged>, StoreError> {
    let sql = format!(
        "select {COLUMNS}, true as settled from event e where e.stream = $1 and e.seq > $2 order by e.seq limit {limit}"
    );
    let rows: Vec<EventRow> = reader.all(&sql, &params![stream.to_db(), seq]).await?;
    rows.into_iter().map(|row| row.into_logged().map(|(_, logged)| logged)).collect()
}

/// How many events lie behind `position`, settled or not, counted up to `most`.
pub async fn behind(reader: &mut Reader<'_>, position: Position, most: usize) -> Result<i64, StoreError> {
    let behind = reader.engine().behind();
    let sql = format!("select count(*) from (select 1 from event e where {behind} limit {most}) b");
    reader.one(&sql, &params![position.tx, position.id]).await
}

/// A position behind everything that is settled now: follow [`after`] from here to see what comes.
pub async fn head(reader: &mut Reader<'_>) -> Result<Position, StoreError> {
    let (tx, id) = reader.one(reader.engine().head(), &[]).await?;
    Ok(Position { tx, id })
}

/// Where a stream ends, as its own row says.
pub async fn head_of(reader: &mut Reader<'_>, stream: Stream) -> Result<Option<i64>, StoreError> {
    reader.optional("select seq from stream where id = $1", &params![stream.to_db()]).await
}
