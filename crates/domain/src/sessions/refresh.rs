//! What showing a refresh token does to its session. Pure, and the heart of this server.
//!
//! ```text
//!                 refresh (current)                    first use of the new pair
//!  pair n, used ────────────────────► pair n+1, unused ──────────────────────────► pair n+1, used
//!                                       │        ▲
//!                                       └────────┘ previous shown again: the reply was lost,
//!                                                  pair n+1 dies unused, pair n+2 takes its place
//!  spent token shown, or previous after the pair was used ──────────────────────► closed
//! ```

use crate::clients::RefreshPolicy;
use crate::reason::Reason;
use crate::secret::TokenHash;

use super::Session;

/// Which of a session's refresh tokens was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The live one.
    Current,
    /// The one before it, while the live pair is unused.
    Previous,
    /// Any other it ever issued.
    Spent,
}

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshDecision {
    /// Issue a new pair; the shown token becomes the previous one.
    Rotate,
    /// Issue a new pair in place of the unused one, which dies; the shown token stays the previous one.
    Reissue,
    /// Issue a new access token and keep the refresh token.
    Keep,
    /// Close the session: the token was stolen, or its successor was (RFC 9700 §4.14).
    CloseFamily(Reason),
}

impl Session {
    /// Which of its refresh tokens `hash` is. The store has said that it is one of them.
    #[must_use]
    pub fn shown(&self, hash: &TokenHash) -> Shown {
        match &self.refresh {
            Some(refresh) if refresh.hash == *hash => Shown::Current,
            Some(refresh) if refresh.previous == Some(*hash) => Shown::Previous,
            _ => Shown::Spent,
        }
    }

    /// RFC 6749 §6 and RFC 9700 §4.14 as one decision, for a session that lives.
    #[must_use]
    pub const fn refresh(shown: Shown, policy: RefreshPolicy) -> RefreshDecision {
        match (shown, policy) {
            (Shown::Current, RefreshPolicy::Rotate) => RefreshDecision::Rotate,
            (Shown::Current, RefreshPolicy::Static) => RefreshDecision::Keep,
            (Shown::Previous, _) => RefreshDecision::Reissue,
            (Shown::Spent, _) => RefreshDecision::CloseFamily(Reason::RefreshTokenReused),
        }
    }
}

#[cfg(test)]
mod tests;
