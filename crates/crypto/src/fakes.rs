//! Stand-ins for the ports, for the tests of this crate.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};

use grantor_domain::event::Event;
use grantor_domain::fault::Fault;
use grantor_domain::keys::{SealedKey, WrappedKey};
use grantor_domain::ports::{Clock, Randomness, SigningKeyStore};
use grantor_domain::time::Timestamp;

/// A clock that shows the second it was set to.
#[derive(Default)]
pub(crate) struct SetClock(AtomicI64);

impl SetClock {
    pub(crate) fn set(&self, second: i64) {
        self.0.store(second, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(self.0.load(Ordering::SeqCst))
    }
}

/// Bytes that differ from call to call.
#[derive(Default)]
pub(crate) struct CountingRandomness(AtomicU8);

impl Randomness for CountingRandomness {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Fault> {
        bytes.fill(self.0.fetch_add(1, Ordering::SeqCst));
        Ok(())
    }
}

/// Keys in memory, in the order they were added.
#[derive(Default)]
pub(crate) struct MemoryKeys(
    Mutex<Vec<SealedKey>>,
    Mutex<Vec<Event>>,
    Mutex<Vec<WrappedKey>>,
);

impl MemoryKeys {
    pub(crate) fn change(&self, change: impl FnOnce(&mut Vec<SealedKey>)) {
        change(&mut self.0.lock().unwrap());
    }

    pub(crate) fn change_wrapped(&self, change: impl FnOnce(&mut Vec<WrappedKey>)) {
        change(&mut self.2.lock().unwrap());
    }

    /// The names and details of the events that came with keys.
    pub(crate) fn events(&self) -> Vec<(&'static str, String)> {
        let events = self.1.lock().unwrap();
        let told = |event: &Event| (event.kind.name(), event.detail.clone().unwrap_or_default());
        events.iter().map(told).collect()
    }
}

impl SigningKeyStore for MemoryKeys {
    fn all(&self) -> Result<Vec<SealedKey>, Fault> {
        Ok(self.0.lock().unwrap().clone())
    }

    fn add_first(&self, key: &SealedKey, events: &[Event]) -> Result<bool, Fault> {
        let mut keys = self.0.lock().unwrap();
        let first = keys.is_empty();
        if first {
            keys.push(key.clone());
            self.1.lock().unwrap().extend_from_slice(events);
        }
        Ok(first)
    }

    fn put(&self, key: &SealedKey, events: &[Event]) -> Result<(), Fault> {
        let mut keys = self.0.lock().unwrap();
        match keys.iter_mut().find(|known| known.life.kid == key.life.kid) {
            Some(known) => known.life = key.life.clone(),
            None => keys.push(key.clone()),
        }
        self.1.lock().unwrap().extend_from_slice(events);
        Ok(())
    }

    fn remove(&self, kid: &str) -> Result<(), Fault> {
        self.0.lock().unwrap().retain(|known| known.life.kid != kid);
        Ok(())
    }

    fn wrapped(&self) -> Result<Vec<WrappedKey>, Fault> {
        Ok(self.2.lock().unwrap().clone())
    }

    fn rewrap(
        &self,
        seen: &[SealedKey],
        keys: &[SealedKey],
        wrapped: &[WrappedKey],
        events: &[Event],
    ) -> Result<bool, Fault> {
        let mut known = self.0.lock().unwrap();
        if *known != seen {
            return Ok(false);
        }
        *known = keys.to_vec();
        *self.2.lock().unwrap() = wrapped.to_vec();
        self.1.lock().unwrap().extend_from_slice(events);
        Ok(true)
    }
}
