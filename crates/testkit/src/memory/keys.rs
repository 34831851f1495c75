//! Signing keys in memory.

use std::sync::Arc;

use grantor_domain::Fault;
use grantor_domain::caller::Caller;
use grantor_domain::event::{Event, EventKind};
use grantor_domain::keys::{
    KeyLife, Retirement, Rotation, SealedKey, SigningAlgorithm, WrappedKey, signing_key,
};
use grantor_domain::ports::{Clock, SigningKeyStore, SigningKeys};
use grantor_domain::time::Lifetime;

use super::Memory;

impl SigningKeyStore for Memory {
    fn all(&self) -> Result<Vec<SealedKey>, Fault> {
        let mut keys = self.state().keys.clone();
        keys.sort_by(|a, b| (a.life.created, &a.life.kid).cmp(&(b.life.created, &b.life.kid)));
        Ok(keys)
    }

    fn add_first(&self, key: &SealedKey, events: &[Event]) -> Result<bool, Fault> {
        let mut state = self.state();
        let first = state.keys.is_empty();
        if first {
            state.keys.push(key.clone());
            state.events.extend_from_slice(events);
        }
        Ok(first)
    }

    fn put(&self, key: &SealedKey, events: &[Event]) -> Result<(), Fault> {
        let mut state = self.state();
        match state
            .keys
            .iter_mut()
            .find(|known| known.life.kid == key.life.kid)
        {
            Some(known) => known.life = key.life.clone(),
            None => state.keys.push(key.clone()),
        }
        state.events.extend_from_slice(events);
        Ok(())
    }

    fn remove(&self, kid: &str) -> Result<(), Fault> {
        self.state().keys.retain(|known| known.life.kid != kid);
        Ok(())
    }

    fn wrapped(&self) -> Result<Vec<WrappedKey>, Fault> {
        Ok(self.state().wrapped_keys.clone())
    }

    fn rewrap(
        &self,
        seen: &[SealedKey],
        keys: &[SealedKey],
        wrapped: &[WrappedKey],
        events: &[Event],
    ) -> Result<bool, Fault> {
        if self.all()? != seen {
            return Ok(false);
        }
        let mut state = self.state();
        state.keys = keys.to_vec();
        state.wrapped_keys = wrapped.to_vec();
        state.events.extend_from_slice(events);
        Ok(true)
    }
}

/// For how long a planned key is published before it signs.
const LEAD: Lifetime = Lifetime::from_seconds(900);
/// For how long a key is published after its successor began to sign.
const LONGEST: Lifetime = Lifetime::from_days(1);

/// Keys that are nothing but their lives: [`PlainSigner`](super::PlainSigner) needs none.
pub struct PlainKeys {
    memory: Memory,
    clock: Arc<dyn Clock>,
}

impl PlainKeys {
    /// Keys in this store, which has one that signs from now on if it had none.
    #[must_use]
    pub fn new(memory: &Memory, clock: &Arc<dyn Clock>) -> Self {
        let keys = Self {
            memory: memory.clone(),
            clock: Arc::clone(clock),
        };
        if keys.memory.state().keys.is_empty() {
            keys.add(Lifetime::default());
        }
        keys
    }

    fn add(&self, lead: Lifetime) -> KeyLife {
        let now = self.clock.now();
        let mut state = self.memory.state();
        let life = KeyLife {
            kid: format!("key-{}", state.keys.len() + 1),
            algorithm: SigningAlgorithm::default(),
            created: now,
            sign_from: now.plus(lead),
            ends: None,
        };
        for known in &mut state.keys {
            let ends = life.sign_from.plus(LONGEST);
            known.life.ends.get_or_insert(ends);
        }
        state.keys.push(SealedKey {
            life: life.clone(),
            sealed: Vec::new(),
        });
        life
    }

    fn tell(&self, what: EventKind, kid: &str, by: &Caller) {
        let event = Event::new(what, self.clock.now()).detail(kid).by(by);
        self.memory.state().events.push(event);
    }
}

impl SigningKeys for PlainKeys {
    fn lives(&self) -> Result<Vec<KeyLife>, Fault> {
        let keys = self.memory.state().keys.clone();
        Ok(keys.into_iter().map(|key| key.life).collect())
    }

    fn rotate(&self, rotation: Rotation, by: &Caller) -> Result<(), Fault> {
        let life = self.add(match rotation {
            Rotation::Planned => LEAD,
            Rotation::AtOnce => Lifetime::default(),
        });
        self.tell(EventKind::KeyCreated, &life.kid, by);
        Ok(())
    }

    fn retire(&self, kid: &str, by: &Caller) -> Result<Retirement, Fault> {
        let now = self.clock.now();
        let lives = SigningKeys::lives(self)?;
        if !lives.iter().any(|life| life.kid == kid) {
            return Ok(Retirement::Unknown);
        }
        if signing_key(lives.iter().filter(|life| life.kid != kid), now).is_none() {
            return Ok(Retirement::OnlySigningKey);
        }
        for key in &mut self.memory.state().keys {
            if key.life.kid == kid {
                key.life.ends = Some(now);
            }
        }
        self.tell(EventKind::KeyRetired, kid, by);
        Ok(Retirement::Done)
    }
}
