//! Notes of browsers in memory, and a sealer that hides nothing.

use grantor_domain::Fault;
use grantor_domain::id::SessionId;
use grantor_domain::ports::{BrowserNotes, NoteSealer};
use grantor_domain::secret::TokenValue;
use grantor_domain::time::Timestamp;

use super::Memory;

impl BrowserNotes for Memory {
    fn put(&self, session: &SessionId, sealed: &[u8], _at: Timestamp) -> Result<bool, Fault> {
        let mut state = self.state();
        let is_there = state.sessions.contains_key(session);
        if is_there {
            state.notes.insert(session.clone(), sealed.to_vec());
        }
        Ok(is_there)
    }

    fn get(&self, session: &SessionId) -> Result<Option<Vec<u8>>, Fault> {
        Ok(self.state().notes.get(session).cloned())
    }

    fn remove(&self, session: &SessionId) -> Result<(), Fault> {
        self.state().notes.remove(session);
        Ok(())
    }
}

/// Writes token and session before the notes, and opens only what begins with them. Anyone can read
/// it: for tests only.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainNoteSealer;

fn beginning(token: &TokenValue, session: &SessionId) -> Vec<u8> {
    format!("{}|{session}|", token.expose()).into_bytes()
}

impl NoteSealer for PlainNoteSealer {
    fn seal(
        &self,
        token: &TokenValue,
        session: &SessionId,
        _nonce: [u8; 12],
        notes: &[u8],
    ) -> Result<Vec<u8>, Fault> {
        let mut sealed = beginning(token, session);
        sealed.extend_from_slice(notes);
        Ok(sealed)
    }

    fn open(&self, token: &TokenValue, session: &SessionId, sealed: &[u8]) -> Option<Vec<u8>> {
        let notes = sealed.strip_prefix(beginning(token, session).as_slice());
        notes.map(<[u8]>::to_vec)
    }
}
