//! Where clients are kept.

use crate::clients::Client;
use crate::event::Event;
use crate::fault::Fault;
use crate::id::ClientId;
use crate::revision::Version;
use crate::time::Timestamp;

use super::{Expect, Removed, Written};

/// Clients by id. Every change is one atomic, durable compare-and-set that carries its events.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait ClientRegistry: Send + Sync {
    /// The client with this id, disabled ones included; `None` when absent or removed.
    ///
    /// # Errors
    /// [`Fault`] when the registry cannot answer.
    fn find(&self, id: &ClientId) -> Result<Option<Client>, Fault>;

    /// Writes the client with its stamp if `expect` holds, together with its events, or nothing.
    /// With [`Expect::Absent`] on a removed id, versions and epochs go on where they stopped.
    ///
    /// # Errors
    /// [`Fault`] when it is not known whether it was written.
    fn put(&self, client: &Client, expect: Expect, events: &[Event]) -> Result<Written, Fault>;

    /// Removes the client if it is at `version`, raises its epoch, and writes the events.
    ///
    /// # Errors
    /// [`Fault`] when it is not known whether it was removed.
    fn remove(
        &self,
        id: &ClientId,
        version: Version,
        at: Timestamp,
        events: &[Event],
    ) -> Result<Removed, Fault>;
}
