//! Hashing passwords.

#![cfg_attr(
    any(test, feature = "mocks"),
    expect(
        clippy::ref_option_ref,
        reason = "the mock keeps the Option of a reference as it finds it"
    )
)]

use crate::fault::Fault;
use crate::secret::{Password, PasswordHash};

/// What comparing a password with a hash says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordCheck {
    /// It is not the password.
    Wrong,
    /// It is the password.
    Right {
        /// Whether the hash was made with weaker parameters than today's.
        outdated: bool,
    },
}

/// What a text is that may be a password hash made elsewhere.
#[derive(Clone, Debug)]
pub enum Import {
    /// No hash of a kind that is known: it may be a password.
    NoHash,
    /// A hash that can be verified as it is.
    Hash(PasswordHash),
    /// A hash that is malformed, or too costly to verify: what would be right.
    Refused(String),
}

/// A slow password hash with bounded admission.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait PasswordHasher: Send + Sync {
    /// Hashes a new password with today's parameters and a fresh salt.
    ///
    /// # Errors
    /// [`Fault::Overloaded`] when too many wait already.
    fn hash(&self, password: &Password) -> Result<PasswordHash, Fault>;

    /// Compares. Without a hash the answer is [`PasswordCheck::Wrong`] at the same cost.
    ///
    /// # Errors
    /// [`Fault::Overloaded`] when too many wait already; [`Fault::Corrupt`] when the hash cannot be read.
    #[expect(
        clippy::needless_lifetimes,
        reason = "mockall cannot name the lifetime inside the Option by itself"
    )]
    fn verify<'a>(
        &self,
        password: &Password,
        hash: Option<&'a PasswordHash>,
    ) -> Result<PasswordCheck, Fault>;

    /// Recognises a hash made elsewhere (argon2, bcrypt, scrypt, PBKDF2). Verifying it later answers
    /// `outdated`, so that the next login replaces it. This hashes nothing and does not wait.
    fn import(&self, text: &str) -> Import;
}
