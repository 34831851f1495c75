//! Seals notes of browsers: AES-256-GCM under a key that takes the master key and the browser's
//! token to make.

use std::fmt;

use aws_lc_rs::hmac;
use grantor_domain::Fault;
use grantor_domain::id::SessionId;
use grantor_domain::ports::NoteSealer;
use grantor_domain::secret::TokenValue;
use zeroize::Zeroizing;

use crate::master_key::bytes;
use crate::seal::Sealer;
use crate::wrapped::DerivedKeys;

/// Seals under tokens of browsers.
pub struct TokenSealer(hmac::Key);

impl TokenSealer {
    /// The sealer of an installation.
    #[must_use]
    pub fn new(keys: &DerivedKeys) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, &keys.browser_notes))
    }

    /// The key of a token is its HMAC-SHA256 (RFC 2104), and a token is 256 random bits.
    fn under(&self, token: &TokenValue) -> Result<Sealer, Fault> {
        let key = Zeroizing::new(bytes(hmac::sign(&self.0, token.expose().as_bytes())));
        Sealer::under(&key).map_err(|_| unusable())
    }
}

fn unusable() -> Fault {
    Fault::Unavailable("AES-256-GCM failed".to_owned())
}

impl NoteSealer for TokenSealer {
    fn seal(
        &self,
        token: &TokenValue,
        session: &SessionId,
        nonce: [u8; 12],
        notes: &[u8],
    ) -> Result<Vec<u8>, Fault> {
        let sealed = self.under(token)?.seal(nonce, session.as_str(), notes);
        sealed.map_err(|_| unusable())
    }

    fn open(&self, token: &TokenValue, session: &SessionId, sealed: &[u8]) -> Option<Vec<u8>> {
        let under_token = self.under(token).ok()?;
        let mut notes = under_token.open(session.as_str(), sealed)?;
        Some(std::mem::take(&mut *notes))
    }
}

impl fmt::Debug for TokenSealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSealer([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MasterKey;

    fn sealer(byte: u8) -> TokenSealer {
        TokenSealer::new(&DerivedKeys::of(&MasterKey::from_bytes([byte; 32])))
    }

    fn token(text: &str) -> TokenValue {
        TokenValue::new(text.to_owned())
    }

    fn session(id: &str) -> SessionId {
        SessionId::parse(id).unwrap()
    }

    #[test]
    fn opens_for_the_same_token_session_and_installation_only() {
        let (notes, one) = (b"a password".as_slice(), session("one"));
        let sealed = sealer(1)
            .seal(&token("gbs_a"), &one, [7; 12], notes)
            .unwrap();
        let open = |byte, held, id| sealer(byte).open(&token(held), &session(id), &sealed);
        assert_eq!(open(1, "gbs_a", "one").as_deref(), Some(notes));
        assert_eq!(open(1, "gbs_b", "one"), None, "another token");
        assert_eq!(open(1, "gbs_a", "two"), None, "another session");
        assert_eq!(open(2, "gbs_a", "one"), None, "another master key");
    }

    #[test]
    fn nothing_of_the_notes_is_seen() {
        let sealed = sealer(1)
            .seal(&token("gbs_a"), &session("one"), [7; 12], b"verysecret")
            .unwrap();
        assert!(!sealed.windows(4).any(|part| part == b"very"));
    }
}
