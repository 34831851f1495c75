//! How good a new password is.

use crate::secret::Password;

/// Judges passwords that people choose for themselves.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait PasswordJudge: Send + Sync {
    /// What would have to change about the password, in words for whoever chose it; nothing when it
    /// is good. `own` are the names of its owner, none of which it may be made of.
    fn problems(&self, password: &Password, own: &[String]) -> Vec<String>;
}
