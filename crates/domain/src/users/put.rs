//! Writing a user: create, replace, set a password.

use crate::caller::Caller;
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::fault::Fault;
use crate::id::UserId;
use crate::ports::{Expect, Written};
use crate::revision::{Condition, Stamp};
use crate::secret::{Password, PasswordHash};
use crate::server::{AuthorizationServer, TRIES};
use crate::time::Timestamp;
use crate::violation::{PutOutcome, Violation};

use super::{User, UserSettings, login_names};

/// What a caller wants a user to be.
#[derive(Clone, Debug)]
pub struct UserDraft {
    /// All attributes but the password; they replace what was there.
    pub settings: UserSettings,
    /// What becomes of the password.
    pub password: PasswordChange,
}

/// What becomes of a user's password.
#[derive(Clone, Debug)]
pub enum PasswordChange {
    /// As it was.
    Keep,
    /// None any more: the user cannot log in with a password.
    Remove,
    /// This one.
    Set(Password),
}

/// What becomes of the stored hash, once a new password has been hashed.
#[derive(Clone, Debug)]
pub(crate) enum HashChange {
    Keep,
    Remove,
    Set(PasswordHash),
}

impl AuthorizationServer {
    /// Creates or replaces a user. Making it inactive or changing its password ends its sessions.
    ///
    /// # Errors
    /// [`Error::Refused`] unless the caller administers; [`Error::Fault`] when the store is away or
    /// the hash queue is full.
    pub fn put_user(
        &self,
        caller: &Caller,
        id: &UserId,
        draft: &UserDraft,
        condition: Condition,
    ) -> Result<PutOutcome<User>, Error> {
        caller.must_administer()?;
        let violations = violations(id, draft);
        if !violations.is_empty() {
            return Ok(PutOutcome::Invalid(violations));
        }
        let hash = self.hash_change(&draft.password)?;
        for _ in 0..TRIES {
            let now = self.ports.clock.now();
            let current = self.ports.users.find(id)?;
            if !condition.is_met_by(current.as_ref().map(|u| u.stamp.version)) {
                return Ok(PutOutcome::ConditionFailed);
            }
            let next = next_user(id, current.as_ref(), &draft.settings, &hash, now);
            if current.as_ref() == Some(&next) {
                return Ok(PutOutcome::Updated(next));
            }
            let (expect, kind) = match &current {
                Some(current) => (
                    Expect::Version(current.stamp.version),
                    EventKind::UserChanged,
                ),
                None => (Expect::Absent, EventKind::UserCreated),
            };
            let event = Event::new(kind, now).user(id);
            match self.ports.users.put(&next, expect, &[event])? {
                Written::Done(stamp) => {
                    let user = User { stamp, ..next };
                    return Ok(match current {
                        Some(_) => PutOutcome::Updated(user),
                        None => PutOutcome::Created(user),
                    });
                }
                Written::NameTaken => return Ok(PutOutcome::NameTaken),
                Written::ReadOnly => return Ok(PutOutcome::ReadOnly),
                Written::Stale => {}
            }
        }
        Err(Fault::Contended.into())
    }

    /// Hashes before anything is read, so that no decision grows old while it waits.
    pub(crate) fn hash_change(&self, change: &PasswordChange) -> Result<HashChange, Fault> {
        Ok(match change {
            PasswordChange::Keep => HashChange::Keep,
            PasswordChange::Remove => HashChange::Remove,
            PasswordChange::Set(password) => HashChange::Set(self.ports.hasher.hash(password)?),
        })
    }
}

pub(crate) fn next_user(
    id: &UserId,
    current: Option<&User>,
    settings: &UserSettings,
    hash: &HashChange,
    now: Timestamp,
) -> User {
    let password = match hash {
        HashChange::Set(hash) => Some(hash.clone()),
        HashChange::Remove => None,
        HashChange::Keep => current.and_then(|user| user.password.clone()),
    };
    let Some(current) = current else {
        let (stamp, settings) = (Stamp::first(now), settings.clone());
        return User {
            id: id.clone(),
            stamp,
            administrator: false,
            password,
            settings,
        };
    };
    let mut next = User {
        password,
        settings: settings.clone(),
        ..current.clone()
    };
    if next == *current {
        return next;
    }
    next.stamp = current.stamp.touched(now);
    let disabled = !current.settings.inactive && settings.inactive;
    if disabled || next.password != current.password {
        next.stamp = next.stamp.in_next_epoch();
    }
    next
}

pub(crate) fn violations(id: &UserId, draft: &UserDraft) -> Vec<Violation> {
    let mut found = Vec::new();
    let settings = &draft.settings;
    let names = [
        ("userName", &settings.user_name),
        ("email", &settings.email),
    ];
    for (path, name) in names {
        if let Some(name) = name
            && let Err(invalid) = super::LoginName::parse(name)
        {
            found.push(Violation::new(path, invalid.to_string()));
        }
    }
    if found.is_empty()
        && let Err(invalid) = login_names(id, settings)
    {
        found.push(Violation::new("id", invalid.to_string()));
    }
    if let PasswordChange::Set(password) = &draft.password
        && !(1..=Password::LONGEST).contains(&password.expose().len())
    {
        let longest = Password::LONGEST;
        found.push(Violation::new(
            "password",
            format!("must have 1 to {longest} bytes"),
        ));
    }
    found
}

#[cfg(test)]
mod tests;
