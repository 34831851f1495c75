//! Events in memory.

use grantor_domain::Fault;
use grantor_domain::event::Event;
use grantor_domain::ports::EventLog;

use super::Memory;

impl EventLog for Memory {
    fn append(&self, events: &[Event]) -> Result<(), Fault> {
        self.state().events.extend_from_slice(events);
        Ok(())
    }
}
