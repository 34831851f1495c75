//! The reference adapters: every port in memory, as plainly as its contract allows.

mod clients;
mod events;
mod hasher;
mod keys;
mod resources;
mod sessions;
mod signer;
mod throttle;
mod users;

pub use hasher::PlainHasher;
pub use signer::PlainSigner;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use grantor_domain::clients::Client;
use grantor_domain::event::Event;
use grantor_domain::id::{ClientId, SessionId, UserId};
use grantor_domain::keys::SealedKey;
use grantor_domain::ports::{Clock, Expect, Randomness};
use grantor_domain::revision::Stamp;
use grantor_domain::secret::TokenHash;
use grantor_domain::server::Ports;
use grantor_domain::sessions::Session;
use grantor_domain::users::{LoginName, User};

/// One store behind every storage port. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Memory(Arc<Mutex<State>>);

/// What was ever stored.
#[derive(Debug, Default)]
struct State {
    clients: HashMap<ClientId, Row<Client>>,
    users: HashMap<UserId, Row<User>>,
    names: HashMap<LoginName, UserId>,
    sessions: BTreeMap<SessionId, Session>,
    refresh_tokens: HashMap<TokenHash, SessionId>,
    levels: HashMap<String, i64>,
    keys: Vec<SealedKey>,
    events: Vec<Event>,
}

/// A resource, or the mark that one was here.
#[derive(Clone, Debug)]
enum Row<T> {
    Live(T),
    Removed(Stamp),
}

impl<T> Row<T> {
    const fn live(&self) -> Option<&T> {
        match self {
            Self::Live(value) => Some(value),
            Self::Removed(_) => None,
        }
    }

    const fn removed(&self) -> Option<Stamp> {
        match self {
            Self::Live(_) => None,
            Self::Removed(stamp) => Some(*stamp),
        }
    }
}

impl Memory {
    /// Every port over this store, with toy hashing and signing.
    #[must_use]
    pub fn ports(&self, clock: Arc<dyn Clock>, randomness: Arc<dyn Randomness>) -> Ports {
        Ports {
            sessions: Arc::new(self.clone()),
            clients: Arc::new(self.clone()),
            users: Arc::new(self.clone()),
            resources: Arc::new(self.clone()),
            throttle: Arc::new(self.clone()),
            events: Arc::new(self.clone()),
            hasher: Arc::new(PlainHasher::default()),
            signer: Arc::new(PlainSigner),
            clock,
            randomness,
        }
    }

    /// Every event written so far, in order.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.state().events.clone()
    }

    /// How many sessions are stored, ended ones included.
    #[must_use]
    pub fn session_count(&self) -> usize {
        self.state().sessions.len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The stamp a write stores, or `None` when its expectation does not hold. A removed id goes on
/// counting where it stopped.
fn stamps(
    written: Stamp,
    live: Option<Stamp>,
    removed: Option<Stamp>,
    expect: Expect,
) -> Option<Stamp> {
    match (expect, live) {
        (Expect::Absent, None) => Some(removed.map_or(written, |removed| Stamp {
            version: removed.version.next(),
            epoch: removed.epoch,
            ..written
        })),
        (Expect::Version(version), Some(live)) if live.version == version => Some(written),
        _ => None,
    }
}
