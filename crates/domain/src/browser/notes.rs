//! Notes: what the pages of a browser keep between two requests, for as long as it is signed in.

use crate::error::Error;
use crate::secret::TokenValue;
use crate::server::AuthorizationServer;

/// Bytes that notes may have.
pub const LONGEST_NOTES: usize = 64 * 1024;

impl AuthorizationServer {
    /// Keeps notes for a browser, in place of those it had, sealed under the token it holds.
    /// `false`: they are longer than [`LONGEST_NOTES`], or the browser's session is over.
    ///
    /// # Errors
    /// [`Error::Fault`] when the store is away.
    pub fn keep_notes(&self, shown: &TokenValue, notes: &[u8]) -> Result<bool, Error> {
        let now = self.ports.clock.now();
        let Some(found) = self.browser_session(shown, now)? else {
            return Ok(false);
        };
        if notes.len() > LONGEST_NOTES {
            return Ok(false);
        }
        let (id, nonce) = (&found.session.id, self.random()?);
        let sealed = self.ports.note_sealer.seal(shown, id, nonce, notes)?;
        Ok(self.ports.notes.put(id, &sealed, now)?)
    }

    /// The notes of a browser. `None`: it has none, or its session is over.
    ///
    /// # Errors
    /// [`Error::Fault`] when the store is away.
    pub fn notes(&self, shown: &TokenValue) -> Result<Option<Vec<u8>>, Error> {
        let Some(found) = self.browser_session(shown, self.ports.clock.now())? else {
            return Ok(None);
        };
        let id = &found.session.id;
        let sealed = self.ports.notes.get(id)?;
        Ok(sealed.and_then(|sealed| self.ports.note_sealer.open(shown, id, &sealed)))
    }
}
