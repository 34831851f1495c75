//! Signing keys in memory.

use grantor_domain::Fault;
use grantor_domain::event::Event;
use grantor_domain::keys::SealedKey;
use grantor_domain::ports::SigningKeyStore;

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
        state.keys.retain(|known| known.life.kid != key.life.kid);
        state.keys.push(key.clone());
        state.events.extend_from_slice(events);
        Ok(())
    }

    fn remove(&self, kid: &str) -> Result<(), Fault> {
        self.state().keys.retain(|known| known.life.kid != kid);
        Ok(())
    }
}
