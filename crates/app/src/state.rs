//! What every part of the application shares: concrete, cheap to clone, no globals.

use std::sync::Arc;

use faff_store::Db;
use faff_types::{Clock, Random, Timestamp};

use crate::Settings;
use crate::access::{Sessions, SetUp, Tokens};
use crate::edges::health::Health;
use crate::edges::realtime::Realtime;
use crate::features::people::Passwords;
use crate::http::Limits;
use crate::news::News;

/// One running application.
#[derive(Clone, Debug)]
pub struct App(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    db: Db,
    clock: Clock,
    random: Random,
    settings: Settings,
    tokens: Tokens,
    sessions: Sessions,
    passwords: Passwords,
    limits: Limits,
    set_up: SetUp,
    health: Health,
    news: News,
    realtime: Realtime,
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
    /// What it was told.
    pub settings: Settings,
}

impl App {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        let Parts { db, clock, random, settings } = parts;
        let shared = Shared {
            tokens: Tokens::new(&settings),
            sessions: Sessions::default(),
            passwords: Passwords::new(settings.bcrypt_cost),
            limits: Limits::new(&settings),
            set_up: SetUp::default(),
            health: Health::default(),
            news: News::default(),
            realtime: Realtime::new(&settings),
            db,
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
    pub(crate) fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }
    pub(crate) fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }
    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }
    /// The one-time way to the first administrator.
    pub fn set_up(&self) -> &SetUp {
        &self.0.set_up
    }
    /// What the health endpoints tell.
    pub fn health(&self) -> &Health {
        &self.0.health
    }
    pub(crate) fn realtime(&self) -> &Realtime {
        &self.0.realtime
    }
    pub(crate) fn news(&self) -> &News {
        &self.0.news
    }
    /// What the store has done, for metrics and for tests that count queries.
    pub fn store_counters(&self) -> &faff_store::Counters {
        self.0.db.counters()
    }
}
