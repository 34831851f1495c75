//! Users in memory.

use grantor_domain::Fault;
use grantor_domain::event::Event;
use grantor_domain::id::UserId;
use grantor_domain::ports::{Expect, Removed, UserDirectory, Written};
use grantor_domain::revision::Version;
use grantor_domain::time::Timestamp;
use grantor_domain::users::{LoginName, User};

use super::{Memory, Row, State, stamps};

impl State {
    pub(super) fn put_user(&mut self, user: &User, expect: Expect) -> Result<Written, Fault> {
        let row = self.users.get(&user.id);
        let live = row.and_then(Row::live).map(|user| user.stamp);
        let Some(stamp) = stamps(user.stamp, live, row.and_then(Row::removed), expect) else {
            return Ok(Written::Stale);
        };
        let names = user
            .login_names()
            .map_err(|invalid| Fault::Corrupt(invalid.to_string()))?;
        if names
            .iter()
            .any(|name| self.names.get(name).is_some_and(|owner| *owner != user.id))
        {
            return Ok(Written::NameTaken);
        }
        self.names.retain(|_, owner| *owner != user.id);
        self.names
            .extend(names.into_iter().map(|name| (name, user.id.clone())));
        let stored = User {
            stamp,
            ..user.clone()
        };
        self.users.insert(user.id.clone(), Row::Live(stored));
        Ok(Written::Done(stamp))
    }
}

impl UserDirectory for Memory {
    fn find_by_name(&self, name: &LoginName) -> Result<Option<User>, Fault> {
        let state = self.state();
        let id = state.names.get(name);
        Ok(id
            .and_then(|id| state.users.get(id))
            .and_then(Row::live)
            .cloned())
    }

    fn find(&self, id: &UserId) -> Result<Option<User>, Fault> {
        Ok(self.state().users.get(id).and_then(Row::live).cloned())
    }

    fn put(&self, user: &User, expect: Expect, events: &[Event]) -> Result<Written, Fault> {
        let mut state = self.state();
        let written = state.put_user(user, expect)?;
        if matches!(written, Written::Done(_)) {
            state.events.extend_from_slice(events);
        }
        Ok(written)
    }

    fn remove(
        &self,
        id: &UserId,
        version: Version,
        at: Timestamp,
        events: &[Event],
    ) -> Result<Removed, Fault> {
        let mut state = self.state();
        let live = state.users.get(id).and_then(Row::live);
        let Some(stamp) = live
            .map(|u| u.stamp)
            .filter(|stamp| stamp.version == version)
        else {
            return Ok(Removed::Stale);
        };
        let removed = Row::Removed(stamp.touched(at).in_next_epoch());
        state.users.insert(id.clone(), removed);
        state.names.retain(|_, owner| owner != id);
        state.events.extend_from_slice(events);
        Ok(Removed::Done)
    }
}
