//! Identifiers: one grammar for our resources, RFC 6749's for clients.

use std::fmt;

use crate::access::AccessPolicy;
use crate::clients::Client;
use crate::resources::Identifier;
use crate::roles::Role;
use crate::users::User;

/// An identifier that breaks its grammar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind} id: {rule}")]
pub struct InvalidId {
    /// What the identifier should have named.
    pub kind: &'static str,
    /// The grammar in words.
    pub rule: &'static str,
}

const FHIR_RULE: &str = "1 to 64 characters of A-Z, a-z, 0-9, '-' and '.'";
const CLIENT_RULE: &str = "1 to 255 visible ASCII characters or spaces (RFC 6749 appendix A.1)";

fn is_fhir_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

fn is_client_id(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|b| (0x20..=0x7e).contains(&b))
}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $rule:expr, $accepts:path) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Reads an identifier.
            ///
            /// # Errors
            /// [`InvalidId`] when `text` breaks the grammar.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                if $accepts(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidId { kind: $kind, rule: $rule })
                }
            }

            /// The identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Takes an identifier that was checked before it was stored.
            #[must_use]
            pub const fn from_row(text: String) -> Self {
                Self(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

identifier!(
    /// `client_id`: 1–255 VSCHAR (RFC 6749 appendix A.1), unique in the server.
    ClientId, "Client", CLIENT_RULE, is_client_id
);
identifier!(
    /// A User's id: the `sub` of its tokens. FHIR's grammar.
    UserId, "User", FHIR_RULE, is_fhir_id
);
identifier!(
    /// A Session's id: the `sid` of its tokens. FHIR's grammar.
    SessionId, "Session", FHIR_RULE, is_fhir_id
);
identifier!(
    /// A Role's id. FHIR's grammar.
    RoleId, "Role", FHIR_RULE, is_fhir_id
);
identifier!(
    /// An `AccessPolicy`'s id. FHIR's grammar.
    PolicyId, "AccessPolicy", FHIR_RULE, is_fhir_id
);
identifier!(
    /// One access token's id: its `jti` (RFC 7519 §4.1.7).
    TokenId, "token", FHIR_RULE, is_fhir_id
);

macro_rules! identifies {
    ($id:ident, $resource:ty) => {
        impl Identifier for $id {
            type Resource = $resource;

            fn text(&self) -> &str {
                self.as_str()
            }
        }
    };
}

identifies!(ClientId, Client);
identifies!(UserId, User);
identifies!(RoleId, Role);
identifies!(PolicyId, AccessPolicy);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resource_ids_follow_fhir() {
        assert!(UserId::parse("a.B-9").is_ok());
        for bad in ["", "a_b", "a b", "é", &"x".repeat(65)] {
            assert!(UserId::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn client_ids_are_any_visible_ascii() {
        assert!(ClientId::parse("my app/1%").is_ok());
        for bad in ["", "a\u{7f}", "a\nb", "é", &"x".repeat(256)] {
            assert!(ClientId::parse(bad).is_err(), "{bad:?}");
        }
    }
}
