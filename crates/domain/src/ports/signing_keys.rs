//! Looking after the keys that tokens are signed with.

use crate::caller::Caller;
use crate::fault::Fault;
use crate::keys::{KeyLife, Retirement, Rotation};

/// The keys behind a [`TokenSigner`](super::TokenSigner). It makes and seals them, and keeps the time
/// by which they take turns; private parts stay with it.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait SigningKeys: Send + Sync {
    /// The lives of all keys as the store has them, in the order in which they sign.
    ///
    /// # Errors
    /// [`Fault`] when the keys cannot be read.
    fn lives(&self) -> Result<Vec<KeyLife>, Fault>;

    /// Makes a key that signs after those there are. Each of them ends when the last token it may have
    /// signed has. Keys and their events are durable when it returns.
    ///
    /// # Errors
    /// [`Fault`] when no key can be made, or it is not known whether it was written.
    fn rotate(&self, rotation: Rotation, by: &Caller) -> Result<(), Fault>;

    /// Ends a key now: no token it signed verifies any more. One that has ended stays so. Durable when
    /// it returns, with its event.
    ///
    /// # Errors
    /// [`Fault`] when it is not known whether it has ended.
    fn retire(&self, kid: &str, by: &Caller) -> Result<Retirement, Fault>;
}
