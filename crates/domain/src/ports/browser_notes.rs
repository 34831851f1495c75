//! Where the notes of browsers are kept.

use crate::fault::Fault;
use crate::id::SessionId;
use crate::time::Timestamp;

/// What pages keep between two requests: for each browser's session one sealed text, which goes
/// when the session is forgotten. The last writer wins, and what is written need not be durable:
/// nobody's rights depend on it.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait BrowserNotes: Send + Sync {
    /// Keeps notes in place of those the session had. `false`: there is no such session.
    ///
    /// # Errors
    /// [`Fault`] when it is not known whether they were kept.
    fn put(&self, session: &SessionId, sealed: &[u8], at: Timestamp) -> Result<bool, Fault>;

    /// The notes of a session.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot answer.
    fn get(&self, session: &SessionId) -> Result<Option<Vec<u8>>, Fault>;

    /// Forgets the notes of a session. That there are none is no fault.
    ///
    /// # Errors
    /// [`Fault`] when it is not known.
    fn remove(&self, session: &SessionId) -> Result<(), Fault>;
}
