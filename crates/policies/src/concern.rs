//! Which policies concern whom, looked up instead of tried.

use std::collections::HashMap;

use grantor_domain::access::{AccessPolicy, Link, Principal};
use grantor_domain::id::{ClientId, RoleId, UserId};

/// Policies by whom they concern. A policy is its place in the list the index was made of.
#[derive(Debug, Default)]
pub(crate) struct Concern {
    everyone: Vec<usize>,
    users: HashMap<UserId, Vec<usize>>,
    clients: HashMap<ClientId, Vec<usize>>,
    roles: HashMap<RoleId, Vec<usize>>,
    /// Policies with a role name and no link.
    named: HashMap<String, Vec<usize>>,
    /// Role names of policies that have links too.
    narrowed: HashMap<usize, String>,
}

impl Concern {
    /// Indexes a list of policies.
    pub(crate) fn of(policies: &[&AccessPolicy]) -> Self {
        let mut concern = Self::default();
        for (place, policy) in policies.iter().enumerate() {
            concern.add(place, policy);
        }
        concern
    }

    fn add(&mut self, place: usize, policy: &AccessPolicy) {
        let settings = &policy.settings;
        match (&settings.role_name, settings.links.is_empty()) {
            (None, true) => self.everyone.push(place),
            (Some(name), true) => self.named.entry(name.clone()).or_default().push(place),
            (Some(name), false) => {
                self.narrowed.insert(place, name.clone());
            }
            (None, false) => {}
        }
        for link in &settings.links {
            let places = match link {
                Link::User(user) => self.users.entry(user.clone()).or_default(),
                Link::Client(client) => self.clients.entry(client.clone()).or_default(),
                Link::Role(role) => self.roles.entry(role.clone()).or_default(),
            };
            places.push(place);
        }
    }

    /// The policies that concern a principal, in order. Only a user has roles.
    pub(crate) fn with(&self, principal: &Principal) -> Vec<usize> {
        let mut places = self.everyone.clone();
        let mut add = |more: Option<&Vec<usize>>| places.extend(more.into_iter().flatten());
        if let Some(client) = &principal.client {
            add(self.clients.get(&client.id));
        }
        if let Some(user) = &principal.user {
            add(self.users.get(&user.id));
            for role in &principal.roles {
                add(self.named.get(&role.name));
                add(role.id.as_ref().and_then(|id| self.roles.get(id)));
            }
        }
        places.sort_unstable();
        places.dedup();
        places.retain(|place| match self.narrowed.get(place) {
            Some(name) => has_role(principal, name),
            None => true,
        });
        places
    }
}

fn has_role(principal: &Principal, name: &str) -> bool {
    principal.user.is_some() && principal.roles.iter().any(|role| role.name == name)
}
