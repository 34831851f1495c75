//! The token of a link by which a password is chosen: `gpr_`, the user's id, `.`, 256 random bits,
//! and a checksum. It names its user, so that it is found without an index.

use crate::id::UserId;
use crate::secret::{TokenValue, base64url, from_base64url};
use crate::tokens::{body, checked};

const PREFIX: &str = "gpr_";

/// Makes the token of 32 random bytes for a user.
pub(super) fn mint(id: &UserId, random: &[u8; 32]) -> TokenValue {
    let id = base64url(id.as_str().as_bytes());
    checked(format!("{PREFIX}{id}.{}", base64url(random)))
}

/// The user a token says it is for; `None` for what cannot be such a token.
pub(super) fn user_of(token: &TokenValue) -> Option<UserId> {
    let (id, random) = body(token)?.strip_prefix(PREFIX)?.split_once('.')?;
    if from_base64url(random)?.len() != 32 {
        return None;
    }
    let id = String::from_utf8(from_base64url(id)?).ok()?;
    UserId::parse(&id).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minted() -> TokenValue {
        mint(&UserId::from_row("amy".into()), &[7; 32])
    }

    #[test]
    fn a_token_names_its_user() {
        assert!(minted().expose().starts_with("gpr_"));
        assert_eq!(user_of(&minted()).unwrap().as_str(), "amy");
    }

    #[test]
    fn any_changed_letter_is_noticed() {
        for at in 0..minted().expose().len() {
            let mut bytes = minted().expose().as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
            let changed = TokenValue::new(String::from_utf8(bytes).unwrap());
            assert_eq!(user_of(&changed), None, "at {at}");
        }
    }

    #[test]
    fn other_text_is_no_token() {
        let shapes = ["", "gpr_", "gpr_.", "gpr_YW15.", "gpr_YW15.AAAA", "gpr_é.é"];
        for text in shapes {
            let bare = TokenValue::new(text.to_owned());
            assert_eq!(user_of(&bare), None, "{text}");
            let right = checked(text.to_owned());
            assert_eq!(user_of(&right), None, "{text} with its checksum");
        }
    }

    #[test]
    fn an_id_that_no_user_can_have_is_no_users() {
        let id = UserId::from_row("no user".into());
        assert_eq!(user_of(&mint(&id, &[7; 32])), None);
    }
}
