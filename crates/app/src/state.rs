//! What every part of the application shares: concrete, cheap to clone, no globals.

use std::sync::Arc;

use faff_store::Db;
use faff_store::log::Logged;
use faff_types::{Clock, Random, Timestamp, UserId};

use crate::Settings;
use crate::access::{Sessions, SetUp, Tokens};
use crate::edges;
use crate::edges::ai::Ai;
use crate::edges::backup::Backups;
use crate::edges::health::Health;
use crate::edges::realtime::Realtime;
use crate::features::files::{Files, Storage};
use crate::features::inbox;
use crate::features::people::{Passwords, People};
use crate::features::tasks::Tasks;
use crate::http::{Limits, Pages, Requests};
use crate::jobs::Jobs;
use crate::memory::LastWord;
use crate::news::News;

/// One running application.
#[derive(Clone, Debug)]
pub struct App(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    db: Db,
    clock: Clock,
    started: Timestamp,
    random: Random,
    settings: Settings,
    tokens: Tokens,
    last_word: Arc<LastWord>,
    sessions: Sessions,
    people: People,
    tasks: Tasks,
    passwords: Passwords,
    files: Files,
    jobs: Jobs,
    limits: Limits,
    requests: Requests,
    set_up: SetUp,
    health: Health,
    ai: Ai,
    backups: Backups,
    news: News,
    realtime: Realtime,
    pages: Pages,
}

/// What an application is made of.
#[derive(Debug)]
pub struct Parts {
    /// The database, migrated.
    pub db: Db,
    /// Where the time comes from.
    pub clock: Clock,
    /// Where unguessable values come from.
    pub random: Random,
    /// Where files are.
    pub storage: Storage,
    /// What it was told.
    pub settings: Settings,
    /// The web client; empty without one.
    pub pages: Pages,
}

impl App {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        let Parts { db, clock, random, storage, settings, pages } = parts;
        let last_word = Arc::new(LastWord::default());
        let shared = Shared {
            tokens: Tokens::new(&settings),
            sessions: Sessions::new(last_word.clone()),
            people: People::new(last_word.clone()),
            tasks: Tasks::default(),
            last_word,
            passwords: Passwords::new(settings.bcrypt_cost),
            files: Files::new(storage, settings.api_base_url.as_deref(), &settings.jwt_secret),
            jobs: Jobs::default(),
            limits: Limits::new(&settings),
            requests: Requests::default(),
            set_up: SetUp::default(),
            health: Health::default(),
            ai: Ai::new(&settings),
            backups: Backups::default(),
            news: News::default(),
            realtime: Realtime::new(&settings),
            pages,
            db,
            started: clock.now(),
            clock,
            random,
            settings,
        };
        Self(Arc::new(shared))
    }

    /// The database. Only `access` hands it on, by a caller or for a reason.
    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }
    /// When this process began.
    pub(crate) fn started(&self) -> Timestamp {
        self.0.started
    }
    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }
    pub(crate) fn random(&self) -> Random {
        self.0.random
    }
    /// What the application was told.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }
    pub(crate) fn tokens(&self) -> &Tokens {
        &self.0.tokens
    }
    /// The last word from the event log.
    pub(crate) fn last_word(&self) -> &LastWord {
        &self.0.last_word
    }
    pub(crate) fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }
    pub(crate) fn people(&self) -> &People {
        &self.0.people
    }
    pub(crate) fn tasks(&self) -> &Tasks {
        &self.0.tasks
    }
    /// Forgets what an event has changed.
    pub(crate) fn forget(&self, event: &Logged) {
        self.0.sessions.apply(event);
        self.0.people.apply(event);
    }
    /// Hashes passwords, and tells how many it has.
    pub fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }
    pub(crate) fn files(&self) -> &Files {
        &self.0.files
    }
    /// Objects may be without rows now: they are removed soon, and without this a little later.
    pub(crate) fn files_removed(&self) {
        self.0.files.wake.notify_one();
    }
    pub(crate) fn jobs(&self) -> &Jobs {
        &self.0.jobs
    }
    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }
    pub(crate) fn requests(&self) -> &Requests {
        &self.0.requests
    }
    /// The one-time way to the first administrator.
    pub fn set_up(&self) -> &SetUp {
        &self.0.set_up
    }
    /// What the health endpoints tell.
    pub fn health(&self) -> &Health {
        &self.0.health
    }
    /// What is said of tickets by a machine.
    pub fn ai(&self) -> &Ai {
        &self.0.ai
    }
    /// How backups stand that this node makes by itself.
    pub fn backups(&self) -> &Backups {
        &self.0.backups
    }
    pub(crate) fn realtime(&self) -> &Realtime {
        &self.0.realtime
    }
    /// The web client.
    pub fn pages(&self) -> &Pages {
        &self.0.pages
    }
    /// Tells the sockets of somebody, on all nodes, something that may be lost.
    pub(crate) fn tell_person(&self, person: UserId, event: &str, data: serde_json::Value) {
        edges::realtime::personal::tell(self, Some(person), event, data);
    }
    /// Tells somebody that their inbox has changed.
    pub(crate) fn tell_of_inbox(&self, person: UserId) {
        self.tell_person(person, inbox::CHANGED, serde_json::json!({}));
    }
    /// Tells the sockets of everybody, on all nodes, something that may be lost.
    pub(crate) fn tell_everybody(&self, event: &str, data: serde_json::Value) {
        edges::realtime::personal::tell(self, None, event, data);
    }
    pub(crate) fn news(&self) -> &News {
        &self.0.news
    }
    /// How a replica of the database is used, if there is one.
    pub fn replication(&self) -> Option<faff_store::Replication> {
        self.db().replication()
    }
    /// What the store has done, for metrics and for tests that count queries.
    pub fn store_counters(&self) -> &faff_store::Counters {
        self.0.db.counters()
    }
}
