//! Where signing keys are kept, sealed.

use crate::event::Event;
use crate::fault::Fault;
use crate::keys::{SealedKey, WrappedKey};

/// Signing keys by `kid`. Private parts arrive sealed; the store never sees them in clear.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait SigningKeyStore: Send + Sync {
    /// Every key, oldest first.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot answer.
    fn all(&self) -> Result<Vec<SealedKey>, Fault>;

    /// Adds the first key and its events if there is none yet. `false` when another replica was quicker.
    ///
    /// # Errors
    /// [`Fault`] when it is not known whether it was written.
    fn add_first(&self, key: &SealedKey, events: &[Event]) -> Result<bool, Fault>;

    /// Writes a key, new or known, and its events, durably. Of a known key only its life changes.
    ///
    /// # Errors
    /// [`Fault`] when it is not known whether it was written.
    fn put(&self, key: &SealedKey, events: &[Event]) -> Result<(), Fault>;

    /// Forgets a key that no token needs any more.
    ///
    /// # Errors
    /// [`Fault`] when it is not known whether it was removed.
    fn remove(&self, kid: &str) -> Result<(), Fault>;

    /// Every derived key that was stored when the master key was changed; one a purpose.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot answer.
    fn wrapped(&self) -> Result<Vec<WrappedKey>, Fault>;

    /// If the keys are still those that were seen, replaces the seals of all of them and all wrapped keys,
    /// with events, durably. `false`: they were changed meanwhile, and nothing was written.
    ///
    /// # Errors
    /// [`Fault`] when it is not known whether it was written.
    fn rewrap(
        &self,
        seen: &[SealedKey],
        keys: &[SealedKey],
        wrapped: &[WrappedKey],
        events: &[Event],
    ) -> Result<bool, Fault>;
}
