//! Several resource changes at once.

use crate::access::AccessPolicy;
use crate::clients::Client;
use crate::event::Event;
use crate::fault::Fault;
use crate::resources::Resource;
use crate::revision::{Stamp, Version};
use crate::roles::Role;
use crate::time::Timestamp;
use crate::users::User;

use super::Expect;

/// One change of one resource.
#[derive(Clone, Debug, PartialEq)]
pub enum ChangeOf<R: Resource> {
    /// Write it.
    Put(Box<R>, Expect),
    /// Remove it if it is at this version.
    Remove(R::Id, Version, Timestamp),
}

/// One change among several.
#[derive(Clone, Debug, PartialEq)]
pub enum ResourceChange {
    /// Of a client.
    Client(ChangeOf<Client>),
    /// Of a user.
    User(ChangeOf<User>),
    /// Of a role.
    Role(ChangeOf<Role>),
    /// Of an access policy.
    Policy(ChangeOf<AccessPolicy>),
}

/// How several changes ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    /// All are durable; so each was stamped, unless it was removed.
    Done(Vec<Option<Stamp>>),
    /// The change at this place does not meet its expectation (any more); nothing was written.
    Stale(usize),
    /// The change at this place has a name of another user; nothing was written.
    NameTaken(usize),
}

/// Applies bundles. No other workflow spans two aggregates.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait ResourceChanges: Send + Sync {
    /// Applies all changes in order with their events, in one durable commit, or none.
    ///
    /// # Errors
    /// [`Fault`] when it is not known whether they were applied.
    fn apply(&self, changes: &[ResourceChange], events: &[Event]) -> Result<Applied, Fault>;
}
