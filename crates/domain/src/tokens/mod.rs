//! Tokens: their formats, their claims, and what can be asked about them.

mod bearer;
mod claims;
mod introspect;
mod issue;
mod key_set;
mod opaque;
mod revoke;
mod roles;

pub use bearer::CallerCredentials;
pub use claims::Claims;
pub use introspect::{ActiveToken, Introspection};
pub(crate) use issue::AccessGrant;
pub use issue::TokenResponse;
pub(crate) use opaque::{body, checked};
pub use opaque::{is_well_formed, mint};

/// Form of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum TokenFormat {
    /// Random text that means nothing outside.
    #[default]
    Opaque,
    /// A signed JWT: RFC 9068 for access tokens.
    Jwt,
}

impl TokenFormat {
    /// The word in `token_format`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opaque => "opaque",
            Self::Jwt => "jwt",
        }
    }
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Shown to resource servers.
    Access,
    /// Shown to the token endpoint only.
    Refresh,
}

impl TokenKind {
    /// `typ` of its JWT header (RFC 9068 §2.1; ours for refresh tokens).
    #[must_use]
    pub const fn jwt_type(self) -> &'static str {
        match self {
            Self::Access => "at+jwt",
            Self::Refresh => "rt+jwt",
        }
    }

    /// What its opaque form begins with, so that scanners can find leaked ones.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Access => "gat_",
            Self::Refresh => "grt_",
        }
    }
}
