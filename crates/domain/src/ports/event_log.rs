//! Events that no change carries.

use crate::event::Event;
use crate::fault::Fault;

/// Takes events of refusals. Events of changes travel with their change.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait EventLog: Send + Sync {
    /// Writes the events, all or none.
    ///
    /// # Errors
    /// [`Fault`] when they may not have been written.
    fn append(&self, events: &[Event]) -> Result<(), Fault>;
}
