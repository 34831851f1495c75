//! Checking a user's name and password, at one price for everyone.

use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::fault::Fault;
use crate::id::ClientId;
use crate::origin::Origin;
use crate::ports::{Expect, PasswordCheck};
use crate::reason::Reason;
use crate::secret::{Password, PasswordHash};
use crate::server::AuthorizationServer;
use crate::time::Timestamp;

use super::{LoginName, User};

/// What a login shows.
#[derive(Debug)]
pub(crate) struct Login<'a> {
    pub(crate) username: &'a str,
    pub(crate) password: &'a Password,
    pub(crate) client: &'a ClientId,
    /// Whether it comes from an address that its client is registered with, and has proved to be.
    pub(crate) at_its_client: bool,
    pub(crate) origin: &'a Origin,
    pub(crate) now: Timestamp,
}

impl AuthorizationServer {
    /// Finds the user of a login whose password is right.
    ///
    /// The name is looked up, for known and unknown names alike. Budgets are debited before anything is
    /// hashed, and one hash is computed whether or not the name is known, so that neither text nor
    /// duration tells which names exist.
    pub(crate) fn verify_password(&self, login: &Login<'_>) -> Result<User, Error> {
        if login.password.expose().len() > Password::LONGEST {
            return Err(Reason::PasswordTooLong.into());
        }
        let user = match LoginName::parse(login.username) {
            Ok(name) => self.ports.users.find_by_name(&name)?,
            Err(_) => None,
        };
        let guess = self.guess(login, user.as_ref())?;
        let _held_until_it_is_known = self.debit(&guess, login)?;
        let stored = user.as_ref().and_then(|user| user.password.as_ref());
        let check = self.compare(login.password, stored)?;
        let reason = match (&user, stored.is_some(), check) {
            (None, ..) => Reason::UnknownUser,
            (Some(_), false, _) => Reason::NoPassword,
            (Some(_), true, PasswordCheck::Wrong) => Reason::WrongPassword,
            (Some(user), true, PasswordCheck::Right { outdated }) => {
                self.give_back(&guess, login.now)?;
                match standing(user) {
                    Ok(()) => {
                        self.remember(&guess, login.now);
                        return Ok(self.rehashed(user, login, outdated));
                    }
                    Err(reason) => reason,
                }
            }
        };
        let mut event = Event::new(EventKind::LoginFailed, login.now)
            .because(reason)
            .client(login.client)
            .from(login.origin);
        event.user = user.map(|user| user.id);
        self.ports.events.append(&[event])?;
        Err(reason.into())
    }

    /// One hash, always. An empty password is nobody's, whatever was stored once.
    fn compare(
        &self,
        password: &Password,
        stored: Option<&PasswordHash>,
    ) -> Result<PasswordCheck, Fault> {
        let check = self.ports.hasher.verify(password, stored)?;
        Ok(if password.expose().is_empty() {
            PasswordCheck::Wrong
        } else {
            check
        })
    }

    /// Replaces a hash whose parameters are weaker than today's. The login has succeeded whether or
    /// not this works: it is tried again at the next one.
    fn rehashed(&self, user: &User, login: &Login<'_>, outdated: bool) -> User {
        if !(outdated && self.policy.rehash_on_login) {
            return user.clone();
        }
        let Ok(hash) = self.ports.hasher.hash(login.password) else {
            return user.clone();
        };
        let mut next = user.clone();
        next.password = Some(hash);
        next.stamp = user.stamp.touched(login.now);
        match self
            .ports
            .users
            .put(&next, Expect::Version(user.stamp.version), &[])
        {
            Ok(crate::ports::Written::Done(stamp)) => User { stamp, ..next },
            _ => user.clone(),
        }
    }
}

/// Why a user whose password is right may still not log in.
const fn standing(user: &User) -> Result<(), Reason> {
    if user.settings.inactive {
        Err(Reason::UserDisabled)
    } else if user.reset.is_some() {
        Err(Reason::PasswordChangeRequired)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
