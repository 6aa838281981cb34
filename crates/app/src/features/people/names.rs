//! The names of people, as part of whatever else is told.
//!
//! Rows hold ids. The names come from here, remembered by this process and kept current by the event log, instead of by
//! two or three joins for each row.

use std::sync::Arc;

use faff_store::log::{Logged, Stream};
use faff_store::{Reader, StoreError};
use faff_types::UserId;

use super::sql;
use super::view::UserRef;
use crate::App;
use crate::access::System;
use crate::event::Event;
use crate::http::Problem;
use crate::memory::{LastWord, Memory, Moment};

/// People remembered, at most.
const REMEMBERED: usize = 50_000;

/// The people whom this process knows by name.
#[derive(Debug)]
pub struct People(Remembered);

type Remembered = Memory<UserId, Arc<UserRef>>;

impl People {
    pub(crate) fn new(last_word: Arc<LastWord>) -> Self {
        Self(Memory::new(last_word, REMEMBERED))
    }

    /// The moment now, to be taken before a read is asked for in which [`People::refs_by`] is called. What was told with
    /// the names of one moment may be told again as long as a later one [continues](Moment::continues) it.
    pub(crate) fn moment(app: &App) -> Moment {
        app.people().0.moment()
    }

    /// These people: from memory, and with one query those who are not in it.
    pub(crate) async fn refs(app: &App, ids: impl IntoIterator<Item = UserId>) -> Result<Refs, StoreError> {
        let people = &app.people().0;
        let (known, missing) = Refs::remembered(people, ids);
        if missing.is_empty() {
            return Ok(known);
        }
        let moment = people.moment();
        let found = System::for_reason(app, "whoever sees a row sees who is named in it")
            .look_up(async move |reader: &mut Reader<'_>| sql::refs(reader, &missing).await)
            .await?;
        Ok(known.with_learnt(people, moment, found))
    }

    /// The same within a read that was asked for after `moment`.
    pub(crate) async fn refs_by(
        app: &App,
        reader: &mut Reader<'_>,
        moment: Moment,
        ids: impl IntoIterator<Item = UserId>,
    ) -> Result<Refs, StoreError> {
        let people = &app.people().0;
        let (known, missing) = Refs::remembered(people, ids);
        if missing.is_empty() {
            return Ok(known);
        }
        let found = sql::refs(reader, &missing).await?;
        Ok(known.with_learnt(people, moment, found))
    }

    /// Takes out whom an event has changed.
    pub(crate) fn apply(&self, event: &Logged) {
        if let Stream::User(user) = event.stream
            && event.kind == (Event::UserChanged { changes: Vec::new() }).kind()
        {
            self.0.forget(|known| drop(known.remove(&user)));
        }
    }
}

/// Some people, by their ids.
#[derive(Debug, Default)]
pub(crate) struct Refs(Vec<Arc<UserRef>>);

impl Refs {
    /// Those of these people who are remembered, and the ids of the others.
    fn remembered(people: &Remembered, ids: impl IntoIterator<Item = UserId>) -> (Self, Vec<UserId>) {
        let mut ids: Vec<UserId> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        let known = people.look(|known| ids.iter().filter_map(|id| known.get(id).cloned()).collect());
        let known = Self(known.unwrap_or_default());
        ids.retain(|id| known.get(*id).is_none());
        (known, ids)
    }

    /// Together with people who were read after `moment`.
    fn with_learnt(self, people: &Remembered, moment: Moment, found: Vec<UserRef>) -> Self {
        let found: Vec<Arc<UserRef>> = found.into_iter().map(Arc::new).collect();
        people.keep(moment, found.iter().map(|person| (person.id, person.clone())));
        self.with(found)
    }

    /// These people as a transaction sees them: those who are `known` in it already, and with one query the others.
    pub(crate) async fn read(
        reader: &mut Reader<'_>,
        known: impl IntoIterator<Item = UserRef>,
        ids: impl IntoIterator<Item = UserId>,
    ) -> Result<Self, StoreError> {
        let known = Self::default().with(known.into_iter().map(Arc::new));
        let ids: Vec<UserId> = ids.into_iter().filter(|id| known.get(*id).is_none()).collect();
        if ids.is_empty() {
            return Ok(known);
        }
        let found = sql::refs(reader, &ids).await?;
        Ok(known.with(found.into_iter().map(Arc::new)))
    }

    fn with(mut self, more: impl IntoIterator<Item = Arc<UserRef>>) -> Self {
        self.0.extend(more);
        self.0.sort_unstable_by_key(|person| person.id);
        self
    }

    /// Somebody, if there is such an account.
    pub(crate) fn get(&self, id: UserId) -> Option<UserRef> {
        let at = self.0.binary_search_by_key(&id, |person| person.id).ok()?;
        self.0.get(at).map(|person| UserRef::clone(person))
    }

    /// Somebody whom a row refers to, so that there is such an account.
    pub(crate) fn of(&self, id: UserId) -> Result<UserRef, Problem> {
        self.get(id).ok_or_else(|| Problem::internal(format!("there is no account {id}")))
    }
}
