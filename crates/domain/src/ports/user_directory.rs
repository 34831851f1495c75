//! Where users are kept.

use crate::event::Event;
use crate::fault::Fault;
use crate::id::UserId;
use crate::revision::Version;
use crate::time::Timestamp;
use crate::users::{LoginName, User};

use super::{Expect, Removed, Written};

/// Users by id and by name. A directory that can only be read implements the two look-ups.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait UserDirectory: Send + Sync {
    /// The one user who logs in with this name (`userName`, `email` or id), inactive ones included.
    ///
    /// # Errors
    /// [`Fault`] when the directory cannot answer.
    fn find_by_name(&self, name: &LoginName) -> Result<Option<User>, Fault>;

    /// The user with this id, inactive ones included; `None` when absent or removed.
    ///
    /// # Errors
    /// [`Fault`] when the directory cannot answer.
    fn find(&self, id: &UserId) -> Result<Option<User>, Fault>;

    /// Writes the user with its stamp if `expect` holds and no other user has one of its
    /// [`User::login_names`], together with its events, or nothing.
    /// With [`Expect::Absent`] on a removed id, versions and epochs go on where they stopped.
    ///
    /// # Errors
    /// [`Fault`] when it is not known whether it was written.
    fn put(&self, user: &User, expect: Expect, events: &[Event]) -> Result<Written, Fault> {
        let _ = (user, expect, events);
        Ok(Written::ReadOnly)
    }

    /// Removes the user if it is at `version`, frees its names, raises its epoch, and writes the events.
    ///
    /// # Errors
    /// [`Fault`] when it is not known whether it was removed.
    fn remove(
        &self,
        id: &UserId,
        version: Version,
        at: Timestamp,
        events: &[Event],
    ) -> Result<Removed, Fault> {
        let _ = (id, version, at, events);
        Ok(Removed::ReadOnly)
    }
}
