//! What a cookie holds: `gbs_`, 256 random bits, and a checksum.

use crate::ports::SessionKey;
use crate::secret::{TokenHash, TokenValue, base64url};
use crate::tokens::{body, checked};

const PREFIX: &str = "gbs_";

/// Letters of a token without its checksum.
const BODY: usize = PREFIX.len() + 43;

/// Makes the token of 32 random bytes.
pub(super) fn mint(random: &[u8; 32]) -> TokenValue {
    checked(format!("{PREFIX}{}", base64url(random)))
}

/// Where the session of a token would be found; `None` for what cannot be such a token.
pub(super) fn key(token: &TokenValue) -> Option<SessionKey> {
    let body = body(token)?;
    let is_one = body.len() == BODY && body.starts_with(PREFIX);
    is_one.then(|| SessionKey::Access(TokenHash::of(token)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::{self, TokenKind};

    #[test]
    fn what_is_minted_has_a_key() {
        assert!(key(&mint(&[7; 32])).is_some());
    }

    #[test]
    fn any_changed_letter_is_noticed() {
        for at in 0..mint(&[7; 32]).expose().len() {
            let mut bytes = mint(&[7; 32]).expose().as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
            let changed = TokenValue::new(String::from_utf8(bytes).unwrap());
            assert_eq!(key(&changed), None, "at {at}");
        }
    }

    #[test]
    fn access_and_refresh_tokens_are_no_cookies() {
        for kind in [TokenKind::Access, TokenKind::Refresh] {
            assert_eq!(key(&tokens::mint(kind, &[7; 32])), None, "{kind:?}");
        }
    }
}
