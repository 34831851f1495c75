//! Sealing the notes of browsers.

use crate::fault::Fault;
use crate::id::SessionId;
use crate::secret::TokenValue;

/// Seals notes under the token their browser holds, which the store does not know: whoever reads
/// the store reads none of them.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait NoteSealer: Send + Sync {
    /// Seals the notes of a session. `nonce` must be random and new.
    ///
    /// # Errors
    /// [`Fault`] when they cannot be sealed.
    fn seal(
        &self,
        token: &TokenValue,
        session: &SessionId,
        nonce: [u8; 12],
        notes: &[u8],
    ) -> Result<Vec<u8>, Fault>;

    /// Opens what was sealed for this token and session. `None` for anything else.
    fn open(&self, token: &TokenValue, session: &SessionId, sealed: &[u8]) -> Option<Vec<u8>>;
}
