//! Who is logged in, remembered by this process and kept current by the event log.

use std::sync::Arc;

use faff_store::log::{Logged, Stream};
use faff_store::{Reader, StoreError};
use faff_types::{SessionId, Timestamp};

use super::{Role, Who, sql};
use crate::App;
use crate::event::Event;
use crate::memory::{LastWord, Memory};

/// Logins remembered, at most.
const REMEMBERED: usize = 50_000;

/// The logins that this process knows.
#[derive(Debug)]
pub struct Sessions(Memory<SessionId, Known>);

#[derive(Debug, Clone)]
struct Known {
    who: Arc<Who>,
    expires_at: Timestamp,
}

impl Sessions {
    pub(crate) fn new(last_word: Arc<LastWord>) -> Self {
        Self(Memory::new(last_word, REMEMBERED))
    }

    /// Who is behind a login, if it is still good.
    pub(super) async fn find(app: &App, id: SessionId) -> Result<Option<Arc<Who>>, StoreError> {
        let sessions = &app.sessions().0;
        let good = |known: Known| (known.expires_at > app.now()).then_some(known.who);
        if let Some(Some(known)) = sessions.look(|known| known.get(&id).cloned()) {
            return Ok(good(known));
        }
        let moment = sessions.moment();
        let row =
            app.db().look_up(async move |reader: &mut Reader<'_>| sql::session(reader, id).await).await?;
        let Some(row) = row.filter(|row| row.expires_at > app.now()) else {
            return Ok(None);
        };
        let who =
            Arc::new(Who { id: row.user_id, name: row.name, email: row.email, role: row.role, session: id });
        let known = Known { who: who.clone(), expires_at: row.expires_at };
        sessions.keep(moment, [(id, known)]);
        Ok(Some(who))
    }

    /// Takes out what an event has changed.
    pub(crate) fn apply(&self, event: &Logged) {
        let Stream::User(user) = event.stream else { return };
        // A login that begins changes nobody's state.
        if event.kind == Event::SESSION_STARTED {
            return;
        }
        self.0.forget(|known| known.retain(|_, known| known.who.id != user));
    }
}

impl Who {
    /// Whether this person administers the workspace.
    pub fn is_admin(&self) -> bool {
        self.role == Role::Admin
    }
}
