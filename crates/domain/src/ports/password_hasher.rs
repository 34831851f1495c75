//! Hashing passwords.

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
    fn verify(
        &self,
        password: &Password,
        hash: Option<&PasswordHash>,
    ) -> Result<PasswordCheck, Fault>;
}
