//! Clients, users, roles and access policies in memory.

use grantor_domain::Fault;
use grantor_domain::access::AccessPolicy;
use grantor_domain::clients::Client;
use grantor_domain::event::Event;
use grantor_domain::id::{ClientId, PolicyId, RoleId, UserId};
use grantor_domain::ports::{
    Applied, ChangeOf, Expect, Page, PolicyStore, Registry, Removed, ResourceChange,
    ResourceChanges, RoleStore, UserDirectory, Written,
};
use grantor_domain::resources::{
    Filter, HistoryQuery, IndexEntry, Resource, ResourceQuery, Revision, Test, folded,
};
use grantor_domain::revision::Version;
use grantor_domain::roles::Role;
use grantor_domain::time::Timestamp;
use grantor_domain::users::{LoginName, User};

use super::page::page_of;
use super::{Memory, State};

impl State {
    const fn next_sequence(&mut self) -> i64 {
        self.sequence += 1;
        self.sequence
    }

    fn apply(&mut self, change: &ResourceChange) -> Result<Written, Fault> {
        if let ResourceChange::User(ChangeOf::Put(user, expect)) = change {
            return self.put_user(user, *expect);
        }
        let sequence = self.next_sequence();
        Ok(match change {
            ResourceChange::Client(change) => self.clients.apply(change, sequence),
            ResourceChange::User(change) => {
                if let ChangeOf::Remove(id, ..) = change {
                    self.names.retain(|_, owner| owner != id);
                }
                self.users.apply(change, sequence)
            }
            ResourceChange::Role(change) => self.roles.apply(change, sequence),
            ResourceChange::Policy(change) => {
                let written = self.policies.apply(change, sequence);
                if matches!(written, Written::Done(_)) {
                    let next = self.policy_set.map_or(Version::FIRST, Version::next);
                    self.policy_set = Some(next);
                }
                written
            }
        })
    }

    fn put_user(&mut self, user: &User, expect: Expect) -> Result<Written, Fault> {
        if self.users.stamp(user, expect).is_none() {
            return Ok(Written::Stale);
        }
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
        let sequence = self.next_sequence();
        Ok(self.users.put(user, expect, sequence))
    }

    /// Everything a resource is found by, entries of other resources included.
    fn index_of<R: Resource>(&self, resource: &R) -> Vec<IndexEntry> {
        let found_by = |entry: &IndexEntry| match &entry.finds {
            None => false,
            Some((kind, id)) => *kind == R::KIND && *id == resource.id().to_string(),
        };
        let own = resource.index().into_iter();
        let of_roles = self.roles.all().flat_map(Resource::index);
        own.filter(|entry| entry.finds.is_none())
            .chain(of_roles.filter(found_by))
            .collect()
    }

    fn search<R: Resource>(&self, all: Vec<R>, query: &ResourceQuery) -> Page<R> {
        let mut matches: Vec<R> = all
            .into_iter()
            .filter(|resource| {
                let index = self.index_of(resource);
                let updated = resource.stamp().updated;
                let is_asked =
                    query.ids.is_empty() || query.ids.contains(&resource.id().to_string());
                is_asked
                    && query.filters.iter().all(|filter| holds(filter, &index))
                    && query.updated.iter().all(|(from, until)| {
                        from.is_none_or(|from| from <= updated)
                            && until.is_none_or(|until| updated < until)
                    })
            })
            .collect();
        let compare = |a: &_, b: &_| {
            let order = by_keys_and_id(a, b);
            if query.descending {
                order.reverse()
            } else {
                order
            }
        };
        let position = |resource: &R| query.sort.position(resource);
        matches.sort_by(|a, b| compare(&position(a), &position(b)));
        page_of(matches, &query.window, position, compare)
    }
}

fn by_keys_and_id(
    a: &grantor_domain::window::Position,
    b: &grantor_domain::window::Position,
) -> std::cmp::Ordering {
    (&a.keys, &a.id).cmp(&(&b.keys, &b.id))
}

fn holds(filter: &Filter, index: &[IndexEntry]) -> bool {
    let mut values = index
        .iter()
        .filter(|entry| entry.parameter == filter.parameter);
    match &filter.test {
        Test::Is(wanted) => values.any(|entry| wanted.contains(&entry.value)),
        Test::IsNot(unwanted) => !values.any(|entry| unwanted.contains(&entry.value)),
        Test::Begins(wanted) => values.any(|entry| {
            let mut wanted = wanted.iter();
            wanted.any(|wanted| entry.folded().starts_with(&folded(wanted)))
        }),
        Test::Contains(wanted) => values.any(|entry| {
            let mut wanted = wanted.iter();
            wanted.any(|wanted| entry.folded().contains(&folded(wanted)))
        }),
        Test::Missing(missing) => values.next().is_none() == *missing,
    }
}

