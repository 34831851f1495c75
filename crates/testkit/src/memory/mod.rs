//! The reference adapters: every port in memory, as plainly as its contract allows.

mod events;
mod familiar;
mod hasher;
mod keys;
mod notes;
mod page;
mod policies;
mod registry;
mod sessions;
mod shelf;
mod signer;
mod throttle;

pub use events::PlainSealer;
pub use hasher::PlainHasher;
pub use keys::PlainKeys;
pub use notes::PlainNoteSealer;
pub use policies::{PlainPasswordJudge, PlainPolicyEngine, PlainPortraits};
pub use signer::PlainSigner;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use grantor_domain::access::AccessPolicy;
use grantor_domain::audit::{EventId, RecordedEvent};
use grantor_domain::clients::Client;
use grantor_domain::event::Event;
use grantor_domain::hour::Hour;
use grantor_domain::id::{SessionId, UserId};
use grantor_domain::keys::{SealedKey, WrappedKey};
use grantor_domain::ports::{Clock, Place, Randomness};
use grantor_domain::revision::Version;
use grantor_domain::roles::Role;
use grantor_domain::secret::TokenHash;
use grantor_domain::server::Ports;
use grantor_domain::sessions::Session;
use grantor_domain::time::Timestamp;
use grantor_domain::users::{LoginName, User};

use self::shelf::Shelf;

/// One store behind every storage port. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Memory(Arc<Mutex<State>>);

/// What was ever stored.
#[derive(Clone, Debug, Default)]
struct State {
    clients: Shelf<Client>,
    users: Shelf<User>,
    roles: Shelf<Role>,
    policies: Shelf<AccessPolicy>,
    policy_set: Option<Version>,
    sequence: i64,
    names: HashMap<LoginName, UserId>,
    sessions: BTreeMap<SessionId, Session>,
    refresh_tokens: HashMap<TokenHash, SessionId>,
    notes: HashMap<SessionId, Vec<u8>>,
    censuses: BTreeMap<Hour, u64>,
    levels: HashMap<String, i64>,
    familiar: BTreeMap<Place, Timestamp>,
    keys: Vec<SealedKey>,
    wrapped_keys: Vec<WrappedKey>,
    events: Vec<Event>,
    /// Events that somebody altered or removed where they are stored.
    tampered: BTreeMap<EventId, Option<RecordedEvent>>,
    links: BTreeMap<EventId, [u8; 32]>,
}

impl Memory {
    /// Every port over this store, with toy hashing and signing.
    #[must_use]
    pub fn ports(&self, clock: Arc<dyn Clock>, randomness: Arc<dyn Randomness>) -> Ports {
        Ports {
            sessions: Arc::new(self.clone()),
            notes: Arc::new(self.clone()),
            note_sealer: Arc::new(PlainNoteSealer),
            clients: Arc::new(self.clone()),
            users: Arc::new(self.clone()),
            roles: Arc::new(self.clone()),
            policies: Arc::new(self.clone()),
            policy_engine: Arc::new(PlainPolicyEngine::default()),
            portraits: Arc::new(PlainPortraits),
            resources: Arc::new(self.clone()),
            throttle: Arc::new(self.clone()),
            familiar: Arc::new(self.clone()),
            events: Arc::new(self.clone()),
            hasher: Arc::new(PlainHasher::default()),
            password_judge: Arc::new(PlainPasswordJudge),
            signer: Arc::new(PlainSigner),
            keys: Arc::new(PlainKeys::new(self, &clock)),
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
