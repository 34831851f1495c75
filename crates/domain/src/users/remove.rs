//! Removing a user, and ending its sessions.

use crate::caller::Caller;
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::fault::Fault;
use crate::id::UserId;
use crate::ports::{Expect, Removed, Written};
use crate::revision::Condition;
use crate::server::{AuthorizationServer, TRIES};
use crate::sessions::SessionQuery;
use crate::violation::RemoveOutcome;

use super::User;

impl AuthorizationServer {
    /// Removes a user. Its sessions end with it, and stay ended if the id is used again.
    ///
    /// # Errors
    /// [`Error::Refused`] unless the caller administers; [`Error::Fault`] when the store is away.
    pub fn remove_user(
        &self,
        caller: &Caller,
        id: &UserId,
        condition: Condition,
    ) -> Result<RemoveOutcome<User>, Error> {
        caller.must_administer()?;
        for _ in 0..TRIES {
            let now = self.ports.clock.now();
            let current = self.ports.users.find(id)?;
            if !condition.is_met_by(current.as_ref().map(|u| u.stamp.version)) {
                return Ok(RemoveOutcome::ConditionFailed);
            }
            let Some(current) = current else {
                return Ok(RemoveOutcome::Absent);
            };
            let event = Event::new(EventKind::UserRemoved, now).user(id);
            match self
                .ports
                .users
                .remove(id, current.stamp.version, now, &[event])?
            {
                Removed::Done => return Ok(RemoveOutcome::Removed(current)),
                Removed::ReadOnly => return Ok(RemoveOutcome::ReadOnly),
                Removed::Stale => {}
            }
        }
        Err(Fault::Contended.into())
    }

    /// Ends every session of a user by raising its epoch. Answers how many were live just before,
    /// or `None` when there is no such user.
    ///
    /// # Errors
    /// [`Error::Refused`] unless the caller administers; [`Error::Fault`] when the store is away.
    pub fn close_sessions_of_user(
        &self,
        caller: &Caller,
        id: &UserId,
    ) -> Result<Option<u64>, Error> {
        caller.must_administer()?;
        for _ in 0..TRIES {
            let now = self.ports.clock.now();
            let Some(mut user) = self.ports.users.find(id)? else {
                return Ok(None);
            };
            let expect = Expect::Version(user.stamp.version);
            let count = self.count_live(&SessionQuery::of_user(caller, id.clone(), now)?)?;
            user.stamp = user.stamp.touched(now).in_next_epoch();
            let event = Event::new(EventKind::UserSessionsEnded, now).user(id);
            match self.ports.users.put(&user, expect, &[event])? {
                Written::Done(_) => return Ok(Some(count)),
                Written::ReadOnly => {
                    let text = "the user directory cannot be written".to_owned();
                    return Err(Fault::Unavailable(text).into());
                }
                Written::NameTaken | Written::Stale => {}
            }
        }
        Err(Fault::Contended.into())
    }
}
