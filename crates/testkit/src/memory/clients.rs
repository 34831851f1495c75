//! Clients in memory.

use grantor_domain::Fault;
use grantor_domain::clients::Client;
use grantor_domain::event::Event;
use grantor_domain::id::ClientId;
use grantor_domain::ports::{ClientRegistry, Expect, Removed, Written};
use grantor_domain::revision::Version;
use grantor_domain::time::Timestamp;

use super::{Memory, Row, State, stamps};

impl State {
    pub(super) fn put_client(&mut self, client: &Client, expect: Expect) -> Written {
        let row = self.clients.get(&client.id);
        let live = row.and_then(Row::live).map(|client| client.stamp);
        let Some(stamp) = stamps(client.stamp, live, row.and_then(Row::removed), expect) else {
            return Written::Stale;
        };
        let stored = Client {
            stamp,
            ..client.clone()
        };
        self.clients.insert(client.id.clone(), Row::Live(stored));
        Written::Done(stamp)
    }
}

impl ClientRegistry for Memory {
    fn find(&self, id: &ClientId) -> Result<Option<Client>, Fault> {
        Ok(self.state().clients.get(id).and_then(Row::live).cloned())
    }

    fn put(&self, client: &Client, expect: Expect, events: &[Event]) -> Result<Written, Fault> {
        let mut state = self.state();
        let written = state.put_client(client, expect);
        if matches!(written, Written::Done(_)) {
            state.events.extend_from_slice(events);
        }
        Ok(written)
    }

    fn remove(
        &self,
        id: &ClientId,
        version: Version,
        at: Timestamp,
        events: &[Event],
    ) -> Result<Removed, Fault> {
        let mut state = self.state();
        let live = state.clients.get(id).and_then(Row::live);
        let Some(stamp) = live
            .map(|c| c.stamp)
            .filter(|stamp| stamp.version == version)
        else {
            return Ok(Removed::Stale);
        };
        let removed = Row::Removed(stamp.touched(at).in_next_epoch());
        state.clients.insert(id.clone(), removed);
        state.events.extend_from_slice(events);
        Ok(Removed::Done)
    }
}
