//! What happened, as it was recorded: searching and counting it, and the chain that shows that nobody altered it.

mod chain;
mod count;
mod query;
mod record;

pub use chain::{Break, Chain, Link, Linked, Verified, Wrong};
pub use count::{CountQuery, EventCounts, HourlyCount, Series};
pub use query::{EventParty, EventQuery};
pub use record::{EventId, Outcome, RecordedEvent};

use crate::access::Interaction;
use crate::caller::Caller;
use crate::error::Error;
use crate::ports::Page;
use crate::resources::ResourceKind;
use crate::server::AuthorizationServer;
use crate::window::Window;

impl AuthorizationServer {
    /// The recorded events that match.
    ///
    /// # Errors
    /// [`Error::Refused`] unless a policy permits it; [`Error::Fault`] when the store is away.
    pub fn search_events(
        &self,
        caller: &Caller,
        query: &EventQuery,
    ) -> Result<Page<RecordedEvent>, Error> {
        self.permit(caller, Interaction::Search, ResourceKind::AuditEvent, None)?;
        Ok(self.ports.events.search(query)?)
    }

    /// A recorded event; `None` when there is none with this id.
    ///
    /// # Errors
    /// [`Error::Refused`] unless a policy permits it; [`Error::Fault`] when the store is away.
    pub fn read_event(&self, caller: &Caller, id: &str) -> Result<Option<RecordedEvent>, Error> {
        let kind = ResourceKind::AuditEvent;
        self.permit(caller, Interaction::Read, kind, Some(id))?;
        let Some(id) = EventId::parse(id) else {
            return Ok(None);
        };
        let query = EventQuery {
            ids: vec![id],
            ..EventQuery::all(Window::first(1))
        };
        Ok(self.ports.events.search(&query)?.items.into_iter().next())
    }
}
