//! Opaque tokens: `prefix`, 256 random bits, and a checksum that lets nonsense be refused unseen.

use sha2::{Digest as _, Sha256};

use crate::secret::{TokenValue, base64url};

use super::TokenKind;

const RANDOM_TEXT: usize = 43;
const CHECKSUM_TEXT: usize = 6;

/// Makes the opaque token of 32 random bytes.
#[must_use]
pub fn mint(kind: TokenKind, random: &[u8; 32]) -> TokenValue {
    checked(format!("{}{}", kind.prefix(), base64url(random)))
}

/// The token of a body: the body and its checksum.
pub(crate) fn checked(mut body: String) -> TokenValue {
    let checksum = checksum(&body);
    body.push_str(&checksum);
    TokenValue::new(body)
}

/// The body of a token whose checksum is right.
pub(crate) fn body(token: &TokenValue) -> Option<&str> {
    let text = token.expose();
    let (body, shown) = text.split_at_checked(text.len().checked_sub(CHECKSUM_TEXT)?)?;
    (shown == checksum(body)).then_some(body)
}

/// Whether a text can be an opaque token of this kind: prefix, length and checksum.
#[must_use]
pub fn is_well_formed(kind: TokenKind, token: &TokenValue) -> bool {
    let text = token.expose();
    if !text.is_ascii() || text.len() != kind.prefix().len() + RANDOM_TEXT + CHECKSUM_TEXT {
        return false;
    }
    body(token).is_some_and(|body| body.starts_with(kind.prefix()))
}

/// Four bytes of SHA-256: it finds typing errors, it proves nothing.
fn checksum(body: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(body.as_bytes()).into();
    let [a, b, c, d, ..] = digest;
    base64url(&[a, b, c, d])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_minted_is_well_formed() {
        let token = mint(TokenKind::Access, &[7; 32]);
        assert!(token.expose().starts_with("gat_"));
        assert_eq!(token.expose().len(), 53);
        assert!(is_well_formed(TokenKind::Access, &token));
        assert!(!is_well_formed(TokenKind::Refresh, &token));
    }

    #[test]
    fn any_changed_letter_is_noticed() {
        let token = mint(TokenKind::Refresh, &[9; 32]);
        for at in 0..token.expose().len() {
            let mut bytes = token.expose().as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
            let changed = TokenValue::new(String::from_utf8(bytes).unwrap());
            assert!(!is_well_formed(TokenKind::Refresh, &changed), "at {at}");
        }
    }

    #[test]
    fn other_text_is_not_a_token() {
        for text in ["", "gat_", "gat_é", &"é".repeat(53), &"x".repeat(53)] {
            assert!(
                !is_well_formed(TokenKind::Access, &TokenValue::new(text.into())),
                "{text:?}"
            );
        }
    }
}
