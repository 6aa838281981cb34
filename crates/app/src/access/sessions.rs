//! Who is logged in, cached in this process.
//!
//! Invariant: an answer from here is never older than [`TRUST`]. The follower of the event log takes out what an
//! event has changed, on this node before the change is answered; when the follower has not come through for
//! longer than that, the cache is not asked.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use faff_store::log::{Logged, Stream};
use faff_store::{Reader, StoreError};
use faff_types::{SessionId, Timestamp};
use tokio::time::Instant;

use super::{Role, Who, sql};
use crate::App;
use crate::event::Event;

/// How long the cache is believed without word from the log.
const TRUST: Duration = Duration::from_secs(1);
/// Logins remembered, at most; beyond, all are forgotten and learnt anew.
const REMEMBERED: usize = 50_000;

/// The cache of logins.
#[derive(Debug)]
pub struct Sessions {
    known: RwLock<HashMap<SessionId, Known>>,
    /// Counts what was taken out, so that a row read before a change is not kept after it.
    changes: AtomicU64,
    opened: Instant,
    /// Milliseconds from `opened` to the last word from the log; 0 before the first.
    heard: AtomicU64,
}

#[derive(Debug, Clone)]
struct Known {
    who: Arc<Who>,
    expires_at: Timestamp,
}

impl Default for Sessions {
    fn default() -> Self {
        Self {
            known: RwLock::default(),
            changes: AtomicU64::new(0),
            opened: Instant::now(),
            heard: AtomicU64::new(0),
        }
    }
}

impl Sessions {
    /// Who is behind a login, if it is still good.
    pub(super) async fn find(app: &App, id: SessionId) -> Result<Option<Arc<Who>>, StoreError> {
        let cache = app.sessions();
        let trusted = cache.is_trusted();
        if trusted && let Some(known) = cache.known.read().unwrap_or_else(PoisonError::into_inner).get(&id) {
            return Ok((known.expires_at > app.now()).then(|| known.who.clone()));
        }
        let changes = cache.changes.load(Ordering::SeqCst);
        let row = app.db().read(async move |reader: &mut Reader<'_>| sql::session(reader, id).await).await?;
        let Some(row) = row.filter(|row| row.expires_at > app.now()) else {
            return Ok(None);
        };
        let who =
            Arc::new(Who { id: row.user_id, name: row.name, email: row.email, role: row.role, session: id });
        let mut known = cache.known.write().unwrap_or_else(PoisonError::into_inner);
        if trusted && cache.changes.load(Ordering::SeqCst) == changes {
            if known.len() >= REMEMBERED {
                known.clear();
            }
            known.insert(id, Known { who: who.clone(), expires_at: row.expires_at });
        }
        Ok(Some(who))
    }

    /// Takes out what an event has changed.
    pub(crate) fn apply(&self, event: &Logged) {
        let Stream::User(user) = event.stream else { return };
        // A login that begins changes nobody's state.
        if event.kind == Event::KINDS[3] {
            return;
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        self.changes.fetch_add(1, Ordering::SeqCst);
        known.retain(|_, known| known.who.id != user);
    }

    /// Notes that everything that was committed until `asked` has been applied.
    pub(crate) fn heard(&self, asked: Instant) {
        let millis = asked.saturating_duration_since(self.opened).as_millis();
        self.heard.fetch_max(u64::try_from(millis).unwrap_or(u64::MAX).max(1), Ordering::SeqCst);
    }

    fn is_trusted(&self) -> bool {
        let heard = self.heard.load(Ordering::SeqCst);
        heard > 0 && self.opened.elapsed() < Duration::from_millis(heard) + TRUST
    }
}

impl Who {
    /// Whether this person administers the workspace.
    pub fn is_admin(&self) -> bool {
        self.role == Role::Admin
    }
}
