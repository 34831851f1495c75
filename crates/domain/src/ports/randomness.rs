//! Randomness.

use crate::fault::Fault;

/// A cryptographically secure source of random bytes.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait Randomness: Send + Sync {
    /// Fills `bytes` with random ones.
    ///
    /// # Errors
    /// [`Fault`] when the source cannot answer; `bytes` must not be used then.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Fault>;
}
