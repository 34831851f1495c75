//! Removing a resource, and ending the sessions that depend on it.

use crate::access::Interaction;
use crate::caller::Caller;
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::fault::Fault;
use crate::ports::Removed;
use crate::revision::Condition;
use crate::server::{AuthorizationServer, TRIES};
use crate::time::Timestamp;
use crate::violation::RemoveOutcome;

use super::{Identifier, Lifecycle, Resource};

impl AuthorizationServer {
    /// Removes a resource. Sessions of a client or user end with it, and stay ended if the id is
    /// used again.
    ///
    /// # Errors
    /// [`Error::Refused`] unless a policy permits it; [`Error::Fault`] when the store is away.
    pub fn remove<I: Identifier>(
        &self,
        caller: &Caller,
        id: &I,
        condition: Condition,
    ) -> Result<RemoveOutcome<I::Resource>, Error> {
        let kind = I::Resource::KIND;
        self.permit(caller, Interaction::Delete, kind, Some(id.text()))?;
        for _ in 0..TRIES {
            let now = self.ports.clock.now();
            let registry = I::Resource::registry(&self.ports);
            let current = registry.find(id)?;
            let version = current.as_ref().map(|current| current.stamp().version);
            if !condition.is_met_by(version) {
                return Ok(RemoveOutcome::ConditionFailed);
            }
            let Some(current) = current else {
                return Ok(RemoveOutcome::Absent);
            };
            let event = removal(caller, id, now);
            match registry.remove(id, current.stamp().version, now, &[event])? {
                Removed::Done => return Ok(RemoveOutcome::Removed(current)),
                Removed::ReadOnly => return Ok(RemoveOutcome::ReadOnly),
                Removed::Stale => {}
            }
        }
        Err(Fault::Contended.into())
    }
}

/// What a removal is remembered as.
pub(crate) fn removal<I: Identifier>(caller: &Caller, id: &I, now: Timestamp) -> Event {
    let kind = I::Resource::KIND;
    Event::new(EventKind::of(kind, Lifecycle::Removed), now)
        .about(kind, id.text())
        .by(caller)
}
