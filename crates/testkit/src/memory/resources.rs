//! Several changes at once, in memory.

use grantor_domain::Fault;
use grantor_domain::event::Event;
use grantor_domain::ports::{Applied, ResourceChange, ResourceChanges, Written};

use super::Memory;

impl ResourceChanges for Memory {
    fn apply(&self, changes: &[ResourceChange], events: &[Event]) -> Result<Applied, Fault> {
        let mut state = self.state();
        let (clients, users, names) = (
            state.clients.clone(),
            state.users.clone(),
            state.names.clone(),
        );
        for (place, change) in changes.iter().enumerate() {
            let written = match change {
                ResourceChange::Client(client, expect) => Ok(state.put_client(client, *expect)),
                ResourceChange::User(user, expect) => state.put_user(user, *expect),
            };
            if matches!(written, Ok(Written::Done(_))) {
                continue;
            }
            (state.clients, state.users, state.names) = (clients, users, names);
            return match written? {
                Written::NameTaken => Ok(Applied::NameTaken(place)),
                _ => Ok(Applied::Stale(place)),
            };
        }
        state.events.extend_from_slice(events);
        Ok(Applied::Done)
    }
}
