//! A password its owner has chosen: judged, then written.

use crate::reason::Reason;
use crate::secret::{Password, PasswordHash};
use crate::server::AuthorizationServer;

use super::User;

/// What became of a password that its owner has chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewPassword {
    /// It is the password now.
    Accepted,
    /// It is not good enough: what would have to change, in words for whoever chose it.
    Refused(Vec<String>),
}

impl AuthorizationServer {
    /// What is wrong with a password that `user` has chosen.
    pub(super) fn problems_of(&self, user: &User, password: &Password) -> Vec<String> {
        if password.expose().is_empty() {
            return vec!["The password must not be empty.".to_owned()];
        }
        let settings = &user.settings;
        let named = settings.user_name.iter().chain(&settings.email);
        let own: Vec<String> = named
            .chain(&settings.names)
            .cloned()
            .chain([user.id.to_string()])
            .collect();
        self.ports.password_judge.problems(password, &own)
    }
}

impl User {
    /// The user with this password, which makes an older link useless.
    pub(super) fn with_password(self, hash: PasswordHash) -> Self {
        Self {
            password: Some(hash),
            reset: None,
            ..self
        }
    }
}

/// Passes passwords that are short enough to be looked at.
pub(crate) fn must_not_be_too_long(password: &Password) -> Result<(), Reason> {
    if password.expose().len() > Password::LONGEST {
        Err(Reason::PasswordTooLong)
    } else {
        Ok(())
    }
}
