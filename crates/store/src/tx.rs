//! A transaction, and the events it records.

use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use faff_types::{Planted, UserId};

use crate::dialect::for_sqlite;
use crate::log::{Head, Logged, NewEvent, Stream};
use crate::reader::Conn;
use crate::text::TextChange;
use crate::{Param, Reader, StoreError};

/// A write transaction under way.
///
/// The lifetime `'t` is a brand: it is invariant and differs for every transaction, so that a proof made inside
/// one transaction (a permit) cannot be used in another or outlive it.
#[derive(Debug)]
pub struct Tx<'t> {
    reader: Reader<'t>,
    locked: BTreeSet<Stream>,
    pub(crate) heads: BTreeMap<Stream, Head>,
    pub(crate) events: Vec<Logged>,
    pub(crate) quiet: Option<&'static str>,
    pub(crate) texts: Vec<TextChange>,
    pub(crate) views: Vec<View>,
    pub(crate) told: BTreeSet<UserId>,
    brand: PhantomData<fn(&'t ()) -> &'t ()>,
}

/// What a committed transaction gives back: the closure's own result, and the events as they were logged.
#[derive(Debug)]
pub struct Committed<T> {
    /// What the closure returned.
    pub value: T,
    /// The events in the order they were recorded.
    pub events: Vec<Logged>,
    /// What was at hand to show of them.
    pub views: Vec<View>,
    /// Whom something concerns.
    pub told: BTreeSet<UserId>,
}

/// What clients are shown of an event. It is not in the log; whoever commits has it at hand, others read it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The event's stream.
    pub stream: Stream,
    /// The event's number in it.
    pub seq: i64,
    /// As JSON.
    pub json: String,
}

impl<'t> Deref for Tx<'t> {
    type Target = Reader<'t>;
    fn deref(&self) -> &Reader<'t> {
        &self.reader
    }
}
impl<'t> DerefMut for Tx<'t> {
    fn deref_mut(&mut self) -> &mut Reader<'t> {
        &mut self.reader
    }
}

impl<'t> Tx<'t> {
    pub(crate) const fn new(reader: Reader<'t>) -> Self {
        Self {
            reader,
            locked: BTreeSet::new(),
            heads: BTreeMap::new(),
            events: Vec::new(),
            quiet: None,
            texts: Vec::new(),
            views: Vec::new(),
            told: BTreeSet::new(),
            brand: PhantomData,
        }
    }

