//! Checking a user's name and password, at one price for everyone.

use sha2::{Digest as _, Sha256};

use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::fault::Fault;
use crate::id::ClientId;
use crate::origin::Origin;
use crate::ports::{Debit, Debited, Expect, PasswordCheck};
use crate::reason::Reason;
use crate::secret::{Password, PasswordHash, base64url};
use crate::server::AuthorizationServer;
use crate::time::Timestamp;

use super::{LoginName, User};

/// What a login shows.
#[derive(Debug)]
pub(crate) struct Login<'a> {
    pub(crate) username: &'a str,
    pub(crate) password: &'a Password,
    pub(crate) client: &'a ClientId,
    pub(crate) origin: &'a Origin,
    pub(crate) now: Timestamp,
}

impl AuthorizationServer {
    /// Finds the user of a login whose password is right.
    ///
    /// Budgets are debited before anything is hashed, and one hash is computed whether or not the
    /// name is known, so that neither text nor duration tells which names exist.
    pub(crate) fn verify_password(&self, login: &Login<'_>) -> Result<User, Error> {
        if login.password.expose().len() > Password::LONGEST {
            return Err(Reason::PasswordTooLong.into());
        }
        let debits = self.debits(login);
        self.debit(&debits, login)?;
        let user = match LoginName::parse(login.username) {
            Ok(name) => self.ports.users.find_by_name(&name)?,
            Err(_) => None,
        };
        let stored = user.as_ref().and_then(|user| user.password.as_ref());
        let check = self.compare(login.password, stored)?;
        let reason = match (&user, stored.is_some(), check) {
            (None, ..) => Reason::UnknownUser,
            (Some(_), false, _) => Reason::NoPassword,
            (Some(_), true, PasswordCheck::Wrong) => Reason::WrongPassword,
            (Some(user), true, PasswordCheck::Right { outdated }) => {
                self.ports.throttle.refund(&debits, login.now)?;
                match standing(user) {
                    Ok(()) => return Ok(self.rehashed(user, login, outdated)),
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

    fn debit(&self, debits: &[Debit], login: &Login<'_>) -> Result<(), Error> {
        if debits.is_empty() {
            return Ok(());
        }
        match self.ports.throttle.debit(debits, login.now)? {
            Debited::Granted => Ok(()),
            Debited::Refused { retry_after } => {
                let reason = Reason::Throttled { retry_after };
                let event = Event::new(EventKind::LoginThrottled, login.now)
                    .because(reason)
                    .client(login.client)
                    .from(login.origin);
                self.ports.events.append(&[event])?;
                Err(reason.into())
            }
        }
    }

    fn debits(&self, login: &Login<'_>) -> Vec<Debit> {
        let Some(budgets) = &self.policy.throttle else {
            return Vec::new();
        };
        let network = login
            .origin
            .network()
            .map(|n| n.to_string())
            .unwrap_or_default();
        let name = LoginName::parse(login.username);
        let name = name.as_ref().map_or(login.username, LoginName::as_str);
        let account = Sha256::new()
            .chain_update(&network)
            .chain_update([0])
            .chain_update(name);
        vec![
            Debit {
                key: format!("account:{}", base64url(&account.finalize())),
                budget: budgets.account,
            },
            Debit {
                key: format!("network:{network}"),
                budget: budgets.network,
            },
            Debit {
                key: format!("client:{}", login.client),
                budget: budgets.client,
            },
        ]
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
