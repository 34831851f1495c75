//! Keys, sealed.

use grantor_domain::Fault;
use grantor_domain::event::Event;
use grantor_domain::keys::{SealedKey, WrappedKey};
use grantor_domain::ports::SigningKeyStore;

use crate::measure;

use super::super::lock_signing_keys;
use super::super::queries::{events, signing_keys};
use super::Adapter;

impl SigningKeyStore for Adapter {
    fn all(&self) -> Result<Vec<SealedKey>, Fault> {
        self.read(signing_keys::all)
    }

    fn add_first(&self, key: &SealedKey, of_change: &[Event]) -> Result<bool, Fault> {
        let added = self.write(|conn| {
            lock_signing_keys(conn)?;
            let is_first = signing_keys::add_first(conn, key)?;
            if is_first {
                events::append(conn, of_change)?;
            }
            Ok(is_first)
        });
        added.inspect(|is_first| measure::happened_if(*is_first, of_change))
    }

    fn put(&self, key: &SealedKey, of_change: &[Event]) -> Result<(), Fault> {
        let written = self.write(|conn| {
            signing_keys::put(conn, key)?;
            Ok(events::append(conn, of_change)?)
        });
        written.inspect(|()| measure::happened(of_change))
    }

    fn remove(&self, kid: &str) -> Result<(), Fault> {
        self.write(|conn| Ok(signing_keys::remove(conn, kid)?))
    }

    fn wrapped(&self) -> Result<Vec<WrappedKey>, Fault> {
        self.read(|conn| Ok(signing_keys::wrapped(conn)?))
    }

    fn rewrap(
        &self,
        seen: &[SealedKey],
        keys: &[SealedKey],
        wrapped: &[WrappedKey],
        of_change: &[Event],
    ) -> Result<bool, Fault> {
        self.write(|conn| {
            lock_signing_keys(conn)?;
            let done = signing_keys::rewrap(conn, seen, keys, wrapped)?;
            if done {
                events::append(conn, of_change)?;
            }
            Ok(done)
        })
    }
}