    /// Runs a statement and says how many rows it touched.
    pub async fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        self.counters.count_query(sql, params);
        match &mut self.reader.conn {
            Conn::Sqlite(conn) => {
                let touched =
                    conn.prepare_cached(&for_sqlite(sql))?.execute(rusqlite::params_from_iter(params))?;
                Ok(touched as u64)
            }
            Conn::Postgres(conn) => conn.execute(sql, params).await,
        }
    }

    /// Runs a statement whose outcome matters only to the commit. PostgreSQL gets it together with the next
    /// statement or the commit, without a round trip of its own; a failure then fails the transaction.
    pub async fn later(&mut self, sql: &str, params: &[Param<'_>]) -> Result<(), StoreError> {
        match &mut self.reader.conn {
            Conn::Sqlite(_) => self.execute(sql, params).await.map(drop),
            Conn::Postgres(conn) => {
                conn.later(sql, params).await?;
                self.counters.count_query(sql, params);
                Ok(())
            }
        }
    }

    /// Waits until no other transaction writes to this stream, and keeps it so until this one ends. What is read
    /// afterwards is current. Lock every stream before the first write ([`crate::log`] says why).
    pub async fn lock(&mut self, stream: Stream) -> Result<(), StoreError> {
        if Planted::NoLock.is_on() {
            return Ok(());
        }
        if self.locked.insert(stream)
            && let Conn::Postgres(conn) = &mut self.reader.conn
        {
            if cfg!(debug_assertions) {
                conn.check_unwritten().await?;
            }
            conn.later("select pg_advisory_xact_lock($1)", &crate::params![stream.to_db()]).await?;
        }
        Ok(())
    }

    /// Waits until no other transaction holds this name, and holds it until this one ends.
    pub async fn lock_name(&mut self, name: &str) -> Result<(), StoreError> {
        if let Conn::Postgres(conn) = &mut self.reader.conn {
            // A pair, so that it is no stream's lock. Two names that share a number only wait for each other.
            conn.later("select pg_advisory_xact_lock(1717659239, hashtext($1))", &crate::params![name])
                .await?;
        }
        Ok(())
    }

    /// Declares where a locked stream ends, as the caller has read it along with other things; saves a query.
    pub fn hold(&mut self, stream: Stream, seq: i64, chain: &[u8]) -> Result<(), StoreError> {
        let head = Head::new(stream, seq, chain)?;
        // What this transaction has recorded already is not in the database yet.
        self.heads.entry(stream).or_insert(head);
        Ok(())
    }

    /// Declares a stream that begins in this transaction; saves a lock and a query.
    pub fn begin_stream(&mut self, stream: Stream) {
        self.heads.entry(stream).or_default();
    }

    /// The number that the next event of a held stream will have.
    pub fn next_seq(&self, stream: Stream) -> i64 {
        self.heads.get(&stream).map_or(1, |head| head.seq + 1)
    }

    /// Records that something happened. The event is written by the commit, with the state it tells of.
    /// Returns its place in its stream: 1, 2, 3 … without gaps, in the order of commits.
    pub async fn record(&mut self, event: NewEvent) -> Result<i64, StoreError> {
        let stream = event.stream;
        if !self.heads.contains_key(&stream) {
            self.lock(stream).await?;
            let head = crate::log::read_head(self, stream).await?;
            self.heads.insert(stream, head);
        }
        let logged = self.heads.entry(stream).or_default().append(event);
        let seq = logged.seq;
        self.events.push(logged);
        Ok(seq)
    }

    /// What was recorded and put at hand so far. Nothing of it has happened yet: only a mistake on purpose asks
    /// ([`Planted::EmitBeforeCommit`]).
    pub fn recorded(&self) -> (&[Logged], &[View]) {
        (&self.events, &self.views)
    }

    /// Puts at hand what clients are shown of an event that this transaction records.
    pub fn show(&mut self, view: View) {
        self.views.push(view);
    }

    /// Says that something here concerns a person, so that they are told once it is committed.
    pub fn tell(&mut self, person: UserId) {
        self.told.insert(person);
    }

    /// Lets this transaction commit although it records no event, because what it does is not a change that
    /// anybody could ask about. The reason is for the reader of the code.
    pub const fn commit_quietly(&mut self, reason: &'static str) {
        self.quiet = Some(reason);
    }

    /// Makes a row's text findable by [`Engine::matches_text`](crate::Engine::matches_text) as it now is, replacing what was
    /// indexed before. It is done by the commit, as one with the rest.
    pub fn index_text(&mut self, table: &'static str, id: i64) {
        // PostgreSQL's index follows the row by itself.
        if let Conn::Sqlite(_) = self.reader.conn {
            self.texts.push(TextChange { table, id });
        }
    }

    /// Takes the rows that `ids` selects out of the text index, before they are deleted.
    pub async fn forget_texts(
        &mut self,
        table: &'static str,
        ids: &str,
        params: &[Param<'_>],
    ) -> Result<(), StoreError> {
        if let Conn::Sqlite(_) = self.reader.conn {
            let ids: Vec<i64> = self.all(ids, params).await?;
            self.texts.extend(ids.into_iter().map(|id| TextChange { table, id }));
        }
        Ok(())
    }

    /// Writes the recorded events; the last step before the commit.
    pub(crate) async fn append_events(&mut self) -> Result<(), StoreError> {
        if self.events.is_empty() && self.quiet.is_none() {
            return Err(StoreError::Unrecorded);
        }
        let mut events = std::mem::take(&mut self.events);
        if Planted::RowWithoutEvent.is_on()
            && events.iter().all(|event| event.kind == "message_edited")
            && Planted::RowWithoutEvent.is_due(3)
        {
            events.clear();
        }
        crate::log::append(self, &events).await?;
        self.events = events;
        Ok(())
    }
}
