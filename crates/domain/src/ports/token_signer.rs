//! Signing and verifying JWTs.

use crate::fault::Fault;
use crate::keys::PublicKey;
use crate::secret::TokenValue;
use crate::time::Timestamp;
use crate::tokens::{Claims, TokenKind};

/// A JWT whose signature, algorithm, type, issuer and key are ours.
#[derive(Clone, Debug, PartialEq)]
pub struct VerifiedToken {
    /// What its `typ` says it is: `at+jwt` or `rt+jwt`.
    pub kind: TokenKind,
    /// Its claims. Whether they are still true is the domain's to say.
    pub claims: Claims,
}

/// Signs with the key of the hour and verifies with every key that is still published.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait TokenSigner: Send + Sync {
    /// Makes a signed JWT (RFC 7519; RFC 9068 for access tokens), `typ` by `kind`.
    ///
    /// # Errors
    /// [`Fault`] when no key can sign.
    fn sign(&self, kind: TokenKind, claims: &Claims) -> Result<TokenValue, Fault>;

    /// Reads a JWT of ours. `None` for anything else: foreign, forged, mistyped, malformed.
    ///
    /// # Errors
    /// [`Fault`] when the keys cannot be read.
    fn verify(&self, token: &TokenValue, now: Timestamp) -> Result<Option<VerifiedToken>, Fault>;

    /// The keys that are published at `now` (RFC 7517).
    ///
    /// # Errors
    /// [`Fault`] when the keys cannot be read.
    fn public_keys(&self, now: Timestamp) -> Result<Vec<PublicKey>, Fault>;
}
