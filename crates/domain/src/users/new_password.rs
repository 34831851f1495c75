//! A password its owner has chosen: judged, then written.

use crate::error::Error;
use crate::event::Event;
use crate::fault::Fault;
use crate::ports::{Expect, Written};
use crate::reason::Reason;
use crate::revision::Stamp;
use crate::secret::{Password, PasswordHash};
use crate::server::AuthorizationServer;
use crate::time::Timestamp;

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

    /// Writes the new password over a user as it was read, which ends all sessions of the user.
    /// `None` when somebody else has changed the user since.
    pub(super) fn write_password(
        &self,
        user: &User,
        hash: &PasswordHash,
        now: Timestamp,
        event: Event,
    ) -> Result<Option<Stamp>, Error> {
        let next = User {
            password: Some(hash.clone()),
            reset: None,
            stamp: user.stamp.touched(now).in_next_epoch(),
            ..user.clone()
        };
        self.replace_user(user, &next, event)
    }

    /// Writes a user over what was read. `None` when somebody was quicker.
    pub(super) fn replace_user(
        &self,
        read: &User,
        next: &User,
        event: Event,
    ) -> Result<Option<Stamp>, Error> {
        let expect = Expect::Version(read.stamp.version);
        match self.ports.users.put(next, expect, &[event])? {
            Written::Done(stamp) => Ok(Some(stamp)),
            Written::NameTaken | Written::Stale => Ok(None),
            Written::ReadOnly => {
                let text = "the user directory cannot be written".to_owned();
                Err(Fault::Unavailable(text).into())
            }
        }
    }
}

/// Passes passwords that are short enough to be looked at.
pub(super) fn must_not_be_too_long(password: &Password) -> Result<(), Reason> {
    if password.expose().len() > Password::LONGEST {
        Err(Reason::PasswordTooLong)
    } else {
        Ok(())
    }
}