macro_rules! registry {
    ($resource:ty, $id:ty, $shelf:ident, $change:path) => {
        impl Registry<$resource> for Memory {
            fn find(&self, id: &$id) -> Result<Option<$resource>, Fault> {
                Ok(self.state().$shelf.get(id).cloned())
            }

            fn put(
                &self,
                resource: &$resource,
                expect: Expect,
                events: &[Event],
            ) -> Result<Written, Fault> {
                let mut state = self.state();
                let change = ChangeOf::Put(Box::new(resource.clone()), expect);
                let written = state.apply(&$change(change))?;
                if matches!(written, Written::Done(_)) {
                    state.events.extend_from_slice(events);
                }
                Ok(written)
            }

            fn remove(
                &self,
                id: &$id,
                version: Version,
                at: Timestamp,
                events: &[Event],
            ) -> Result<Removed, Fault> {
                let mut state = self.state();
                let stands = state.$shelf.get(id).map(|r| Resource::stamp(r).version);
                if stands != Some(version) {
                    return Ok(Removed::Stale);
                }
                state.apply(&$change(ChangeOf::Remove(id.clone(), version, at)))?;
                state.events.extend_from_slice(events);
                Ok(Removed::Done)
            }

            fn search(&self, query: &ResourceQuery) -> Result<Page<$resource>, Fault> {
                let state = self.state();
                let all = state.$shelf.all().cloned().collect();
                Ok(state.search(all, query))
            }

            fn history(
                &self,
                query: &HistoryQuery<$id>,
            ) -> Result<Page<Revision<$resource>>, Fault> {
                Ok(self.state().$shelf.history(query))
            }
        }
    };
}

registry!(Client, ClientId, clients, ResourceChange::Client);
registry!(User, UserId, users, ResourceChange::User);
registry!(Role, RoleId, roles, ResourceChange::Role);
registry!(AccessPolicy, PolicyId, policies, ResourceChange::Policy);

impl UserDirectory for Memory {
    fn find_by_name(&self, name: &LoginName) -> Result<Option<User>, Fault> {
        let state = self.state();
        let id = state.names.get(name);
        Ok(id.and_then(|id| state.users.get(id)).cloned())
    }
}

impl RoleStore for Memory {
    fn of_user(&self, user: &UserId) -> Result<Vec<Role>, Fault> {
        let state = self.state();
        let of_user = state.roles.all().filter(|role| role.settings.user == *user);
        Ok(of_user.cloned().collect())
    }
}

impl PolicyStore for Memory {
    fn set_version(&self) -> Result<Option<Version>, Fault> {
        Ok(self.state().policy_set)
    }

    fn all(&self) -> Result<(Version, Vec<AccessPolicy>), Fault> {
        let state = self.state();
        let version = state.policy_set.unwrap_or(Version::FIRST);
        Ok((version, state.policies.all().cloned().collect()))
    }
}

impl ResourceChanges for Memory {
    fn apply(&self, changes: &[ResourceChange], events: &[Event]) -> Result<Applied, Fault> {
        let mut state = self.state();
        let before = state.clone();
        let mut stamps = Vec::with_capacity(changes.len());
        for (place, change) in changes.iter().enumerate() {
            let refused = match state.apply(change) {
                Ok(Written::Done(stamp)) => {
                    stamps.push((!is_removal(change)).then_some(stamp));
                    continue;
                }
                Ok(Written::NameTaken) => Ok(Applied::NameTaken(place)),
                Ok(Written::Stale | Written::ReadOnly) => Ok(Applied::Stale(place)),
                Err(fault) => Err(fault),
            };
            *state = before;
            return refused;
        }
        state.events.extend_from_slice(events);
        Ok(Applied::Done(stamps))
    }
}

const fn is_removal(change: &ResourceChange) -> bool {
    matches!(
        change,
        ResourceChange::Client(ChangeOf::Remove(..))
            | ResourceChange::User(ChangeOf::Remove(..))
            | ResourceChange::Role(ChangeOf::Remove(..))
            | ResourceChange::Policy(ChangeOf::Remove(..))
    )
}
