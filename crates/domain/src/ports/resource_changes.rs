//! Several resource changes at once.

use crate::clients::Client;
use crate::event::Event;
use crate::fault::Fault;
use crate::users::User;

use super::Expect;

/// One change among several.
#[derive(Clone, Debug, PartialEq)]
pub enum ResourceChange {
    /// Write a client.
    Client(Box<Client>, Expect),
    /// Write a user.
    User(Box<User>, Expect),
}

/// How several changes ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// All are durable.
    Done,
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
